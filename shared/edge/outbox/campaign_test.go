package outbox_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
)

// What goes out for a campaign is what the campaign says, under its topic's program; a brand or a topic that is gone
// from programs.yaml sends nothing.
func TestTextOfACampaign(t *testing.T) {
	w := newWorld(t)
	c := campaign.Campaign{
		ID: autumn, Brand: "example", Topic: "orders", Text: offer, At: noon, Expires: noon.Add(time.Hour), Digest: true,
		Content: "autumn-sale", Vouched: message.Vouched{NotMarketing: "Ana Perez"},
	}
	text, err := outbox.TextOf(w.Catalog, c)
	if err != nil {
		t.Fatal(err)
	}
	want := outbox.Text{
		Kind: message.Transactional, Program: w.program("orders"), Topic: "orders", Campaign: autumn,
		Content: message.ContentHash(offer), Opens: c.At, Expires: c.Expires, Digest: true, Shared: "autumn-sale",
		Vouched: c.Vouched,
	}
	same := cmp.Comparer(func(a, b *program.Program) bool { return a == b })
	if diff := cmp.Diff(want, text, same, cmpopts.IgnoreFields(outbox.Text{}, "Due")); diff != "" {
		t.Error(diff)
	}
	for name, gone := range map[string]campaign.Campaign{
		"a brand": {Brand: "gone", Topic: "alerts"}, "a topic": {Brand: "example", Topic: "gone"},
	} {
		if text, err := outbox.TextOf(w.Catalog, gone); !errors.Is(err, outbox.ErrNoTopic) || text.Program != nil {
			t.Errorf("%s that is gone: %v", name, err)
		}
	}
}
