package jurisdiction

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"smsconsent/shared/core/phone"
)

// Standing is one rule of the tables: when it holds, when somebody last read its source, and what may change it. Days
// that are unknown or unbounded are empty text in JSON.
type Standing struct {
	Place    string `json:"place"`
	Rule     string `json:"rule"` // hours, cap, revoke-all, holidays, or rest: consent, content, opt-out, retention
	From     Date   `json:"from"`
	Until    Date   `json:"until"` // first day no longer in force
	AsOf     Date   `json:"as_of"` // empty where nobody has read a source
	Pending  string `json:"pending"`
	Citation string `json:"citation"`
}

// Review selects rules. The zero Review selects all.
type Review struct {
	Place   string // "US-PA", or a country with its states; empty for every place
	On      Date   // the day from which Changes and Unread count
	Changes int    // select rules that begin, end or have something pending within so many days; zero for any
	Unread  int    // select rules in force whose source nobody has read for so many days; zero for any
}

// Laws returns the selected rules in the order of the document. With both Changes and Unread, a rule needs only one.
func Laws(r Review) []Standing {
	list := []Standing{}
	for _, region := range Regions() {
		for i := range region.Entries {
			e := &region.Entries[i]
			if r.Place != "" && e.Place != r.Place && !strings.HasPrefix(e.Place, r.Place+"-") {
				continue
			}
			for _, s := range e.standings() {
				if r.asksFor(s) {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

func (r Review) asksFor(s Standing) bool {
	if r.Changes == 0 && r.Unread == 0 {
		return true
	}
	today := r.On.day()
	if r.Changes > 0 && (s.Pending != "" || len(s.changes(today, today+day(r.Changes))) > 0) {
		return true
	}
	ended := !s.Until.IsZero() && s.Until.day() <= today
	return r.Unread > 0 && !ended && s.AsOf.day() < today-day(r.Unread) // a zero AsOf lies before every day
}

// changes returns the days after one and up to another on which the rule begins or ends.
func (s Standing) changes(after, last day) (days []Date) {
	for _, d := range []Date{s.From, s.Until} {
		if d.day() > after && d.day() <= last { // a zero date lies before every day
			days = append(days, d)
		}
	}
	return days
}

// Change is a day from which a place has another rule, or one rule less. What is pending without a day is no Change.
type Change struct {
	On          Date
	Place, Rule string // as in Standing
}

// Makes reports whether the rule begins or ends with the change.
func (s Standing) Makes(c Change) bool {
	return s.Place == c.Place && s.Rule == c.Rule && (s.From == c.On || s.Until == c.On)
}

// Changes returns the changes of rules, after one day and up to another, that concern people in the areas, the
// earliest first. Nobody is ever texted in an area that the tables do not know, so nothing changes there.
func Changes(laws []Standing, areas []phone.Area, after, last Date) []Change {
	bind := map[string]bool{}
	for _, a := range areas {
		places, err := a.Places()
		if err != nil {
			continue
		}
		for _, p := range places {
			entries, _ := entriesOf(p) // a country that only the policy lists has none
			for _, e := range entries {
				bind[e.Place] = true
			}
		}
	}
	found := map[Change]struct{}{}
	for _, s := range laws {
		if !bind[s.Place] {
			continue
		}
		for _, d := range s.changes(after.day(), last.day()) {
			found[Change{d, s.Place, s.Rule}] = struct{}{}
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(a.On.day(), b.On.day()),
			strings.Compare(a.Place, b.Place),
			strings.Compare(a.Rule, b.Rule),
		)
	})
}

func (e *Entry) standings() []Standing {
	var list []Standing
	for _, r := range e.Rules {
		list = append(list, Standing{e.Place, "hours", r.From, r.Until, r.AsOf, r.Pending, r.Citation})
	}
	for _, c := range e.Caps {
		list = append(list, Standing{e.Place, "cap", c.From, Date{}, c.AsOf, "", c.Citation})
	}
	if d := e.RevokeAll; d != (Duty{}) {
		list = append(list, Standing{e.Place, "revoke-all", d.From, Date{}, d.AsOf, d.Pending, d.Citation})
	}
	if c := e.Holidays; c != nil {
		from, until := c.period()
		list = append(list, Standing{e.Place, "holidays", from, until, e.AsOf, "", c.Source.Title})
	}
	citation := e.Law
	if citation == "" {
		citation = e.Note
	}
	if citation == "" {
		return list
	}
	return append(list, Standing{e.Place, "rest", Date{}, Date{}, e.AsOf, e.Pending, citation})
}

// period returns the first day of a calendar's table, and the first day after it.
func (c *Calendar) period() (from, until Date) {
	first, last := FirstYear, LastYear
	if len(c.years) > 0 {
		first, last = c.years[0], c.years[len(c.years)-1]
	}
	return Date{first, 1, 1}, Date{last + 1, 1, 1}
}
