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
)

// All that decides about a person is in the record, not only what a short history leaves.
func TestNothingThatDecidesIsLeftOut(t *testing.T) {
	b := newBench(t)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	c := consent.Contact{
		Key: key, Version: 7, Told: phone.Told{State: "FL", ZIP: "32501", Zone: "America/Chicago"}, Locale: "es-US",
		Subs: map[string]consent.Subscription{
			"alerts": {State: consent.Subscribed, Program: "alerts", Class: program.Promotional, Tier: consent.Digest, Since: day(1), Request: 1, Proof: 2},
			"orders": {State: consent.Pending, Program: "orders", Class: program.Transactional, Since: day(3), Until: day(4), Request: 3},
		},
		Stopped: map[string]time.Time{"alerts": day(5)}, Paused: day(9),
		Health: consent.Health{Undeliverable: true, Failures: 3, Heard: day(5)},
	}
	b.records[key] = consent.Record{Contact: c, Messages: []consent.Message{
		{ID: "01KB0000000000000000000001", At: day(2), Kind: message.Promotional, Program: "alerts", Campaign: "01KB00000000000000000SPR1N"},
	}}
	b.Now = func() time.Time { return day(3) }
	got := b.get(t, "")
	want := map[string]any{
		"told": map[string]any{"state": "FL", "zip": "32501", "zone": "America/Chicago", "locale": "es-US"},
		"topics": map[string]any{
			"alerts": map[string]any{
				"state": "subscribed", "since": "2026-12-02T12:00:00Z", "program": "alerts", "class": "promotional", "tier": "digest",
				"request": 1.0, "proof": 2.0,
			},
			"orders": map[string]any{
				"state": "pending", "since": "2026-12-04T12:00:00Z", "until": "2026-12-05T12:00:00Z", "program": "orders",
				"class": "transactional", "request": 3.0,
			},
		},
		"stopped": map[string]any{"alerts": "2026-12-06T12:00:00Z"},
		"paused":  "2026-12-10T12:00:00Z",
		"health":  map[string]any{"undeliverable": true, "failures": 3.0, "heard": "2026-12-06T12:00:00Z"},
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
	b := newBench(t)
	r := b.records[key]
	r.Contact.Paused = noon.Add(time.Hour)
	b.records[key] = r
	for left, want := range map[time.Duration]bool{time.Second: true, 0: false, -time.Hour: false} {
		b.Now = func() time.Time { return noon.Add(time.Hour - left) }
		if _, shown := b.get(t, "")["paused"]; shown != want {
			t.Errorf("with %s left of the pause it is shown: %t", left, shown)
		}
	}
}

// Whatever is left of a person is their record, above all where somebody has taken the rest away.
func TestWhatIsLeftIsShown(t *testing.T) {
	whole := newBench(t).records[key]
	nobody := consent.Contact{Key: key}
	for name, r := range map[string]consent.Record{
		"only the contact": {Contact: consent.Contact{Key: key, Version: 1}},
		"only an event":    {Contact: nobody, Events: whole.Events[:1]},
		"only a text":      {Contact: nobody, Messages: whole.Messages[:1]},
	} {
		b := newBench(t)
		b.records[key] = r
		if out := b.ask(t, http.MethodGet, "/records/+12065550142", ""); out.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", name, out.StatusCode, out.Body)
		}
	}
}

// A record is for who asked: no browser may take it for a page, no cache may keep it, and the log names the caller as
// IAM does, without the account, whose digits it would mask as a phone number.
func TestHowARecordTravels(t *testing.T) {
	b := newBench(t)
	out := b.ask(t, http.MethodGet, "/records/+12065550142", "")
	if h := out.Headers; h["X-Content-Type-Options"] != "nosniff" || h["Cache-Control"] != "no-store" || h["Content-Type"] != "application/json" {
		t.Errorf("headers: %v", h)
	}
	if log := b.log.String(); !strings.Contains(log, "caller=user/compliance ") {
		t.Errorf("log: %s", log)
	}
}
