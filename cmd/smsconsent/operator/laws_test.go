package operator

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/jurisdiction"
)

type law struct {
	Place    string `json:"place"`
	Rule     string `json:"rule"`
	From     string `json:"from"`
	Until    string `json:"until"`
	AsOf     string `json:"as_of"`
	Pending  string `json:"pending"`
	Citation string `json:"citation"`

	Campaigns []string `json:"campaigns"`
}

func lawsOf(t *testing.T, args ...string) []law {
	t.Helper()
	out, _ := execute(t, 0, append([]string{"laws", "--json"}, args...)...)
	return strictly[[]law](t, out)
}

// Pennsylvania's bill has no day, so it may change the hours at any time; the federal day of one STOP for everything is
// 31 January 2027.
func TestLaws(t *testing.T) {
	pending := lawsOf(t, "--place", "us-pa", "--changes", "90d")
	if len(pending) != 1 || pending[0].Place != "US-PA" || pending[0].Rule != "hours" || !strings.Contains(pending[0].Pending, "SB 992") {
		t.Errorf("%+v", pending)
	}
	federal := lawsOf(t, "--place", "US")
	if !slices.ContainsFunc(federal, func(l law) bool { return l.Place == "US" && l.Rule == "revoke-all" && l.From == "2027-01-31" }) {
		t.Errorf("%+v", federal)
	}
	if !slices.ContainsFunc(federal, func(l law) bool { return l.Place == "US-OR" }) {
		t.Error("the states of the country are missing")
	}
	if every := lawsOf(t); len(every) <= len(federal) {
		t.Errorf("%d rules of every place, %d of the United States", len(every), len(federal))
	}
}

func TestLawsReview(t *testing.T) {
	f := lawsFlags{place: "us", changes: "90d", stale: "180d"}
	r, err := f.review(time.Date(2026, 11, 29, 23, 30, 0, 0, time.FixedZone("", -3600)))
	want := jurisdiction.Review{Place: "US", On: jurisdiction.Date{Year: 2026, Month: 11, Day: 30}, Changes: 90, Unread: 180}
	if err != nil || r != want {
		t.Errorf("%+v, %v; want %+v", r, err, want)
	}
}

func TestLawsPrints(t *testing.T) {
	out, _ := execute(t, 0, "laws", "--place", "US-PA", "--changes", "90d")
	for _, want := range []string{"PLACE", "US-PA", "SB 992", "may come on any"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is not in\n%s", want, out)
		}
	}
	if strings.Contains(out, "0000") {
		t.Errorf("a day that is none is printed\n%s", out)
	}
	if out, _ = execute(t, 0, "laws", "--place", "US-OR", "--stale", "36500d"); !strings.HasPrefix(out, "No rule") {
		t.Errorf("says %q", out)
	}
	if out, _ = execute(t, 0, "laws", "--place", "US-OR", "--stale", "36500d", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("says %q, want []", out)
	}
}

func TestLawsMistakes(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--place", "Atlantis"}, "--place"},
		{[]string{"--changes", "90"}, "--changes"},
		{[]string{"--changes", "-1d"}, "--changes"},
		{[]string{"--stale", "half a year"}, "--stale"},
		{[]string{"--stale", "99999999d"}, "--stale"},
		{[]string{"US-PA"}, "unknown command"},
	} {
		if out, says := execute(t, exitUsage, append([]string{"laws"}, c.args...)...); !strings.Contains(says, c.says) || out != "" {
			t.Errorf("%q prints %q and says %q, want %s named", c.args, out, says, c.says)
		}
	}
}

// From 31 January 2027 one STOP ends every kind of text in the United States (DA 26-12). Who planned a campaign over
// that day hears of it, and of none that ends before, or that has ended.
func TestLawsNameTheCampaignsTheyChangeUnder(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	later := []string{"--at", "2027-01-20T18:00:00Z", "--expires"}
	over := create(t, "Example Corp.: open all winter.", append(later, "2027-02-10T18:00:00Z")...)
	create(t, "Example Corp.: open in January.", append(later, "2027-01-29T18:00:00Z")...)
	paused := create(t, "Example Corp.: shut all winter.", append(later, "2027-02-10T18:00:00Z")...)
	execute(t, 0, "campaign", "pause", paused, "--why", "another season")

	told := func(args ...string) map[string][]string {
		t.Helper()
		named := map[string][]string{}
		for _, l := range lawsOf(t, args...) {
			if len(l.Campaigns) > 0 {
				named[l.Place+" "+l.Rule] = l.Campaigns
			}
		}
		return named
	}
	if got, want := told(), map[string][]string{"US revoke-all": {over}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := told("--place", "FR"); len(got) > 0 {
		t.Errorf("%v: nobody is in France", got)
	}
	out, says := execute(t, 0, "laws", "--changes", "30d")
	sentence := "Campaign " + over + " ends 2027-02-10 and reaches people in US: rule revoke-all changes on 2027-01-31.\n"
	if !strings.HasSuffix(out, sentence) || strings.Count(out, "Campaign ") != 1 || says != "" {
		t.Errorf("prints %s, and says %q", out, says)
	}
	w.goTo(time.Date(2027, 2, 1, 18, 0, 0, 0, time.UTC))
	if got := told(); len(got) > 0 {
		t.Errorf("%v: the day has passed", got)
	}
}

func TestLawsWithoutAStack(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	out, says := execute(t, 0, "laws", "--place", "US-PA")
	if !strings.Contains(out, "SB 992") || !strings.Contains(says, "No campaign was looked at: no local stack answers") {
		t.Errorf("prints %s, and says %q", out, says)
	}
}
