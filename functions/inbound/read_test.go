package inbound_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/desk"
	"smsconsent/shared/edge/outbox"
)

// tray is the desk where a person reads.
type tray struct {
	read []desk.Reply
	full bool // it takes nothing
}

func (t *tray) Put(_ context.Context, r desk.Reply) error {
	if t.full {
		return errBroken
	}
	t.read = append(t.read, r)
	return nil
}

// A person reads what no rule understood, with the number and the words; never an opt-out, and nothing that has had its
// answer or needs none.
func TestWhatAPersonReads(t *testing.T) {
	for words, want := range map[string]bool{
		"do you open on sundays?":         true,
		"I got my order and it is broken": true,
		"STOP":                            false,
		"please take me off your list":    false,
		"wrong number":                    false,
		"HELP":                            false,
		"PREFS":                           false,
		"JOIN":                            false,
		"YES":                             false,
		"":                                false,
		`Liked “Big sale on Friday”`:      false,
		"I'm driving with Do Not Disturb turned on": false,
	} {
		w := newWorld(t)
		w.says(her, alerts, words)
		if got := len(w.tray.read) == 1; got != want {
			t.Errorf("%q is read: %t, want %t", words, got, want)
		}
		for _, r := range w.tray.read {
			if r.From != her || r.Body != words || r.Brand != "example" || r.Program != "alerts" || !r.At.Equal(w.Clock()) || r.Why == "" {
				t.Errorf("%q is read as %+v", words, r)
			}
		}
	}
}

// What the desk does not take comes again, and is heard once.
func TestADeskThatFails(t *testing.T) {
	w := newWorld(t)
	w.tray.full = true
	event := sns(noon, payload(string(her), alerts, "do you open on sundays?", "in-1"))
	if err := w.handler.Handle(t.Context(), event); !errors.Is(err, errBroken) {
		t.Fatalf("Handle = %v", err)
	}
	w.tray.full = false
	if err := w.handler.Handle(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	if len(w.tray.read) != 1 || len(w.Record(her).Events) != 1 {
		t.Errorf("read %d times, %d events", len(w.tray.read), len(w.Record(her).Events))
	}
}

// The desk keeps no STOP waiting: it is not asked.
func TestADeskThatFailsStopsNoSTOP(t *testing.T) {
	w := newWorld(t)
	w.tray.full = true
	w.says(her, alerts, "STOP")
	after := w.Record(her).Contact
	if _, stopped := after.StoppedAt("alerts"); !stopped {
		t.Error("not stopped")
	}
}

// AWS lets no text reach a number on its list. Who asks for help from there gets it from a person.
func TestHelpThatAWSRefusesIsRead(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "STOP")
	w.Pass(2 * time.Hour)
	w.Carrier.Answer = func(int, outbox.SMS) error {
		return &outbox.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}
	}
	w.says(her, alerts, "HELP")
	if len(w.tray.read) != 1 || w.tray.read[0].Body != "HELP" {
		t.Errorf("read %+v", w.tray.read)
	}
	messages := w.Record(her).Messages
	if last := messages[len(messages)-1]; last.Status != consent.Rejected {
		t.Errorf("the answer is on record as %s", last.Status)
	}
}

// Who said stop and writes what may be a wish to come back is not texted on a guess; a person reads it.
func TestAWishToComeBackIsRead(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "STOP")
	if back := w.says(her, alerts, "sign me up again please"); len(back) != 0 || len(w.tray.read) != 1 {
		t.Errorf("answered %q, read %+v", back, w.tray.read)
	}
}
