package preferences_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/consent"
	"smsconsent/shared/keyword"
	"smsconsent/shared/link"
	"smsconsent/shared/message"
	"smsconsent/shared/table/dynamotest"
)

// says is what a page shows, without the marks that isolate names.
func says(w *httptest.ResponseRecorder) string {
	text := strings.NewReplacer("\u2068", "", "\u2069", "", "&#39;", "'", "&#43;", "+", "&amp;", "&").Replace(w.Body.String())
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, "")
}

// switches are the topics with a switch and whether it is on.
func switches(w *httptest.ResponseRecorder) map[string]bool {
	found := map[string]bool{}
	for _, m := range regexp.MustCompile(`<input type="checkbox" name="on" id="topic-([a-z]+)"[^>]*>`).FindAllStringSubmatch(w.Body.String(), -1) {
		found[m[1]] = strings.Contains(m[0], " checked")
	}
	return found
}

func wantSays(t *testing.T, w *httptest.ResponseRecorder, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(says(w), p) {
			t.Errorf("the page does not say %q: %s", p, regexp.MustCompile(`\s+`).ReplaceAllString(says(w), " "))
		}
	}
}

func TestThePageShowsWhereEveryTopicStands(t *testing.T) {
	for _, tc := range []struct {
		name     string
		before   func(*bench)
		switches map[string]bool
		says     []string
	}{
		{
			"a stranger", func(*bench) {},
			map[string]bool{"alerts": false, "news": false, "orders": false},
			[]string{"Your texts from Example Corp.", "ending in 0142", "Example Corp. alerts", "up to 2 texts a month", "up to one text a week", "how often varies", "Off"},
		},
		{"subscribed", func(b *bench) { b.subscribe(her, "alerts", "orders") }, map[string]bool{"alerts": true, "news": false, "orders": true}, []string{"On", "Pause for 30 days", "Stop everything"}},
		{"waiting", func(b *bench) {
			b.post(b.token(her), "action", "save", "on", "alerts")
		}, map[string]bool{"alerts": true, "news": false, "orders": false}, []string{"Waiting for your YES: answer YES to the text from +12065550100."}},
		{"waited in vain", func(b *bench) {
			b.post(b.token(her), "action", "save", "on", "alerts")
			b.now = b.now.Add(25 * time.Hour)
		}, map[string]bool{"alerts": false, "news": false, "orders": false}, []string{"Off"}},
		{"stopped a program by text", func(b *bench) {
			b.subscribe(her, "alerts", "orders")
			b.hear(her, "alerts", keyword.Intent{Kind: keyword.OptOut})
		}, map[string]bool{"orders": true}, []string{"Stopped. To get it again, text START to +12065550100."}},
		{"stopped a topic by text", func(b *bench) {
			b.subscribe(her, "alerts", "news")
			b.hear(her, "alerts", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"})
		}, map[string]bool{"alerts": true, "news": false, "orders": false}, nil},
		{"stopped everything", func(b *bench) {
			b.subscribe(her, "alerts")
			b.hear(her, "alerts", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything})
		}, map[string]bool{}, []string{"You have stopped all texts from Example Corp.", "text START to +12065550100", "text START to 12345"}},
		{"paused", func(b *bench) {
			b.subscribe(her, "alerts")
			b.post(b.token(her), "action", "pause")
		}, map[string]bool{"alerts": true, "news": false, "orders": false}, []string{"On, paused", "until December 31, 2026", "Resume now"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t)
			tc.before(b)
			w := b.get(b.token(her))
			if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if diff := cmp.Diff(tc.switches, switches(w)); diff != "" {
				t.Error(diff)
			}
			wantSays(t, w, tc.says...)
			for _, secret := range []string{"2065550142", "206555014", "Example Cafe", "specials"} {
				if strings.Contains(w.Body.String(), secret) {
					t.Errorf("the page holds %q", secret)
				}
			}
			_, all := b.contact(her).Stopped[consent.Everything]
			if offers := strings.Contains(w.Body.String(), `value="stop"`); offers == all {
				t.Errorf("offers to stop everything: %v", offers)
			}
		})
	}
}

// Phones, mail filters and previews open links that nobody tapped.
func TestOpeningALinkChangesNothing(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	before := b.record(her)
	for range 30 {
		if w := b.get(b.token(her)); w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
	}
	if diff := cmp.Diff(before, b.record(her)); diff != "" || len(b.texts) != 0 {
		t.Errorf("%d texts; %s", len(b.texts), diff)
	}
}

func TestEachAction(t *testing.T) {
	for _, tc := range []struct {
		name   string
		form   []string
		state  map[string]consent.State
		events []consent.EventType
		texts  int
		listed []string
		says   []string
	}{
		{"save nothing moved", []string{"action", "save", "on", "alerts", "had", "alerts", "on", "orders", "had", "orders"}, map[string]consent.State{"alerts": consent.Subscribed, "orders": consent.Subscribed}, nil, 0, nil, []string{"Done", "Nothing was changed."}},
		{"one off", []string{"action", "save", "had", "alerts", "on", "orders", "had", "orders"}, map[string]consent.State{"alerts": consent.Unsubscribed, "orders": consent.Subscribed}, []consent.EventType{consent.OptedOut}, 0, nil, []string{"You get no more Example Corp. alerts."}},
		{"both off", []string{"action", "save", "had", "alerts", "had", "orders"}, map[string]consent.State{"alerts": consent.Unsubscribed, "orders": consent.Unsubscribed}, []consent.EventType{consent.OptedOut, consent.OptedOut}, 0, nil, []string{"You get no more Example Corp. alerts and Example Corp. orders."}},
		{"one on", []string{"action", "save", "on", "news"}, map[string]consent.State{"news": consent.Pending}, []consent.EventType{consent.Requested}, 1, nil, []string{"Look at your phone: we sent it a text from +12065550100. Answer YES and you get Example Corp. news."}},
		{"one on, one off", []string{"action", "save", "had", "alerts", "on", "news"}, map[string]consent.State{"alerts": consent.Unsubscribed, "news": consent.Pending}, []consent.EventType{consent.OptedOut, consent.Requested}, 1, nil, []string{"no more Example Corp. alerts", "you get Example Corp. news"}},
		{"twice on", []string{"action", "save", "on", "news", "on", "news"}, map[string]consent.State{"news": consent.Pending}, []consent.EventType{consent.Requested}, 1, nil, nil},
		{"on what is on already", []string{"action", "save", "on", "alerts"}, map[string]consent.State{"alerts": consent.Subscribed}, nil, 0, nil, []string{"Nothing was changed."}},
		{"pause", []string{"action", "pause"}, map[string]consent.State{"alerts": consent.Subscribed}, []consent.EventType{consent.Paused}, 0, nil, []string{"You get none of these texts until December 31, 2026."}},
		{"resume without a pause", []string{"action", "resume"}, map[string]consent.State{"alerts": consent.Subscribed}, nil, 0, nil, []string{"Your texts come again."}},
		{"stop", []string{"action", "stop"}, map[string]consent.State{"alerts": consent.Unsubscribed, "orders": consent.Unsubscribed}, []consent.EventType{consent.OptedOut}, 0, []string{"Default", "example-orders"}, []string{"You get no more texts from Example Corp."}},
		{"pause moves no switch", []string{"action", "pause", "had", "alerts", "on", "news"}, map[string]consent.State{"alerts": consent.Subscribed, "news": ""}, []consent.EventType{consent.Paused}, 0, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t)
			b.subscribe(her, "alerts", "orders")
			stranger := consent.Key{Brand: "example", Phone: "+12065550143"}
			b.subscribe(stranger, "alerts")
			before, others := len(b.record(her).Events), b.record(stranger)
			tok := b.token(her)
			w := b.post(tok, tc.form...)
			if w.Code != http.StatusOK {
				t.Fatalf("%d %s", w.Code, says(w))
			}
			wantSays(t, w, tc.says...)
			r := b.record(her)
			for id, want := range tc.state {
				if got := r.Contact.Subs[id].State; got != want {
					t.Errorf("%s is %q, want %q", id, got, want)
				}
			}
			var types []consent.EventType
			for _, e := range r.Events[before:] {
				types = append(types, e.Type)
				checkEvidence(t, e, tok, b.now)
			}
			if !slices.Equal(types, tc.events) || len(b.texts) != tc.texts || !slices.Equal(b.listed, tc.listed) {
				t.Errorf("events %v, %d texts, on lists %v; want %v, %d, %v", types, len(b.texts), b.listed, tc.events, tc.texts, tc.listed)
			}
			if diff := cmp.Diff(others, b.record(stranger)); diff != "" {
				t.Errorf("another person changed: %s", diff)
			}
			for _, sent := range b.texts {
				if sent.To != her.Phone || !strings.Contains(sent.Body, "YES") {
					t.Errorf("%s got %q", sent.To, sent.Body)
				}
			}
		})
	}
}

// checkEvidence: what an event proves is where and how it was chosen; not the link, which would let whoever reads it choose too.
func checkEvidence(t *testing.T, e consent.Event, tok string, now time.Time) {
	t.Helper()
	want := map[string]string{
		"page": "example.com/preferences", "ip": "203.0.113.7", "agent": "Mozilla/5.0", "link expires": now.Add(link.Lifetime).Format(time.RFC3339),
	}
	for name, value := range want {
		if e.Evidence[name] != value {
			t.Errorf("%s: evidence %s is %q, want %q", e.Type, name, e.Evidence[name], value)
		}
	}
	if e.Source != consent.SourcePage || !e.At.Equal(now) || strings.Contains(fmt.Sprint(e), tok) {
		t.Errorf("event %+v", e)
	}
	if e.Type == consent.Requested {
		const shown = "Example Corp. news: up to one text a week\nIf you switch something on, we send you one text that asks for your YES."
		if !strings.HasPrefix(e.Evidence["shown"], shown) || !strings.HasSuffix(e.Evidence["shown"], "Consent is not a condition of any purchase.") {
			t.Errorf("shown was %q", e.Evidence["shown"])
		}
	}
}

// The whole story on both stores: nothing the page does needs what only one of them has.
func TestStoryOnBothStores(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		b := benchOn(t, s, []byte(programs))
		b.subscribe(her, "alerts", "orders")
		tok := b.token(her)
		b.post(tok, "action", "save", "had", "alerts", "on", "news", "on", "orders", "had", "orders")
		b.now = b.now.Add(time.Minute)
		b.hear(her, "alerts", keyword.Intent{Kind: keyword.Confirm})
		b.post(tok, "action", "pause")
		w := b.get(tok)
		wantSays(t, w, "On, paused")
		if diff := cmp.Diff(map[string]bool{"alerts": false, "news": true, "orders": true}, switches(w)); diff != "" {
			t.Error(diff)
		}
		b.post(tok, "action", "resume")
		if c := b.contact(her); !c.Paused.IsZero() {
			t.Errorf("paused until %s", c.Paused)
		}
		b.post(tok, "action", "stop")
		wantSays(t, b.get(tok), "You have stopped all texts from Example Corp.")
		var types []string
		for _, e := range b.record(her).Events[4:] {
			types = append(types, string(e.Type))
		}
		if got := strings.Join(types, " "); got != "opted-out requested confirmed paused resumed opted-out" {
			t.Errorf("events %s", got)
		}
	})
}

// A page that has lain open since before a change undoes none of it.
func TestAnOldPageUndoesNothing(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	tok := b.token(her)
	b.subscribe(her, "news")
	if w := b.post(tok, "action", "save", "on", "alerts", "had", "alerts", "on", "orders"); w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	if s := b.contact(her).Subs["news"].State; s != consent.Subscribed {
		t.Errorf("news, which the page knew nothing of, is %s", s)
	}
	b.hear(her, "orders", keyword.Intent{Kind: keyword.OptOut})
	b.now = b.now.Add(time.Hour)
	w := b.post(tok, "action", "save", "on", "orders")
	if s := b.contact(her).Subs["orders"].State; s != consent.Unsubscribed {
		t.Errorf("a page from before the STOP made orders %s", s)
	}
	wantSays(t, w, "Nothing was changed.", "text START to 12345")
}

// The phone is asked as often as it may be, and the page says what is so.
func TestAskedOftenEnough(t *testing.T) {
	b := newBench(t)
	tok := b.token(her)
	for range 2 {
		b.post(tok, "action", "save", "on", "alerts")
		b.post(tok, "action", "save", "had", "alerts")
		b.now = b.now.Add(time.Hour)
	}
	w := b.post(tok, "action", "save", "on", "alerts")
	wantSays(t, w, "We did not ask you again about Example Corp. alerts.")
	if len(b.texts) != 2 {
		t.Errorf("%d texts, want the 2 a day may have", len(b.texts))
	}
	if w = b.post(tok, "action", "save", "on", "alerts", "on", "news"); strings.Contains(says(w), "Look at your phone") {
		t.Error("the page promises a text that was not sent")
	}
}

// Where AWS's list does not answer, the stop stands all the same, and the next press finishes it.
func TestStopIsFinishedByTheNextPress(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	b.deaf = true
	tok := b.token(her)
	if w := b.post(tok, "action", "stop"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d", w.Code)
	}
	if _, all := b.contact(her).Stopped[consent.Everything]; !all {
		t.Fatal("not stopped")
	}
	b.deaf = false
	before := len(b.record(her).Events)
	if w := b.post(tok, "action", "stop"); w.Code != http.StatusOK || !slices.Equal(b.listed, []string{"Default", "example-orders"}) {
		t.Errorf("%d, on lists %v", w.Code, b.listed)
	}
	if n := len(b.record(her).Events); n != before {
		t.Errorf("stopped again with %d more events", n-before)
	}
}

func TestLimit(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	tok, other := b.token(her), b.token(her)
	for i := range 20 {
		if w := b.post(tok, "action", []string{"pause", "resume"}[i%2]); w.Code != http.StatusOK {
			t.Fatalf("change %d: %d", i+1, w.Code)
		}
	}
	before := b.contact(her)
	w := b.post(tok, "action", "pause")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "3600" || b.contact(her).Version != before.Version {
		t.Errorf("change 21: %d, version %d after %d", w.Code, b.contact(her).Version, before.Version)
	}
	wantSays(t, w, "Please try again later", "Back to your texts")
	if w := b.post(other, "action", "pause"); w.Code != http.StatusOK {
		t.Errorf("another link of hers: %d", w.Code)
	}
	if w := b.post(tok, "action", "stop"); w.Code != http.StatusOK {
		t.Errorf("stopping must always be possible: %d", w.Code)
	}
	b.now = b.now.Add(time.Hour)
	if w := b.post(tok, "action", "resume"); w.Code != http.StatusOK {
		t.Errorf("an hour later: %d", w.Code)
	}
}

// Every refusal leaves things as they were, texts nobody and tells nothing of anybody.
func TestRefusals(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	good := b.token(her)
	b.now = b.now.Add(-link.Lifetime)
	old := b.token(her)
	b.now = b.now.Add(link.Lifetime)
	before := b.record(her)
	kind := func(r *http.Request, contentType string) *http.Request {
		r.Header.Set("Content-Type", contentType)
		return r
	}
	get := func(token string) *http.Request {
		return httptest.NewRequest(http.MethodGet, "/preferences?t="+token, nil)
	}
	for _, tc := range []struct {
		name    string
		request *http.Request
		status  int
		says    string
	}{
		{"no link", httptest.NewRequest(http.MethodGet, "/preferences", nil), 403, "text PREFS"},
		{"a made-up link", get(strings.Repeat("A", link.TokenLen)), 403, "text PREFS"},
		{"an altered link", get(altered(good)), 403, "text PREFS"},
		{"a link cut short", get(good[:40]), 403, "tap it in the text itself"},
		{"an expired link", get(old), 410, "text PREFS"},
		{"a form without a link", form("action=stop"), 403, "text PREFS"},
		{"a form with an altered link", form("action=stop&t=" + altered(good)), 403, "text PREFS"},
		{"a form with an expired link", form("action=stop&t=" + old), 410, "text PREFS"},
		{"a form with the link in the address", kind(httptest.NewRequest(http.MethodPost, "/preferences?t="+good, strings.NewReader("action=stop")), "application/x-www-form-urlencoded"), 403, "text PREFS"},
		{"no action", form("t=" + good), 422, "Nothing was changed"},
		{"another action", form("action=delete&t=" + good), 422, "Nothing was changed"},
		{"a topic that is not there", form("action=save&on=gold&t=" + good), 422, "Nothing was changed"},
		{"a topic of another brand", form("action=save&on=specials&t=" + good), 422, "Nothing was changed"},
		{"it was on, and is not there", form("action=save&had=gold&t=" + good), 422, "Nothing was changed"},
		{"JSON", kind(form(`{"t":"`+good+`","action":"stop"}`), "application/json"), 415, "Nothing was changed"},
		{"no content type", kind(form("action=stop&t="+good), ""), 415, "Nothing was changed"},
		{"multipart", kind(form("action=stop&t="+good), "multipart/form-data; boundary=x"), 415, "Nothing was changed"},
		{"too long", form("action=stop&t=" + good + "&more=" + strings.Repeat("x", 8<<10)), 413, "Nothing was changed"},
		{"not encoded", form("action=stop&t=" + good + "&x=%zz"), 400, "Nothing was changed"},
		{"semicolons", form("action=stop;t=" + good), 400, "Nothing was changed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := b.do(tc.request)
			if w.Code != tc.status {
				t.Errorf("%d, want %d", w.Code, tc.status)
			}
			wantSays(t, w, tc.says)
			for _, secret := range []string{"Example", "0142", "206", "alerts"} {
				if strings.Contains(w.Body.String(), secret) {
					t.Errorf("the page holds %q: %s", secret, w.Body)
				}
			}
			if back := strings.Contains(w.Body.String(), "preferences?t="); back != (tc.status == 422) {
				t.Errorf("leads back to the page: %v", back)
			}
		})
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
		if w := b.do(httptest.NewRequest(method, "/preferences?t="+good, strings.NewReader("action=stop&t="+good))); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
	if diff := cmp.Diff(before, b.record(her)); diff != "" || len(b.texts) != 0 || len(b.listed) != 0 {
		t.Errorf("a refusal changed something: %d texts, lists %v, %s", len(b.texts), b.listed, diff)
	}
}

// altered is a token with another first character.
func altered(token string) string {
	if token[0] == 'A' {
		return "B" + token[1:]
	}
	return "A" + token[1:]
}

func TestALinkShowsOnePhoneAtOneBrand(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	him := consent.Key{Brand: "example", Phone: "+12065550199"}
	cafe := consent.Key{Brand: "cafe", Phone: her.Phone}
	w := b.get(b.token(him))
	wantSays(t, w, "ending in 0199")
	if switches(w)["alerts"] || strings.Contains(w.Body.String(), "0142") {
		t.Error("his page shows hers")
	}
	w = b.get(b.token(cafe))
	wantSays(t, w, "Your texts from Example Cafe", "weekly specials")
	b.post(b.token(cafe), "action", "stop")
	b.post(b.token(him), "action", "stop")
	if s := b.contact(her).Subs["alerts"].State; s != consent.Subscribed {
		t.Errorf("hers is %s after others stopped theirs", s)
	}
	if _, stopped := b.contact(cafe).Stopped[consent.Everything]; !stopped {
		t.Error("the cafe's was not stopped")
	}
}

// The address of a page holds its link, and nobody but its reader is to have it.
func TestHeaders(t *testing.T) {
	b := newBench(t)
	page := b.get(b.token(her))
	file := regexp.MustCompile(`href="(preferences/assets/[0-9a-f]{16}\.css)"`).FindStringSubmatch(page.Body.String())
	if file == nil {
		t.Fatal("the page has no stylesheet")
	}
	sheet := b.do(httptest.NewRequest(http.MethodGet, "/"+file[1], nil))
	if sheet.Code != http.StatusOK || sheet.Header().Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(sheet.Body.String(), `[data-brand="example"] { --brand: #0b5fff;`) {
		t.Errorf("stylesheet: %d %v", sheet.Code, sheet.Header())
	}
	if got := sheet.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("the stylesheet may be kept: %q", got)
	}
	none := b.do(httptest.NewRequest(http.MethodGet, "/preferences/assets/other.css", nil))
	if none.Code != http.StatusNotFound {
		t.Errorf("another stylesheet: %d", none.Code)
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"page": page, "change": b.post(b.token(her), "action", "save"), "invalid": b.get("x"), "refused": b.post(b.token(her), "action", "x"), "stylesheet": sheet, "not found": none,
	} {
		for header, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"Referrer-Policy":         "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=31536000",
			"X-Robots-Tag": "noindex",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		if name != "stylesheet" && w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", name, w.Header().Get("Cache-Control"))
		}
		for _, inline := range []string{"<script", "<style", " style=", " onclick=", "javascript:"} {
			if strings.Contains(w.Body.String(), inline) {
				t.Errorf("%s has %s", name, inline)
			}
		}
	}
}

func TestFaultsOfOursAreNotThePersons(t *testing.T) {
	for name, fault := range map[string]func(*bench){
		"contacts": func(b *bench) { b.Contacts = broken{} },
		"outbox":   func(b *bench) { b.Outbox = broken{} },
		"limiter":  func(b *bench) { b.Limiter = broken{} },
	} {
		b := newBench(t)
		fault(b)
		tok := b.token(her)
		w := b.post(tok, "action", "pause")
		if name == "contacts" {
			w = b.get(tok)
		}
		if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "broken") || !strings.Contains(b.log.String(), "broken") {
			t.Errorf("%s: %d %s", name, w.Code, says(w))
		}
		wantSays(t, w, "try again in a minute", "text STOP")
	}
}

type broken struct{}

func (broken) Contact(context.Context, consent.Key) (consent.Contact, error) {
	return consent.Contact{}, errBroken
}

func (broken) Change(context.Context, consent.Key, func(consent.Contact) consent.Change) (consent.Change, error) {
	return consent.Change{}, errBroken
}

func (broken) Allow(context.Context, string, int, time.Duration, time.Time) (bool, error) {
	return false, errBroken
}

// The sample events are what people try the function with; their link has expired.
func TestSampleEvents(t *testing.T) {
	for _, name := range []string{"preferences-get.json", "preferences-post.json"} {
		raw, err := os.ReadFile("../../events/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var e events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatal(err)
		}
		out, err := newBench(t).Handle(t.Context(), e)
		if err != nil || out.StatusCode != http.StatusForbidden || !strings.Contains(out.Body, "PREFS") {
			t.Errorf("%s: %d (%v); the key here is another", name, out.StatusCode, err)
		}
	}
}

// A question that the gate holds back is not promised.
func TestOnlyWhatWasSentIsPromised(t *testing.T) {
	b := newBench(t)
	nowhere := consent.Key{Brand: "example", Phone: "+9991234567"}
	w := b.post(b.token(nowhere), "action", "save", "on", "alerts")
	if w.Code != http.StatusOK || len(b.texts) != 0 || strings.Contains(says(w), "Look at your phone") {
		t.Errorf("%d, %d texts: %s", w.Code, len(b.texts), says(w))
	}
	for _, m := range b.record(nowhere).Messages {
		if m.Kind == message.Confirmation {
			t.Error("a text is on record")
		}
	}
}
