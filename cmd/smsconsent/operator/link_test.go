package operator

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// From the command to the report: a campaign names a page, a phone gets a short link, a tap leads to the page, and the
// tap is on the person's record and in the campaign's figures, once.
func TestALinkFromTheCampaignToItsFigures(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	const page = "https://example.com/pumpkins?from=text"
	out, says := execute(t, 0, "campaign", "create", "--topic", "alerts", "--json",
		"--text", "Example Corp.: new pumpkins: {link:"+page+"} Reply STOP to cancel.")
	if !strings.Contains(says, "goes out as "+w.url+"/l/ and 31 more characters") {
		t.Errorf("create says %q", says)
	}
	id := strictly[created](t, out).ID
	w.goTo(tuesday.Add(2 * time.Minute))

	link := regexp.MustCompile(`https?://\S+/l/[A-Za-z0-9_-]{31}`).FindString(w.last(her))
	if link == "" || strings.Contains(w.last(her), "{link:") {
		t.Fatalf("on the phone is %q", w.last(her))
	}
	_, code, _ := strings.Cut(link, "/l/")
	link = w.url + "/l/" + code // the stack is told another address than the test's server has
	follow := func(method, agent, address string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("User-Agent", agent)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode, resp.Header.Get("Location")
	}
	const browser, preview = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "facebookexternalhit/1.1 Facebot Twitterbot/1.0"
	for _, c := range []struct {
		method, agent string
		clicks        int
	}{{http.MethodHead, browser, 0}, {http.MethodGet, preview, 0}, {http.MethodGet, browser, 1}, {http.MethodGet, browser, 1}} {
		if code, to := follow(c.method, c.agent, link); code != http.StatusFound || to != page {
			t.Errorf("%s by %s: %d to %q", c.method, c.agent, code, to)
		}
		if n := status(t, id).Counts.Clicks; n != c.clicks {
			t.Errorf("after %s by %s %d clicks are counted, want %d", c.method, c.agent, n, c.clicks)
		}
	}
	if code, to := follow(http.MethodGet, browser, link[:len(link)-1]+"!"); code != http.StatusNotFound || to != "" {
		t.Errorf("a changed link: %d to %q", code, to)
	}
	if table, _ := execute(t, 0, "campaign", "status", id); !strings.Contains(table, "Followed a link: 1") {
		t.Errorf("the status says %s", table)
	}

	var record struct {
		Verified bool
		Messages []struct {
			Campaign, Body string
			History        []struct{ Status, Detail string }
		}
	}
	w.call(http.MethodGet, "/records/"+her, nil, &record)
	clicks := 0
	for _, m := range record.Messages {
		for _, step := range m.History {
			if step.Status == "clicked" && step.Detail == "link 1" && m.Campaign == id && strings.Contains(m.Body, page) {
				clicks++
			}
		}
	}
	if clicks != 1 || !record.Verified {
		t.Errorf("the record shows %d clicks and verifies %v: %+v", clicks, record.Verified, record.Messages)
	}
}

// last is the latest text on a phone.
func (w *world) last(phone string) string {
	w.t.Helper()
	var talk []struct{ Direction, Body string }
	w.call(http.MethodGet, "/handsets/"+phone, nil, &talk)
	for i := len(talk) - 1; i >= 0; i-- {
		if talk[i].Direction == "in" {
			return talk[i].Body
		}
	}
	return ""
}

// What a link may not lead to is refused with what to write instead, and nothing is made.
func TestCreateRefusesALinkThatMayNotGoOut(t *testing.T) {
	newWorld(t)
	for link, says := range map[string]string{
		"{link:javascript:alert(1)}":   "does not begin with https://",
		"{link:https://a@example.com}": "leave out what stands before the @",
		"{link:https://example.com":    "write it as {link:https://example.com/page}",
	} {
		_, got := execute(t, 2, "campaign", "create", "--topic", "alerts", "--text", "Example Corp.: "+link)
		if !strings.Contains(got, "--text: ") || !strings.Contains(got, says) {
			t.Errorf("%s: %q", link, got)
		}
	}
	if out, _ := execute(t, 0, "campaign", "list", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("made are %s", out)
	}
}
