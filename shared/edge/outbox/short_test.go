package outbox_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

const linked = "Example Corp.: half of everything is half the price today: {link:https://example.com/sale} or {link:https://example.com/all}"

// shorts makes addresses that say whose they are.
type shorts struct{}

func (shorts) Short(key consent.Key, campaign string, place int) (string, error) {
	return fmt.Sprintf("https://go.example/%s/%s/%d", key.Phone[1:], campaign, place), nil
}

// Each person gets links of their own. The claim and the record hold the text as the campaign has it: what is said is
// the same for everybody, and the record says where a link led.
func TestACampaignsLinksAreThePersonsOwn(t *testing.T) {
	w := newWorld(t)
	w.Short = shorts{}
	waited := &partsWaited{}
	w.Pacer = waited
	w.subscribe(t)
	text := w.campaign(autumn)
	text.Body = linked
	out := w.mustSend(t, text)
	const at = "https://go.example/12065550142/" + autumn
	sent := w.carrier.sent[len(w.carrier.sent)-1].Body
	want := "Example Corp.: half of everything is half the price today: " + at + "/0 or " + at + "/1"
	notice, found := strings.CutPrefix(sent, want)
	if !found {
		t.Errorf("she got %q", sent)
	}
	if out.Sent == nil || out.Sent.Message.Body != linked+notice {
		t.Errorf("on record is %+v", out.Sent)
	}
	if cl, _ := w.claim(t, autumn); cl.Content != message.ContentHash(linked) {
		t.Error("the claim's content is not the campaign's")
	}
	if waited.parts != message.Segments(sent).Parts {
		t.Errorf("the text waited for %d parts, and has %d", waited.parts, message.Segments(sent).Parts)
	}
}

// partsWaited counts the parts that were waited for.
type partsWaited struct{ parts int }

func (p *partsWaited) Wait(_ context.Context, _ *program.Program, parts int) error {
	p.parts += parts
	return nil
}

// The mark of a link is nothing to send: where no link can be made nothing is claimed.
func TestATextWithoutItsLinksIsNotSent(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	before := len(w.carrier.sent)
	text := w.campaign(autumn)
	text.Body = linked
	if _, err := w.Send(t.Context(), w.contact(t), text); err == nil {
		t.Error("it was sent")
	}
	if _, claimed := w.claim(t, autumn); claimed || len(w.carrier.sent) != before {
		t.Errorf("claimed %v, %d texts", claimed, len(w.carrier.sent)-before)
	}
}
