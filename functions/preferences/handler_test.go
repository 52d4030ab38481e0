package preferences_test

import (
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

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/testkit/dynamotest"
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
			b.now = b.now.Add(time.Hour)
			if err := b.outbox.FollowUp(t.Context(), r.Contact); err != nil {
				t.Fatal(err)
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

// checkEvidence: what an event proves is where and how it was chosen; not the link, which would let whoever reads it
// choose too.
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
		b.hear(her, "alerts", keyword.Intent{Kind: keyword.Confirm, Confidence: 1})
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

// Where AWS's list does not answer when its time has come, the stop stands all the same, and the next press finishes
// it.
func TestStopIsFinishedByTheNextPress(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	b.deaf = true
	tok := b.token(her)
	if w := b.post(tok, "action", "stop"); w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
	b.now = b.now.Add(time.Hour)
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
		if m.Kind == message.Confirmation && m.Status != consent.Withheld {
			t.Errorf("a text is on record as %s", m.Status)
		}
	}
}
