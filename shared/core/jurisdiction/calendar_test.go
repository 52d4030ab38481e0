package jurisdiction

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// nationalDays is a day of 2026 in each country on which its offices are closed as everybody there knows, taken from no
// table of ours: the day of its independence, revolution, republic or patron.
var nationalDays = map[string]string{
	"US": "07-04", "CA": "07-01", "MX": "09-16", "BR": "09-07", "AR": "07-09", "CL": "09-18", "CO": "07-20", "PE": "07-28",
	"GB": "12-25", "IE": "03-17", "FR": "07-14", "BE": "07-21", "NL": "04-27", "LU": "06-23", "DE": "10-03", "AT": "10-26",
	"CH": "08-01", "IT": "06-02", "ES": "10-12", "PT": "06-10", "MT": "09-21", "GR": "03-25", "CY": "10-01",
	"DK": "05-25", "NO": "05-17", "SE": "06-06", "FI": "12-06", "IS": "06-17", "EE": "02-24", "LV": "11-18", "LT": "02-16",
	"PL": "11-11", "CZ": "10-28", "SK": "08-29", "HU": "08-20", "RO": "12-01", "BG": "03-03", "HR": "05-30", "SI": "06-25",
	"UA": "08-24", "TR": "10-29", "IL": "04-22", "SA": "09-23", "AE": "12-02", "EG": "07-23", "ZA": "04-27", "KE": "12-12",
	"NG": "10-01", "IN": "08-15", "SG": "08-09", "MY": "08-31", "ID": "08-17", "TH": "12-05", "VN": "09-02", "PH": "06-12",
	"HK": "07-01", "TW": "10-10", "KR": "08-15", "JP": "02-11", "AU": "01-26", "NZ": "02-06",
}

func TestNationalDays(t *testing.T) {
	for _, r := range Regions() {
		for _, e := range r.Entries {
			day, known := nationalDays[e.Place]
			if len(e.Place) == 2 != known {
				t.Errorf("%s: a national day is known: %v", e.Place, known)
			}
			if !known {
				continue
			}
			d := date("2026-" + day).day()
			if name, shut := e.Holidays.why(d); !shut || name == "" {
				t.Errorf("%s: %s is an ordinary day", e.Place, d.date())
			}
			if days, listed := e.Holidays.In(2026); !listed || len(days) > 60 {
				t.Errorf("%s: %d holidays in 2026, listed %v", e.Place, len(days), listed)
			}
		}
	}
}

// Who is told that a day is a holiday reads whose and which; and a calendar is that of its place.
func TestCalendarsAndHolidaysHaveNames(t *testing.T) {
	for _, r := range Regions() {
		for _, e := range r.Entries {
			c := e.Holidays
			if c == nil {
				continue
			}
			if len(e.Place) == 2 && !strings.HasPrefix(e.Name, c.Name) || c.Name == "" || c.Source.Title == "" || c.Certainty == "" {
				t.Errorf("%s: the calendar of %q, certainty %q, source %q", e.Place, c.Name, c.Certainty, c.Source.Title)
			}
			for _, h := range c.holidays {
				if h.name == "" {
					t.Errorf("%s: a holiday without a name", e.Place)
				}
			}
		}
	}
}

// A calendar that ends tells so where people read it, and has exactly the years it tells of: all others are one long
// holiday, those outside the tables in every calendar.
func TestTheYearsOfACalendarAreThoseItsNoteTellsOf(t *testing.T) {
	told := regexp.MustCompile(`Years from (\d+) to (\d+) alone; in others every day counts as a holiday`)
	for _, r := range Regions() {
		for _, e := range r.Entries {
			if e.Holidays == nil {
				continue
			}
			first, last := FirstYear, LastYear
			if e.Place == "SG" { // gazetted from year to year, as its note says
				first, last = 2024, 2026
			}
			if m := told.FindStringSubmatch(e.Holidays.Note); m != nil {
				first, _ = strconv.Atoi(m[1])
				last, _ = strconv.Atoi(m[2])
			}
			for year := FirstYear - 2; year <= LastYear+2; year++ {
				days, listed := e.Holidays.In(year)
				if listed != (year >= first && year <= last) {
					t.Errorf("%s: the holidays of %d are listed: %v", e.Place, year, listed)
				}
				if listed && len(days) < 4 {
					t.Errorf("%s: %d has %d holidays", e.Place, year, len(days))
				}
			}
			from, until := e.Holidays.period()
			if want := fmt.Sprintf("%d-01-01 %d-01-01", first, last+1); from.String()+" "+until.String() != want {
				t.Errorf("%s: it reaches from %s to %s, want %s", e.Place, from, until, want)
			}
		}
	}
}

// Who is kept from texting on a day that the policy lists is told so.
func TestAListedHolidayHasAName(t *testing.T) {
	one := listedCalendar("CL", []Date{date("2026-09-18")})
	if from, until := one.period(); from != date("2026-01-01") || until != date("2027-01-01") {
		t.Errorf("a calendar of 2026 reaches from %s to %s", from, until)
	}
	if name, shut := one.why(dayOf(2026, time.September, 18)); !shut || name != "a listed holiday" {
		t.Errorf("%q, %v", name, shut)
	}
}

// The engine's bits hold the last holidays of the tables as they hold the first.
func TestTheLastHolidaysOfTheTables(t *testing.T) {
	days := newDayset(usHolidays)
	for _, year := range []int{FirstYear, 2026, LastYear} {
		for d := dayOf(year, time.January, 1); d < dayOf(year+1, time.January, 1); d++ {
			if _, want := usHolidays.why(d); days.has(d) != want {
				t.Errorf("%s: a holiday %v, want %v", d.date(), days.has(d), want)
			}
		}
	}
}

// Where a year is listed and the one beside it is not, the bits end and begin with the year, in every calendar.
func TestTheEdgesOfYears(t *testing.T) {
	for _, r := range Regions() {
		for _, e := range r.Entries {
			if e.Holidays == nil {
				continue
			}
			days := newDayset(e.Holidays)
			for year := FirstYear; year <= LastYear; year++ {
				for _, d := range []day{dayOf(year, time.January, 1), dayOf(year, time.January, 2), dayOf(year, time.December, 31)} {
					if _, want := e.Holidays.why(d); days.has(d) != want {
						t.Errorf("%s: %s is a holiday: %v, want %v", e.Place, d.date(), days.has(d), want)
					}
				}
			}
		}
	}
}

// An election is never on the first day of November: it is on the Tuesday after the first Monday.
func TestElectionDay(t *testing.T) {
	for year, want := range map[int]string{2022: "2022-11-08", 2026: "2026-11-03", 2033: "2033-11-08"} {
		if got := electionDay(1)(year).date().String(); got != want {
			t.Errorf("in %d they vote on %s, want %s", year, got, want)
		}
	}
	if got := utahJuneteenth(2033).date().String(); got != "2033-06-20" { // the 19th is a Sunday
		t.Errorf("Juneteenth of 2033 is on %s in Utah", got)
	}
	for year, general := range map[int]bool{2025: false, 2026: true} {
		if votes := electionDay(2)(year) != 0; votes != general {
			t.Errorf("in %d there is a general election: %v", year, votes)
		}
	}
}
