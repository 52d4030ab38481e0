package jurisdiction

import (
	"fmt"
	"time"
)

// Date is a day of the civil calendar, without a time zone. The zero Date means "no bound".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate parses "2026-07-14".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf(`date %q: write it as "2026-07-14"`, s)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// DateOf returns the day of an instant in UTC.
func DateOf(at time.Time) Date {
	year, month, day := at.UTC().Date()
	return Date{year, month, day}
}

// Plus returns the date that is a number of days later, or earlier where days is negative.
func (d Date) Plus(days int) Date { return (d.day() + day(days)).date() }

// String returns the date in the form that ParseDate parses.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText returns the date in the form that ParseDate parses; empty for the zero Date.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText parses a date with ParseDate.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// Midnight returns the instant at which the day begins in a time zone.
func (d Date) Midnight(in *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, in)
}

// IsZero reports whether the date means "no bound".
func (d Date) IsZero() bool { return d == Date{} }

// day returns the number of days since 1970-01-01.
func (d Date) day() day {
	return day(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

// day is a civil day, counted from 1970-01-01, without a time zone.
type day int

func dayOf(year int, month time.Month, date int) day { return Date{year, month, date}.day() }

func (d day) date() Date {
	t := time.Unix(int64(d)*daySeconds, 0).UTC()
	return Date{t.Year(), t.Month(), t.Day()}
}

// weekday counts from 1970-01-01, which was a Thursday. It is only right for later days.
func (d day) weekday() time.Weekday { return time.Weekday((int(d) + int(time.Thursday)) % 7) }

// date parses a day of the tables. It panics on a misprint, which any test of the package would show.
func date(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic("jurisdiction tables: " + err.Error())
	}
	return d
}
