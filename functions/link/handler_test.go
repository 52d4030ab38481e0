package link_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	shortlink "smsconsent/shared/edge/link"
	"smsconsent/shared/testkit/dynamotest"
)

// Whoever taps gets to the page the campaign named, from every link of the text; no cookie is set, nothing is kept on
// the way, the page does not learn where they come from, and the tap is put where it is counted.
func TestALinkLeadsWhereTheCampaignSays(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := newWorld(t, s)
		for place, want := range []string{page, second} {
			out := w.get(w.id(pumpkins, place), nil)
			if out.StatusCode != 302 || out.Headers["Location"] != want || out.Body != "" || len(out.Cookies) > 0 {
				t.Errorf("link %d: %+v", place, out)
			}
			for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"} {
				if out.Headers[header] != want {
					t.Errorf("%s is %q, want %q", header, out.Headers[header], want)
				}
			}
		}
		if want := []shortlink.Click{click(0), click(1)}; !slices.Equal(w.clicks.put, want) {
			t.Errorf("counted are %+v, want %+v", w.clicks.put, want)
		}
	})
}

// A text is kept longer than its campaign runs.
func TestALinkWorksWhateverBecameOfItsCampaign(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for _, state := range []campaign.State{campaign.Running, campaign.Paused, campaign.Done} {
		any := []campaign.State{campaign.Scheduled, campaign.Running, campaign.Paused}
		if err := w.Table.SetCampaignState(t.Context(), pumpkins, any, state, "said so"); err != nil {
			t.Fatal(err)
		}
		w.restart()
		w.Pass(400 * 24 * time.Hour)
		if out := w.get(w.id(pumpkins, 0), nil); out.StatusCode != 302 {
			t.Errorf("%s: %d", state, out.StatusCode)
		}
	}
	if len(w.clicks.put) != 3 {
		t.Errorf("%d clicks are counted, want 3", len(w.clicks.put))
	}
}

// Of whatever leads nowhere the same is said, and nothing is counted or looked up but for an ID we made.
func TestWhatIsNoLinkOfOursLeadsNowhere(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	good := w.id(pumpkins, 0)
	other := byte('A')
	if good[5] == other {
		other = 'B'
	}
	w.create("01KB3M8Y5T0QF2Z9W6R7C4X1ZZ", "the same beginning") // as no two campaigns have by chance
	ambiguous := good
	w.restart()
	w.Bill.Take()
	var said string
	for name, id := range map[string]string{
		"empty": "", "short": "abc", "changed": good[:5] + string(other) + good[6:], "an address": url.PathEscape("https://evil.example"),
		"another key's": "9o27GrvwQb6bKiKnv6Fn3TJf4bDJ2HQ", "with a query": good + "%3Furl=https://evil.example", "with a line end": good + "%0d%0aLocation:%20https://evil.example",
	} {
		out := w.get(id, nil)
		if out.StatusCode != 404 || out.Headers["Location"] != "" {
			t.Errorf("%s: %+v", name, out)
		}
		if said == "" {
			said = out.Body
		}
		if out.Body != said || !strings.HasPrefix(out.Headers["Content-Type"], "text/plain") {
			t.Errorf("%s: says %q as %s", name, out.Body, out.Headers["Content-Type"])
		}
	}
	if calls, _ := w.Bill.Take(); len(calls) > 0 {
		t.Errorf("the table was asked: %v", calls)
	}
	for name, id := range map[string]string{
		"no such campaign": w.id("01KB3M8Y5V0QF2Z9W6R7C4X1VN", 0), "two of the same beginning": ambiguous,
	} {
		if out := w.get(id, nil); out.StatusCode != 404 || out.Body != said {
			t.Errorf("%s: %+v", name, out)
		}
	}
	if len(w.clicks.put) > 0 {
		t.Errorf("counted are %+v", w.clicks.put)
	}
}

// A link leads where the campaign names and nowhere else, whatever is put behind it, and never to what a campaign must
// not name, were it stored.
func TestALinkIsNoOpenRedirect(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	good := w.id(pumpkins, 0)
	for _, path := range []string{"/l/" + good, "/l//" + good, "//evil.example/l/" + good, "/x/../l/" + good} {
		for _, headers := range []map[string]string{
			{"host": "evil.example"}, {"x-forwarded-host": "evil.example"}, {"referer": "https://evil.example"}, {"x-original-url": "https://evil.example"},
		} {
			if out := w.ask("GET", path, headers); out.Headers["Location"] != page {
				t.Errorf("%s with %v leads to %q", path, headers, out.Headers["Location"])
			}
		}
	}
	if out := w.get(w.id(pumpkins, 2), nil); out.StatusCode != 404 {
		t.Errorf("a link the text does not have: %+v", out)
	}
	for n, target := range []string{
		"javascript:alert(1)", "http://example.com", "//evil.example", "https://bank.example@evil.example", "https://example.com/\r\nSet-Cookie: a=b",
		"data:text/html,x", "https://", "https://example.com\\@evil.example",
	} {
		id := fmt.Sprintf("01KB3M9%dYT0QF2Z9W6R7C4X1VN", n)
		w.create(id, "stored by who knows whom {link:"+target+"} {link:https://example.com}")
		if out := w.get(w.id(id, 0), nil); out.StatusCode != 404 || out.Headers["Location"] != "" {
			t.Errorf("{link:%s}: %+v", target, out)
		}
	}
}

// Who did not tap is led on all the same, and not counted.
func TestRobotsAreLedOnAndNotCounted(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	id := w.id(pumpkins, 0)
	const none = "" // the header is not sent
	for name, headers := range map[string]map[string]string{
		"iMessage's preview":       {"user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"},
		"Meta's preview":           {"user-agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
		"WhatsApp's and Signal's":  {"user-agent": "WhatsApp/2"},
		"Telegram's":               {"user-agent": "TelegramBot (like TwitterBot)"},
		"Slack's":                  {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
		"Skype's and Teams'":       {"user-agent": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"},
		"LinkedIn's":               {"user-agent": "LinkedInBot/1.0 (compatible; Mozilla/5.0; Jakarta Commons-HttpClient/3.1 +http://www.linkedin.com)"},
		"Google's robot":           {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
		"Microsoft's preview":      {"user-agent": "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview) Chrome/120.0 Safari/537.36"},
		"a browser without a head": {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36"},
		"curl":                     {"user-agent": "curl/8.5.0", "sec-fetch-dest": none, "sec-fetch-mode": none},
		"a Go program":             {"user-agent": "Go-http-client/1.1", "sec-fetch-dest": none, "sec-fetch-mode": none},
		"a filter of links":        {"user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) SafeLinks"},
		"no user agent":            {"user-agent": none},
		"prefetch":                 {"sec-purpose": "prefetch"},
		"prerender":                {"sec-purpose": "prefetch;prerender"},
		"prefetch behind a proxy":  {"sec-purpose": "prefetch;anonymous-client-ip"},
		"Chrome's old prefetch":    {"purpose": "prefetch"},
		"Safari's preview":         {"x-purpose": "preview"},
		"Firefox's old prefetch":   {"x-moz": "prefetch"},
		"an image of a page":       {"sec-fetch-dest": "image", "sec-fetch-mode": "no-cors"},
		"a script's fetch":         {"sec-fetch-dest": "empty", "sec-fetch-mode": "cors"},
	} {
		if out := w.get(id, headers); out.StatusCode != 302 || out.Headers["Location"] != page {
			t.Errorf("%s: %+v", name, out)
		}
		if len(w.clicks.put) > 0 {
			t.Errorf("%s is counted", name)
			w.clicks.put = nil
		}
	}
	if out := w.ask("HEAD", "/l/"+id, nil); out.StatusCode != 302 || out.Headers["Location"] != page || out.Body != "" || len(w.clicks.put) > 0 {
		t.Errorf("HEAD: %+v, counted %v", out, w.clicks.put)
	}
	for name, headers := range map[string]map[string]string{
		"Safari": nil, "no metadata of its own": {"sec-fetch-dest": none, "sec-fetch-mode": none},
		"a phone by Cubot":    {"user-agent": "Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"},
		"Facebook's own view": {"user-agent": iPhone + " [FBAN/FBIOS;FBAV/442.0]"},
		"Samsung's browser":   {"user-agent": "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0 Mobile Safari/537.36"},
	} {
		w.clicks.put = nil
		if w.get(id, headers); len(w.clicks.put) != 1 {
			t.Errorf("%s is not counted", name)
		}
	}
	if out := w.ask("POST", "/l/"+id, nil); out.StatusCode != 405 || out.Headers["Allow"] != "GET, HEAD" {
		t.Errorf("POST: %+v", out)
	}
}

// The person comes first: nothing of the counting keeps them from the page, and what is lost is known.
func TestWhoTapsIsLedOnWhateverFails(t *testing.T) {
	for name, breaks := range map[string]func(*clicks){
		"the queue refuses": func(q *clicks) { q.fails = errBroken },
		"the queue hangs":   func(q *clicks) { q.slow = true },
	} {
		w := newWorld(t, stores.Memory(t))
		breaks(w.clicks)
		if out := w.get(w.id(pumpkins, 0), nil); out.StatusCode != 302 || out.Headers["Location"] != page {
			t.Errorf("%s: %+v", name, out)
		}
		if !strings.Contains(w.Counted.String(), `"ClickLost":1`) {
			t.Errorf("%s: the lost click is not counted: %s", name, &w.Counted)
		}
	}
}

// A click costs nothing of the table where its campaign is known, and two reads where it is not. Nothing is written.
func TestCost(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := newWorld(t, s)
		w.get(w.id(pumpkins, 0), nil)
		if calls, _ := w.Bill.Take(); len(calls) != 2 || calls["Query"] != 1 || calls["GetItem"] != 1 {
			t.Errorf("the first click asks %v, want one Query and one GetItem", calls)
		}
		for range 10 {
			w.get(w.id(pumpkins, 1), nil)
		}
		if calls, units := w.Bill.Take(); len(calls) > 0 || units > 0 {
			t.Errorf("more clicks ask %v, %v units", calls, units)
		}
	})
}

// However many campaigns are followed, few are kept; one that was dropped is read again.
func TestTheMemoryOfCampaignsIsBounded(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	ids := make([]string, 250)
	for n := range ids {
		ids[n] = fmt.Sprintf("01KB3M%03dT0QF2Z9W6R7C4X1VN", n)
		w.create(ids[n], "{link:https://example.com}")
	}
	round := func() int {
		for _, id := range ids {
			if out := w.get(w.id(id, 0), nil); out.StatusCode != 302 {
				t.Fatalf("%s: %d", id, out.StatusCode)
			}
		}
		calls, _ := w.Bill.Take()
		return calls["GetItem"]
	}
	if first, again := round(), round(); first != 250 || again < 50 || again == 250 {
		t.Errorf("%d campaigns were read at first and %d again, want 250 and from 50 on", first, again)
	}
}
