package optin_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent"
	"smsconsent/functions/optin"
	"smsconsent/shared/carrier"
	"smsconsent/shared/consent"
	"smsconsent/shared/gate"
	"smsconsent/shared/outbox"
	"smsconsent/shared/phone"
	"smsconsent/shared/program"
	"smsconsent/shared/table"
	"smsconsent/shared/table/dynamotest"
	"smsconsent/shared/telemetry"
)

// midday is a Tuesday's in Seattle, where the tests' phone is; no holiday.
var midday = time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)

var errLost = errors.New("the answer got lost")

// backend is one of the brand's that posts requests: the function over a real table, with the real gate and outbox between.
type backend struct {
	*optin.Handler
	outbox *outbox.Outbox
	table  *table.Table
	ledger consent.Ledger
	now    time.Time
	caller string
	texts  []carrier.Text
	fault  error // of the carrier
	log    strings.Builder
}

func newBackend(t *testing.T) *backend {
	t.Helper()
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(catalog)
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := consent.NewLedger([]byte("a key of at least thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	var stores dynamotest.Stores
	s := stores.Minidyn(t)
	b := &backend{table: table.New(s.Client, s.Table, ledger), ledger: ledger, now: midday, caller: "arn:aws:sts::123456789012:assumed-role/shop/session-206-555-0142"}
	log, clock := telemetry.NewLogger(&b.log), func() time.Time { return b.now }
	b.outbox = &outbox.Outbox{Catalog: catalog, Gate: g, Store: b.table, Carrier: b, Now: clock, Log: slog.New(slog.DiscardHandler)}
	b.Handler = optin.New(optin.Handler{Catalog: catalog, Gate: g, Outbox: b.outbox, Now: clock, Log: log})
	t.Cleanup(func() {
		for _, secret := range []string{"5550142", "555-0142", "123456789012"} {
			if strings.Contains(b.log.String(), secret) {
				t.Errorf("I10: the log holds %q: %s", secret, &b.log)
			}
		}
	})
	return b
}

func (b *backend) Send(_ context.Context, t carrier.Text) (string, error) {
	b.texts = append(b.texts, t)
	return "aws-1", b.fault
}

func (*backend) OptOut(context.Context, string, phone.Number) error { return nil }
func (*backend) OptIn(context.Context, string, phone.Number) error  { return nil }

// answered is an answer to a request.
type answered struct {
	code   int
	header map[string]string

	Status string            `json:"status"`
	Topics map[string]string `json:"topics"`
	Reason string            `json:"reason"`
	At     time.Time         `json:"at"`
	Error  *struct{ Field, Message string }
}

// send posts a body as API Gateway hands it over.
func (b *backend) send(t testing.TB, kind, body string) answered {
	t.Helper()
	e := events.APIGatewayV2HTTPRequest{
		RawPath: "/requests", Headers: map[string]string{"content-type": kind}, Body: body,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			Stage: "$default", DomainName: "api.example.com", HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: http.MethodPost, SourceIP: "203.0.113.7"},
		},
	}
	if b.caller != "" {
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: b.caller},
		}
	}
	out, err := b.Handle(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
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
func (b *backend) justNow(changes map[string]any) map[string]any {
	r := onPaper(map[string]any{"evidence": map[string]string{"at": b.now.Add(-time.Minute).Format(time.RFC3339), "source": "checkout", "disclosure": "…", "collected_by": "web shop"}})
	maps.Copy(r, changes)
	return r
}

func (b *backend) post(t testing.TB, request map[string]any) answered {
	t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	return b.send(t, "application/json", string(body))
}

func (b *backend) record(t testing.TB) consent.Record {
	t.Helper()
	r, err := b.table.Person(t.Context(), consent.Key{Brand: "example", Phone: seattle})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.ledger.Verify(r); err != nil {
		t.Errorf("I4: %v", err)
	}
	return r
}

// decide changes the contact as something else would.
func (b *backend) decide(t testing.TB, f func(consent.Contact) consent.Change) {
	t.Helper()
	if _, err := b.outbox.Change(t.Context(), consent.Key{Brand: "example", Phone: seattle}, f); err != nil {
		t.Fatal(err)
	}
}

// untouched fails where anything was written of the person or sent.
func (b *backend) untouched(t testing.TB, name string) {
	t.Helper()
	if r := b.record(t); r.Contact.Version != 0 || len(r.Events) != 0 || len(r.Messages) != 0 || len(b.texts) != 0 {
		t.Errorf("%s: %d events, %d texts", name, len(r.Events), len(b.texts))
	}
}

func TestARequestOnPaperIsAskedAbout(t *testing.T) {
	b := newBackend(t)
	if a := b.post(t, onPaper(map[string]any{"channel": "import"})); a.code != http.StatusAccepted || a.Status != "asked" || a.Topics != nil || a.Error != nil {
		t.Fatalf("%+v", a)
	}
	r := b.record(t)
	if s := r.Contact.Subs["alerts"].State; s != consent.Pending || len(b.texts) != 1 || b.texts[0].To != seattle {
		t.Errorf("the topic is %s, texts: %+v", s, b.texts)
	}
	e := r.Events[0]
	if e.Type != consent.Requested || e.Source != consent.SourceImport || !e.At.Equal(midday) {
		t.Errorf("event: %+v", e)
	}
	want := map[string]string{
		"at": "2026-05-01T10:30:00-07:00", "source": "paper form, Main St shop", "disclosure": "Up to 2 msgs/month. Reply STOP to cancel.", "collected_by": "J. Doe",
		"state": "WA", "locale": "en-US", "topics": "alerts", "caller": b.caller,
	}
	if diff := cmp.Diff(want, e.Evidence); diff != "" {
		t.Error(diff)
	}
	if log := b.log.String(); !strings.Contains(log, `"caller":"role/shop"`) || !strings.Contains(log, `"result":"asked"`) {
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
		b := newBackend(t)
		if a := b.post(t, onPaper(map[string]any{"evidence": tc.evidence})); a.Status != "asked" {
			t.Errorf("%v: %+v", tc.evidence, a)
			continue
		}
		if e := b.record(t).Events[0]; e.Evidence["missing"] != tc.missing || e.Source != consent.SourceAPI {
			t.Errorf("%v: %+v, want missing %q", tc.evidence, e, tc.missing)
		}
		if s := b.record(t).Contact.Subs["alerts"].State; s != consent.Pending || len(b.texts) != 1 {
			t.Errorf("%v: the topic is %s after %d texts", tc.evidence, s, len(b.texts))
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
			b := newBackend(t)
			a := b.post(t, onPaper(tc.changes))
			if a.code != tc.code || a.Error == nil || a.Error.Field != tc.field || !strings.Contains(a.Error.Message, tc.says) || a.Error.Message == "" {
				t.Errorf("%d %+v, want %d %s … %s", a.code, a.Error, tc.code, tc.field, tc.says)
			}
			b.untouched(t, tc.name)
			if n := strings.Count(b.log.String(), "\n"); n != 1 || !strings.Contains(b.log.String(), `"result":"refused"`) {
				t.Errorf("log: %s", &b.log)
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
		b := newBackend(t)
		if a := b.send(t, tc.kind, tc.body); a.code != tc.code || a.Error == nil || a.Error.Message == "" {
			t.Errorf("%s: %d %+v", tc.name, a.code, a.Error)
		}
		b.untouched(t, tc.name)
	}
}

// Should the route ever lose its authoriser, the function still lets nobody in.
func TestWithoutIAMNothingIsTaken(t *testing.T) {
	b := newBackend(t)
	b.caller = ""
	if a := b.post(t, onPaper(nil)); a.code != http.StatusForbidden || a.Error == nil {
		t.Errorf("%+v", a)
	}
	b.untouched(t, "unsigned")
	w := httptest.NewRecorder()
	b.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/requests", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET answers %d", w.Code)
	}
}

// Who owns the list is told the truth about it, and nobody is texted who must not be.
func TestATrustedCallerIsToldTheTruth(t *testing.T) {
	subscribed := func(c consent.Contact) consent.Change { return with(c, consent.Subscribed, nil) }
	stopped := func(scope string) func(consent.Contact) consent.Change {
		return func(c consent.Contact) consent.Change {
			return with(c, consent.Unsubscribed, map[string]time.Time{scope: midday.Add(-time.Hour)})
		}
	}
	for _, tc := range []struct {
		name   string
		before func(consent.Contact) consent.Change
		code   int
		status string
		texts  int
	}{
		{"subscribed", subscribed, 200, "subscribed", 0},
		{"stopped", stopped("alerts"), 200, "stopped", 0},
		{"stopped everything", stopped(consent.Everything), 200, "stopped", 0},
		{"left the topic", stopped(consent.OneTopic("alerts")), 200, "stopped", 0},
		{"undeliverable", func(c consent.Contact) consent.Change {
			ch := with(c, consent.Expired, nil)
			ch.Next.Health.Undeliverable = true
			return ch
		}, 200, "not-sent", 0},
		{"suspended", func(c consent.Contact) consent.Change { return with(c, consent.Suspended, nil) }, 202, "asked", 1},
		{"unsubscribed without a STOP", func(c consent.Contact) consent.Change { return with(c, consent.Unsubscribed, nil) }, 202, "asked", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBackend(t)
			b.decide(t, tc.before)
			before := len(b.record(t).Events)
			a := b.post(t, onPaper(nil))
			if a.code != tc.code || a.Status != tc.status || (a.Reason == "") == (tc.status == "not-sent") {
				t.Errorf("%+v", a)
			}
			if len(b.texts) != tc.texts {
				t.Errorf("%d texts", len(b.texts))
			}
			if written := len(b.record(t).Events) - before; (tc.status == "subscribed" || tc.status == "stopped") && written != 0 {
				t.Errorf("%d events were written", written)
			}
		})
	}
}

// with is the contact with alerts in a state and with opt-outs.
func with(c consent.Contact, state consent.State, stopped map[string]time.Time) consent.Change {
	c.Subs = map[string]consent.Subscription{"alerts": {State: state, Program: "alerts", Class: program.Promotional, Since: midday.Add(-time.Hour)}}
	c.Stopped = stopped
	return consent.Change{Next: c, Events: []consent.Event{{Seq: c.Head.Seq + 1, Type: consent.Noted, At: midday.Add(-time.Hour), Source: consent.SourceCarrier}}}
}

// A list may be told twice, and somebody may ask twice. The first bothers nobody; the second is asked again, within limits.
func TestTheSameRequestAndANewOne(t *testing.T) {
	b := newBackend(t)
	steps := []struct {
		pass   time.Duration
		fresh  bool
		status string
		texts  int
	}{
		{0, false, "asked", 1},
		{time.Minute, false, "waiting", 1},
		{time.Minute, true, "waiting", 1},               // a moment ago
		{time.Hour, false, "waiting", 1},                // the sheet of paper knows nothing new
		{time.Minute, true, "asked", 2},                 // the person asked once more
		{time.Hour, true, "waiting", 2},                 // the most for a day; the question stands
		{23*time.Hour + time.Minute, false, "asked", 3}, // a day later nothing waits any more
	}
	for i, s := range steps {
		b.now = b.now.Add(s.pass)
		r := onPaper(nil)
		if s.fresh {
			r = b.justNow(nil)
		}
		if a := b.post(t, r); a.Status != s.status || len(b.texts) != s.texts {
			t.Errorf("step %d: %+v after %d texts, want %s after %d", i, a, len(b.texts), s.status, s.texts)
		}
	}
}

func TestAskedTooOftenIsLimited(t *testing.T) {
	b := newBackend(t)
	for i := range 6 {
		b.now = midday.AddDate(0, 0, 3*i)
		for b.post(t, onPaper(nil)).Status == "later" {
			b.now = b.now.AddDate(0, 0, 1)
		}
	}
	b.now = b.now.AddDate(0, 0, 3)
	if len(b.texts) != 6 {
		t.Fatalf("%d texts", len(b.texts))
	}
	if a := b.post(t, b.justNow(nil)); a.code != http.StatusOK || a.Status != "limited" {
		t.Errorf("%+v", a)
	}
	if len(b.texts) != 6 {
		t.Errorf("%d texts in three weeks", len(b.texts))
	}
}

// What AWS said of the question is passed on, with what to do about it.
func TestWhatBecameOfTheQuestion(t *testing.T) {
	for _, tc := range []struct {
		name   string
		fault  error
		code   int
		status string
		reason string
		again  string // what the same request gets a minute later, when the fault is over
	}{
		{"throttled", &carrier.Rejection{Reason: "THROTTLED", Throttled: true}, 503, "not-sent", "THROTTLED", "asked"},
		{"the account may not send", &carrier.Rejection{Reason: "MONTHLY_SPEND_LIMIT", Quota: true}, 503, "not-sent", "MONTHLY_SPEND_LIMIT", "asked"},
		{"the country is blocked", &carrier.Rejection{Reason: "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"}, 200, "not-sent", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION", "asked"},
		{"on AWS's opt-out list", &carrier.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}, 200, "stopped", "", "stopped"},
		{"nobody knows", errLost, 202, "unconfirmed", "", "waiting"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBackend(t)
			b.fault = tc.fault
			a := b.post(t, onPaper(nil))
			if a.code != tc.code || a.Status != tc.status || a.Reason != tc.reason {
				t.Errorf("%+v", a)
			}
			if retry := a.code == http.StatusServiceUnavailable; retry != a.At.Equal(midday.Add(time.Minute)) || retry != (a.header["Retry-After"] == "60") {
				t.Errorf("again at %s, Retry-After %q", a.At, a.header["Retry-After"])
			}
			b.fault = nil
			b.now = b.now.Add(time.Minute)
			if a := b.post(t, onPaper(nil)); a.Status != tc.again {
				t.Errorf("again: %+v", a)
			}
		})
	}
}

// Who signed a sheet of paper last week must not be woken for it; who filled in a form a moment ago waits for the text.
func TestOldRequestsWaitForTheMorning(t *testing.T) {
	night := time.Date(2026, 11, 25, 6, 30, 0, 500, time.UTC)    // 22:30 in Seattle
	morning := time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC)    // 09:00
	lastMinute := time.Date(2026, 11, 25, 3, 59, 1, 0, time.UTC) // 19:59:01
	said := func(at string) map[string]any {
		return map[string]any{"evidence": map[string]string{"at": at, "source": "form"}}
	}
	for _, tc := range []struct {
		name    string
		now     time.Time
		changes map[string]any
		later   time.Time // zero where the phone is asked
	}{
		{"at night", night, nil, morning},
		{"at night, and nobody knows when", night, map[string]any{"evidence": nil}, morning},
		{"at night, of today", night, said("2026-11-24"), morning},
		{"at night, of two hours ago", night, said("2026-11-24T20:30:00-08:00"), morning},
		{"at night, of an hour ago", night, said("2026-11-24T21:31:00-08:00"), time.Time{}},
		{"less than a minute before the night", lastMinute, nil, morning},
		{"in the morning", morning, nil, time.Time{}},
		{"in the morning, but she lives in Hawaii", morning, map[string]any{"state": "HI"}, time.Date(2026, 11, 25, 19, 0, 0, 0, time.UTC)},
		{"on Thanksgiving", time.Date(2026, 11, 26, 20, 0, 0, 0, time.UTC), nil, time.Date(2026, 11, 27, 17, 0, 0, 0, time.UTC)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBackend(t)
			b.now = tc.now
			a := b.post(t, onPaper(tc.changes))
			if tc.later.IsZero() {
				if a.Status != "asked" || len(b.texts) != 1 {
					t.Errorf("%+v", a)
				}
				return
			}
			if a.code != http.StatusConflict || a.Status != "later" || !a.At.Equal(tc.later) {
				t.Errorf("%+v, want later at %s", a, tc.later)
			}
			b.untouched(t, tc.name)
			if wait, err := time.ParseDuration(a.header["Retry-After"] + "s"); err != nil || b.now.Truncate(time.Millisecond).Add(wait).Before(tc.later) {
				t.Errorf("Retry-After %q is too early", a.header["Retry-After"])
			}
			b.now = a.At
			if a := b.post(t, onPaper(tc.changes)); a.Status != "asked" {
				t.Errorf("at the opening: %+v", a)
			}
		})
	}
}

// A question about an old request must not lie in a queue into the night; one somebody waits for may.
func TestTheQuestionEndsWithTheDay(t *testing.T) {
	b := newBackend(t)
	b.now = time.Date(2026, 11, 25, 3, 50, 0, 0, time.UTC) // 19:50 in Seattle
	b.post(t, onPaper(nil))
	c := newBackend(t)
	c.now = b.now
	c.post(t, c.justNow(nil))
	if old, fresh := b.texts[0].TimeToLive, c.texts[0].TimeToLive; old != 10*time.Minute || fresh != time.Hour {
		t.Errorf("they live for %s and %s", old, fresh)
	}
}

// Where she lives by her own YES counts as well as what the caller says.
func TestTheHoursOfAllHerPlaces(t *testing.T) {
	b := newBackend(t)
	b.decide(t, func(c consent.Contact) consent.Change {
		ch := with(c, consent.Expired, nil)
		ch.Next.Told = phone.Told{State: "HI"}
		return ch
	})
	b.now = time.Date(2026, 11, 25, 17, 30, 0, 0, time.UTC) // 09:30 in Seattle, 07:30 in Honolulu
	if a := b.post(t, onPaper(nil)); a.Status != "later" || !a.At.Equal(time.Date(2026, 11, 25, 19, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", a)
	}
}

func TestHoursThatNeverMeet(t *testing.T) {
	b := newBackend(t)
	b.now = time.Date(2026, 7, 7, 20, 0, 0, 0, time.UTC)
	r := onPaper(map[string]any{"phone": "+14015550142", "state": "GU"})
	a := b.post(t, r)
	if a.code != http.StatusUnprocessableEntity || a.Error == nil || a.Error.Field != "phone" || !strings.Contains(a.Error.Message, "no hour") || len(b.texts) != 0 {
		t.Errorf("%+v", a)
	}
}

func TestSeveralTopics(t *testing.T) {
	b := newBackend(t)
	b.decide(t, func(c consent.Contact) consent.Change { return with(c, consent.Subscribed, nil) })
	a := b.post(t, onPaper(map[string]any{"topics": []string{"alerts", "orders", "alerts"}}))
	if diff := cmp.Diff(map[string]string{"alerts": "subscribed", "orders": "asked"}, a.Topics); diff != "" || a.Status != "asked" || a.code != http.StatusAccepted {
		t.Errorf("%+v %s", a, diff)
	}
	if len(b.texts) != 1 || b.texts[0].From != "+12065550101" {
		t.Errorf("texts: %+v", b.texts)
	}
}

// The table fails: the caller may try again, and nobody is asked twice.
func TestAFaultOfOurs(t *testing.T) {
	b := newBackend(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequest(http.MethodPost, "/requests", strings.NewReader("{}")).WithContext(ctx)
	body, err := json.Marshal(onPaper(nil))
	if err != nil {
		t.Fatal(err)
	}
	out, err := b.Handle(ctx, events.APIGatewayV2HTTPRequest{
		RawPath: "/requests", Headers: map[string]string{"content-type": "application/json"}, Body: string(body),
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			HTTP:       events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: r.Method},
			Authorizer: &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: b.caller}},
		},
	})
	if err != nil || out.StatusCode != http.StatusServiceUnavailable || !strings.Contains(out.Body, "try again") {
		t.Errorf("%d %s %v", out.StatusCode, out.Body, err)
	}
	b.untouched(t, "no table")
	if a := b.post(t, onPaper(nil)); a.Status != "asked" || len(b.texts) != 1 {
		t.Errorf("again: %+v", a)
	}
}

func TestTheSampleRequest(t *testing.T) {
	text, err := os.ReadFile("../../events/optin-requests.json")
	if err != nil {
		t.Fatal(err)
	}
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	b := newBackend(t)
	out, err := b.Handle(t.Context(), e)
	if err != nil || out.StatusCode != http.StatusAccepted || out.Body != `{"status":"asked"}`+"\n" {
		t.Errorf("%d %s (%v)", out.StatusCode, out.Body, err)
	}
	if ev := b.record(t).Events[0]; ev.Evidence["missing"] != "" || ev.Source != consent.SourceImport {
		t.Errorf("%+v", ev)
	}
}

// Whatever is told, in whatever order and however AWS takes it: nobody is asked more than twice a day, an old request is asked about
// within permitted hours only, each answer is true, and nothing but a YES subscribes (I5, I6).
func TestWhateverIsTold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBackend(t)
		var asked []time.Time
		for range rapid.IntRange(1, 12).Draw(rt, "posts") {
			b.now = b.now.Add(time.Duration(rapid.IntRange(0, 600).Draw(rt, "minutes")) * time.Minute)
			b.fault = rapid.SampledFrom([]error{nil, nil, errLost, &carrier.Rejection{Reason: "THROTTLED", Throttled: true}}).Draw(rt, "carrier")
			r, fresh := onPaper(nil), rapid.Bool().Draw(rt, "fresh")
			if fresh {
				r = b.justNow(nil)
			}
			before := len(b.texts)
			a := b.post(t, r)
			if sent := len(b.texts) > before; sent != slices.Contains([]string{"asked", "unconfirmed", "not-sent"}, a.Status) {
				rt.Fatalf("%d texts and the answer %+v", len(b.texts)-before, a)
			}
			if a.Status == "asked" || a.Status == "unconfirmed" {
				asked = append(asked, b.now)
			}
			if hour := b.now.Add(-8 * time.Hour).Hour(); len(b.texts) > before && !fresh && (hour < 9 || hour >= 20) {
				rt.Fatalf("an old request was asked about at %d o'clock", hour)
			}
		}
		for i := 2; i < len(asked); i++ {
			if asked[i].Sub(asked[i-2]) < 24*time.Hour {
				rt.Fatalf("asked at %v", asked)
			}
		}
		if s := b.record(t).Contact.Subs["alerts"].State; s == consent.Subscribed {
			rt.Fatal("subscribed without a YES")
		}
	})
}
