package scheduler

import (
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// expression says when a schedule fires (EventBridge Scheduler User Guide, "Schedule types").
type expression interface {
	// next returns the first instant after t; false where there is none.
	next(t time.Time) (time.Time, bool)
}

// parseExpression parses at(…), rate(…) and cron(…). The zone is for at and cron. A rate counts from start.
func parseExpression(s string, zone *time.Location, start time.Time) (expression, error) {
	kind, rest, ok := strings.Cut(s, "(")
	if !ok || !strings.HasSuffix(rest, ")") {
		return nil, errors.New(
			"must be at(yyyy-mm-ddThh:mm:ss), rate(value unit) or cron(minutes hours day-of-month month day-of-week year)",
		)
	}
	rest = strings.TrimSuffix(rest, ")")
	switch kind {
	case "at":
		t, err := time.ParseInLocation("2006-01-02T15:04:05", rest, zone)
		if err != nil {
			return nil, errors.New("at(…) must hold a time such as 2026-11-30T10:00:00, without a zone")
		}
		return once(t.UTC()), nil
	case "rate":
		return parseRate(rest, start)
	case "cron":
		return parseCron(rest, zone)
	default:
		return nil, fmt.Errorf("has unknown type %q; use at, rate or cron", kind)
	}
}

// once is a one-time schedule.
type once time.Time

func (o once) next(t time.Time) (time.Time, bool) {
	at := time.Time(o)
	return at, at.After(t)
}

// every is a rate: it fires at start, and again after each period.
type every struct {
	start  time.Time
	period time.Duration
}

func (e every) next(t time.Time) (time.Time, bool) {
	if t.Before(e.start) {
		return e.start, true
	}
	return e.start.Add((t.Sub(e.start)/e.period + 1) * e.period), true
}

func parseRate(s string, start time.Time) (expression, error) {
	value, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(value)
	length, known := map[string]time.Duration{
		"minute": time.Minute, "minutes": time.Minute, "hour": time.Hour, "hours": time.Hour,
		"day": 24 * time.Hour, "days": 24 * time.Hour,
	}[unit]
	if err != nil || n < 1 || n > 1_000_000 || !known {
		return nil, errors.New(
			"rate(…) must hold a positive whole number and minutes, hours or days, such as rate(5 minutes)",
		)
	}
	return every{start: start, period: time.Duration(n) * length}, nil
}

// cron is a recurring schedule by the calendar of a time zone. Each set has bit n for the value n.
type cron struct {
	zone                        *time.Location
	minutes, hours, days, month uint64
	weekdays                    uint64    // Sunday is 1, as with AWS
	years                       [4]uint64 // bit n for the year 1970+n
}

func parseCron(s string, zone *time.Location) (expression, error) {
	f := strings.Fields(s)
	if len(f) != 6 {
		return nil, errors.New(
			"cron(…) must have six fields: minutes hours day-of-month month day-of-week year, such as cron(0 10 * * ? *)",
		)
	}
	if (f[2] == "?") == (f[4] == "?") {
		return nil, errors.New("cron(…) must have ? as exactly one of day-of-month and day-of-week")
	}
	c := cron{zone: zone}
	for _, one := range []struct {
		name     string
		text     string
		min, max int
		names    string
		into     *uint64
	}{
		{"minutes", f[0], 0, 59, "", &c.minutes},
		{"hours", f[1], 0, 23, "", &c.hours},
		{"day-of-month", f[2], 1, 31, "", &c.days},
		{"month", f[3], 1, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC", &c.month},
		{"day-of-week", f[4], 1, 7, "SUNMONTUEWEDTHUFRISAT", &c.weekdays},
	} {
		err := parseField(one.text, one.min, one.max, one.names, func(n int) { *one.into |= 1 << n })
		if err != nil {
			return nil, fmt.Errorf("cron(…) has a bad %s field: %w", one.name, err)
		}
	}
	err := parseField(f[5], 1970, 2199, "", func(n int) { c.years[(n-1970)/64] |= 1 << ((n - 1970) % 64) })
	if err != nil {
		return nil, fmt.Errorf("cron(…) has a bad year field: %w", err)
	}
	return c, nil
}

// parseField parses one field: "*" or "?", or a list of values, ranges and steps. It calls add for each value.
func parseField(s string, low, high int, names string, add func(int)) error {
	for part := range strings.SplitSeq(s, ",") {
		span, step, stepped := strings.Cut(part, "/")
		every := 1
		if stepped {
			n, err := strconv.Atoi(step)
			if err != nil || n < 1 {
				return fmt.Errorf("step %q is not a positive whole number", step)
			}
			every = n
		}
		from, to := low, high
		if span != "*" && (span != "?" || stepped) {
			first, last, ranged := strings.Cut(span, "-")
			var err error
			if from, err = parseValue(first, low, high, names); err != nil {
				return err
			}
			switch {
			case ranged:
				if to, err = parseValue(last, low, high, names); err != nil {
					return err
				}
			case !stepped:
				to = from
			}
			if to < from {
				return fmt.Errorf("range %q runs backwards", span)
			}
		}
		for n := from; n <= to; n += every {
			add(n)
		}
	}
	return nil
}

func parseValue(s string, low, high int, names string) (int, error) {
	if i := strings.Index(names, strings.ToUpper(s)); len(s) == 3 && i >= 0 && i%3 == 0 {
		return low + i/3, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("%q is not between %d and %d (the local stack knows no L, W or #)", s, low, high)
	}
	return n, nil
}

// next searches day by day, because months differ in length, and so do days where the clocks change. As on AWS, a
// time that the clocks skip does not fire, and one that they repeat fires once.
func (c cron) next(t time.Time) (time.Time, bool) {
	local := t.In(c.zone)
	noon := time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, c.zone)
	for day := noon; day.Year() <= 2199; day = day.AddDate(0, 0, 1) {
		if !c.onDay(day) {
			continue
		}
		for hours := c.hours; hours != 0; hours &= hours - 1 {
			for minutes := c.minutes; minutes != 0; minutes &= minutes - 1 {
				h, m := bits.TrailingZeros64(hours), bits.TrailingZeros64(minutes)
				at := time.Date(day.Year(), day.Month(), day.Day(), h, m, 0, 0, c.zone)
				if at.After(t) && at.Hour() == h && at.Minute() == m {
					return at.UTC(), true
				}
			}
		}
	}
	return time.Time{}, false
}

func (c cron) onDay(d time.Time) bool {
	year := d.Year() - 1970
	return year >= 0 && c.years[year/64]&(1<<(year%64)) != 0 &&
		c.month&(1<<d.Month()) != 0 &&
		c.days&(1<<d.Day()) != 0 &&
		c.weekdays&(1<<(int(d.Weekday())+1)) != 0
}
