package consent_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
)

// What was written or claimed at the instant itself or later is not of the past, and a text counts once.
func TestBefore(t *testing.T) {
	asked := time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return asked.Add(time.Duration(minutes) * time.Minute) }
	stop := map[string]time.Time{consent.Everything: at(9)}
	r := consent.Record{
		Contact: consent.Contact{
			Claims: []consent.Claim{{ID: "b", At: at(4)}, {ID: "c", At: at(5)}, {ID: "e", At: at(20)}},
			Health: consent.Health{Undeliverable: true},
		},
		Events: []consent.Event{
			{Seq: 1, Type: consent.Requested, At: at(0), Recorded: at(0), Program: "p", Topics: []string{"alerts"}},
			{Seq: 2, Type: consent.Confirmed, At: at(1), Recorded: at(2), Program: "p", Topics: []string{"alerts"}},
			{
				Seq: 3, Type: consent.OptedOut, At: at(9), Recorded: at(10), Program: "p", Topics: []string{"alerts"},
				Effect: consent.Effect{Stopped: stop},
			},
		},
		Messages: []consent.Message{
			{ID: "a", Number: 1, At: at(3)},
			{ID: "kept back", At: at(3)},
			{ID: "b", Number: 2, At: at(4)},
			{ID: "d", Number: 4, At: at(10)},
		},
	}
	for _, tt := range []struct {
		minutes int
		state   consent.State
		claims  int
	}{
		{0, "", 0},
		{2, consent.Pending, 0}, // YES was not yet written
		{3, consent.Subscribed, 0},
		{4, consent.Subscribed, 1},
		{10, consent.Subscribed, 3},
		{11, consent.Unsubscribed, 4},
	} {
		c, err := r.Before(at(tt.minutes))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Subs["alerts"].State; got != tt.state || len(c.Claims) != tt.claims || c.Health.Undeliverable {
			t.Errorf("before minute %d: %q and %d claims, want %q and %d", tt.minutes, got, len(c.Claims), tt.state, tt.claims)
		}
		for i := range c.Claims {
			if i > 0 && c.Claims[i].At.Before(c.Claims[i-1].At) {
				t.Errorf("claims out of order: %+v", c.Claims)
			}
		}
	}
	r.Events = r.Events[1:]
	if _, err := r.Before(at(5)); err == nil {
		t.Error("a YES that nobody was asked for adds up")
	}
}
