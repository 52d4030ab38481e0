package optin_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
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

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
)

// Who owns the list is told the truth about it, and nobody is texted who must not be.
func TestATrustedCallerIsToldTheTruth(t *testing.T) {
	for _, tc := range []struct {
		name   string
		before []step
		code   int
		status string
		texts  int
	}{
		{"subscribed", []step{asked, saidYes}, 200, "subscribed", 0},
		{"stopped", []step{asked, saidYes, saidStop}, 200, "stopped", 0},
		{"stopped everything", []step{asked, saidYes, stoppedAll}, 200, "stopped", 0},
		{"left the topic", []step{asked, saidYes, turnedOff}, 200, "stopped", 0},
		{"said NO", []step{asked, saidNo}, 200, "stopped", 0},
		{"undeliverable", []step{asked, expired, lost}, 200, "not-sent", 0},
		{"suspended", []step{asked, saidYes, suspended}, 202, "asked", 1},
		{"did not answer in time", []step{asked, expired}, 202, "asked", 1},
		{"came back after a STOP, and did not answer in time", []step{asked, saidYes, saidStop, saidStart, expired}, 202, "asked", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBackend(t)
			b.lived(t, tc.before...)
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

// step is something that happened to the person before.
type step func(b *backend, c consent.Contact) consent.Change

// lived has things happen to the person, from two days ago on, and forgets what was sent for them.
func (b *backend) lived(t testing.TB, steps ...step) {
	t.Helper()
	b.now = midday.Add(-48 * time.Hour)
	for _, s := range steps {
		b.now = b.now.Add(time.Minute)
		b.decide(t, func(c consent.Contact) consent.Change { return s(b, c) })
	}
	b.now, b.texts = midday, nil
}

func asked(b *backend, c consent.Contact) consent.Change { return askedFrom("")(b, c) }

// askedFrom is a form in which somebody told a state.
func askedFrom(state string) step {
	return func(b *backend, c consent.Contact) consent.Change {
		return c.Request(consent.Request{
			At: b.now, Source: consent.SourceForm, Topics: b.alerts().Topics, Terms: b.Catalog.SignUp, Told: phone.Told{State: state},
		})
	}
}

func saidYes(b *backend, c consent.Contact) consent.Change {
	return b.hears(c, keyword.Intent{Kind: keyword.Confirm, Confidence: 1})
}

func saidStop(b *backend, c consent.Contact) consent.Change {
	return b.hears(c, keyword.Intent{Kind: keyword.OptOut})
}

func saidNo(b *backend, c consent.Contact) consent.Change {
	return b.hears(c, keyword.Intent{Kind: keyword.Decline})
}

func saidStart(b *backend, c consent.Contact) consent.Change {
	return b.hears(c, keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Restart: true})
}

func stoppedAll(b *backend, c consent.Contact) consent.Change {
	return c.StopEverything(b.brand(), b.now, nil)
}

func turnedOff(b *backend, c consent.Contact) consent.Change {
	return c.Choose(consent.Choice{At: b.now, Off: b.alerts().Topics, Terms: b.Catalog.SignUp})
}

func suspended(b *backend, c consent.Contact) consent.Change {
	return c.Suspend("alerts", b.now, "a test")
}

func expired(b *backend, c consent.Contact) consent.Change {
	b.now = b.now.Add(b.Catalog.SignUp.ConfirmWithin)
	return c.Expire(b.now)
}

func lost(b *backend, c consent.Contact) consent.Change {
	c.Health.Undeliverable = true
	return consent.Change{Next: c, Events: []consent.Event{{Seq: c.Head.Seq + 1, Type: consent.Noted, At: b.now, Source: consent.SourceCarrier}}}
}

func (b *backend) brand() *program.Brand {
	brand, _ := b.Catalog.Brand("example")
	return brand
}

func (b *backend) alerts() *program.Program {
	p, _ := b.brand().Program("alerts")
	return p
}

func (b *backend) hears(c consent.Contact, said keyword.Intent) consent.Change {
	return c.Hear(consent.Inbound{ID: rand.Text(), At: b.now, Brand: b.brand(), Program: b.alerts(), Terms: b.Catalog.SignUp, Intent: said})
}

// A list may be told twice, and somebody may ask twice. The first bothers nobody; the second is asked again, within
// limits.
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
		{"throttled", &outbox.Rejection{Reason: "THROTTLED", Throttled: true}, 503, "not-sent", "THROTTLED", "waiting"},
		{"the account may not send", &outbox.Rejection{Reason: "MONTHLY_SPEND_LIMIT", Quota: true}, 503, "not-sent", "MONTHLY_SPEND_LIMIT", "waiting"},
		{"the country is blocked", &outbox.Rejection{Reason: "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"}, 200, "not-sent", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION", "asked"},
		{"on AWS's opt-out list", &outbox.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}, 200, "stopped", "", "stopped"},
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
	b.lived(t, askedFrom("HI"), saidYes, suspended)
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
	b.lived(t, asked, saidYes)
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

// Whatever is told, in whatever order and however AWS takes it: nobody is asked more than twice a day, an old request
// is asked about within permitted hours only, each answer is true, and nothing but a YES subscribes (I5, I6).
func TestWhateverIsTold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBackend(t)
		var asked []time.Time
		for range rapid.IntRange(1, 12).Draw(rt, "posts") {
			b.now = b.now.Add(time.Duration(rapid.IntRange(0, 600).Draw(rt, "minutes")) * time.Minute)
			b.fault = rapid.SampledFrom([]error{nil, nil, errLost, &outbox.Rejection{Reason: "THROTTLED", Throttled: true}}).Draw(rt, "carrier")
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
