package operator

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/zoneinfo"
)

// report is what both hours and explain print.
type report struct {
	Phone       phone.Number `json:"phone"`
	Country     string       `json:"country"`
	State       string       `json:"state"`
	Zones       []string     `json:"zones"`
	Permitted   bool         `json:"permitted"`
	NextOpening *time.Time   `json:"next_opening"`
	Rules       []gate.Line  `json:"rules"`
	TZ          string       `json:"tz"` // release of the IANA time zone database

	at time.Time
}

// hoursReport is what hours prints.
type hoursReport struct {
	report
	closes time.Time // when the permitted hours end; zero where texting is not permitted
	policy string
	hash   string // of programs.yaml and of the rule tables, joined by a dot
	places []phone.Place
}

type hoursFlags struct {
	at, state, zip, zone, policy, brand, programs string
	json                                          bool
}

func hoursCommand() *cobra.Command {
	var f hoursFlags
	c := &cobra.Command{
		Use:   "hours PHONE",
		Short: "Tell when a phone may be sent promotional texts, and why",
		Long: `Tell where a phone may be, whether promotional texts may go to it at an instant, when they next may, and what each
rule says. For an instant in the past, the rules in force then answer. Works offline. Where a stack is named, it uses
the programs in force there and the stack's clock.`,
		Example: `  smsconsent hours +13055550123
  smsconsent hours "(305) 555-0123"
  smsconsent hours +13055550123 --at 2027-01-05T20:30:00-05:00 --policy law
  smsconsent hours +33612345678 --at 2026-02-03T19:30:00+01:00
  smsconsent hours +18005550123 --state HI --json`,
		Args: exactlyOne("PHONE", "a number such as +12065550142"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cat, now, err := f.catalog(cmd)
			if err != nil {
				return err
			}
			r, err := hoursOf(cat, args[0], f, now.Truncate(time.Second))
			if err != nil {
				return err
			}
			if f.json {
				return printJSON(cmd.OutOrStdout(), r)
			}
			r.print(cmd.OutOrStdout())
			return nil
		},
	}
	c.Flags().StringVar(&f.at, "at", "", "instant to ask about, past or future, RFC 3339 (default: now)")
	c.Flags().StringVar(&f.state, "state", "", "state or province that the person told us, such as FL")
	c.Flags().StringVar(&f.zip, "zip", "", "postal code that the person told us")
	c.Flags().StringVar(&f.zone, "zone", "", "time zone that the person told us, such as America/New_York")
	c.Flags().StringVar(&f.policy, "policy", "", "strict, law or business (default: what programs.yaml says)")
	c.Flags().StringVar(&f.programs, "programs", "", "programs.yaml to use (default: the one in force, or else the built-in one)")
	c.Flags().StringVar(&f.brand, "brand", "", "brand whose own narrower hours to apply")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

// catalog returns the programs that are asked about, and the time by the stack's clock.
func (f *hoursFlags) catalog(cmd *cobra.Command) (*program.Catalog, time.Time, error) {
	c, now, err := inForce(cmd)
	if err == nil && f.programs != "" {
		_, c, err = programsIn("--programs", f.programs)
	}
	return c, now, err
}

func hoursOf(cat *program.Catalog, number string, f hoursFlags, now time.Time) (hoursReport, error) {
	var none hoursReport
	key, err := personOf(cat, f.brand, number)
	if err != nil {
		return none, err
	}
	at, err := askedAt(f.at, now)
	if err != nil {
		return none, err
	}
	policy, err := policyOf(cat, f)
	if err != nil {
		return none, err
	}
	area, err := phone.Locate(key.Phone, phone.Told{State: strings.ToUpper(f.state), ZIP: f.zip, Zone: f.zone})
	if err != nil {
		return none, usageError{locateError("PHONE", err)}
	}
	places, err := area.Places()
	if err != nil {
		return none, fmt.Errorf("places of %s: %w", number, err)
	}
	book, err := jurisdiction.New(policy)
	if err != nil {
		return none, fmt.Errorf("policy of programs.yaml: %w", err)
	}
	hours, err := book.Hours(places)
	if err != nil {
		return none, usageError{fmt.Errorf("PHONE: %w", err)}
	}
	r := hoursReport{
		report: report{
			Phone:     key.Phone,
			Country:   places[0].Country,
			State:     oneState(places),
			Zones:     zonesOf(places),
			Permitted: hours.Permitted(at),
			Rules:     gate.HourLines(hours, at),
			TZ:        zoneinfo.Release,
			at:        at.UTC(),
		},
		policy: string(book.Mode()),
		hash:   cat.Hash() + "." + jurisdiction.TablesHash(),
		places: places,
	}
	switch next, err := hours.NextOpening(at); {
	case r.Permitted:
		r.NextOpening, r.closes = &r.at, hours.ClosesAt(at)
	case err == nil:
		next = next.UTC()
		r.NextOpening = &next
	case !errors.Is(err, jurisdiction.ErrNeverOpen):
		return none, err
	}
	return r, nil
}

// askedAt parses --at, the instant that is asked about. It returns now where the flag is empty.
func askedAt(value string, now time.Time) (time.Time, error) {
	at, err := instant("--at", value, now)
	if year := at.UTC().Year(); err == nil && (year < jurisdiction.FirstYear || year > jurisdiction.LastYear) {
		first, last := jurisdiction.FirstYear, jurisdiction.LastYear
		err = usageError{fmt.Errorf("--at: %s is outside the rule tables, which reach from %d to %d", value, first, last)}
	}
	return at, err
}

// locateError makes an error of phone.Locate or typed.Number name the argument or flag that has the number. The other
// flags are named like the fields.
func locateError(argument string, err error) error {
	wrong, ok := errors.AsType[*phone.FieldError](err)
	switch {
	case !ok:
		return err
	case wrong.Field == phone.FieldPhone:
		return errors.New(argument + ": " + wrong.Message)
	default:
		return fmt.Errorf("--%w", err)
	}
}

func policyOf(cat *program.Catalog, f hoursFlags) (jurisdiction.Policy, error) {
	policy := cat.Policy
	if f.brand != "" {
		b, err := brandOf(cat, f.brand)
		if err != nil {
			return policy, err
		}
		if b.Hours != nil {
			policy = *b.Hours
		}
	}
	switch mode := jurisdiction.Mode(f.policy); {
	case slices.Contains(jurisdiction.Modes(), mode):
		policy.Mode = mode
	case mode != "":
		return policy, usageError{fmt.Errorf("--policy: %q is neither strict nor law nor business", f.policy)}
	}
	return policy, nil
}

// oneState returns the state the phone is in. It is empty where the phone may be in several.
func oneState(places []phone.Place) string {
	for _, p := range places {
		if p.State != places[0].State || p.Country != places[0].Country {
			return ""
		}
	}
	return places[0].State
}

func zonesOf(places []phone.Place) []string {
	seen := map[string]bool{}
	var zones []string
	for _, p := range places {
		for _, z := range p.Zones {
			if !seen[z] {
				seen[z] = true
				zones = append(zones, z)
			}
		}
	}
	return zones
}

func (r hoursReport) print(w io.Writer) {
	where := r.Country
	if r.State != "" {
		where += "-" + r.State
	} else if len(r.places) > 1 {
		where += fmt.Sprintf(" and %d more places", len(r.places)-1)
	}
	fmt.Fprintf(w, "%s may be in %s (%s)\n", r.Phone, where, shorten(r.Zones))
	fmt.Fprintf(w, "At %s under policy %s: ", inZone(r.at, r.Zones), r.policy)
	switch {
	case r.Permitted:
		fmt.Fprintf(w, "permitted until %s\n", inZone(r.closes, r.Zones))
	case r.NextOpening == nil:
		fmt.Fprintln(w, "not permitted, and no hour within two weeks suits every place this phone may be in")
	default:
		fmt.Fprintf(w, "not permitted; next opening %s\n", inZone(*r.NextOpening, r.Zones))
	}
	printAnsweredBy(w, r.hash)
	printRules(w, r.Rules)
	r.printNotes(w)
}

// printAnsweredBy prints which programs, rule tables and time zones the answer comes from.
func printAnsweredBy(w io.Writer, hash string) {
	programs, tables, _ := strings.Cut(hash, ".")
	sayLine(w, "Answered by programs.yaml %.12s, tables %.12s, time zones %s.", programs, tables, zoneinfo.Release)
}

// printNotes prints what has no room in the table: doubts about the rules, and facts beside the hours. A phone that
// may be anywhere has many; the notes after the sixth are only counted.
func (r hoursReport) printNotes(w io.Writer) {
	const most = 6
	var notes []string
	for _, l := range r.Rules {
		if l.Note != "" {
			notes = append(notes, l.Name+": "+l.Note)
		}
	}
	notes = append(notes, jurisdiction.Notes(r.places)...)
	for _, n := range notes[:min(most, len(notes))] {
		for line := range strings.Lines(text.WrapSoft("- "+n, 110)) {
			fmt.Fprintln(w, strings.TrimRight(line, " \n"))
		}
	}
	if more := len(notes) - most; more > 0 {
		fmt.Fprintf(w, "%d more notes: docs/jurisdictions.md has them all.\n", more)
	}
}

// printRules prints every rule, but at most twelve of those that belong to places. The rest is only counted.
func printRules(w io.Writer, lines []gate.Line) {
	const most = 12
	places := 0
	out := table.NewWriter()
	out.SetOutputMirror(w)
	out.AppendHeader(table.Row{"Rule", "Answer", "Until", "Because", "Citation", "Tier", "Certainty"})
	out.SetColumnConfigs([]table.ColumnConfig{
		{Number: 4, WidthMax: 48, WidthMaxEnforcer: text.WrapSoft},
		{Number: 5, WidthMax: 40, WidthMaxEnforcer: text.WrapSoft},
	})
	for _, l := range lines {
		if l.Place {
			if places++; places > most {
				continue
			}
		}
		until := ""
		if l.Until != nil {
			until = l.Until.Format(time.RFC3339)
		}
		out.AppendRow(table.Row{l.Name, l.Answer, until, l.Because, l.Citation, l.Tier, l.Certainty})
	}
	out.Render()
	if places > most {
		fmt.Fprintf(w, "%d more rules of places: --json tells them all.\n", places-most)
	}
}

func shorten(zones []string) string {
	const most = 4
	if len(zones) > most {
		return strings.Join(zones[:most], ", ") + fmt.Sprintf(" and %d more", len(zones)-most)
	}
	return strings.Join(zones, ", ")
}

// inZone formats an instant in the first of the time zones, with the UTC time behind it where there are several.
// Without zones it formats it in UTC.
func inZone(at time.Time, zones []string) string {
	const layout = "Mon 2 Jan 2006 15:04 MST"
	if len(zones) == 0 {
		return at.UTC().Format(layout)
	}
	loc, err := zoneinfo.Load(zones[0])
	if err != nil {
		return at.UTC().Format(layout)
	}
	if len(zones) > 1 {
		return at.In(loc).Format(layout) + " (" + at.UTC().Format("15:04 MST") + ")"
	}
	return at.In(loc).Format(layout)
}
