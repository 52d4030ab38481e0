package operator

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
)

const week = 7 * 24 * time.Hour

// What is edited of a series is so of the runs that are not made yet, and of no other.
func TestASeriesIsEdited(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.goTo(tuesday.Add(time.Hour))
	out, _ := execute(t, 0, slices.Concat(weekly, []string{"--id", "offers"})...)
	made := strictly[madeSeries](t, out)
	before := campaignStored(t, made.Run)
	words, _ := execute(t, 0, "campaign", "edit", "offers", "--text", "Example Corp.: fresh offers.", "--in", "US-WA", "--for", "24h", "--times", "3", "--yes")
	if !strings.Contains(words, "from 2027-01-19T18:00:00Z until 2027-01-20T18:00:00Z") {
		t.Errorf("it says %s", words)
	}
	if c := campaignStored(t, made.Run); c.Text != before.Text || !c.Expires.Equal(before.Expires) || len(c.In) > 0 {
		t.Errorf("the run that was made is %+v", c)
	}
	w.goTo(tuesday.Add(2*week + time.Hour))
	s := seriesOf(t, made.ID)
	if len(s.Runs) != 3 || s.Repeat.Times != 3 {
		t.Fatalf("two weeks later: %+v", s)
	}
	for _, run := range s.Runs[:2] {
		c := campaignStored(t, run.ID)
		if c.Text != "Example Corp.: fresh offers." || c.Expires.Sub(c.At) != 24*time.Hour || !slices.Equal(c.In, []string{"US-WA"}) {
			t.Errorf("the run of %s is %+v", c.At, c)
		}
	}
	if old, fresh := w.got(her, "week's offers"), w.got(her, "fresh offers"); old != 1 || fresh != 1 {
		t.Errorf("she got the old text %d times and the new one %d", old, fresh)
	}
	w.goTo(tuesday.Add(5 * week))
	if s := seriesOf(t, made.ID); s.State != campaign.Done || len(s.Runs) != 3 {
		t.Errorf("after three runs it is %s with %d", s.State, len(s.Runs))
	}
	if _, says := execute(t, 1, "campaign", "edit", made.ID, "--text", "Example Corp.: more."); !strings.Contains(says, "is done") {
		t.Errorf("edited when it is over: %q", says)
	}
}

func TestEditASeriesMistakes(t *testing.T) {
	newWorld(t)
	out, _ := execute(t, 0, weekly...)
	made := strictly[madeSeries](t, out)
	other, _ := execute(t, 0, "campaign", "create", "--topic", "alerts", "--text", "Example Corp.: fresh.", "--repeat", "0 12 * * 2",
		"--zone", "America/Los_Angeles", "--json")
	for _, tc := range []struct {
		id, says string
		args     []string
	}{
		{made.ID, "--at", []string{"--at", "2027-02-01T10:00:00Z"}},
		{made.ID, "--until", []string{"--until", "2027-01-06"}},
		{made.ID, "--for", []string{"--for", "2000h"}},
		{made.ID, "--text", []string{"--text", ""}},
		{made.ID, strictly[madeSeries](t, other).ID, []string{"--text", "Example Corp.: fresh."}},
		{made.Run, "is no series", []string{"--for", "24h"}},
	} {
		if _, says := execute(t, exitUsage, slices.Concat([]string{"campaign", "edit", tc.id, "--yes"}, tc.args)...); !strings.Contains(says, tc.says) {
			t.Errorf("%v: %q", tc.args, says)
		}
	}
	if s := seriesOf(t, made.ID); s.Text != "Example Corp.: the week's offers." {
		t.Errorf("it says %q", s.Text)
	}
}

// --max-cost looks at each run: where the list has grown dearer than that, the next is not made, and it says why.
func TestEachRunOfASeriesMayCostSoMuch(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.goTo(tuesday.Add(time.Hour))
	if _, says := execute(t, exitUsage, slices.Concat(weekly, []string{"--max-cost", "0.0001"})...); !strings.Contains(says, "--max-cost") {
		t.Errorf("the first run: %q", says)
	}
	if _, says := execute(t, exitUsage, slices.Concat(weekly, []string{"--max-cost", "1", "--prices", "mine.csv"})...); !strings.Contains(says, "--prices") {
		t.Errorf("with other prices: %q", says)
	}
	out, _ := execute(t, 0, slices.Concat(weekly, []string{"--max-cost", "0.03"})...)
	id := strictly[madeSeries](t, out).ID
	for _, phone := range []string{"+12065550143", "+12065550144", "+12065550145"} {
		w.subscribes(phone)
	}
	w.goTo(tuesday.Add(week + time.Hour))
	s := seriesOf(t, id)
	if s.State != campaign.Paused || len(s.Runs) != 1 || !strings.Contains(s.Repeat.Why, "more than $0.03") || s.Counts.Sent != 4 {
		t.Fatalf("with four on the list: %+v, %+v", s, s.Repeat)
	}
	words, _ := execute(t, 0, "campaign", "status", id)
	if !strings.Contains(words, "at most $0.03 a run") || !strings.Contains(words, "Why: the run of 19 Jan 2027 would cost about $") {
		t.Errorf("it says %s", words)
	}
	if _, says := execute(t, exitUsage, "campaign", "edit", id, "--text", "Example Corp.: more.", "--yes"); !strings.Contains(says, "--max-cost") {
		t.Errorf("edited under the same limit: %q", says)
	}
	execute(t, 0, "campaign", "edit", id, "--max-cost", "5", "--yes")
	execute(t, 0, "campaign", "resume", id)
	w.goTo(tuesday.Add(week + 2*time.Hour))
	if s := seriesOf(t, id); s.State != campaign.Running || len(s.Runs) != 2 || *s.Repeat.Most != 5 {
		t.Errorf("with a higher limit: %+v", s)
	}
}
