package records_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/testkit/request"
	"smsconsent/shared/testkit/world"
)

// Who asked is logged, and about whom as a hash that the operator's command line knows; a record that does not verify
// is counted and logged as well.
func TestWhoReadsARecordIsLogged(t *testing.T) {
	w := newWorld(t)
	w.get("")
	w.ask("GET", "/records/+12065550199", "")
	log := w.Logged.String()
	person := w.Ledger.Person(world.Key(her))
	for _, want := range []string{"record asked for", "person=" + person, "caller=user/compliance", "brand=example", "found=true", "found=false"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q: %s", want, log)
		}
	}
	if w.Count("LedgerFault") != 0 {
		t.Errorf("a sound record is a fault: %s", &w.Counted)
	}
	w.TakeAway(her, "EVENT#000000000001")
	if r := w.get(""); r["verified"] != false || w.Count("LedgerFault") != 1 || !strings.Contains(w.Logged.String(), "does not verify") {
		t.Errorf("verified %v, counted %d", r["verified"], w.Count("LedgerFault"))
	}
	w.Unanswered = func(string) error { return errBroken }
	out := w.ask("GET", "/records/+12065550142", "")
	if out.StatusCode != http.StatusServiceUnavailable || !strings.Contains(out.Body, "try again") || !strings.Contains(w.Logged.String(), `msg="read record"`) {
		t.Errorf("%+v", out)
	}
}

// A phone is named as clients of all kinds write it; without a brand it is the first one's record.
func TestHowARecordIsAskedFor(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]struct {
		query  string
		status int
		says   string
	}{
		"/records/+12065550142":  {"", 200, `"brand":"example"`},
		"/records/12065550142":   {"brand=example", 200, `"brand":"example"`},
		"/records/ 12065550142":  {"", 200, `"phone":"+12065550142"`},
		"/records/+12065550143":  {"", 404, "nothing on record for this phone at example"},
		"/records/+12065550144":  {"brand=nobody", 404, "is no brand of programs.yaml"},
		"/records/+12065550145":  {"brand=examplecafe", 404, "at examplecafe"},
		"/records/x":             {"", 400, `"field":"phone"`},
		"/records/+":             {"", 400, `"field":"phone"`},
		"/records/+1 206 555 01": {"", 400, `"field":"phone"`},
	} {
		out := w.ask("GET", path, want.query)
		if out.StatusCode != want.status || !strings.Contains(out.Body, want.says) {
			t.Errorf("%s?%s: %d %s", path, want.query, out.StatusCode, out.Body)
		}
	}
	unsigned := request.Call{Method: "GET", Path: "/records/+12065550142"}
	if out := w.send(unsigned); out.StatusCode < 400 || out.StatusCode >= 500 || strings.Contains(out.Body, "events") {
		t.Errorf("nobody signed: %+v", out)
	}
}

// All that is on record of a text is told, and nothing of it made up; transactional topics have no tier.
func TestATextIsToldWhole(t *testing.T) {
	w := newWorld(t)
	w.Subscribe(her, noon.Add(-48*time.Hour), "orders")
	m := consent.Message{
		ID: "01KB0000000000000000000001", Number: 9, At: noon.Add(2 * time.Hour), Kind: message.Promotional, Program: "alerts",
		Topics: []string{"alerts"}, Campaign: "01KB00000000000000000SPR1N", Ref: "order-4711", Content: "c-hash", Notice: "en.1234",
		Identity: "+12065550100", Body: "the words", AWSID: "aws-9", Status: consent.Sent, Policy: "p-hash",
		Vouched: message.Vouched{NotMarketing: "Ana Perez", Urgent: "Bo Li"},
		History: []consent.StatusChange{{At: noon.Add(2 * time.Hour), Status: consent.Sent, Detail: "as it was"}},
	}
	w.keep(m)
	bare := consent.Message{ID: "01KB0000000000000000000002", At: noon.Add(3 * time.Hour), Status: consent.Sent}
	w.keep(bare)
	body := w.ask("GET", "/records/+12065550142", "").Body
	for _, want := range []string{
		m.ID, `"number":9`, `"promotional"`, `"campaign":"` + m.Campaign, "order-4711", "c-hash", "en.1234", "+12065550100", "the words", "aws-9",
		"p-hash", `"not_marketing":"Ana Perez"`, `"urgent":"Bo Li"`, "as it was",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not told: %s", want, body)
		}
	}
	if n := strings.Count(body, `"vouched"`); n != 1 {
		t.Errorf("somebody vouches %d times", n)
	}
	topics, _ := w.get("")["topics"].(map[string]any)
	if orders, _ := topics["orders"].(map[string]any); orders["state"] != "subscribed" || orders["tier"] != nil {
		t.Errorf("orders: %v", orders)
	}
}
