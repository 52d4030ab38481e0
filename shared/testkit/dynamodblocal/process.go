// Package dynamodblocal runs Amazon's DynamoDB Local in its own process, which only this machine can reach.
package dynamodblocal

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Jar is the name of the program's file in its folder.
const Jar = "DynamoDBLocal.jar"

// timeout is how long the process may take to start or to end. It is long, for busy machines.
const timeout = 3 * time.Minute

// launcher is Loopback.java, compiled, because a machine with Java need not have a compiler.
//
//go:embed Loopback.class
var launcher []byte

// leash is the shell script that runs Java. It ends Java when its standard input closes, so Java never outlives this
// process, even when that is killed. The script itself must not be killed: SQLite would then lose writes that were
// answered long ago.
const leash = `exec 3<&0; java "$@" </dev/null 3<&- & pid=$!; { cat <&3; kill $pid; } >/dev/null 2>&1 & wait $pid`

// Process is a running DynamoDB Local.
type Process struct {
	Address string // host and port

	leash  io.Closer
	exited chan struct{}
}

// Start starts the DynamoDB Local in the folder program, and returns when it answers. It keeps its tables in folder,
// or in memory where that is empty. ctx limits only the start: after Ctrl-C, whoever uses the table should end first.
// The caller must call Stop.
func Start(ctx context.Context, program, folder string) (*Process, error) {
	home, err := find(program)
	if err != nil {
		return nil, err
	}
	class, err := os.MkdirTemp("", "dynamodblocal-")
	if err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	defer os.RemoveAll(class) // Java reads it only once
	if err := os.WriteFile(filepath.Join(class, "Loopback.class"), launcher, 0o600); err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	// Tests and demonstrations end before the optimizing compiler would pay off.
	args := []string{
		"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m",
		"-Djava.library.path=" + filepath.Join(home, "DynamoDBLocal_lib"),
		"-cp", filepath.Join(home, Jar) + string(os.PathListSeparator) + class, "Loopback", "-sharedDb", "-disableTelemetry",
	}
	if folder == "" {
		args = append(args, "-inMemory")
	} else {
		data, err := makeFolder(folder)
		if err != nil {
			return nil, err
		}
		args = append(args, "-dbPath", data)
	}
	return run(ctx, args)
}

func run(ctx context.Context, args []string) (*Process, error) {
	cmd := exec.Command("sh", append([]string{"-c", leash, "sh"}, args...)...)
	cmd.SysProcAttr = ownGroup()
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	p := &Process{leash: in, exited: make(chan struct{})}
	port := make(chan string, 1)
	go func() {
		defer close(p.exited)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if n, ok := strings.CutPrefix(lines.Text(), "listening on port "); ok {
				port <- n
			}
		}
		_ = cmd.Wait() // a signal ends it, so its status says nothing
	}()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	select {
	case n := <-port:
		p.Address = "127.0.0.1:" + n
		return p, nil
	case <-p.exited:
		return nil, errors.New("DynamoDB Local ended at once; it needs Java 17, and a folder no other process uses")
	case <-ctx.Done():
		return nil, errors.Join(fmt.Errorf("DynamoDB Local does not answer: %w", ctx.Err()), p.Stop())
	}
}

// Stop ends the process, and returns when its data is on disk.
func (p *Process) Stop() error {
	if err := p.leash.Close(); err != nil {
		return fmt.Errorf("stop DynamoDB Local: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	select {
	case <-p.exited:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop DynamoDB Local: it did not end within %s", timeout)
	}
}

// find returns the folder with the program, at or below a folder.
func find(folder string) (string, error) {
	var home string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == Jar {
			home = filepath.Dir(path)
			return fs.SkipAll
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("look for DynamoDB Local: %w", err)
	}
	if home == "" {
		const hint = "make dynamodb-local fetches it (run this from the repository's folder)"
		return "", fmt.Errorf("DynamoDB Local is not in %s; %s", folder, hint)
	}
	if home, err = filepath.Abs(home); err != nil {
		return "", fmt.Errorf("look for DynamoDB Local: %w", err)
	}
	return home, nil
}

func makeFolder(folder string) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make the folder for the table: %w", err)
	}
	path, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("find the folder for the table: %w", err)
	}
	return path, nil
}
