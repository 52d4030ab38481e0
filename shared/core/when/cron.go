package when

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Cron is a schedule by the clock of a zone. The zero Cron is none.
type Cron struct {
	schedule cron.Schedule
	zone     *time.Location
}

// ParseCron reads five fields as cron does: minute, hour, day and month, and day of the week.
func ParseCron(text string, zone *time.Location) (Cron, error) {
	if strings.Contains(text, "=") { // the library would read a zone there
		return Cron{}, fmt.Errorf("%q names a zone in itself", text)
	}
	parsed, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(text)
	if err != nil {
		return Cron{}, fmt.Errorf(`%q is no schedule such as "0 10 * * 1", which is Mondays at 10:00: %w`, text, err)
	}
	c := Cron{schedule: parsed, zone: zone}
	if _, ok := c.Next(time.Unix(0, 0)); !ok {
		return Cron{}, errors.New("that day never comes")
	}
	return c, nil
}

// Next returns the first instant of the schedule after another, in UTC; false where none comes within five years. A
// time that is left out on the day the clock is put forward is left out of the schedule too.
func (c Cron) Next(after time.Time) (time.Time, bool) {
	next := c.schedule.Next(after.In(c.zone))
	return next.UTC(), !next.IsZero()
}

// Shows returns what the zone's clock shows at an instant, as if it hung in Greenwich.
func (c Cron) Shows(at time.Time) time.Time {
	_, offset := at.In(c.zone).Zone()
	return at.UTC().Add(time.Duration(offset) * time.Second)
}
