package jurisdiction

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Mode chooses how strictly the tables are read.
type Mode string

// The modes. The zero Mode means Strict, so that the default is safe.
const (
	Strict Mode = "strict" // the strictest credible reading, decent hours where no law sets any, three texts a day at most
	Law    Mode = "law"    // only what law, regulators and carriers require
	// Business is Strict, limited to daytime on working days. It is the usual advice for marketing.
	Business Mode = "business"
)

// Modes returns all modes, as a policy file spells them.
func Modes() []Mode { return []Mode{Strict, Law, Business} }

// businessHours are the hours of mode Business, by the recipient's clock.
var businessHours = Week{Weekday: Window{9 * 60, 17 * 60}, Saturday: Window{10 * 60, 16 * 60}}

// Policy is what the company chose. It can narrow the tables, and add countries that they do not know. It can never
// widen them.
type Policy struct {
	Mode      Mode
	Narrow    *Week              // nil for no narrower than the tables
	Countries map[string]Country // by ISO 3166-1 alpha-2. Where the tables know the country, both must permit a text.
}

// Country is a country's hours as programs.yaml lists them.
type Country struct {
	Hours Week
	// Holidays are the public holidays. They are needed where Hours or the brand's own hours differ on them. Every
	// day of a year for which none is listed counts as a holiday, so that an outdated list cannot permit too much.
	Holidays []Date
}

// Errors a caller branches on.
var (
	// ErrUnserved is wrapped where a place has no rules. Nobody is texted where nobody has read the law.
	ErrUnserved = errors.New("no sending hours are known")
	// ErrNeverOpen is wrapped where no instant in the next 14 days is permitted in every place.
	ErrNeverOpen = errors.New("no permitted hour within 14 days")
)

// Validate returns an error that names the first wrong field, and what to write instead.
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
		if c.Hours.needsHolidays() && len(c.Holidays) == 0 {
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
