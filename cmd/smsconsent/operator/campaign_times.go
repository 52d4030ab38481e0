package operator

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/when"
	"smsconsent/shared/core/zoneinfo"
)

// farAhead is how many years ahead a time may be before --far has to confirm it.
const farAhead = 2

// clock is the format of a time on each person's own clock.
const clock = "2006-01-02 15:04"

// setTimes sets when a campaign begins and ends.
func (f *campaignFlags) setTimes(c *campaign.Campaign, now time.Time) error {
	if f.repeat != "" {
		return f.setRepeat(c, now)
	}
	if err := f.checkOnce(); err != nil {
		return err
	}
	if f.local {
		return f.setLocal(c, now)
	}
	at, err := f.instant("--at", f.at, now, now)
	if err != nil {
		return err
	}
	if err := f.checkFar(at, now); err != nil {
		return err
	}
	expires, err := f.instant("--expires", f.expires, at.Add(cmp.Or(f.lasts, defaultDuration)), now)
	c.At, c.Expires = at.UTC(), expires.UTC()
	return err
}

// setLocal does what setTimes does, for times on each person's own clock.
func (f *campaignFlags) setLocal(c *campaign.Campaign, now time.Time) (err error) {
	if f.at == "" {
		return usageError{errors.New(`--local-time: write with --at what each person's clock is to show, such as --at "2026-12-01 10:00"`)}
	}
	var l jurisdiction.Local
	if l.From, err = f.clockTime("--at", f.at, time.Time{}, now); err != nil {
		return err
	}
	if l.Until, err = f.clockTime("--expires", f.expires, l.From.Add(cmp.Or(f.lasts, defaultDuration)), now); err != nil {
		return err
	}
	if !l.Until.After(l.From) {
		return usageError{fmt.Errorf("--expires: %s is not after --at %s; write a later time", l.Until.Format(clock), l.From.Format(clock))}
	}
	from, until := l.Around()
	if err := f.checkFar(from, now); err != nil {
		return err
	}
	if _, last := (jurisdiction.Local{From: l.From, Until: l.From}).Around(); last.Before(now) {
		return usageError{fmt.Errorf("--at: %s has passed everywhere (now is %s); write a later time",
			l.From.Format(clock), now.UTC().Format(time.RFC3339))}
	}
	if from.Before(now) {
		from = now // the local time has passed in some places already
	}
	c.Local, c.At, c.Expires = l, from.UTC(), until.UTC()
	return nil
}

func (f *campaignFlags) checkFar(at, now time.Time) error {
	if at.After(now.AddDate(farAhead, 0, 0)) && !f.far {
		return usageError{fmt.Errorf("--at: %s is more than two years away (now is %s); say --far if it is meant",
			at.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))}
	}
	return nil
}

// location returns the time zone of --zone; nil where it is not set.
func (f *campaignFlags) location() (*time.Location, error) {
	if f.zone == "" {
		return nil, nil //nolint:nilnil // package when takes nil for no zone
	}
	zone, err := zoneinfo.Load(f.zone)
	if err != nil {
		return nil, usageError{fmt.Errorf("--zone: %q is no time zone, such as America/Los_Angeles", f.zone)}
	}
	return zone, nil
}

// instant parses an instant on the clock of --zone. An empty one is the default.
func (f *campaignFlags) instant(flag, value string, otherwise, now time.Time) (time.Time, error) {
	return f.read(flag, value, otherwise, func(zone *time.Location) (time.Time, error) {
		return when.Parse(value, zone, now)
	})
}

// clockTime parses a time on each person's own clock. An empty one is the default.
func (f *campaignFlags) clockTime(flag, value string, otherwise, now time.Time) (time.Time, error) {
	return f.read(flag, value, otherwise, func(zone *time.Location) (time.Time, error) {
		at, err := when.Clock(value, zone, now)
		if err != nil && !errors.Is(err, when.ErrNoZone) {
			err = fmt.Errorf(`%w; with --local-time write "tomorrow 10:00" with --zone, or "2026-12-01 10:00"`, err)
		}
		return at, err
	})
}

func (f *campaignFlags) read(
	flag, value string, otherwise time.Time, parse func(*time.Location) (time.Time, error),
) (time.Time, error) {
	if value == "" {
		return otherwise, nil
	}
	zone, err := f.location()
	if err != nil {
		return time.Time{}, err
	}
	at, err := parse(zone)
	if errors.Is(err, when.ErrNoZone) {
		return at, usageError{fmt.Errorf("%s: %w, as --zone America/Los_Angeles", flag, err)}
	}
	if err != nil {
		return at, usageError{fmt.Errorf("%s: %w", flag, err)}
	}
	return at, nil
}

// goesOut says when a campaign begins.
func goesOut(c *campaign.Campaign) string {
	if c.Local.IsZero() {
		return fmt.Sprintf("from %s until %s", c.At.Format(time.RFC3339), c.Expires.Format(time.RFC3339))
	}
	return fmt.Sprintf("from %s until %s on each person's own clock", c.Local.From.Format(clock), c.Local.Until.Format(clock))
}
