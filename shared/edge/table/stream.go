package table

import (
	"errors"
	"fmt"
	"strings"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// StreamItem is one item about a person, as it comes in the table's stream. At most one of Event, Text and Step is set.
type StreamItem struct {
	consent.Key
	Event *consent.Event
	Text  *consent.Message
	Step  *Step
}

// Step is what a receipt said about a text, or a click on a link in it.
type Step struct {
	consent.StatusChange
	Text     string // the text's ID; empty for a click
	Campaign string // the campaign whose text was clicked; empty for a receipt
	ID       string // unique among the steps of all texts of the person
}

// ReadStreamItem decodes an item from the stream. For an item that is not about a person everything is zero; for a kind
// that has no field here only Key is set. The error names attributes, never values (I10).
func ReadStreamItem(m item) (StreamItem, error) {
	r := &reader{m: m}
	owner, ok := strings.CutPrefix(r.str("pk"), contactPrefix)
	if !ok {
		return StreamItem{}, r.fault
	}
	brand, number, ok := strings.Cut(owner, "#")
	parsed, err := phone.Parse(number)
	if !ok || err != nil {
		return StreamItem{}, errors.New(`attribute "pk" names no person`)
	}
	w := StreamItem{Key: consent.Key{Brand: brand, Phone: parsed}}
	sk := r.str("sk")
	switch {
	case strings.HasPrefix(sk, eventPrefix):
		e, err := decodeEvent(m)
		w.Event = &e
		return w, err
	case strings.HasPrefix(sk, messagePrefix):
		name := strings.TrimPrefix(sk, messagePrefix)
		if id, _, isStep := strings.Cut(name, "#"); isStep {
			w.Step = &Step{StatusChange: readStep(r), Text: id, ID: name}
		} else {
			text := decodeMessage(r)
			w.Text = &text
		}
	case strings.HasPrefix(sk, clickPrefix):
		w.Step = &Step{StatusChange: readStep(r), Campaign: strings.TrimPrefix(sk, clickPrefix), ID: sk}
	}
	if r.fault != nil {
		return StreamItem{}, fmt.Errorf("stored text: %w", r.fault)
	}
	return w, nil
}
