package texts_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
)

var (
	tonight = time.Date(2026, time.December, 2, 6, 0, 0, 0, time.UTC)  // 22:00 in Seattle
	opening = time.Date(2026, time.December, 2, 17, 0, 0, 0, time.UTC) // 09:00 there
)

// news is a promotional text, which obeys the hours.
func news() body {
	return shipped().With("topic", "alerts").With("text", "Open today until nine.").With("id", "news-1")
}

// waiting is the world at night, in which her text waits for the morning.
func waiting(t *testing.T, store dynamotest.Store) *fixture { return waitingAs(t, store, "news-1") }

func waitingAs(t *testing.T, store dynamotest.Store, id string) *fixture {
	t.Helper()
	w := newWorld(t, store)
	w.GoTo(tonight)
	a := w.post(news().With("id", id))
	if a.Status != texts.Deferred || a.Until == nil || !a.Until.Equal(opening) || a.Rule != "permitted-hours" || a.Because == "" || a.Citation == "" {
		t.Fatalf("I6: answered %+v, want deferred until %s", a, opening)
	}
	if len(w.Carrier.Sent) != 0 || len(w.Schedules.Pending) != 2 {
		t.Fatalf("I6: %d texts went out, %d schedules", len(w.Carrier.Sent), len(w.Schedules.Pending))
	}
	return w
}

// pauses has her ask for a pause.
func (w *fixture) pauses(until time.Time) {
	w.Change(her, func(c consent.Contact) consent.Change { return c.Pause(w.Clock(), until, nil) })
}

// kept is what is kept of the text of that ID.
func (w *fixture) kept(id string) consent.Deferred {
	w.T.Helper()
	_, d, err := w.Table.ContactAndDeferred(w.T.Context(), consent.Key{Brand: "example", Phone: her}, id)
	if err != nil {
		w.T.Fatal(err)
	}
	return d
}

// statuses is what the texts of that ID are on record as.
func (w *fixture) statuses(id string) []string {
	w.T.Helper()
	var all []string
	for _, m := range w.Proof(her).Messages {
		if m.Ref == id {
			all = append(all, string(m.Status)+": "+m.History[len(m.History)-1].Detail)
		}
	}
	return all
}

// A text that comes at night goes by itself in the morning, once, and its ID says so ever after.
func TestADeferredTextGoesAtTheOpening(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := waiting(t, store)
		w.Bill.Take()
		if again := w.post(news()); again.Status != texts.Duplicate || again.First != texts.Deferred || again.Until == nil || !again.Until.Equal(opening) {
			t.Errorf("asked again at night: %+v", again)
		}
		if calls, _ := w.Bill.Take(); !maps.Equal(calls, map[string]int{"BatchGetItem": 1}) {
			t.Errorf("asked again at night: it asked DynamoDB for %v", calls)
		}
		_, alarm, _ := w.Schedules.First()
		w.RunOut()
		w.Wake(alarm.Input) // EventBridge Scheduler may fire twice
		if n := len(w.Carrier.Sent); n != 1 || w.Carrier.Sent[0].At.Before(opening) || w.Carrier.Sent[0].Body != "Example Corp.: Open today until nine." {
			t.Errorf("I2: %d texts went out: %+v", n, w.Carrier.Sent)
		}
		if diff := cmp.Diff([]string{"sent: "}, w.statuses("news-1")); diff != "" {
			t.Error(diff)
		}
		if again := w.post(news()); again.Status != texts.Duplicate || again.First != texts.Sent || again.Message == "" || again.Delivery != consent.Sent {
			t.Errorf("asked again: %+v", again)
		}
	})
}

// I1: a STOP between asking and the opening ends the text, with its reason on record.
func TestASTOPEndsADeferredText(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := waiting(t, store)
		w.Says(her, "alerts", keyword.OptOut)
		answers := len(w.Carrier.Sent)
		w.RunOut()
		if n := len(w.Carrier.Sent) - answers; n != 0 {
			t.Errorf("I1: %d texts went out after STOP", n)
		}
		if diff := cmp.Diff([]string{"withheld: the person opted out"}, w.statuses("news-1")); diff != "" {
			t.Error(diff)
		}
		if again := w.post(news()); again.Status != texts.Duplicate || again.First != texts.Withdrawn || again.Rule != "opted-out" {
			t.Errorf("asked again: %+v", again)
		}
	})
}

// I1: a STOP takes a text back that waits, for good: whoever comes back before its hour, in whatever way, agrees to
// what is asked for from then on. Its ID says so from the STOP on.
func TestWhatASTOPTookBackStaysBack(t *testing.T) {
	all := keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}
	start := keyword.Intent{Kind: keyword.OptIn, Restart: true, Confidence: 1}
	join := keyword.Intent{Kind: keyword.OptIn, Topic: "alerts", Confidence: 1}
	for name, says := range map[string][]keyword.Intent{
		"STOP, START, YES":     {{Kind: keyword.OptOut}, start, {Kind: keyword.Confirm}},
		"STOP, JOIN, YES":      {{Kind: keyword.OptOut}, join, {Kind: keyword.Confirm}},
		"STOP ALL, START, YES": {all, start, {Kind: keyword.Confirm}},
	} {
		stores.Each(t, func(t *testing.T, store dynamotest.Store) {
			w := waiting(t, store)
			for i, intent := range says {
				w.Pass(time.Minute)
				w.Means(her, "alerts", intent)
				again := w.post(news())
				if again.First != texts.Withdrawn || again.Rule == "" || again.Because == "" || again.Citation == "" || again.Until != nil {
					t.Errorf("%s: asked again after word %d: %+v", name, i+1, again)
				}
			}
			if s := w.Contact(her).Subs["alerts"].State; s != consent.Subscribed {
				t.Fatalf("%s: she is %s", name, s)
			}
			if a := w.post(news().With("id", "news-2").With("text", "Open today until ten.")); a.Status != texts.Deferred {
				t.Errorf("%s: what is asked for after she came back: %+v", name, a)
			}
			w.Carrier.Sent = nil
			w.RunOut()
			if n := len(w.Carrier.Sent); n != 1 || !strings.Contains(w.Carrier.Sent[0].Body, "until ten") {
				t.Errorf("I1: %s: %d texts went out: %+v", name, n, w.Carrier.Sent)
			}
			if got := w.statuses("news-1"); len(got) != 1 || !strings.HasPrefix(got[0], "withheld: the consent it was asked for under has ended") {
				t.Errorf("%s: on record as %q", name, got)
			}
			if again := w.post(news()); again.First != texts.Withdrawn || again.Rule != "topic-consent" || again.Citation == "" {
				t.Errorf("%s: asked again in the morning: %+v", name, again)
			}
		})
	}
}

// Whoever asked may take a text back while it waits, by its ID alone or with the phone; then it never goes.
func TestADeferredTextIsWithdrawn(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		for i, query := range []string{"", "brand=example", "brand=example&phone=%2B12065550142", "brand=example&phone=+12065550142"} {
			id := fmt.Sprintf("news-%d", i)
			w := waitingAs(t, store, id)
			for range 2 { // it may be said twice, where the phone tells whose it is
				code, said := w.call(http.MethodDelete, "/texts/"+id, query, "", shop)
				if code != http.StatusOK || !strings.Contains(said, `"status":"withdrawn"`) {
					t.Errorf("%q: %d %s", query, code, said)
				}
				if !strings.Contains(query, "phone") {
					break
				}
			}
			w.RunOut()
			if n := len(w.Carrier.Sent); n != 0 {
				t.Errorf("%q: %d texts went out", query, n)
			}
			if diff := cmp.Diff([]string{"withheld: withdrawn by whoever asked for it"}, w.statuses(id)); diff != "" {
				t.Error(diff)
			}
			if again := w.post(news().With("id", id)); again.Status != texts.Duplicate || again.First != texts.Withdrawn {
				t.Errorf("asked again: %+v", again)
			}
		}
	})
}

// What does not wait cannot be withdrawn, and the answer says why.
func TestWhatCannotBeWithdrawn(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.post(shipped())
	for _, tc := range []struct {
		id, query, caller string
		code              int
		field             string
	}{
		{"order-4711", "brand=example&phone=%2B12065550142", shop, http.StatusConflict, "id"},
		{"order-4711", "", shop, http.StatusNotFound, "id"},
		{"order-4712", "brand=example&phone=%2B12065550142", shop, http.StatusNotFound, "id"},
		{"order-4711", "phone=%2B12065550142", shop, http.StatusBadRequest, "brand"},
		{"order-4711", "brand=example&phone=1", shop, http.StatusBadRequest, "phone"},
		{"order,4711", "", shop, http.StatusBadRequest, "id"},
		{"order-4711", "", "", http.StatusForbidden, ""},
	} {
		code, said := w.call(http.MethodDelete, "/texts/"+tc.id, tc.query, "", tc.caller)
		names := tc.field == "" || strings.Contains(said, `"field":"`+tc.field+`"`)
		if code != tc.code || !names || !strings.Contains(said, `"message"`) {
			t.Errorf("%s?%s: %d %s, want %d and field %q", tc.id, tc.query, code, said, tc.code, tc.field)
		}
	}
}

// Several people's texts may have one ID; then the phone says which is meant.
func TestWithdrawingOneOfSeveral(t *testing.T) {
	w := waiting(t, stores.Memory(t))
	w.Subscribe(him, tonight.Add(-48*time.Hour), "alerts")
	w.post(news().With("phone", string(him)))
	if code, said := w.call(http.MethodDelete, "/texts/news-1", "", "", shop); code != http.StatusConflict || !strings.Contains(said, `"field":"phone"`) {
		t.Errorf("%d %s", code, said)
	}
	if code, said := w.call(http.MethodDelete, "/texts/news-1", "brand=example&phone=%2B12065550143", "", shop); code != http.StatusOK {
		t.Errorf("%d %s", code, said)
	}
	w.Carrier.Sent = nil
	w.RunOut()
	if n := len(w.Carrier.Sent); n != 1 || w.Carrier.Sent[0].To != her {
		t.Errorf("%d texts went out, want hers", n)
	}
}

// I6: a text is never sent after it expires: one whose hour comes too late is refused at once, and one that is kept
// back again until after it ends there.
func TestATextExpires(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.GoTo(tonight)
	a := w.post(news().With("expires", opening.Add(30*time.Second).Format(time.RFC3339)))
	if a.Status != texts.Refused || a.Rule != "permitted-hours" || !strings.Contains(a.Because, "expires before") || a.Until == nil {
		t.Errorf("answered %+v", a)
	}
	w.post(news().With("id", "news-2").With("expires", opening.Add(time.Hour).Format(time.RFC3339)))
	w.pauses(opening.Add(2 * time.Hour))
	w.RunOut()
	if diff := cmp.Diff([]string{"withheld: the person asked for a pause; the text expires before it may go"}, w.statuses("news-2")); diff != "" {
		t.Error(diff)
	}
	w.post(news().With("id", "news-3").With("expires", opening.Add(3*time.Hour).Format(time.RFC3339)))
	w.GoTo(opening.Add(4 * time.Hour)) // the schedule was held up
	w.RunOut()
	if diff := cmp.Diff([]string{"withheld: the time for this text is over"}, w.statuses("news-3")); diff != "" {
		t.Error(diff)
	}
	if n := len(w.Carrier.Sent); n != 0 {
		t.Errorf("I6: %d texts went out", n)
	}
}

// A text that may not go at its hour after all waits on, under a new schedule, and goes then.
func TestADeferredTextWaitsOn(t *testing.T) {
	w := waiting(t, stores.Memory(t))
	w.pauses(opening.Add(2 * time.Hour))
	w.RunUntil(opening.Add(time.Minute))
	if d := w.kept("news-1"); d.State != consent.Waits || !d.Until.Equal(opening.Add(2*time.Hour)) || d.Rule != "paused" {
		t.Errorf("it is kept as %+v", d)
	}
	w.RunOut()
	if n := len(w.Carrier.Sent); n != 1 || w.Carrier.Sent[0].At.Before(opening.Add(2*time.Hour)) {
		t.Errorf("sent %+v", w.Carrier.Sent)
	}
}

// What the carrier has no room for is tried again by itself, ever more rarely; what it refuses for good is refused, in
// words that say what to do, and the same ID may be tried again.
func TestWhatTheCarrierRefuses(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.Carrier.Answer = func(n int, _ outbox.SMS) error {
		if n < 4 {
			return &outbox.Rejection{Reason: "THROTTLED", Throttled: true, Means: "AWS had no room."}
		}
		return nil
	}
	a := w.post(shipped())
	if a.Status != texts.Deferred || a.Rule != "carrier" || a.Because != "THROTTLED: AWS had no room." || a.Until.Sub(w.Clock()).Round(time.Second) != time.Minute {
		t.Errorf("throttled: %+v", a)
	}
	w.RunOut()
	if n := len(w.Carrier.Sent); n != 1 || w.kept("order-4711").State != consent.Went {
		t.Errorf("%d texts went out", n)
	}
	w.Carrier.Answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "DESTINATION_COUNTRY_BLOCKED"} }
	if a := w.post(shipped().With("id", "b")); a.Status != texts.Refused || a.Rule != "carrier" || a.Because != "DESTINATION_COUNTRY_BLOCKED" || a.Until != nil {
		t.Errorf("refused: %+v", a)
	}
	w.Carrier.Answer = nil
	if a := w.post(shipped().With("id", "b")); a.Status != texts.Sent {
		t.Errorf("tried again: %+v", a)
	}
}

// Where programs.yaml loses the topic while a text waits, the text ends.
func TestATopicThatIsGone(t *testing.T) {
	w := waiting(t, stores.Memory(t))
	d := w.kept("news-1")
	d.Topic = "gone"
	if _, err := w.Table.Table.SaveDeferred(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	w.RunOut()
	if d := w.kept("news-1"); d.State != consent.Refused || d.Rule != "topic" || len(w.Carrier.Sent) != 0 {
		t.Errorf("it is kept as %+v", d)
	}
}
