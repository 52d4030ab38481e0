package operator

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/edge/wiring"
)

// The name of a campaign or a series is shown wherever its ID is, goes with it when it is edited, and with no copy.
func TestNamesAreShown(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.goTo(tuesday.Add(time.Hour))
	create(t, "Example Corp.: half price.", "--at", "2027-01-06T18:00:00Z", "--id", "weekly-sale")
	execute(t, 0, slices.Concat(weekly, []string{"--id", "offers"})...)
	execute(t, 0, "campaign", "edit", "weekly-sale", "--in", "US", "--yes")
	execute(t, 0, "campaign", "copy", "weekly-sale", "--at", "2027-01-20T18:00:00Z", "--yes")
	out, _ := execute(t, 0, "campaign", "list", "--json")
	var names []string
	for _, row := range strictly[[]campaignRow](t, out) {
		names = append(names, row.Name)
	}
	if want := []string{"", "offers", "", "weekly-sale"}; !slices.Equal(names, want) {
		t.Errorf("the list names %q, want %q", names, want)
	}
	for _, args := range [][]string{
		{"list"}, {"status", "weekly-sale"}, {"status", "weekly-sale", "--json"}, {"report", "weekly-sale"}, {"report", "weekly-sale", "--json"},
	} {
		if out, _ := execute(t, 0, append([]string{"campaign"}, args...)...); !strings.Contains(out, "weekly-sale") {
			t.Errorf("%q names nothing:\n%s", args, out)
		}
	}
	for _, twin := range []struct{ name, text, at string }{
		{"weekly-sale", "Example Corp.: half price.", "2027-01-06T20:00:00Z"},
		{"offers", "Example Corp.: the week's offers.", "2027-01-25T18:00:00Z"}, // a run to come
	} {
		_, says := execute(t, exitUsage, "campaign", "create", "--topic", "alerts", "--text", twin.text, "--at", twin.at)
		if !strings.Contains(says, "("+twin.name+") says the same") {
			t.Errorf("a twin of %s: %s", twin.name, says)
		}
	}
	if out, _ := execute(t, 0, "campaign", "status", "offers"); !strings.Contains(out, "(offers)") {
		t.Errorf("the series is not named: %s", out)
	}
	s := serve(t)
	found := get[struct{ Campaigns, Series []struct{ Name string } }](s, http.MethodGet, "/console/campaigns", nil)
	if len(found.Series) != 1 || found.Series[0].Name != "offers" || found.Campaigns[2].Name != "weekly-sale" {
		t.Errorf("the console has %+v", found)
	}
}

// What waits for an approval after its time came has no next look: no list tells of one that is past.
func TestNoNextLookInThePast(t *testing.T) {
	cat := careful(t)
	w := newWorldOf(t, cat)
	w.subscribes(her)
	as := func(do func(*cobra.Command, *wiring.Deployment) error) string {
		t.Helper()
		out, err := w.as(cat, "ana", do)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	f := campaignFlags{
		topic: "alerts", yes: true, repeat: "0 10 * * *", zone: "America/Los_Angeles", id: "offers", times: 1,
		wordFlags: wordFlags{text: "Example Corp.: the day's offers."},
	}
	as(f.create)
	w.goTo(tuesday.Add(4 * time.Hour))
	var rows []campaignRow
	as(func(cmd *cobra.Command, s *wiring.Deployment) (err error) {
		rows, err = campaignRows(cmd.Context(), s)
		return err
	})
	for _, row := range rows {
		if row.Next != nil {
			t.Errorf("%s %s next looks at people at %s, which is past", row.ID, row.State, row.Next)
		}
	}
	says := as(func(cmd *cobra.Command, s *wiring.Deployment) error {
		return seriesStatus(cmd, s, rows[0].Series, false)
	})
	if !strings.Contains(says, "waits for approval") || !strings.Contains(says, ", once") {
		t.Errorf("its series says %s", says)
	}
	for line := range strings.Lines(says) {
		if len(strings.TrimSpace(line)) > width {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	srv := serve(t)
	if f := get[struct{ Next *struct{ At time.Time } }](srv, http.MethodGet, "/console/figures", nil); f.Next != nil {
		t.Errorf("the console's next wave is at %s", f.Next.At)
	}
}

// Series stand among the campaigns by the same rule, in the list and on the console: what is over is below what is not.
func TestSeriesAreListedAmongCampaigns(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.goTo(tuesday.Add(time.Hour)) // the first runs are a week later
	over := strictly[madeSeries](t, first(execute(t, 0, weekly...)))
	execute(t, 0, "campaign", "cancel", over.ID, "--why", "over")
	one := create(t, "Example Corp.: one.")
	w.goTo(tuesday.Add(2 * time.Hour))
	repeated := strictly[madeSeries](t, first(execute(t, 0, slices.Concat(weekly, []string{"--text", "Example Corp.: more offers."})...)))
	want := []string{repeated.ID, repeated.Run, over.ID, over.Run, one}
	out, _ := execute(t, 0, "campaign", "list", "--json")
	var listed []string
	for _, row := range strictly[[]campaignRow](t, out) {
		listed = append(listed, row.ID)
	}
	shown := get[struct{ Order []string }](serve(t), http.MethodGet, "/console/campaigns", nil).Order
	if !slices.Equal(listed, want) || !slices.Equal(shown, want) {
		t.Errorf("listed %q\nshown %q\nwant %q", listed, shown, want)
	}
}
