package inbound

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

// errNoIdentity is the reason of a dead letter for a text to a number that is not in programs.yaml.
var errNoIdentity = errors.New("destinationNumber is no origination identity of programs.yaml")

// errNewer makes SNS send a text again, because newer programs may know its number or topic.
var errNewer = errors.New("newer programs may know the number that was texted, or the topic that is confirmed")

// unknownNumber handles a text to a number that is not, or is no longer, in programs.yaml. Only an opt-out counts: a
// person who was once texted from that number must be able to stop it, and cannot know that the number was given up
// (47 CFR 64.1200(a)(10), any reasonable means). It stops the phone at every brand that traced returns. No reply is
// sent, because there is no number to send it from.
//
// Any other text, and an opt-out from a phone that no brand knows, comes again where newer programs are in force.
// Otherwise it goes to the dead letters, for a person to look at.
func (h *Handler) unknownNumber(ctx context.Context, r events.SNSEventRecord, m message) error {
	known, err := h.traced(ctx, m)
	if err != nil {
		return err
	}
	stopped := false
	for _, brand := range known {
		intent := meaning(brand, &program.Program{}, m)
		if !stops(intent) {
			continue
		}
		if err := h.change(ctx, m, brand, nil, intent); err != nil {
			return err
		}
		stopped = true
	}
	if !stopped && h.Newer != nil && h.Newer(ctx) {
		return errNewer
	}
	if !stopped {
		return h.setAside(ctx, r, errNoIdentity)
	}
	h.Log.WarnContext(ctx, "an opt-out came to a number that programs.yaml no longer has", "sns", r.SNS.MessageID)
	h.Metrics.Count("OptOutAstray", 1)
	return nil
}

// traced returns the brands that once texted the phone from the number it now texts. Where there are none, it returns
// all brands that know the phone.
func (h *Handler) traced(ctx context.Context, m message) ([]*program.Brand, error) {
	var known, texted []*program.Brand
	for i := range h.Catalog.Brands {
		brand := &h.Catalog.Brands[i]
		person, err := h.Records.Person(ctx, consent.Key{Brand: brand.ID, Phone: m.from})
		if err != nil {
			return nil, fmt.Errorf("look for the phone at brand %s: %w", brand.ID, err)
		}
		if person.Contact.Version == 0 {
			continue
		}
		known = append(known, brand)
		for j := range person.Messages {
			if person.Messages[j].Identity == m.To {
				texted = append(texted, brand)
				break
			}
		}
	}
	if len(texted) > 0 {
		return texted, nil
	}
	return known, nil
}
