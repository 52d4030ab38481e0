package jurisdiction

import (
	"fmt"
	"time"
)

const (
	dayMinutes = 24 * 60
	daySeconds = 24 * 60 * 60
)

// Window is a half-open span of the recipient's wall clock, [From, To), in minutes after midnight. A window that
// spans midnight belongs to the day on which it starts. Its To is beyond 1440: "20:00-02:00" is {1200, 1560}. The
// zero Window permits nothing.
type Window struct {
	From, To int
}

// None permits nothing, AllDay the whole day.
var (
	None   = Window{}
	AllDay = Window{0, dayMinutes}
)

// ParseWindow parses "09:00-20:00", "20:00-02:00" (until two in the morning of the next day), "00:00-24:00" or
// "none".
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

// String returns the window in the form that ParseWindow parses.
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

// MarshalText returns the window in the form that ParseWindow parses.
func (w Window) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText parses a window with ParseWindow.
func (w *Window) UnmarshalText(text []byte) (err error) {
	*w, err = ParseWindow(string(text))
	return err
}

func (w Window) valid() bool {
	return w == None || w.From >= 0 && w.From < dayMinutes && w.To > w.From && w.To <= w.From+dayMinutes
}

func (w Window) spansMidnight() bool { return w.To > dayMinutes }

// intersect returns what two windows of the same day have in common.
func (w Window) intersect(v Window) Window {
	both := Window{max(w.From, v.From), min(w.To, v.To)}
	if both.From >= both.To {
		return None
	}
	return both
}

// Week is when promotional texts may go out in one place. On a public holiday, both the window of its weekday and the
// holiday window must permit a text. So a holiday never permits what a Sunday forbids.
type Week struct {
	Weekday  Window // Monday to Friday
	Saturday Window
	Sunday   Window
	Holiday  Window
}

// String returns the form of the documents: Monday to Friday / Saturday / Sunday / public holidays.
func (w Week) String() string {
	return fmt.Sprintf("%s / %s / %s / %s", w.Weekday, w.Saturday, w.Sunday, w.Holiday)
}

// on returns the window of a day.
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

// needsHolidays reports whether holidays make a difference, so that a calendar is needed.
func (w Week) needsHolidays() bool {
	for _, day := range [...]Window{w.Weekday, w.Saturday, w.Sunday} {
		if day.intersect(w.Holiday) != day {
			return true
		}
	}
	return false
}

// on returns the window of a day that is a public holiday, the eve of one, or neither.
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

func (r *Reading) needsHolidays() bool { return r.Eve != nil || r.Hours.needsHolidays() }

// String returns the form of the documents: Monday to Friday / Saturday / Sunday / public holidays, and then
// exceptions.
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

// hours returns a reading for the tables: Monday to Friday, Saturday, Sunday, public holidays. It panics on a
// misprint, which any test of the package would show.
func hours(tier Tier, weekday, saturday, sunday, holiday string) Reading {
	return Reading{Hours: Week{window(weekday), window(saturday), window(sunday), window(holiday)}, Tier: tier}
}

// daily returns a reading with the same window every day, holidays included.
func daily(tier Tier, text string) Reading { return hours(tier, text, text, text, text) }

// fridays returns the reading with a narrower window on Fridays.
func (r Reading) fridays(text string) Reading {
	w := window(text)
	r.Friday = &w
	return r
}

// eves returns the reading with a narrower window on days before public holidays.
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
