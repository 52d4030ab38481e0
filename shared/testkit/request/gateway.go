package request

import (
	"cmp"
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// Call is a call of the HTTP API, as API Gateway passes it to a function.
type Call struct {
	Method, Path, Query, Type, Body string

	Caller string // ARN of who signed it; empty for an unsigned call
	IP     string // the client's address; empty for one of TEST-NET-3 (RFC 5737)
}

// Event returns the call in payload format 2.0.
func (c Call) Event() events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: c.Method + " " + c.Path, RawPath: c.Path, RawQueryString: c.Query,
		Headers: map[string]string{}, Body: c.Body,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			Stage: "$default", DomainName: "api.example.com",
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: c.Method, Path: c.Path, Protocol: "HTTP/1.1", SourceIP: cmp.Or(c.IP, "203.0.113.7"),
			},
		},
	}
	if c.Type != "" {
		e.Headers["content-type"] = c.Type
	}
	if c.Caller != "" {
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: c.Caller},
		}
	}
	return e
}

// Through passes the call to a function, and returns the status code and the body of its answer.
func (c Call) Through(t testing.TB, invoke func(context.Context, []byte) ([]byte, error)) (status int, body string) {
	t.Helper()
	payload, err := json.Marshal(c.Event())
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
