package link_test

import (
	"strings"
	"testing"
)

// What becomes of links is counted by what it was: followed by a person, opened by a machine, unknown, or not opened
// for a fault of ours.
func TestWhatBecomesOfLinksIsCounted(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	good := w.id(pumpkins, 0)
	w.get(good, nil)
	w.get(good, nil)
	w.get("abc", nil)
	w.ask("HEAD", "/l/"+good, nil)
	robots := 0
	for line := range strings.Lines(w.Counted.String()) {
		if strings.Contains(line, `"Link":1`) && !strings.Contains(line, `"followed"`) && !strings.Contains(line, `"unknown"`) {
			robots++
		}
	}
	w.Table.Unreadable = map[string]error{"CampaignByPrefix": errBroken}
	w.restart()
	w.Unanswered = func(string) error { return errBroken }
	if out := w.get(good, nil); out.StatusCode != 503 || out.Headers["Retry-After"] != "5" || !strings.Contains(out.Body, "try again") {
		t.Errorf("%+v", out)
	}
	for result, want := range map[string]int{"followed": 2, "unknown": 1, "failed": 1} {
		if got := w.Count("Link", "result", result); got != want {
			t.Errorf("%s: %d, want %d", result, got, want)
		}
	}
	if robots != 1 || w.Count("Link") != 5 {
		t.Errorf("%d machines, %d in all", robots, w.Count("Link"))
	}
	if !strings.Contains(w.Logged.String(), "short link failed") {
		t.Error("a fault is not logged")
	}
}

// A link is opened in a browser; other ways of asking are told so, and lead nowhere.
func TestOnlyABrowserOpensALink(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	good := w.id(pumpkins, 0)
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		out := w.ask(method, "/l/"+good, nil)
		if out.StatusCode != 405 || out.Headers["Allow"] != "GET, HEAD" || out.Headers["Location"] != "" {
			t.Errorf("%s: %+v", method, out)
		}
	}
	if out := w.ask("HEAD", "/l/"+good, nil); out.StatusCode != 302 || out.Headers["Location"] != page {
		t.Errorf("HEAD: %+v", out)
	}
	if len(w.clicks.put) != 0 {
		t.Errorf("counted %+v", w.clicks.put)
	}
}
