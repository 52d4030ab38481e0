package npm

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// registry puts a program in the place of npm that leaves the tarball where it is told to.
func registry(t *testing.T, tarball []byte) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tarball"), tarball, 0o600); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\n[ \"$1 $2 $3\" = 'pack @scope/thing@1.2.3 --pack-destination' ] || exit 1\nexec cp '" + dir + "/tarball' \"$4/scope-thing-1.2.3.tgz\"\n"
	if err := os.WriteFile(filepath.Join(dir, "npm"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/bin:/usr/bin")
}

func integrity(tarball []byte) string {
	sum := sha512.Sum512(tarball)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

// pack makes a tarball of files, names and contents in turn.
func pack(t *testing.T, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for i := 0; i < len(files); i += 2 {
		err := w.WriteHeader(&tar.Header{Name: files[i], Mode: 0o644, Size: int64(len(files[i+1])), Typeflag: tar.TypeReg})
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFetchUnpacksWhatWasAskedFor(t *testing.T) {
	tarball := pack(t, "package/package.json", "{}", "package/dist/a.js", "a", "package/dist/deep/b.js", "b")
	registry(t, tarball)
	cache := filepath.Join(t.TempDir(), "cache")
	to := filepath.Join(cache, "thing")
	// Several at once, as the tests of several packages are.
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := (Release{Name: "@scope/thing", Version: "1.2.3", Integrity: integrity(tarball)}).Fetch(t.Context(), "package/dist/", to); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for name, want := range map[string]string{"a.js": "a", "deep/b.js": "b"} {
		if got, err := os.ReadFile(filepath.Join(to, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(to, "package.json")); err == nil {
		t.Error("what was not asked for is there")
	}
	if left, err := os.ReadDir(cache); err != nil || len(left) != 1 {
		t.Errorf("the cache holds %v (%v), want thing only", left, err)
	}
}

func TestFetchLeavesNothingOfWhatIsWrong(t *testing.T) {
	good, evil, none := pack(t, "package/a.js", "a"), pack(t, "package/../../evil.js", "evil"), []byte("hello")
	for name, c := range map[string]struct {
		tarball   []byte
		integrity string
		says      string
	}{
		"another tarball":  {pack(t, "package/a.js", "b"), integrity(good), "not what was published"},
		"no integrity":     {good, "", "integrity"},
		"weaker integrity": {good, "sha1-qvTGHdzF6KLavt4PO0gs2a6pQ00=", "integrity"},
		"a way out":        {evil, integrity(evil), "escapes"},
		"no tarball":       {none, integrity(none), "unpack"},
	} {
		t.Run(name, func(t *testing.T) {
			registry(t, c.tarball)
			cache := filepath.Join(t.TempDir(), "cache")
			err := Release{Name: "@scope/thing", Version: "1.2.3", Integrity: c.integrity}.Fetch(t.Context(), "package/", filepath.Join(cache, "thing"))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want it to say %q", err, c.says)
			}
			if errors.Is(err, ErrMissing) {
				t.Errorf("%v: what is wrong must not pass for what cannot be had", err)
			}
			if left, err := os.ReadDir(cache); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v (%v)", left, err)
			}
		})
	}
}

func TestFetchSaysThatNpmIsMissing(t *testing.T) {
	to := filepath.Join(t.TempDir(), "thing")
	registry(t, nil)
	if err := (Release{Name: "other", Version: "1.2.3"}).Fetch(t.Context(), "package/", to); !errors.Is(err, ErrMissing) {
		t.Errorf("a package that cannot be had: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := (Release{Name: "@scope/thing", Version: "1.2.3"}).Fetch(t.Context(), "package/", to); !errors.Is(err, ErrMissing) {
		t.Errorf("no npm: %v", err)
	}
}
