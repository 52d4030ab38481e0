package operator

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// five people, of whom the last two say nothing of how they asked.
const five = `Phone,State,Date,Time,Source,Disclosure,"Collected by"
(206) 555-0142,WA,2026-12-24,14:30,"paper form, Main St shop",Up to 2 msgs/month. Reply STOP to cancel.,J. Doe
+12065550143,WA,2026-12-24,,till,Up to 2 msgs/month. Reply STOP to cancel.,J. Doe
+12065550144,WA,2026-12-24,,till,Up to 2 msgs/month. Reply STOP to cancel.,J. Doe
+12065550145,,,,,,
+12065550146,,,,,,
`

func fiveAsked() []string {
	return []string{"+12065550142", "+12065550143", "+12065550144", "+12065550145", "+12065550146"}
}

// list writes a list and returns its path.
func list(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// become is what became of each row: "142 asked".
func become(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Open(path + ".results.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, line := range lines[1:] {
		rows = append(rows, line[1][len(line[1])-3:]+" "+line[4])
	}
	return rows
}

// imports runs the command and makes sure that no phone number comes to the screen.
func imports(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	stdout, stderr = execute(t, want, append([]string{"import", "--topic", "alerts", "--retries", "0", "--per-second", "100"}, args...)...)
	if strings.Contains(stdout+stderr, "55501") {
		t.Errorf("a phone number is on the screen:\n%s%s", stdout, stderr)
	}
	return stdout, stderr
}

// between puts something between the command and the stack: it may answer a posted request, the nth, itself.
func (w *world) between(answers func(n int, rw http.ResponseWriter) bool) {
	w.t.Helper()
	to, err := url.Parse(w.url)
	if err != nil {
		w.t.Fatal(err)
	}
	var posted atomic.Int64
	onward := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/requests" && answers(int(posted.Add(1)), rw) {
			return
		}
		onward.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(server.Close)
	w.t.Setenv("AWS_ENDPOINT_URL", server.URL)
}

const question = "YES"

// The whole way: a list, a question on each phone, a YES, and the evidence in the record.
func TestAListIsAskedAndOneSaysYes(t *testing.T) {
	w := newWorld(t)
	stopped := "+12065550146"
	w.subscribes(stopped)
	w.says(stopped, "STOP")
	before := w.got(stopped, "")
	path := list(t, five)

	out, says := imports(t, 0, path, "--zone", "America/Los_Angeles")
	if says != "" || !strings.Contains(out, "Evidence is missing from 2 rows (at: 2, collected_by: 2, disclosure: 2, source: 2)") {
		t.Errorf("it says\n%s%s", out, says)
	}
	if diff := cmp.Diff([]string{"142 asked", "143 asked", "144 asked", "145 asked", "146 stopped"}, become(t, path)); diff != "" {
		t.Error(diff)
	}
	for _, phone := range fiveAsked()[:4] {
		if n := w.got(phone, ""); n != 1 || w.got(phone, "YES") != 1 {
			t.Errorf("…%s got %d texts, want the question", phone[9:], n)
		}
	}
	if n := w.got(stopped, ""); n != before {
		t.Errorf("a person who said STOP got %d texts", n-before)
	}

	id := create(t, "Example Corp.: nobody has said YES yet. Reply STOP to cancel.")
	w.goTo(tuesday.Add(2 * time.Minute))
	if s := status(t, id); s.Counts.Sent != 0 {
		t.Errorf("I5: a campaign reached %d people who did not say YES", s.Counts.Sent)
	}
	w.says(her, "Yes")
	var record struct {
		Topics map[string]struct{ State string }
		Events []struct {
			Type, Source string
			Evidence     map[string]string
		}
		Verified bool
	}
	w.call(http.MethodGet, "/records/"+her+"?brand=example", nil, &record)
	if record.Topics["alerts"].State != "subscribed" || !record.Verified {
		t.Errorf("%+v", record)
	}
	e := record.Events[0]
	want := map[string]string{
		"at": "2026-12-24T14:30:00-08:00", "source": "paper form, Main St shop", "disclosure": "Up to 2 msgs/month. Reply STOP to cancel.", "collected_by": "J. Doe",
		"topics": "alerts", "state": "WA", "caller": "arn:aws:iam::000000000000:user/local",
	}
	if diff := cmp.Diff(want, e.Evidence); diff != "" || e.Type != "requested" || e.Source != "import" {
		t.Errorf("%s by %s: %s", e.Type, e.Source, diff)
	}
	w.call(http.MethodGet, "/records/+12065550145?brand=example", nil, &record)
	if e := record.Events[0]; e.Evidence["missing"] != "at, source, disclosure, collected_by" || record.Topics["alerts"].State != "pending" {
		t.Errorf("%+v", record)
	}

	// Once more: all is done, and nobody hears of it.
	out, _ = imports(t, 0, path, "--json")
	if r := strictly[importAnswer](t, out); r.DoneBefore != 5 || r.Statuses["asked"] != 4 || r.Statuses["stopped"] != 1 {
		t.Errorf("again: %+v", r)
	}
	// And without what it knows, too: the stack knows whom it asked.
	if err := os.Remove(path + ".results.csv"); err != nil {
		t.Fatal(err)
	}
	imports(t, 0, path)
	if diff := cmp.Diff([]string{"142 subscribed", "143 waiting", "144 waiting", "145 waiting", "146 stopped"}, become(t, path)); diff != "" {
		t.Error(diff)
	}
	if n := w.got("+12065550143", ""); n != 1 {
		t.Errorf("%d texts to somebody who was asked", n)
	}
}

// importAnswer is the JSON of the command.
type importAnswer struct {
	File            string         `json:"file"`
	Brand           string         `json:"brand"`
	DryRun          bool           `json:"dry_run"`
	Rows            int            `json:"rows"`
	Bad             int            `json:"bad"`
	Problems        []any          `json:"problems"`
	Topics          map[string]int `json:"topics"`
	WithoutEvidence int            `json:"without_evidence"`
	Missing         map[string]int `json:"missing"`
	Told            int            `json:"told"`
	UnfitAttributes int            `json:"unfit_attributes"`
	OutsideHours    int            `json:"outside_hours"`
	DoneBefore      int            `json:"done_before"`
	PerSecond       float64        `json:"per_second"`
	Statuses        map[string]int `json:"statuses"`
	Left            int            `json:"left"`
	Next            *time.Time     `json:"next"`
	Interrupted     bool           `json:"interrupted"`
	Trouble         string         `json:"trouble"`
	Results         string         `json:"results"`
}

// Nothing goes out while a row is bad: half an import is harder to mend than none.
func TestABadRowStopsAll(t *testing.T) {
	w := newWorld(t)
	path := list(t, "phone,state\n+12065550142,WA\n+12065550143,Washington\n+12065550142,\n206 555,\n")
	_, says := imports(t, exitFailed, path)
	for _, part := range []string{"line 3, column 2 (state): ", "line 4, column 1 (phone): the same phone stands on line 2", "line 5, column 1 (phone): ", "nothing was sent, for of 4 rows 3 are bad", "--skip-bad"} {
		if !strings.Contains(says, part) {
			t.Errorf("it does not say %q:\n%s", part, says)
		}
	}
	if n := w.got(her, ""); n != 0 {
		t.Errorf("%d texts", n)
	}
	out, _ := imports(t, exitFailed, path, "--json")
	if r := strictly[importAnswer](t, out); r.Bad != 3 || len(r.Problems) != 3 || len(r.Statuses) != 0 {
		t.Errorf("%+v", r)
	}

	out, says = imports(t, 0, path, "--skip-bad")
	if !strings.Contains(out, "bad and left out: 3 rows") || !strings.Contains(says, "line 3") || w.got(her, question) != 1 {
		t.Errorf("it says\n%s%s", out, says)
	}
	if diff := cmp.Diff([]string{"142 asked"}, become(t, path)); diff != "" {
		t.Error(diff)
	}
}

func TestManyBadRowsAreCounted(t *testing.T) {
	newWorld(t)
	_, says := imports(t, exitFailed, list(t, "phone\n"+strings.Repeat("1\n", 30)))
	if n := strings.Count(says, "(phone)"); n != 20 || !strings.Contains(says, "and 10 more bad rows") {
		t.Errorf("%d rows in\n%s", n, says)
	}
}

func TestMistakesOfTheCommandLine(t *testing.T) {
	newWorld(t)
	good := list(t, "phone\n+12065550142\n")
	for _, c := range []struct {
		code int
		args []string
		says string
	}{
		{exitUsage, []string{"import"}, "FILE is required"},
		{exitUsage, []string{"import", good, "--brand", "nobody"}, "--brand"},
		{exitUsage, []string{"import", good, "--topic", "news"}, "--topic"},
		{exitUsage, []string{"import", good, "--zone", "PST8"}, "--zone"},
		{exitUsage, []string{"import", good, "--zone", "Local"}, "--zone"},
		{exitUsage, []string{"import", good, "--per-second", "-1"}, "--per-second"},
		{exitUsage, []string{"import", good, "--retries", "99"}, "--retries"},
		{exitFailed, []string{"import", good + "x", "--topic", "alerts"}, "no such file"},
		{exitFailed, []string{"import", filepath.Dir(good), "--topic", "alerts"}, "directory"},
		{exitFailed, []string{"import", list(t, "phone\n"), "--topic", "alerts"}, "no row"},
		{exitFailed, []string{"import", list(t, "Telephone,date\n1,2\n"), "--topic", "alerts"}, "do you mean phone?"},
		{exitFailed, []string{"import", good}, "there is no column topics: name at least one"},
	} {
		if _, says := execute(t, c.code, c.args...); !strings.Contains(says, c.says) {
			t.Errorf("%q says %q, want something about %s", c.args, says, c.says)
		}
	}
}

// Ctrl-C finishes the row in hand; the same command goes on behind it, and nobody is asked twice.
func TestAnInterruptedImportGoesOn(t *testing.T) {
	w := newWorld(t)
	path := list(t, five)
	ctx, interrupt := context.WithCancel(t.Context())
	w.between(func(n int, _ http.ResponseWriter) bool {
		if n == 2 {
			interrupt()
		}
		return false
	})
	var out, says bytes.Buffer
	if code := Run(ctx, []string{"import", path, "--topic", "alerts", "--per-second", "100"}, &out, &says); code != exitUnfinished {
		t.Fatalf("it exits with %d: %s", code, &says)
	}
	if !strings.Contains(says.String(), "interrupted with 3 rows left; run the same command again") {
		t.Errorf("it says %s", &says)
	}
	if diff := cmp.Diff([]string{"142 asked", "143 asked"}, become(t, path)); diff != "" {
		t.Error(diff)
	}
	imports(t, 0, path)
	if diff := cmp.Diff([]string{"142 asked", "143 asked", "144 asked", "145 asked", "146 asked"}, become(t, path)); diff != "" {
		t.Error(diff)
	}
	for _, phone := range fiveAsked() {
		if n := w.got(phone, ""); n != 1 {
			t.Errorf("…%s got %d texts", phone[9:], n)
		}
	}
}

// Who asked on paper is not woken for it: the row waits, is not even posted before its time, and then asked.
func TestRowsWaitForTheMorning(t *testing.T) {
	w := newWorld(t)
	posted := 0
	w.between(func(n int, _ http.ResponseWriter) bool { posted = n; return false })
	path := list(t, "phone\n+12065550142\n")
	w.goTo(time.Date(2027, 1, 6, 8, 0, 0, 0, time.UTC)) // midnight in Seattle
	_, says := imports(t, exitUnfinished, path)
	if !strings.Contains(says, "1 row left for later; run the same command again at 2027-01-06T17:00:00Z") || w.got(her, "") != 0 {
		t.Errorf("it says %s", says)
	}
	out, _ := imports(t, exitUnfinished, path, "--json")
	if r := strictly[importAnswer](t, out); r.Left != 1 || r.Next == nil || !r.Next.Equal(time.Date(2027, 1, 6, 17, 0, 0, 0, time.UTC)) || r.OutsideHours != 1 || posted != 1 {
		t.Errorf("after %d posts: %+v", posted, r)
	}
	w.goTo(time.Date(2027, 1, 6, 17, 0, 0, 0, time.UTC))
	imports(t, 0, path)
	if diff := cmp.Diff([]string{"142 later", "142 asked"}, become(t, path)); diff != "" || w.got(her, question) != 1 {
		t.Error(diff)
	}
}

// What AWS refuses for now is left for another run; so is what the API fails at, and three failures in a row end the
// import.
func TestFailuresAreLeftForLater(t *testing.T) {
	w := newWorld(t)
	answer := func(rw http.ResponseWriter, code int, body string) bool {
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(code)
		fmt.Fprint(rw, body)
		return true
	}
	w.between(func(n int, rw http.ResponseWriter) bool {
		switch n {
		case 1:
			return answer(rw, 503, `{"status":"not-sent","reason":"THROTTLED","at":"2027-01-05T18:01:00Z"}`)
		case 2:
			return false
		case 3, 4, 5:
			return answer(rw, 500, `{"message":"Internal Server Error"}`)
		default:
			return false
		}
	})
	path := list(t, five)
	_, says := imports(t, exitUnfinished, path)
	if !strings.Contains(says, "3 rows failed one after the other, with 4 rows left") {
		t.Errorf("it says %s", says)
	}
	if diff := cmp.Diff([]string{"142 not-sent", "143 asked", "144 failed", "145 failed", "146 failed"}, become(t, path)); diff != "" {
		t.Error(diff)
	}
	_, says = imports(t, exitUnfinished, path)
	if !strings.Contains(says, "1 row left for later; run the same command again at 2027-01-05T18:01:00Z") {
		t.Errorf("it says %s", says)
	}
	w.goTo(tuesday.Add(time.Minute))
	imports(t, 0, path)
	for _, phone := range fiveAsked() {
		if n := w.got(phone, ""); n != 1 {
			t.Errorf("…%s got %d texts", phone[9:], n)
		}
	}
}

// A row the API refuses is told, and tried again when the list was mended.
func TestRefusedRows(t *testing.T) {
	w := newWorld(t)
	w.between(func(n int, rw http.ResponseWriter) bool {
		if n > 1 {
			return false
		}
		rw.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprint(rw, `{"error":{"field":"phone","message":"this brand was renamed"}}`)
		return true
	})
	path := list(t, five)
	_, says := imports(t, exitFailed, path)
	if !strings.Contains(says, "1 row refused; "+path+".results.csv says why") {
		t.Errorf("it says %s", says)
	}
	text, err := os.ReadFile(path + ".results.csv")
	if err != nil || !strings.Contains(string(text), "refused,2027-01-05T18:00:00Z,2027-01-05T18:00:00Z,phone: this brand was renamed") {
		t.Errorf("%s (%v)", text, err)
	}
	imports(t, 0, path)
}

// A machine that lost power leaves half a line; whose file it is not stays as it is.
func TestTheFileOfResults(t *testing.T) {
	w := newWorld(t)
	path := list(t, five)
	imports(t, 0, path)
	results := path + ".results.csv"
	whole, err := os.ReadFile(results)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(results, whole[:len(whole)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	imports(t, 0, path)
	if diff := cmp.Diff([]string{"142 asked", "143 asked", "144 asked", "145 asked", "146 waiting"}, become(t, path)); diff != "" {
		t.Error(diff)
	}
	for _, other := range []string{"something else", "something\nelse\n", strings.ReplaceAll(string(whole), ",asked,", ",asked,,")} {
		if err := os.WriteFile(results, []byte(other), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, says := imports(t, exitFailed, path); !strings.Contains(says, "move") {
			t.Errorf("it says %s", says)
		}
		if left, err := os.ReadFile(results); err != nil || string(left) != other {
			t.Errorf("the file was changed: %q (%v)", left, err)
		}
	}
	if n := w.got("+12065550146", ""); n != 1 {
		t.Errorf("%d texts", n)
	}
}

// Another brand or topic is another question: what was done for one is not done for the other.
func TestResultsAreOfTheQuestion(t *testing.T) {
	w := newWorld(t)
	path := list(t, "phone\n+12065550142\n")
	imports(t, 0, path)
	execute(t, 0, "import", path, "--topic", "orders")
	execute(t, 0, "import", path, "--topic", "specials", "--brand", "examplecafe")
	if n := w.got(her, ""); n != 3 {
		t.Errorf("%d texts, want three questions", n)
	}
}
