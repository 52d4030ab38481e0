package operator

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/edge/wiring"
)

// Where the campaign itself keeps it from everybody, the answer says so and why, whatever the person's own rule; and
// the phone is read as people write it.
func TestExplainTellsHowTheCampaignStands(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	id := create(t, "Example Corp.: open today.", "--at", tuesday.Add(2*time.Hour).Format(time.RFC3339))
	expect := func(when, state, want string) {
		t.Helper()
		if r, words := whyOf(t, "(206) 555-0142", id); string(r.Phone) != her || string(r.State) != state || !strings.Contains(words, want) {
			t.Errorf("%s: %s\n%+v, want %q", when, words, r, want)
		}
	}
	w.goTo(tuesday.Add(time.Minute))
	if _, words := whyOf(t, her, id); !strings.Contains(words, "next on Tue 5 Jan 2027 12:00") {
		t.Errorf("a time to come is not told: %s", words)
	}
	expect("before it begins", "scheduled", "The campaign has not begun: it goes out from 2027-01-05T20:00:00Z")
	execute(t, 0, "campaign", "pause", id, "--why", "the price is wrong")
	expect("paused", "paused", "The campaign is paused: the price is wrong.")
	w.goTo(tuesday.Add(3 * time.Hour))
	if r, words := whyOf(t, her, id); strings.Contains(words, "next on") || r.Outcome != plan.Waiting {
		t.Errorf("a time that is past is told as one to come: %s", words)
	}
	execute(t, 0, "campaign", "cancel", id, "--why", "the sale is off")
	expect("canceled", "canceled", "The campaign was canceled: the sale is off.")
	if _, says := execute(t, exitUsage, "explain", "555", "--campaign", id); !strings.Contains(says, "PHONE: ") {
		t.Errorf("of no phone: %q", says)
	}
	if out, _ := execute(t, 0, "explain", "(206) 555-0142", "--topic", "alerts"); !strings.Contains(out, her) {
		t.Errorf("without a campaign: %s", out)
	}
}

// Who waited for their hours when a campaign was canceled waited for them, whenever somebody asks.
func TestExplainTellsWhatACanceledCampaignKeptWaiting(t *testing.T) {
	w := newWorld(t)
	const hawaii = "+18085550142" // it is 8:00 there, and permitted from 9:00
	w.subscribes(her)
	w.subscribes(hawaii)
	id := create(t, "Example Corp.: open today.")
	w.goTo(tuesday.Add(10 * time.Minute))
	execute(t, 0, "campaign", "cancel", id, "--why", "the sale is off")
	for _, later := range []time.Duration{10 * time.Minute, 26 * time.Hour} {
		w.goTo(tuesday.Add(later))
		why, words := whyOf(t, hawaii, id)
		if why.Outcome != plan.Canceled || why.Rule != "permitted-hours" || why.At.After(tuesday.Add(10*time.Minute)) {
			t.Errorf("after %s: %s by %s at %s\n%s", later, why.Outcome, why.Rule, why.At, words)
		}
		if r := reportOf(t, id); r.Canceled["permitted-hours"] != 1 || r.Sent != 1 {
			t.Errorf("after %s the report has %v", later, r.Canceled)
		}
	}
}

// Nobody is said to have a text that did not arrive, or of which nobody knows.
func TestExplainTellsWhetherItArrived(t *testing.T) {
	for status, want := range map[consent.Status]string{
		consent.Sent: "got it", consent.Delivered: "got it", consent.Unconfirmed: "may have got it",
		consent.Undelivered: "did not get it", consent.Rejected: "did not get it", consent.Withheld: "did not get it",
	} {
		r := whyReport{Phone: her, Brand: "example", Topic: "alerts", Why: plan.OnRecord(&consent.Message{
			At: tuesday, Status: status, History: []consent.StatusChange{{Status: status, Detail: "TEXT_UNREACHABLE"}},
		})}
		var out bytes.Buffer
		r.print(&out, campaign.Campaign{}, false)
		said := strings.Join(strings.Fields(out.String()), " ")
		if strings.Contains(said, "and is") || !strings.Contains(said, "example/alerts: "+want+".") || !strings.Contains(said, "TEXT_UNREACHABLE") || !strings.Contains(said, "On record at") {
			t.Errorf("%s: %s", status, said)
		}
	}
}

func TestExplainTellsOfAMissingApproval(t *testing.T) {
	cat := careful(t)
	w := newWorldOf(t, cat)
	w.subscribes(her)
	if _, err := w.as(cat, "ana", func(cmd *cobra.Command, s *wiring.Deployment) error {
		f := campaignFlags{topic: "alerts", yes: true, wordFlags: wordFlags{text: "Example Corp.: pumpkins are in."}}
		return f.create(cmd, s)
	}); err != nil {
		t.Fatal(err)
	}
	id := campaignSaying(t, "pumpkins")
	w.goTo(tuesday.Add(10 * time.Minute))
	ask := func() string {
		out, err := w.as(cat, "ana", func(cmd *cobra.Command, s *wiring.Deployment) error {
			return explainFlags{campaign: id}.tellWhy(cmd, s, her)
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(out), " ")
	}
	if out := ask(); !strings.Contains(out, "campaign-unapproved") || !strings.Contains(out, "The campaign waits for approval: nobody approved it.") {
		t.Errorf("unapproved: %s", out)
	}
	if _, err := w.as(cat, "ben", func(cmd *cobra.Command, s *wiring.Deployment) error { return approveCampaign(cmd, s, id, true, false) }); err != nil {
		t.Fatal(err)
	}
	w.goTo(tuesday.Add(20 * time.Minute))
	if out := ask(); strings.Contains(out, "approval") || !strings.Contains(out, "got it") {
		t.Errorf("approved: %s", out)
	}
}
