package records_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/testkit/world"
)

// All that decides about a person is in the record, not only what a short history leaves.
func TestNothingThatDecidesIsLeftOut(t *testing.T) {
	w := emptyWorld(t)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	c := consent.Contact{
		Key: world.Key(her), Told: phone.Told{State: "FL", ZIP: "32501", Zone: "America/Chicago"}, Locale: "es-US",
		Subs: map[string]consent.Subscription{
			"alerts": {State: consent.Subscribed, Program: "alerts", Class: program.Promotional, Tier: consent.Digest, Since: day(1), Request: 1, Proof: 2},
			"orders": {State: consent.Pending, Program: "orders", Class: program.Transactional, Since: day(3), Until: day(4), Request: 3},
		},
		Stopped: map[string]time.Time{"alerts": day(5)}, Paused: day(9),
		Health: consent.Health{Undeliverable: true, Failures: 3, Heard: day(5), NoTexts: day(6)},
	}
	w.MakeUp(her, day(1), func(made *consent.Contact) { *made = c })
	w.keep(consent.Message{
		ID: "01KB0000000000000000000001", At: day(2), Kind: message.Promotional, Program: "alerts", Campaign: "01KB00000000000000000SPR1N",
	})
	w.SetClock(day(3))
	got := w.get("")
	want := map[string]any{
		"told": map[string]any{"state": "FL", "zip": "32501", "zone": "America/Chicago", "locale": "es-US"},
		"topics": map[string]any{
			"alerts": map[string]any{
				"state": "subscribed", "since": "2026-12-02T20:00:00Z", "program": "alerts", "class": "promotional", "tier": "digest",
				"request": 1.0, "proof": 2.0,
			},
			"orders": map[string]any{
				"state": "pending", "since": "2026-12-04T20:00:00Z", "until": "2026-12-05T20:00:00Z", "program": "orders",
				"class": "transactional", "request": 3.0,
			},
		},
		"stopped": map[string]any{"alerts": "2026-12-06T20:00:00Z"},
		"paused":  "2026-12-10T20:00:00Z",
		"health":  map[string]any{"undeliverable": true, "failures": 3.0, "heard": "2026-12-06T20:00:00Z", "no_texts": "2026-12-07T20:00:00Z"},
	}
	for field, want := range want {
		if diff := cmp.Diff(want, got[field]); diff != "" {
			t.Errorf("%s: %s", field, diff)
		}
	}
	if text := got["messages"].([]any)[0].(map[string]any); text["campaign"] != "01KB00000000000000000SPR1N" {
		t.Errorf("text: %v", text)
	}
}

// A pause that has ended decides nothing any more.
func TestAPauseIsShownWhileItLasts(t *testing.T) {
	w := newWorld(t)
	until := w.Clock().Add(time.Hour)
	w.Change(her, func(c consent.Contact) consent.Change { return c.Pause(w.Clock(), until, nil) })
	for left, want := range map[time.Duration]bool{time.Second: true, 0: false, -time.Hour: false} {
		w.SetClock(until.Add(-left))
		if _, shown := w.get("")["paused"]; shown != want {
			t.Errorf("with %s left of the pause it is shown: %t", left, shown)
		}
	}
}

// Whatever is left of a person is their record, above all where somebody has taken the rest away.
func TestWhatIsLeftIsShown(t *testing.T) {
	for name, gone := range map[string]func(*fixture) []string{
		"only the contact": func(w *fixture) []string { return append(texts(w), event(1), event(2), "AUDIENCE#alerts") },
		"only an event":    func(w *fixture) []string { return append(texts(w), "CONTACT", event(2), "AUDIENCE#alerts") },
		"only a text": func(w *fixture) []string {
			return append(texts(w)[:1], "CONTACT", event(1), event(2), "AUDIENCE#alerts")
		},
	} {
		w := newWorld(t)
		for _, sk := range gone(w) {
			w.TakeAway(her, sk)
		}
		if out := w.ask(http.MethodGet, "/records/+12065550142", ""); out.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", name, out.StatusCode, out.Body)
		}
	}
}

// texts are the sort keys of the texts on her record.
func texts(w *fixture) []string {
	var keys []string
	for _, m := range w.Record(her).Messages {
		keys = append(keys, "MESSAGE#"+m.ID)
	}
	return keys
}

// A record is for who asked: no browser may take it for a page, no cache may keep it, and the log names the caller as
// IAM does, without the account, whose digits it would mask as a phone number.
func TestHowARecordTravels(t *testing.T) {
	w := newWorld(t)
	out := w.ask(http.MethodGet, "/records/+12065550142", "")
	if h := out.Headers; h["X-Content-Type-Options"] != "nosniff" || h["Cache-Control"] != "no-store" || h["Content-Type"] != "application/json" {
		t.Errorf("headers: %v", h)
	}
	if log := w.Logged.String(); !strings.Contains(log, "caller=user/compliance ") {
		t.Errorf("log: %s", log)
	}
}
