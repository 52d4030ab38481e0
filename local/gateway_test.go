package local

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/local/lambda"
)

func TestGatewayRequest(t *testing.T) {
	var got events.APIGatewayV2HTTPRequest
	function := func(_ context.Context, p []byte) ([]byte, error) {
		got = events.APIGatewayV2HTTPRequest{}
		return []byte(`{"statusCode":204}`), json.Unmarshal(p, &got)
	}
	m := newMachine(t, lambda.Functions{"optin": function, "records": function})

	r := httptest.NewRequest("POST", "http://localhost:8080/opt-in?a=1&b=2&a=3", strings.NewReader("brand=example&phone=%2B12065550142"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", "a=1; b=2")
	r.Header.Set("X-Forwarded-For", "198.51.100.1")
	r.Header.Set("User-Agent", "test")
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	if w.Code != 204 {
		t.Fatalf("answered %d: %s", w.Code, w.Body)
	}
	if got.Version != "2.0" || got.RouteKey != "POST /opt-in" || got.RawPath != "/opt-in" || got.RawQueryString != "a=1&b=2&a=3" ||
		got.QueryStringParameters["a"] != "1,3" || got.Headers["content-type"] != "application/x-www-form-urlencoded" || got.Headers["host"] != "localhost:8080" ||
		len(got.Cookies) != 2 || got.Headers["cookie"] != "" || got.Headers["x-forwarded-for"] != "198.51.100.1, 192.0.2.1" {
		t.Errorf("event %+v", got)
	}
	if h := got.RequestContext.HTTP; h.Method != "POST" || h.Path != "/opt-in" || h.SourceIP != "192.0.2.1" || h.UserAgent != "test" {
		t.Errorf("request context %+v", h)
	}
	if got.RequestContext.Time != "23/Nov/2026:18:00:00 +0000" || got.RequestContext.TimeEpoch != begin.UnixMilli() {
		t.Errorf("the event was at %s, %d", got.RequestContext.Time, got.RequestContext.TimeEpoch)
	}
	body, err := base64.StdEncoding.DecodeString(got.Body)
	if err != nil || !got.IsBase64Encoded || string(body) != "brand=example&phone=%2B12065550142" {
		t.Errorf("a form must come in base64, as from API Gateway: %q (%v)", got.Body, got.IsBase64Encoded)
	}

	r = httptest.NewRequest("POST", "http://localhost:8080/opt-in", strings.NewReader(`{"brand":"example"}`))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	m.ServeHTTP(httptest.NewRecorder(), r)
	if got.IsBase64Encoded || got.Body != `{"brand":"example"}` {
		t.Errorf("JSON must come as it is: %q (%v)", got.Body, got.IsBase64Encoded)
	}

	for _, path := range []string{"/records/+12065550142?brand=example", "/records/%2B12065550142?brand=example"} {
		m.do(t, "GET", path, "", 204)
		if got.RouteKey != "GET /records/{phone}" || got.PathParameters["phone"] != person || got.QueryStringParameters["brand"] != "example" ||
			got.RequestContext.Authorizer == nil || got.RequestContext.Authorizer.IAM == nil || got.RequestContext.Authorizer.IAM.UserARN == "" {
			t.Errorf("%s: event %+v", path, got)
		}
	}
	wantError(t, m.do(t, "POST", "/opt-in", strings.Repeat("x", 64<<10+1), 413), "body")
}

func TestGatewayResponse(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		err          error
		status       int
		body         string
	}{
		{"plain", `{"statusCode":200,"headers":{"content-type":"text/html","content-length":"99"},"cookies":["a=1","b=2"],"body":"<p>hi"}`, nil, 200, "<p>hi"},
		{"base64", `{"statusCode":202,"body":"aGk=","isBase64Encoded":true}`, nil, 202, "hi"},
		{"bad base64", `{"statusCode":200,"body":"*","isBase64Encoded":true}`, nil, 500, `{"message":"Internal Server Error"}` + "\n"},
		{"no status", `{"hello":"you"}`, nil, 200, `{"hello":"you"}`},
		{"failure", ``, errors.New("boom"), 500, `{"message":"Internal Server Error"}` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newMachine(t, lambda.Functions{"optin": func(context.Context, []byte) ([]byte, error) { return []byte(c.answer), c.err }})
			w := httptest.NewRecorder()
			m.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/opt-in", nil))
			if w.Code != c.status || w.Body.String() != c.body {
				t.Errorf("answered %d %q, want %d %q", w.Code, w.Body, c.status, c.body)
			}
			if c.name == "plain" && (w.Header().Get("Content-Type") != "text/html" || len(w.Header()["Set-Cookie"]) != 2 || w.Header().Get("Content-Length") != "") {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
}

func TestAFunctionThatIsNotThere(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	m.do(t, "GET", "/opt-in", "", 500)
}
