package operator

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"smsconsent/shared/core/when"
	"smsconsent/shared/core/zoneinfo"
)

// farAhead is how many years ahead somebody means what they write.
const farAhead = 2

// times reads when the campaign begins and ends.
func (f *campaignFlags) times(now time.Time) (at, expires time.Time, err error) {
	if at, err = f.instant("--at", f.at, now, now); err != nil {
		return at, expires, err
	}
	if at.After(now.AddDate(farAhead, 0, 0)) && !f.far {
		return at, expires, usageError{fmt.Errorf("--at: %s is more than two years away (now is %s); say --far if it is meant",
			at.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))}
	}
	expires, err = f.instant("--expires", f.expires, at.Add(cmp.Or(f.lasts, runsFor)), now)
	return at, expires, err
}

// instant reads an instant by the clock of --zone; an empty one is the default.
func (f *campaignFlags) instant(flag, value string, otherwise, now time.Time) (time.Time, error) {
	if value == "" {
		return otherwise, nil
	}
	var zone *time.Location
	if f.zone != "" {
		var err error
		if zone, err = zoneinfo.Load(f.zone); err != nil {
			return time.Time{}, usageError{fmt.Errorf("--zone: %q is no time zone, such as America/Los_Angeles", f.zone)}
		}
	}
	at, err := when.Parse(value, zone, now)
	if errors.Is(err, when.ErrNoZone) {
		return at, usageError{fmt.Errorf("%s: %w, as --zone America/Los_Angeles", flag, err)}
	}
	if err != nil {
		return at, usageError{fmt.Errorf("%s: %w", flag, err)}
	}
	return at, nil
}
