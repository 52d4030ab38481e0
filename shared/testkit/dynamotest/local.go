package dynamotest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/edge/dynamo"
	"smsconsent/shared/testkit/dynamodblocal"
	"smsconsent/shared/testkit/npm"
)

// Missing says what this machine lacks to run DynamoDB Local; empty where it lacks nothing.
func Missing() string {
	if _, err := exec.LookPath("java"); err != nil {
		return "Java is not installed; DynamoDB Local needs Java 17 or newer"
	}
	dir, err := Folder()
	if err != nil {
		return err.Error()
	}
	if _, err := os.Stat(filepath.Join(dir, dynamodblocal.Jar)); err != nil {
		return "DynamoDB Local is not in " + dir + "; make dynamodb-local fetches it, DYNAMODB_LOCAL names another folder"
	}
	return ""
}

// Folder is where DynamoDB Local is looked for: the environment's DYNAMODB_LOCAL, or where `make dynamodb-local` puts
// it.
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

// Required reports whether a machine without DynamoDB Local must fail rather than make do with the imitation: where
// CI=true.
func Required() bool { return os.Getenv("CI") == "true" }

// process is a DynamoDB Local that forgets everything when it stops.
type process struct {
	*dynamodblocal.Process
	client *dynamodb.Client
}

func start() (*process, error) {
	dir, err := Folder()
	if err != nil {
		return nil, err
	}
	p, err := dynamodblocal.Start(context.Background(), dir, "")
	if err != nil {
		return nil, err
	}
	return &process{p, dynamo.Client(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://" + p.Address),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})}, nil
}
