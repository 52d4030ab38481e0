package scheduler

import (
	"testing"
	"time"
)

// begin is a Monday in November, 18:00 UTC.
var begin = time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)

func TestExpressions(t *testing.T) {
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	for _, c := range []struct {
		expression, zone, after string
		want                    string // empty: never
	}{
		{"cron(0 10 * * ? *)", "UTC", "2026-11-23T18:00:00Z", "2026-11-24T10:00:00Z"},
		{"cron(0 10 * * ? *)", "UTC", "2026-11-23T09:59:59Z", "2026-11-23T10:00:00Z"},
		{"cron(0 10 * * ? *)", "UTC", "2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z"},
		{"cron(0/15 * * * ? *)", "UTC", "2026-11-23T18:01:00Z", "2026-11-23T18:15:00Z"},
		{"cron(5,35 8-17 ? * MON-FRI *)", "UTC", "2026-11-27T17:35:00Z", "2026-11-30T08:05:00Z"},
		{"cron(0 18 ? * 1 *)", "UTC", "2026-11-23T18:00:00Z", "2026-11-29T18:00:00Z"},
		{"cron(0 0 29 FEB ? *)", "UTC", "2026-11-23T18:00:00Z", "2028-02-29T00:00:00Z"},
		{"cron(0 0 31 2 ? *)", "UTC", "2026-11-23T18:00:00Z", ""},
		{"cron(0 12 1 1 ? 2025)", "UTC", "2026-11-23T18:00:00Z", ""},
		{"cron(0 12 1 1 ? 2027-2030/3)", "UTC", "2027-02-01T00:00:00Z", "2030-01-01T12:00:00Z"},
		// Clocks in New York skip 02:30 on 14 March 2027 and repeat 01:30 on 1 November 2026.
		{"cron(30 2 * * ? *)", "America/New_York", "2027-03-13T12:00:00Z", "2027-03-15T06:30:00Z"},
		{"cron(30 1 * * ? *)", "America/New_York", "2026-11-01T04:00:00Z", "2026-11-01T05:30:00Z"},
		{"cron(30 1 * * ? *)", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"},
		{"cron(0 9 * * ? *)", "Asia/Kolkata", "2026-11-23T03:30:00Z", "2026-11-24T03:30:00Z"},
		{"rate(1 minute)", "UTC", "2026-11-23T18:00:30Z", "2026-11-23T18:01:00Z"},
		{"rate(2 days)", "UTC", "2026-11-23T18:00:00Z", "2026-11-25T18:00:00Z"},
	} {
		t.Run(c.expression+" "+c.after, func(t *testing.T) {
			e, err := parseExpression(c.expression, zone(c.zone), begin)
			if err != nil {
				t.Fatal(err)
			}
			after, err := time.Parse(time.RFC3339, c.after)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if next, ok := e.next(after); ok {
				got = next.UTC().Format(time.RFC3339)
			}
			if got != c.want {
				t.Errorf("next is %s, want %s", got, c.want)
			}
		})
	}
	for _, bad := range []string{
		"", "at", "at()", "at(2026-11-23)", "at(2026-11-23T18:00:00Z)", "at(2026-11-23T18:00:00", "every(1 day)",
		"rate(0 days)", "rate(1.5 hours)", "rate(5)", "rate(5 weeks)", "rate(99999999 days)",
		"cron(0 10 * * ?)", "cron(0 10 * * * *)", "cron(0 10 ? * ? *)", "cron(60 10 * * ? *)", "cron(0 24 * * ? *)", "cron(0 10 L * ? *)",
		"cron(0 10 ? * 2#1 *)", "cron(0 10 0 * ? *)", "cron(0 10 * 13 ? *)", "cron(0 10 ? * 8 *)", "cron(0/0 10 * * ? *)", "cron(0 17-9 * * ? *)",
		"cron(, 10 * * ? *)", "cron(0 10 * * ? 1969)", "cron(0 10 * ANF ? *)",
	} {
		if e, err := parseExpression(bad, time.UTC, begin); err == nil {
			t.Errorf("%q was read as %v", bad, e)
		}
	}
}

// Whatever is read as an expression fires after the instant it is asked about, and on the minute.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{"at(2026-11-23T18:00:00)", "rate(5 minutes)", "cron(0 10 * * ? *)", "cron(0/15 8-17 ? JAN,MAR MON-FRI 2026-2030)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := parseExpression(s, time.UTC, begin)
		if err != nil {
			return
		}
		next, ok := e.next(begin)
		if ok && !next.After(begin) {
			t.Errorf("%q fires at %v, not after %v", s, next, begin)
		}
		if _, isCron := e.(cron); ok && isCron && !next.Truncate(time.Minute).Equal(next) {
			t.Errorf("%q fires at %v", s, next)
		}
	})
}
