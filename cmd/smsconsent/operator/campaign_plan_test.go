package operator

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/plan"
)

func planOf(t *testing.T, more ...string) plan.Plan {
	t.Helper()
	out, _ := execute(t, 0, append([]string{
		"campaign", "plan", "--topic", "alerts", "--text", "Example Corp.: open today.", "--json",
	}, more...)...)
	return strictly[plan.Plan](t, out)
}

// The plan says when each zone gets it and who does not, what the campaign then does is the same, and neither is a
// campaign or a text made by looking.
func TestPlanAndThenCreate(t *testing.T) {
	w := newWorld(t)
	for _, phone := range []string{her, "+12125550142", "+18085550142"} {
		w.subscribes(phone)
	}
	w.goTo(tuesday.Add(24 * time.Hour))
	w.says("+12125550142", "STOP")
	page := filepath.Join(t.TempDir(), "plan.html")
	p := planOf(t, "--html", page)
	// Who stopped has left the list.
	if p.Audience != 2 || p.Will != 2 || p.Later != 1 || p.Expire != 0 || len(p.Not) != 0 || p.Parts != 2 || p.Cost <= 0 || p.Minutes != 1 {
		t.Errorf("%+v", p)
	}
	zones := map[string]int{}
	for _, h := range p.Hours {
		zones[h.Zone] += h.People
	}
	if len(zones) != 2 || zones["America/Los_Angeles"] != 1 || zones["Pacific/Honolulu"] != 1 {
		t.Errorf("zones %v", zones)
	}
	if html, err := os.ReadFile(page); err != nil || !strings.Contains(string(html), "Pacific/Honolulu") || strings.Contains(string(html), "<script") {
		t.Errorf("the page is wrong: %v", err)
	}
	if out, _ := execute(t, 0, "campaign", "list", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("a plan made a campaign: %s", out)
	}
	soon := planOf(t, "--expires", tuesday.Add(24*time.Hour+30*time.Minute).Format(time.RFC3339))
	if soon.Will != 1 || soon.Not["permitted-hours"] != 1 {
		t.Errorf("half an hour reaches %+v", soon)
	}
	_, says := execute(t, 0, "campaign", "create", "--topic", "alerts", "--text", "Example Corp.: open today.")
	if !strings.Contains(says, "2 people are on the list: 2 will get it (1 of them later") {
		t.Errorf("create says %q", says)
	}
	_, quiet := execute(t, 0, "campaign", "create", "--topic", "alerts", "--text", "Example Corp.: and tomorrow.", "--yes")
	if strings.Contains(quiet, "on the list") {
		t.Errorf("create --yes says %q", quiet)
	}
}

func TestMistakesInAPlan(t *testing.T) {
	newWorld(t)
	bad := filepath.Join(t.TempDir(), "prices.csv")
	if err := os.WriteFile(bad, []byte("country,price\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	base := []string{"campaign", "plan", "--topic", "alerts", "--text", "Example Corp.: open today."}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--prices", bad}, "--prices: "},
		{[]string{"--prices", bad + "x"}, "--prices: "},
		{[]string{"--html", filepath.Join(bad, "x")}, "--html: "},
		{[]string{"--at", "tomorrow"}, "--at: "},
		{[]string{"--html", "-", "--json"}, "--json: "},
	} {
		if _, says := execute(t, 2, append(base[:len(base):len(base)], c.args...)...); !strings.Contains(says, c.says) {
			t.Errorf("%v: %q, want %q", c.args, says, c.says)
		}
	}
	if out, _ := execute(t, 0, "campaign", "plan", "--print-prices"); out != string(plan.Shipped()) {
		t.Errorf("the price table is %q", out)
	}
}

// The same to the same people at the same time is made once, unless it is meant so; under an ID of one's own it may be
// asked for again.
func TestACampaignIsMadeOnce(t *testing.T) {
	newWorld(t)
	args := func(more ...string) []string {
		return append([]string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: open today.", "--json"}, more...)
	}
	out, _ := execute(t, 0, args()...)
	id := strictly[created](t, out).ID
	if _, says := execute(t, 2, args()...); !strings.Contains(says, id) || !strings.Contains(says, "--again") {
		t.Errorf("the second says %q, want a word of %s", says, id)
	}
	out, _ = execute(t, 0, args("--again")...)
	if strictly[created](t, out).ID == id {
		t.Error("the second on purpose is the first")
	}
	later := []string{"--at", tuesday.Add(5 * 24 * time.Hour).Format(time.RFC3339)}
	out, _ = execute(t, 0, args(append(later, "--id", "next-week")...)...)
	id = strictly[created](t, out).ID
	if s := status(t, "next-week"); s.ID != id {
		t.Errorf("by its name it is %s, want %s", s.ID, id)
	}
	if r, words := whyOf(t, her, "next-week"); r.Campaign != id {
		t.Errorf("explained by its name:\n%s", words)
	}
	for _, args := range [][]string{{"pause", "--why", "late"}, {"resume"}, {"report"}} {
		execute(t, 0, slices.Concat([]string{"campaign", args[0], "next-week"}, args[1:])...)
	}
	out, _ = execute(t, 0, args(append(later, "--id", "next-week")...)...)
	if again := strictly[created](t, out).ID; again != id {
		t.Errorf("made again as %s, want %s", again, id)
	}
	if _, says := execute(t, 2, args("--id", "next-week", "--at", tuesday.Add(9*24*time.Hour).Format(time.RFC3339))...); !strings.Contains(says, "--id: ") {
		t.Errorf("another time under the same ID: %q", says)
	}
	other := append(args("--id", "next-week"), later...)
	other[5] = "Example Corp.: closed today."
	if _, says := execute(t, 2, other...); !strings.Contains(says, id) {
		t.Errorf("another text under the same ID: %q", says)
	}
	if _, says := execute(t, 2, args("--id", strings.Repeat("x", 65))...); !strings.Contains(says, "--id: ") {
		t.Errorf("a long name: %q", says)
	}
}

// A campaign for some places reaches those who are there for sure, and nobody else is counted.
func TestACampaignForSomePlaces(t *testing.T) {
	w := newWorld(t)
	const hawaii = "+18085550142"
	for _, phone := range []string{her, hawaii, "+12125550142"} {
		w.subscribes(phone)
	}
	w.goTo(tuesday.Add(2 * time.Hour))
	if p := planOf(t, "--in", "us-wa,US-HI"); p.Audience != 2 || p.Will != 2 {
		t.Errorf("planned: %+v", p)
	}
	id := create(t, "Example Corp.: open today.", "--in", "US-WA")
	create(t, "Example Corp.: open today.", "--in", "US-OR") // for others, so no twin
	for _, part := range [][]string{{"--in", "US"}, {"--attribute", "city=Dallas"}, {"--in", "FR,US-WA"}, {"--in", "US-WA", "--attribute", "city=Yakima"}} {
		args := append([]string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: open today.", "--json"}, part...)
		if _, says := execute(t, exitUsage, args...); !strings.Contains(says, "some of the same people") {
			t.Errorf("%v: %q", part, says)
		}
	}
	w.goTo(tuesday.Add(3 * time.Hour))
	if h, other := w.got(her, "open today"), w.got(hawaii, "open today"); h != 1 || other != 0 {
		t.Errorf("in Washington it showed up %d times, in Hawaii %d times", h, other)
	}
	if s := status(t, id); s.State != "done" || s.Counts.Sent != 1 || s.Counts.Refused+s.Counts.Expired+s.Counts.Deferred != 0 {
		t.Errorf("status is %+v", s)
	}
	if r, _ := whyOf(t, hawaii, id); r.Rule != "segment" || r.Outcome != "refused" || r.Verdict != "refuse" {
		t.Errorf("of somebody in Hawaii: %+v", r)
	}
	if r := reportOf(t, id, "--people"); len(r.People) != 1 || r.Sent != 1 {
		t.Errorf("report: %+v", r)
	}
	if _, says := execute(t, 2, "campaign", "create", "--topic", "alerts", "--text", "Hi.", "--in", "Oregon"); !strings.Contains(says, "--in: ") {
		t.Errorf("a place nobody knows: %q", says)
	}
}

// A plan counts what campaigns, and runs of series, beside it are going to send: who gets those waits for this one, or
// never has it. It names those that some of its list are expected to get, and the report says the same afterwards.
func TestThePlanKnowsWhatGoesBesideIt(t *testing.T) {
	for _, c := range []struct {
		name, day string // of the planned campaign
		flags     []string
	}{
		{"a campaign", "2027-01-07", []string{"--at", "2027-01-07T18:00:00Z", "--expires", "2027-01-07T19:00:00Z"}},
		{"a campaign for some", "2027-01-07", []string{"--at", "2027-01-07T18:00:00Z", "--expires", "2027-01-07T19:00:00Z", "--attribute", "city=Yakima"}},
		{"a run to come", "2027-01-08", []string{"--repeat", "0 10 * * *", "--zone", "America/Los_Angeles", "--for", "1h", "--at", "2027-01-07T17:00:00Z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribes(her)
			w.subscribes("+18085550142") // in Hawaii, which wakes up when the other is over
			execute(t, 0, "attributes", her, "city=Yakima")
			execute(t, 0, append([]string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: every day.", "--yes"}, c.flags...)...)
			execute(t, 0, "campaign", "create", "--topic", "alerts", "--text", "Example Corp.: for nobody here.", "--yes",
				"--at", c.day+"T18:00:00Z", "--expires", c.day+"T19:00:00Z", "--in", "US-OR")
			said := []string{"--topic", "alerts", "--text", "Example Corp.: pumpkins.", "--at", c.day + "T18:30:00Z", "--expires", c.day + "T21:30:00Z"}
			out, _ := execute(t, 0, append([]string{"campaign", "plan", "--json"}, said...)...)
			p := strictly[plan.Plan](t, out)
			if p.Will != 1 || p.Not["least-gap"] != 1 || len(p.Beside) != 1 || p.Beside[0].People != 1 || p.Beside[0].Text != "Example Corp.: every day." {
				t.Errorf("%+v", p)
			}
			words, _ := execute(t, 0, append([]string{"campaign", "plan"}, said...)...)
			if !strings.Contains(words, "warning: campaign "+p.Beside[0].ID) {
				t.Errorf("in words: %s", words)
			}
			if page, _ := execute(t, 0, append([]string{"campaign", "plan", "--html", "-"}, said...)...); !strings.HasPrefix(page, "<!doctype") || !strings.Contains(page, p.Beside[0].ID) {
				t.Error("the page does not name it")
			}
			out, _ = execute(t, 0, append([]string{"campaign", "create", "--json"}, said...)...)
			id := strictly[created](t, out).ID
			w.goTo(tuesday.Add(80 * time.Hour))
			// Of a series she has had her texts of the month by then.
			if r := reportOf(t, id); r.Sent != p.Will || c.name != "a run to come" && !maps.Equal(r.Expired, p.Not) {
				t.Errorf("%d sent, expired %v; planned %d and %v", r.Sent, r.Expired, p.Will, p.Not)
			}
		})
	}
}
