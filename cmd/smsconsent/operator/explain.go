package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/zoneinfo"
	"smsconsent/shared/edge/table"
)

// explainReport is what explain prints: the report of hours, and every rule of the gate.
type explainReport struct {
	report
	Policy string     `json:"policy,omitempty"` // the policy of the answer; only for an instant in the past
	Texts  []textLine `json:"texts,omitempty"`  // on record within a day of an instant in the past

	DigestOnly bool `json:"digest_only,omitempty"` // only a campaign marked --digest may go at the next opening

	brand, topic string
	why          plan.Why
	past         bool
}

// textLine is a text on record. Same reports whether it was decided under the policy of the answer.
type textLine struct {
	At     time.Time      `json:"at"`
	Kind   message.Kind   `json:"kind"`
	Ref    string         `json:"ref,omitempty"` // of a single text: the ID its caller gave it
	Topics []string       `json:"topics"`
	Status consent.Status `json:"status"`
	Policy string         `json:"policy"`
	Same   bool           `json:"same_policy"`
}

type explainFlags struct {
	brand, topic, at, campaign, message, programs string
	json, all, digest                             bool
}

func explainCommand() *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use:   "explain PHONE",
		Short: "Tell whether a person may be texted on a topic, or why they got a campaign or did not",
		Long: `Read a person's contact and run the whole gate for a text on a topic, as a campaign would, without sending anything.
It names the rule that decides, and with --all every rule.

With --campaign it answers "why did she not get it?", also for a campaign that is over. A text on record is the
answer. Refusals are not stored. So without a text the gate is asked again about the person as they were, by their
record, when their turn came. The answer says for which instant.

For an instant in the past it answers by what the record says about the person then, under the programs in force then
and the rules of law as far as they are known today. It compares the policy with that of the texts on record that day.
With --message it answers about one text on record, under the same programs that decided on it. --programs gives
programs that were in force without being published.`,
		Example: `  smsconsent explain +12065550142 --topic alerts
  smsconsent explain +12065550142 --topic alerts --all
  smsconsent explain +12065550142 --topic alerts --digest
  smsconsent explain +12065550142 --campaign 01KB3M8Y5T0QF2Z9W6R7C4X1VN
  smsconsent explain "(206) 555-0142" --campaign 01KB3M8Y5T0QF2Z9W6R7C4X1VN --all
  smsconsent explain +12065550142 --topic alerts --at 2027-01-05T18:00:00Z --json
  smsconsent explain +12065550142 --topic alerts --at 2026-11-24T18:00:00Z
  smsconsent explain +12065550142 --message 01KB3M8Y5T0QF2Z9W6R7C4X1VP`,
		Args: exactlyOne("PHONE", "a number such as +12065550142"),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.campaign != "" && f.message != "":
				return usageError{errors.New("--message: give it or --campaign")}
			case f.campaign != "":
				return explainCampaign(cmd, args[0], f)
			case f.message != "":
				return explainText(cmd, args[0], f)
			default:
				return explain(cmd, args[0], f)
			}
		},
	}
	c.Flags().StringVar(&f.brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().StringVar(&f.topic, "topic", "", "topic ID (required without --campaign and --message)")
	c.Flags().StringVar(&f.message, "message", "", "ID of a text on record to ask about, ours or AWS's")
	c.Flags().StringVar(&f.programs, "programs", "", "programs.yaml that was in force then, if it was never published")
	c.Flags().StringVar(&f.campaign, "campaign", "", "ID of a campaign to ask about")
	c.Flags().BoolVar(&f.digest, "digest", false, "ask about a campaign marked --digest")
	c.Flags().BoolVar(&f.all, "all", false, "tell what every rule says")
	c.Flags().StringVar(&f.at, "at", "", "instant to ask about, past or future, RFC 3339 (default: now)")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

// numberOf parses the argument PHONE, which may be written the way people of the brand's country do.
func numberOf(brand *program.Brand, argument string) (phone.Number, error) {
	n, err := typed.Number(argument, brand.Region)
	if err != nil {
		return n, usageError{locateError("PHONE", err)}
	}
	return n, nil
}

// personOf returns the key of the person with a number at a brand.
func personOf(c *program.Catalog, brandID, number string) (consent.Key, error) {
	brand, err := brandOf(c, brandID)
	if err != nil {
		return consent.Key{}, err
	}
	n, err := numberOf(brand, number)
	return consent.Key{Brand: brand.ID, Phone: n}, err
}

func explain(cmd *cobra.Command, number string, f explainFlags) error {
	in, err := openPolicies(cmd.Context(), f.programs)
	if err != nil {
		return err
	}
	s := in.stack
	now := s.Now()
	at, err := askedAt(f.at, now)
	if err != nil {
		return err
	}
	cat := s.Catalog
	if at.Before(now) {
		if cat, err = in.at(cmd.Context(), at); err != nil {
			return err
		}
	}
	brand, prog, topic, err := findTopic(cat, f.brand, f.topic)
	if err != nil {
		return err
	}
	n, err := numberOf(brand, number)
	if err != nil {
		return err
	}
	g, err := gate.New(cat)
	if err != nil {
		return err
	}
	key, past := consent.Key{Brand: brand.ID, Phone: n}, at.Before(now)
	c, texts, err := readPerson(cmd.Context(), consentTable(s), key, at, past)
	if err != nil {
		return err
	}
	about := gate.Text{Kind: message.KindOf(prog.Class), Program: prog, Topics: []string{topic.ID}, Digest: f.digest}
	r := explained(g, &c, about, at)
	if past {
		r.past, r.Policy, r.Texts = past, g.Policy(), textLines(texts, g.Policy())
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), r)
	}
	r.print(cmd.OutOrStdout(), f.all)
	return nil
}

// readPerson reads the contact. For an instant in the past it returns the contact as it was then, according to its
// record, and the texts on record within a day of that instant.
func readPerson(ctx context.Context, t *table.Table, key consent.Key, at time.Time, past bool) (
	c consent.Contact, texts []consent.Message, err error,
) {
	if !past {
		if c, err = t.Contact(ctx, key); err != nil {
			return c, nil, fmt.Errorf("read contact: %w", err)
		}
		return c, nil, nil
	}
	record, err := t.Person(ctx, key)
	if err != nil {
		return c, nil, err
	}
	if c, err = record.Before(at); err != nil {
		return c, nil, fmt.Errorf("the record does not add up, so nobody can say how the person stood: %w", err)
	}
	for i := range record.Messages {
		if m := &record.Messages[i]; m.At.Sub(at).Abs() < 24*time.Hour {
			texts = append(texts, *m)
		}
	}
	return c, texts, nil
}

func textLines(texts []consent.Message, policy string) []textLine {
	lines := make([]textLine, len(texts))
	for i := range texts {
		m := &texts[i]
		lines[i] = textLine{m.At.UTC(), m.Kind, m.Ref, m.Topics, m.Status, m.Policy, m.Policy == policy}
	}
	return lines
}

// explained runs the gate for a text that says how to opt out where it must, the way the outbox would complete it.
func explained(g *gate.Gate, c *consent.Contact, about gate.Text, at time.Time) explainReport {
	p, d := g.Would(c, about, "", at)
	r := explainReport{
		report: report{Phone: c.Phone, TZ: zoneinfo.Release, at: at.UTC(), Permitted: d.Verdict == gate.Allow},
		brand:  c.Brand,
		topic:  strings.Join(about.Topics, ", "),
		why:    plan.Asked(g, p, about, d, at),
	}
	if area, err := phone.Locate(c.Phone, c.Told); err == nil {
		if places, err := area.Places(); err == nil {
			r.Country, r.State, r.Zones = places[0].Country, oneState(places), zonesOf(places)
		}
	}
	r.NextOpening = opening(&d, at)
	onDigest := func(topic string) bool { return c.Subs[topic].TierNow() == consent.Digest }
	if d.Verdict == gate.Refuse && slices.ContainsFunc(about.Topics, onDigest) {
		about.Digest = true
		_, asDigest := g.Would(c, about, "", at)
		r.NextOpening, r.DigestOnly = opening(&asDigest, at), asDigest.Verdict != gate.Refuse
	}
	r.Rules = r.why.Rules
	return r
}

// opening returns when the text may be sent, in UTC. It returns nil where the text is refused.
func opening(d *gate.Decision, at time.Time) *time.Time {
	switch d.Verdict {
	case gate.Allow:
		at = at.UTC()
	case gate.Defer:
		at = d.Until.UTC()
	case gate.Refuse:
		return nil
	}
	return &at
}

// verdictWords says what a verdict means for the person asked about.
func verdictWords(verdict string) string {
	switch verdict {
	case gate.Allow.String():
		return "may have it"
	case gate.Defer.String():
		return "has to wait"
	default:
		return "may not have it"
	}
}

func (r *explainReport) print(w io.Writer, all bool) {
	sayLine(w, "%s, %s/%s, at %s: %s.", r.Phone, r.brand, r.topic, inZone(r.at, r.Zones), verdictWords(r.why.Verdict))
	if r.Permitted {
		sayLine(w, "No rule of %d keeps it back.", len(r.Rules))
	} else {
		sayLine(w, "%s.", decidedBy(&r.why, r.Zones, r.at, time.Time{}))
	}
	switch {
	case r.DigestOnly && r.NextOpening.After(r.at):
		sayLine(w, "A campaign marked --digest may go from %s.", inZone(*r.NextOpening, r.Zones))
	case r.DigestOnly:
		sayLine(w, "A campaign marked --digest may go now.")
	}
	if r.past {
		r.printPast(w)
	}
	if !all {
		sayLine(w, "--all tells what each rule says.")
		return
	}
	printRulesInWords(w, r.Rules, r.why.Rule, r.Zones)
}

// printPast says which policy answers about an instant in the past, and which texts were sent around then.
func (r *explainReport) printPast(w io.Writer) {
	printAnsweredBy(w, r.Policy)
	printTables(w, r.Policy)
	sayLine(w, "Of the past it tells what the record shows; what carriers said of the phone by then is not on it.")
	for _, l := range r.Texts {
		under := "under this same policy"
		if !l.Same {
			under = "under another policy, " + l.Policy
		}
		sayLine(w, "On record at %s: %s, %s, %s.", inZone(l.At, r.Zones), kindOf(string(l.Kind)+" text", l.Ref), l.Status, under)
	}
}
