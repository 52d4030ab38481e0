// Command bare is a Lambda function that does nothing. It shows what every start costs at least.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.StartWithOptions(func(context.Context) error { return nil }, lambda.WithEnableSIGTERM())
}
