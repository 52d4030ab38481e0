package operator

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
)

type madeSeries struct{ ID, Run string }

type seriesAnswer struct {
	campaignRow
	Runs []campaignRow `json:"runs"`
}

func seriesOf(t *testing.T, id string) seriesAnswer {
	t.Helper()
	out, _ := execute(t, 0, "campaign", "status", id, "--json")
	return strictly[seriesAnswer](t, out)
}

var weekly = []string{
	"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: the week's offers.", "--repeat", "0 10 * * 2",
	"--zone", "America/Los_Angeles", "--json",
}

// A series has one run after the other, each a campaign of its own; what is done to the series is done to its runs, and
// what is done to a run to that one.
func TestASeries(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.goTo(tuesday.Add(time.Hour))
	args := slices.Concat(weekly, []string{"--id", "offers"})
	out, _ := execute(t, 0, args...)
	made := strictly[madeSeries](t, out)
	if again, _ := execute(t, 0, args...); strictly[madeSeries](t, again).ID != made.ID {
		t.Errorf("made again it is %s, not %s", again, out)
	}
	if _, says := execute(t, exitUsage, slices.Concat(args, []string{"--times", "3"})...); !strings.Contains(says, "--id: ") {
		t.Errorf("another series under its ID: %q", says)
	}
	if c := campaignStored(t, made.Run); !c.At.Equal(tuesday.Add(7*24*time.Hour)) || c.Series != made.ID {
		t.Errorf("the first run is %+v", c)
	}
	w.goTo(tuesday.Add(8 * 24 * time.Hour))
	s := seriesOf(t, made.ID)
	if len(s.Runs) != 2 || s.Runs[1].Counts.Sent != 1 || s.Counts.Sent != 1 || s.Repeat.Runs != 2 || w.got(her, "week's offers") != 1 {
		t.Fatalf("a week later: %+v", s)
	}
	next := s.Runs[0].ID
	if _, says := execute(t, exitUsage, "campaign", "edit", next, "--at", "2027-02-01T10:00:00Z"); !strings.Contains(says, made.ID) {
		t.Errorf("a run is put off: %q", says)
	}
	execute(t, 0, "campaign", "edit", next, "--text", "Example Corp.: the week's last offers.", "--yes")
	if c := campaignStored(t, next); c.Series != made.ID || !c.At.Equal(tuesday.Add(14*24*time.Hour)) {
		t.Errorf("edited it is %+v", c)
	}
	words, _ := execute(t, 0, "campaign", "list")
	for _, want := range []string{made.ID, made.Run, next, "0 10 * * 2", "named offers"} {
		if !strings.Contains(words, want) {
			t.Errorf("the list does not tell of %s:\n%s", want, words)
		}
	}
	for _, args := range [][]string{
		{"campaign", "report", "offers"},
		{"campaign", "watch", made.ID},
		{"campaign", "copy", "offers"},
		{"explain", her, "--campaign", "offers"},
	} {
		if _, says := execute(t, exitUsage, args...); !strings.Contains(says, "is a series") || !strings.Contains(says, "the latest, "+made.Run) {
			t.Errorf("%q of a series: %q", args, says)
		}
	}
	execute(t, 0, "campaign", "pause", made.ID, "--why", "no offers")
	if c := campaignStored(t, next); c.State != campaign.Paused {
		t.Errorf("while its series is paused the run is %s", c.State)
	}
	w.goTo(tuesday.Add(16 * 24 * time.Hour))
	execute(t, 1, "campaign", "pause", made.ID, "--why", "no offers")
	execute(t, 0, "campaign", "resume", made.ID)
	w.goTo(tuesday.Add(16*24*time.Hour + time.Hour))
	if s := seriesOf(t, made.ID); s.State != campaign.Running || len(s.Runs) != 3 || w.got(her, "week's last offers") != 1 {
		t.Errorf("resumed it is %+v", s)
	}
	execute(t, 0, "campaign", "cancel", made.ID, "--why", "over")
	w.goTo(tuesday.Add(40 * 24 * time.Hour))
	words, _ = execute(t, 0, "campaign", "status", made.ID)
	if s := seriesOf(t, made.ID); s.State != campaign.Canceled || len(s.Runs) != 3 || s.Runs[0].State != campaign.Canceled || !strings.Contains(words, "over") {
		t.Errorf("canceled it is %+v\n%s", s, words)
	}
	if n := w.got(her, "offers"); n != 2 {
		t.Errorf("she has it %d times", n)
	}
}

// Readers of another language get the identical text once: what two campaigns share in any language is refused, beside
// a campaign and beside a run to come, whichever flag tells it.
func TestNoTextTwiceInAnyLanguage(t *testing.T) {
	newWorld(t)
	args := func(more ...string) []string {
		return append([]string{"campaign", "create", "--topic", "alerts", "--at", tuesday.Add(24 * time.Hour).Format(time.RFC3339), "--json"}, more...)
	}
	first := create(t, "Example Corp.: one.", "--text-es", "Example Corp.: oferta.", "--at", tuesday.Add(25*time.Hour).Format(time.RFC3339))
	out, _ := execute(t, 0, slices.Concat(weekly, []string{"--text-fr", "Example Corp.: promotions."})...)
	series := strictly[madeSeries](t, out).ID
	for _, c := range []struct {
		named string
		more  []string
	}{
		{first, []string{"--text", "Example Corp.: two.", "--text-es", "oferta."}},
		{first, []string{"--text", "Example Corp.:  oferta."}},
		{first, []string{"--text", "Example Corp.: two.", "--text-de", "Example Corp.: one."}},
		{series, []string{"--text", "Example Corp.: two.", "--text-fr", "promotions.", "--at", "2027-01-19T19:00:00Z"}},
	} {
		if _, says := execute(t, exitUsage, args(c.more...)...); !strings.Contains(says, c.named) || !strings.Contains(says, "--again") {
			t.Errorf("%q: %q, want %s named", c.more, says, c.named)
		}
	}
	execute(t, 0, args("--text", "Example Corp.: two.", "--text-es", "oferta.", "--again")...)
	late := create(t, "Example Corp.: three.", "--at", "2027-01-19T19:00:00Z")
	repeated := []string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: three.", "--repeat", "0 10 * * 2", "--zone", "America/Los_Angeles"}
	if _, says := execute(t, exitUsage, repeated...); !strings.Contains(says, late) || strings.Contains(says, "will get it") {
		t.Errorf("a series whose second run is a twin is planned before it is refused, or not refused: %s", says)
	}
}

// The same text to some of the same people at the same time is refused, also where one of the two is a run to come of a
// series; --again makes it.
func TestNoCampaignBesideARunToCome(t *testing.T) {
	newWorld(t)
	beside := func(named string, args ...string) {
		t.Helper()
		if _, says := execute(t, exitUsage, args...); !strings.Contains(says, named) || !strings.Contains(says, "--again") {
			t.Errorf("%v: %q, want %s named", args, says, named)
		}
	}
	on := func(days int, more ...string) []string {
		at := tuesday.Add(time.Duration(days) * 24 * time.Hour).Format(time.RFC3339)
		return append([]string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: the week's offers.", "--json", "--at", at}, more...)
	}
	out, _ := execute(t, 0, slices.Concat(weekly, []string{"--in", "US"})...)
	series := strictly[madeSeries](t, out).ID
	beside(series, on(14)...)
	beside(series, on(13, "--attribute", "city=Dallas")...) // until the 16th
	beside(series, slices.Concat(weekly, []string{"--at", tuesday.Add(24 * time.Hour).Format(time.RFC3339)})...)
	execute(t, 0, on(10)...) // between two runs
	out, _ = execute(t, 0, on(14, "--in", "CA")...)
	execute(t, 0, "campaign", "cancel", strictly[created](t, out).ID)
	out, _ = execute(t, 0, on(14, "--again")...)
	one := strictly[created](t, out).ID
	beside(series, "campaign", "edit", one, "--expires", tuesday.Add(15*24*time.Hour).Format(time.RFC3339), "--yes")
	execute(t, 0, "campaign", "cancel", series)
	execute(t, 0, on(21)...)
	beside(one, slices.Concat(weekly, []string{"--times", "3"})...)
	execute(t, 0, slices.Concat(weekly, []string{"--times", "2", "--in", "FR"})...)
}

func TestMistakesInASeries(t *testing.T) {
	newWorld(t)
	for _, tc := range []struct {
		says string
		args []string
	}{
		{"--zone", []string{"--repeat", "0 10 * * 2"}},
		{"--repeat: ", []string{"--repeat", "tuesdays", "--zone", "America/Chicago"}},
		{"--expires: ", []string{"--repeat", "0 10 * * 2", "--zone", "America/Chicago", "--expires", "2027-01-20T10:00:00Z"}},
		{"--until: ", []string{"--repeat", "0 10 * * 2", "--zone", "America/Chicago", "--until", "2027-01-06T10:00:00Z"}},
		{"--for: ", []string{"--repeat", "0 10 * * 2", "--zone", "America/Chicago", "--for", "-1h"}},
		{"--times", []string{"--repeat", "0 10 * * 2", "--zone", "America/Chicago", "--times", "0"}},
		{"--times", []string{"--repeat", "0 10 * * 2", "--zone", "America/Chicago", "--times", "-1"}},
		{"--attribute: ", []string{"--attribute", "Dallas"}},
	} {
		args := append([]string{"campaign", "create", "--topic", "alerts", "--text", "Hi."}, tc.args...)
		if _, says := execute(t, exitUsage, args...); !strings.Contains(says, tc.says) {
			t.Errorf("%v: %q, want %q", tc.args, says, tc.says)
		}
	}
}

// A campaign for some attributes is planned, made and explained for those who have them; list, status and report warn
// where the list is not the one that was planned for.
func TestACampaignForSomeAttributes(t *testing.T) {
	w := newWorld(t)
	const austin = "+12065550143"
	w.subscribes(her)
	w.subscribes(austin)
	execute(t, 0, "attributes", her, "city=Dallas")
	execute(t, 0, "attributes", austin, "city=Austin")
	w.goTo(tuesday.Add(2 * time.Hour))
	if p := planOf(t, "--attribute", "city=dallas"); p.Audience != 1 || p.Will != 1 {
		t.Errorf("planned: %+v", p)
	}
	id := create(t, "Example Corp.: open today.", "--attribute", "city=Dallas")
	create(t, "Example Corp.: open this day.", "--attribute", "city=Houston")
	w.goTo(tuesday.Add(3 * time.Hour))
	if s := status(t, id); s.Counts.Sent != 1 || fmt.Sprint(s.Attributes) != "[city=Dallas]" || w.got(austin, "open today") != 0 {
		t.Errorf("status is %+v", s)
	}
	if r := reportOf(t, id, "--people"); len(r.People) != 1 {
		t.Errorf("report: %+v", r.People)
	}
	r, words := whyOf(t, austin, id)
	if want := `attribute city is "Austin", not "Dallas"`; r.Rule != campaign.Segment || !strings.Contains(r.Because, want) || !strings.Contains(words, "Austin") {
		t.Errorf("of somebody in Austin: %+v\n%s", r, words)
	}
	out, _ := execute(t, 0, "campaign", "copy", id, "--at", "2027-01-20T18:00:00Z", "--json")
	if copied := campaignStored(t, strictly[created](t, out).ID); fmt.Sprint(copied.Wanted()) != "[city=Dallas]" {
		t.Errorf("its copy is for %v", copied.Wanted())
	}
}
