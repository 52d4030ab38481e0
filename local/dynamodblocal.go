package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// DynamoDBFolder is where make keeps DynamoDB Local, below the repository.
const DynamoDBFolder = ".cache/dynamodb-local"

// DynamoDB is Amazon's DynamoDB Local in a process of its own, keeping its tables in a folder.
type DynamoDB struct {
	http.Handler

	process *exec.Cmd
	exited  chan struct{}
}

// StartDynamoDB starts the DynamoDB Local found below program on the data in folder and returns when it answers. Call
// Stop when done with it.
func StartDynamoDB(ctx context.Context, program, folder string) (*DynamoDB, error) {
	jar, err := findJar(program)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for the table: %w", err)
	}
	path, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("find the folder for the table: %w", err)
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("find a port for DynamoDB Local: %w", err)
	}
	d := &DynamoDB{
		// It is not bound to ctx: Ctrl-C ends the functions first and their table last.
		process: exec.Command("java", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar",
			"-sharedDb", "-disableTelemetry", "-port", port, "-dbPath", path),
		exited: make(chan struct{}),
	}
	d.process.Dir = filepath.Dir(jar)
	d.process.SysProcAttr = ownGroup()
	if err := d.process.Start(); err != nil {
		return nil, fmt.Errorf("start DynamoDB Local (it needs Java 17): %w", err)
	}
	go func() {
		defer close(d.exited)
		_ = d.process.Wait() // Stop kills it, so its status says nothing
	}()
	d.Handler = httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address})
	if err := d.ready(ctx, "http://"+address); err != nil {
		return nil, errors.Join(err, d.Stop())
	}
	return d, nil
}

// Stop ends the process. What was answered before is on disk: DynamoDB Local writes through to SQLite.
func (d *DynamoDB) Stop() error {
	if err := d.process.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop DynamoDB Local: %w", err)
	}
	<-d.exited
	return nil
}

// ready waits until the process answers; Java takes a second or two.
func (d *DynamoDB) ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return fmt.Errorf("ask DynamoDB Local: %w", err)
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			return resp.Body.Close()
		}
		select {
		case <-again.C:
		case <-d.exited:
			return errors.New("DynamoDB Local ended at once; it needs Java 17, and a folder no other process uses")
		case <-ctx.Done():
			return fmt.Errorf("DynamoDB Local does not answer: %w", ctx.Err())
		}
	}
}

func findJar(folder string) (string, error) {
	var jar string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "DynamoDBLocal.jar" {
			jar = path
			return fs.SkipAll
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("look for DynamoDB Local: %w", err)
	}
	if jar == "" {
		return "", fmt.Errorf("DynamoDB Local is not in %s; make dynamodb-local fetches it (run this from the repository's folder)", folder)
	}
	return jar, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port for DynamoDB Local: %w", err)
	}
	return l.Addr().String(), l.Close()
}
