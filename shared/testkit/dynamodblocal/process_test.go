package dynamodblocal_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"smsconsent/shared/testkit/dynamodblocal"
)

// What runs is what Loopback.java says. Compilers of other versions write other bytes.
func TestTheLauncherIsItsSource(t *testing.T) {
	version, err := exec.CommandContext(t.Context(), "javac", "-version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(version), "javac 17.") {
		t.Skipf("no compiler of Java 17 is installed: %s", version)
	}
	folder := t.TempDir()
	javac := exec.CommandContext(t.Context(), "javac", "--release", "17", "-g:none", "-d", folder, "Loopback.java")
	out, err := javac.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	made, err := os.ReadFile(filepath.Join(folder, "Loopback.class"))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("Loopback.class")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made, kept) {
		t.Error("Loopback.class is not what Loopback.java compiles to; its comment says how to compile it")
	}
}

func TestAProgramThatIsNotThere(t *testing.T) {
	_, err := dynamodblocal.Start(t.Context(), t.TempDir(), "")
	if err == nil || !strings.Contains(err.Error(), "make dynamodb-local") {
		t.Errorf("a missing program says %v, want how to get it", err)
	}
}

// A process that can't start says so at once, rather than after all of its patience.
func TestAProgramThatDoesNotStart(t *testing.T) {
	if _, err := exec.LookPath("java"); err != nil {
		t.Skip("Java is not installed")
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, dynamodblocal.Jar), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := dynamodblocal.Start(t.Context(), folder, "")
	if err == nil || !strings.Contains(err.Error(), "ended at once") {
		t.Errorf("a damaged program says %v", err)
	}
}
