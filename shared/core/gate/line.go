package gate

import (
	"fmt"
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
)

// Line is one rule's answer for people and other systems to read.
type Line struct {
	Name      string     `json:"name"`
	Answer    string     `json:"answer"` // allow, defer or refuse
	Until     *time.Time `json:"until"`  // UTC
	Because   string     `json:"because"`
	Citation  string     `json:"citation"`
	Tier      string     `json:"tier"`
	Certainty string     `json:"certainty"`

	Place bool   `json:"-"` // one of a place's, of which a phone that may be anywhere has a hundred
	Note  string `json:"-"` // doubts, and exemptions that are not used
}

// Lines returns the answer of every rule that applies to a text of that kind, in order. The rule about hours is
// followed by those of each place, which it combines. p is the person it was decided about, and at the time.
func (d *Decision) Lines(p Person, kind message.Kind, at time.Time) []Line {
	var lines []Line
	for _, e := range d.Explain(kind) {
		if !e.Applies {
			continue
		}
		lines = append(lines, Line{
			Name:      e.Rule.Name,
			Answer:    e.Answer.Verdict.String(),
			Until:     instant(e.Answer.Until),
			Because:   e.Answer.Because,
			Citation:  e.Rule.Citation,
			Tier:      string(e.Rule.Tier),
			Certainty: string(e.Rule.Certainty),
		})
		if e.Rule.Name == PermittedHours && p.Hours != nil {
			lines = append(lines, HourLines(p.Hours, at)...)
		}
	}
	return lines
}

// HourLines returns the answers of every rule about hours, then of every cap.
func HourLines(h *jurisdiction.Hours, at time.Time) []Line {
	var lines []Line
	for _, a := range h.Explain(at) {
		answer := Allow
		if !a.Permitted {
			answer = Defer
		}
		lines = append(lines, Line{
			Name:      a.Name,
			Answer:    answer.String(),
			Until:     instant(a.Until),
			Because:   a.Because,
			Citation:  a.Citation,
			Tier:      string(a.Tier),
			Certainty: string(a.Certainty),
			Place:     true,
			Note:      a.Note,
		})
	}
	for _, c := range h.Caps(at) {
		lines = append(lines, Line{
			Name:      "cap " + c.Place,
			Answer:    Allow.String(),
			Because:   fmt.Sprintf("at most %d promotional texts in any %g hours", c.Limit, c.Window.Hours()),
			Citation:  c.Citation,
			Tier:      string(c.Tier),
			Certainty: string(c.Certainty),
			Place:     true,
			Note:      c.Note,
		})
	}
	return lines
}

// instant returns the time in UTC, nil for a zero one.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
