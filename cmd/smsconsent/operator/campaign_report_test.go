package operator

import (
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/plan"
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
	} else if out, _ := execute(t, 0, "campaign", "report", id, "--html", "-"); out != string(html) {
		t.Error("standard output has not the page alone")
	}
}

// Plan, report and the report's list judge by one rule who did not get a campaign, also where it was looked at late.
func TestPlanReportAndListAgree(t *testing.T) {
	w := newWorld(t)
	for _, phone := range []string{her, "+12125550142", "+18085550142", "+18505550142"} { // the last is in one of two zones
		w.subscribes(phone)
	}
	create(t, "Example Corp.: first.", "--expires", tuesday.Add(20*time.Minute).Format(time.RFC3339))
	w.goTo(tuesday.Add(20 * time.Minute))
	for _, c := range []struct {
		from, until string
		local       bool
		looks       []time.Duration
	}{
		{"2027-01-05T18:30:00Z", "2027-01-05T22:00:30Z", false, []time.Duration{31 * time.Minute, 14 * time.Hour}},
		{"2027-01-06 10:00", "2027-01-06 10:45", true, []time.Duration{32 * time.Hour}},
	} {
		said := "Example Corp.: of " + c.from + "."
		flags := []string{"--at", c.from, "--expires", c.until, fmt.Sprintf("--local-time=%t", c.local)}
		out, _ := execute(t, 0, append([]string{"campaign", "plan", "--topic", "alerts", "--text", said, "--json"}, flags...)...)
		planned := strictly[plan.Plan](t, out)
		id := create(t, said, flags...)
		if _, words := whyOf(t, "+18505550142", id); c.local &&
			(!strings.Contains(words, "never this campaign's time") || strings.Contains(words, "next on")) {
			t.Errorf("of clocks too far apart: %s", words)
		}
		for _, after := range c.looks {
			w.goTo(tuesday.Add(after))
		}
		r := reportOf(t, id, "--people")
		listed, counted := map[string]int{}, map[string]int{}
		for _, p := range r.People {
			if p.Outcome != plan.Sent {
				listed[p.Rule]++
			}
		}
		maps.Copy(counted, r.Refused)
		for rule, n := range r.Expired {
			counted[rule] += n
		}
		if !maps.Equal(listed, counted) || !maps.Equal(counted, planned.Not) {
			t.Errorf("%v: counted %v, listed %v, planned %v", flags, counted, listed, planned.Not)
		}
	}
}

// Who was still in line when the campaign ended is told the same by the counts, the list and explain.
func TestWhoWasInLineAtTheEnd(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	id := create(t, "Example Corp.: open today.", "--at", tuesday.Add(10*time.Minute).Format(time.RFC3339), "--expires", tuesday.Add(time.Hour).Format(time.RFC3339))
	execute(t, 0, "campaign", "pause", id, "--why", "the price is wrong")
	w.goTo(tuesday.Add(2 * time.Hour))
	r := reportOf(t, id, "--people")
	if len(r.People) != 1 || r.People[0].Outcome != plan.Expired || r.Expired[r.People[0].Rule] != 1 {
		t.Errorf("counted %v, listed %+v", r.Expired, r.People)
	}
	if why, words := whyOf(t, her, id); why.Rule != "campaign-window" || !strings.Contains(words, "ended before their turn") {
		t.Errorf("explained: %+v\n%s", why, words)
	}
}

// Whatever a campaign has come to, also where it has not looked at everybody, the figures of its report are those of
// the people it lists.
func TestAReportAddsUpToItsList(t *testing.T) {
	w := newWorld(t)
	for _, phone := range []string{her, "+12125550142", "+18085550142", "+18085550143"} { // in Hawaii it is eight
		w.subscribes(phone)
	}
	now := create(t, "Example Corp.: pumpkins are in.")
	later := create(t, "Example Corp.: pumpkins are out.", "--at", tuesday.Add(5*time.Hour).Format(time.RFC3339))
	w.goTo(tuesday.Add(10 * time.Minute))
	check := func(id string, want map[plan.Outcome]int) {
		t.Helper()
		r := reportOf(t, id)
		got := map[plan.Outcome]int{
			plan.Sent: r.Sent, plan.Waiting: r.Deferred, plan.Refused: sumOf(r.Refused), plan.Expired: sumOf(r.Expired),
			plan.Canceled: sumOf(r.Canceled),
		}
		maps.DeleteFunc(got, func(_ plan.Outcome, n int) bool { return n == 0 })
		listed, canceled := map[plan.Outcome]int{}, map[string]int{}
		for _, p := range reportOf(t, id, "--people").People {
			listed[p.Outcome]++
			if p.Outcome == plan.Canceled {
				canceled[p.Rule]++
			}
		}
		if !maps.Equal(got, want) || !maps.Equal(listed, want) || !maps.Equal(r.Canceled, canceled) || r.Audience != 4 {
			t.Errorf("of %s: counted %v, listed %v, want %v; by rule %v, listed %v; of %d", r.State, got, listed, want,
				r.Canceled, canceled, r.Audience)
		}
	}
	check(now, map[plan.Outcome]int{plan.Sent: 2, plan.Waiting: 2})
	check(later, map[plan.Outcome]int{plan.Waiting: 4})
	execute(t, 0, "campaign", "pause", now, "--why", "the price is wrong")
	check(now, map[plan.Outcome]int{plan.Sent: 2, plan.Waiting: 2})
	for _, id := range []string{now, later} {
		execute(t, 0, "campaign", "cancel", id, "--why", "the sale is off")
	}
	check(now, map[plan.Outcome]int{plan.Sent: 2, plan.Canceled: 2})
	check(later, map[plan.Outcome]int{plan.Canceled: 4})
	words, _ := execute(t, 0, "campaign", "report", later)
	for _, part := range []string{"Canceled before they had it, by campaign-canceled: ", "Together 4 people"} {
		if !strings.Contains(words, part) {
			t.Errorf("in words it lacks %q:\n%s", part, words)
		}
	}
}

// Who was texted while the report was made counts with their text, or as far as it is not on record yet, with what is
// known of it.
func TestWhoIsTextedMeanwhile(t *testing.T) {
	c := campaign.Campaign{ID: "new", Text: "Example Corp.: hi."}
	r := consent.Record{Messages: []consent.Message{{Campaign: "old"}, {Campaign: "new", Status: consent.Sent, At: tuesday}}}
	if m := textOf(&r, &c, tuesday); m.Campaign != "new" || m.Status != consent.Sent {
		t.Errorf("on record: %+v", m)
	}
	r.Messages = r.Messages[:1]
	if m := textOf(&r, &c, tuesday); m.Campaign != "new" || m.Status != consent.Unconfirmed || !m.At.Equal(tuesday) || m.Body == "" {
		t.Errorf("claimed: %+v", m)
	}
}

func sumOf(by map[string]int) (n int) {
	for _, of := range by {
		n += of
	}
	return n
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
	if html, _ := execute(t, 0, "campaign", "report", id, "--people", "--html", "-"); strings.Count(html, "1••••••0142") != 2 || !strings.Contains(html, "expired: permitted-hours") {
		t.Errorf("the page does not list them:\n%s", html)
	}
	s, err := remote(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if asked, err := consentTable(s).NumbersRequests(t.Context(), id); err != nil || len(asked) != 0 {
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
	if asked, err := consentTable(s).NumbersRequests(t.Context(), id); err != nil || len(asked) != 1 || asked[0].By != "arn:aws:iam::000000000000:user/ana" {
		t.Errorf("on record is %v (%v), want Ana", asked, err)
	}
}

// calls counts what the stack is asked of its table.
func (w *world) calls() func() map[string]int {
	w.t.Helper()
	target, err := url.Parse(w.url)
	if err != nil {
		w.t.Fatal(err)
	}
	var mu sync.Mutex
	counts := map[string]int{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, action, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "DynamoDB_20120810."); ok {
			mu.Lock()
			counts[action]++
			mu.Unlock()
		}
		proxy.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(server.Close)
	w.t.Setenv("AWS_ENDPOINT_URL", server.URL)
	return func() map[string]int {
		mu.Lock()
		defer mu.Unlock()
		return maps.Clone(counts)
	}
}

// The report has every text, also of who left since, and what people answered within three days; it reads the records
// of those who were to be texted, and nobody else's.
func TestAReportReadsItsOwnPeople(t *testing.T) {
	w := newWorld(t)
	readers := []string{her, "+12065550143", "+12065550144"}
	for _, phone := range readers {
		w.subscribes(phone)
	}
	w.goTo(tuesday.Add(time.Hour))
	id := create(t, "Example Corp.: pumpkins are in.", "--in", "US-WA")
	w.goTo(tuesday.Add(2 * time.Hour))
	w.says(her, "STOP")
	w.says(readers[1], "HELP")
	w.says(readers[1], "what colour are they")
	w.goTo(tuesday.Add(5 * 24 * time.Hour))
	w.says(readers[2], "HELP") // too late to be an answer
	// People the campaign has nothing to do with.
	for i := range 5 {
		w.subscribes(fmt.Sprintf("+1808555010%d", i))
	}
	counted := w.calls()
	r := reportOf(t, id)
	if r.Sent != 3 || r.Delivered != 3 || r.OptOuts != 1 {
		t.Errorf("%+v", r)
	}
	if r.Replies["opt-out"]+r.Replies["stop"] != 1 || r.Replies["help"] != 1 || len(r.Replies) != 3 {
		t.Errorf("answers: %v", r.Replies)
	}
	// The series that it is not; the campaign, its progress, fates and clicks; whom it met, of eight shards; three
	// records.
	calls := counted()
	if calls["Scan"] != 0 || calls["Query"] > 1+8+8+3 || calls["GetItem"] > 4 || calls["BatchGetItem"] != 0 {
		t.Errorf("it took %v", calls)
	}
	words, _ := execute(t, 0, "campaign", "report", id)
	if !strings.Contains(words, "Answered within three days: help: 1") {
		t.Errorf("in words:\n%s", words)
	}
}

// Who leaves before their turn is counted as having left, so that the counts add up to whom was planned for.
func TestWhoLeftAddsUp(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.subscribes("+12065550143")
	w.goTo(tuesday.Add(time.Hour))
	execute(t, 0, "campaign", "create", "--topic", "alerts", "--text", "Example Corp.: pumpkins are in.",
		"--at", tuesday.Add(3*time.Hour).Format(time.RFC3339))
	id := campaignSaying(t, "pumpkins")
	w.says(her, "STOP")
	w.goTo(tuesday.Add(4 * time.Hour))
	if r := reportOf(t, id); r.Left != 1 || r.Joined != 0 || r.Sent+r.Left != r.Plan.People {
		t.Errorf("%+v", r)
	}
	for _, command := range []string{"report", "status"} {
		if out, _ := execute(t, 0, "campaign", command, id); !strings.Contains(out, "Left the list since the plan: 1.") {
			t.Errorf("%s does not say who left:\n%s", command, out)
		}
	}
	if out, _ := execute(t, 0, "campaign", "status", id, "--json"); !strings.Contains(out, `"left": 1`) {
		t.Errorf("status as JSON: %s", out)
	}
}

// The people come by pages, each of them on one.
func TestPagesOfPeople(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.subscribes(fmt.Sprintf("+1206555010%d", i))
	}
	w.goTo(tuesday.Add(time.Hour))
	id := create(t, "Example Corp.: pumpkins are in.")
	w.goTo(tuesday.Add(2 * time.Hour))
	seen := map[string]int{}
	for page, want := range map[string]int{"1": 2, "2": 2, "3": 1} {
		r := reportOf(t, id, "--people", "--per-page", "2", "--page", page, "--clear")
		if len(r.People) != want || r.Pages != 3 || strconv.Itoa(r.Page) != page {
			t.Errorf("page %s is page %d of %d and has %d people", page, r.Page, r.Pages, len(r.People))
		}
		for _, p := range r.People {
			seen[p.Phone]++
		}
	}
	if len(seen) != 5 {
		t.Errorf("all pages have %v", seen)
	}
	if _, says := execute(t, exitUsage, "campaign", "report", id, "--people", "--per-page", "2", "--page", "4"); !strings.Contains(says, "--page: there are 3 pages") {
		t.Errorf("of a page there is not: %q", says)
	}
	if out, _ := execute(t, 0, "campaign", "report", id, "--people", "--page", "1"); !strings.Contains(out, "Page 1 of 1.") {
		t.Errorf("of one page:\n%s", out)
	}
	for _, bad := range [][]string{
		{"--page", "2"}, {"--people", "--page", "-1"}, {"--people", "--page", "0"}, {"--page", "0"}, {"--people", "--page", "1", "--per-page", "0"},
	} {
		if _, says := execute(t, exitUsage, append([]string{"campaign", "report", id}, bad...)...); !strings.Contains(says, "--page: ") {
			t.Errorf("%v: %q", bad, says)
		}
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
		{exitUsage, []string{unknownCampaign, "--html", ""}, "--html: it is empty"},
		{exitUsage, []string{unknownCampaign, "--csv", " "}, "--csv: it is empty"},
		{exitUsage, []string{unknownCampaign, "--csv", "-"}, "--csv: name a file"},
		{exitUsage, []string{unknownCampaign, "--people", "--per-page", "5"}, "--per-page: goes with --page"},
		{exitFailed, []string{unknownCampaign}, unknownCampaign},
	} {
		if _, says := execute(t, c.code, append([]string{"campaign", "report"}, c.args...)...); !strings.Contains(says, c.says) {
			t.Errorf("%v: %q, want %s named", c.args, says, c.says)
		}
	}
}
