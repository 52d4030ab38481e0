package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/zoneinfo"
)

// docYears are the years whose holidays the document lists. The tables reach further.
var docYears = []int{2026, 2027}

const head = `# Who may be texted when

<!-- Code generated from shared/core/jurisdiction by "make docs"; DO NOT EDIT. -->

**This is not legal advice.** It is what this application does, and why. Have the rows you rely on reviewed by a lawyer
of the place.

Windows are the recipient's local time, half open: at 20:00 a window "09:00-20:00" is shut. They stand in the order
Monday to Friday / Saturday / Sunday / public holidays; one window alone is that of every day. On a public holiday the
window of the weekday and that of holidays must both allow the text. They bind promotional texts and reminders. A phone
may be texted when every place it may be in allows it, in every time zone it may be in.

- **law** is what law, regulators and carriers ask for. **strict**, the default, is the strictest credible reading, and
  decent hours where nobody asks for any. **business** is strict cut to weekdays from 09:00 to 17:00 and Saturdays from
  10:00 to 16:00, without Sundays and public holidays: what the practice advises for marketing. A brand may narrow either (its ` + "`hours`" + ` in programs.yaml), never widen it.
- In the United States the federal row and the state's both bind. Where the state is not known all states' rows bind.
- **"Unsolicited"** is read in one way. Many statutes speak of unsolicited messages, or give way to consent or to a
  business relationship: their hours bind texts that people asked for, too, under every policy. Nothing goes out here
  without consent, and whether what a person agreed to covers one more text is argued in court, after it went out.
- The hours of all places a number may be in always meet within 14 days, toll-free numbers included (under
  strict on weekdays from 14:00 to 18:00 Eastern, in summer from 15:00; business in half an hour of that). Where what a person told us makes a pair that never meets, such
  as Rhode Island and Guam in summer, nothing is sent and the refusal says why.
- A place without a row is never texted, unless programs.yaml lists the country with hours of its own.
- **tier** says whose rule it is: ` + "`law`" + ` names texts or plainly covers them; ` + "`law-calls`" + ` is about telephone calls,
  and its reach to texts is doubtful; ` + "`regulator`" + `; ` + "`carrier`" + `; ` + "`guidance`" + ` of the industry; ` + "`default`" + ` is ours, or no rule.
- **certainty**: ` + "`found`" + `, a source says so; ` + "`mixed`" + `, sources disagree or cover part of the row, and the stricter reading
  stands; ` + "`general`" + `, general knowledge that no source has confirmed.
- **as of** is the day on which somebody last read the sources of a row, or looked for one and found none; where hours and
  rest differ both are given. What is pending stands below the tables; ` + "`smsconsent laws`" + ` lists what changes soon and what
  has not been read for long.
- **Clocks** are those of one release of the IANA time zone database, which ships with the application; what the machine
  has is not read. ` + "`make tz`" + ` takes the newest, and a test asks for it every 90 days.
- Opt-outs take effect at once and are kept for ever, whatever a row allows.
- Opt-out words marked * are everyday words that no native speaker has reviewed yet. STOP and the other English words
  count everywhere.

## How to change a rule

1. Change the entry in ` + "`shared/core/jurisdiction`" + `: one file a region, one entry a place; holidays are in ` + "`holidays_*.go`" + `.
   A rule that begins or ends on a day gets ` + "`From`" + ` or ` + "`Until`" + `; the old one stays, so that old decisions can be explained.
2. Name the source and the certainty, put the day you read it into ` + "`AsOf`" + `, and a bill that would change it into ` + "`Pending`" + `. Where sources disagree take the stricter reading and say so in the note.
3. ` + "`go generate ./shared/core/jurisdiction && make docs`" + `, and run the tests: they refuse a strict window wider than the law's,
   a window shut on holidays without a calendar, and a row without source.

`

// render writes the document. It depends on nothing but the tables, so that a test can find a stale copy.
func render(w *bytes.Buffer, regions []jurisdiction.Region) {
	w.WriteString(head)
	fmt.Fprintf(w, "Hash of the tables: `%s`. Clocks: release %s of the IANA time zone database.\n",
		jurisdiction.TablesHash(), zoneinfo.Release)
	c := jurisdiction.DefaultCap()
	fmt.Fprintf(w, "\nUnder strict no more than %s, wherever the phone is.\n", limit(c))
	for _, r := range regions {
		renderRegion(w, r)
	}
	renderPending(w)
	w.WriteString("\n## Public holidays\n\nOnly of places whose hours heed them under some policy. ")
	fmt.Fprintf(
		w,
		"The tables reach from %d to %d; outside those years nothing is sent.\n",
		jurisdiction.FirstYear,
		jurisdiction.LastYear,
	)
	for _, r := range regions {
		for i := range r.Entries {
			if cal := r.Entries[i].Holidays; cal != nil {
				renderCalendar(w, cal)
			}
		}
	}
}

func renderRegion(w *bytes.Buffer, r jurisdiction.Region) {
	fmt.Fprintf(w, "\n## %s\n\n", r.Name)
	w.WriteString("| place | law | strict | caps | consent | opt-out | keep | AWS | certainty | as of | sources |\n")
	w.WriteString("|---|---|---|---|---|---|---|---|---|---|---|\n")
	var bare, notes []string
	for i := range r.Entries {
		e := &r.Entries[i]
		if len(e.Rules) == 0 && len(e.Sources) == 0 && e.Law == "" {
			if e.Note != jurisdiction.NoRuleOfItsOwn {
				notes = append(notes, noteOf(e)...)
			}
			bare = append(bare, e.Name)
			continue
		}
		fmt.Fprintf(
			w,
			"| **%s** %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n",
			e.Place,
			e.Name,
			readings(e, lawOf),
			readings(e, strictOf),
			caps(e),
			consent(e),
			optOut(e),
			e.Retention,
			aws(e),
			certainty(e),
			asOf(e),
			sources(e),
		)
		notes = append(notes, noteOf(e)...)
	}
	if len(bare) > 0 {
		fmt.Fprintf(
			w,
			"\nThe federal row alone, for want of a rule of their own that was found (certainty `general`): %s.\n",
			strings.Join(bare, ", "),
		)
	}
	w.WriteString("\n")
	for _, n := range notes {
		fmt.Fprintf(w, "- %s\n", n)
	}
}

func lawOf(r jurisdiction.Rule) jurisdiction.Reading    { return r.Law }
func strictOf(r jurisdiction.Rule) jurisdiction.Reading { return r.Strict }

// readings returns the hours of an entry in one reading, a line for each period.
func readings(e *jurisdiction.Entry, of func(jurisdiction.Rule) jurisdiction.Reading) string {
	if len(e.Rules) == 0 {
		return "as federal"
	}
	var lines []string
	for _, r := range e.Rules {
		lines = append(lines, fmt.Sprintf("%s%s (`%s`)", period(r.From, r.Until), of(r), of(r).Tier))
	}
	return strings.Join(lines, "<br>")
}

func period(from, until jurisdiction.Date) string {
	switch {
	case from.IsZero() && until.IsZero():
		return ""
	case from.IsZero():
		return "before " + until.String() + ": "
	case until.IsZero():
		return "from " + from.String() + ": "
	default:
		return from.String() + " until before " + until.String() + ": "
	}
}

func limit(c jurisdiction.Cap) string {
	return fmt.Sprintf("%d promotional texts in any %d hours", c.Limit, int(c.Window/time.Hour))
}

func caps(e *jurisdiction.Entry) string {
	var lines []string
	for _, c := range e.Caps {
		lines = append(lines, period(c.From, jurisdiction.Date{})+limit(c)+" ("+c.Citation+")")
	}
	return strings.Join(lines, "<br>")
}

func consent(e *jurisdiction.Entry) string {
	text := e.Consent
	if e.SoftOptIn != "" {
		text += "<br>Existing customers: " + e.SoftOptIn
	}
	return text
}

func optOut(e *jurisdiction.Entry) string {
	lines := []string{}
	switch {
	case e.OptOutMonthly:
		lines = append(lines, "told at least once a month")
	case !strings.HasPrefix(e.Place, "US-"):
		lines = append(lines, "told in each text")
	}
	if e.OptOutWithin != "" {
		lines = append(lines, e.OptOutWithin)
	}
	if e.OptOutYears > 0 {
		lines = append(lines, fmt.Sprintf("honoured at least %d years", e.OptOutYears))
	}
	for _, words := range e.OptOutWords {
		mark := "*"
		if words.Reviewed {
			mark = ""
		}
		lines = append(lines, fmt.Sprintf("%s: %s%s", words.Language, strings.Join(words.Words, ", "), mark))
	}
	return strings.Join(lines, "<br>")
}

func aws(e *jurisdiction.Entry) string {
	if e.TwoWay == "" {
		return ""
	}
	return fmt.Sprintf("two-way: %s<br>sender ID: %s", e.TwoWay, e.SenderID)
}

func certainty(e *jurisdiction.Entry) string {
	if n := len(e.Rules); n > 0 && e.Rules[n-1].Certainty != e.Certainty {
		return fmt.Sprintf("hours `%s`, rest `%s`", e.Rules[n-1].Certainty, e.Certainty)
	}
	return "`" + string(e.Certainty) + "`"
}

// asOf returns the day of the hours, and that of the rest where it differs.
func asOf(e *jurisdiction.Entry) string {
	n := len(e.Rules)
	if n == 0 || e.Rules[n-1].AsOf == e.AsOf {
		return e.AsOf.String()
	}
	return fmt.Sprintf("hours %s, rest %s", e.Rules[n-1].AsOf, e.AsOf)
}

// renderPending lists what may change a rule, and what begins or ends by itself.
func renderPending(w *bytes.Buffer) {
	w.WriteString("\n## Pending\n\n")
	for _, s := range jurisdiction.Laws(jurisdiction.Review{}) {
		switch {
		case s.Pending != "":
			fmt.Fprintf(w, "- %s, %s (as of %s): %s.\n", s.Place, s.Rule, s.AsOf, s.Pending)
		case s.Rule == "holidays" && s.Until.Year <= jurisdiction.LastYear:
			fmt.Fprintf(w, "- %s, holidays: the table ends before %s; from then on every day counts as a holiday.\n", s.Place, s.Until)
		}
	}
}

func sources(e *jurisdiction.Entry) string {
	var lines []string
	for _, s := range e.Sources {
		lines = append(lines, link(s))
	}
	return strings.Join(lines, "<br>")
}

func link(s jurisdiction.Source) string {
	if s.URL == "" {
		return s.Title
	}
	return "[" + s.Title + "](" + s.URL + ")"
}

// noteOf returns what does not fit a cell of the table: the law, what a text must contain, and every doubt.
func noteOf(e *jurisdiction.Entry) []string {
	var said []string
	if e.Law != "" {
		said = append(said, "Law: "+e.Law)
	}
	for _, r := range e.Rules {
		said = append(said, "Hours: "+r.Citation)
		if r.Note != "" {
			said = append(said, r.Note)
		}
	}
	if e.Content != "" {
		said = append(said, "A text must have: "+e.Content)
	}
	if d := e.RevokeAll; !d.From.IsZero() {
		said = append(said, fmt.Sprintf("From %s one revocation reaches every kind of text (%s)", d.From, d.Citation))
	}
	for _, c := range e.Caps {
		if c.Note != "" {
			said = append(said, "Cap: "+c.Note)
		}
	}
	if e.Note != "" {
		said = append(said, e.Note)
	}
	if len(said) == 0 {
		return nil
	}
	for i, s := range said {
		said[i] = strings.TrimSuffix(s, ".") + "."
	}
	return []string{"**" + e.Name + "**: " + strings.Join(said, " ")}
}

func renderCalendar(w *bytes.Buffer, c *jurisdiction.Calendar) {
	fmt.Fprintf(w, "\n### %s\n\n%s (certainty `%s`).", c.Name, link(c.Source), c.Certainty)
	if c.Note != "" {
		w.WriteString(" " + c.Note)
	}
	w.WriteString("\n\n")
	for _, year := range docYears {
		days, ok := c.In(year)
		if !ok {
			fmt.Fprintf(w, "- %d: not listed; every day counts as a holiday\n", year)
			continue
		}
		var list []string
		for _, d := range days {
			list = append(list, fmt.Sprintf("%d %s %s", d.Date.Day, d.Date.Month.String()[:3], d.Name))
		}
		fmt.Fprintf(w, "- %d: %s\n", year, strings.Join(list, "; "))
	}
}
