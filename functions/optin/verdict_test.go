package optin_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
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
			w := newBackend(t)
			w.lived(t, tc.before...)
			before := len(w.Proof(seattle).Events)
			a := w.post(t, onPaper(nil))
			if a.code != tc.code || a.Status != tc.status || (a.Reason == "") == (tc.status == "not-sent") {
				t.Errorf("%+v", a)
			}
			if len(w.Carrier.Sent) != tc.texts {
				t.Errorf("%d texts", len(w.Carrier.Sent))
			}
			if written := len(w.Proof(seattle).Events) - before; (tc.status == "subscribed" || tc.status == "stopped") && written != 0 {
				t.Errorf("%d events were written", written)
			}
		})
	}
}

// step is something that happened to the person before.
type step func(w *backend, c consent.Contact) consent.Change

// lived has things happen to the person, from two days ago on, and forgets what was sent for them.
func (w *backend) lived(t testing.TB, steps ...step) {
	t.Helper()
	w.SetClock(midday.Add(-48 * time.Hour))
	for _, s := range steps {
		w.Pass(time.Minute)
		w.Change(seattle, func(c consent.Contact) consent.Change { return s(w, c) })
	}
	w.SetClock(midday)
	w.Carrier.Sent = nil
}

func asked(w *backend, c consent.Contact) consent.Change { return askedFrom("")(w, c) }

// askedFrom is a form in which somebody told a state.
func askedFrom(state string) step {
	return func(w *backend, c consent.Contact) consent.Change {
		return c.Request(consent.Request{
			At: w.Clock(), Source: consent.SourceForm, Topics: w.alerts().Topics, Terms: w.Catalog.SignUp, Told: phone.Told{State: state},
		})
	}
}

func saidYes(w *backend, c consent.Contact) consent.Change {
	return w.hears(c, keyword.Intent{Kind: keyword.Confirm, Confidence: 1})
}

func saidStop(w *backend, c consent.Contact) consent.Change {
	return w.hears(c, keyword.Intent{Kind: keyword.OptOut})
}

func saidNo(w *backend, c consent.Contact) consent.Change {
	return w.hears(c, keyword.Intent{Kind: keyword.Decline})
}

func saidStart(w *backend, c consent.Contact) consent.Change {
	return w.hears(c, keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Restart: true})
}

func stoppedAll(w *backend, c consent.Contact) consent.Change {
	return c.StopEverything(w.brand(), w.Clock(), nil)
}

func turnedOff(w *backend, c consent.Contact) consent.Change {
	return c.Choose(consent.Choice{At: w.Clock(), Off: w.alerts().Topics, Terms: w.Catalog.SignUp})
}

func suspended(w *backend, c consent.Contact) consent.Change {
	return c.Suspend("alerts", w.Clock(), "a test")
}

func expired(w *backend, c consent.Contact) consent.Change {
	w.Pass(w.Catalog.SignUp.ConfirmWithin)
	return c.Expire(w.Clock())
}

func lost(w *backend, c consent.Contact) consent.Change {
	c.Health.Undeliverable = true
	return consent.Change{Next: c, Events: []consent.Event{{Seq: c.Head.Seq + 1, Type: consent.Noted, At: w.Clock(), Source: consent.SourceCarrier}}}
}

func (w *backend) brand() *program.Brand {
	brand, _ := w.Catalog.Brand("example")
	return brand
}

func (w *backend) alerts() *program.Program {
	p, _ := w.brand().Program("alerts")
	return p
}

func (w *backend) hears(c consent.Contact, said keyword.Intent) consent.Change {
	return c.Hear(consent.Inbound{ID: rand.Text(), At: w.Clock(), Brand: w.brand(), Program: w.alerts(), Terms: w.Catalog.SignUp, Intent: said})
}

// A list may be told twice, and somebody may ask twice. The first bothers nobody; the second is asked again, within
// limits.
func TestTheSameRequestAndANewOne(t *testing.T) {
	w := newBackend(t)
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
		w.Pass(s.pass)
		r := onPaper(nil)
		if s.fresh {
			r = w.justNow(nil)
		}
		if a := w.post(t, r); a.Status != s.status || len(w.Carrier.Sent) != s.texts {
			t.Errorf("step %d: %+v after %d texts, want %s after %d", i, a, len(w.Carrier.Sent), s.status, s.texts)
		}
	}
}

func TestAskedTooOftenIsLimited(t *testing.T) {
	w := newBackend(t)
	for i := range 6 {
		w.SetClock(midday.AddDate(0, 0, 3*i))
		for w.post(t, onPaper(nil)).Status == "later" {
			w.SetClock(w.Clock().AddDate(0, 0, 1))
		}
	}
	w.SetClock(w.Clock().AddDate(0, 0, 3))
	if len(w.Carrier.Sent) != 6 {
		t.Fatalf("%d texts", len(w.Carrier.Sent))
	}
	if a := w.post(t, w.justNow(nil)); a.code != http.StatusOK || a.Status != "limited" {
		t.Errorf("%+v", a)
	}
	if len(w.Carrier.Sent) != 6 {
		t.Errorf("%d texts in three weeks", len(w.Carrier.Sent))
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
			w := newBackend(t)
			w.carrierSays(tc.fault)
			a := w.post(t, onPaper(nil))
			if a.code != tc.code || a.Status != tc.status || a.Reason != tc.reason {
				t.Errorf("%+v", a)
			}
			if retry := a.code == http.StatusServiceUnavailable; retry != a.At.Equal(midday.Add(time.Minute)) || retry != (a.header["Retry-After"] == "60") {
				t.Errorf("again at %s, Retry-After %q", a.At, a.header["Retry-After"])
			}
			w.carrierSays(nil)
			w.Pass(time.Minute)
			if a := w.post(t, onPaper(nil)); a.Status != tc.again {
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
			w := newBackend(t)
			w.SetClock(tc.now)
			a := w.post(t, onPaper(tc.changes))
			if tc.later.IsZero() {
				if a.Status != "asked" || len(w.Carrier.Sent) != 1 {
					t.Errorf("%+v", a)
				}
				return
			}
			if a.code != http.StatusConflict || a.Status != "later" || !a.At.Equal(tc.later) {
				t.Errorf("%+v, want later at %s", a, tc.later)
			}
			w.untouched(t)
			if wait, err := time.ParseDuration(a.header["Retry-After"] + "s"); err != nil || w.Clock().Truncate(time.Millisecond).Add(wait).Before(tc.later) {
				t.Errorf("Retry-After %q is too early", a.header["Retry-After"])
			}
			w.SetClock(a.At)
			if a := w.post(t, onPaper(tc.changes)); a.Status != "asked" {
				t.Errorf("at the opening: %+v", a)
			}
		})
	}
}

// A question about an old request must not lie in a queue into the night; one somebody waits for may.
func TestTheQuestionEndsWithTheDay(t *testing.T) {
	w := newBackend(t)
	w.SetClock(time.Date(2026, 11, 25, 3, 50, 0, 0, time.UTC)) // 19:50 in Seattle
	w.post(t, onPaper(nil))
	c := newBackend(t)
	c.SetClock(w.Clock())
	c.post(t, c.justNow(nil))
	if old, fresh := w.Carrier.Sent[0].TimeToLive, c.Carrier.Sent[0].TimeToLive; old != 10*time.Minute || fresh != time.Hour {
		t.Errorf("they live for %s and %s", old, fresh)
	}
}

// Where she lives by her own YES counts as well as what the caller says.
func TestTheHoursOfAllHerPlaces(t *testing.T) {
	w := newBackend(t)
	w.lived(t, askedFrom("HI"), saidYes, suspended)
	w.SetClock(time.Date(2026, 11, 25, 17, 30, 0, 0, time.UTC)) // 09:30 in Seattle, 07:30 in Honolulu
	if a := w.post(t, onPaper(nil)); a.Status != "later" || !a.At.Equal(time.Date(2026, 11, 25, 19, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", a)
	}
}

func TestHoursThatNeverMeet(t *testing.T) {
	w := newBackend(t)
	w.SetClock(time.Date(2026, 7, 7, 20, 0, 0, 0, time.UTC))
	r := onPaper(map[string]any{"phone": "+14015550142", "state": "GU"})
	a := w.post(t, r)
	if a.code != http.StatusUnprocessableEntity || a.Error == nil || a.Error.Field != "phone" || !strings.Contains(a.Error.Message, "no hour") || len(w.Carrier.Sent) != 0 {
		t.Errorf("%+v", a)
	}
}

func TestSeveralTopics(t *testing.T) {
	w := newBackend(t)
	w.lived(t, asked, saidYes)
	a := w.post(t, onPaper(map[string]any{"topics": []string{"alerts", "orders", "alerts"}}))
	if diff := cmp.Diff(map[string]string{"alerts": "subscribed", "orders": "asked"}, a.Topics); diff != "" || a.Status != "asked" || a.code != http.StatusAccepted {
		t.Errorf("%+v %s", a, diff)
	}
	if len(w.Carrier.Sent) != 1 || w.Carrier.Sent[0].From != "+12065550101" {
		t.Errorf("texts: %+v", w.Carrier.Sent)
	}
}

// The table fails: the caller may try again, and nobody is asked twice.
func TestAFaultOfOurs(t *testing.T) {
	w := newBackend(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	body, err := json.Marshal(onPaper(nil))
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.handler.Handle(ctx, w.posted("application/json", string(body)))
	if err != nil || out.StatusCode != http.StatusServiceUnavailable || !strings.Contains(out.Body, "try again") {
		t.Errorf("%d %s %v", out.StatusCode, out.Body, err)
	}
	w.untouched(t)
	if a := w.post(t, onPaper(nil)); a.Status != "asked" || len(w.Carrier.Sent) != 1 {
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
	w := newBackend(t)
	out, err := w.handler.Handle(t.Context(), e)
	if err != nil || out.StatusCode != http.StatusAccepted || out.Body != `{"status":"asked"}`+"\n" {
		t.Errorf("%d %s (%v)", out.StatusCode, out.Body, err)
	}
	if ev := w.Proof(seattle).Events[0]; ev.Evidence["missing"] != "" || ev.Source != consent.SourceImport {
		t.Errorf("%+v", ev)
	}
}

// Whatever is told, in whatever order and however AWS takes it: nobody is asked more than twice a day, an old request
// is asked about within permitted hours only, each answer is true, and nothing but a YES subscribes (I5, I6).
func TestWhateverIsTold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newBackend(t)
		var asked []time.Time
		for range rapid.IntRange(1, 12).Draw(rt, "posts") {
			w.Pass(time.Duration(rapid.IntRange(0, 600).Draw(rt, "minutes")) * time.Minute)
			w.carrierSays(rapid.SampledFrom([]error{nil, nil, errLost, &outbox.Rejection{Reason: "THROTTLED", Throttled: true}}).Draw(rt, "carrier"))
			r, fresh := onPaper(nil), rapid.Bool().Draw(rt, "fresh")
			if fresh {
				r = w.justNow(nil)
			}
			before := w.Carrier.Calls
			a := w.post(t, r)
			if sent := w.Carrier.Calls > before; sent != slices.Contains([]string{"asked", "unconfirmed", "not-sent"}, a.Status) {
				rt.Fatalf("%d texts and the answer %+v", w.Carrier.Calls-before, a)
			}
			if a.Status == "asked" || a.Status == "unconfirmed" {
				asked = append(asked, w.Clock())
			}
			if hour := w.Clock().Add(-8 * time.Hour).Hour(); w.Carrier.Calls > before && !fresh && (hour < 9 || hour >= 20) {
				rt.Fatalf("an old request was asked about at %d o'clock", hour)
			}
		}
		for i := 2; i < len(asked); i++ {
			if asked[i].Sub(asked[i-2]) < 24*time.Hour {
				rt.Fatalf("asked at %v", asked)
			}
		}
		if s := w.Proof(seattle).Contact.Subs["alerts"].State; s == consent.Subscribed {
			rt.Fatal("subscribed without a YES")
		}
	})
}
