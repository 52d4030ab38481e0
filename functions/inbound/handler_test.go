package inbound_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// payload is a two-way SMS message as AWS writes it.
func payload(from, to, body, id string) string {
	m, err := json.Marshal(map[string]string{
		"originationNumber": from, "destinationNumber": to, "messageKeyword": "KEYWORD_123456789012", "messageBody": body, "inboundMessageId": id,
	})
	if err != nil {
		panic(err)
	}
	return string(m)
}

func sns(at time.Time, messages ...string) events.SNSEvent {
	var e events.SNSEvent
	for i, m := range messages {
		e.Records = append(e.Records, events.SNSEventRecord{SNS: events.SNSEntity{MessageID: fmt.Sprintf("sns-%d", i+1), Timestamp: at, Message: m}})
	}
	return e
}

func TestSampleEvents(t *testing.T) {
	for name, want := range map[string]consent.EventType{"inbound-stop.json": consent.OptedOut, "inbound-yes.json": consent.Received} {
		raw, err := os.ReadFile(filepath.Join("..", "..", "events", name))
		if err != nil {
			t.Fatal(err)
		}
		var e events.SNSEvent
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		if err := w.handler.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		r := w.Proof(her)
		if len(r.Events) != 1 || r.Events[0].Type != want || !r.Events[0].At.Equal(time.Date(2026, 11, 23, 18, 1, 0, 0, time.UTC)) || r.Events[0].Evidence["to"] != alerts {
			t.Errorf("%s: %+v, want %s", name, r.Events, want)
		}
	}
}

// What cannot be understood for certain changes nothing and says what is wrong, without the number or the words (I10).
func TestMalformedMessages(t *testing.T) {
	const caller = "+12125550187" // not the example the error gives
	good := payload(caller, alerts, "STOP private", "in-1")
	for _, c := range []struct {
		name, message, want string
		at                  time.Time
	}{
		{"no JSON", `STOP`, "two-way SMS payload", noon},
		{"another shape", `["STOP"]`, "two-way SMS payload", noon},
		{"a number where text belongs", `{"originationNumber":12065550142}`, "two-way SMS payload", noon},
		{"empty", `{}`, "originationNumber", noon},
		{"no E.164", payload("2065550199", alerts, "STOP", "in-1"), "originationNumber", noon},
		{"a short code texts us", payload("12345", alerts, "STOP", "in-1"), "originationNumber", noon},
		{"nobody's number", payload(caller, "+12065550177", "STOP", "in-1"), "destinationNumber", noon},
		{"no destination", payload(caller, "", "STOP", "in-1"), "destinationNumber", noon},
		{"no ID", payload(caller, alerts, "STOP", ""), "inboundMessageId", noon},
		{"no time", good, "timestamp", time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			var log strings.Builder
			w.handler.Log = slog.New(slog.NewTextHandler(&log, nil))
			if err := w.handler.Handle(t.Context(), sns(c.at, c.message)); err != nil {
				t.Fatal(err)
			}
			var letter struct {
				RequestPayload  events.SNSEvent
				ResponsePayload struct{ ErrorMessage string }
			}
			if len(w.Queue.Jobs) != 1 {
				t.Fatalf("%d dead letters, want one", len(w.Queue.Jobs))
			}
			if err := json.Unmarshal([]byte(w.Queue.Jobs[0]), &letter); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(letter.ResponsePayload.ErrorMessage, c.want) {
				t.Errorf("the reason is %q, want it to name %s", letter.ResponsePayload.ErrorMessage, c.want)
			}
			if r := letter.RequestPayload.Records; len(r) != 1 || r[0].SNS.Message != c.message || r[0].SNS.MessageID != "sns-1" {
				t.Errorf("kept %+v, want what came", r)
			}
			if s := log.String(); strings.Contains(s, caller) || strings.Contains(s, "2065550199") || strings.Contains(s, "private") || !strings.Contains(s, "sns-1") {
				t.Errorf("I10: %s", s)
			}
			if r := w.Proof(caller); len(r.Events) > 0 || r.Contact.Version > 0 || len(w.Carrier.Sent) > 0 || len(w.Carrier.Lists) > 0 {
				t.Errorf("it changed %+v", r)
			}
		})
	}
}

// One message that fails keeps no other from being heard, and the event comes again as a whole: nobody is answered
// twice (I9).
func TestEachRecordIsHeard(t *testing.T) {
	w := newWorld(t)
	const caller = phone.Number("+12125550187") // not the example the error gives
	other := phone.Number("+12125550143")
	e := sns(noon, `x`, payload(string(caller), alerts, "HELP", "in-1"), payload("1", alerts, "STOP", "in-2"), payload(string(other), orders, "STOP", "in-3"))
	w.Queue.Err = errBroken
	for range 3 {
		err := w.handler.Handle(t.Context(), e)
		if err == nil || !strings.Contains(err.Error(), "record 1 of 4 (SNS message sns-1)") || !strings.Contains(err.Error(), "record 3 of 4") || strings.Contains(err.Error(), "record 2") {
			t.Fatalf("%v, want records 1 and 3 named", err)
		}
	}
	w.Queue.Err = nil
	if err := w.handler.Handle(t.Context(), e); err != nil || len(w.Queue.Jobs) != 2 {
		t.Errorf("%v and %d dead letters, want two kept once the queue takes them", err, len(w.Queue.Jobs))
	}
	if len(w.Carrier.Sent) != 2 || w.Carrier.Sent[0].To != caller || w.Carrier.Sent[1].To != other {
		t.Errorf("%d answers, want one to each who was heard", len(w.Carrier.Sent))
	}
	for _, n := range []phone.Number{caller, other} {
		if r := w.Proof(n); len(r.Events) != 1 || len(r.Messages) != 1 {
			t.Errorf("%d events and %d texts of one message", len(r.Events), len(r.Messages))
		}
	}
}

// A STOP comes again, hours later, whose number AWS's list did not take meanwhile: that delivery sees to it.
func TestTheAWSListIsMendedByTheNextDelivery(t *testing.T) {
	w := newWorld(t)
	w.Carrier.OnList = refuses("+", errBroken)
	e := sns(noon, payload(string(her), alerts, "STOP", "in-1"))
	if err := w.handler.Handle(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	w.Pass(time.Hour)
	if err := w.Outbox.FollowUp(t.Context(), w.Record(her).Contact); !errors.Is(err, errBroken) {
		t.Fatalf("the follow-up: %v, want the list's error", err)
	}
	if err := w.handler.Handle(t.Context(), e); !errors.Is(err, errBroken) {
		t.Fatalf("%v, want the list's error", err)
	}
	w.Carrier.OnList = nil
	if err := w.handler.Handle(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(w.Carrier.Lists, []string{"+Default"}) || len(w.Carrier.Sent) != 1 {
		t.Errorf("lists %v and %d answers, want the number listed and one answer", w.Carrier.Lists, len(w.Carrier.Sent))
	}
}

// Words that hold a keyword are not one, nor is what is everyday Spanish from an American phone ("seis" ends texts in
// Finland). They are kept, change nothing and get no answer.
func TestWordsThatHoldAKeyword(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "JOIN")
	w.says(her, alerts, "YES")
	before := w.Proof(her)
	words := []string{
		"yesterday", "outdoor", "weekend", "restart", "Will you stop by?", "helpful", "the end of it", "", "👋", "seis",
	}
	for _, word := range words {
		if back := w.says(her, alerts, word); len(back) > 0 {
			t.Errorf("%q was answered %q", word, back)
		}
	}
	after := w.Proof(her)
	if after.Contact.Subs["alerts"] != before.Contact.Subs["alerts"] || len(after.Contact.Stopped) > 0 || len(w.Carrier.Lists) > 0 {
		t.Errorf("consent changed to %+v", after.Contact)
	}
	kept := after.Events[len(before.Events):]
	for i, e := range kept {
		if e.Type != consent.Received || e.Evidence["body"] != words[i] || e.Evidence["understood"] != "other" {
			t.Errorf("%q is kept as %+v", words[i], e)
		}
	}
	if len(kept) != len(words) {
		t.Errorf("%d of %d are kept", len(kept), len(words))
	}
}

// A message that is too long may stop and may not start, and as much of it is kept as a text can hold.
func TestLongMessages(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "JOIN")
	// Its first 1600 runes are a clean YES; what follows could be anything.
	long := "YES" + strings.Repeat(" please", 228) + " 🙏, I never said that"
	if back := w.says(her, alerts, long); len(back) > 0 || w.Proof(her).Contact.Subs["alerts"].State != consent.Pending {
		t.Errorf("a YES that was cut was answered %q", back)
	}
	r := w.Proof(her)
	if kept := r.Events[len(r.Events)-1].Evidence["body"]; utf8.RuneCountInString(kept) != 1600 || !strings.HasPrefix(long, kept) {
		t.Errorf("%d runes are kept, want the first 1600", utf8.RuneCountInString(kept))
	}
	w.says(her, alerts, "STOP"+strings.Repeat(" please", 400))
	if state := w.Proof(her).Contact.Subs["alerts"].State; state != consent.Unsubscribed {
		t.Errorf("after a long STOP the topic is %s", state)
	}
	w.says(her, alerts, strings.Repeat("é", 1600))
	r = w.Proof(her)
	if kept := r.Events[len(r.Events)-1].Evidence["body"]; kept != strings.Repeat("é", 1600) {
		t.Errorf("%d runes are kept of 1600", utf8.RuneCountInString(kept))
	}
}

// 47 CFR 64.1200(a)(10): from 2027-01-31 a STOP to one kind of text stops every kind, in the United States.
func TestStopAll(t *testing.T) {
	for _, c := range []struct {
		name string
		from phone.Number
		at   time.Time
		all  bool
	}{
		{"the day before, everywhere", her, time.Date(2027, 1, 30, 9, 59, 59, 0, time.UTC), false},
		{"the day has begun somewhere", her, time.Date(2027, 1, 30, 10, 0, 0, 0, time.UTC), true},
		{"a year later", her, time.Date(2028, 1, 31, 12, 0, 0, 0, time.UTC), true},
		{"Canada", "+14165550142", time.Date(2027, 2, 10, 12, 0, 0, 0, time.UTC), false},
		{"Britain", "+447700900123", time.Date(2027, 2, 10, 12, 0, 0, 0, time.UTC), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.SetClock(c.at.Add(-time.Hour))
			w.says(c.from, alerts, "JOIN")
			w.says(c.from, alerts, "YES")
			w.says(c.from, orders, "ORDERS")
			w.says(c.from, orders, "YES")
			w.Carrier.Lists = nil
			w.SetClock(c.at.Add(-time.Minute))
			back := w.says(c.from, alerts, "STOP")
			p := w.Proof(c.from).Contact
			want := consent.Subscribed
			if c.all {
				want = consent.Unsubscribed
			}
			if _, everything := p.Stopped[consent.Everything]; everything != c.all || p.Subs["orders"].State != want || p.Subs["alerts"].State != consent.Unsubscribed {
				t.Errorf("stopped %v, orders %s, alerts %s", p.Stopped, p.Subs["orders"].State, p.Subs["alerts"].State)
			}
			if len(back) != 1 || strings.Contains(back[0], "all Example Corp. messages") != c.all {
				t.Errorf("answered %q", back)
			}
		})
	}
}

// I8: STOP wins over everything older, in whatever order things arrive.
func TestAnOlderYesAfterStop(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "JOIN")
	early := w.Clock().Add(30 * time.Second)
	w.says(her, alerts, "STOP")
	if err := w.handler.Handle(t.Context(), sns(early, payload(string(her), alerts, "YES", "late-1"), payload(string(her), alerts, "START", "late-2"), payload(string(her), alerts, "JOIN", "late-3"))); err != nil {
		t.Fatal(err)
	}
	p := w.Proof(her).Contact
	if _, stopped := p.StoppedAt("alerts"); !stopped || p.Subs["alerts"].State != consent.Unsubscribed || len(w.Carrier.Sent) != 2 {
		t.Errorf("%s with %d texts, want unsubscribed with the request and the one answer to STOP", p.Subs["alerts"].State, len(w.Carrier.Sent))
	}
}

// I9: two robots do not answer each other for ever.
func TestRobots(t *testing.T) {
	w := newWorld(t)
	for range 30 {
		w.says(her, alerts, "HELP")
	}
	if len(w.Carrier.Sent) != 6 {
		t.Errorf("%d answers in half an hour, want the 6 programs.yaml allows in an hour", len(w.Carrier.Sent))
	}
	for range 8 { // hours
		w.Pass(time.Hour)
		for range 3 {
			w.says(her, alerts, "HELP")
		}
	}
	if len(w.Carrier.Sent) != 12 {
		t.Errorf("%d answers in half a day, want 12", len(w.Carrier.Sent))
	}
}
