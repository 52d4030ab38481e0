package jurisdiction

import (
	"fmt"
	"slices"
	"time"
)

// The first and last year whose public holidays the tables know. In any other year no text is permitted, because nobody
// has checked it. New Zealand's schedule of Matariki ends in 2052.
const (
	FirstYear = 2020
	LastYear  = 2052
)

// Calendar is the public holidays of one place.
type Calendar struct {
	Name      string
	Source    Source
	Certainty Certainty
	Note      string // which days are included or left out on purpose

	years    []int // the years that the table covers; nil for all. Every day of another year counts as a holiday.
	holidays []holiday
}

// Holiday is one day on which a place has a public holiday.
type Holiday struct {
	Date Date
	Name string
}

// In returns the holidays of a year in the order of the table. ok is false where the table does not cover the year.
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

// yearsTo returns the years from 2024 to last. Tables of holidays that follow the moon or a government gazette begin
// there.
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

// holiday is a row of a calendar: a holiday, and the day on which it is observed when it falls on a weekend.
type holiday struct {
	name        string
	on          func(year int) day // zero where the year has none
	moved       func(day) day      // the day of observance; nil: never moved. The day itself counts as well.
	length      int                // days in a row; zero means one
	first, last int                // years, inclusive; zero means no bound
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

// on returns the same date of each year.
func on(month time.Month, date int) func(int) day {
	return func(year int) day { return dayOf(year, month, date) }
}

// nth returns the nth weekday of a month: nth(3, time.Monday, time.January).
func nth(n int, w time.Weekday, month time.Month) func(int) day {
	return from(w, month, 7*n-6)
}

// last returns the last weekday of a month: last(time.Monday, time.May).
func last(w time.Weekday, month time.Month) func(int) day {
	return func(year int) day {
		d := dayOf(year, month+1, 1) - 1
		return d - day((d.weekday()-w+7)%7)
	}
}

// from returns the first such weekday on or after a date.
func from(w time.Weekday, month time.Month, date int) func(int) day {
	return func(year int) day {
		d := dayOf(year, month, date)
		return d + day((w-d.weekday()+7)%7)
	}
}

// until returns the last such weekday on or before a date.
func until(w time.Weekday, month time.Month, date int) func(int) day {
	return func(year int) day {
		d := dayOf(year, month, date)
		return d - day((d.weekday()-w+7)%7)
	}
}

// plus returns the day that is a number of days after another holiday.
func plus(days int, on func(int) day) func(int) day {
	return func(year int) day { return on(year) + day(days) }
}

// dates returns days from a list. It is for holidays that follow no rule of the civil calendar, or happen once.
func dates(list ...string) func(int) day {
	days := make(map[int]day, len(list))
	for _, s := range list {
		d := date(s)
		days[d.Year] = d.day()
	}
	return func(year int) day { return days[year] }
}

// easter returns the day that is offset days after Easter Sunday of the Western churches. It computes Easter with the
// Gregorian computus in the form of Meeus, Jones and Butcher.
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

// orthodoxEaster returns the day that is offset days after Easter Sunday of the Orthodox churches. It computes Easter
// with the Julian computus of Meeus, and adds the 13 days by which the calendars differ from 1900 to 2099.
func orthodoxEaster(offset int) func(int) day {
	return func(year int) day {
		a, b, c := year%4, year%7, year%19
		d := (19*c + 15) % 30
		e := (2*a + 4*b - d + 34) % 7
		f := d + e + 114
		return dayOf(year, time.Month(f/31), f%31+1) + 13 + day(offset)
	}
}

// The rules by which a holiday that falls on a weekend is observed on another day.

// nearest is the rule of the United States: a holiday on Saturday is observed on Friday, one on Sunday on Monday (5
// U.S.C. 6103(b)).
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

// sundayToMonday moves a holiday on Sunday to Monday. One on Saturday stays.
func sundayToMonday(d day) day {
	if d.weekday() == time.Sunday {
		return d + 1
	}
	return d
}

// toMonday moves a holiday on Saturday or Sunday to Monday.
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

// sundayToSaturday moves a holiday on Sunday to Saturday. It is the rule of the Dutch King's Day.
func sundayToSaturday(d day) day {
	if d.weekday() == time.Sunday {
		return d - 1
	}
	return d
}

// twoOn moves a holiday on Saturday or Sunday by two days. It is for two holidays in a row, such as Christmas and
// Boxing Day, of which the other takes the Monday.
func twoOn(d day) day {
	if w := d.weekday(); w == time.Saturday || w == time.Sunday {
		return d + 2
	}
	return d
}

// sundayTwoOn moves a holiday on Sunday to Tuesday. It is for places where Monday is the second of two holidays in a
// row.
func sundayTwoOn(d day) day {
	if d.weekday() == time.Sunday {
		return d + 2
	}
	return d
}

// dayset holds the holidays of one or more calendars, as one bit a day.
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

// has reports whether the day is a holiday. It is false for a nil set, and for days outside the tables, which the
// engine refuses before it asks.
func (s *dayset) has(d day) bool {
	i := uint(d - firstDay)
	return s != nil && i/64 < uint(len(s.bits)) && s.bits[i/64]&(1<<(i%64)) != 0
}

// why returns the name of the holiday on a day.
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
