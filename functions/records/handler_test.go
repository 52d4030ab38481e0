package records_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"smsconsent/functions/records"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/telemetry"
)

var (
	key  = consent.Key{Brand: "example", Phone: "+12065550142"}
	noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
)

type memory struct {
	records map[consent.Key]consent.Record
	err     error
}

func (m *memory) Person(_ context.Context, k consent.Key) (consent.Record, error) {
	if r, ok := m.records[k]; ok {
		return r, m.err
	}
	return consent.Record{Contact: consent.Contact{Key: k}}, m.err
}

type bench struct {
	*records.Handler
	*memory
	log, metrics strings.Builder
}

// newBench holds the record of a person who asked, confirmed and was texted once.
func newBench(t *testing.T) *bench {
	t.Helper()
	ledger, err := consent.NewLedger(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	alerts := program.Program{ID: "alerts", Brand: "example", Class: program.Promotional, Topics: []program.Topic{{ID: "alerts", Program: "alerts", Class: program.Promotional}}}
	c := consent.Contact{Key: key}
	var r consent.Record
	for _, decide := range []func(consent.Contact) consent.Change{
		func(c consent.Contact) consent.Change {
			return c.Request(consent.Request{At: noon, Source: consent.SourceForm, Topics: alerts.Topics, Terms: program.SignUp{ConfirmWithin: 24 * time.Hour, PerPhoneADay: 2}, Evidence: map[string]string{"ip": "203.0.113.7"}})
		},
		func(c consent.Contact) consent.Change {
			return c.Hear(consent.Inbound{ID: "in-1", At: noon.Add(time.Minute), Program: &alerts, Intent: keyword.Intent{Kind: keyword.Confirm, Confidence: 1, Why: `keyword "yes"`}, Body: "Yes", To: "+12065550100"})
		},
	} {
		ch := decide(c)
		if ask := ch.Ask[0]; ask.Kind == message.Confirmation {
			ch.Next = ch.Next.WithText(ask, consent.Claim{ID: "01KB0000000000000000000001", At: noon.Add(time.Second), Kind: ask.Kind, Program: ask.Program, Topics: ask.Topics}, 0)
		}
		ch, err := ledger.Seal(ch, noon.Add(2*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		c = ch.Next
		c.Version++
		r.Events = append(r.Events, ch.Events...)
	}
	m := c.Claims[0].Message()
	m.Identity, m.Body, m.AWSID, m.Status, m.Policy = "+12065550100", "Text YES to join", "aws-1", consent.Delivered, "p.q"
	m.History = []consent.StatusChange{{At: noon.Add(time.Second), Status: consent.Sent}, {At: noon.Add(3 * time.Second), Status: consent.Delivered, Detail: "TEXT_DELIVERED"}}
	r.Contact, r.Messages = c, []consent.Message{m}
	b := &bench{memory: &memory{records: map[consent.Key]consent.Record{key: r}}}
	b.Handler, err = records.New(records.Config{
		Catalog: &program.Catalog{Brands: []program.Brand{{ID: "example"}, {ID: "examplecafe"}}}, Table: b.memory, Ledger: ledger,
		Now: func() time.Time { return noon.Add(time.Hour) }, Log: slog.New(slog.NewTextHandler(&b.log, nil)),
		Metrics: telemetry.New(&b.metrics, time.Now),
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) ask(t *testing.T, method, path, query string) events.APIGatewayV2HTTPResponse {
	t.Helper()
	return b.send(t, events.APIGatewayV2HTTPRequest{
		RawPath: path, RawQueryString: query,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			Stage: "$default", HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method},
			Authorizer: &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: "arn:aws:iam::123456789012:user/compliance"}},
		},
	})
}

func (b *bench) send(t *testing.T, e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	out, err := b.Handle(context.Background(), e)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (b *bench) get(t *testing.T, query string) map[string]any {
	t.Helper()
	out := b.ask(t, "GET", "/records/+12065550142", query)
	var r map[string]any
	if err := json.Unmarshal([]byte(out.Body), &r); err != nil || out.StatusCode != http.StatusOK {
		t.Fatalf("%d %s: %v", out.StatusCode, out.Body, err)
	}
	return r
}

// Names and shape of the answer are a contract.
func TestRecord(t *testing.T) {
	b := newBench(t)
	got := b.get(t, "brand=example")
	head := b.records[key].Contact.Head.Hash
	first := b.records[key].Events[0].Hash
	texts := map[string]any{"count": 1.0, "hash": b.records[key].Contact.Texts.Hash}
	want := map[string]any{
		"phone": "+12065550142", "brand": "example", "verified": true,
		"topics": map[string]any{"alerts": map[string]any{"state": "subscribed", "since": "2026-12-01T12:01:00Z", "program": "alerts", "class": "promotional", "request": 1.0, "proof": 2.0}},
		"health": map[string]any{"undeliverable": false, "failures": 0.0, "heard": "2026-12-01T12:01:00Z"},
		"head":   map[string]any{"seq": 2.0, "hash": head},
		"texts":  map[string]any{"count": 1.0, "hash": b.records[key].Contact.Texts.Hash},
		"events": []any{
			map[string]any{"seq": 1.0, "type": "requested", "at": "2026-12-01T12:00:00Z", "recorded": "2026-12-01T12:02:00Z", "source": "form", "program": "alerts", "topics": []any{"alerts"}, "class": "promotional", "until": "2026-12-02T12:00:00Z", "evidence": map[string]any{"ip": "203.0.113.7"}, "texts": texts, "key": "1", "hash": first},
			map[string]any{"seq": 2.0, "type": "confirmed", "at": "2026-12-01T12:01:00Z", "recorded": "2026-12-01T12:02:00Z", "source": "sms", "program": "alerts", "topics": []any{"alerts"}, "evidence": map[string]any{
				"body": "Yes", "inbound": "in-1", "from": "+12065550142", "to": "+12065550100", "understood": "confirm", "why": `keyword "yes"`,
				"question": "01KB0000000000000000000001",
			}, "request": 1.0, "texts": texts, "key": "1", "prev": first, "hash": head},
		},
		"messages": []any{map[string]any{
			"id": "01KB0000000000000000000001", "number": 1.0, "at": "2026-12-01T12:00:01Z", "kind": "confirmation", "program": "alerts", "topics": []any{"alerts"}, "from": "+12065550100", "body": "Text YES to join", "status": "delivered", "policy": "p.q", "aws_id": "aws-1",
			"history": []any{map[string]any{"at": "2026-12-01T12:00:01Z", "status": "sent"}, map[string]any{"at": "2026-12-01T12:00:03Z", "status": "delivered", "detail": "TEXT_DELIVERED"}},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// I4: what was changed, cut off or taken out behind our back shows.
func TestTamperingShows(t *testing.T) {
	for name, tamper := range map[string]func(*consent.Record){
		"altered event":   func(r *consent.Record) { r.Events[0].Source = "operator" },
		"missing event":   func(r *consent.Record) { r.Events = r.Events[1:] },
		"tail cut off":    func(r *consent.Record) { r.Events = r.Events[:1] },
		"contact erased":  func(r *consent.Record) { r.Contact = consent.Contact{Key: key} },
		"contact suspect": func(r *consent.Record) { r.Contact.Suspect = true },
		"another state":   func(r *consent.Record) { r.Contact.Paused = noon },
		"text deleted":    func(r *consent.Record) { r.Messages = nil },
		"item not ours":   func(r *consent.Record) { r.Faults = []string{"text 01KB0000000000000000000001 was altered"} },
	} {
		b := newBench(t)
		r := b.records[key]
		tamper(&r)
		b.records[key] = r
		b.Now = func() time.Time { return noon.AddDate(0, 0, 1) }
		if got := b.get(t, ""); got["verified"] != false || got["fault"] == "" || got["fault"] == nil || (got["suspect"] == true) != r.Contact.Suspect {
			t.Errorf("%s: verified %v, fault %v, suspect %v", name, got["verified"], got["fault"], got["suspect"])
		}
		if log := b.log.String(); !strings.Contains(b.metrics.String(), `"LedgerFault":1`) || !strings.Contains(log, "does not verify") || strings.Contains(log, "5550142") {
			t.Errorf("%s: metrics %s, log %s", name, &b.metrics, log)
		}
	}
}

func TestARequestThatRanOutShowsAsExpired(t *testing.T) {
	b := newBench(t)
	r := b.records[key]
	r.Contact.Subs["alerts"] = consent.Subscription{State: consent.Pending, Program: "alerts", Since: noon, Until: noon.Add(24 * time.Hour)}
	for after, want := range map[time.Duration][2]string{
		24 * time.Hour:                 {"pending", "2026-12-01T12:00:00Z"},
		24*time.Hour + time.Nanosecond: {"expired", "2026-12-02T12:00:00Z"},
	} {
		b.Now = func() time.Time { return noon.Add(after) }
		topic := b.get(t, "")["topics"].(map[string]any)["alerts"].(map[string]any)
		if topic["state"] != want[0] || topic["since"] != want[1] {
			t.Errorf("after %s: %v", after, topic)
		}
	}
}

func TestEmptyListsAreLists(t *testing.T) {
	b := newBench(t)
	b.records[key] = consent.Record{Contact: consent.Contact{Key: key, Version: 1}}
	got := b.get(t, "")
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
		{"no plus", "GET", "/records/12065550142", "", 400, "phone"},
		{"national", "GET", "/records/(206)5550142", "", 400, "phone"},
		{"nobody", "GET", "/records/+12065550143", "", 404, "phone"},
		{"at the other brand", "GET", "/records/+12065550142", "brand=examplecafe", 404, "phone"},
		{"no such brand", "GET", "/records/+12065550142", "brand=acme", 404, "brand"},
		{"no phone", "GET", "/records/", "", 404, "-"},
		{"no such path", "GET", "/records", "", 404, "-"},
		{"another method", "DELETE", "/records/+12065550142", "", 405, "-"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t)
			out := b.ask(t, tc.method, tc.path, tc.query)
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
	b := newBench(t)
	out := b.send(t, events.APIGatewayV2HTTPRequest{
		RawPath: "/records/+12065550142", Headers: map[string]string{"authorization": "AWS4-HMAC-SHA256 …"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{Stage: "$default", HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: "GET"}},
	})
	if out.StatusCode != http.StatusForbidden || strings.Contains(out.Body, "events") {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
}

func TestWhoAskedIsLoggedAndAboutWhomAsAHash(t *testing.T) {
	b := newBench(t)
	b.get(t, "")
	b.err = errors.New("broken")
	if out := b.ask(t, "GET", "/records/+12065550142", ""); out.StatusCode != http.StatusServiceUnavailable || strings.Contains(out.Body, "broken") {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
	if log := b.log.String(); strings.Count(log, "user/compliance") != 2 || strings.Contains(log, "5550142") || !strings.Contains(log, "broken") {
		t.Errorf("log: %s", log)
	}
}

// Whoever holds the ledger's key can tell whether a person's record was read, and by whom: the hash in the log is the
// same for the same person at the same brand, another for anybody else, and made as docs/records.md says. I10: nobody
// else can tell whom it names.
func TestTheLogNamesAPersonByAKeyedHash(t *testing.T) {
	hash := func(brand, phone string) string {
		mac := hmac.New(sha256.New, make([]byte, 32))
		fmt.Fprintf(mac, "person %s %s", brand, phone)
		return hex.EncodeToString(mac.Sum(nil))[:16]
	}
	b := newBench(t)
	seen := map[string]bool{}
	for _, c := range []struct{ brand, phone string }{
		{"example", "+12065550142"}, {"example", "+12065550143"}, {"examplecafe", "+12065550142"},
	} {
		var lines []string
		for range 2 {
			b.log.Reset()
			b.ask(t, "GET", "/records/"+c.phone, "brand="+c.brand)
			lines = append(lines, b.log.String())
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
	if out := newBench(t).send(t, e); out.StatusCode != http.StatusOK {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
}
