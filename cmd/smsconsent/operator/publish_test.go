package operator

import (
	"bytes"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent"
	"smsconsent/local"
	"smsconsent/shared/core/program"
	"smsconsent/shared/testkit/memory"
)

// edition writes the programs.yaml this command was built with, otherwise, to a file.
func edition(t *testing.T, replace ...string) string {
	t.Helper()
	text := string(smsconsent.Programs())
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("programs.yaml has no %q", replace[i])
		}
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	path := filepath.Join(t.TempDir(), "programs.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// afternoons is the programs.yaml of a brand that texts from 16:00 on.
func afternoons(t *testing.T) string {
	t.Helper()
	return edition(t, `    # hours: {weekdays: "10:00-18:00", saturday: "10:00-16:00"`, `    hours: {weekdays: "16:00-18:00", saturday: "10:00-16:00"`)
}

type publishJSON struct {
	Hash      string   `json:"hash"`
	Changes   []string `json:"changes"`
	Refused   []string `json:"refused"`
	Published bool     `json:"published"`
}

func publishing(t *testing.T, want int, args ...string) publishJSON {
	t.Helper()
	out, _ := execute(t, want, append([]string{"publish", "--json"}, args...)...)
	return strictly[publishJSON](t, out)
}

// watched is a store that keeps what it is asked for.
type watched struct {
	http.Handler
	mu    sync.Mutex
	calls []string // bodies
}

func (s *watched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // one that is cut off is refused by the store
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.calls = append(s.calls, string(body))
	s.mu.Unlock()
	s.Handler.ServeHTTP(w, r)
}

// during returns what the store is asked for during f.
func (s *watched) during(f func()) []string {
	s.mu.Lock()
	s.calls = nil
	s.mu.Unlock()
	f()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// Hours that are published are obeyed by the next text, without a deploy; and a STOP meanwhile is on record and
// answered before anybody looks for them.
func TestPublishedHoursAreObeyed(t *testing.T) {
	cat, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	store := &watched{Handler: memory.New()}
	w := newWorldOn(t, local.Options{Catalog: cat, DynamoDB: store})
	early, other := "+12065550143", "+12065550144"
	for _, phone := range []string{her, early, other} {
		w.subscribes(phone)
	}
	create(t, "Example Corp.: morning.")
	w.goTo(tuesday.Add(30 * time.Minute))
	before := store.during(func() { w.says(early, "STOP") })

	file := afternoons(t)
	r := publishing(t, 0, "--file", file, "--yes")
	const change = "example (3 subscribed): hours: 16:00-18:00 / 10:00-16:00 / none / none instead of none"
	if !r.Published || len(r.Refused) != 0 || !slices.Equal(r.Changes, []string{strings.Replace(change, "3", "2", 1)}) {
		t.Errorf("%+v", r)
	}
	w.goTo(tuesday.Add(time.Hour))
	after := store.during(func() { w.says(other, "STOP") })
	if n := untilLook(before); n != untilLook(after) || !strings.Contains(after[n-1], `"kind":{"S":"reply"}`) {
		t.Errorf("a STOP takes %d calls until its answer is on record, and %d behind a publication:\n%s",
			n, untilLook(after), strings.Join(after, "\n"))
	}
	if n := w.got(other, "unsubscribed"); n != 1 {
		t.Errorf("%d answers to the STOP", n)
	}

	w.goTo(tuesday.Add(5 * time.Hour)) // 15:00, and four hours behind the first
	create(t, "Example Corp.: afternoon.")
	w.goTo(tuesday.Add(6*time.Hour - time.Minute))
	if got := w.got(her, "morning") + 10*w.got(her, "afternoon"); got != 1 {
		t.Errorf("before 16:00 she has %d", got)
	}
	w.goTo(tuesday.Add(6*time.Hour + time.Minute))
	if n := w.got(her, "afternoon"); n != 1 {
		t.Errorf("by 16:01 she has %d", n)
	}
}

// untilLook is how many calls are made before one looks for programs.
func untilLook(calls []string) int {
	return slices.IndexFunc(calls, func(call string) bool { return strings.Contains(call, `"POLICY"`) })
}

// What would take something from people who signed up for it is refused, and changes nothing; of what nobody is
// subscribed to anything may go.
func TestPublishTakesNothingFromPeople(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.subscribes("+12065550143")
	gone := edition(t, "- id: alerts\n            name", "- id: news\n            name")
	moved := edition(t, `"+12065550100"`, `"+12065550199"`)
	for file, want := range map[string]string{
		gone: "2 subscribers of topic example/alerts lose it: the topic is gone", moved: "2 subscribers of topic example/alerts lose it: nothing they text",
	} {
		for _, how := range []string{"--dry-run", "--yes"} {
			if r := publishing(t, exitFailed, "--file", file, how); len(r.Refused) != 1 || !strings.HasPrefix(r.Refused[0], want) || r.Published {
				t.Errorf("%s: %+v", how, r)
			}
		}
	}
	w.says(her, "STOP")
	w.says("+12065550143", "STOP")
	if r := publishing(t, 0, "--file", gone, "--dry-run"); len(r.Refused) != 0 || len(r.Changes) != 2 || r.Published {
		t.Errorf("of nobody: %+v", r)
	}
}

// A topic somebody was asked about does not go while they may still say YES; and where it is gone nevertheless, the YES
// subscribes nobody.
func TestPublishTakesNoTopicFromThoseWhoWereAsked(t *testing.T) {
	w := newWorld(t)
	w.asks(her)
	gone := edition(t, "- id: alerts\n            name", "- id: news\n            name")
	r := publishing(t, exitFailed, "--file", gone, "--yes")
	if len(r.Refused) != 1 || r.Refused[0] != "1 asked for topic example/alerts and may still say YES: the topic is gone" || r.Published {
		t.Errorf("%+v", r)
	}
	s, err := remoteUnderBuiltIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, next, err := programsIn("", gone)
	if err != nil {
		t.Fatal(err)
	}
	if err := putInForce(t.Context(), s, text, &publishReport{Hash: next.Hash(), over: s.Catalog.Hash()}); err != nil {
		t.Fatal(err)
	}
	w.goTo(tuesday.Add(2 * time.Minute))
	w.says(her, "YES")
	if n := w.got(her, "subscribed"); n != 0 {
		t.Errorf("she is told %d times that she is subscribed", n)
	}
	r = publishing(t, 0, "--file", edition(t), "--dry-run")
	if len(r.Refused) != 0 {
		t.Errorf("%+v", r)
	}
}

// A keyword that is published is understood by the next text, however long nobody wrote.
func TestAPublishedKeywordIsUnderstoodAfterAnIdleHour(t *testing.T) {
	w := newWorld(t)
	publishing(t, 0, "--file", edition(t, "keyword: JOIN", "keyword: MELON"), "--yes")
	w.goTo(tuesday.Add(time.Hour))
	w.says(her, "MELON")
	if n := w.got(her, "YES"); n != 1 {
		t.Errorf("%d answers to the keyword", n)
	}
}

// Who has a phone in a country that would not be served any more loses their topic, and is texted nothing where that
// is in force nevertheless.
func TestPublishTakesNoCountryFromItsPeople(t *testing.T) {
	const toronto = "+14165550142"
	w := newWorld(t)
	abroad := edition(t, `number: "+12065550100" `, `international: yes
          number: "+12065550100" `, `{number: "+12065550101"}`, `{number: "+12065550101", international: yes}`)
	if r := publishing(t, 0, "--file", abroad, "--yes"); !slices.Contains(r.Changes, "example (0 subscribed): countries: every country with hours instead of US") {
		t.Errorf("%q", r.Changes)
	}
	w.goTo(tuesday.Add(2 * time.Minute))
	w.subscribes(her)
	w.subscribes(toronto)
	home := edition(t)
	r := publishing(t, exitFailed, "--file", home, "--yes")
	const want = "1 subscriber of topic example/alerts loses it: their phones are in a country that would not be served, only US"
	if len(r.Refused) != 1 || r.Refused[0] != want || r.Published {
		t.Errorf("%+v", r)
	}
	w.says(toronto, "STOP")
	if r := publishing(t, 0, "--file", home, "--yes"); !r.Published {
		t.Errorf("of nobody: %+v", r)
	}
}

// What is too large when compressed is refused before anybody decides on it, and of what has no end the beginning is
// read.
func TestPublishRefusesWhatIsTooLarge(t *testing.T) {
	newWorld(t)
	noise := make([]byte, 450<<10)
	random := rand.NewChaCha8([32]byte{})
	_, _ = random.Read(noise) // it never fails
	large := edition(t, "# When texts", "# "+base64.StdEncoding.EncodeToString(noise)+"\n# When texts")
	for _, how := range []string{"--dry-run", "--yes"} {
		if _, says := execute(t, exitUsage, "publish", "--file", large, how); !strings.Contains(says, "KB when compressed") {
			t.Errorf("%s: %s", how, says)
		}
	}
	if _, says := execute(t, exitUsage, "publish", "--file", "/dev/zero", "--dry-run"); !strings.Contains(says, "more than 1048576 bytes") {
		t.Errorf("a device: %s", says)
	}
}

// Each mistake is named with its place, and nobody publishes without having been asked.
func TestPublishRefusesMistakes(t *testing.T) {
	newWorld(t)
	bad := edition(t, "hours: strict", "hours: sometimes")
	for _, tc := range []struct{ args, says string }{
		{"--file " + bad + " --yes", bad + ":14: policy.hours"},
		{"--file " + bad + ".yaml --yes", "--file: open"},
		{"--file " + afternoons(t), "nobody can be asked here"},
		{"--file " + afternoons(t) + " --yes --print=", "--print=: write"},
		{"--file " + afternoons(t) + " --json", "--json: add --yes or --dry-run"},
	} {
		if _, says := execute(t, exitUsage, append([]string{"publish"}, strings.Fields(tc.args)...)...); !strings.Contains(says, tc.says) {
			t.Errorf("%s: %s", tc.args, says)
		}
	}
}

// Of two who publish over the same version the second is told of the first.
func TestPublishersDoNotOverwriteEachOther(t *testing.T) {
	newWorld(t)
	s, err := remoteUnderBuiltIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, next, err := programsIn("", afternoons(t))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := compared(t.Context(), s, next)
	if err != nil {
		t.Fatal(err)
	}
	another := edition(t, "answers_per_hour: 6", "answers_per_hour: 5")
	publishing(t, 0, "--file", another, "--yes")
	if err := putInForce(t.Context(), s, text, shown); err == nil || !strings.Contains(err.Error(), "somebody else published meanwhile") {
		t.Errorf("the second: %v", err)
	}
	all, err := consentTable(s).Publications(t.Context())
	if err != nil || len(all) != 1 || all[0].By != "arn:aws:iam::000000000000:user/local" || all[0].Before != s.Catalog.Hash() || !all[0].At.Equal(tuesday) {
		t.Errorf("on record: %+v (%v)", all, err)
	}
	for _, p := range all {
		for _, hash := range []string{p.Before, p.Hash} { // what was built in, too
			text, err := consentTable(s).Programs(t.Context(), hash)
			if err != nil {
				t.Fatal(err)
			}
			if c, err := program.Load(text); err != nil || c.Hash() != hash {
				t.Errorf("%s is kept as %v (%v)", hash, c, err)
			}
		}
	}
	if out, _ := execute(t, 0, "publish", "--file", another, "--yes"); !strings.Contains(out, "in force already") {
		t.Errorf("again: %s", out)
	}
}

// What is in force is printed as it was published, and so is what was, so that somebody can go on from either.
func TestPublishedProgramsArePrinted(t *testing.T) {
	newWorld(t)
	first, second := edition(t, "answers_per_hour: 6", "answers_per_hour: 5"), afternoons(t)
	shows := func(path string, args ...string) {
		t.Helper()
		want := smsconsent.Programs()
		if path != "" {
			var err error
			if want, err = os.ReadFile(path); err != nil {
				t.Fatal(err)
			}
		}
		if out, _ := execute(t, 0, append([]string{"publish"}, args...)...); out != string(want) {
			t.Errorf("%v prints %d bytes, want %d", args, len(out), len(want))
		}
	}
	shows("", "--print")
	one := publishing(t, 0, "--file", first, "--yes")
	shows(first, "--print")
	publishing(t, 0, "--file", second, "--yes")
	shows(second, "--print")
	shows(first, "--print="+one.Hash[:12])
	own, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	shows("", "--print="+own.Hash())
	if _, says := execute(t, exitUsage, "publish", "--print=nosuch"); !strings.Contains(says, "begins with nosuch") {
		t.Errorf("what never was: %s", says)
	}
}

// A number that is published can be texted at once, though inbound heard of it from nobody: it looks before it takes
// the text for one that went astray.
func TestANumberThatIsPublishedCanBeTexted(t *testing.T) {
	w := newWorld(t)
	pooled := edition(t, `number: "+12065550100"`, `pool: pool-0123456789abcdef
          numbers: ["+12065550100", "+12065550105"]`)
	publishing(t, 0, "--file", pooled, "--yes")
	w.call(http.MethodPost, "/handsets/"+url.PathEscape(her), map[string]string{"to": "+12065550105", "body": "JOIN"}, nil)
	if n := w.got(her, "YES"); n != 1 {
		t.Errorf("%d answers to a JOIN", n)
	}
}
