package consent_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// The steps of a record are its events in order, each with where the person stood after it, up to the first that cannot
// be.
func TestSteps(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.hear("2", saidStop, noon.Add(time.Hour))
	stood := func(events []consent.Event, most int) (states []consent.State) {
		for e, standing := range consent.Steps(events) {
			if states = append(states, standing.Subs["alerts"].State); e.Seq != int64(len(states)) || len(states) == most {
				break
			}
		}
		return states
	}
	want := []consent.State{consent.Pending, consent.Subscribed, consent.Unsubscribed}
	if got := stood(s.events, 9); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := stood(s.events, 2); !slices.Equal(got, want[:2]) {
		t.Errorf("two of them: %q", got)
	}
	s.events[1].Topics = []string{"news"} // which nobody asked for
	if got := stood(s.events, 9); !slices.Equal(got, want[:1]) {
		t.Errorf("with one that cannot be: %q", got)
	}
}

// Of a text whose claim is not kept any more the past has what its record says; of one whose claim is kept, all of it.
func TestBeforeFindsTheTextsAgain(t *testing.T) {
	cl := consent.Claim{
		ID: "01", Number: 7, At: noon, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"},
		Campaign: "spring", Ref: "order", Content: "c", Notice: "es",
	}
	r := consent.Record{Contact: consent.Contact{Key: consent.Key{Brand: "example", Phone: "+12065550142"}}}
	r.Messages = []consent.Message{cl.Message()}
	past, err := r.Before(noon.Add(time.Minute))
	if diff := cmp.Diff([]consent.Claim{cl}, past.Claims); err != nil || diff != "" || past.Key != r.Contact.Key {
		t.Errorf("of %s (%v): %s", past.Key, err, diff)
	}
	cl.OptOut, cl.Chance = true, true
	r.Contact.Claims = []consent.Claim{cl}
	past, err = r.Before(noon.Add(time.Minute))
	if diff := cmp.Diff([]consent.Claim{cl}, past.Claims); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

// Where the person stood is all the events of before say, and what other channels sent by then.
func TestBeforeTellsAllThatStood(t *testing.T) {
	s := begin(t)
	s.tells(phone.Told{State: "FL"}, "es")
	s.request(noon, alerts.Topics...)
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.hear("2", saidStop, noon.Add(2*time.Minute))
	s.hear("3", saidStart, noon.Add(3*time.Minute))
	s.hear("4", saidYes, noon.Add(4*time.Minute))
	s.hear("5", stopNews, noon.Add(5*time.Minute))
	s.commit(s.contact.Pause(noon.Add(6*time.Minute), noon.Add(time.Hour), nil))
	s.commit(s.contact.Touch(consent.Touch{At: noon.Add(7 * time.Minute), Channel: "email", Content: "a"}, aDay))
	s.commit(s.contact.Touch(consent.Touch{At: noon.Add(8 * time.Minute), Channel: "email", Content: "b"}, aDay))
	r := s.record()
	past, err := r.Before(noon.Add(8 * time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.contact.Standing(), past.Standing()); diff != "" {
		t.Error(diff)
	}
	if past.Version != int64(len(s.events)) || len(past.Touches) != 1 || past.Touches[0].Content != "a" {
		t.Errorf("version %d, touches %+v", past.Version, past.Touches)
	}
}

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
