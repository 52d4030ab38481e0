package inbound

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

// errNoIdentity is why a text is kept that was sent to a number nobody knows.
var errNoIdentity = errors.New("destinationNumber is no origination identity of programs.yaml")

// errNewer has a text come again whose number or topic the programs in force by now may know.
var errNewer = errors.New("newer programs may know the number that was texted, or the topic that is confirmed")

// astray hears a text to a number programs.yaml does not have, or has no longer. Only an opt-out counts: whoever was
// texted from that number once must be able to stop it, and cannot know that it was given up (47 CFR 64.1200(a)(10),
// any reasonable means). It stops the phone at every brand it can be traced to. There is no number to answer from. All
// else, and an opt-out of somebody nobody knows, comes again where newer programs are in force, and otherwise is kept
// for a person to look at.
func (h *Handler) astray(ctx context.Context, r events.SNSEventRecord, m message) error {
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

// traced is the brands that once texted the phone from the number it texts now; where none did, all that know the
// phone.
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
