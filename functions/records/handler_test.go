package records_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/testkit/request"
	"smsconsent/shared/testkit/world"
)

// Names and shape of the answer are a contract.
func TestRecord(t *testing.T) {
	w := newWorld(t)
	r := w.Proof(her)
	text := func(n int) map[string]any {
		return map[string]any{"count": float64(n), "hash": r.Events[n-1].Texts.Hash}
	}
	question, welcome := r.Messages[0], r.Messages[1]
	want := map[string]any{
		"phone": "+12065550142", "brand": "example", "verified": true,
		"topics": map[string]any{"alerts": map[string]any{
			"state": "subscribed", "since": "2026-12-01T20:01:00Z", "program": "alerts", "class": "promotional",
			"tier": "regular", "request": 1.0, "proof": 2.0,
		}},
		"health": map[string]any{"undeliverable": false, "failures": 0.0, "heard": "2026-12-01T20:01:00Z"},
		"head":   map[string]any{"seq": 2.0, "hash": r.Contact.Head.Hash},
		"texts":  text(2),
		"events": []any{
			map[string]any{
				"seq": 1.0, "type": "requested", "at": "2026-12-01T20:00:00Z", "recorded": "2026-12-01T20:00:00Z",
				"source": "form", "program": "alerts", "topics": []any{"alerts"}, "class": "promotional",
				"until": "2026-12-02T20:00:00Z", "evidence": map[string]any{"ip": "192.0.2.1"}, "texts": text(1), "key": "1",
				"hash": r.Events[0].Hash,
			},
			map[string]any{
				"seq": 2.0, "type": "confirmed", "at": "2026-12-01T20:01:00Z", "recorded": "2026-12-01T20:01:00Z",
				"source": "sms", "program": "alerts", "topics": []any{"alerts"}, "evidence": map[string]any{
					"body": "confirm", "inbound": "in-1", "from": "+12065550142", "to": "+12065550100", "understood": "confirm", "why": "",
					"question": question.ID,
				}, "request": 1.0, "texts": text(2), "key": "1", "prev": r.Events[0].Hash, "hash": r.Contact.Head.Hash,
			},
		},
		"messages": []any{
			map[string]any{
				"id": question.ID, "number": 1.0, "at": "2026-12-01T20:00:00Z", "kind": "confirmation", "program": "alerts",
				"topics": []any{"alerts"}, "content": question.Content, "from": "+12065550100", "body": question.Body,
				"status": "delivered", "policy": question.Policy, "aws_id": "aws-1", "history": []any{
					map[string]any{"at": "2026-12-01T20:00:00Z", "status": "sent"},
					map[string]any{"at": "2026-12-01T20:00:03Z", "status": "delivered", "detail": "TEXT_DELIVERED"},
				},
			},
			map[string]any{
				"id": welcome.ID, "number": 2.0, "at": "2026-12-01T20:01:00Z", "kind": "reply", "program": "alerts",
				"topics": []any{"alerts"}, "content": welcome.Content, "from": "+12065550100", "body": welcome.Body,
				"status": "sent", "policy": welcome.Policy, "aws_id": "aws-2", "history": []any{
					map[string]any{"at": "2026-12-01T20:01:00Z", "status": "sent"},
				},
			},
		},
	}
	if diff := cmp.Diff(want, w.get("brand=example")); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(question.Body, "YES") || question.Policy == "" {
		t.Errorf("the question is %+v", question)
	}
}

// event is the sort key of an event of her ledger.
func event(seq int) string { return fmt.Sprintf("EVENT#%012d", seq) }

// I4: what was changed, cut off or taken out behind our back shows.
func TestTamperingShows(t *testing.T) {
	overwrite := func(sk, attribute, value string) func(*fixture) {
		return func(w *fixture) {
			m := w.Item(her, sk)
			m[attribute] = &types.AttributeValueMemberS{Value: value}
			w.PutBack(m)
		}
	}
	takeAway := func(sk string) func(*fixture) { return func(w *fixture) { w.TakeAway(her, sk) } }
	text := func(w *fixture) string { return "MESSAGE#" + w.Record(her).Messages[1].ID }
	for name, tamper := range map[string]func(*fixture){
		"altered event":   overwrite(event(1), "src", "operator"),
		"missing event":   takeAway(event(1)),
		"tail cut off":    takeAway(event(2)),
		"contact erased":  takeAway("CONTACT"),
		"contact altered": overwrite("CONTACT", "loc", "fr"),
		"another state": func(w *fixture) {
			before := w.Item(her, "CONTACT")
			w.Says(her, "alerts", keyword.OptOut)
			w.PutBack(before)
		},
		"text deleted":  func(w *fixture) { w.TakeAway(her, text(w)) },
		"item not ours": func(w *fixture) { overwrite(text(w), "body", "something else")(w) },
	} {
		w := newWorld(t)
		tamper(w)
		w.Pass(24 * time.Hour)
		got := w.get("")
		if got["verified"] != false || got["fault"] == "" || got["fault"] == nil || (got["suspect"] == true) != (name == "contact altered") {
			t.Errorf("%s: verified %v, fault %v, suspect %v", name, got["verified"], got["fault"], got["suspect"])
		}
		if !strings.Contains(w.Counted.String(), `"LedgerFault":1`) || !strings.Contains(w.Logged.String(), "does not verify") {
			t.Errorf("%s: metrics %s, log %s", name, &w.Counted, &w.Logged)
		}
	}
}

func TestARequestThatRanOutShowsAsExpired(t *testing.T) {
	w := emptyWorld(t)
	w.Requests(her, "alerts")
	for after, want := range map[time.Duration][2]string{
		24 * time.Hour:                 {"pending", "2026-12-01T20:00:00Z"},
		24*time.Hour + time.Nanosecond: {"expired", "2026-12-02T20:00:00Z"},
	} {
		w.SetClock(noon.Add(after))
		topic := w.get("")["topics"].(map[string]any)["alerts"].(map[string]any)
		if topic["state"] != want[0] || topic["since"] != want[1] {
			t.Errorf("after %s: %v", after, topic)
		}
	}
}

func TestEmptyListsAreLists(t *testing.T) {
	w := emptyWorld(t)
	w.MakeUp(her, noon, func(c *consent.Contact) { c.Subs = nil })
	w.TakeAway(her, event(1))
	got := w.get("")
	for _, name := range []string{"events", "messages"} {
		if list, ok := got[name].([]any); !ok || len(list) != 0 {
			t.Errorf("%s = %v", name, got[name])
		}
	}
	if _, ok := got["topics"].(map[string]any); !ok {
		t.Errorf("topics = %v", got["topics"])
	}
}

func TestWhatCanBeAskedFor(t *testing.T) {
	for _, tc := range []struct {
		name, method, path, query string
		status                    int
		field                     string
	}{
		{"plus", "GET", "/records/+12065550142", "", 200, ""},
		{"plus escaped", "GET", "/records/%2B12065550142", "brand=example", 200, ""},
		{"plus as a space", "GET", "/records/ 12065550142", "", 200, ""},
		{"plus as an escaped space", "GET", "/records/%2012065550142", "", 200, ""},
		{"no plus", "GET", "/records/12065550142", "", 200, ""},
		{"no plus, and no country", "GET", "/records/12065", "", 400, "phone"},
		{"national", "GET", "/records/(206)5550142", "", 400, "phone"},
		{"nobody", "GET", "/records/+12065550143", "", 404, "phone"},
		{"at the other brand", "GET", "/records/+12065550142", "brand=examplecafe", 404, "phone"},
		{"no such brand", "GET", "/records/+12065550142", "brand=acme", 404, "brand"},
		{"no phone", "GET", "/records/", "", 404, "-"},
		{"no such path", "GET", "/records", "", 404, "-"},
		{"another method", "DELETE", "/records/+12065550142", "", 405, "-"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			out := w.ask(tc.method, tc.path, tc.query)
			if out.StatusCode != tc.status {
				t.Fatalf("%d %s", out.StatusCode, out.Body)
			}
			if tc.field == "-" {
				return
			}
			var got struct {
				Error struct{ Field, Message string }
			}
			if err := json.Unmarshal([]byte(out.Body), &got); err != nil || got.Error.Field != tc.field || (tc.status != 200 && got.Error.Message == "") {
				t.Errorf("%s: %v", out.Body, err)
			}
			if out.Headers["Content-Type"] != "application/json" || out.Headers["Cache-Control"] != "no-store" {
				t.Errorf("headers: %v", out.Headers)
			}
		})
	}
}

func TestUnsignedRequestsGetNothing(t *testing.T) {
	w := newWorld(t)
	e := request.Call{Method: "GET", Path: "/records/+12065550142"}.Event()
	e.Headers["authorization"] = "AWS4-HMAC-SHA256 …"
	out := w.handle(e)
	if out.StatusCode != http.StatusForbidden || strings.Contains(out.Body, "events") {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
}

func TestWhoAskedIsLoggedAndAboutWhomAsAHash(t *testing.T) {
	w := newWorld(t)
	w.get("")
	w.Table.Unreadable = map[string]error{"Person": errBroken}
	if out := w.ask("GET", "/records/+12065550142", ""); out.StatusCode != http.StatusServiceUnavailable || strings.Contains(out.Body, "broken") {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
	if log := w.Logged.String(); strings.Count(log, "user/compliance") != 2 || !strings.Contains(log, "broken") {
		t.Errorf("log: %s", log)
	}
}

// Whoever holds the ledger's key can tell whether a person's record was read, and by whom: the hash in the log is the
// same for the same person at the same brand, another for anybody else, and made as docs/records.md says. I10: nobody
// else can tell whom it names.
func TestTheLogNamesAPersonByAKeyedHash(t *testing.T) {
	hash := func(brand, phone string) string {
		mac := hmac.New(sha256.New, []byte(world.LedgerKey))
		fmt.Fprintf(mac, "person %s %s", brand, phone)
		return hex.EncodeToString(mac.Sum(nil))[:16]
	}
	w := newWorld(t)
	seen := map[string]bool{}
	for _, c := range []struct{ brand, phone string }{
		{"example", "+12065550142"}, {"example", "+12065550143"}, {"examplecafe", "+12065550142"},
	} {
		var lines []string
		for range 2 {
			w.Logged.Reset()
			w.ask("GET", "/records/"+c.phone, "brand="+c.brand)
			lines = append(lines, w.Logged.String())
		}
		want := "person=" + hash(c.brand, c.phone)
		for _, line := range lines {
			if !strings.Contains(line, want) || strings.Contains(line, c.phone[2:]) {
				t.Errorf("log: %s, want %s", line, want)
			}
		}
		seen[want] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d hashes for three persons", len(seen))
	}
}

// The sample event is what the README tells people to invoke the function with.
func TestSampleEvent(t *testing.T) {
	text, err := os.ReadFile("../../events/records-get.json")
	if err != nil {
		t.Fatal(err)
	}
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	if out := newWorld(t).handle(e); out.StatusCode != http.StatusOK {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
}
