package local

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/url"

	"smsconsent/shared/testkit/dynamodblocal"
)

// DynamoDBFolder is where make keeps DynamoDB Local, below the repository.
const DynamoDBFolder = ".cache/dynamodb-local"

// DynamoDB is Amazon's DynamoDB Local, keeping its tables in a folder.
type DynamoDB struct {
	http.Handler
	*dynamodblocal.Process
}

// StartDynamoDB starts the DynamoDB Local found below program on the data in folder and returns when it answers. Call
// Stop when done with it.
func StartDynamoDB(ctx context.Context, program, folder string) (*DynamoDB, error) {
	p, err := dynamodblocal.Start(ctx, program, folder)
	if err != nil {
		return nil, err
	}
	return &DynamoDB{httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: p.Address}), p}, nil
}
