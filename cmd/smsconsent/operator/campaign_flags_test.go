package operator

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/console"
)

// A flag that is not used, or that says nothing, is refused before anybody is texted: whoever wrote it meant something.
func TestFlagsThatAreNotUsedAreRefused(t *testing.T) {
	newWorld(t)
	for _, tc := range []struct {
		says []string // the flag, and what to do
		args []string
	}{
		{[]string{"--times: ", "--repeat"}, []string{"--times", "3"}},
		{[]string{"--until: ", "--repeat", "--expires"}, []string{"--until", "2027-02-01T10:00:00Z"}},
		{[]string{"--for: ", "--repeat", "--expires"}, []string{"--for", "48h"}},
		{[]string{"--for", "48h"}, []string{"--repeat", "0 10 * * 1", "--zone", "America/New_York", "--for", "10"}},
		{[]string{"--zone: ", "--at"}, []string{"--zone", "America/New_York"}},
		{[]string{"--in: ", "leave it out"}, []string{"--in", ""}},
		{[]string{"--in: "}, []string{"--in", "US-WA,"}},
		{[]string{"--attribute: ", "leave it out"}, []string{"--attribute", " "}},
		{[]string{"--id: ", "leave it out"}, []string{"--id", ""}},
		{[]string{"--at: ", "leave it out"}, []string{"--at", ""}},
		{[]string{"--repeat: "}, []string{"--repeat", ""}},
		{[]string{"--max-cost"}, []string{"--max-cost", ""}},
		{[]string{"--prices: ", "--max-cost"}, []string{"--prices", "nosuch.csv"}},
	} {
		args := slices.Concat([]string{"campaign", "create", "--topic", "alerts", "--text", "Hi.", "--yes"}, tc.args)
		_, says := execute(t, exitUsage, args...)
		for _, want := range tc.says {
			if !strings.Contains(says, want) {
				t.Errorf("%q: %q, want %q", tc.args, says, want)
			}
		}
	}
	if out, _ := execute(t, 0, "campaign", "list", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("there is %s", out)
	}
}

// What the page refuses is what the command does: runs are those of something repeated.
func TestThePageRefusesRunsOfWhatIsNotRepeated(t *testing.T) {
	w := newWorld(t)
	p := newPage(t, w, careful(t))
	for field, change := range map[string]func(*console.Draft){
		"times": func(d *console.Draft) { d.Times = "3" },
		"for":   func(d *console.Draft) { d.For = "48h" },
		"until": func(d *console.Draft) { d.Until = "2027-02-01T10:00:00Z" },
	} {
		if _, err := p.Plan(t.Context(), pumpkins(change)); wrong(t, err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// quiet is a terminal at which nobody types anything. Whoever asks there is interrupted.
type quiet struct {
	io.Reader
	interrupt func()
}

func (quiet) IsTerminal() bool { return true }

func (q quiet) Read(p []byte) (int, error) {
	q.interrupt()
	return q.Reader.Read(p)
}

// Who is interrupted at the question waits for no answer, and nothing is made.
func TestInterruptedAtTheQuestion(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	id := create(t, "Example Corp.: tomorrow.", "--at", tuesday.Add(24*time.Hour).Format(time.RFC3339))
	for want, args := range map[string][]string{
		"interrupted: nothing was made":    {"create", "--topic", "alerts", "--text", "Example Corp.: open today."},
		"interrupted: nothing was changed": {"edit", id, "--text", "Example Corp.: open tomorrow."},
	} {
		ctx, interrupt := context.WithCancel(t.Context())
		silence, end := io.Pipe()
		t.Cleanup(func() { _ = end.Close() })
		var screen seat
		root := rootCommand()
		root.SetArgs(append([]string{"campaign"}, args...))
		root.SetIn(quiet{silence, interrupt})
		root.SetOut(io.Discard)
		root.SetErr(&screen)
		err := root.ExecuteContext(ctx)
		if err == nil || err.Error() != want || !strings.Contains(screen.String(), "Really text 1 people?") {
			t.Errorf("%q: %v\n%s", args, err, screen.String())
		}
	}
	if c := campaignStored(t, id); c.Text != "Example Corp.: tomorrow." {
		t.Errorf("it says %q", c.Text)
	}
	if out, _ := execute(t, 0, "campaign", "list", "--json"); len(strictly[[]campaignRow](t, out)) != 1 {
		t.Errorf("there is %s", out)
	}
}

// A series that is done, with all its runs, stays what it is.
func TestASeriesThatIsDone(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.goTo(tuesday.Add(time.Hour))
	out, _ := execute(t, 0, slices.Concat(weekly, []string{"--times", "1"})...)
	made := strictly[madeSeries](t, out)
	w.goTo(tuesday.Add(20 * 24 * time.Hour))
	for _, move := range []string{"cancel", "pause"} {
		if _, says := execute(t, 1, "campaign", move, made.ID, "--why", "over"); !strings.Contains(says, "is done") {
			t.Errorf("%s: %q", move, says)
		}
	}
	s := serve(t)
	if _, says := s.refused(http.MethodPost, "/console/campaigns/"+made.ID+"/cancel", map[string]string{"why": "over"}, http.StatusConflict); !strings.Contains(says, "is done") {
		t.Errorf("on the page: %q", says)
	}
	if s := seriesOf(t, made.ID); s.State != campaign.Done {
		t.Errorf("it is %s", s.State)
	}
}
