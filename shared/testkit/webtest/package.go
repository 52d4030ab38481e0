package webtest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smsconsent/shared/testkit/npm"
)

// Package returns the files of an npm package. They are downloaded once into the cache of this repository. integrity
// is what npm view NAME@VERSION dist.integrity prints.
func Package(t testing.TB, name, version, integrity string) fs.FS {
	t.Helper()
	cache, err := npm.Cache()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "npm", strings.ReplaceAll(name, "/", "+")+"-"+version)
	if _, err := os.Stat(dir); err == nil {
		return os.DirFS(dir)
	}
	err = npm.Release{Name: name, Version: version, Integrity: integrity}.Fetch(t.Context(), "package/", dir)
	switch {
	case errors.Is(err, npm.ErrMissing):
		lacking(t, err.Error())
	case err != nil:
		t.Fatal(err)
	}
	return os.DirFS(dir)
}

// Altcha returns the files of ALTCHA's own widget.
func Altcha(t testing.TB) fs.FS {
	t.Helper()
	return Package(
		t,
		"altcha",
		"3.2.2",
		"sha512-yNITQaRSkRe0u/hMxdzoXFFqxqn9iDt1rJ0reREU3D3uDD3w1oFz6v5C2PMww2XnGThtYUwe8MW+PxsiBglNqw==",
	)
}
