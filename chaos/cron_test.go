package chaos_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// clockwork is a schedule of template.yaml that wakes a function again and again.
type clockwork struct {
	function, input string
	every, after    time.Duration // and so long after midnight
}

var (
	resourceLine = regexp.MustCompile(`^  (\w+)Function:`)
	cronLine     = regexp.MustCompile(`ScheduleExpression: (?:cron\(([0-9/]+) ([0-9*]+) \* \* \? \*\)|!Ref (\w+))`)
	inputLine    = regexp.MustCompile(`Input: '(.*)'`)
)

// clockworks reads them. What it cannot read it reports, for a schedule that is left out here is one nobody tests.
var clockworks = sync.OnceValues(func() ([]clockwork, error) {
	template, err := os.ReadFile("../template.yaml")
	if err != nil {
		return nil, err
	}
	var all []clockwork
	var now clockwork
	for line := range strings.Lines(string(template)) {
		if m := resourceLine.FindStringSubmatch(line); m != nil {
			now.function = strings.ToLower(m[1])
		}
		if m := cronLine.FindStringSubmatch(line); m != nil {
			minute, hour := m[1], m[2]
			if m[3] != "" {
				daily := regexp.MustCompile(`(?s)\n  ` + m[3] + `:\n.*?Default: cron\((\d+) (\d+) `).FindSubmatch(template)
				if daily == nil {
					return nil, fmt.Errorf("template.yaml: parameter %s is no cron expression", m[3])
				}
				minute, hour = string(daily[1]), string(daily[2])
			}
			now.every = time.Hour
			if from, step, ok := strings.Cut(minute, "/"); ok {
				n, err := strconv.Atoi(step)
				if err != nil {
					return nil, fmt.Errorf("template.yaml: %s", line)
				}
				minute, now.every = from, time.Duration(n)*time.Minute
			}
			first, err := strconv.Atoi(minute)
			if err != nil {
				return nil, fmt.Errorf("template.yaml: %s", line)
			}
			now.after = time.Duration(first) * time.Minute
			if hour != "*" {
				n, err := strconv.Atoi(hour)
				if err != nil {
					return nil, fmt.Errorf("template.yaml: %s", line)
				}
				now.every, now.after = 24*time.Hour, now.after+time.Duration(n)*time.Hour
			}
		} else if strings.Contains(line, "ScheduleExpression:") {
			return nil, fmt.Errorf("template.yaml: %s is a schedule this cannot read", line)
		}
		if m := inputLine.FindStringSubmatch(line); m != nil {
			now.input = m[1]
			all = append(all, now)
		}
	}
	return all, nil
})

// cron makes the schedules of template.yaml.
func (w *world) cron() {
	w.t.Helper()
	all, err := clockworks()
	if err != nil || len(all) == 0 {
		w.t.Fatalf("the schedules of template.yaml: %v", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	midnight := now.Truncate(24 * time.Hour)
	for _, c := range all {
		due := midnight.Add(c.after)
		for !due.After(now) {
			due = due.Add(c.every)
		}
		w.push(&event{due: due, function: c.function, payload: []byte(c.input), source: fromSchedule, name: c.input, cron: c.every, label: c.function + " by the clock"})
	}
}

// nextRun is when a schedule fires after it was due. Hours in which nobody does anything need no run each.
func (w *world) nextRun(e *event) time.Time {
	next := e.due.Add(e.cron)
	if left := w.target.Sub(next); e.cron < 24*time.Hour && left > dull {
		next = next.Add((min(24*time.Hour, left) - dull/2).Truncate(e.cron))
	}
	return next
}

// dull is how long nobody has to do anything before runs by the clock are left out.
const dull = 2 * time.Hour
