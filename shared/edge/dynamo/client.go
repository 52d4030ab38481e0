package dynamo

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// connections is how many connections are kept while nobody uses them: as many as a function has calls under way. The
// SDK keeps ten, and with more calls than that most of them begin with a handshake.
const connections = 32

// Client makes a client of DynamoDB. It has an HTTP client of its own unless the configuration names one.
func Client(cfg aws.Config) *dynamodb.Client {
	return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) {
		if cfg.HTTPClient == nil {
			o.HTTPClient = awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
				t.MaxIdleConnsPerHost = connections
			})
		}
	})
}
