package operator

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/edge/wiring"
)

// whyReport says why somebody got a campaign, or did not.
type whyReport struct {
	Phone    phone.Number `json:"phone"`
	Campaign string       `json:"campaign"`
	Brand    string       `json:"brand"`
	Topic    string       `json:"topic"`
	plan.Why

	State  campaign.State `json:"state"`            // of the campaign
	Stands string         `json:"stands,omitempty"` // why nobody gets the campaign now; empty where they do

	zones []string
	now   time.Time
}

func explainCampaign(cmd *cobra.Command, number string, f explainFlags) error {
	switch {
	case f.topic != "" || f.brand != "":
		return usageError{errors.New("--campaign: the campaign has a brand and a topic; leave out --brand and --topic")}
	case f.digest:
		return usageError{errors.New("--digest: with --campaign it is the campaign's own; leave it out")}
	case f.at != "":
		return usageError{errors.New("--at: with --campaign the instant is when their turn came; leave it out")}
	}
	s, err := remote(cmd.Context())
	if err != nil {
		return err
	}
	if f.campaign, err = findCampaign(cmd.Context(), consentTable(s), "--campaign", f.campaign); err != nil {
		return err
	}
	return f.tellWhy(cmd, s, number)
}

// tellWhy prints why the owner of a number got the campaign, or did not.
func (f explainFlags) tellWhy(cmd *cobra.Command, s *wiring.Deployment, number string) error {
	t := consentTable(s)
	c, err := campaignOf(cmd.Context(), t, f.campaign)
	if err != nil {
		return err
	}
	in, err := policiesOf(s, f.programs)
	if err != nil {
		return err
	}
	key, err := personOf(s.Catalog, c.Brand, number)
	if err != nil {
		return err
	}
	waits, err := unapproved(cmd.Context(), s, &c)
	if err != nil {
		return err
	}
	shards, err := t.Shards(cmd.Context(), c.ID)
	if err != nil {
		return err
	}
	record, err := t.Person(cmd.Context(), key)
	if err != nil {
		return err
	}
	r := whyReport{
		Phone: key.Phone, Campaign: c.ID, Brand: c.Brand, Topic: c.Topic, zones: zonesAbout(key.Phone, record.Contact.Told),
		now: s.Now(),
	}
	ask := func() (err error) {
		about, err := planOfCampaign(s, c)
		if err != nil {
			return fmt.Errorf("campaign %s: nobody can be asked about, for its %w", c.ID, err)
		}
		about.Unapproved = waits
		if r.Why, err = about.Why(&c, &record, c.Walked(shards, s.Now()), s.Now()); err != nil {
			return fmt.Errorf("the record does not add up, so nobody can say how the person stood: %w", err)
		}
		return nil
	}
	if err := in.askUnderThen(cmd.Context(), c.At, &r.Why, ask); err != nil {
		return err
	}
	r.State, r.Stands = c.State, whyNobody(&c, waits, s.Now())
	if f.json {
		return printJSON(cmd.OutOrStdout(), r)
	}
	r.print(cmd.OutOrStdout(), c, f.all)
	return nil
}

// whyNobody says why nobody gets a campaign now. It is empty where people do.
func whyNobody(c *campaign.Campaign, unapproved string, now time.Time) string {
	because := func(what string) string {
		if c.Why == "" {
			return what
		}
		return what + ": " + c.Why
	}
	switch {
	case c.State == campaign.Canceled:
		return because("The campaign was canceled")
	case c.State == campaign.Paused:
		return because("The campaign is paused")
	case c.State == campaign.Done:
		return ""
	case unapproved != "":
		return "The campaign waits for approval: " + unapproved
	case now.Before(c.At):
		return "The campaign has not begun: it goes out " + goesOut(c)
	default:
		return ""
	}
}

// headline says in a few words what an outcome means for the person: what became of it, or as long as the campaign may
// still text somebody, what will.
func headline(why *plan.Why, c *campaign.Campaign) string {
	if isOpen(*c) && why.Status == "" {
		late := !why.Until.IsZero() && !why.Until.Before(c.Expires)
		switch {
		case why.Outcome == plan.Refused:
			return "does not get it, as things stand"
		case why.Outcome == plan.Expired || why.Outcome == plan.Waiting && late:
			return "does not get it in its time, as things stand"
		}
	}
	switch why.Outcome {
	case plan.Sent:
		return "got it"
	case plan.Unsure:
		return "may have got it"
	case plan.Failed:
		return "did not get it"
	case plan.Waiting:
		return "waits for it"
	case plan.Refused:
		return "did not get it"
	case plan.Expired:
		return "did not get it in its time"
	case plan.Canceled:
		return "did not get it, for it was canceled"
	default:
		return "did not get it, and nobody knows why"
	}
}

func (r *whyReport) print(w io.Writer, c campaign.Campaign, all bool) {
	sayLine(w, "%s, campaign to %s/%s: %s.", r.Phone, r.Brand, r.Topic, headline(&r.Why, &c))
	sayLine(w, "%s.", decidedBy(&r.Why, r.zones, r.now, c.Expires))
	if r.Stands != "" {
		sayLine(w, "%s.", r.Stands)
	}
	switch {
	case r.Outcome.WentOut() || r.Rule == "carrier":
		sayLine(w, "On record at %s.", inZone(r.At, r.zones))
	case r.Rebuilt:
		sayLine(w, "Decided for %s from the record, by the programs then in force.", inZone(r.At, r.zones))
	default:
		sayLine(w, "Decided for %s.", inZone(r.At, r.zones))
	}
	printTables(w, r.Policy)
	if all {
		printRulesInWords(w, r.Rules, r.Rule, r.zones)
	}
}
