package dynamotest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/npm"
)

// Jar is the program itself, within the folder it was unpacked to.
const Jar = "DynamoDBLocal.jar"

// Missing says what this machine lacks to run DynamoDB Local; empty where it lacks nothing.
func Missing() string {
	if _, err := exec.LookPath("java"); err != nil {
		return "Java is not installed; DynamoDB Local needs Java 17 or newer"
	}
	dir, err := Folder()
	if err != nil {
		return err.Error()
	}
	if _, err := os.Stat(filepath.Join(dir, Jar)); err != nil {
		return "DynamoDB Local is not in " + dir + "; make dynamodb-local fetches it, DYNAMODB_LOCAL names another folder"
	}
	return ""
}

// Folder is where DynamoDB Local is looked for: the environment's DYNAMODB_LOCAL, or where `make dynamodb-local` puts it.
func Folder() (string, error) {
	if dir := os.Getenv("DYNAMODB_LOCAL"); dir != "" {
		return dir, nil
	}
	cache, err := npm.Cache()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "dynamodb-local"), nil
}

// Required reports whether a machine without DynamoDB Local must fail rather than make do with minidyn: where CI=true.
func Required() bool { return os.Getenv("CI") == "true" }

// process is a running DynamoDB Local that forgets everything when it stops.
type process struct {
	client *dynamodb.Client
	leash  io.Closer
	cmd    *exec.Cmd
}

// start runs DynamoDB Local on a free port and waits until it answers. A shell holds it on a leash: it ends when the leash is let go,
// also where this process is killed before it can stop what it started.
func start() (*process, error) {
	dir, err := Folder()
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("sh", "-c", `java "$@" </dev/null & pid=$!; cat >/dev/null; kill $pid; wait $pid`, "sh",
		"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-Djava.library.path="+filepath.Join(dir, "DynamoDBLocal_lib"),
		"-jar", filepath.Join(dir, Jar), "-inMemory", "-sharedDb", "-disableTelemetry", "-port", strconv.Itoa(port))
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	p := &process{leash: leash, cmd: cmd, client: dynamodb.New(dynamodb.Options{
		Region: "local", BaseEndpoint: aws.String("http://127.0.0.1:" + strconv.Itoa(port)),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})}
	if err := p.ready(); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

func (p *process) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		_, err := p.client.ListTables(ctx, &dynamodb.ListTablesInput{}, func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 })
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("DynamoDB Local did not answer within a minute: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (p *process) stop() error {
	err := p.leash.Close()
	// java reports the signal that ended it as a failure.
	if waited := p.cmd.Wait(); waited != nil {
		if _, ended := errors.AsType[*exec.ExitError](waited); !ended {
			err = errors.Join(err, waited)
		}
	}
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}
