package jurisdiction

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"smsconsent/shared/core/phone"
)

// Book is the rule tables under one policy. It is safe for concurrent use.
type Book struct {
	policy Policy

	mu    sync.RWMutex // guards the caches
	zones map[string]*zone
	days  map[string]*dayset
}

// New returns the tables under a policy. The error names the policy's field that is wrong.
func New(p Policy) (*Book, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if p.Mode == "" {
		p.Mode = Strict
	}
	return &Book{policy: p, zones: map[string]*zone{}, days: map[string]*dayset{}}, nil
}

// Mode returns the mode of the book's policy.
func (b *Book) Mode() Mode { return b.policy.Mode }

// Hours returns the hours for a phone that may be in any of the places. A text must be permitted in all of them, in
// every one of their zones. The error wraps ErrUnserved where a place has no rules. An unknown time zone is an error
// too. It takes microseconds, so callers should keep the result.
func (b *Book) Hours(places []phone.Place) (*Hours, error) {
	if len(places) == 0 {
		return nil, fmt.Errorf("no place is known for the phone: %w", ErrUnserved)
	}
	h := &Hours{}
	if b.policy.Mode != Law {
		h.addCap(defaultCap, begin)
	}
	for _, p := range places {
		if err := b.add(h, p); err != nil {
			return nil, err
		}
	}
	h.compile()
	return h, nil
}

// add adds the rules of one place to h.
func (b *Book) add(h *Hours, p phone.Place) error {
	if len(p.Zones) == 0 {
		return fmt.Errorf("no time zone is known for %s: %w", code(p), ErrUnserved)
	}
	zones := make([]*zone, len(p.Zones))
	for i, name := range p.Zones {
		z, err := b.zone(name)
		if err != nil {
			return fmt.Errorf("place %s: %w", code(p), err)
		}
		zones[i] = z
	}
	entries, err := entriesOf(p)
	own, listed := b.policy.Countries[p.Country]
	if err != nil && !listed {
		return err
	}
	if len(entries) == 0 || !entries[0].OptOutMonthly {
		h.optOutEach = true
	}
	var calendars []*Calendar
	for _, e := range entries {
		if e.Holidays != nil {
			calendars = append(calendars, e.Holidays)
		}
		for i := range e.Rules {
			h.rules = append(h.rules, b.rule(e, &e.Rules[i], zones))
		}
		for _, c := range e.Caps {
			c.Place = e.Place
			h.addCap(c, c.since(zones))
		}
	}
	if listed {
		c := own.calendar(p.Country)
		if c != nil {
			calendars = append(calendars, c)
		}
		r := b.policyRule(own.Hours, p.Country, zones, listOf(c))
		r.name, r.citation, r.certainty = "hours listed for "+p.Country, "the policy's list of countries", General
		h.rules = append(h.rules, r)
	}
	if b.policy.Mode == Business {
		if err := checkHolidays(calendars, businessHours, "policy business", p.Country); err != nil {
			return err
		}
		r := b.policyRule(businessHours, code(p), zones, calendars)
		r.name, r.citation = "business hours in "+code(p), "policy business: normal daytime business hours"
		h.rules = append(h.rules, r)
	}
	if n := b.policy.Narrow; n != nil {
		if err := checkHolidays(calendars, *n, "the brand", p.Country); err != nil {
			return err
		}
		r := b.policyRule(*n, code(p), zones, calendars)
		r.name, r.citation = "hours of the brand in "+code(p), "the brand's own narrower hours"
		h.rules = append(h.rules, r)
	}
	return nil
}

// policyRule returns the rule for a week that the policy sets for one place. It has no first or last day.
func (b *Book) policyRule(week Week, place string, zones []*zone, calendars []*Calendar) rule {
	r := rule{
		place:     place,
		zones:     zones,
		reading:   Reading{Hours: week, Tier: TierDefault},
		calendars: calendars,
		from:      minDay,
		until:     maxDay,
		certainty: Found,
	}
	if week.needsHolidays() {
		r.days = b.dayset(calendars)
	}
	return r
}

// checkHolidays returns an error where a week differs on holidays, but the holidays are not known.
func checkHolidays(calendars []*Calendar, week Week, whose, country string) error {
	if !week.needsHolidays() || len(calendars) > 0 {
		return nil
	}
	return fmt.Errorf(
		"%s has hours for holidays, but those of %s are not in the tables: %w; list the country with holiday_dates",
		whose, country, ErrUnserved,
	)
}

// rule returns one row of the tables under the book's mode.
func (b *Book) rule(e *Entry, r *Rule, zones []*zone) rule {
	reading := &r.Strict
	if b.policy.Mode == Law {
		reading = &r.Law
	}
	out := rule{
		name:      "hours " + e.Place,
		place:     e.Place,
		zones:     zones,
		reading:   *reading,
		calendars: listOf(e.Holidays),
		from:      minDay,
		until:     maxDay,
		citation:  r.Citation,
		note:      r.Note,
		certainty: r.Certainty,
	}
	if reading.needsHolidays() {
		out.days = b.dayset(out.calendars)
	}
	if !r.From.IsZero() {
		out.from = r.From.day()
	}
	if !r.Until.IsZero() {
		out.until = r.Until.day()
	}
	return out
}

// entriesOf returns the entries that bind in a place: the country's and, in the United States, the state's. Where the
// state is unknown, the rules of every state bind.
func entriesOf(p phone.Place) ([]*Entry, error) {
	country, ok := lookup(p.Country)
	if !ok {
		return nil, fmt.Errorf("country %q: %w; list it in the policy with hours of its own", p.Country, ErrUnserved)
	}
	if p.Country != "US" {
		return []*Entry{country}, nil
	}
	if p.State == "" {
		entries := []*Entry{country}
		for i := range usStates {
			entries = append(entries, &usStates[i])
		}
		return entries, nil
	}
	state, ok := lookup(code(p))
	if !ok {
		return nil, fmt.Errorf("US state %q: %w", p.State, ErrUnserved)
	}
	return []*Entry{country, state}, nil
}

// calendar returns the calendar of the listed holidays; nil where none are listed.
func (c Country) calendar(code string) *Calendar {
	if len(c.Holidays) == 0 {
		return nil
	}
	return listedCalendar(code, c.Holidays)
}

func listOf(c *Calendar) []*Calendar {
	if c == nil {
		return nil
	}
	return []*Calendar{c}
}

func code(p phone.Place) string {
	if p.State == "" {
		return p.Country
	}
	return p.Country + "-" + p.State
}

func (b *Book) zone(name string) (*zone, error) {
	b.mu.RLock()
	z, ok := b.zones[name]
	b.mu.RUnlock()
	if ok {
		return z, nil
	}
	z, err := loadZone(name)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if known, ok := b.zones[name]; ok {
		return known, nil
	}
	b.zones[name] = z
	return z, nil
}

// dayset returns the days of the calendars; nil where there are none.
func (b *Book) dayset(calendars []*Calendar) *dayset {
	if len(calendars) == 0 {
		return nil
	}
	names := make([]string, len(calendars))
	for i, c := range calendars {
		names[i] = c.Name
	}
	slices.Sort(names)
	key := strings.Join(slices.Compact(names), "|")
	b.mu.RLock()
	s, ok := b.days[key]
	b.mu.RUnlock()
	if ok {
		return s
	}
	s = newDayset(calendars...)
	b.mu.Lock()
	defer b.mu.Unlock()
	if known, ok := b.days[key]; ok {
		return known
	}
	b.days[key] = s
	return s
}
