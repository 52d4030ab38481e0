package jurisdiction

import (
	"fmt"
	"time"
)

const (
	dayMinutes = 24 * 60
	daySeconds = 24 * 60 * 60
)

// Window is a half-open span of the recipient's wall clock, [From, To), in minutes after midnight. A window that spans
// midnight belongs to the day on which it starts and has To beyond 1440: "20:00-02:00" is {1200, 1560}.
// The zero Window is "none": nothing may be sent.
type Window struct {
	From, To int
}

// None is the window in which nothing may be sent; AllDay leaves the whole day open.
var (
	None   = Window{}
	AllDay = Window{0, dayMinutes}
)

// ParseWindow reads "09:00-20:00", "20:00-02:00" (until two in the morning of the next day), "00:00-24:00" or "none".
func ParseWindow(s string) (Window, error) {
	if s == "none" {
		return None, nil
	}
	if len(s) == len("09:00-20:00") && s[5] == '-' {
		from, okFrom := parseClock(s[:5])
		to, okTo := parseClock(s[6:])
		if okFrom && okTo && from < dayMinutes && from != to {
			if to < from {
				to += dayMinutes
			}
			return Window{from, to}, nil
		}
	}
	return None, fmt.Errorf(`window %q: write it as "09:00-20:00", "20:00-02:00", "00:00-24:00" or "none"`, s)
}

func parseClock(s string) (minutes int, ok bool) {
	for i, c := range []byte(s) {
		if (i == 2) != (c == ':') || i != 2 && (c < '0' || c > '9') {
			return 0, false
		}
	}
	hour := int(s[0]-'0')*10 + int(s[1]-'0')
	minute := int(s[3]-'0')*10 + int(s[4]-'0')
	return hour*60 + minute, minute < 60 && hour*60+minute <= dayMinutes
}

// String writes the window as ParseWindow reads it.
func (w Window) String() string {
	if w == None {
		return "none"
	}
	to := w.To
	if to > dayMinutes {
		to -= dayMinutes
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", w.From/60, w.From%60, to/60, to%60)
}

// MarshalText writes the window as ParseWindow reads it.
func (w Window) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads a window of a policy file.
func (w *Window) UnmarshalText(text []byte) (err error) {
	*w, err = ParseWindow(string(text))
	return err
}

func (w Window) valid() bool {
	return w == None || w.From >= 0 && w.From < dayMinutes && w.To > w.From && w.To <= w.From+dayMinutes
}

func (w Window) spansMidnight() bool { return w.To > dayMinutes }

// intersect is what two windows of the same day have in common.
func (w Window) intersect(v Window) Window {
	both := Window{max(w.From, v.From), min(w.To, v.To)}
	if both.From >= both.To {
		return None
	}
	return both
}

// Week is when promotional texts may go out in one place. On a public holiday both the window of its weekday and the
// window of holidays must allow a text: a holiday never opens what a Sunday shuts.
type Week struct {
	Weekday  Window // Monday to Friday
	Saturday Window
	Sunday   Window
	Holiday  Window
}

// String is the doc form: Monday to Friday / Saturday / Sunday / public holidays.
func (w Week) String() string {
	return fmt.Sprintf("%s / %s / %s / %s", w.Weekday, w.Saturday, w.Sunday, w.Holiday)
}

// on is the window of the day d.
func (w Week) on(d time.Weekday, holiday bool) Window {
	day := w.Weekday
	switch d {
	case time.Saturday:
		day = w.Saturday
	case time.Sunday:
		day = w.Sunday
	}
	if holiday {
		return day.intersect(w.Holiday)
	}
	return day
}

// heedsHolidays says whether a public holiday shuts or shortens some day, so that a calendar is needed.
func (w Week) heedsHolidays() bool {
	for _, day := range [...]Window{w.Weekday, w.Saturday, w.Sunday} {
		if day.intersect(w.Holiday) != day {
			return true
		}
	}
	return false
}

// on is the window of the day d: a public holiday, the eve of one, or neither.
func (r *Reading) on(d time.Weekday, holiday, eve bool) Window {
	w := r.Hours.on(d, holiday)
	if d == time.Friday && r.Friday != nil {
		w = w.intersect(*r.Friday)
	}
	if eve && r.Eve != nil {
		w = w.intersect(*r.Eve)
	}
	return w
}

func (r *Reading) heedsHolidays() bool { return r.Eve != nil || r.Hours.heedsHolidays() }

// String is the doc form: Monday to Friday / Saturday / Sunday / public holidays, then what differs.
func (r Reading) String() string {
	text := r.Hours.String()
	switch w := r.Hours; {
	case w.Weekday != w.Saturday || w.Weekday != w.Sunday || w.Weekday != w.Holiday:
	case w.Weekday == AllDay:
		text = "any hour"
	default:
		text = w.Weekday.String()
	}
	if r.Friday != nil {
		text += ", Fridays " + r.Friday.String()
	}
	if r.Eve != nil {
		text += ", eves of holidays " + r.Eve.String()
	}
	return text
}

// hours writes a reading of the tables: Monday to Friday, Saturday, Sunday, public holidays. It panics on a misprint,
// which any test of the package shows.
func hours(tier Tier, weekday, saturday, sunday, holiday string) Reading {
	return Reading{Hours: Week{window(weekday), window(saturday), window(sunday), window(holiday)}, Tier: tier}
}

// daily is the same window every day, holidays included.
func daily(tier Tier, text string) Reading { return hours(tier, text, text, text, text) }

// fridays cuts the Fridays of a reading.
func (r Reading) fridays(text string) Reading {
	w := window(text)
	r.Friday = &w
	return r
}

// eves cuts the days before public holidays.
func (r Reading) eves(text string) Reading {
	w := window(text)
	r.Eve = &w
	return r
}

func window(text string) Window {
	w, err := ParseWindow(text)
	if err != nil {
		panic("jurisdiction tables: " + err.Error())
	}
	return w
}
