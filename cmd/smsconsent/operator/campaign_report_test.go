package operator

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/result"
)

func reportOf(t *testing.T, id string, more ...string) result.Result {
	t.Helper()
	out, _ := execute(t, 0, append([]string{"campaign", "report", id, "--json"}, more...)...)
	return strictly[result.Result](t, out)
}

// The report says what became of a campaign by rule, hour and money, and agrees with what was planned.
func TestCampaignReport(t *testing.T) {
	w := newWorld(t)
	const east, hawaii = "+12125550142", "+18085550142"
	for _, phone := range []string{her, east, hawaii} {
		w.subscribes(phone)
	}
	w.goTo(tuesday.Add(time.Hour)) // 11:00 in Seattle, 09:00 in Hawaii
	create(t, "Example Corp.: first.")
	w.goTo(tuesday.Add(6 * time.Hour))
	create(t, "Example Corp.: second.", "--expires", tuesday.Add(6*time.Hour+30*time.Minute).Format(time.RFC3339))
	w.goTo(tuesday.Add(25 * time.Hour))
	w.subscribes("+13125550142") // in Chicago
	execute(t, 0, "campaign", "create", "--topic", "alerts", "--text", "Example Corp.: third.",
		"--expires", tuesday.Add(26*time.Hour).Format(time.RFC3339))
	id := campaignSaying(t, "third")
	w.goTo(tuesday.Add(27 * time.Hour))
	r := reportOf(t, id)
	if r.Sent != 1 || r.Delivered != 1 || r.Failed != 0 || r.Unknown != 0 || r.Deferred != 0 || len(r.Refused) != 0 || r.Parts != 1 || r.Cost <= 0 {
		t.Errorf("%+v", r)
	}
	if len(r.Expired) != 1 || r.Expired["promised-frequency"] != 3 {
		t.Errorf("expired by rule: %v, want the three who had their texts of the month", r.Expired)
	}
	if p := r.Plan; p == nil || p.Will != 1 || p.People != 4 || p.Parts != r.Parts || p.Cost != r.Cost {
		t.Errorf("planned: %+v", p)
	}
	if len(r.Hours) != 1 || r.Hours[0].Zone != "America/Chicago" || r.Hours[0].People != 1 || r.People != nil {
		t.Errorf("hours %+v, people %+v", r.Hours, r.People)
	}
	page := filepath.Join(t.TempDir(), "report.html")
	out, _ := execute(t, 0, "campaign", "report", id, "--html", page)
	for _, part := range []string{"Sent 1: delivered 1", "Expired, waiting for promised-frequency: 3", "Planned: 1 of 4 people, 1 part,"} {
		if !strings.Contains(out, part) {
			t.Errorf("in words it lacks %q:\n%s", part, out)
		}
	}
	if html, err := os.ReadFile(page); err != nil || !strings.Contains(string(html), "promised-frequency") || strings.Contains(string(html), "<script") {
		t.Errorf("the page is wrong: %v", err)
	}
}

// campaignSaying returns the ID of the campaign whose text has a part.
func campaignSaying(t *testing.T, part string) string {
	t.Helper()
	out, _ := execute(t, 0, "campaign", "list", "--json")
	for _, r := range strictly[[]campaignRow](t, out) {
		if strings.Contains(r.Text, part) {
			return r.ID
		}
	}
	t.Fatalf("no campaign says %q", part)
	return ""
}

// The people are masked, unless somebody asks for their numbers, which goes on record.
func TestCampaignReportOnPeople(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.subscribes("+18085550142")
	id := create(t, "Example Corp.: pumpkins are in.", "--expires", tuesday.Add(30*time.Minute).Format(time.RFC3339))
	w.goTo(tuesday.Add(2 * time.Hour))
	r := reportOf(t, id, "--people")
	outcomes := map[string]string{}
	for _, p := range r.People {
		if strings.Contains(p.Phone, "5550") {
			t.Errorf("%s is not masked", p.Phone)
		}
		outcomes[string(p.Outcome)] += p.Rule
	}
	if len(r.People) != 2 || outcomes["sent"] != "on-record" || outcomes["expired"] != "permitted-hours" || r.Expired["permitted-hours"] != 1 {
		t.Errorf("people %+v, expired %v", r.People, r.Expired)
	}
	s, err := remote(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if asked, err := consentTable(s).Askings(t.Context(), id); err != nil || len(asked) != 0 {
		t.Errorf("asked for before: %v, %v", asked, err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "ana")
	file := filepath.Join(t.TempDir(), "people.csv")
	execute(t, 0, "campaign", "report", id, "--csv", file, "--clear")
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][1] != "phone" || rows[1][1] != her || rows[1][2] != "sent" || rows[1][4] != "delivered" {
		t.Errorf("%v, %v", rows, err)
	}
	if asked, err := consentTable(s).Askings(t.Context(), id); err != nil || len(asked) != 1 || asked[0].By != "arn:aws:iam::000000000000:user/ana" {
		t.Errorf("on record is %v (%v), want Ana", asked, err)
	}
}

func TestCampaignReportMistakes(t *testing.T) {
	newWorld(t)
	for _, c := range []struct {
		code int
		args []string
		says string
	}{
		{exitUsage, []string{"nosuch"}, "ID"},
		{exitUsage, []string{unknownCampaign, "--clear"}, "--clear"},
		{exitUsage, []string{unknownCampaign, "--prices", "/no/such/file"}, "--prices"},
		{exitFailed, []string{unknownCampaign}, unknownCampaign},
	} {
		if _, says := execute(t, c.code, append([]string{"campaign", "report"}, c.args...)...); !strings.Contains(says, c.says) {
			t.Errorf("%v: %q, want %s named", c.args, says, c.says)
		}
	}
}
