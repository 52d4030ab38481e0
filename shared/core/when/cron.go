package when

import (
	"errors"
	"fmt"
	"path"
	"strconv"
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

// Words says in plain English when a schedule is that ParseCron takes, by the clock of an IANA zone, such as "every
// Friday at 10:00, Los Angeles". What is rarer than an hour of certain days stays as it is written.
func Words(text, zone string) string {
	where := strings.ReplaceAll(path.Base(zone), "_", " ")
	f := strings.Fields(text)
	if len(f) != 5 {
		return fmt.Sprintf("by %q, %s", text, where)
	}
	minute, err := strconv.Atoi(f[0])
	hour, failed := strconv.Atoi(f[1])
	days := dayWords(f[2], f[3], f[4])
	if err != nil || failed != nil || days == "" {
		return fmt.Sprintf("by %q, %s", text, where)
	}
	return fmt.Sprintf("%s at %d:%02d, %s", days, hour, minute, where)
}

// dayWords says which days three fields of a schedule name; empty where no few words do.
func dayWords(day, month, weekday string) string {
	date, err := strconv.Atoi(day)
	switch {
	case month != "*":
		return ""
	case day == "*" && weekday == "*":
		return "every day"
	case day == "*":
		return weekdayWords(weekday)
	case weekday != "*" || err != nil:
		return ""
	case date > 28:
		return fmt.Sprintf("on day %d of each month that has one", date)
	default:
		return fmt.Sprintf("on day %d of each month", date)
	}
}

// weekdayWords says which days a list such as "1,3" or a span such as "1-5" names.
func weekdayWords(field string) string {
	if first, last, ok := strings.Cut(field, "-"); ok {
		from, until := weekdayOf(first), weekdayOf(last)
		if from == "" || until == "" {
			return ""
		}
		return "every day from " + from + " to " + until
	}
	var days []string
	for _, part := range strings.Split(field, ",") {
		day := weekdayOf(part)
		if day == "" {
			return ""
		}
		days = append(days, day)
	}
	last := len(days) - 1
	if last == 0 {
		return "every " + days[0]
	}
	return "every " + strings.Join(days[:last], ", ") + " and " + days[last]
}

// weekdayOf returns the name of a day that is written as 0 to 6, from Sunday on, or as its first three letters.
func weekdayOf(word string) string {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if word == strconv.Itoa(int(day)) || strings.EqualFold(word, day.String()[:3]) {
			return day.String()
		}
	}
	return ""
}
