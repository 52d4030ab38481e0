package jurisdiction

import (
	"fmt"
	"slices"
	"time"
)

// The tables know the public holidays of these years. In any other year every day counts as a holiday, and no text is
// permitted at all: nobody has checked those years, New Zealand's schedule of Matariki ends in 2052.
const (
	FirstYear = 2020
	LastYear  = 2052
)

// Calendar is the public holidays of one place, with its source.
type Calendar struct {
	Name      string
	Source    Source
	Certainty Certainty
	Note      string // what is counted on purpose, and what is not

	years    []int // that the table covers; nil: all. A year outside it counts as one long holiday.
	holidays []holiday
}

// Holiday is one day on which a place has a public holiday.
type Holiday struct {
	Date Date
	Name string
}

// In lists the holidays of a year in the order of the table. ok is false where the table does not cover the year.
func (c *Calendar) In(year int) (days []Holiday, ok bool) {
	if !c.covers(year) {
		return nil, false
	}
	for _, h := range c.holidays {
		// A holiday may be observed in the year before or after its own: 1 January 2028 is a Saturday.
		for y := year - 1; y <= year+1; y++ {
			for _, d := range h.in(y) {
				if date := d.date(); date.Year == year {
					days = append(days, Holiday{date, h.name})
				}
			}
		}
	}
	return days, true
}

// yearsTo lists the years of a table whose feasts follow the moon or the gazette, from 2024 on.
func yearsTo(last int) []int {
	var years []int
	for y := 2024; y <= last; y++ {
		years = append(years, y)
	}
	return years
}

func (c *Calendar) covers(year int) bool {
	return year >= FirstYear && year <= LastYear && (c.years == nil || slices.Contains(c.years, year))
}

// holiday is one line of a calendar: a day of each year, and the day it is moved to when that falls on a weekend.
type holiday struct {
	name        string
	on          func(year int) day // zero: not in this year
	moved       func(day) day      // nil: never moved. The day itself counts as well: texting on it would be no kinder.
	length      int                // days in a row; zero: one
	first, last int                // years, inclusive; zero: no bound
}

func (h holiday) in(year int) []day {
	if year < h.first || h.last != 0 && year > h.last {
		return nil
	}
	d := h.on(year)
	if d == 0 {
		return nil
	}
	days := []day{d}
	if h.moved != nil {
		if m := h.moved(d); m != d {
			days = append(days, m)
		}
	}
	for i := 1; i < h.length; i++ {
		days = append(days, d+day(i))
	}
	return days
}

// on is the same date every year.
func on(month time.Month, date int) func(int) day {
	return func(year int) day { return dayOf(year, month, date) }
}

// nth is the nth weekday of a month: nth(3, time.Monday, time.January).
func nth(n int, w time.Weekday, month time.Month) func(int) day {
	return from(w, month, 7*n-6)
}

// last is the last weekday of a month: last(time.Monday, time.May).
func last(w time.Weekday, month time.Month) func(int) day {
	return func(year int) day {
		d := dayOf(year, month+1, 1) - 1
		return d - day((d.weekday()-w+7)%7)
	}
}

// from is the first such weekday on or after a date.
func from(w time.Weekday, month time.Month, date int) func(int) day {
	return func(year int) day {
		d := dayOf(year, month, date)
		return d + day((w-d.weekday()+7)%7)
	}
}

// until is the last such weekday on or before a date.
func until(w time.Weekday, month time.Month, date int) func(int) day {
	return func(year int) day {
		d := dayOf(year, month, date)
		return d - day((d.weekday()-w+7)%7)
	}
}

// plus is some days after another holiday.
func plus(days int, on func(int) day) func(int) day {
	return func(year int) day { return on(year) + day(days) }
}

// dates is a table of days that follow no rule of the civil calendar, or happen once.
func dates(list ...string) func(int) day {
	days := make(map[int]day, len(list))
	for _, s := range list {
		d := date(s)
		days[d.Year] = d.day()
	}
	return func(year int) day { return days[year] }
}

// easter is some days after Easter Sunday of the Western churches: the Gregorian computus in the form of Meeus,
// Jones and Butcher.
func easter(offset int) func(int) day {
	return func(year int) day {
		a, b, c := year%19, year/100, year%100
		d, e := b/4, b%4
		g := (8*b + 13) / 25
		h := (19*a + b - d - g + 15) % 30
		i, k := c/4, c%4
		l := (32 + 2*e + 2*i - h - k) % 7
		m := (a + 11*h + 19*l) / 433
		month := (h + l - 7*m + 90) / 25
		return dayOf(year, time.Month(month), (h+l-7*m+33*month+19)%32) + day(offset)
	}
}

// orthodoxEaster is some days after Easter Sunday of the Orthodox churches: the Julian computus of Meeus, moved to the
// Gregorian calendar by the 13 days that part the two from 1900 to 2099.
func orthodoxEaster(offset int) func(int) day {
	return func(year int) day {
		a, b, c := year%4, year%7, year%19
		d := (19*c + 15) % 30
		e := (2*a + 4*b - d + 34) % 7
		f := d + e + 114
		return dayOf(year, time.Month(f/31), f%31+1) + 13 + day(offset)
	}
}

// The ways in which a holiday that falls on a weekend is observed on another day.

// nearest is the United States' rule: Saturday's holiday is observed on Friday, Sunday's on Monday (5 U.S.C. 6103(b)).
func nearest(d day) day {
	switch d.weekday() {
	case time.Saturday:
		return d - 1
	case time.Sunday:
		return d + 1
	default:
		return d
	}
}

// sundayToMonday leaves Saturday's holiday where it is.
func sundayToMonday(d day) day {
	if d.weekday() == time.Sunday {
		return d + 1
	}
	return d
}

// toMonday moves the holidays of both weekend days to Monday.
func toMonday(d day) day {
	switch d.weekday() {
	case time.Saturday:
		return d + 2
	case time.Sunday:
		return d + 1
	default:
		return d
	}
}

// sundayToSaturday is the rule of the Dutch King's Day.
func sundayToSaturday(d day) day {
	if d.weekday() == time.Sunday {
		return d - 1
	}
	return d
}

// twoOn moves the holidays of both weekend days two days on: the rule of two holidays in a row (Christmas and Boxing
// Day, 1 and 2 January), of which the other takes the Monday.
func twoOn(d day) day {
	if w := d.weekday(); w == time.Saturday || w == time.Sunday {
		return d + 2
	}
	return d
}

// sundayTwoOn moves Sunday's holiday to Tuesday: where Monday is the second of two holidays in a row.
func sundayTwoOn(d day) day {
	if d.weekday() == time.Sunday {
		return d + 2
	}
	return d
}

// dayset holds the holidays of one or several calendars for the engine: a bit a day.
type dayset struct {
	bits [((LastYear-FirstYear+1)*366 + 63) / 64]uint64
}

func newDayset(calendars ...*Calendar) *dayset {
	s := new(dayset)
	for _, c := range calendars {
		for year := FirstYear; year <= LastYear; year++ {
			holidays, ok := c.In(year)
			for _, h := range holidays {
				s.add(h.Date.day())
			}
			for d := dayOf(year, time.January, 1); !ok && d < dayOf(year+1, time.January, 1); d++ {
				s.add(d)
			}
		}
	}
	return s
}

var firstDay = dayOf(FirstYear, time.January, 1)

func (s *dayset) add(d day) {
	i := uint(d - firstDay)
	s.bits[i/64] |= 1 << (i % 64)
}

// has is false for a nil set and for days outside the tables, which the engine refuses before it asks.
func (s *dayset) has(d day) bool {
	i := uint(d - firstDay)
	return s != nil && i/64 < uint(len(s.bits)) && s.bits[i/64]&(1<<(i%64)) != 0
}

// why names the holiday for Explain.
func (c *Calendar) why(d day) (string, bool) {
	date := d.date()
	days, ok := c.In(date.Year)
	if !ok {
		return fmt.Sprintf("a day of %d, whose public holidays are not in the tables", date.Year), true
	}
	for _, h := range days {
		if h.Date == date {
			return h.Name, true
		}
	}
	return "", false
}
