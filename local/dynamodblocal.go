package local

import (
	"context"
	"errors"
	"fmt"
	"io"
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

	leash  io.Closer
	exited chan struct{}
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
	// A shell holds it on a leash: it ends when its input does, so it never outlives this process, not even a killed one. It
	// must not be killed itself, for then SQLite takes back what was answered long ago. And it is not bound to ctx: Ctrl-C
	// ends the functions first and their table last.
	cmd := exec.Command("sh", "-c", `exec 3<&0; java "$@" </dev/null 3<&- & pid=$!; { cat <&3 >/dev/null; kill $pid; } 2>/dev/null & wait $pid`, "sh",
		"-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-sharedDb", "-disableTelemetry", "-port", port, "-dbPath", path)
	cmd.Dir = filepath.Dir(jar)
	cmd.SysProcAttr = ownGroup()
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	d := &DynamoDB{leash: leash, exited: make(chan struct{})}
	go func() {
		defer close(d.exited)
		_ = cmd.Wait() // it ends by a signal, so its status says nothing
	}()
	d.Handler = httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address})
	if err := d.ready(ctx, "http://"+address); err != nil {
		return nil, errors.Join(err, d.Stop())
	}
	return d, nil
}

// Stop ends the process and returns when its data is on disk.
func (d *DynamoDB) Stop() error {
	if err := d.leash.Close(); err != nil {
		return fmt.Errorf("stop DynamoDB Local: %w", err)
	}
	select {
	case <-d.exited:
		return nil
	case <-time.After(20 * time.Second):
		return errors.New("stop DynamoDB Local: it did not end within 20 seconds")
	}
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
