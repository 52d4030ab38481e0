package operator

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestADryRunSendsNothing(t *testing.T) {
	w := newWorld(t)
	path := list(t, five)
	out, _ := imports(t, 0, path, "--dry-run", "--json")
	want := importAnswer{
		File: path, Brand: "example", DryRun: true, Rows: 5, Topics: map[string]int{"alerts": 5}, WithoutEvidence: 2,
		Missing: map[string]int{"at": 2, "source": 2, "disclosure": 2, "collected_by": 2}, Statuses: map[string]int{},
	}
	if diff := cmp.Diff(want, strictly[importAnswer](t, out)); diff != "" {
		t.Error(diff)
	}
	w.goTo(time.Date(2027, 1, 6, 8, 0, 0, 0, time.UTC)) // midnight in Seattle
	out, _ = imports(t, 0, path, "--dry-run", "--per-second", "0")
	for _, part := range []string{"5 rows for example (alerts: 5)", "Done already: 0", "wait for permitted hours now: 5", "To ask: 5, which takes about 10s at 0.5 a second", "Nothing was sent"} {
		if !strings.Contains(out, part) {
			t.Errorf("it does not say %q:\n%s", part, out)
		}
	}
	if n := w.got(her, ""); n != 0 {
		t.Errorf("%d texts", n)
	}
	if _, err := os.Stat(path + ".results.csv"); err == nil {
		t.Error("a dry run has results")
	}
}

// What a list says of a person is kept for texts to them; where no text can take it the person is asked all the same.
func TestAListHasAttributes(t *testing.T) {
	w := newWorld(t)
	path := list(t, "phone,Attribute.First Name\n"+her+",Ana\n+12065550143,evil.com\n+12065550144,\n")
	if out, _ := imports(t, 0, path, "--dry-run"); !strings.Contains(out, "without attributes") || !strings.Contains(out, ": 1 row.") {
		t.Errorf("beforehand it says\n%s", out)
	}
	out, _ := imports(t, 0, path, "--json")
	if r := strictly[importAnswer](t, out); r.Statuses["asked"] != 3 || r.UnfitAttributes != 1 {
		t.Errorf("%+v", r)
	}
	results, err := os.ReadFile(path + ".results.csv")
	if err != nil || strings.Count(string(results), "attributes not kept: attributes.first_name: looks like a link") != 1 {
		t.Errorf("the results are %s, %v", results, err)
	}
	for number, want := range map[string]string{her: "Ana", "+12065550143": "", "+12065550144": ""} {
		var record struct{ Attributes map[string]string }
		w.call(http.MethodGet, "/records/"+number, nil, &record)
		if got := record.Attributes["first_name"]; got != want {
			t.Errorf("%s is known as %q, want %q", number, got, want)
		}
	}
}

// A dry run needs neither a stack nor credentials.
func TestADryRunNeedsNoStack(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("API_URL", "")
	imports(t, 0, list(t, "phone\n+12065550142\n"), "--dry-run")
}

// Whoever may not post learns what they lack before the second row.
func TestWithoutTheRightNothingHappens(t *testing.T) {
	for code, says := range map[int]string{http.StatusForbidden: "ImportPolicyArn", http.StatusNotFound: "not the API", http.StatusTemporaryRedirect: "not the API", http.StatusOK: "not the API"} {
		w := newWorld(t)
		posts := 0
		w.between(func(n int, rw http.ResponseWriter) bool {
			posts = n
			rw.Header().Set("Location", "https://example.org/")
			rw.WriteHeader(code)
			return true
		})
		path := list(t, five)
		if _, why := imports(t, exitFailed, path); !strings.Contains(why, says) || posts != 1 {
			t.Errorf("%d: after %d posts it says %s", code, posts, why)
		}
		if rows := become(t, path); len(rows) != 0 {
			t.Errorf("%d: results %v", code, rows)
		}
	}
}
