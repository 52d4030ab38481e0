package jurisdiction

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/phone"
)

// Answer is what one rule says in one place, for people to read.
type Answer struct {
	Name      string
	Permitted bool
	// Until is when the answer changes: the end of the permitted span, or the rule's next opening. Zero where
	// it does not change within 14 days.
	Until     time.Time
	Because   string
	Citation  string
	Tier      Tier
	Certainty Certainty
	Note      string // doubts about the rule, and exemptions that we do not use
}

// Explain returns the answer of every rule in force, place by place, in the order country, state, brand. The text is
// permitted when all answers permit it.
func (h *Hours) Explain(at time.Time) []Answer {
	answers := make([]Answer, 0, len(h.rules))
	for _, r := range h.rules {
		if r.inForce(at) {
			answers = append(answers, r.explain(at))
		}
	}
	return answers
}

func (r rule) inForce(at time.Time) bool {
	for _, z := range r.zones {
		offset, _ := z.offset(at.Unix())
		if d := day((at.Unix() + offset) / daySeconds); d >= r.from && d < r.until {
			return true
		}
	}
	return false
}

func (r rule) explain(at time.Time) Answer {
	alone := Hours{rules: []rule{r}}
	alone.compile()
	a := Answer{
		Name: r.name, Permitted: alone.Permitted(at),
		Citation: r.citation, Tier: r.reading.Tier, Certainty: r.certainty, Note: r.note,
	}
	if a.Permitted {
		if until := alone.ClosesAt(at); until.Sub(at) < horizon {
			a.Until = until
		}
	} else if until, err := alone.NextOpening(at); err == nil {
		a.Until = until
	}
	var shut, open []string
	for _, z := range r.zones {
		said, ok := r.because(at, z)
		if ok {
			open = append(open, said)
		} else {
			shut = append(shut, said)
		}
	}
	if a.Permitted {
		a.Because = join(open)
	} else {
		a.Because = join(shut)
	}
	return a
}

// because says what the rule finds in one zone, and reports whether it permits a text there.
func (r rule) because(at time.Time, z *zone) (text string, permitted bool) {
	offset, _ := z.offset(at.Unix())
	local := at.Unix() + offset
	c := newCheck(&r)
	permitted, _ = c.state(local)
	d := day(local / daySeconds)
	minute := local % daySeconds / 60
	text = fmt.Sprintf("%02d:%02d on %s %s", minute/60, minute%60, d.weekday(), d.date())
	if name, ok := r.holiday(d); ok {
		text += " (" + name + ")"
	} else if name, ok := r.holiday(d + 1); ok && r.reading.Eve != nil {
		text += " (the day before " + name + ")"
	}
	text += " in " + z.name
	w := c.window(d)
	switch {
	case permitted:
		return text + " is within " + w.String(), true
	case w == None:
		return text + ": nothing may go out that day", false
	default:
		return text + " is outside " + w.String(), false
	}
}

func (r rule) holiday(d day) (name string, ok bool) {
	for _, cal := range r.calendars {
		if name, ok := cal.why(d); ok {
			return name, true
		}
	}
	return "", false
}

// Notes returns what people must know about places beside their hours, such as pauses that nobody announces and rules
// that could not be confirmed. Each note begins with the name of its place.
func Notes(places []phone.Place) []string {
	var notes []string
	for _, p := range places {
		entries, _ := entriesOf(p) // a country that only the policy lists has none
		for _, e := range entries {
			if e.Note == "" {
				continue
			}
			if note := e.Name + ": " + e.Note; !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
		}
	}
	return notes
}

// join joins what a rule says in each zone. It keeps the line short for a toll-free number, which has many zones.
func join(said []string) string {
	const most = 3
	if len(said) > most {
		return fmt.Sprintf("%s; and %d more zones", strings.Join(said[:most], "; "), len(said)-most)
	}
	return strings.Join(said, "; ")
}
