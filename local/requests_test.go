package local

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/local/lambda"
)

// Signed routes come with an IAM caller, as API Gateway hands them over; open ones without.
func TestWhoCallsASignedRoute(t *testing.T) {
	var got events.APIGatewayV2HTTPRequest
	function := func(_ context.Context, p []byte) ([]byte, error) {
		got = events.APIGatewayV2HTTPRequest{}
		return []byte(`{"statusCode":204}`), json.Unmarshal(p, &got)
	}
	m := newMachine(t, lambda.Functions{"optin": function, "records": function})
	for route, signed := range map[string]bool{"POST /opt-in": false, "GET /opt-in": false, "POST /requests": true, "GET /records/+12065550142": true} {
		method, path, _ := strings.Cut(route, " ")
		m.do(t, method, path, "{}", http.StatusNoContent)
		a := got.RequestContext.Authorizer
		if has := a != nil && a.IAM != nil && a.IAM.UserARN != ""; has != signed || got.RawPath != path {
			t.Errorf("%s comes with the caller %+v", route, a)
		}
	}
}

// Other pages in the browser of whoever runs the stack must not sign people up through a route without CAPTCHA.
func TestAnotherPageCannotPostRequests(t *testing.T) {
	called := &calls{}
	m := newMachine(t, lambda.Functions{"optin": called.function})
	r := httptest.NewRequest(http.MethodPost, "http://localhost:8080/requests", strings.NewReader("{}"))
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden || called.count() != 0 {
		t.Errorf("answered %d after %d calls", w.Code, called.count())
	}
}
