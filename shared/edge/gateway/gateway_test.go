package gateway_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/edge/gateway"
)

func event(method, path string) events.APIGatewayV2HTTPRequest {
	return events.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: path, Headers: map[string]string{},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			Stage: "$default", DomainName: "api.example.com",
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, Path: path, SourceIP: "203.0.113.7"},
		},
	}
}

// serve hands the event to a handler that keeps what it saw.
func serve(t *testing.T, e events.APIGatewayV2HTTPRequest, answer http.HandlerFunc) events.APIGatewayV2HTTPResponse {
	t.Helper()
	out, err := gateway.Handle(context.Background(), answer, e)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRequestCarriesWhatAPIGatewaySaw(t *testing.T) {
	e := event("POST", "/opt-in")
	e.RawQueryString = "brand=example&topic=alerts&topic=orders"
	e.Headers = map[string]string{"content-type": "application/json", "x-forwarded-for": "198.51.100.1", "accept": "text/html, application/json"}
	e.Cookies = []string{"a=1", "b=2"}
	e.Body = `{"brand":"example"}`
	serve(t, e, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		got := []any{r.Method, r.URL.Path, r.URL.Query()["topic"], r.Host, r.Header.Get("Content-Type"), r.Header.Get("Accept"), len(r.Cookies()), string(body), r.ContentLength}
		want := []any{"POST", "/opt-in", []string{"alerts", "orders"}, "api.example.com", "application/json", "text/html, application/json", 2, e.Body, int64(len(e.Body))}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSourceIsNeverTakenFromAHeader(t *testing.T) {
	e := event("GET", "/")
	e.Headers = map[string]string{"x-forwarded-for": "198.51.100.1", "forwarded": "for=198.51.100.1", "x-real-ip": "198.51.100.1"}
	serve(t, e, func(_ http.ResponseWriter, r *http.Request) {
		if r.RemoteAddr != "203.0.113.7" {
			t.Errorf("RemoteAddr = %q", r.RemoteAddr)
		}
	})
}

func TestPath(t *testing.T) {
	for _, tc := range []struct{ name, raw, stage, want string }{
		{"as it is", "/records/+12065550142", "$default", "/records/+12065550142"},
		{"escaped", "/records/%2B12065550142", "$default", "/records/+12065550142"},
		{"stage in front", "/prod/opt-in", "prod", "/opt-in"},
		{"stage alone", "/prod", "prod", "/"},
		{"not an escape", "/100%", "$default", "/100%"},
		{"empty", "", "$default", "/"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := event("GET", tc.raw)
			e.RequestContext.Stage = tc.stage
			serve(t, e, func(_ http.ResponseWriter, r *http.Request) {
				if r.URL.Path != tc.want {
					t.Errorf("path = %q, want %q", r.URL.Path, tc.want)
				}
			})
		})
	}
}

func TestBase64Body(t *testing.T) {
	e := event("POST", "/")
	e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte("phone=%2B12065550142")), true
	serve(t, e, func(_ http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) != "phone=%2B12065550142" {
			t.Errorf("body = %q", body)
		}
	})
}

func TestBodyThatIsNotBase64ReachesNoHandler(t *testing.T) {
	e := event("POST", "/")
	e.Body, e.IsBase64Encoded = "%%%", true
	out := serve(t, e, func(http.ResponseWriter, *http.Request) { t.Error("handler was called") })
	if out.StatusCode != http.StatusBadRequest {
		t.Errorf("status = %d", out.StatusCode)
	}
}

func TestCaller(t *testing.T) {
	e := event("GET", "/")
	serve(t, e, func(_ http.ResponseWriter, r *http.Request) {
		if got := gateway.Caller(r.Context()); got != "" {
			t.Errorf("caller of an open route = %q", got)
		}
	})
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: "arn:aws:iam::123456789012:user/auditor"},
	}
	serve(t, e, func(_ http.ResponseWriter, r *http.Request) {
		if got := gateway.Caller(r.Context()); got != "arn:aws:iam::123456789012:user/auditor" {
			t.Errorf("caller = %q", got)
		}
	})
}

func TestResponse(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		want   events.APIGatewayV2HTTPResponse
	}{
		{"nothing written", func(http.ResponseWriter, *http.Request) {}, events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{}}},
		{"first status counts", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, "ok")
		}, events.APIGatewayV2HTTPResponse{StatusCode: 202, Headers: map[string]string{}, Body: "ok"}},
		{"cookies apart, values joined", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("Set-Cookie", "a=1")
			w.Header().Add("Set-Cookie", "b=2")
			w.Header().Add("Vary", "Accept")
			w.Header().Add("Vary", "Accept-Language")
		}, events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{"Vary": "Accept, Accept-Language"}, Cookies: []string{"a=1", "b=2"}}},
		{"bytes", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte{0xff, 0xfe}) }, events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{}, Body: "//4=", IsBase64Encoded: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, serve(t, event("GET", "/"), tc.answer)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHEADHasNoBody(t *testing.T) {
	out := serve(t, event("HEAD", "/"), func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "page") })
	if out.StatusCode != http.StatusOK || out.Body != "" {
		t.Errorf("%d %q", out.StatusCode, out.Body)
	}
}

// The event as AWS documents it ("Working with AWS Lambda proxy integrations for HTTP APIs", payload format 2.0).
func TestDocumentedEvent(t *testing.T) {
	const doc = `{"version":"2.0","routeKey":"$default","rawPath":"/opt-in","rawQueryString":"brand=example",
	"cookies":["cookie1","cookie2"],"headers":{"content-type":"application/x-www-form-urlencoded","user-agent":"agent"},
	"requestContext":{"accountId":"123456789012","apiId":"api-id","domainName":"id.execute-api.us-east-1.amazonaws.com","domainPrefix":"id",
	"http":{"method":"POST","path":"/opt-in","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"agent"},
	"requestId":"id","routeKey":"$default","stage":"$default","time":"12/Mar/2020:19:03:58 +0000","timeEpoch":1583348638390},
	"body":"cGhvbmU9MQ==","isBase64Encoded":true}`
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal([]byte(doc), &e); err != nil {
		t.Fatal(err)
	}
	serve(t, e, func(_ http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("phone") != "1" || r.FormValue("brand") != "example" || r.RemoteAddr != "192.0.2.1" || r.UserAgent() != "agent" {
			t.Errorf("request = %+v", r)
		}
	})
}
