package signup

import (
	"errors"
	"fmt"
	"time"
)

// rowInstant returns when a person asked, from the date and time of a row, or the day alone without a time. A time
// without offset is in the zone. On a mistake column names the column to correct.
func rowInstant(date, clock string, zone *time.Location) (at, column string, err error) {
	if date == "" {
		if clock != "" {
			return "", "time", errors.New(
				"there is a time and no date; fill in the date, such as 2026-05-01, or leave the time empty",
			)
		}
		return "", "", nil
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return "", "date", errors.New("write the day as year-month-day, such as 2026-05-01")
	}
	if clock == "" {
		return date, "", nil
	}
	for _, layout := range []string{"15:04Z07:00", "15:04:05Z07:00"} {
		if t, err := time.Parse(time.DateOnly+" "+layout, date+" "+clock); err == nil {
			return t.Format(time.RFC3339), "", nil
		}
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, clock); err == nil {
			t = day.Add(
				time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second,
			)
			at, err := wall(t, zone)
			return at, "time", err
		}
	}
	return "", "time", errors.New("write the time as hours:minutes of 24 hours, such as 14:30, 14:30:05 or 14:30-08:00")
}

// wall returns the time at which clocks of the zone show what t shows in UTC. In the hour that clocks skip in spring
// there is none, and in the hour they repeat in autumn there are two; both are errors, because the ledger must not
// guess.
func wall(t time.Time, zone *time.Location) (string, error) {
	var found []time.Time
	// No zone changes its clocks twice within two days.
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := t.Add(near).In(zone).Zone()
		at := t.Add(-time.Duration(offset) * time.Second).In(zone)
		if _, is := at.Zone(); is == offset && (len(found) == 0 || !found[0].Equal(at)) {
			found = append(found, at)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf(
			"clocks in %s skipped this time that day; correct it, or write its offset, such as %s",
			zone,
			t.Format("15:04")+"-08:00",
		)
	case 1:
		return found[0].Format(time.RFC3339), nil
	default:
		return "", fmt.Errorf(
			"clocks in %s showed this time twice that day; write its offset: %s or %s",
			zone,
			found[0].Format("15:04Z07:00"),
			found[1].Format("15:04Z07:00"),
		)
	}
}
