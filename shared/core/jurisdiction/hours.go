package jurisdiction

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// horizon is how far ahead NextOpening looks. No table forbids texts for longer in any place.
const horizon = 14 * 24 * time.Hour

const (
	minDay = day(math.MinInt32)
	maxDay = day(math.MaxInt32)
)

// Hours is when promotional texts may go to a phone that may be in certain places. It is immutable and safe for
// concurrent use. Its methods take instants: the zone of the time.Time they are given does not matter.
type Hours struct {
	rules []rule     // for explanations
	zones []zoneWeek // the same rules, merged by zone, for decisions
	caps  []Cap
	since []int64 // Unix seconds from which the cap with the same index may bind; ascending

	optOutEach bool // some place requires opt-out instructions in each text
}

// OptOutInEachText reports whether each promotional text must say how to opt out, because a place the phone may be in
// requires it. Where none does, once a month is enough (CTIA Messaging Principles).
func (h *Hours) OptOutInEachText() bool { return h.optOutEach }

// rule is one row of the tables or of the policy, in one place.
type rule struct {
	name, place string
	zones       []*zone
	reading     Reading
	calendars   []*Calendar // for Explain
	days        *dayset
	from, until day // local days, [from, until)
	citation    string
	note        string
	certainty   Certainty
}

// zoneWeek is all checks in one zone.
type zoneWeek struct {
	zone   *zone
	checks []check
}

// check is a week with its holidays and its period, in local time.
type check struct {
	ordinary    [7]Window // by weekday
	holiday     [7]Window
	days        *dayset
	from, until day
	spans       bool       // some window spans midnight
	eve         *[7]Window // windows of the day before a holiday; nil where it is like any other
}

func newCheck(r *rule) check {
	c := check{days: r.days, from: r.from, until: r.until}
	if r.reading.Eve != nil {
		c.eve = new([7]Window)
	}
	for d := range time.Weekday(7) {
		c.ordinary[d], c.holiday[d] = r.reading.on(d, false, false), r.reading.on(d, true, false)
		if c.eve != nil {
			c.eve[d] = r.reading.on(d, false, true)
		}
		c.spans = c.spans || c.ordinary[d].spansMidnight() // a holiday's window never spans midnight alone
	}
	return c
}

// compile merges the rules by zone, so that the local time is computed once for each zone, and merges rules with the
// same period and holidays.
func (h *Hours) compile() {
	for k := range h.rules {
		c := newCheck(&h.rules[k])
		for _, z := range h.rules[k].zones {
			i := slices.IndexFunc(h.zones, func(zw zoneWeek) bool { return zw.zone.sameAs(z) })
			if i < 0 {
				i = len(h.zones)
				h.zones = append(h.zones, zoneWeek{zone: z})
			}
			h.zones[i].add(c)
		}
	}
}

// add merges c into a check with the same period and holidays. Windows that span midnight are not merged: two of them
// can overlap after midnight without overlapping on the day they start. The few checks with an eve are not merged
// either. A check that another one implies is dropped.
func (zw *zoneWeek) add(c check) {
	for i := range zw.checks {
		o := &zw.checks[i]
		if o.days != c.days || o.from != c.from || o.until != c.until ||
			o.spans || c.spans || o.eve != nil || c.eve != nil {
			continue
		}
		for d := range o.ordinary {
			o.ordinary[d], o.holiday[d] = o.ordinary[d].intersect(c.ordinary[d]), o.holiday[d].intersect(c.holiday[d])
		}
		return
	}
	for i := range zw.checks {
		if zw.checks[i].implies(&c) {
			return
		}
	}
	zw.checks = append(zw.checks, c)
}

// implies reports whether c never permits what o forbids. Then o need not be checked.
func (c *check) implies(o *check) bool {
	if c.from != minDay || c.until != maxDay || c.spans || o.eve != nil {
		return false
	}
	for d := range c.ordinary {
		if w := c.ordinary[d]; w.intersect(o.ordinary[d]) != w || w.intersect(o.holiday[d]) != w {
			return false
		}
	}
	return true
}

// window returns the window of a local day.
func (c *check) window(d day) Window {
	if d < c.from || d >= c.until {
		return AllDay
	}
	if c.days.has(d) {
		return c.holiday[d.weekday()]
	}
	if c.eve != nil && c.days.has(d+1) {
		return c.eve[d.weekday()]
	}
	return c.ordinary[d.weekday()]
}

// state reports whether the check permits a local second, and until when that answer surely holds: the window's edge,
// or the next midnight where the day's window is over.
func (c *check) state(local int64) (open bool, until int64) {
	d := day(local / daySeconds)
	midnight := int64(d) * daySeconds
	second := local - midnight
	w := c.window(d)
	from, to := int64(w.From)*60, int64(w.To)*60
	if c.spans {
		if tail := int64(c.window(d-1).To-dayMinutes) * 60; second < tail {
			return true, midnight + tail
		}
	}
	switch {
	case second < from:
		return false, midnight + from
	case second < to:
		return true, midnight + to
	default:
		return false, midnight + daySeconds
	}
}

// Permitted reports whether a promotional text may go out at this instant in every place and every zone.
func (h *Hours) Permitted(at time.Time) bool {
	unix := at.Unix()
	if unix < begin || unix >= end || len(h.zones) == 0 {
		return false
	}
	for i := range h.zones {
		offset, _ := h.zones[i].zone.offset(unix)
		for j := range h.zones[i].checks {
			if open, _ := h.zones[i].checks[j].state(unix + offset); !open {
				return false
			}
		}
	}
	return true
}

// openUntil returns the Unix second until which all checks surely permit texts. It is unix itself where one forbids
// them.
func (h *Hours) openUntil(unix int64) int64 {
	until := int64(math.MaxInt64)
	for i := range h.zones {
		offset, change := h.zones[i].zone.offset(unix)
		for j := range h.zones[i].checks {
			open, edge := h.zones[i].checks[j].state(unix + offset)
			if !open {
				return unix
			}
			until = min(until, edge-offset, change)
		}
	}
	return until
}

// nextCandidate moves unix forward past the closed spans of each check in turn. No second before the one it returns
// is permitted. It returns unix itself only where all checks permit it.
func (h *Hours) nextCandidate(unix int64) int64 {
	for i := range h.zones {
		z := &h.zones[i]
		offset, change := z.zone.offset(unix)
		for j := range z.checks {
			if open, until := z.checks[j].state(unix + offset); !open {
				if unix = min(until-offset, change); unix == change {
					offset, change = z.zone.offset(unix)
				}
			}
		}
	}
	return unix
}

// NextOpening returns the first instant, at itself included, that is permitted in every place and every zone. The
// error wraps ErrNeverOpen where there is none within 14 days. No number alone has that, not even a toll-free one;
// but one has it whose owner told us of a place on the other side of the world. Such a text is refused. There is no
// fallback.
func (h *Hours) NextOpening(at time.Time) (time.Time, error) {
	if h.Permitted(at) {
		return at, nil
	}
	unix := at.Unix()
	if unix < begin || unix >= end || len(h.zones) == 0 {
		return time.Time{}, fmt.Errorf("%w: the rule tables reach from %d to %d", ErrNeverOpen, FirstYear, LastYear)
	}
	for limit := min(end, unix+int64(horizon/time.Second)); unix < limit; {
		since := unix
		if unix = h.nextCandidate(unix); unix == since {
			return time.Unix(unix, 0).UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: the hours of %s never meet", ErrNeverOpen, h.where())
}

// ClosesAt returns the end of the permitted span around at: the first instant that is no longer permitted. TimeToLive
// must not reach beyond it. It is at itself where at is not permitted, and at most 14 days away.
func (h *Hours) ClosesAt(at time.Time) time.Time {
	if !h.Permitted(at) {
		return at
	}
	limit := min(end, at.Unix()+int64(horizon/time.Second))
	unix := at.Unix()
	for until := h.openUntil(unix); until > unix && unix < limit; until = h.openUntil(unix) {
		unix = until
	}
	return time.Unix(min(unix, limit), 0).UTC()
}

// where returns the places and zones, for the error of hours that never meet.
func (h *Hours) where() string {
	var names []string
	for _, r := range h.rules {
		for _, z := range r.zones {
			if name := r.place + " (" + z.name + ")"; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ", ")
}
