package operator

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/program"
)

type statusAnswer struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	State string   `json:"state"`
	Why   string   `json:"why"`
	In    []string `json:"in"`

	At      time.Time `json:"at"`
	Expires time.Time `json:"expires"`
	Digest  bool      `json:"digest"`
	Content string    `json:"content"`

	Texts map[string]string `json:"texts"`

	Attributes []string `json:"attributes"`
	Series     string   `json:"series"`

	Counts struct {
		Sent     int `json:"sent"`
		Deferred int `json:"deferred"`
		Refused  int `json:"refused"`
		Expired  int `json:"expired"`
		Clicks   int `json:"clicks"`
	} `json:"counts"`
	Fates struct {
		Delivered   int `json:"delivered"`
		Undelivered int `json:"undelivered"`
		Complaints  int `json:"complaints"`
		OptOuts     int `json:"optouts"`
	} `json:"fates"`
}

type created struct {
	ID string `json:"id"`
}

type moved struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

const unknownCampaign = "01KB3M8Y5T0QF2Z9W6R7C4X1VN"

func create(t *testing.T, text string, more ...string) string {
	t.Helper()
	out, _ := execute(t, 0, append([]string{"campaign", "create", "--topic", "alerts", "--text", text, "--json"}, more...)...)
	return strictly[created](t, out).ID
}

func status(t *testing.T, id string) statusAnswer {
	t.Helper()
	out, _ := execute(t, 0, "campaign", "status", id, "--json")
	return strictly[statusAnswer](t, out)
}

// fields are the names of a JSON object's fields.
func fields(t *testing.T, text string) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(strictly[map[string]json.RawMessage](t, text)))
}

// Practice: identify yourself. The brand is put before a text that lacks it, the operator is told, and a script sees
// only JSON.
func TestCreateTellsOnStderrThatItAddsTheBrand(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	out, says := execute(t, 0, "campaign", "create", "--topic", "alerts", "--text", "pumpkins are in.", "--json")
	if got := fields(t, out); !slices.Equal(got, []string{"id"}) {
		t.Errorf("create prints %v, want only id", got)
	}
	if !strings.Contains(says, "Example Corp.") {
		t.Errorf("stderr says %q, want the notice on the brand's name", says)
	}
	w.goTo(tuesday.Add(2 * time.Minute))
	if n := w.got(her, "Example Corp.: pumpkins are in."); n != 1 {
		t.Errorf("she got the text with the brand's name %d times, want once", n)
	}

	id := strictly[created](t, out).ID
	out, _ = execute(t, 0, "campaign", "status", id, "--json")
	if got := fields(t, out); !slices.Equal(got, []string{"at", "counts", "expires", "fates", "id", "state"}) {
		t.Errorf("status prints %v", got)
	}
	counts := strictly[map[string]json.RawMessage](t, out)["counts"]
	if got := fields(t, string(counts)); !slices.Equal(got, []string{"clicks", "deferred", "expired", "refused", "sent"}) {
		t.Errorf("counts are %v", got)
	}
	if s := status(t, id); s.ID != id || s.State != "done" || s.Counts.Sent != 1 || s.Fates.Delivered != 1 {
		t.Errorf("status is %+v, want done with one sent and delivered", s)
	}
	if out, _ := execute(t, 0, "campaign", "status", id); !strings.Contains(out, id) || !strings.Contains(out, "done") {
		t.Errorf("as a table it says\n%s", out)
	}
}

func TestListIsNewestFirst(t *testing.T) {
	newWorld(t)
	if out, _ := execute(t, 0, "campaign", "list", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("without campaigns the list is %s, want []", out)
	}
	first := create(t, "Example Corp.: first.", "--at", "2027-01-06T18:00:00Z")
	second := create(t, "Example Corp.: second.", "--at", "2027-01-06T18:00:00Z")
	out, _ := execute(t, 0, "campaign", "list", "--json")
	rows := strictly[[]campaignRow](t, out)
	if len(rows) != 2 || !slices.Contains([]string{rows[0].ID, rows[1].ID}, second) || rows[0].ID < rows[1].ID {
		t.Fatalf("list is %+v, want %s and %s by ID downwards", rows, second, first)
	}
	if r := rows[0]; r.State != "scheduled" || r.Brand != "example" || r.Topic != "alerts" || !r.Expires.Equal(r.At.Add(defaultDuration)) ||
		r.Next == nil || !r.Next.Equal(r.At) {
		t.Errorf("listed as %+v", r)
	}
	if out, _ := execute(t, 0, "campaign", "list"); !strings.Contains(out, first) || !strings.Contains(out, "example/alerts") || !strings.Contains(out, "example/alerts: first.") {
		t.Errorf("as a table it says\n%s", out)
	}
}

// A mistake changes nothing, exits with 2 and names the argument; trouble elsewhere exits with 1.
func TestCampaignMistakes(t *testing.T) {
	newWorld(t)
	text := []string{"campaign", "create", "--text", "Example Corp.: open today."}
	with := func(more ...string) []string { return append(slices.Clone(text), more...) }
	for _, c := range []struct {
		code int
		args []string
		says string
	}{
		{exitUsage, with(), "--topic"},
		{exitUsage, with("--topic", "nosuch"), "--topic"},
		{exitUsage, with("--topic", "alerts", "--brand", "nosuch"), "--brand"},
		{exitUsage, with("--topic", "alerts", "--at", "tomorrow"), "--at"},
		{exitUsage, with("--topic", "alerts", "--at", "2027-01-04T18:00:00Z"), "--at"},
		{exitUsage, with("--topic", "alerts", "--expires", "soon"), "--expires"},
		{exitUsage, with("--topic", "alerts", "--at", "2027-01-06T18:00:00Z", "--expires", "2027-01-06T17:00:00Z"), "--expires"},
		{exitUsage, []string{"campaign", "create", "--topic", "alerts"}, "--text"},
		{exitUsage, []string{"campaign", "status"}, "ID is required"},
		{exitUsage, []string{"campaign", "status", "nosuch"}, "ID"},
		{exitUsage, []string{"campaign", "pause", "nosuch", "--why", "x"}, "ID"},
		{exitUsage, []string{"campaign", "pause", unknownCampaign}, "--why"},
		{exitUsage, []string{"campaign", "pause", unknownCampaign, "--why", " "}, "--why"},
		{exitUsage, []string{"campaign", "resume", "nosuch"}, "ID"},
		{exitUsage, []string{"campaign", "cancel", "nosuch"}, "ID"},
		{exitFailed, []string{"campaign", "status", unknownCampaign}, unknownCampaign},
		{exitFailed, []string{"campaign", "pause", unknownCampaign, "--why", "x"}, unknownCampaign},
		{exitFailed, []string{"campaign", "resume", unknownCampaign}, unknownCampaign},
		{exitFailed, []string{"campaign", "cancel", unknownCampaign}, unknownCampaign},
	} {
		out, says := execute(t, c.code, c.args...)
		if !strings.Contains(says, c.says) || out != "" {
			t.Errorf("%q prints %q and says %q, want only %s named", c.args, out, says, c.says)
		}
	}
	if out, _ := execute(t, 0, "campaign", "list", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("after mistakes only, the list is %s", out)
	}
}

func TestNoStackIsAFailureThatTellsHowToStartOne(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	if _, says := execute(t, exitFailed, "campaign", "list"); !strings.Contains(says, "no local stack answers at "+server.URL) || !strings.Contains(says, "make run") {
		t.Errorf("says %q", says)
	}
}

func TestMissingNamesOfADeployedStackAreNamed(t *testing.T) {
	for _, endpoint := range []string{"", "https://dynamodb.us-east-1.amazonaws.com"} {
		names := map[string]string{"TABLE_NAME": "t", "SENDCHECK_ARN": "a", "SCHEDULER_ROLE_ARN": "r", "FAILED_EVENTS_ARN": "f"}
		for missing := range names {
			t.Setenv("AWS_ENDPOINT_URL", endpoint)
			t.Setenv("AWS_REGION", "us-east-1")
			for name, value := range names {
				t.Setenv(name, value)
			}
			t.Setenv(missing, "")
			if _, says := execute(t, exitUsage, "campaign", "list"); !strings.Contains(says, missing) {
				t.Errorf("without %s it says %q", missing, says)
			}
		}
	}
}

// What is paused reaches nobody, whoever's time comes; what is resumed reaches those it has not reached, once (I2).
func TestPausedReachesNobodyUntilResumed(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	due := tuesday.Add(time.Hour)
	id := create(t, "Example Corp.: pumpkins are in.", "--at", due.Format(time.RFC3339))
	out, _ := execute(t, 0, "campaign", "pause", id, "--why", "wrong price", "--json")
	if m := strictly[moved](t, out); m != (moved{id, "paused"}) {
		t.Errorf("pause prints %+v", m)
	}
	if s := status(t, id); s.State != "paused" || s.Why != "wrong price" {
		t.Errorf("status is %+v", s)
	}
	if _, says := execute(t, exitFailed, "campaign", "pause", id, "--why", "again"); !strings.Contains(says, "is paused") {
		t.Errorf("a second pause says %q, want the present state", says)
	}
	w.goTo(due.Add(10 * time.Minute))
	if n := w.got(her, "pumpkins"); n != 0 {
		t.Fatalf("paused, it reached her %d times", n)
	}
	out, _ = execute(t, 0, "campaign", "resume", id, "--json")
	if m := strictly[moved](t, out); m != (moved{id, "running"}) {
		t.Errorf("resume prints %+v", m)
	}
	w.goTo(due.Add(20 * time.Minute))
	w.goTo(due.Add(5 * time.Hour))
	if n := w.got(her, "pumpkins"); n != 1 {
		t.Errorf("resumed, it reached her %d times, want once", n)
	}
	if s := status(t, id); s.State != "done" || s.Why != "" || s.Counts.Sent != 1 {
		t.Errorf("status is %+v, want done with one sent", s)
	}
	for _, args := range [][]string{{"campaign", "resume", id}, {"campaign", "pause", id, "--why", "late"}} {
		if _, says := execute(t, exitFailed, args...); !strings.Contains(says, "is done") {
			t.Errorf("%q of what is done says %q, want the present state", args, says)
		}
	}
}

// What was canceled reaches nobody more, whatever schedules it left, and does not keep the same from being made anew.
func TestCanceledReachesNobodyMore(t *testing.T) {
	w := newWorld(t)
	w.goTo(tuesday.Add(21 * time.Hour)) // 10:00 in New York, 07:00 in Seattle
	const east = "+12125550142"
	w.subscribes(her)
	w.subscribes(east)
	args := []string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: pumpkins are in.", "--json", "--id", "pumpkins"}
	out, _ := execute(t, 0, args...)
	id := strictly[created](t, out).ID
	w.goTo(tuesday.Add(22 * time.Hour))
	if out, _ := execute(t, 0, "campaign", "list"); !strings.Contains(out, "6 Jan 17:00") {
		t.Errorf("the list does not tell the next wave:\n%s", out)
	}
	out, _ = execute(t, 0, "campaign", "cancel", id, "--why", "wrong price", "--json")
	if m := strictly[moved](t, out); m != (moved{id, "canceled"}) {
		t.Errorf("cancel prints %+v", m)
	}
	for _, args := range [][]string{{"campaign", "cancel", id}, {"campaign", "resume", id}, {"campaign", "pause", id, "--why", "late"}} {
		if _, says := execute(t, exitFailed, args...); !strings.Contains(says, "is canceled") {
			t.Errorf("%q of what is canceled says %q, want the present state", args, says)
		}
	}
	w.goTo(tuesday.Add(26 * time.Hour))
	if e, h := w.got(east, "pumpkins"), w.got(her, "pumpkins"); e != 1 || h != 0 {
		t.Errorf("in the East it showed up %d times, in the West %d times, want once and never", e, h)
	}
	if s := status(t, id); s.State != "canceled" || s.Why != "wrong price" || s.Counts.Sent != 1 || s.Counts.Deferred != 1 {
		t.Errorf("status is %+v, want canceled with one sent", s)
	}
	if _, says := execute(t, exitUsage, args...); !strings.Contains(says, "was canceled") {
		t.Errorf("made again under its ID it says %q", says)
	}
	if other := create(t, "Example Corp.: pumpkins are in."); other == id {
		t.Error("made anew it is the canceled one")
	}
}

// Resumed before its time, a campaign still waits for it, and is not sent twice by the schedule it had before.
func TestResumedEarlyWaitsForItsTime(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	due := tuesday.Add(time.Hour)
	id := create(t, "Example Corp.: pumpkins are in.", "--at", due.Format(time.RFC3339))
	execute(t, 0, "campaign", "pause", id, "--why", "wait")
	execute(t, 0, "campaign", "resume", id)
	w.goTo(due.Add(-time.Minute))
	if n := w.got(her, "pumpkins"); n != 0 {
		t.Fatalf("before its time it reached her %d times", n)
	}
	w.goTo(due.Add(5 * time.Minute))
	if n := w.got(her, "pumpkins"); n != 1 {
		t.Errorf("at its time it reached her %d times, want once", n)
	}
}

// Who opts out during a pause answers a text from before it. Resumed, the campaign is judged by the texts after.
func TestOptOutsOfAPauseArePartOfIt(t *testing.T) {
	newWorld(t)
	id := create(t, "Example Corp.: pumpkins are in.", "--at", tuesday.Add(time.Hour).Format(time.RFC3339))
	s, err := remote(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	became := func(f campaign.Fates) campaign.Tally {
		tally, err := consentTable(s).CountFates(t.Context(), id, f)
		if err != nil {
			t.Fatal(err)
		}
		return tally
	}
	before := became(campaign.Fates{Delivered: 99}).All
	if err := consentTable(s).AnswerFates(t.Context(), id, before); err != nil { // as where its limits paused it
		t.Fatal(err)
	}
	execute(t, 0, "campaign", "pause", id, "--why", "complaints")
	became(campaign.Fates{OptOuts: 3})
	execute(t, 0, "campaign", "resume", id)
	limits := program.Limits{Least: 50, OptOuts: 300}
	if why, exceeds := became(campaign.Fates{Delivered: 50}).Exceeds(limits); exceeds {
		t.Errorf("resumed, fifty texts that harmed nobody pause it: %s", why)
	}
	if _, exceeds := became(campaign.Fates{OptOuts: 3}).Exceeds(limits); !exceeds {
		t.Error("three opt-outs of fifty texts are within 3%")
	}
}

// Paused half way, it goes on with the rest only: one person was texted in the East, one waits for the morning.
func TestResumedHalfWayGoesOnWithTheRest(t *testing.T) {
	w := newWorld(t)
	w.goTo(tuesday.Add(-3*time.Hour + 24*time.Hour)) // 10:00 in New York, 07:00 in Seattle
	const east = "+12125550142"
	w.subscribes(her)
	w.subscribes(east)
	id := create(t, "Example Corp.: pumpkins are in.")
	w.goTo(tuesday.Add(22 * time.Hour)) // 08:00 in Seattle
	if e, h := w.got(east, "pumpkins"), w.got(her, "pumpkins"); e != 1 || h != 0 {
		t.Fatalf("in the East it showed up %d times, in the West %d times", e, h)
	}
	execute(t, 0, "campaign", "pause", id, "--why", "wrong price")
	w.goTo(tuesday.Add(25 * time.Hour))
	if n := w.got(her, "pumpkins"); n != 0 {
		t.Fatalf("paused, it reached her %d times", n)
	}
	execute(t, 0, "campaign", "resume", id)
	w.goTo(tuesday.Add(26 * time.Hour))
	if e, h := w.got(east, "pumpkins"), w.got(her, "pumpkins"); e != 1 || h != 1 {
		t.Errorf("in the East it showed up %d times, in the West %d times, want once each", e, h)
	}
	if s := status(t, id); s.State != "done" || s.Counts.Sent != 2 {
		t.Errorf("status is %+v, want done with two sent", s)
	}
}

// Late is worse than never (I6): what is resumed past its end, before the hourly look ends it, expires.
func TestResumedPastItsEndExpires(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	id := create(t, "Example Corp.: pumpkins are in.", "--at", "2027-01-05T19:00:00Z", "--expires", "2027-01-05T20:30:00Z")
	execute(t, 0, "campaign", "pause", id, "--why", "wrong price")
	w.goTo(tuesday.Add(2*time.Hour + 32*time.Minute))
	execute(t, 0, "campaign", "resume", id)
	w.goTo(tuesday.Add(2*time.Hour + 38*time.Minute))
	if n := w.got(her, "pumpkins"); n != 0 {
		t.Errorf("past its end it reached her %d times", n)
	}
	if s := status(t, id); s.State != "done" || s.Counts.Expired != 1 {
		t.Errorf("status is %+v, want done with one expired", s)
	}
}

// Paused while its last people were walked, a campaign has nobody left when it is resumed, and ends.
func TestResumedWithNobodyLeftEnds(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	id := create(t, "Example Corp.: pumpkins are in.")
	w.goTo(tuesday.Add(2 * time.Minute))
	s, err := remote(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := consentTable(s).SetCampaignState(t.Context(), id, []campaign.State{campaign.Done}, campaign.Paused, "too late"); err != nil {
		t.Fatal(err)
	}
	execute(t, 0, "campaign", "resume", id)
	w.goTo(tuesday.Add(12 * time.Minute))
	if s := status(t, id); s.State != "done" || s.Counts.Sent != 1 || w.got(her, "pumpkins") != 1 {
		t.Errorf("status is %+v, want done with one sent", s)
	}
}

// What sells is no transactional text, and none goes out with a field that nobody fills in: each error says what to
// write, and nothing is stored.
func TestCampaignTextsThatDoNotGoOut(t *testing.T) {
	newWorld(t)
	for _, c := range []struct {
		topic string
		args  []string
		says  string
	}{
		{"orders", []string{"--text", "FLASH SALE: 50% OFF everything!"}, "--not-marketing --says NAME"},
		{"orders", []string{"--text", "FLASH SALE: 50% OFF everything!", "--not-marketing"}, "--says: write the name"},
		{"orders", []string{"--text", "It is late.", "--says", "Ana Perez"}, "--says: goes with"},
		{"alerts", []string{"--text", "Sale!", "--urgent", "--says", "Ana Perez"}, "--urgent: no promotional text"},
		{"alerts", []string{"--text", "Sale!", "--not-marketing", "--says", "Ana Perez"}, "--not-marketing: the topic is promotional"},
		{"alerts", []string{"--text", "Hi {first_name}"}, "write it as {first_name|there}"},
		{"alerts", []string{"--text", "Hi {{first_name}}"}, "{{first_name}}"},
		{"alerts", []string{"--text", "Hi *|FNAME|*"}, "*|FNAME|*"},
		{"alerts", []string{"--text", "Hi!", "--text-es", "¡Hola, {first_name}!"}, "--text-es: {first_name} needs words"},
		{"alerts", []string{"--text", "Hi!", "--text-es", "{link:https://example.com/es}"}, "--text-es: its {link:…} are not those of --text"},
	} {
		_, says := execute(t, exitUsage, append([]string{"campaign", "create", "--topic", c.topic}, c.args...)...)
		if !strings.Contains(says, c.says) {
			t.Errorf("%v: %q, want %q", c.args, says, c.says)
		}
	}
	if list, _ := execute(t, 0, "campaign", "list", "--json"); strings.TrimSpace(list) != "[]" {
		t.Errorf("stored is %s", list)
	}
}

// Who answers for a campaign stands with it.
func TestCampaignThatSomebodyAnswersFor(t *testing.T) {
	newWorld(t)
	out, warned := execute(t, 0, "campaign", "create", "--topic", "orders", "--text", "Example Corp.: hi {first_name|there}, your free gift is here.",
		"--text-es", "Example Corp.: hola {first_name|amigo}", "--not-marketing", "--urgent", "--says", "Ana Perez", "--json")
	if !strings.Contains(warned, "warning: --text: ") || !strings.Contains(warned, "advertisement") {
		t.Errorf("it warned of %q", warned)
	}
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(out), &made); err != nil {
		t.Fatal(err)
	}
	if status, _ := execute(t, 0, "campaign", "status", made.ID); !strings.Contains(status, "Not marketing, says Ana Perez\nUrgent at any hour, says Ana Perez") {
		t.Errorf("status: %s", status)
	}
	if status, _ := execute(t, 0, "campaign", "status", made.ID, "--json"); !strings.Contains(status, `"urgent": "Ana Perez"`) {
		t.Errorf("status: %s", status)
	}
}
