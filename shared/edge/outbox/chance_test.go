package outbox_test

import (
	"testing"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// A text is a chance to show that one reads it where such a sign could be seen: an answer, or a link of our own. Who
// was given none is never taken for somebody who does not read.
func TestWhatIsAChance(t *testing.T) {
	const (
		plain  = offer
		bare   = offer + " https://example.com/p"
		linked = offer + " {link:https://example.com/p}"
		asks   = offer + " Reply MORE for more."
	)
	for _, c := range []struct {
		signs []program.Sign
		gives map[string]bool
	}{
		{nil, map[string]bool{plain: false, bare: false, linked: true, asks: true}},
		{[]program.Sign{program.SignClick}, map[string]bool{plain: false, bare: false, linked: true, asks: false}},
		{[]program.Sign{program.SignReply}, map[string]bool{plain: false, bare: false, linked: false, asks: true}},
		{[]program.Sign{program.SignEvent}, map[string]bool{plain: false, bare: true, linked: true, asks: false}},
	} {
		for body, want := range c.gives {
			w := newWorld(t)
			w.Short = shorts{}
			w.subscribe(t)
			w.did()
			topic, _ := w.program("alerts").Topic("alerts")
			topic.Engagement.Signs = c.signs
			text := w.campaign("01KB3M8Y5T0QF2Z9W6R7C4X1VN")
			text.Body = body
			out := w.mustSend(t, text)
			if out.Sent == nil || out.Claim.Chance != want {
				t.Errorf("%v, %q: sent %t, a chance: %t, want %t", c.signs, body, out.Sent != nil, out.Claim.Chance, want)
			}
			topic.Engagement.Signs = nil
		}
	}
}

// A reminder is no such text, whatever it says: it is sent because somebody did not answer.
func TestAReminderIsNoChance(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	text := w.campaign("")
	text.Kind, text.Body = message.Reminder, offer+" Reply MORE for more."
	if out := w.mustSend(t, text); out.Sent == nil || out.Claim.Chance {
		t.Errorf("%+v", out)
	}
}
