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

// Missing says what this machine lacks to run DynamoDB Local. It is empty where nothing is missing.
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

// Folder returns the folder of DynamoDB Local: DYNAMODB_LOCAL in the environment, or where `make dynamodb-local` puts
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

// Required reports whether tests must fail on a machine without DynamoDB Local. That is so with CI=true.
func Required() bool { return os.Getenv("CI") == "true" }

// process is a DynamoDB Local that keeps its data in memory.
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
