package jurisdiction

import (
	"testing"
	"time"
)

// The churches do not compute: they read the paschal full moon of a year's golden number from a table, and Easter is
// the Sunday after.
func TestEasterByTheTablesOfTheChurches(t *testing.T) {
	march, april := func(d int) Date { return Date{0, time.March, d} }, func(d int) Date { return Date{0, time.April, d} }
	gregorian := [19]Date{ // 1900 to 2199
		april(14), april(3), march(23), april(11), march(31), april(18), april(8), march(28), april(16), april(5),
		march(25), april(13), april(2), march(22), april(10), march(30), april(17), april(7), march(27),
	}
	julian := [19]Date{
		april(5), march(25), april(13), april(2), march(22), april(10), march(30), april(18), april(7), march(27),
		april(15), april(4), march(24), april(12), april(1), march(21), april(9), march(29), april(17),
	}
	sundayAfter := func(d day) day {
		for d++; d.date().Midnight(time.UTC).Weekday() != time.Sunday; d++ {
		}
		return d
	}
	western, eastern := easter(0), orthodoxEaster(0)
	for year := 1970; year < 2100; year++ {
		moon := gregorian[year%19]
		if got, want := western(year), sundayAfter(dayOf(year, moon.Month, moon.Day)); got != want {
			t.Errorf("Easter Sunday %s, want %s", got.date(), want.date())
		}
		moon = julian[year%19] // 13 days behind the civil calendar
		if got, want := eastern(year), sundayAfter(dayOf(year, moon.Month, moon.Day)+13); got != want {
			t.Errorf("Orthodox Easter Sunday %s, want %s", got.date(), want.date())
		}
	}
	for year := 2100; year < 2200; year++ {
		moon := gregorian[year%19]
		if got, want := western(year), sundayAfter(dayOf(year, moon.Month, moon.Day)); got != want {
			t.Errorf("Easter Sunday %s, want %s", got.date(), want.date())
		}
	}
}
