package table

import (
	"errors"
	"fmt"
	"strings"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// Written is one item about a person as the table's stream tells of it: an event, a text or what a receipt said of one.
// The others are nil.
type Written struct {
	consent.Key
	Event *consent.Event
	Text  *consent.Message
	Step  *Step
}

// Step is what a receipt said of a text, or that a link in it was followed.
type Step struct {
	consent.StatusChange
	Text     string // the text's ID; empty for a click
	Campaign string // of a click: the campaign whose text it was
	ID       string // tells it from all other steps of all texts of the person
}

// ReadWritten reads an item of the stream. One of a kind that Written has no room for has a Key or none, and nothing
// else. The error names attributes, never values (I10).
func ReadWritten(m item) (Written, error) {
	r := &reader{m: m}
	owner, ok := strings.CutPrefix(r.str("pk"), contactPrefix)
	if !ok {
		return Written{}, r.fault
	}
	brand, number, ok := strings.Cut(owner, "#")
	parsed, err := phone.Parse(number)
	if !ok || err != nil {
		return Written{}, errors.New(`attribute "pk" names no person`)
	}
	w := Written{Key: consent.Key{Brand: brand, Phone: parsed}}
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
		return Written{}, fmt.Errorf("stored text: %w", r.fault)
	}
	return w, nil
}
