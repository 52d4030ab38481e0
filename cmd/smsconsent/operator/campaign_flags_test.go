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
		{[]string{"--zone: ", "RFC 3339"}, []string{"--zone", "America/New_York", "--at", "2027-02-01T10:00:00Z", "--expires", "2027-02-02T10:00:00-05:00"}},
		{[]string{"--far: ", "--at"}, []string{"--far"}},
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
		if err == nil || err.Error() != want || !strings.Contains(screen.String(), "Really text 1 person?") {
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

// The same again is refused before anybody is asked about, or asked anything; double spaces make no other text.
func TestATwinIsRefusedBeforeThePlan(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	id := create(t, "Example Corp.: open today.")
	sees, _, err := typing(t, "y\n", "campaign", "create", "--topic", "alerts", "--text", "Example Corp.:  open   today.")
	if err == nil || !strings.Contains(err.Error(), id) || strings.Contains(sees, "Asking") || strings.Contains(sees, "Really") {
		t.Errorf("%v\n%s", err, sees)
	}
	out, _ := execute(t, 0, slices.Concat(weekly, []string{"--id", "offers"})...)
	run := campaignStored(t, strictly[madeSeries](t, out).Run)
	at := run.At.Format(time.RFC3339)
	sees, _, err = typing(t, "y\n", "campaign", "create", "--topic", "alerts", "--text", run.Text, "--at", at)
	if err == nil || !strings.Contains(err.Error(), run.ID) || strings.Contains(sees, "Really") {
		t.Errorf("beside a run: %v\n%s", err, sees)
	}
}

// Who would text nobody is told so before the question, at the terminal and on the page.
func TestAPlanThatReachesNobody(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	const want = "it reaches nobody"
	sees, _, err := typing(t, "n\n", "campaign", "create", "--topic", "alerts", "--text", "Hi.", "--attribute", "nosuch=1")
	warned, asked := strings.Index(sees, want), strings.Index(sees, "Really text 0 people?")
	if err == nil || warned < 0 || asked < warned {
		t.Errorf("%v\n%s", err, sees)
	}
	p := newPage(t, w, careful(t))
	for _, in := range []string{"FR", "US-WA"} {
		planned, err := p.Plan(t.Context(), pumpkins(func(d *console.Draft) { d.In = []string{in} }))
		if told := strings.Contains(strings.Join(planned.Problems, ""), want); err != nil || told != (in == "FR") {
			t.Errorf("in %s: %v %q", in, err, planned.Problems)
		}
	}
}

// What a command needs and did not get has a name.
func TestMissingArgumentsAreNamed(t *testing.T) {
	for _, tc := range []struct {
		says string
		args []string
	}{
		{"ID is required", []string{"campaign", "cancel"}},
		{"ID is required", []string{"campaign", "status"}},
		{"PHONE is required", []string{"explain"}},
		{"PHONE is required", []string{"hours"}},
		{"PHONE is required", []string{"text"}},
		{"FILE is required", []string{"import"}},
		{"PHONE: ", []string{"explain", her, "extra"}},
	} {
		if _, says := execute(t, exitUsage, tc.args...); !strings.Contains(says, tc.says) {
			t.Errorf("%q: %q", tc.args, says)
		}
	}
}

// A terminal is told of progress once a percent, and in the end of everybody.
func TestProgressIsToldEveryPercent(t *testing.T) {
	for _, total := range []int{0, 1, 7, 100, 20_001} {
		told, sum := 0, 0
		tell := everyPercent(total, func(n int) { told, sum = told+1, sum+n })
		for range total {
			tell(1)
		}
		if told > 101 || sum != total || total > 0 && told == 0 {
			t.Errorf("of %d people it tells %d times, of %d", total, told, sum)
		}
	}
}

// The list fits a terminal, and shows what campaigns say that begin alike; as JSON it tells whom each is for.
func TestTheListShowsWhatCampaignsSay(t *testing.T) {
	newWorld(t)
	create(t, "Example Corp.: half price on everything in the shop, all of this week and the next one too.",
		"--at", "2027-01-06 10:00", "--local-time", "--in", "US-WA,US-OR", "--attribute", "city=Dallas")
	out, _ := execute(t, 0, "campaign", "list")
	if !strings.Contains(out, "example/alerts: half price on everything in the shop, all") {
		t.Errorf("it does not tell what it says:\n%s", out)
	}
	for line := range strings.Lines(out) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > width {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	rows, _ := execute(t, 0, "campaign", "list", "--json")
	r := strictly[[]campaignRow](t, rows)[0]
	if !slices.Equal(r.In, []string{"US-OR", "US-WA"}) && !slices.Equal(r.In, []string{"US-WA", "US-OR"}) || !slices.Equal(r.Attributes, []string{"city=Dallas"}) ||
		r.Local == nil || *r.Local != (localTime{"2027-01-06 10:00", "2027-01-09 10:00"}) {
		t.Errorf("%+v of %s", r, rows)
	}
}

// Who changes a campaign is told that nothing was changed, not that nothing was made.
func TestTooDearAChange(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	id := create(t, "Example Corp.: tomorrow.", "--at", tuesday.Add(24*time.Hour).Format(time.RFC3339))
	_, says := execute(t, exitUsage, "campaign", "edit", id, "--text", "Example Corp.: today.", "--max-cost", "0")
	if !strings.Contains(says, "--max-cost: ") || !strings.Contains(says, "nothing was changed") {
		t.Errorf("it says %q", says)
	}
}
