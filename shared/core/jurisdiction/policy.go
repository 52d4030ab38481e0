package jurisdiction

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Mode chooses the reading of the tables.
type Mode string

// The modes. The zero Mode is Strict: who chooses nothing gets the safe one.
const (
	Strict Mode = "strict" // the strictest credible reading, decent hours where no law sets any, three texts a day at most
	Law    Mode = "law"    // only what law, regulators and carriers ask
	// Business is Strict, cut to the daytime of working days: no text comes at dinner. It is what the practice advises
	// for marketing.
	Business Mode = "business"
)

// Modes are all of them, as a policy file writes them.
func Modes() []Mode { return []Mode{Strict, Law, Business} }

// businessHours are those of mode Business: the recipient's, not the sender's.
var businessHours = Week{Weekday: Window{9 * 60, 17 * 60}, Saturday: Window{10 * 60, 16 * 60}}

// Policy is what the company chose. It can make the tables narrower and add countries they do not know; it can never
// widen them.
type Policy struct {
	Mode      Mode
	Narrow    *Week              // nil: no narrower than the tables
	Countries map[string]Country // by ISO 3166-1 alpha-2. For a country the tables know, both must allow the text.
}

// Country is a country's hours as the user of the application lists them.
type Country struct {
	Hours Week
	// Holidays are the public holidays, needed where Hours or the brand's own hours treat them differently. A year of
	// which none is listed counts as one long holiday: a list that ran out must not read as "no holidays".
	Holidays []Date
}

// Errors a caller branches on.
var (
	// ErrUnserved is wrapped where a place has no rules: nobody is texted where nobody has read the law.
	ErrUnserved = errors.New("no sending hours are known")
	// ErrNeverOpen is wrapped where no instant of the following 14 days is permitted in every place.
	ErrNeverOpen = errors.New("no permitted hour within 14 days")
)

// Validate names the first field that is wrong, and what to write instead.
func (p Policy) Validate() error {
	if p.Mode != "" && !slices.Contains(Modes(), p.Mode) {
		return fmt.Errorf(`mode %q: write "strict", "law" or "business"`, p.Mode)
	}
	if p.Narrow != nil {
		if err := p.Narrow.validate(); err != nil {
			return fmt.Errorf("narrow.%w", err)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(p.Countries)) {
		if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
			return fmt.Errorf("countries.%s: write the country as two capital letters (ISO 3166-1), such as CL", code)
		}
		c := p.Countries[code]
		if err := c.Hours.validate(); err != nil {
			return fmt.Errorf("countries.%s.hours.%w", code, err)
		}
		if c.Hours.heedsHolidays() && len(c.Holidays) == 0 {
			return fmt.Errorf(
				"countries.%s.holiday_dates: list the public holidays, or give holidays the hours of other days",
				code,
			)
		}
		for _, d := range c.Holidays {
			if d.day().date() != d || d.Year < FirstYear || d.Year > LastYear {
				return fmt.Errorf("countries.%s.holiday_dates: %s is not a day of the years %d to %d", code, d, FirstYear, LastYear)
			}
		}
	}
	return nil
}

func (w Week) validate() error {
	for _, day := range [...]struct {
		field  string
		window Window
	}{{"weekdays", w.Weekday}, {"saturday", w.Saturday}, {"sunday", w.Sunday}, {"holidays", w.Holiday}} {
		if !day.window.valid() {
			return fmt.Errorf(`%s: window from minute %d to %d: start within the day and end within 24 hours of the start`,
				day.field, day.window.From, day.window.To)
		}
	}
	if w.Weekday == None && w.Saturday == None && w.Sunday == None {
		return errors.New("weekdays: no day of the week has an open window; nothing could ever be sent")
	}
	return nil
}
