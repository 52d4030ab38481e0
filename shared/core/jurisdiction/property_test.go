package jurisdiction

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/zoneinfo"
)

// oracle answers by the definition: it asks the standard library for the wall clock and walks the calendars' lists. It
// shares neither offsets nor merged windows nor bits with the engine.
type oracle struct {
	rules []oracleRule
}

type oracleRule struct {
	week        Week
	friday, eve *Window
	holidays    map[Date]bool
	from, until Date
	zones       []*time.Location
}

func newOracle(t *rapid.T, p Policy, places []phone.Place) oracle {
	var o oracle
	for _, place := range places {
		var zones []*time.Location
		for _, name := range place.Zones {
			loc, err := zoneinfo.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			zones = append(zones, loc)
		}
		codes := []string{place.Country}
		if place.Country == "US" {
			codes = append(codes, "US-"+place.State)
		}
		all := map[Date]bool{}
		for _, code := range codes {
			e, ok := Lookup(code)
			if !ok {
				t.Fatalf("no entry %s", code)
			}
			days := map[Date]bool{}
			for year := 2024; e.Holidays != nil && year <= 2029; year++ {
				list, known := e.Holidays.In(year)
				for _, h := range list {
					days[h.Date], all[h.Date] = true, true
				}
				for d := time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC); !known && d.Year() == year; d = d.AddDate(0, 0, 1) {
					days[dateOf(d)], all[dateOf(d)] = true, true
				}
			}
			for _, r := range e.Rules {
				reading := r.Strict
				if p.Mode == Law {
					reading = r.Law
				}
				o.rules = append(o.rules, oracleRule{
					reading.Hours, reading.Friday, reading.Eve, days, r.From, r.Until, zones,
				})
			}
		}
		if p.Mode == Business {
			nine, ten := Window{9 * 60, 17 * 60}, Window{10 * 60, 16 * 60}
			o.rules = append(o.rules, oracleRule{week: Week{Weekday: nine, Saturday: ten}, holidays: all, zones: zones})
		}
		if p.Narrow != nil {
			o.rules = append(o.rules, oracleRule{week: *p.Narrow, holidays: all, zones: zones})
		}
	}
	return o
}

func dateOf(t time.Time) Date { return Date{t.Year(), t.Month(), t.Day()} }

func (d Date) before(o Date) bool {
	return d.Year < o.Year || d.Year == o.Year && (d.Month < o.Month || d.Month == o.Month && d.Day < o.Day)
}

// permitted asks each rule in each zone: is the wall clock inside today's window, or inside the part of yesterday's
// that reaches past midnight?
func (o oracle) permitted(at time.Time) bool {
	for _, r := range o.rules {
		for _, zone := range r.zones {
			local := at.In(zone)
			minute := local.Hour()*60 + local.Minute()
			yesterday := time.Date(local.Year(), local.Month(), local.Day()-1, 12, 0, 0, 0, time.UTC)
			if !r.contains(local, minute) && !r.contains(yesterday, minute+24*60) {
				return false
			}
		}
	}
	return true
}

func (r oracleRule) contains(on time.Time, minute int) bool {
	d := dateOf(on)
	if d.before(r.from) || !r.until.IsZero() && !d.before(r.until) {
		return minute < 24*60
	}
	w := r.week.Weekday
	if on.Weekday() == time.Saturday {
		w = r.week.Saturday
	}
	if on.Weekday() == time.Sunday {
		w = r.week.Sunday
	}
	if on.Weekday() == time.Friday && r.friday != nil {
		w = w.intersect(*r.friday)
	}
	if r.holidays[dateOf(on.AddDate(0, 0, 1))] && !r.holidays[d] && r.eve != nil {
		w = w.intersect(*r.eve)
	}
	if r.holidays[d] && (minute < r.week.Holiday.From || minute >= r.week.Holiday.To) {
		return false
	}
	return minute >= w.From && minute < w.To
}

func drawWindow(t *rapid.T, label string) Window {
	from := rapid.IntRange(0, dayMinutes-1).Draw(t, label)
	switch rapid.IntRange(0, 5).Draw(t, label+" kind") {
	case 0:
		return None
	case 1:
		return AllDay
	default:
		return Window{from, from + rapid.IntRange(1, dayMinutes).Draw(t, label+" length")}
	}
}

func drawNarrow(t *rapid.T) *Week {
	if rapid.IntRange(0, 2).Draw(t, "narrow?") > 0 {
		return nil
	}
	w := Week{drawWindow(t, "weekday"), drawWindow(t, "saturday"), drawWindow(t, "sunday"), drawWindow(t, "holiday")}
	if w.validate() != nil {
		w.Weekday = Window{9 * 60, 17 * 60}
	}
	return &w
}

// drawPlaces puts any place into any zone: the engine must be right for combinations nobody thought of.
func drawPlaces(t *rapid.T, zones []string) []phone.Place {
	var codes []string
	for _, r := range Regions() {
		for _, e := range r.Entries {
			if e.Place != "US" {
				codes = append(codes, e.Place)
			}
		}
	}
	places := make([]phone.Place, rapid.IntRange(1, 3).Draw(t, "places"))
	for i := range places {
		country, state, _ := strings.Cut(rapid.SampledFrom(codes).Draw(t, "place"), "-")
		places[i] = phone.Place{Country: country, State: state, Zones: rapid.SliceOfNDistinct(rapid.SampledFrom(zones), 1, 3, rapid.ID).Draw(t, "zones")}
	}
	return places
}

// drawInstant is any second of 2025 to 2028, half of the time within two days of a change of a zone's clocks.
func drawInstant(t *rapid.T, places []phone.Place) time.Time {
	lo, hi := int64(1735689600), int64(1861920000)
	near := rapid.SampledFrom(places).Draw(t, "near").Zones[0]
	z, err := loadZone(near)
	if err != nil {
		t.Fatal(err)
	}
	changes := slices.DeleteFunc(slices.Clone(z.starts), func(s int64) bool { return s < lo || s > hi })
	if len(changes) > 0 && rapid.Bool().Draw(t, "near a change of clocks") {
		return time.Unix(rapid.SampledFrom(changes).Draw(t, "change")+rapid.Int64Range(-172800, 172800).Draw(t, "from it"), 0)
	}
	return time.Unix(rapid.Int64Range(lo, hi).Draw(t, "at"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
}

// Never inside a forbidden minute, always the earliest opening, closing at the first forbidden minute: against a walk
// minute by minute.
func TestEngineAgainstAWalk(t *testing.T) {
	zones := phone.ZoneNames()
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{Mode: rapid.SampledFrom(Modes()).Draw(t, "mode"), Narrow: drawNarrow(t)}
		places := drawPlaces(t, zones)
		at := drawInstant(t, places)
		book, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		h, err := book.Hours(places)
		if errors.Is(err, ErrUnserved) && p.Narrow.needsHolidays() {
			t.Skip("holidays of one of the places are not in the tables")
		}
		if err != nil {
			t.Fatal(err)
		}
		o := newOracle(t, p, places)

		open := o.permitted(at)
		if h.Permitted(at) != open {
			t.Fatalf("Permitted(%s) = %t", at.UTC(), !open)
		}
		if got := allPermitted(h.Explain(at)); got != open {
			t.Fatalf("Explain(%s) permits: %t", at.UTC(), got)
		}
		// The answer can change only on a whole minute: no zone of these years has an offset with seconds.
		change := at.Truncate(time.Minute).Add(time.Minute)
		for o.permitted(change) == open && change.Sub(at) < horizon {
			change = change.Add(time.Minute)
		}
		if open {
			if next, err := h.NextOpening(at); err != nil || !next.Equal(at) {
				t.Fatalf("NextOpening(%s) = %s, %v, want the instant itself", at.UTC(), next, err)
			}
			want := change
			if limit := time.Unix(at.Unix(), 0).Add(horizon); want.After(limit) {
				want = limit
			}
			if got := h.ClosesAt(at); !got.Equal(want) {
				t.Fatalf("ClosesAt(%s) = %s, want %s", at.UTC(), got, want.UTC())
			}
			return
		}
		if got := h.ClosesAt(at); !got.Equal(at) {
			t.Fatalf("ClosesAt(%s) = %s though shut", at.UTC(), got)
		}
		got, err := h.NextOpening(at)
		switch {
		case change.Sub(at) >= horizon:
			if !errors.Is(err, ErrNeverOpen) {
				t.Fatalf("NextOpening(%s) = %s, %v, want ErrNeverOpen", at.UTC(), got, err)
			}
		case err != nil || !got.Equal(change):
			t.Fatalf("NextOpening(%s) = %s, %v, want %s", at.UTC(), got, err, change.UTC())
		}
	})
}

func allPermitted(answers []Answer) bool {
	for _, a := range answers {
		if !a.Permitted {
			return false
		}
	}
	return true
}

// Neither a brand's hours nor a listing of a known country ever opens what the tables shut, and strict never opens what
// the law shuts.
func TestNarrowingNeverWidens(t *testing.T) {
	zones := phone.ZoneNames()
	rapid.Check(t, func(t *rapid.T) {
		places := drawPlaces(t, zones)
		at := drawInstant(t, places)
		week := drawNarrow(t)
		if week == nil {
			week = &Week{AllDay, AllDay, AllDay, AllDay}
		}
		mode := rapid.SampledFrom(Modes()).Draw(t, "mode")
		permitted := func(p Policy) bool {
			book, err := New(p)
			if err != nil {
				t.Fatal(err)
			}
			h, err := book.Hours(places)
			if errors.Is(err, ErrUnserved) && p.Narrow.needsHolidays() {
				return false
			}
			if err != nil {
				t.Fatal(err)
			}
			return h.Permitted(at)
		}
		base := permitted(Policy{Mode: mode})
		narrower := Strict // than law; business is narrower still
		if mode == Business {
			narrower = Business
		}
		if permitted(Policy{Mode: Business}) && !permitted(Policy{Mode: Strict}) {
			t.Fatalf("business opens %s, which strict shuts", at.UTC())
		}
		listed := Country{Hours: *week, Holidays: []Date{date("2026-01-01")}}
		for name, p := range map[string]Policy{
			"narrow": {Mode: mode, Narrow: week},
			"listed": {Mode: mode, Countries: map[string]Country{places[0].Country: listed}},
			"strict": {Mode: narrower, Narrow: week},
		} {
			if permitted(p) && !base {
				t.Fatalf("%s opens %s, which the tables shut", name, at.UTC())
			}
		}
	})
}

// The engine's own table of offsets against the standard library's, for every zone there is.
func TestZonesAgainstTheStandardLibrary(t *testing.T) {
	for _, name := range phone.ZoneNames() {
		z, err := loadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := zoneinfo.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		var instants []int64
		for u := dayOf(2024, time.December, 1).unix(); u < dayOf(2029, time.January, 31).unix(); u += 6 * 3600 {
			instants = append(instants, u)
		}
		// The standard library's rules end each year a day early in leap years.
		for _, year := range []int{2024, 2032, 2036, 2040, 2048} {
			for u := dayOf(year, time.December, 29).unix(); u < dayOf(year+1, time.January, 3).unix(); u += 1800 {
				instants = append(instants, u)
			}
		}
		for _, s := range z.starts[1:] {
			instants = append(instants, s-1, s)
		}
		for _, u := range instants {
			_, want := time.Unix(u, 0).In(loc).Zone()
			got, until := z.offset(u)
			if got != int64(want) {
				t.Fatalf("%s at %s: offset %d, want %d", name, time.Unix(u, 0).UTC(), got, want)
			}
			if until <= u {
				t.Fatalf("%s at %s: holds until %s", name, time.Unix(u, 0).UTC(), time.Unix(until, 0).UTC())
			}
		}
	}
}
