package jurisdiction

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/zoneinfo"
)

func place(country, state string, zones ...string) phone.Place {
	return phone.Place{Country: country, State: state, Zones: zones}
}

var (
	florida   = place("US", "FL", "America/New_York")
	texas     = place("US", "TX", "America/Chicago")
	louisiana = place("US", "LA", "America/Chicago")
	utah      = place("US", "UT", "America/Denver")
	arizona   = place("US", "AZ", "America/Phoenix")
	france    = place("FR", "", "Europe/Paris")
	zaf       = place("ZA", "", "Africa/Johannesburg")

	newJersey    = place("US", "NJ", "America/New_York")
	mississippi  = place("US", "MS", "America/Chicago")
	southDakota  = place("US", "SD", "America/Chicago")
	pennsylvania = place("US", "PA", "America/New_York")
	kentucky     = place("US", "KY", "America/New_York")
	italy        = place("IT", "", "Europe/Rome")
	switzerland  = place("CH", "", "Europe/Zurich")
	estonia      = place("EE", "", "Europe/Tallinn")
	india        = place("IN", "", "Asia/Kolkata")
	japan        = place("JP", "", "Asia/Tokyo")
	korea        = place("KR", "", "Asia/Seoul")
	israel       = place("IL", "", "Asia/Jerusalem")
	philippines  = place("PH", "", "Asia/Manila")
	vietnam      = place("VN", "", "Asia/Ho_Chi_Minh")
	saudi        = place("SA", "", "Asia/Riyadh")
	hongKong     = place("HK", "", "Asia/Hong_Kong")
	colombia     = place("CO", "", "America/Bogota")
)

func hoursOf(t testing.TB, p Policy, places ...phone.Place) *Hours {
	t.Helper()
	b, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	h, err := b.Hours(places)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// at reads a wall clock in a zone: "2026-11-23 20:30".
func at(t testing.TB, zone, clock string) time.Time {
	t.Helper()
	loc, err := zoneinfo.Load(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestOpenings(t *testing.T) {
	tests := []struct {
		name     string
		mode     Mode
		place    phone.Place
		at, open string // wall clock of the place's first zone
	}{
		{"Florida ends at 20:00 by law", Law, florida, "2026-11-23 20:30", "2026-11-24 08:00"},
		{"Florida under strict opens with the federal default", Strict, florida, "2026-11-23 20:30", "2026-11-24 09:00"},
		{"Florida at 19:59 is open", Law, florida, "2026-11-23 19:59", "2026-11-23 19:59"},
		{"Florida at 20:00 is not: windows are half open", Law, florida, "2026-11-23 20:00", "2026-11-24 08:00"},
		{"Texas on Sunday waits for noon by law", Law, texas, "2026-11-22 11:00", "2026-11-22 12:00"},
		{"Texas on Sunday waits for noon under strict", Strict, texas, "2026-11-22 11:00", "2026-11-22 12:00"},
		{"Texas before SB 140 had the federal hours alone", Law, texas, "2025-08-31 08:00", "2025-08-31 08:00"},
		{"Texas since SB 140", Law, texas, "2025-09-07 08:00", "2025-09-07 12:00"},
		{"Louisiana on Sunday waits for Monday by law", Law, louisiana, "2026-11-22 12:00", "2026-11-23 08:00"},
		{"Louisiana on Sunday waits for Monday under strict", Strict, louisiana, "2026-11-22 12:00", "2026-11-23 09:00"},
		{"Louisiana keeps Mardi Gras", Law, louisiana, "2026-02-17 12:00", "2026-02-18 08:00"},
		{"Utah's Sunday is shut by law, consent or not", Law, utah, "2026-11-22 12:00", "2026-11-23 08:00"},
		{"Utah's Sunday is shut under strict", Strict, utah, "2026-11-22 12:00", "2026-11-23 09:00"},
		// N.J.S.A. 56:8-128(d): not between 21:00 and 08:00; vendors say 20:00.
		{"New Jersey at 20:30 by law", Law, newJersey, "2026-11-23 20:30", "2026-11-23 20:30"},
		{"New Jersey at 21:00 by law", Law, newJersey, "2026-11-23 21:00", "2026-11-24 08:00"},
		{"New Jersey at 20:00 under strict", Strict, newJersey, "2026-11-23 20:00", "2026-11-24 09:00"},
		// Miss. Code 77-3-723; the ban on legal holidays went in 2023.
		{"Mississippi on Thanksgiving by law", Law, mississippi, "2026-11-26 12:00", "2026-11-26 12:00"},
		{"Mississippi on Thanksgiving of 2022 by law", Law, mississippi, "2022-11-24 12:00", "2022-11-25 08:00"},
		{"Mississippi on Sunday", Law, mississippi, "2026-11-22 12:00", "2026-11-23 08:00"},
		// SDCL 37-30-28: weekdays from 09:00 to 21:00.
		{"South Dakota on Saturday under strict", Strict, southDakota, "2026-11-21 12:00", "2026-11-23 09:00"},
		{"South Dakota at 08:30 by law", Law, southDakota, "2026-11-23 08:30", "2026-11-23 09:00"},
		// SB 992 of 2025-2026, pending: strict takes it.
		{"Pennsylvania at 19:00 under strict", Strict, pennsylvania, "2026-11-23 19:00", "2026-11-24 09:00"},
		{"Pennsylvania at 19:00 by law", Law, pennsylvania, "2026-11-23 19:00", "2026-11-23 19:00"},
		{"Pennsylvania on Sunday under strict", Strict, pennsylvania, "2026-11-22 13:00", "2026-11-23 09:00"},
		// Garante, 7 March 2024 no. 148: Saturdays and eves of holidays from 10:00 to 19:00. 8 December is a holiday.
		{"Italy at 09:30 on the eve of a holiday", Law, italy, "2026-12-07 09:30", "2026-12-07 10:00"},
		{"Italy at 19:30 on the eve of a holiday", Strict, italy, "2026-12-07 19:30", "2026-12-09 09:00"},
		{"Italy at 17:30 on the eve under business", Business, italy, "2026-12-07 17:30", "2026-12-09 09:00"},
		{"Italy at 09:30 on the eve under business", Business, italy, "2026-12-07 09:30", "2026-12-07 10:00"},
		{"Italy at 09:30 on a day like others", Strict, italy, "2026-12-09 09:30", "2026-12-09 09:30"},
		{"Switzerland on 22 September (Appenzell Innerrhoden)", Strict, switzerland, "2026-09-22 12:00", "2026-09-23 09:00"},
		// TRAI, directive of October 2025.
		{"India at 09:30 before the directive", Law, india, "2025-10-12 09:30", "2025-10-12 09:30"},
		{"India at 09:30 since the directive", Law, india, "2025-10-13 09:30", "2025-10-13 10:00"},
		// Ley 2300 de 2023, art. 3 and 5.
		{"Colombia on Saturday afternoon", Law, colombia, "2026-11-21 15:00", "2026-11-23 07:00"},
		{"Colombia at 19:00", Strict, colombia, "2026-11-23 19:00", "2026-11-24 07:00"},
		{"Colombia on a Monday that keeps a feast", Strict, colombia, "2026-11-16 12:00", "2026-11-17 07:00"},
		{"South Korea at 21:00", Law, korea, "2026-11-23 21:00", "2026-11-24 08:00"},
		{"Israel from Friday to Sunday", Strict, israel, "2026-11-20 09:00", "2026-11-22 09:00"},
		{"Israel on the eve of a holiday", Strict, israel, "2027-04-21 14:00", "2027-04-25 09:00"},
		{"Philippines at 06:30 (NTC MC 03-03-2005)", Law, philippines, "2026-11-23 06:30", "2026-11-23 07:00"},
		{"Vietnam at 22:00 (Decree 91/2020)", Law, vietnam, "2026-11-23 22:00", "2026-11-24 07:00"},
		{"Saudi Arabia on Friday", Strict, saudi, "2026-11-20 12:00", "2026-11-21 09:00"},
		{"Hong Kong on the third day of Lunar New Year", Strict, hongKong, "2027-02-08 12:00", "2027-02-10 09:00"},
		{"Estonia by no law", Law, estonia, "2026-11-22 03:00", "2026-11-22 03:00"},
		{"Estonia on Sunday under strict", Strict, estonia, "2026-11-22 12:00", "2026-11-23 09:00"},
		{"Florida at 17:00 under business", Business, florida, "2026-11-23 17:00", "2026-11-24 09:00"},
		{"Florida on Saturday under business", Business, florida, "2026-11-21 16:00", "2026-11-23 09:00"},
		{"Florida on Thanksgiving under business", Business, florida, "2026-11-26 12:00", "2026-11-27 09:00"},
		{"Kentucky opens at 10:00 under business too", Business, kentucky, "2026-11-23 09:30", "2026-11-23 10:00"},
		{"Japan on a holiday under business", Business, japan, "2026-11-23 12:00", "2026-11-24 09:00"},
		{"Japan on the same holiday under strict", Strict, japan, "2026-11-23 12:00", "2026-11-23 12:00"},
		{"Arizona does not follow DST: 08:00 is 15:00 UTC in July", Law, arizona, "2026-07-06 07:00", "2026-07-06 08:00"},
		{"No federal holiday under strict", Strict, florida, "2026-11-26 12:00", "2026-11-27 09:00"},
		{"By law Thanksgiving is a day like others", Law, florida, "2026-11-26 12:00", "2026-11-26 12:00"},
		{"Saturday 4 July is kept on Friday as well", Strict, florida, "2026-07-03 12:00", "2026-07-05 12:00"},
		{"France on 14 July waits for 15 July", Strict, france, "2026-07-14 12:00", "2026-07-15 08:00"},
		{"France on 14 July by the charter of 2026", Law, france, "2026-07-14 12:00", "2026-07-14 12:00"},
		{"France on 14 July by the charter of 2024", Law, france, "2025-07-14 12:00", "2025-07-15 08:00"},
		{"France at 21:45 by the charter of 2026", Law, france, "2026-06-16 21:45", "2026-06-17 08:00"},
		{"France at 21:45 by the charter of 2024", Law, france, "2025-06-17 21:45", "2025-06-17 21:45"},
		{"France on the last day of the charter of 2024", Law, france, "2026-02-28 21:45", "2026-02-28 21:45"},
		{"France on the first day of the charter of 2026, a Sunday", Law, france, "2026-03-01 10:00", "2026-03-01 10:00"},
		{"South Africa on Saturday afternoon waits for Monday", Law, zaf, "2026-11-21 14:00", "2026-11-23 08:00"},
		{"South Africa under strict the same", Strict, zaf, "2026-11-21 14:00", "2026-11-23 08:00"},
		{"South Africa: Sunday's holiday shuts Monday", Law, zaf, "2027-03-20 14:00", "2027-03-23 08:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := hoursOf(t, Policy{Mode: tt.mode}, tt.place)
			zone := tt.place.Zones[0]
			from, want := at(t, zone, tt.at), at(t, zone, tt.open)
			got, err := h.NextOpening(from)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Equal(want) {
				t.Errorf("NextOpening(%s) = %s, want %s", from, got.In(from.Location()), want)
			}
			if open := h.Permitted(from); open != from.Equal(want) {
				t.Errorf("Permitted(%s) = %t", from, open)
			}
		})
	}
}

// Where the state is not known, the rules of every state bind: at home in none, a toll-free number may ring in any.
func TestUnknownStateObeysEveryState(t *testing.T) {
	h := hoursOf(t, Policy{Mode: Law}, place("US", "", "America/New_York"))
	for clock, want := range map[string]bool{
		"2026-11-24 09:30": false, // Kentucky begins at 10:00
		"2026-11-24 10:00": true,
		"2026-11-24 18:00": false, // Rhode Island ends at 18:00
		"2026-11-22 12:00": false, // Louisiana has no Sunday
		"2026-02-17 12:00": false, // Mardi Gras
	} {
		if got := h.Permitted(at(t, "America/New_York", clock)); got != want {
			t.Errorf("%s: permitted %t, want %t", clock, got, want)
		}
	}
}

// A window that spans midnight belongs to the day it starts on, and is cut by another rule only where that one shuts.
func TestWindowsThatSpanMidnight(t *testing.T) {
	late := Week{Weekday: Window{20 * 60, 26 * 60}, Holiday: AllDay}
	days := Week{Weekday: AllDay, Saturday: AllDay, Sunday: AllDay, Holiday: AllDay}
	h := hoursOf(t, Policy{Narrow: &days, Countries: map[string]Country{"AQ": {Hours: late, Holidays: []Date{date("2026-11-26")}}}},
		place("AQ", "", "Africa/Abidjan"))
	for _, tt := range []struct {
		clock, closes, opens string
	}{
		{clock: "2026-11-23 19:59", opens: "2026-11-23 20:00"},
		{clock: "2026-11-23 00:30", opens: "2026-11-23 20:00"}, // a Monday: no window started on Sunday
		{clock: "2026-11-23 20:00", closes: "2026-11-24 02:00"},
		{clock: "2026-11-24 01:59", closes: "2026-11-24 02:00"},
		{clock: "2026-11-24 02:00", opens: "2026-11-24 20:00"},
		{clock: "2026-11-28 01:59", closes: "2026-11-28 02:00"}, // what Friday began
		{clock: "2026-11-28 20:00", opens: "2026-11-30 20:00"},
	} {
		from := at(t, "Africa/Abidjan", tt.clock)
		if open := h.Permitted(from); open != (tt.closes != "") {
			t.Errorf("%s: permitted %t", tt.clock, open)
			continue
		}
		if tt.closes != "" {
			if got := h.ClosesAt(from); !got.Equal(at(t, "Africa/Abidjan", tt.closes)) {
				t.Errorf("%s: closes at %s, want %s", tt.clock, got, tt.closes)
			}
			continue
		}
		if got, err := h.NextOpening(from); err != nil || !got.Equal(at(t, "Africa/Abidjan", tt.opens)) {
			t.Errorf("%s: opens at %s, %v, want %s", tt.clock, got, err, tt.opens)
		}
	}
}

func TestNeverOpen(t *testing.T) {
	noon := at(t, "Africa/Abidjan", "2026-11-23 12:00")
	// Guam opens at 09:00, when Rhode Island has just shut at 18:00 of the day before.
	h := hoursOf(t, Policy{}, place("US", "RI", "America/New_York"), place("US", "GU", "Pacific/Guam"))
	if _, err := h.NextOpening(noon); !errors.Is(err, ErrNeverOpen) || !strings.Contains(err.Error(), "Pacific/Guam") {
		t.Errorf("NextOpening = %v, want ErrNeverOpen naming the places", err)
	}
	// Sundays from ten to eleven, the next Sunday a holiday: the opening is 13 days and 22 hours away.
	sundays := Country{Hours: Week{Sunday: Window{600, 660}}, Holidays: []Date{date("2026-11-29")}}
	h = hoursOf(t, Policy{Countries: map[string]Country{"AQ": sundays}}, place("AQ", "", "Africa/Abidjan"))
	from, want := at(t, "Africa/Abidjan", "2026-11-22 12:00"), at(t, "Africa/Abidjan", "2026-12-06 10:00")
	if got, err := h.NextOpening(from); err != nil || !got.Equal(want) {
		t.Errorf("NextOpening = %s, %v, want %s", got, err, want)
	}
	// Nobody has checked the year 2053.
	h = hoursOf(t, Policy{}, florida)
	later := at(t, "America/New_York", "2053-03-04 12:00")
	if h.Permitted(later) {
		t.Error("permitted in a year without holidays in the tables")
	}
	if _, err := h.NextOpening(later); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("NextOpening in 2053 = %v, want ErrNeverOpen", err)
	}
	if (&Hours{}).Permitted(noon) {
		t.Error("hours of no place permit")
	}
}

func TestHalfHourZones(t *testing.T) {
	h := hoursOf(t, Policy{}, place("CA", "NL", "America/St_Johns"))
	if got, want := h.ClosesAt(at(t, "America/St_Johns", "2026-11-24 12:00")), time.Date(2026, 11, 25, 0, 30, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("Newfoundland closes at %s, want %s", got, want)
	}
	both := hoursOf(t, Policy{}, place("CA", "NL", "America/Goose_Bay", "America/St_Johns"))
	// 21:00 in St. John's is 20:30 in Labrador, 09:00 in Labrador is 09:30 in St. John's.
	if both.Permitted(at(t, "America/St_Johns", "2026-11-24 09:15")) || !both.Permitted(at(t, "America/Goose_Bay", "2026-11-24 09:00")) ||
		both.Permitted(at(t, "America/St_Johns", "2026-11-24 21:00")) {
		t.Error("Labrador and Newfoundland must both be inside their hours")
	}
}

// The clocks go from 02:00 to 03:00 and from 02:00 back to 01:00: a window that begins in the gap begins after it, and
// one that ends in the hour that comes twice ends twice.
func TestChangesOfTheClocks(t *testing.T) {
	night := Country{Hours: Week{Sunday: Window{90, 150}, Weekday: Window{90, 150}, Saturday: Window{90, 150}, Holiday: AllDay}}
	h := hoursOf(t, Policy{Countries: map[string]Country{"AQ": night}}, place("AQ", "", "America/New_York"))
	spring := time.Date(2026, 3, 8, 6, 30, 0, 0, time.UTC) // 01:30 EST
	if got, want := h.ClosesAt(spring), time.Date(2026, 3, 8, 7, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("01:30 to 02:30 closes at %s, want %s: the clocks jump to 03:00", got, want)
	}
	autumn := time.Date(2026, 11, 1, 5, 45, 0, 0, time.UTC) // 01:45 EDT
	if got, want := h.ClosesAt(autumn), time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("closes at %s, want %s: the clocks go back to 01:00", got, want)
	}
	if got, err := h.NextOpening(autumn.Add(15 * time.Minute)); err != nil || !got.Equal(time.Date(2026, 11, 1, 6, 30, 0, 0, time.UTC)) {
		t.Errorf("opens again at %s, %v, want 01:30 EST", got, err)
	}
}

func TestCaps(t *testing.T) {
	oregon := place("US", "OR", "America/Boise", "America/Los_Angeles")
	for _, tt := range []struct {
		name   string
		mode   Mode
		places []phone.Place
		at     time.Time
		want   []string
	}{
		{"law, no cap", Law, []phone.Place{texas}, at(t, "Africa/Abidjan", "2026-11-23 12:00"), nil},
		{"law, Florida", Law, []phone.Place{florida}, at(t, "Africa/Abidjan", "2026-11-23 12:00"), []string{"US-FL"}},
		{"business, everyone", Business, []phone.Place{france}, at(t, "Africa/Abidjan", "2026-11-23 12:00"), []string{"*"}},
		{"strict, everyone", Strict, []phone.Place{france}, at(t, "Africa/Abidjan", "2026-11-23 12:00"), []string{"*"}},
		{"strict, two states", Strict, []phone.Place{florida, oregon}, at(t, "Africa/Abidjan", "2026-11-23 12:00"), []string{"*", "US-FL", "US-OR"}},
		{"Oregon a second before its law, Idaho's clocks being ahead", Law, []phone.Place{oregon}, at(t, "America/Boise", "2026-01-01 00:00").Add(-time.Second), nil},
		{"Oregon from the first midnight of its law", Law, []phone.Place{oregon}, at(t, "America/Boise", "2026-01-01 00:00"), []string{"US-OR"}},
		{"unknown state", Law, []phone.Place{place("US", "", "America/Chicago")}, at(t, "Africa/Abidjan", "2026-11-23 12:00"), []string{"US-FL", "US-OK", "US-MD", "US-OR"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range hoursOf(t, Policy{Mode: tt.mode}, tt.places...).Caps(tt.at) {
				got = append(got, c.Place)
				if c.Limit != 3 || c.Window != 24*time.Hour || c.Citation == "" || c.Tier == "" || c.Certainty == "" {
					t.Errorf("%+v: want three in 24 hours, with citation, tier and certainty", c)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("caps of %v, want %v", got, tt.want)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	week := Week{Weekday: Window{10 * 60, 16 * 60}}
	h := hoursOf(t, Policy{Narrow: &week}, louisiana)
	answers := h.Explain(at(t, "America/Chicago", "2026-02-17 12:00"))
	if len(answers) != 3 {
		t.Fatalf("%d answers, want country, state and brand: %+v", len(answers), answers)
	}
	for i, want := range []struct {
		name      string
		permitted bool
		until     string
		because   string
		tier      Tier
	}{
		{"hours US", true, "2026-02-17 20:00", "12:00 on Tuesday 2026-02-17 in America/Chicago is within 09:00-20:00", TierDefault},
		{"hours US-LA", false, "2026-02-18 08:00", "12:00 on Tuesday 2026-02-17 (Mardi Gras) in America/Chicago: nothing may go out that day", TierLaw},
		{"hours of the brand in US-LA", false, "2026-02-18 10:00", "12:00 on Tuesday 2026-02-17 (Mardi Gras) in America/Chicago: nothing may go out that day", TierDefault},
	} {
		a := answers[i]
		if a.Name != want.name || a.Permitted != want.permitted || a.Because != want.because || a.Tier != want.tier ||
			!a.Until.Equal(at(t, "America/Chicago", want.until)) {
			t.Errorf("answer %d: %+v, want %+v", i, a, want)
		}
		if a.Citation == "" || a.Certainty == "" {
			t.Errorf("answer %d has no citation or certainty", i)
		}
	}
	// A rule that is not in force has no say.
	if n := len(hoursOf(t, Policy{Mode: Law}, texas).Explain(at(t, "America/Chicago", "2025-08-31 12:00"))); n != 1 {
		t.Errorf("%d answers before SB 140, want the federal one", n)
	}
	// A rule that never shuts has no end.
	if a := hoursOf(t, Policy{Mode: Law}, place("GB", "", "Europe/London")).Explain(at(t, "Europe/London", "2026-11-23 03:00")); !a[0].Until.IsZero() {
		t.Errorf("no law in GB, but until %s", a[0].Until)
	}
}

// One book serves all goroutines of a function; run with -race.
func TestBookIsSafeForConcurrentUse(t *testing.T) {
	book, err := New(Policy{})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, p := range []phone.Place{florida, louisiana, france, zaf, utah} {
				h, err := book.Hours([]phone.Place{p})
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := h.NextOpening(time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	h := hoursOf(t, Policy{}, florida, louisiana)
	noon := at(t, "America/New_York", "2026-11-24 14:00")
	if n := testing.AllocsPerRun(100, func() {
		h.Permitted(noon)
		h.ClosesAt(noon)
		h.Caps(noon)
		if _, err := h.NextOpening(noon.Add(12 * time.Hour)); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestUnserved(t *testing.T) {
	b, err := New(Policy{})
	if err != nil {
		t.Fatal(err)
	}
	for name, places := range map[string][]phone.Place{
		"no place":          nil,
		"country not known": {place("KP", "", "Asia/Pyongyang")},
		"state not known":   {place("US", "XX", "America/New_York")},
		"no zone":           {place("FR", "")},
		"one of two":        {france, place("KP", "", "Asia/Pyongyang")},
	} {
		if _, err := b.Hours(places); !errors.Is(err, ErrUnserved) {
			t.Errorf("%s: %v, want ErrUnserved", name, err)
		}
	}
	if _, err := b.Hours([]phone.Place{place("FR", "", "Europe/Atlantis")}); err == nil {
		t.Error("an unknown zone must not be served")
	}
}
