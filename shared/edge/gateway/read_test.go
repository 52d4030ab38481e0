package gateway_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/edge/gateway"
)

// A body is read by its content type and no other way, and up to its last byte.
func TestReadBody(t *testing.T) {
	for _, tc := range []struct {
		kind, body string
		status     int // of the refusal; 0 for none
		is         string
	}{
		{"application/json", "12345678", 0, gateway.JSONType},
		{"Application/JSON; charset=utf-8", "1", 0, gateway.JSONType},
		{"application/x-www-form-urlencoded", "", 0, gateway.FormType},
		{"application/x-www-form-urlencoded", "123456789", http.StatusRequestEntityTooLarge, gateway.FormType},
		{"text/plain", "1", http.StatusUnsupportedMediaType, ""},
		{"", "1", http.StatusUnsupportedMediaType, ""},
		{";", "1", http.StatusUnsupportedMediaType, ""},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(tc.body))
		r.Header.Set("Content-Type", tc.kind)
		body, kind, err := gateway.ReadBody(httptest.NewRecorder(), r, 8, gateway.JSONType, gateway.FormType)
		refused, ok := errors.AsType[*gateway.Refusal](err)
		switch {
		case ok != (tc.status != 0) || kind != tc.is:
			t.Errorf("%q: %q, %v", tc.kind, kind, err)
		case ok && (refused.Status != tc.status || refused.Message == ""):
			t.Errorf("%q: %d %s", tc.kind, refused.Status, refused.Message)
		case !ok && string(body) != tc.body:
			t.Errorf("%q: %q", tc.kind, body)
		}
	}
}

func TestCut(t *testing.T) {
	for text, want := range map[string]string{"": "", "abcd": "abcd", "abcde": "abcd", "abcé": "abc", "a\xffb": "ab"} {
		if got := gateway.Cut(text, 4); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A log holds neither the account's number nor what a session is named after, which may be a phone (I10).
func TestCallerName(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:sts::123456789012:assumed-role/shop/session-206-555-0142": "role/shop",
		"arn:aws:sts::123456789012:assumed-role/shop":                      "role/shop",
		"arn:aws:iam::123456789012:user/sales":                             "user/sales",
		"arn:aws:iam::123456789012:role/till":                              "role/till",
		"":                                                                 "",
	} {
		e := event("GET", "/")
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: arn},
		}
		out := serve(t, e, func(w http.ResponseWriter, r *http.Request) {
			if got := gateway.CallerName(r.Context()); got != want {
				t.Errorf("%s: %q, want %q", arn, got, want)
			}
			if caller, unsigned := gateway.Signed(r.Context()); unsigned != nil {
				unsigned.Write(w)
			} else if caller != arn {
				t.Errorf("signed by %q, want %q", caller, arn)
			}
		})
		if unsigned := out.StatusCode == http.StatusForbidden; unsigned != (arn == "") {
			t.Errorf("%s: %d", arn, out.StatusCode)
		}
	}
}

// The shape of a refusal is a contract: scripts read it.
func TestRefusal(t *testing.T) {
	w := httptest.NewRecorder()
	(&gateway.Refusal{Status: http.StatusTeapot, Field: "phone", Message: "a < b"}).Write(w)
	want := `{"error":{"field":"phone","message":"a \u003c b"}}`
	if got := strings.TrimSpace(w.Body.String()); w.Code != http.StatusTeapot || got != want {
		t.Errorf("%d %s, want %s", w.Code, got, want)
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
	} {
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s: %q", name, got)
		}
	}
}
