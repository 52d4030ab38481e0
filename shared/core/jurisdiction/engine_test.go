package jurisdiction

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/phone"
)

// A rule that holds for a time speaks for no other time: hours that always hold bind before it begins and after it
// ends, also where they are wider than its own.
func TestARuleForATimeReplacesNoOther(t *testing.T) {
	early := Window{6 * 60, 23 * 60}
	h := hoursOf(t, Policy{Mode: Law, Narrow: &Week{early, early, early, early}}, vietnam) // 07:00-22:00 since October 2020
	for clock, want := range map[string]bool{
		"2020-09-15 05:59": false, "2020-09-15 06:00": true, "2020-09-15 22:59": true, "2020-09-15 23:00": false,
		"2026-09-15 06:59": false, "2026-09-15 07:00": true,
	} {
		if got := h.Permitted(at(t, "Asia/Ho_Chi_Minh", clock)); got != want {
			t.Errorf("by law, at %s: %v, want %v", clock, got, want)
		}
	}
	late := Window{8 * 60, 21 * 60}
	h = hoursOf(t, Policy{Narrow: &Week{late, late, late, late}}, vietnam) // 09:00-20:00 until October 2020
	for clock, want := range map[string]bool{"2026-09-15 07:30": false, "2026-09-15 08:00": true, "2026-09-15 21:30": false} {
		if got := h.Permitted(at(t, "Asia/Ho_Chi_Minh", clock)); got != want {
			t.Errorf("strictly, at %s: %v, want %v", clock, got, want)
		}
	}
}

// A rule is told of from its first local day on, until the last before it ends.
func TestExplainTellsOfTheRulesInForce(t *testing.T) {
	h := hoursOf(t, Policy{}, vietnam)
	for clock, cites := range map[string]string{"2020-09-30 23:59": "No rule on hours of texts before Decree 91/2020", "2020-10-01 00:00": "Decree 91/2020/ND-CP art. 13"} {
		if told := h.Explain(at(t, "Asia/Ho_Chi_Minh", clock)); len(told) != 1 || told[0].Citation != cites {
			t.Errorf("at %s: %+v, want %s", clock, told, cites)
		}
	}
}

// A note is told once, in however many places of a country a phone may be.
func TestANoteIsToldOnce(t *testing.T) {
	some := []phone.Place{place("NG", "", "Africa/Lagos"), place("NG", "", "Africa/Lagos")}
	if one, two := Notes(some[:1]), Notes(some); len(one) != 1 || len(two) != 1 {
		t.Errorf("%q, %q", one, two)
	}
}

// A window that spans midnight is whole beside hours that shut at no time, whichever comes first.
func TestAWindowOverMidnightBesideAllDay(t *testing.T) {
	late := Window{20 * 60, 26 * 60}
	for _, hours := range [][2]Window{{late, AllDay}, {AllDay, late}} {
		own, narrow := Week{hours[0], hours[0], hours[0], hours[0]}, Week{hours[1], hours[1], hours[1], hours[1]}
		h := hoursOf(t, Policy{Narrow: &narrow, Countries: map[string]Country{"AQ": {Hours: own}}}, place("AQ", "", "Africa/Abidjan"))
		for clock, want := range map[string]bool{"2026-11-24 19:59": false, "2026-11-24 23:59": true, "2026-11-25 01:59": true, "2026-11-25 02:00": false} {
			if got := h.Permitted(at(t, "Africa/Abidjan", clock)); got != want {
				t.Errorf("%v beside %v, at %s: %v", hours[0], hours[1], clock, got)
			}
		}
		if closes := h.ClosesAt(at(t, "Africa/Abidjan", "2026-11-24 22:00")); !closes.Equal(at(t, "Africa/Abidjan", "2026-11-25 02:00")) {
			t.Errorf("%v beside %v closes at %s", hours[0], hours[1], closes)
		}
	}
}

// The engine answers from the first second of its tables to the last, and looks for no opening behind it.
func TestTheFirstAndLastSecondOfTheTables(t *testing.T) {
	always := Policy{Mode: Law, Countries: map[string]Country{"AQ": {Hours: Week{AllDay, AllDay, AllDay, AllDay}}}}
	h := hoursOf(t, always, place("AQ", "", "Africa/Abidjan"))
	for unix, want := range map[int64]bool{begin - 1: false, begin: true, end - 1: true, end: false} {
		second := time.Unix(unix, 0)
		if got := h.Permitted(second); got != want {
			t.Errorf("%s: %v", second.UTC(), got)
		}
		if opens, err := h.NextOpening(second); (err == nil) != want || want && !opens.Equal(second) {
			t.Errorf("%s opens at %s (%v)", second.UTC(), opens, err)
		}
	}
	if closes := h.ClosesAt(time.Unix(end-60, 0)); closes.Unix() != end {
		t.Errorf("closes at %s", closes)
	}
	for _, since := range []int64{begin, begin + 3600} {
		if closes := h.ClosesAt(time.Unix(since, 0)); closes.Unix() != since+14*24*60*60 {
			t.Errorf("what never closes is said to close at %s", closes)
		}
	}
	night := hoursOf(t, Policy{}, florida)
	if opens, err := night.NextOpening(at(t, "America/New_York", "2052-12-29 20:30")); err == nil { // at eight, the tables are over
		t.Errorf("opens at %s", opens)
	}
	if opens, err := hoursOf(t, Policy{}, france).NextOpening(at(t, "Europe/Paris", "2052-12-29 22:00")); err == nil {
		t.Errorf("in France it opens at %s, when the tables are over", opens)
	}
	first := begin + 3600 // at night in Florida
	if opens, err := night.NextOpening(time.Unix(first, 0)); err != nil || opens.Unix() <= first {
		t.Errorf("opens at %s (%v)", opens, err)
	}
	if opens, err := hoursOf(t, Policy{}, france).NextOpening(time.Unix(begin, 0)); err != nil || opens.Unix() == begin { // at one in the morning
		t.Errorf("in France it opens at %s (%v)", opens, err)
	}
}

// The limit that is ours was last thought about on a day, as each law was read.
func TestTheDefaultCapIsDated(t *testing.T) {
	if c := DefaultCap(); c.AsOf.IsZero() || c.Limit != 3 || c.Window != 24*time.Hour || c.Place != "*" || c.Citation == "" {
		t.Errorf("%+v", c)
	}
}

// What a person reads has the hour and minute that the clock shows, from the first of the day to the last.
func TestExplainTellsTheTime(t *testing.T) {
	h := hoursOf(t, Policy{}, florida)
	for clock, says := range map[string]string{
		"2026-11-24 00:00": "00:00 on Tuesday 2026-11-24 in America/New_York is outside",
		"2026-11-24 23:59": "23:59 on Tuesday 2026-11-24 in America/New_York is outside",
		"2026-11-24 12:34": "12:34 on Tuesday 2026-11-24 in America/New_York is within",
	} {
		for _, a := range h.Explain(at(t, "America/New_York", clock)) {
			if !strings.HasPrefix(a.Because, says) {
				t.Errorf("%s: %s, want %s", a.Name, a.Because, says)
			}
		}
	}
}

// The hours of a reading as the document has them: in one word where all days are alike, and with what cuts them.
func TestReadingsAreWrittenInFewWords(t *testing.T) {
	for want, r := range map[string]Reading{
		"any hour":    daily(TierDefault, "00:00-24:00"),
		"09:00-20:00": daily(TierLaw, "09:00-20:00"),
		"none":        daily(TierLaw, "none"),
		"09:00-20:00 / 09:00-20:00 / 09:00-20:00 / none":                 hours(TierLaw, "09:00-20:00", "09:00-20:00", "09:00-20:00", "none"),
		"09:00-20:00 / none / 09:00-20:00 / 09:00-20:00":                 hours(TierLaw, "09:00-20:00", "none", "09:00-20:00", "09:00-20:00"),
		"09:00-20:00 / 09:00-20:00 / none / 09:00-20:00":                 hours(TierLaw, "09:00-20:00", "09:00-20:00", "none", "09:00-20:00"),
		"09:00-20:00, Fridays 09:00-14:00, eves of holidays 09:00-12:00": daily(TierLaw, "09:00-20:00").fridays("09:00-14:00").eves("09:00-12:00"),
		"20:00-02:00": daily(TierLaw, "20:00-02:00"),
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A span is on some clock of the earth from when the Line Islands show its beginning until ships twelve hours behind
// Greenwich show its end; none is nothing else.
func TestASpanOnAllClocks(t *testing.T) {
	span := Local{time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)}
	from, until := span.Around()
	if want := (Local{time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC), time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC)}); (Local{from, until}) != want {
		t.Errorf("it is around from %s to %s", from, until)
	}
	if span.IsZero() || !(Local{}).IsZero() {
		t.Error("a span is none, or none is one")
	}
	policy := Policy{Countries: map[string]Country{"KI": {Hours: Week{AllDay, AllDay, AllDay, AllDay}}}}
	for zone, want := range map[string]time.Time{"Pacific/Kiritimati": from, "Pacific/Pago_Pago": time.Date(2026, 12, 1, 21, 0, 0, 0, time.UTC)} {
		if begins, ends := hoursOf(t, policy, place("KI", "", zone)).Span(span); !begins.Equal(want) || !ends.Equal(want.Add(10*time.Hour)) {
			t.Errorf("in %s it is from %s to %s", zone, begins, ends)
		}
	}
	for _, text := range []string{`{"from":"2026-12-01T10:00:00"}`, `{"until":"2026-12-01T10:00:00"}`, `{"from":"tomorrow","until":"tomorrow"}`, `[]`} {
		var l Local
		if err := json.Unmarshal([]byte(text), &l); err == nil || !strings.Contains(err.Error(), "clocks") || !l.IsZero() {
			t.Errorf("%s: %+v, %v", text, l, err)
		}
	}
}

// Hours on holidays are read as closely as others, and the mistake is named.
func TestAMistakeInTheHoursOfHolidays(t *testing.T) {
	nine := Window{540, 1020}
	err := Policy{Narrow: &Week{nine, nine, nine, Window{540, 540}}}.Validate()
	if err == nil || !strings.Contains(err.Error(), "narrow.holidays") {
		t.Errorf("%v", err)
	}
}

// Of a country nobody has read the law of, no words are known.
func TestOptOutWordsOfNoCountry(t *testing.T) {
	if words := OptOutWords("XX"); words != nil {
		t.Errorf("%v", words)
	}
	if e, known := Lookup("XX"); known || e.Place != "" {
		t.Errorf("%+v", e)
	}
	if words := OptOutWords("ZA"); len(words) == 0 {
		t.Error("NO is not among the words of South Africa")
	}
}

// A source read as many days ago as may pass is not yet unread, a day later it is.
func TestTheLastDayOnWhichASourceIsRead(t *testing.T) {
	s := Standing{AsOf: date("2026-11-01")}
	for on, want := range map[string]bool{"2026-12-01": false, "2026-12-02": true} {
		if got := (Review{On: date(on), Unread: 30}).asksFor(s); got != want {
			t.Errorf("on %s it is unread: %v", on, got)
		}
	}
	unread := Review{On: date("2026-12-02"), Unread: 30}
	s.Until = date("2026-12-02")
	if unread.asksFor(s) {
		t.Error("of a rule that ended today the source is asked for")
	}
	s.Until = date("2026-12-03")
	if !unread.asksFor(s) {
		t.Error("of a rule that ends tomorrow the source is not asked for")
	}
	if s = (Standing{AsOf: unread.On, Pending: "a bill"}); unread.asksFor(s) {
		t.Error("a source read today is unread because a bill is pending")
	}
}

// A rule begins or ends with a change of its own place, kind and day alone.
func TestARuleMakesAChange(t *testing.T) {
	s := Standing{Place: "VN", Rule: "hours", From: date("2020-10-01"), Until: date("2030-01-01")}
	for _, tt := range []struct {
		change Change
		want   bool
	}{
		{Change{date("2020-10-01"), "VN", "hours"}, true},
		{Change{date("2030-01-01"), "VN", "hours"}, true},
		{Change{date("2020-10-02"), "VN", "hours"}, false},
		{Change{date("2020-10-01"), "TH", "hours"}, false},
		{Change{date("2020-10-01"), "VN", "cap"}, false},
	} {
		if got := s.Makes(tt.change); got != tt.want {
			t.Errorf("%+v: %v", tt.change, got)
		}
	}
}

// Each window reads back as it is written, to the minute.
func TestEachMinuteOfAWindowIsWritten(t *testing.T) {
	for minute := 1; minute < 2*dayMinutes; minute++ {
		for _, w := range []Window{{minute % dayMinutes, minute%dayMinutes + 1}, {dayMinutes / 2, dayMinutes/2 + max(1, minute%dayMinutes)}, {0, min(minute, dayMinutes)}} {
			if back, err := ParseWindow(w.String()); err != nil || back != w {
				t.Errorf("%v is written %s and read as %v (%v)", w, w, back, err)
			}
		}
	}
}

// Days are counted over the ends of months and years, in both directions.
func TestDaysLaterAndEarlier(t *testing.T) {
	for from, later := range map[string]struct {
		days int
		want string
	}{"2026-02-28": {1, "2026-03-01"}, "2028-02-28": {1, "2028-02-29"}, "2026-01-01": {-1, "2025-12-31"}, "2026-12-31": {366, "2028-01-01"}} {
		if got := date(from).Plus(later.days).String(); got != later.want {
			t.Errorf("%d days after %s it is %s, want %s", later.days, from, got, later.want)
		}
	}
}
