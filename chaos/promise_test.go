package chaos_test

import (
	"fmt"
	"slices"
	"time"
)

// model is what docs/promises.md promises, watched from outside. It knows what everybody said and when, what was asked
// of the functions and what they answered, which texts the carrier was offered and which calls changed AWS's lists. All
// its methods are called with the world's mu held.
type model struct {
	w         *world
	words     []*said
	requests  []*asking
	choices   []*choice
	questions []*question
	offered   []*text
	campaigns []*campaign
	singles   []*campaign // texts of shops, each to one person
	reports   []report
	hurt      map[string]time.Time // when a run about a phone last met a mishap
	kept      map[string]bool      // phones AWS once refused to take off a list
	broken    []violation
}

func newModel(w *world) *model {
	return &model{w: w, hurt: map[string]time.Time{}, kept: map[string]bool{}}
}

// violation is a promise that was not kept.
type violation struct {
	Promise string // as docs/promises.md numbers it, or what it says
	What    string
}

func (v violation) String() string { return v.Promise + ": " + v.What }

func (m *model) fail(promise, format string, args ...any) {
	v := violation{promise, fmt.Sprintf(format, args...)}
	if !slices.Contains(m.broken, v) {
		m.broken = append(m.broken, v)
		m.w.tell("✗ %s", v)
	}
}

// checkFrequency counts what arrived of a topic: no more than promised in any month of four weeks, or in any week but
// an hour, and no more than three promotional texts in 24 hours.
func (m *model) checkFrequency(t *text, topic string) {
	limit, window := 2, 28*24*time.Hour
	if topic == "specials" {
		limit, window = 1, 7*24*time.Hour-time.Hour
	}
	inWindow, inDay := 0, 0
	for _, o := range m.offered {
		if o.to != t.to || !o.went() || (o == t && !t.went()) {
			continue
		}
		c := m.campaignOf(o)
		if c == nil || c.topic == "orders" || m.brandOf(o.from) != m.brandOf(t.from) {
			continue
		}
		age := t.at.Sub(o.at)
		if c.topic == topic && age < window {
			inWindow++
		}
		if age < 24*time.Hour-time.Minute {
			inDay++
		}
	}
	if inWindow > limit {
		m.fail("I7", "%s gets %s of %s within %s, and %d were promised", who(t.to), number(inWindow, "text"), topic, window, limit)
	}
	if inDay > 3 {
		m.fail("I7", "%s gets %s within a day, and the law allows 3", who(t.to), number(inDay, "promotional text"))
	}
}
