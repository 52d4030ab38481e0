package request

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// Call is a call of the HTTP API, as API Gateway hands it to a function.
type Call struct {
	Method, Path, Query, Type, Body string

	Caller string // the ARN of who signed it; empty for nobody
}

// Through hands the call to a function, and returns the status and the body of its answer.
func (c Call) Through(t testing.TB, invoke func(context.Context, []byte) ([]byte, error)) (status int, body string) {
	t.Helper()
	e := events.APIGatewayV2HTTPRequest{
		RawPath: c.Path, RawQueryString: c.Query, Headers: map[string]string{"content-type": c.Type}, Body: c.Body,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			Stage: "$default", HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: c.Method},
		},
	}
	if c.Caller != "" {
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: c.Caller},
		}
	}
	payload, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := invoke(t.Context(), payload)
	var out events.APIGatewayV2HTTPResponse
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.StatusCode, out.Body
}
