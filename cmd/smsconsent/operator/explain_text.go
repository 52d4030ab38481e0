package operator

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/wiring"
)

// explainText prints what every rule said of a text on record, under the same programs that it was decided under.
func explainText(cmd *cobra.Command, number string, f explainFlags) error {
	n, err := phone.Parse(number)
	switch {
	case err != nil:
		return usageError{fmt.Errorf("PHONE: %w", err)}
	case f.topic != "" || f.at != "" || f.digest:
		return usageError{errors.New("--message: the text has a topic and an instant; leave out --topic, --at and --digest")}
	}
	in, err := openPolicies(cmd.Context(), f.programs)
	if err != nil {
		return err
	}
	s := in.stack
	brand, err := brandOf(s.Catalog, f.brand)
	if err != nil {
		return err
	}
	record, err := consentTable(s).Person(cmd.Context(), consent.Key{Brand: brand.ID, Phone: n})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(record.Messages, func(m consent.Message) bool {
		return f.message == m.ID || f.message == m.AWSID
	})
	if at < 0 {
		return usageError{fmt.Errorf("--message: brand %s has no text %q on record to %s; smsconsent record lists them", brand.ID, f.message, n)}
	}
	m := &record.Messages[at]
	c, err := record.Before(m.At)
	if err != nil {
		return fmt.Errorf("the record does not add up, so nobody can say how the person stood: %w", err)
	}
	if s.Catalog, err = in.under(cmd.Context(), m.Policy); err != nil {
		return err
	}
	g, about, err := decidedAbout(cmd, s, m, brand.ID)
	if err != nil {
		return err
	}
	r := explained(g, &c, about, m.At)
	r.past, r.Policy, r.Texts = true, m.Policy, textLines([]consent.Message{*m}, m.Policy)
	if f.json {
		return printJSON(cmd.OutOrStdout(), r)
	}
	r.print(cmd.OutOrStdout(), f.all)
	printUnrecorded(cmd.OutOrStdout(), m)
	return nil
}

// decidedAbout returns the gate that decided on a recorded text, and the question it was asked.
func decidedAbout(
	cmd *cobra.Command, s *wiring.Deployment, m *consent.Message, brandID string,
) (*gate.Gate, gate.Text, error) {
	g, err := gate.New(s.Catalog)
	if err != nil {
		return nil, gate.Text{}, err
	}
	brand, ok := s.Catalog.Brand(brandID)
	var prog *program.Program
	if ok {
		prog, ok = brand.Program(m.Program)
	}
	if !ok {
		return nil, gate.Text{}, fmt.Errorf("the programs it names have no program %s of brand %s", m.Program, brandID)
	}
	about := gate.Text{
		Kind: m.Kind, Program: prog, Topics: m.Topics, Campaign: m.Campaign, Ref: m.Ref, Content: m.Content,
		Urgent: m.Vouched.Urgent != "",
	}
	if m.Campaign != "" {
		c, err := campaignOf(cmd.Context(), consentTable(s), m.Campaign)
		if err != nil {
			return nil, about, err
		}
		asked, err := planOfCampaign(s, c)
		if err != nil {
			return nil, about, fmt.Errorf("campaign %s: its %w", c.ID, err)
		}
		about = asked.Text
	}
	return g, about, nil
}

// printUnrecorded says what the gate knew of a text that its record does not hold.
func printUnrecorded(w io.Writer, m *consent.Message) {
	if m.Campaign == "" && (m.Kind == message.Reply || m.Kind == message.Confirmation) {
		sayLine(w, "What the person had asked for when it went is on their record, and not known to the rules here.")
	}
}
