package outbox_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
)

// The opt-out notice is added for those who were not told for a month, and for nobody else (CTIA Messaging Principles
// 5.1.3).
func TestTheOptOutNoticeIsAddedWhereItIsNeeded(t *testing.T) {
	const day = 24 * time.Hour
	for name, tc := range map[string]struct {
		after time.Duration // since the welcome, which told
		body  string
		want  string
		reads string // the person's language
	}{
		"told lately":        {7 * day, offer, offer, ""},
		"told long ago":      {35 * day, offer, offer + " Reply STOP to unsubscribe.", ""},
		"reads Spanish":      {35 * day, offer, offer + " Responde STOP para cancelar.", "es-US"},
		"the text tells":     {35 * day, offer + " Text STOP to end.", offer + " Text STOP to end.", ""},
		"the word by itself": {35 * day, "Example Corp.: stop by on Friday", "Example Corp.: stop by on Friday Reply STOP to unsubscribe.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribeReading(t, tc.reads)
			w.pass(tc.after)
			text := w.campaign(autumn)
			text.Body, text.Expires = tc.body, w.now().Add(day)
			out := w.mustSend(t, text)
			if len(w.carrier.sent) != 1 {
				t.Fatalf("not sent: %+v", out.Decision)
			}
			got := w.carrier.sent[0].Body
			if got != tc.want {
				t.Errorf("sent %q, want %q", got, tc.want)
			}
			cl, _ := w.claim(t, autumn)
			if added := got != tc.body; (cl.Notice != "") != added || added && tc.body+message.OptOutNotice(w.brand(), cl.Notice) != got {
				t.Errorf("the claim names a notice in %q", cl.Notice)
			}
			if told := message.HasOptOut(got); cl.OptOut != told {
				t.Errorf("the claim says told %t, the text %t", cl.OptOut, told)
			}
			if cl.Content != message.ContentHash(tc.body) {
				t.Error("the notice made another content of the text: the cross-channel rule would miss it")
			}
		})
	}
}

// Whoever was only told of the texts is told how to stop with the first of them, and again a month later; whoever said
// YES was told by the question.
func TestTheFirstTextAfterATellingTellsHowToStop(t *testing.T) {
	const shipped, day = "Example Corp.: your order has shipped.", 24 * time.Hour
	w := newWorld(t)
	topic := &w.program("orders").Topics[0]
	text := func() string {
		w.carrier.sent = nil
		w.mustSend(t, outbox.Text{Kind: message.Transactional, Program: w.program("orders"), Topic: "orders", Body: shipped})
		if len(w.carrier.sent) != 1 {
			t.Fatal("not sent")
		}
		return w.carrier.sent[0].Body
	}
	request := func(c consent.Contact) consent.Change {
		return c.Request(consent.Request{
			At: w.now(), Source: consent.SourceAPI, Topics: []program.Topic{*topic}, Terms: w.Catalog.SignUp, ToldAt: w.now(),
			Evidence: map[string]string{"at": "2026-11-24", "source": "checkout", "disclosure": "We text you when it ships."},
		})
	}
	topic.Told = true
	if _, err := w.Change(t.Context(), key, request); err != nil {
		t.Fatal(err)
	}
	notice := message.OptOutNotice(w.brand(), "en-US")
	for i, want := range []string{shipped + notice, shipped, shipped, shipped, shipped + notice} {
		if got := text(); got != want {
			t.Errorf("text %d is %q, want %q", i, got, want)
		}
		w.pass(8 * day)
	}
	w.record(t)
}
