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
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/testkit/dynamotest"
)

// says is what a page shows, without the marks that isolate names.
func says(answer *httptest.ResponseRecorder) string {
	text := strings.NewReplacer("\u2068", "", "\u2069", "", "&#39;", "'", "&#43;", "+", "&amp;", "&").Replace(answer.Body.String())
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, "")
}

// switches are the topics with a switch and whether it is on.
func switches(answer *httptest.ResponseRecorder) map[string]bool {
	found := map[string]bool{}
	for _, m := range regexp.MustCompile(`<input type="checkbox" name="on" id="topic-([a-z]+)"[^>]*>`).FindAllStringSubmatch(answer.Body.String(), -1) {
		found[m[1]] = strings.Contains(m[0], " checked")
	}
	return found
}

func wantSays(t *testing.T, answer *httptest.ResponseRecorder, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(says(answer), p) {
			t.Errorf("the page does not say %q: %s", p, regexp.MustCompile(`\s+`).ReplaceAllString(says(answer), " "))
		}
	}
}

func TestThePageShowsWhereEveryTopicStands(t *testing.T) {
	for _, tc := range []struct {
		name     string
		before   func(*fixture)
		switches map[string]bool
		says     []string
	}{
		{
			"a stranger", func(*fixture) {},
			map[string]bool{"alerts": false, "news": false, "orders": false},
			[]string{"Your texts from Example Corp.", "ending in 0142", "Example Corp. alerts", "up to 2 texts a month", "up to one text a week", "how often varies", "Off"},
		},
		{"subscribed", func(w *fixture) { w.subscribe(her, "alerts", "orders") }, map[string]bool{"alerts": true, "news": false, "orders": true}, []string{"On", "Pause for 30 days", "Stop everything"}},
		{"waiting", func(w *fixture) {
			w.post(w.token(her), "action", "save", "on", "alerts")
		}, map[string]bool{"alerts": true, "news": false, "orders": false}, []string{"Waiting for your YES: answer YES to the text from +12065550100."}},
		{"waited in vain", func(w *fixture) {
			w.post(w.token(her), "action", "save", "on", "alerts")
			w.Pass(25 * time.Hour)
		}, map[string]bool{"alerts": false, "news": false, "orders": false}, []string{"Off"}},
		{"stopped a program by text", func(w *fixture) {
			w.subscribe(her, "alerts", "orders")
			w.Means(her, "alerts", keyword.Intent{Kind: keyword.OptOut})
		}, map[string]bool{"orders": true}, []string{"Stopped. To get it again, text START to +12065550100."}},
		{"stopped a topic by text", func(w *fixture) {
			w.subscribe(her, "alerts", "news")
			w.Means(her, "alerts", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"})
		}, map[string]bool{"alerts": true, "news": false, "orders": false}, nil},
		{"stopped everything", func(w *fixture) {
			w.subscribe(her, "alerts")
			w.Means(her, "alerts", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything})
		}, map[string]bool{}, []string{"You have stopped all texts from Example Corp.", "text START to +12065550100", "text START to 12345"}},
		{"paused", func(w *fixture) {
			w.subscribe(her, "alerts")
			w.post(w.token(her), "action", "pause")
		}, map[string]bool{"alerts": true, "news": false, "orders": false}, []string{"On, paused", "until December 31, 2026", "Resume now"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			tc.before(w)
			answer := w.get(w.token(her))
			if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "text/html; charset=utf-8" {
				t.Fatalf("%d %s", answer.Code, answer.Body)
			}
			if diff := cmp.Diff(tc.switches, switches(answer)); diff != "" {
				t.Error(diff)
			}
			wantSays(t, answer, tc.says...)
			for _, secret := range []string{"2065550142", "206555014", "Example Cafe", "specials"} {
				if strings.Contains(answer.Body.String(), secret) {
					t.Errorf("the page holds %q", secret)
				}
			}
			_, all := w.Contact(her).Stopped[consent.Everything]
			if offers := strings.Contains(answer.Body.String(), `value="stop"`); offers == all {
				t.Errorf("offers to stop everything: %v", offers)
			}
		})
	}
}

// Phones, mail filters and previews open links that nobody tapped.
func TestOpeningALinkChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	before := w.Proof(her)
	for range 30 {
		if answer := w.get(w.token(her)); answer.Code != http.StatusOK {
			t.Fatal(answer.Code)
		}
	}
	if diff := cmp.Diff(before, w.Proof(her)); diff != "" || len(w.Carrier.Sent) != 0 {
		t.Errorf("%d texts; %s", len(w.Carrier.Sent), diff)
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
		{"stop", []string{"action", "stop"}, map[string]consent.State{"alerts": consent.Unsubscribed, "orders": consent.Unsubscribed}, []consent.EventType{consent.OptedOut}, 0, []string{"+Default", "+example-orders"}, []string{"You get no more texts from Example Corp."}},
		{"pause moves no switch", []string{"action", "pause", "had", "alerts", "on", "news"}, map[string]consent.State{"alerts": consent.Subscribed, "news": ""}, []consent.EventType{consent.Paused}, 0, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribe(her, "alerts", "orders")
			stranger := phone.Number("+12065550143")
			w.subscribe(stranger, "alerts")
			before, others := len(w.Proof(her).Events), w.Proof(stranger)
			tok := w.token(her)
			answer := w.post(tok, tc.form...)
			if answer.Code != http.StatusOK {
				t.Fatalf("%d %s", answer.Code, says(answer))
			}
			wantSays(t, answer, tc.says...)
			r := w.Proof(her)
			for id, want := range tc.state {
				if got := r.Contact.Subs[id].State; got != want {
					t.Errorf("%s is %q, want %q", id, got, want)
				}
			}
			var types []consent.EventType
			for _, e := range r.Events[before:] {
				types = append(types, e.Type)
				checkEvidence(t, e, tok, w.Clock())
			}
			w.Pass(time.Hour)
			if err := w.Outbox.FollowUp(t.Context(), r.Contact); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(types, tc.events) || len(w.Carrier.Sent) != tc.texts || !slices.Equal(w.Carrier.Lists, tc.listed) {
				t.Errorf("events %v, %d texts, on lists %v; want %v, %d, %v", types, len(w.Carrier.Sent), w.Carrier.Lists, tc.events, tc.texts, tc.listed)
			}
			if diff := cmp.Diff(others, w.Proof(stranger)); diff != "" {
				t.Errorf("another person changed: %s", diff)
			}
			for _, sent := range w.Carrier.Sent {
				if sent.To != her || !strings.Contains(sent.Body, "YES") {
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
		w := worldOn(t, s)
		w.subscribe(her, "alerts", "orders")
		tok := w.token(her)
		w.post(tok, "action", "save", "had", "alerts", "on", "news", "on", "orders", "had", "orders")
		w.Pass(time.Minute)
		w.Means(her, "alerts", keyword.Intent{Kind: keyword.Confirm, Confidence: 1})
		w.post(tok, "action", "pause")
		answer := w.get(tok)
		wantSays(t, answer, "On, paused")
		if diff := cmp.Diff(map[string]bool{"alerts": false, "news": true, "orders": true}, switches(answer)); diff != "" {
			t.Error(diff)
		}
		w.post(tok, "action", "resume")
		if c := w.Contact(her); !c.Paused.IsZero() {
			t.Errorf("paused until %s", c.Paused)
		}
		w.post(tok, "action", "stop")
		wantSays(t, w.get(tok), "You have stopped all texts from Example Corp.")
		var types []string
		for _, e := range w.Proof(her).Events[4:] {
			types = append(types, string(e.Type))
		}
		if got := strings.Join(types, " "); got != "opted-out requested confirmed paused resumed opted-out" {
			t.Errorf("events %s", got)
		}
	})
}

// A page that has lain open since before a change undoes none of it.
func TestAnOldPageUndoesNothing(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	tok := w.token(her)
	w.subscribe(her, "news")
	if answer := w.post(tok, "action", "save", "on", "alerts", "had", "alerts", "on", "orders"); answer.Code != http.StatusOK {
		t.Fatal(answer.Code)
	}
	if s := w.Contact(her).Subs["news"].State; s != consent.Subscribed {
		t.Errorf("news, which the page knew nothing of, is %s", s)
	}
	w.Means(her, "orders", keyword.Intent{Kind: keyword.OptOut})
	w.Pass(time.Hour)
	answer := w.post(tok, "action", "save", "on", "orders")
	if s := w.Contact(her).Subs["orders"].State; s != consent.Unsubscribed {
		t.Errorf("a page from before the STOP made orders %s", s)
	}
	wantSays(t, answer, "Nothing was changed.", "text START to 12345")
}

// The phone is asked as often as it may be, and the page says what is so.
func TestAskedOftenEnough(t *testing.T) {
	w := newWorld(t)
	tok := w.token(her)
	for range 2 {
		w.post(tok, "action", "save", "on", "alerts")
		w.post(tok, "action", "save", "had", "alerts")
		w.Pass(time.Hour)
	}
	answer := w.post(tok, "action", "save", "on", "alerts")
	wantSays(t, answer, "We did not ask you again about Example Corp. alerts.")
	if len(w.Carrier.Sent) != 2 {
		t.Errorf("%d texts, want the 2 a day may have", len(w.Carrier.Sent))
	}
	if answer = w.post(tok, "action", "save", "on", "alerts", "on", "news"); strings.Contains(says(answer), "Look at your phone") {
		t.Error("the page promises a text that was not sent")
	}
}

// Where AWS's list does not answer when its time has come, the stop stands all the same, and the next press finishes
// it.
func TestStopIsFinishedByTheNextPress(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	w.Carrier.OnList = func(string) error { return errBroken }
	tok := w.token(her)
	if answer := w.post(tok, "action", "stop"); answer.Code != http.StatusOK {
		t.Errorf("%d", answer.Code)
	}
	w.Pass(time.Hour)
	if answer := w.post(tok, "action", "stop"); answer.Code != http.StatusServiceUnavailable {
		t.Errorf("%d", answer.Code)
	}
	if _, all := w.Contact(her).Stopped[consent.Everything]; !all {
		t.Fatal("not stopped")
	}
	w.Carrier.OnList = nil
	before := len(w.Proof(her).Events)
	if answer := w.post(tok, "action", "stop"); answer.Code != http.StatusOK || !slices.Equal(w.Carrier.Lists, []string{"+Default", "+example-orders"}) {
		t.Errorf("%d, on lists %v", answer.Code, w.Carrier.Lists)
	}
	if n := len(w.Proof(her).Events); n != before {
		t.Errorf("stopped again with %d more events", n-before)
	}
}

func TestLimit(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	tok, other := w.token(her), w.token(her)
	for i := range 20 {
		if answer := w.post(tok, "action", []string{"pause", "resume"}[i%2]); answer.Code != http.StatusOK {
			t.Fatalf("change %d: %d", i+1, answer.Code)
		}
	}
	before := w.Contact(her)
	answer := w.post(tok, "action", "pause")
	if answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") != "3600" || w.Contact(her).Version != before.Version {
		t.Errorf("change 21: %d, version %d after %d", answer.Code, w.Contact(her).Version, before.Version)
	}
	wantSays(t, answer, "Please try again later", "Back to your texts")
	if answer := w.post(other, "action", "pause"); answer.Code != http.StatusOK {
		t.Errorf("another link of hers: %d", answer.Code)
	}
	if answer := w.post(tok, "action", "stop"); answer.Code != http.StatusOK {
		t.Errorf("stopping must always be possible: %d", answer.Code)
	}
	w.Pass(time.Hour)
	if answer := w.post(tok, "action", "resume"); answer.Code != http.StatusOK {
		t.Errorf("an hour later: %d", answer.Code)
	}
}

func TestALinkShowsOnePhoneAtOneBrand(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	him := phone.Number("+12065550199")
	cafe := consent.Key{Brand: "cafe", Phone: her}
	answer := w.get(w.token(him))
	wantSays(t, answer, "ending in 0199")
	if switches(answer)["alerts"] || strings.Contains(answer.Body.String(), "0142") {
		t.Error("his page shows hers")
	}
	answer = w.get(w.tokenAt(cafe))
	wantSays(t, answer, "Your texts from Example Cafe", "weekly specials")
	w.post(w.tokenAt(cafe), "action", "stop")
	w.post(w.token(him), "action", "stop")
	if s := w.Contact(her).Subs["alerts"].State; s != consent.Subscribed {
		t.Errorf("hers is %s after others stopped theirs", s)
	}
	if c, err := w.Table.Contact(t.Context(), cafe); err != nil || c.Stopped[consent.Everything].IsZero() {
		t.Errorf("the cafe's was not stopped: %v", err)
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
		out, err := newWorld(t).handler.Handle(t.Context(), e)
		if err != nil || out.StatusCode != http.StatusForbidden || !strings.Contains(out.Body, "PREFS") {
			t.Errorf("%s: %d (%v); the key here is another", name, out.StatusCode, err)
		}
	}
}

// A question that the gate holds back is not promised.
func TestOnlyWhatWasSentIsPromised(t *testing.T) {
	w := newWorld(t)
	nowhere := phone.Number("+9991234567")
	answer := w.post(w.token(nowhere), "action", "save", "on", "alerts")
	if answer.Code != http.StatusOK || len(w.Carrier.Sent) != 0 || strings.Contains(says(answer), "Look at your phone") {
		t.Errorf("%d, %d texts: %s", answer.Code, len(w.Carrier.Sent), says(answer))
	}
	for _, m := range w.Proof(nowhere).Messages {
		if m.Kind == message.Confirmation && m.Status != consent.Withheld {
			t.Errorf("a text is on record as %s", m.Status)
		}
	}
}
