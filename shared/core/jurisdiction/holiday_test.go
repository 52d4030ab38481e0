package jurisdiction

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rickar/cal/v2"
	at_ "github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// The dates as published: Easter by the tables of the churches, the others by the laws and gazettes named in the
// tables.
func TestKnownDates(t *testing.T) {
	tests := []struct {
		name string
		on   func(int) day
		want []string // 2024 to 2030
	}{
		{"Easter Sunday", easter(0), []string{"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21"}},
		{"Orthodox Easter Sunday", orthodoxEaster(0), []string{"2024-05-05", "2025-04-20", "2026-04-12", "2027-05-02", "2028-04-16", "2029-04-08", "2030-04-28"}},
		{"Mardi Gras", mardiGras.on, []string{"2024-02-13", "2025-03-04", "2026-02-17", "2027-02-09", "2028-02-29", "2029-02-13", "2030-03-05"}},
		{"Ascension", easter(39), []string{"2024-05-09", "2025-05-29", "2026-05-14", "2027-05-06", "2028-05-25", "2029-05-10", "2030-05-30"}},
		{"Whit Monday", easter(50), []string{"2024-05-20", "2025-06-09", "2026-05-25", "2027-05-17", "2028-06-05", "2029-05-21", "2030-06-10"}},
		{"Corpus Christi", easter(60), []string{"2024-05-30", "2025-06-19", "2026-06-04", "2027-05-27", "2028-06-15", "2029-05-31", "2030-06-20"}},
		{"Martin Luther King Day", kingDay.on, []string{"2024-01-15", "2025-01-20", "2026-01-19", "2027-01-18", "2028-01-17", "2029-01-15", "2030-01-21"}},
		{"Memorial Day", memorial.on, []string{"2024-05-27", "2025-05-26", "2026-05-25", "2027-05-31", "2028-05-29", "2029-05-28", "2030-05-27"}},
		{"Thanksgiving", thanksgiving.on, []string{"2024-11-28", "2025-11-27", "2026-11-26", "2027-11-25", "2028-11-23", "2029-11-22", "2030-11-28"}},
		{"Election Day of each year", electionDay(1), []string{"2024-11-05", "2025-11-04", "2026-11-03", "2027-11-02", "2028-11-07", "2029-11-06", "2030-11-05"}},
		{"Victoria Day", until(time.Monday, time.May, 24), []string{"2024-05-20", "2025-05-19", "2026-05-18", "2027-05-24", "2028-05-22", "2029-05-21", "2030-05-20"}},
		{"Buß- und Bettag", until(time.Wednesday, time.November, 22), []string{"2024-11-20", "2025-11-19", "2026-11-18", "2027-11-17", "2028-11-22", "2029-11-21", "2030-11-20"}},
		{"Midsummer Eve", from(time.Friday, time.June, 19), []string{"2024-06-21", "2025-06-20", "2026-06-19", "2027-06-25", "2028-06-23", "2029-06-22", "2030-06-21"}},
		{"Summer bank holiday", last(time.Monday, time.August), []string{"2024-08-26", "2025-08-25", "2026-08-31", "2027-08-30", "2028-08-28", "2029-08-27", "2030-08-26"}},
		{"Utah's Juneteenth", utahJuneteenth, []string{"2024-06-17", "2025-06-16", "2026-06-15", "2027-06-21", "2028-06-19", "2029-06-18", "2030-06-17"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for i, want := range tt.want {
				if got := tt.on(2024 + i).date().String(); got != want {
					t.Errorf("%d: %s, want %s", 2024+i, got, want)
				}
			}
		})
	}
}

// Days on which a text must not go out, or for a shorter time, and ordinary days beside them.
func TestHolidaysAndTheirNeighbours(t *testing.T) {
	tests := []struct {
		place string
		shut  []string
		open  []string
	}{
		{"US", []string{"2026-07-03", "2026-07-04", "2027-12-24", "2027-12-31", "2028-01-01", "2026-10-12"}, []string{"2026-07-06", "2026-12-24", "2025-01-09"}},
		{"US-AL", []string{"2026-02-17", "2026-04-27", "2026-06-01"}, []string{"2026-04-03"}},
		{"US-LA", []string{"2023-07-03", "2026-02-17", "2026-04-03", "2026-08-30", "2026-11-27", "2026-12-26", "2026-11-03"}, []string{"2025-11-04", "2026-02-18"}},
		{"US-MS", []string{"2026-04-27", "2026-05-25"}, []string{"2026-02-17"}},
		{"US-PA", []string{"2026-04-03", "2026-06-14", "2025-11-04"}, []string{"2026-02-17"}},
		{"US-RI", []string{"2026-05-04", "2026-08-10"}, []string{"2026-05-05"}},
		{"US-UT", []string{"2026-06-15", "2026-07-24", "2027-07-23"}, []string{"2026-06-16"}},
		{"FR", []string{"2026-07-14", "2026-05-14", "2026-05-25", "2026-12-26", "2026-04-03"}, []string{"2026-07-13", "2026-05-15"}},
		{"DE", []string{"2026-10-31", "2026-03-08", "2028-06-17", "2026-11-18", "2026-06-04"}, []string{"2026-11-19"}},
		{"ES", []string{"2026-01-06", "2026-10-12", "2026-12-07", "2026-12-08", "2026-09-11"}, []string{"2026-10-13"}},
		{"ZA", []string{"2027-03-22", "2026-08-10", "2022-12-27", "2023-12-15", "2024-05-29", "2026-12-16"}, []string{"2026-12-17", "2026-08-11"}},
		{"GB", []string{"2026-12-28", "2027-12-27", "2027-12-28", "2022-09-19", "2023-05-08", "2026-08-03", "2023-01-02", "2023-01-03"}, []string{"2026-12-29"}},
		{"NZ", []string{"2027-06-25", "2028-07-14", "2027-12-27", "2027-12-28", "2028-01-03", "2028-01-04", "2026-04-27"}, []string{"2027-06-28"}},
		{"AU", []string{"2027-12-27", "2027-12-28", "2026-11-03", "2026-09-25", "2026-09-28", "2026-06-08"}, []string{"2026-11-04"}},
		{"NL", []string{"2025-04-26", "2026-04-27"}, []string{"2026-04-28"}},
		{"GR", []string{"2026-02-23", "2026-04-10", "2026-04-13", "2026-06-01", "2024-05-07"}, []string{"2026-04-03"}},
		{"RO", []string{"2026-04-10", "2026-06-01", "2026-01-07"}, []string{"2023-01-06"}},
		{"DK", []string{"2023-05-05"}, []string{"2024-04-26"}},
		{"PL", []string{"2025-12-24"}, []string{"2024-12-24"}},
		{"IT", []string{"2026-10-04", "2027-10-04"}, []string{"2025-10-04"}},
		{"BR", []string{"2026-02-17", "2026-11-20"}, []string{"2023-11-20"}},
		{"MX", []string{"2024-10-01", "2030-10-01", "2026-11-16", "2026-02-02"}, []string{"2026-10-01"}},
		{"SG", []string{"2026-06-01", "2026-11-09", "2025-05-03", "2027-03-02"}, []string{"2026-03-02"}},
		{"CA", []string{"2027-07-01", "2028-07-03", "2026-09-30", "2026-05-18"}, []string{"2026-05-19"}},
	}
	for _, tt := range tests {
		e, ok := lookup(tt.place)
		if !ok || e.Holidays == nil {
			t.Fatalf("%s has no calendar", tt.place)
		}
		days := newDayset(e.Holidays)
		for _, s := range tt.shut {
			if !days.has(date(s).day()) {
				t.Errorf("%s: %s is not a holiday", tt.place, s)
			}
		}
		for _, s := range tt.open {
			if days.has(date(s).day()) {
				t.Errorf("%s: %s is a holiday", tt.place, s)
			}
		}
	}
}

func TestMatarikiIsAlwaysAFriday(t *testing.T) {
	n := 0
	for year := 2022; year <= LastYear; year++ {
		days, _ := nzHolidays.In(year)
		for _, d := range days {
			if d.Name == "Matariki" {
				n++
				if d.Date.day().weekday() != time.Friday {
					t.Errorf("Matariki %s is a %s", d.Date, d.Date.day().weekday())
				}
			}
		}
	}
	if n != LastYear-2022+1 {
		t.Errorf("%d dates of Matariki, want one a year from 2022 to %d", n, LastYear)
	}
}

// A year that nobody has checked is one long holiday.
func TestUnlistedYearsAreHolidays(t *testing.T) {
	days := newDayset(sgHolidays)
	for d := dayOf(2027, time.January, 1); d <= dayOf(2027, time.December, 31); d++ {
		if !days.has(d) {
			t.Fatalf("%s counts as an ordinary day, but the gazette of 2027 is not in the table", d.date())
		}
	}
}

// The library rickar/cal is from 2023 and knows the common days. Ours must count every day it knows, Sundays apart, and
// whatever it counts beyond that is listed here, so that no slip of a date passes for a holiday.
func TestHolidaysAgainstTheLibrary(t *testing.T) {
	swiss := [][]*cal.Holiday{
		ch.HolidaysZH, ch.HolidaysBE, ch.HolidaysLU, ch.HolidaysUR, ch.HolidaysSZ, ch.HolidaysOW, ch.HolidaysNW, ch.HolidaysGL, ch.HolidaysZG,
		ch.HolidaysFR, ch.HolidaysSO, ch.HolidaysBS, ch.HolidaysBL, ch.HolidaysSH, ch.HolidaysAR, ch.HolidaysAI, ch.HolidaysSG, ch.HolidaysGR,
		ch.HolidaysAG, ch.HolidaysTG, ch.HolidaysVD, ch.HolidaysTI, ch.HolidaysVS, ch.HolidaysNE, ch.HolidaysGE, ch.HolidaysJU,
	}
	german := [][]*cal.Holiday{
		de.HolidaysBW, de.HolidaysBY, de.HolidaysBE, de.HolidaysBB, de.HolidaysHB, de.HolidaysHH, de.HolidaysHE, de.HolidaysMV,
		de.HolidaysNI, de.HolidaysNW, de.HolidaysRP, de.HolidaysSL, de.HolidaysSN, de.HolidaysST, de.HolidaysSH, de.HolidaysTH,
	}
	australian := [][]*cal.Holiday{
		au.HolidaysACT, au.HolidaysNSW, au.HolidaysNT, au.HolidaysQLD, au.HolidaysSA, au.HolidaysTAS, au.HolidaysVIC, au.HolidaysWA,
	}
	tests := map[string]struct {
		library [][]*cal.Holiday
		more    []string // weekdays of ours that the library does not know, each on purpose
	}{
		"US": {library: [][]*cal.Holiday{us.Holidays}},
		"CA": {library: [][]*cal.Holiday{ca.Holidays}, more: []string{ // provincial and territorial days
			"Discovery Day (Yukon)",
			"Family Day",
			"Fête nationale du Québec",
			"National Indigenous Peoples Day",
			"Nunavut Day",
			"Orangemen's Day (Newfoundland)",
			"St. George's Day (Newfoundland)",
			"St. Patrick's Day (Newfoundland)",
		}},
		"GB": {library: [][]*cal.Holiday{gb.Holidays}, more: []string{ // Scotland and Northern Ireland
			"2 January (Scotland)",
			"Battle of the Boyne (Northern Ireland)",
			"St Andrew's Day (Scotland)",
			"St Patrick's Day (Northern Ireland)",
			"Summer bank holiday (Scotland)",
		}},
		"IE": {library: [][]*cal.Holiday{ie.Holidays}, more: []string{ // Good Friday, and Mondays after weekends
			"Christmas Day",
			"Good Friday",
			"New Year's Day",
			"St Brigid's Day",
			"St Brigid's Day, on a Friday",
			"St Patrick's Day",
			"St Stephen's Day",
		}},
		"FR": {library: [][]*cal.Holiday{fr.Holidays}, more: []string{ // Alsace-Moselle
			"Saint-Étienne (Alsace-Moselle)",
			"Vendredi saint (Alsace-Moselle)",
		}},
		"DE": {library: german, more: []string{ // one city, and single years
			"Friedensfest (Augsburg)",
			"Jahrestag des Volksaufstandes (Berlin)",
			"Tag der Befreiung (Berlin)",
		}},
		"AT": {library: [][]*cal.Holiday{at_.Holidays}, more: []string{ // of some churches
			"Karfreitag",
		}},
		"CH": {library: swiss, more: []string{ // cantons
			"Bruder Klaus (OW)",
			"Fête de l'indépendance (JU)",
			"Heiligabend (GL, VS)",
			"Instauration de la République (NE)",
			"Jeûne genevois (GE)",
			"Lundi du Jeûne fédéral (VD)",
			"Mauritiustag (AI)",
			"Näfelser Fahrt (GL)",
			"Näfelser Fahrt (GL), after Holy Week",
			"Restauration de la République (GE)",
			"San Pietro e Paolo (TI)",
		}},
		"NL": {library: [][]*cal.Holiday{nl.Holidays}},
		"BE": {library: [][]*cal.Holiday{be.Holidays}},
		"ES": {library: [][]*cal.Holiday{es.Holidays}, more: []string{ // the autonomous communities', and Mondays after Sundays
			"Asturias, Extremadura",
			"Asunción",
			"Castilla y León, Aragón",
			"Castilla-La Mancha",
			"Ceuta",
			"Comunidad de Madrid",
			"Comunitat Valenciana",
			"Constitución",
			"Corpus Christi",
			"Diada de Catalunya",
			"Día de Andalucía",
			"Día de Canarias",
			"Día de les Illes Balears",
			"Epifanía",
			"Fiesta Nacional",
			"Inmaculada Concepción",
			"Instituciones de Cantabria",
			"Jueves Santo",
			"La Bien Aparecida (Cantabria)",
			"La Rioja, Región de Murcia",
			"Letras Galegas",
			"Lunes de Pascua",
			"Lunes de Pentecostés",
			"Melilla",
			"Nuestra Señora de África (Ceuta)",
			"San Antonio (Ceuta)",
			"San Esteban",
			"San Francisco Javier (Navarra)",
			"San José",
			"San Juan",
			"San Vicente Ferrer (Valencia)",
			"Santiago Apóstol",
			"Todos los Santos",
		}},
		"IT": {library: [][]*cal.Holiday{it.Holidays}, more: []string{ // since 2026; South Tyrol
			"Lunedì di Pentecoste (Südtirol)",
			"San Francesco",
		}},
		"GR": {library: [][]*cal.Holiday{gr.Holidays}, more: []string{ // moved by decree
			"Protomagiá, moved by decree",
		}},
		"SE": {library: [][]*cal.Holiday{se.Holidays}},
		"DK": {library: [][]*cal.Holiday{dk.Holidays}, more: []string{ // shops close
			"Juleaftensdag",
		}},
		"NO": {library: [][]*cal.Holiday{no.Holidays}},
		"PL": {library: [][]*cal.Holiday{pl.Holidays}, more: []string{ // since 2025
			"Wigilia",
		}},
		"CZ": {library: [][]*cal.Holiday{cz.Holidays}},
		"RO": {library: [][]*cal.Holiday{ro.Holidays}, more: []string{ // since 2024
			"Boboteaza",
			"Sfântul Ioan",
		}},
		"AU": {library: australian, more: []string{ // states
			"Christmas Eve (SA, NT, Qld)",
			"Easter Tuesday (Tas)",
			"King's Birthday (WA), as proclaimed",
			"New Year's Eve (SA, NT)",
			"Royal Queensland Show (Brisbane)",
		}},
		"NZ": {library: [][]*cal.Holiday{nz.Holidays}, more: []string{ // provinces; Matariki since 2022
			"Auckland Anniversary",
			"Canterbury Anniversary",
			"Chatham Islands Anniversary",
			"Hawke's Bay Anniversary",
			"Marlborough Anniversary",
			"Matariki",
			"Nelson Anniversary",
			"Otago Anniversary",
			"South Canterbury Anniversary",
			"Southland Anniversary",
			"Taranaki Anniversary",
			"Wellington Anniversary",
			"Westland Anniversary",
		}},
		"BR": {library: [][]*cal.Holiday{br.Holidays}, more: []string{ // since 2024; Carnival
			"Consciência Negra",
			"Segunda-feira de Carnaval",
		}},
		"ZA": {library: [][]*cal.Holiday{za.Holidays}, more: []string{ // proclaimed
			"Day proclaimed by the President",
		}},
	}
	for place, tt := range tests {
		t.Run(place, func(t *testing.T) {
			e, _ := lookup(place)
			ours, theirs := newDayset(e.Holidays), map[string]bool{}
			for _, h := range slices.Concat(tt.library...) {
				for year := 2024; year <= 2030; year++ {
					actual, observed := h.Calc(year)
					for _, d := range []time.Time{actual, observed} {
						if d.IsZero() || d.Weekday() == time.Sunday {
							continue
						}
						theirs[d.Format(time.DateOnly)] = true
						if !ours.has(Date{d.Year(), d.Month(), d.Day()}.day()) {
							t.Errorf("%s %s is not in our table", h.Name, d.Format(time.DateOnly))
						}
					}
				}
			}
			var more []string
			for year := 2024; year <= 2030; year++ {
				days, _ := e.Holidays.In(year)
				for _, d := range days {
					if !theirs[d.Date.String()] && d.Date.day().weekday() != time.Sunday {
						more = append(more, d.Name)
					}
				}
			}
			slices.Sort(more)
			slices.Sort(tt.more)
			if diff := cmp.Diff(tt.more, slices.Compact(more)); diff != "" {
				t.Errorf("holidays the library does not know (-listed here +found):\n%s", diff)
			}
		})
	}
}

// Where a window shuts on holidays and nobody listed them, the rule would be a dead letter.
func TestEveryWindowThatHeedsHolidaysHasACalendar(t *testing.T) {
	names := map[string]string{}
	for _, r := range Regions() {
		for _, e := range r.Entries {
			for i, rule := range e.Rules {
				if (rule.Law.needsHolidays() || rule.Strict.needsHolidays()) && e.Holidays == nil {
					t.Errorf("%s: rule %d heeds holidays, and the place has none", e.Place, i)
				}
			}
			c := e.Holidays
			if c == nil {
				continue
			}
			// The engine keeps holidays by the calendar's name.
			if other, taken := names[c.Name]; taken {
				t.Errorf("calendars of %s and %s have the same name", e.Place, other)
			}
			names[c.Name] = e.Place
			if c.Source.Title == "" || c.Certainty == "" || strings.Contains(c.Name, "|") {
				t.Errorf("%s: calendar without source or certainty, or with | in its name", e.Place)
			}
		}
	}
}
