package jurisdiction

import (
	"fmt"
	"time"
)

// Date is a day of the civil calendar, without time zone. The zero Date means "no bound".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2026-07-14".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf(`date %q: write it as "2026-07-14"`, s)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// DateOf is the day of an instant in UTC.
func DateOf(at time.Time) Date {
	year, month, day := at.UTC().Date()
	return Date{year, month, day}
}

// Plus is so many days later, or earlier.
func (d Date) Plus(days int) Date { return (d.day() + day(days)).date() }

// String writes the date as ParseDate reads it.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText writes the date as ParseDate reads it; the zero Date is empty text.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads a date of a policy file.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// Midnight is the instant at which the day begins in a time zone.
func (d Date) Midnight(in *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, in)
}

// IsZero says whether the date is "no bound".
func (d Date) IsZero() bool { return d == Date{} }

// day is the number of the date, counted from 1970-01-01.
func (d Date) day() day {
	return day(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

// day counts civil days from 1970-01-01, in no time zone.
type day int

func dayOf(year int, month time.Month, date int) day { return Date{year, month, date}.day() }

func (d day) date() Date {
	t := time.Unix(int64(d)*daySeconds, 0).UTC()
	return Date{t.Year(), t.Month(), t.Day()}
}

// weekday needs no calendar: 1970-01-01 was a Thursday. It is right for days after that date.
func (d day) weekday() time.Weekday { return time.Weekday((int(d) + int(time.Thursday)) % 7) }

// date writes a day of the tables and panics on a misprint, which any test of the package shows.
func date(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic("jurisdiction tables: " + err.Error())
	}
	return d
}
