package inbound_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
)

// Whoever has a phone number is heard, be it a landline or abroad; what has none is kept as a dead letter.
func TestSenders(t *testing.T) {
	for _, c := range []struct {
		name, from string
		heard      bool
	}{
		{"a mobile phone", "+12065550142", true},
		{"a landline that was made to text", "+442071838750", true},
		{"a toll-free number", "+18005550142", true},
		{"a country without hours", "+999123456789", true},
		{"a short code", "72345", false},
		{"a name", "EXAMPLE", false},
		{"a number without its country", "2065550142", false},
		{"digits that are no number", "+0", false},
		{"nobody", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if err := w.handler.Handle(t.Context(), sns(noon, payload(c.from, alerts, "STOP", "in-1"))); err != nil {
				t.Fatal(err)
			}
			if c.heard {
				w.Pass(time.Hour)
				w.followUp("example", phone.Number(c.from))
			}
			if heard := len(w.Carrier.Sent) == 1 && len(w.Carrier.Lists) == 1; heard != c.heard || (len(w.Queue.Jobs) == 1) == c.heard {
				t.Errorf("%d answers, %d dead letters", len(w.Carrier.Sent), len(w.Queue.Jobs))
			}
			if c.heard {
				contact := w.Proof(phone.Number(c.from)).Contact
				if _, stopped := contact.StoppedAt("alerts"); !stopped {
					t.Error("the STOP does not count")
				}
			}
		})
	}
}

// A body as long as SNS carries is read to its limit and kept to what a text can hold; it never costs more than that.
func TestHugeBodies(t *testing.T) {
	for name, body := range map[string]string{
		"64 KB of letters":   strings.Repeat("a", 64<<10),
		"64 KB of emoji":     strings.Repeat("🛑", 16<<10),
		"64 KB of STOP":      strings.Repeat("STOP ", 13<<10),
		"STOP, then 64 KB":   "STOP\n" + strings.Repeat("x", 64<<10),
		"64 KB of zero":      strings.Repeat("\x00", 64<<10),
		"64 KB not in UTF-8": strings.Repeat("\xff", 64<<10),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.says(her, alerts, "JOIN")
			w.says(her, alerts, "YES")
			back := w.says(her, alerts, body)
			r := w.Proof(her)
			kept := r.Events[len(r.Events)-1]
			if n := utf8.RuneCountInString(kept.Evidence["body"]); n > 1600 {
				t.Errorf("%d characters are kept", n)
			}
			stops := strings.Contains(body, "STOP") || strings.Contains(body, "🛑")
			if stopped := r.Contact.Subs["alerts"].State == consent.Unsubscribed; stopped != stops || len(back) > 1 {
				t.Errorf("stopped: %t, %d answers", stopped, len(back))
			}
		})
	}
}

// One event may bring several people's texts, and the same text twice.
func TestRedeliveryInOneEvent(t *testing.T) {
	w := newWorld(t)
	stop := payload(string(her), alerts, "STOP", "in-9")
	if err := w.handler.Handle(t.Context(), sns(noon, stop, stop, payload("+12125550143", orders, "HELP", "in-10"))); err != nil {
		t.Fatal(err)
	}
	if len(w.Carrier.Sent) != 2 || len(w.Proof(her).Events) != 1 {
		t.Errorf("%d answers, %d events", len(w.Carrier.Sent), len(w.Proof(her).Events))
	}
}

// AWS takes a number off its list once in 30 days: until it does, a START is on record as kept out and nobody is texted
// in vain.
func TestStartThatAWSKeepsOut(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "JOIN")
	w.says(her, alerts, "YES")
	w.says(her, alerts, "STOP")
	w.Carrier.OnList = refuses("-", outbox.ErrStaysOptedOut)
	if back := w.says(her, alerts, "START"); len(back) > 0 {
		t.Errorf("answered %q", back)
	}
	r := w.Proof(her)
	if last := r.Events[len(r.Events)-1]; last.Type != consent.KeptOut || !strings.Contains(last.Evidence["list"], "30 days") {
		t.Errorf("the last event is %+v", last)
	}
	w.Carrier.OnList = nil
	w.Pass(31 * 24 * time.Hour)
	if back := w.says(her, alerts, "START"); len(back) != 1 || !strings.HasPrefix(back[0], "Text YES to join") {
		t.Errorf("a month later: answered %q", back)
	}
}
