package jurisdiction

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// horizon is how far ahead an opening is looked for. No table shuts a place for longer.
const horizon = 14 * 24 * time.Hour

const (
	minDay = day(math.MinInt32)
	maxDay = day(math.MaxInt32)
)

// Hours is when promotional texts may go to a phone that may be in certain places. It is immutable and safe for
// concurrent use. Its methods take instants: the zone of the time.Time they are given does not matter.
type Hours struct {
	rules []rule     // as they are explained
	zones []zoneWeek // the same, merged by zone, as they are decided
	caps  []Cap
	since []int64 // the Unix second from which the cap of the same index may bind; ascending

	optOutEach bool // some place asks for an opt-out instruction in each text
}

// OptOutInEachText says whether each promotional text must tell how to opt out, because a place the phone may be in
// asks for it. Where none does, telling it once a month is enough (CTIA Messaging Principles).
func (h *Hours) OptOutInEachText() bool { return h.optOutEach }

// rule is one row of the tables or of the policy, as it binds in one place.
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

// zoneWeek is everything that binds in one zone.
type zoneWeek struct {
	zone   *zone
	checks []check
}

// check is one week with its holidays and its period, in local time.
type check struct {
	ordinary    [7]Window // by weekday
	holiday     [7]Window
	days        *dayset
	from, until day
	spans       bool       // some window spans midnight
	eve         *[7]Window // of the day before a holiday; nil: a day like others
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
		c.spans = c.spans || c.ordinary[d].spansMidnight() // as those of holidays do only with it
	}
	return c
}

// compile merges the rules by zone, so that each zone's local time is worked out once, and rules with the same period
// and holidays become one.
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

// add merges c into a check of the same period and holidays. Windows that span midnight are left apart: what two of
// them have in common after midnight is not what they have in common on the day they start. So are the few that know
// the eves of holidays. What another check implies is left out.
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

// implies says whether a check of all times permits nothing, on any day, that o forbids: then o need not be asked.
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

// window is that of the local day d.
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

// state says whether the check permits a local second, and until which later one that answer surely holds: a window's
// edge, or the next midnight where the day's window is over.
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

// Permitted says whether a promotional text may go out at this instant in every place and every zone.
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

// openUntil is the Unix second until which everything surely permits, unix itself where something does not.
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

// later asks each check in turn, and goes on to where one that is closed may open before it asks the next. Nothing
// permits before the second it returns, which is unix itself only where everything does.
func (h *Hours) later(unix int64) int64 {
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

// NextOpening is the first instant, at itself included, at which every place and every zone permits. The error wraps
// ErrNeverOpen where there is none within 14 days: no number is so by itself, toll-free ones included, but one whose
// owner told us of a place at the other end of the day may be. Such a text is refused; there is no fallback.
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
		if unix = h.later(unix); unix == since {
			return time.Unix(unix, 0).UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: the hours of %s never meet", ErrNeverOpen, h.where())
}

// ClosesAt is the end of the permitted span that at lies in, the first instant no longer permitted: what TimeToLive
// must not outlast. It is at itself where at is not permitted, and at most 14 days away.
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

// where names the places and zones, for the error of hours that never meet.
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
