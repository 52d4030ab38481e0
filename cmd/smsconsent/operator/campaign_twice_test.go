package operator

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
)

// refusing puts something in front of the stack that refuses the requests it is told of.
func (w *world) refusing(refuse func(*http.Request) bool) {
	w.t.Helper()
	stack, err := url.Parse(w.url)
	if err != nil {
		w.t.Fatal(err)
	}
	through := httputil.NewSingleHostReverseProxy(stack)
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if refuse(r) {
			http.Error(rw, `{"__type":"AccessDeniedException","message":"no"}`, http.StatusBadRequest)
			return
		}
		through.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(front.Close)
	w.t.Setenv("AWS_ENDPOINT_URL", front.URL)
}

// Who makes a campaign whose schedule can't be made learns what is so: it is paused, or it may still go out.
func TestACampaignWithoutASchedule(t *testing.T) {
	at := []string{"campaign", "create", "--topic", "alerts", "--json", "--at", tuesday.Add(time.Hour).Format(time.RFC3339)}
	pauses := true
	w := newWorld(t)
	w.refusing(func(r *http.Request) bool {
		return strings.Contains(r.URL.Path, "/schedules/") || !pauses && strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".UpdateItem")
	})
	_, says := execute(t, exitFailed, append(at, "--id", "one", "--text", "Example Corp.: one.")...)
	if id, _, _ := parseID("", "one"); !strings.Contains(says, "campaign "+id+" is paused") || campaignStored(t, id).State != campaign.Paused {
		t.Errorf("%s, and it is %+v", says, campaignStored(t, id))
	}
	pauses = false
	_, says = execute(t, exitFailed, append(at, "--id", "two", "--text", "Example Corp.: two.")...)
	id, _, _ := parseID("", "two")
	if strings.Contains(says, "is paused") || !strings.Contains(says, "may go out") || !strings.Contains(says, "campaign cancel "+id) {
		t.Errorf("%s, and it is %s", says, campaignStored(t, id).State)
	}
}

// Made again under its ID, a campaign is answered with how it stands: what is over goes out no more, and what is paused
// does not go out yet.
func TestMadeAgainItTellsHowItStands(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	args := []string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: open today.", "--id", "today"}
	execute(t, 0, args...)
	w.goTo(tuesday.Add(2 * time.Minute))
	out, says := execute(t, 0, args...)
	if !strings.Contains(out, "is done: it went out from 2027-01-05T18:00:00Z until 2027-01-05T18:0") || strings.Contains(out, "goes out") || strings.Contains(says, "people are on the list") {
		t.Errorf("of one that is done it says %q and %q", out, says)
	}
	out, says = execute(t, 0, append(args, "--json")...)
	if strictly[created](t, out).ID == "" || !strings.Contains(says, "is done") {
		t.Errorf("as JSON it says %q and %q", out, says)
	}
	if n := w.got(her, "open today"); n != 1 {
		t.Errorf("she has it %d times", n)
	}
	if sees, _, err := typing(t, "", args...); err != nil || strings.Contains(sees, "Really") {
		t.Errorf("asked about what was sent: %v, %s", err, sees)
	}
	args[5], args[7] = "Example Corp.: open tomorrow.", "tomorrow"
	args = append(args, "--at", tuesday.Add(24*time.Hour).Format(time.RFC3339))
	execute(t, 0, args...)
	execute(t, 0, "campaign", "pause", "tomorrow", "--why", "wrong price")
	if out, _ := execute(t, 0, args...); !strings.Contains(out, "is paused (wrong price)") || strings.Contains(out, "goes out from") {
		t.Errorf("of one that is paused it says %q", out)
	}
	if out, _ := execute(t, 0, "campaign", "edit", "tomorrow", "--text", "Example Corp.: open.", "--yes"); !strings.Contains(out, "is paused (wrong price)") {
		t.Errorf("edited while it is paused it says %q", out)
	}
	series := slices.Concat(weekly, []string{"--id", "offers"})
	execute(t, 0, series...)
	execute(t, 0, "campaign", "pause", "offers", "--why", "no offers")
	if out, says := execute(t, 0, series...); strictly[madeSeries](t, out).ID == "" || !strings.Contains(says, "is paused") {
		t.Errorf("of a series that is paused it says %q", says)
	}
	asked := slices.DeleteFunc(slices.Clone(series), func(s string) bool { return s == "--json" })
	if sees, out, err := typing(t, "", asked...); err != nil || strings.Contains(sees, "Really") || !strings.Contains(out, "is paused") {
		t.Errorf("of a series that is paused it asks %q and says %q, %v", sees, out, err)
	}
	execute(t, 0, "campaign", "cancel", "offers")
	if _, says := execute(t, exitUsage, series...); !strings.Contains(says, "was canceled") {
		t.Errorf("of a series that was canceled it says %q", says)
	}
	for says, args := range map[string][]string{
		"is a series":   {"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: hi.", "--id", "offers"},
		"is a campaign": slices.Concat(weekly, []string{"--id", "today"}),
	} {
		if _, said := execute(t, exitUsage, args...); !strings.Contains(said, says) {
			t.Errorf("%q: %q, want %q", args, said, says)
		}
	}
}
