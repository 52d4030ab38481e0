package optin_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/testkit/request"
	"smsconsent/shared/testkit/world"
)

// midday is a Tuesday's in Seattle, where the tests' phone is; no holiday.
var midday = time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)

var errLost = errors.New("the answer got lost")

// backend is one of the brand's that posts requests.
type backend struct {
	*fixture
	caller string
}

func newBackend(t *testing.T) *backend {
	t.Helper()
	w := &backend{newWorld(t), "arn:aws:sts::123456789012:assumed-role/shop/session-206-555-0142"}
	w.SetClock(midday)
	t.Cleanup(func() {
		for _, secret := range []string{"5550142", "555-0142", "123456789012"} {
			if strings.Contains(w.Logged.String(), secret) {
				t.Errorf("I10: the log holds %q: %s", secret, &w.Logged)
			}
		}
	})
	return w
}

// answered is an answer to a request.
type answered struct {
	code   int
	header map[string]string

	Status string            `json:"status"`
	Topics map[string]string `json:"topics"`
	Reason string            `json:"reason"`
	At     time.Time         `json:"at"`

	Attributes string `json:"attributes"`
	Error      *struct{ Field, Message string }
}

// posted is a body as API Gateway hands it over.
func (w *backend) posted(kind, body string) events.APIGatewayV2HTTPRequest {
	return request.Call{Method: http.MethodPost, Path: "/requests", Type: kind, Body: body, Caller: w.caller}.Event()
}

func (w *backend) send(t testing.TB, kind, body string) answered {
	t.Helper()
	out, err := w.handler.Handle(t.Context(), w.posted(kind, body))
	if err != nil {
		t.Fatal(err)
	}
	api.Exchange(t, "POST", "/requests", body, out.StatusCode, out.Body)
	a := answered{code: out.StatusCode, header: out.Headers}
	d := json.NewDecoder(strings.NewReader(out.Body))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		t.Fatalf("%d %s: %v", out.StatusCode, out.Body, err)
	}
	return a
}

// onPaper is a request that was made on paper six months ago.
func onPaper(changes map[string]any) map[string]any {
	r := map[string]any{
		"brand": "example", "topics": []string{"alerts"}, "phone": "(206) 555-0142", "state": "WA", "locale": "en-US",
		"evidence": map[string]string{
			"at": "2026-05-01T10:30:00-07:00", "source": "paper form, Main St shop", "disclosure": "Up to 2 msgs/month. Reply STOP to cancel.", "collected_by": "J. Doe",
		},
	}
	maps.Copy(r, changes)
	maps.DeleteFunc(r, func(_ string, v any) bool { return v == nil })
	return r
}

// justNow is a request that was made a minute ago.
func (w *backend) justNow(changes map[string]any) map[string]any {
	r := onPaper(map[string]any{"evidence": map[string]string{"at": w.Clock().Add(-time.Minute).Format(time.RFC3339), "source": "checkout", "disclosure": "We text you when it ships.", "collected_by": "web shop"}})
	maps.Copy(r, changes)
	return r
}

func (w *backend) post(t testing.TB, what map[string]any) answered {
	t.Helper()
	body, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	return w.send(t, "application/json", string(body))
}

func TestARequestOnPaperIsAskedAbout(t *testing.T) {
	w := newBackend(t)
	if a := w.post(t, onPaper(map[string]any{"channel": "import"})); a.code != http.StatusAccepted || a.Status != "asked" || a.Topics != nil || a.Error != nil {
		t.Fatalf("%+v", a)
	}
	r := w.Proof(seattle)
	if s := r.Contact.Subs["alerts"].State; s != consent.Pending || len(w.Carrier.Sent) != 1 || w.Carrier.Sent[0].To != seattle {
		t.Errorf("the topic is %s, texts: %+v", s, w.Carrier.Sent)
	}
	e := r.Events[0]
	if e.Type != consent.Requested || e.Source != consent.SourceImport || !e.At.Equal(midday) {
		t.Errorf("event: %+v", e)
	}
	want := map[string]string{
		"at": "2026-05-01T10:30:00-07:00", "source": "paper form, Main St shop", "disclosure": "Up to 2 msgs/month. Reply STOP to cancel.", "collected_by": "J. Doe",
		"state": "WA", "locale": "en-US", "topics": "alerts", "caller": w.caller,
	}
	if diff := cmp.Diff(want, e.Evidence); diff != "" {
		t.Error(diff)
	}
	if log := w.Logged.String(); !strings.Contains(log, "caller=role/shop") || !strings.Contains(log, "result=asked") {
		t.Errorf("the log does not say who called: %s", log)
	}
}

// Everybody is asked to confirm, and what is not known of how they asked is said.
func TestMissingEvidenceIsOnRecord(t *testing.T) {
	for _, tc := range []struct {
		evidence any
		missing  string
	}{
		{nil, "at, source, disclosure, collected_by"},
		{map[string]string{}, "at, source, disclosure, collected_by"},
		{map[string]string{"at": "2026-05-01", "page": "https://www.example.com/join"}, "source, disclosure, collected_by"},
		{map[string]string{"at": "2026-05-01", "source": "till", "disclosure": " ", "collected_by": "J. Doe"}, "disclosure"},
	} {
		w := newBackend(t)
		if a := w.post(t, onPaper(map[string]any{"evidence": tc.evidence})); a.Status != "asked" {
			t.Errorf("%v: %+v", tc.evidence, a)
			continue
		}
		if e := w.Proof(seattle).Events[0]; e.Evidence["missing"] != tc.missing || e.Source != consent.SourceAPI {
			t.Errorf("%v: %+v, want missing %q", tc.evidence, e, tc.missing)
		}
		if s := w.Proof(seattle).Contact.Subs["alerts"].State; s != consent.Pending || len(w.Carrier.Sent) != 1 {
			t.Errorf("%v: the topic is %s after %d texts", tc.evidence, s, len(w.Carrier.Sent))
		}
	}
}

// A request that is refused leaves nothing behind.
func TestRefusedRequests(t *testing.T) {
	said := func(field, value string) map[string]any {
		return map[string]any{"evidence": map[string]string{field: value}}
	}
	for _, tc := range []struct {
		name    string
		changes map[string]any
		code    int
		field   string
		says    string
	}{
		{"unknown field", map[string]any{"timezone": "America/Chicago"}, 400, "timezone", "zone, locale, channel, evidence"},
		{"field in capitals", map[string]any{"Phone": "+12065550142"}, 400, "Phone", "phone"},
		{"altcha", map[string]any{"altcha": "x"}, 400, "altcha", "is not known"},
		{"phone as number", map[string]any{"phone": 2065550142}, 400, "phone", "string"},
		{"topics as string", map[string]any{"topics": "alerts"}, 400, "topics", "list of strings"},
		{"evidence as string", map[string]any{"evidence": "paper"}, 400, "evidence", "object of strings"},
		{"evidence with a number", map[string]any{"evidence": map[string]any{"at": 2026}}, 400, "evidence", "object of strings"},
		{"no brand", map[string]any{"brand": nil}, 422, "brand", "brand"},
		{"unknown brand", map[string]any{"brand": "nobody"}, 422, "brand", "brand"},
		{"no topics", map[string]any{"topics": []string{}}, 422, "topics", "at least one"},
		{"unknown topic", map[string]any{"topics": []string{"alerts", "news"}}, 422, "topics", `"news"`},
		{"another brand's topic", map[string]any{"topics": []string{"specials"}}, 422, "topics", `"specials"`},
		{"no phone", map[string]any{"phone": nil}, 422, "phone", "empty"},
		{"not a phone", map[string]any{"phone": "206 555"}, 422, "phone", "digits"},
		{"a landline", map[string]any{"phone": "+49 30 123456"}, 422, "phone", "landline"},
		{"a country nobody lists", map[string]any{"phone": "+250 788 123 456", "state": nil}, 422, "phone", "programs.yaml"},
		{"a country the brand does not serve", map[string]any{"brand": "examplecafe", "topics": []string{"specials"}, "phone": "+44 7400 123456", "state": nil}, 422, "phone", "Example Cafe"},
		{"unknown state", map[string]any{"state": "ZZ"}, 422, "state", ""},
		{"not a ZIP code", map[string]any{"zip": "98101!"}, 422, "zip", "98101"},
		{"unknown ZIP code", map[string]any{"zip": "00000"}, 422, "zip", ""},
		{"unknown zone", map[string]any{"zone": "Mars/Olympus"}, 422, "zone", ""},
		{"not a language", map[string]any{"locale": "en_US"}, 422, "locale", "en-US"},
		{"unknown channel", map[string]any{"channel": "form"}, 422, "channel", "api or import"},
		{"unknown evidence", said("colour", "blue"), 422, "evidence.colour", "at, source, page"},
		{"evidence of the future", said("at", "2026-11-24T20:05:01Z"), 422, "evidence.at", "future"},
		{"evidence of long ago", said("at", "2016-01-01"), 422, "evidence.at", "10 years"},
		{"evidence without offset", said("at", "2026-05-01 10:30"), 422, "evidence.at", "2026-05-01T14:30:00Z"},
		{"evidence that is too long", said("source", strings.Repeat("x", 300)), 422, "evidence.source", "256"},
		{"evidence that only we write", said("caller", "me"), 422, "evidence.caller", "is not known"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newBackend(t)
			a := w.post(t, onPaper(tc.changes))
			if a.code != tc.code || a.Error == nil || a.Error.Field != tc.field || !strings.Contains(a.Error.Message, tc.says) || a.Error.Message == "" {
				t.Errorf("%d %+v, want %d %s … %s", a.code, a.Error, tc.code, tc.field, tc.says)
			}
			w.untouched(t)
			if n := strings.Count(w.Logged.String(), "\n"); n != 1 || !strings.Contains(w.Logged.String(), "result=refused") {
				t.Errorf("log: %s", &w.Logged)
			}
		})
	}
}

func TestBodiesThatAreNoRequests(t *testing.T) {
	good, err := json.Marshal(onPaper(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, kind, body string
		code             int
	}{
		{"a form", "application/x-www-form-urlencoded", "phone=%2B12065550142", 415},
		{"no type", "", string(good), 415},
		{"not JSON", "application/json", "phone: +12065550142", 400},
		{"two values", "application/json", string(good) + string(good), 400},
		{"a list", "application/json", "[" + string(good) + "]", 400},
		{"null", "application/json", "null", 400},
		{"nothing", "application/json", "", 400},
		{"too much", "application/json", `{"brand":"` + strings.Repeat("x", 16<<10) + `"}`, 413},
	} {
		w := newBackend(t)
		if a := w.send(t, tc.kind, tc.body); a.code != tc.code || a.Error == nil || a.Error.Message == "" {
			t.Errorf("%s: %d %+v", tc.name, a.code, a.Error)
		}
		w.untouched(t)
	}
}

// Should the route ever lose its authoriser, the function still lets nobody in.
func TestWithoutIAMNothingIsTaken(t *testing.T) {
	w := newBackend(t)
	w.caller = ""
	if a := w.post(t, onPaper(nil)); a.code != http.StatusForbidden || a.Error == nil {
		t.Errorf("%+v", a)
	}
	w.untouched(t)
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/requests", nil))
	if answer.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET answers %d", answer.Code)
	}
}

// What a backend knows of the person is kept once the request is taken, and not before. Whatever becomes of it, the
// consent's own write stands, and the answer says so.
func TestAttributesComeWithARequest(t *testing.T) {
	ana := map[string]any{"attributes": map[string]string{"first_name": "Ana"}}
	for _, tc := range []struct {
		name   string
		change map[string]any
		before func(w *backend)
		status string
		says   string // empty where they are kept
	}{
		{"taken", nil, func(*backend) {}, "asked", ""},
		{"unfit", map[string]any{"attributes": map[string]string{"first_name": "evil.com", "city": "Paris"}}, func(*backend) {}, "asked", "attributes.first_name: looks like a link"},
		{"the table fails", nil, func(w *backend) { w.Table.Fault = world.Failing("SetAttributes", 1, errLost) }, "asked", "post them to /attributes"},
		{"night", nil, func(w *backend) { w.SetClock(midday.Add(12 * time.Hour)) }, "later", "not subscribed"},
		{"stopped", nil, func(w *backend) { w.Subscribe(seattle, midday, "alerts"); w.Says(seattle, "alerts", keyword.OptOut) }, "stopped", "not subscribed"},
		{"subscribed", nil, func(w *backend) { w.Subscribe(seattle, midday, "alerts") }, "subscribed", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newBackend(t)
			tc.before(w)
			request := onPaper(ana)
			maps.Copy(request, tc.change)
			a := w.post(t, request)
			if a.Status != tc.status || !strings.Contains(a.Attributes, tc.says) || (tc.says == "") != (a.Attributes == "") {
				t.Errorf("answered %+v", a)
			}
			r := w.Record(seattle)
			if kept := r.Attributes["first_name"] == "Ana"; kept != (tc.says == "") || len(r.Attributes) > 1 {
				t.Errorf("kept is %v", r.Attributes)
			}
			if asked := r.Contact.Subs["alerts"].State == consent.Pending; asked != (tc.status == "asked") {
				t.Errorf("the topic is %s", r.Contact.Subs["alerts"].State)
			}
		})
	}
}
