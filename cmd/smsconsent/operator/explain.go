package operator

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// explainReport is what explain prints: the report of hours, with every rule of the gate.
type explainReport struct {
	report
	brand, topic string
	verdict      string
}

type explainFlags struct {
	brand, topic, at string
	json             bool
}

func explainCommand() *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use:   "explain PHONE",
		Short: "Tell whether a person may be texted on a topic, and what every rule says",
		Long: `Read a person's contact and run the whole gate for a text on a topic, as a campaign would, without sending anything.
It answers "why did she not get it?".`,
		Example: `  smsconsent explain +12065550142 --topic alerts
  smsconsent explain +12065550142 --topic alerts --at 2027-01-05T18:00:00Z --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return explain(cmd, args[0], f) },
	}
	c.Flags().StringVar(&f.brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().StringVar(&f.topic, "topic", "", "topic ID (required)")
	c.Flags().StringVar(&f.at, "at", "", "instant to ask about, RFC 3339, not in the past (default: now)")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

func explain(cmd *cobra.Command, number string, f explainFlags) error {
	n, err := phone.Parse(number)
	if err != nil {
		return usageError{fmt.Errorf("PHONE: %w", err)}
	}
	cat, err := Catalog()
	if err != nil {
		return err
	}
	brand, err := brandOf(cat, f.brand)
	if err != nil {
		return err
	}
	prog, topic, err := topicOf(brand, f.topic)
	if err != nil {
		return err
	}
	c, now, err := stored(cmd.Context(), consent.Key{Brand: brand.ID, Phone: n})
	if err != nil {
		return err
	}
	at, err := askedAt(f.at, now)
	if err != nil {
		return err
	}
	g, err := gate.New(cat)
	if err != nil {
		return err
	}
	r := explained(g, &c, prog, topic, at)
	if f.json {
		return printJSON(cmd.OutOrStdout(), r)
	}
	r.print(cmd.OutOrStdout())
	return nil
}

func stored(ctx context.Context, key consent.Key) (consent.Contact, time.Time, error) {
	s, err := remote(ctx)
	if err != nil {
		return consent.Contact{}, time.Time{}, err
	}
	c, err := consentTable(s).Contact(ctx, key)
	if err != nil {
		return consent.Contact{}, time.Time{}, fmt.Errorf("read contact: %w", err)
	}
	return c, s.Now(), nil
}

// explained runs the gate for a text of the topic's class that tells how to opt out where it must, as the outbox words
// it.
func explained(
	g *gate.Gate,
	c *consent.Contact,
	prog *program.Program,
	topic *program.Topic,
	at time.Time,
) explainReport {
	kind := message.Promotional
	if prog.Class == program.Transactional {
		kind = message.Transactional
	}
	p := g.Person(c)
	d := g.Decide(p, gate.Text{Kind: kind, Program: prog, Topics: []string{topic.ID}, Branded: true, OptOut: true}, at)
	r := explainReport{
		report:  report{Phone: c.Phone, at: at.UTC(), Permitted: d.Verdict == gate.Allow},
		brand:   c.Brand,
		topic:   topic.ID,
		verdict: d.Verdict.String(),
	}
	if area, err := phone.Locate(c.Phone, c.Told); err == nil {
		if places, err := area.Places(); err == nil {
			r.Country, r.State, r.Zones = places[0].Country, oneState(places), zonesOf(places)
		}
	}
	switch d.Verdict {
	case gate.Allow:
		r.NextOpening = &r.at
	case gate.Defer:
		until := d.Until.UTC()
		r.NextOpening = &until
	case gate.Refuse: // nothing that is known will open
	}
	for _, e := range d.Explain(kind) {
		if !e.Applies {
			continue
		}
		line := ruleLine{
			Name:      e.Rule.Name,
			Answer:    e.Answer.Verdict.String(),
			Because:   e.Answer.Because,
			Citation:  e.Rule.Citation,
			Tier:      string(e.Rule.Tier),
			Certainty: string(e.Rule.Certainty),
		}
		if !e.Answer.Until.IsZero() {
			until := e.Answer.Until.UTC()
			line.Until = &until
		}
		r.Rules = append(r.Rules, line)
		if e.Rule.Name == gate.PermittedHours && p.Hours != nil {
			r.Rules = append(r.Rules, hourLines(p.Hours, at)...)
		}
	}
	return r
}

func (r explainReport) print(w io.Writer) {
	fmt.Fprintf(w, "%s, %s/%s, at %s: %s", r.Phone, r.brand, r.topic, inZone(r.at, r.Zones), r.verdict)
	if r.NextOpening != nil && !r.Permitted {
		fmt.Fprintf(w, " until %s", inZone(*r.NextOpening, r.Zones))
	}
	fmt.Fprintln(w)
	printRules(w, r.Rules)
}
