package local

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/url"

	"smsconsent/shared/testkit/dynamodblocal"
)

// DynamoDBFolder is where make puts DynamoDB Local, relative to the repository.
const DynamoDBFolder = ".cache/dynamodb-local"

// DynamoDB is Amazon's DynamoDB Local with its tables in a folder.
type DynamoDB struct {
	http.Handler
	*dynamodblocal.Process
}

// StartDynamoDB starts the DynamoDB Local in the folder program on the data in folder, and returns when it answers.
// The caller must call Stop.
func StartDynamoDB(ctx context.Context, program, folder string) (*DynamoDB, error) {
	p, err := dynamodblocal.Start(ctx, program, folder)
	if err != nil {
		return nil, err
	}
	return &DynamoDB{httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: p.Address}), p}, nil
}
