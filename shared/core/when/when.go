// Package when reads times as people write them, such as "tomorrow 10:00", and the cron schedules of repeated
// campaigns.
package when

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrNoZone says that the clock of which place is meant has to be told.
var ErrNoZone = errors.New("is by a clock on a wall; say in which time zone")

// how is what may be written.
const how = `write "tomorrow 10:00", "friday 10:00" or "2026-12-01 10:00" with a time zone, or RFC 3339 such as 2026-12-01T10:00:00-08:00`

// Parse reads an instant: RFC 3339, or a day and a time by the clock of a zone. The day is today, tomorrow, the name of
// the next such day, which today is only where the time is to come, or a date. The error wraps ErrNoZone where zone is
// nil and needed. A time that the clock shows twice, or never, is an error. The instant is in UTC.
func Parse(text string, zone *time.Location, now time.Time) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.UTC(), nil
	}
	shown, err := Clock(text, zone, now)
	switch {
	case err != nil && !errors.Is(err, ErrNoZone):
		return time.Time{}, fmt.Errorf("%w; %s", err, how)
	case zone == nil:
		return time.Time{}, fmt.Errorf("%q %w", text, ErrNoZone)
	}
	at := onClock(shown, shown, zone)
	if at.Hour() != shown.Hour() || at.Minute() != shown.Minute() {
		return time.Time{}, fmt.Errorf("%q is not on the clock of %s: it is put forward that day; write another time", text, zone)
	}
	if again := showing(at); len(again) > 1 {
		return time.Time{}, fmt.Errorf("%q comes twice on the clock of %s, which is put back that day; write %s or %s", text, zone,
			again[0].Format(time.RFC3339), again[1].Format(time.RFC3339))
	}
	return at.UTC(), nil
}

// Clock reads a day and a time as Parse does, and returns what a clock shows then, wherever it hangs: as if it hung in
// Greenwich. zone is whose today it is; the error wraps ErrNoZone where it is nil and the day is no date.
func Clock(text string, zone *time.Location, now time.Time) (time.Time, error) {
	day, clock, two := strings.Cut(strings.ToLower(strings.TrimSpace(text)), " ")
	hour, err := time.Parse("15:04", strings.TrimSpace(clock))
	if !two || err != nil {
		return time.Time{}, fmt.Errorf("%q is no day and time", text)
	}
	if zone != nil {
		now = now.In(zone)
	}
	date, next, ok := dayOf(day, now)
	if !ok {
		return time.Time{}, fmt.Errorf("%q is no day and time", text)
	}
	if _, err := time.Parse(time.DateOnly, day); zone == nil && err != nil {
		return time.Time{}, fmt.Errorf("%q %w", text, ErrNoZone)
	}
	at := onClock(date, hour, time.UTC)
	if next && !at.After(onClock(now, now, time.UTC)) {
		at = at.AddDate(0, 0, 7)
	}
	return at, nil
}

// showing returns the instants, in order, at which a clock shows what it shows at one: two where it is put back.
func showing(at time.Time) []time.Time {
	all := []time.Time{at}
	start, end := at.ZoneBounds() // each is zero where there is none
	_, here := at.Zone()
	for _, beside := range []time.Time{start.Add(-time.Second), end} {
		_, there := beside.Zone()
		other := at.Add(time.Duration(here-there) * time.Second)
		if _, shown := other.Zone(); shown == there && !other.Equal(at) {
			all = append(all, other)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return slices.CompactFunc(all, time.Time.Equal)
}

func onClock(date, hour time.Time, zone *time.Location) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), hour.Hour(), hour.Minute(), 0, 0, zone)
}

// dayOf reads a day. next reports that it is the next day of a name, and so may be today.
func dayOf(word string, now time.Time) (date time.Time, next, ok bool) {
	switch word {
	case "today":
		return now, false, true
	case "tomorrow":
		return now.AddDate(0, 0, 1), false, true
	}
	if date, err := time.Parse(time.DateOnly, word); err == nil {
		return date, false, true
	}
	for ahead := range 7 {
		date := now.AddDate(0, 0, ahead)
		name := strings.ToLower(date.Weekday().String())
		if word == name || word == name[:3] {
			return date, true, true
		}
	}
	return time.Time{}, false, false
}
