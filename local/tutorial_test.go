package local_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent"
	"smsconsent/functions/inbound"
	"smsconsent/local/account"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/telemetry"
)

// Amazon's "Set up an SMS registration system" tutorial has twelve defects; people copied them into their own systems.
// Each of these tests shows that one of them is not ours, through the HTTP port and the real handlers.

func (w *world) subscribe(phone string) {
	w.t.Helper()
	w.signUp(phone, "alerts")
	w.says(phone, "YES")
	if state := w.record(phone).Topics["alerts"].State; state != "subscribed" {
		w.t.Fatalf("after sign-up and YES the topic is %s", state)
	}
}

func (w *world) wantState(phone, want string) {
	w.t.Helper()
	if got := w.record(phone).Topics["alerts"].State; got != want {
		w.t.Errorf("the topic is %q, want %q", got, want)
	}
}

// Defect 1: the country was hard-coded.
func TestDefect01CountryIsNotHardCoded(t *testing.T) {
	w := newWorldOn(t, nil, io.Discard, abroad(t))
	const paris = "+33612345678"
	if code := w.signUp(paris, "alerts"); code != http.StatusAccepted {
		t.Fatalf("a French phone's sign-up answered %d", code)
	}
	if n := len(w.screen(paris)); n != 1 {
		t.Fatalf("a French phone got %d texts, want the confirmation request", n)
	}
	var refused struct {
		Error struct{ Field, Message string }
	}
	code := w.call(http.MethodPost, "/opt-in", map[string]any{"brand": "example", "topics": []string{"alerts"}, "phone": "+850212345678"}, &refused)
	if code < 400 || code > 499 || refused.Error.Field != "phone" {
		t.Errorf("a phone in a country nobody listed answered %d about %q, want a refusal of the phone", code, refused.Error.Field)
	}
}

// Defect 2: any message that contained the keyword was consent.
func TestDefect02OnlyTheKeywordIsConsent(t *testing.T) {
	w := newWorld(t, nil)
	w.signUp(her, "alerts")
	for _, said := range []string{"yesterday", "restart", "Is this the eyes clinic?", "yes but no", "say yes or no?"} {
		w.says(her, said)
		w.wantState(her, "pending")
	}
	w.says(her, "Yes, please!")
	w.wantState(her, "subscribed")
	for _, said := range []string{"outdoor", "weekend", "we have got to STOP this terrible bill"} {
		w.says(her, said)
		w.wantState(her, "subscribed")
	}
	for i, said := range []string{"Stop. Thank you", "STOP PLEASE", "STOP 12345", "please stop"} {
		phone := fmt.Sprintf("+1206555015%d", i)
		w.subscribe(phone)
		w.says(phone, said)
		w.wantState(phone, "unsubscribed")
	}
}

// Defect 3: the keyword from a number that never registered made it a subscriber.
func TestDefect03YesAloneSubscribesNobody(t *testing.T) {
	w := newWorld(t, nil)
	w.says(her, "YES")
	if topics := w.record(her).Topics; len(topics) != 0 {
		t.Errorf("YES from an unknown number gave it the topics %v", topics)
	}
	if shown := w.screen(her); len(shown) != 0 {
		t.Errorf("YES from an unknown number was answered %q", shown)
	}
}

// Defect 4: whoever posted a subscriber's number opted that person out and texted them, with no CAPTCHA in the way.
func TestDefect04PostingASubscribersNumberDoesNothing(t *testing.T) {
	w := newWorld(t, nil)
	w.subscribe(her)
	before := w.screen(her)
	for range 3 {
		if code := w.signUp(her, "alerts"); code != http.StatusAccepted {
			t.Errorf("posting again answered %d; it must not tell who subscribes", code)
		}
	}
	w.wantState(her, "subscribed")
	if got := w.screen(her); len(got) != len(before) {
		t.Errorf("posting her number texted her %q", got[len(before):])
	}
	var refused struct{ Error struct{ Field string } }
	if code := w.call(http.MethodPost, "/opt-in", map[string]any{"brand": "example", "topics": []string{"alerts"}, "phone": "+12065550143"}, &refused); code != http.StatusBadRequest || refused.Error.Field != "altcha" {
		t.Errorf("a post without CAPTCHA answered %d about %q", code, refused.Error.Field)
	}
	if n := len(w.screen("+12065550143")); n != 0 {
		t.Error("a post without CAPTCHA caused a text")
	}
}

// Defect 5: a repeated YES overwrote the time of the first.
func TestDefect05RepeatedYesKeepsTheFirstEvidence(t *testing.T) {
	w := newWorld(t, nil)
	w.subscribe(her)
	first := w.record(her).Events[1]
	w.goTo(w.now().Add(time.Hour))
	w.says(her, "YES")
	var confirmed []int64
	for _, e := range w.record(her).Events {
		if e.Type == "confirmed" {
			confirmed = append(confirmed, e.Seq)
		}
	}
	if !slices.Equal(confirmed, []int64{first.Seq}) {
		t.Errorf("confirmed by events %v, want only the first, %d", confirmed, first.Seq)
	}
}

// Defect 6: YES and STOP raced; AWS does not promise the order of inbound messages.
func TestDefect06OlderYesDoesNotUndoStop(t *testing.T) {
	w := newWorld(t, nil)
	w.signUp(her, "alerts")
	h := w.inbound(nil)
	w.hear(h, sns("yes", her, "YES", w.now().Add(2*time.Second)), nil)
	w.hear(h, sns("stop", her, "STOP", w.now().Add(3*time.Second)), nil)
	w.hear(h, sns("yes-again", her, "YES", w.now().Add(time.Second)), nil)
	w.wantState(her, "unsubscribed")

	const him = "+12065550144"
	w.signUp(him, "alerts")
	w.hear(h, sns("stop-2", him, "STOP", w.now().Add(3*time.Second)), nil)
	w.hear(h, sns("yes-2", him, "YES", w.now().Add(2*time.Second)), nil)
	w.wantState(him, "unsubscribed")
}

// Defect 7: only the first record of an event was looked at.
func TestDefect07EveryRecordIsHandled(t *testing.T) {
	w := newWorld(t, nil)
	w.signUp(her, "alerts")
	w.signUp("+12065550145", "alerts")
	event := sns("a", her, "YES", w.now().Add(time.Second))
	event.Records = append(event.Records, events.SNSEventRecord{SNS: events.SNSEntity{Message: "not JSON", Timestamp: w.now()}})
	event.Records = append(event.Records, sns("b", "+12065550145", "YES", w.now().Add(time.Second)).Records...)
	h := w.inbound(nil)
	if err := h.Handle(t.Context(), event); err != nil {
		t.Error(err)
	}
	if n := w.dead(); n != 1 {
		t.Errorf("%d dead letters; a record nobody can read was passed over in silence", n)
	}
	w.wantState(her, "subscribed")
	w.wantState("+12065550145", "subscribed")
}

// Defect 8: errors were logged and swallowed, so that nothing was retried and opt-ins were lost.
func TestDefect08ErrorsAreRetriedAndNeverDoubleAText(t *testing.T) {
	w := newWorld(t, nil)
	w.signUp(her, "alerts")
	broken := errors.New("connection refused")
	failing := true
	h := w.inbound(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if failing && strings.HasSuffix(r.Header.Get("X-Amz-Target"), "TransactWriteItems") {
				return nil, broken
			}
			return next.RoundTrip(r)
		})
	})
	event := sns("a", her, "YES", w.now().Add(time.Second))
	if err := h.Handle(t.Context(), event); err == nil {
		t.Fatal("the function succeeded although nothing was stored; nobody would try again")
	}
	w.wantState(her, "pending")
	failing = false
	for range 2 { // the retry, and a redelivery after it
		if err := h.Handle(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
	w.wantState(her, "subscribed")
	if n := count(w.screen(her), "You're subscribed"); n != 1 {
		t.Errorf("YES was answered %d times, want once", n)
	}
}

// A carrier that took the text and whose answer was lost must not be asked again.
func TestDefect08UnknownOutcomeIsNotSentAgain(t *testing.T) {
	w := newWorld(t, nil)
	w.call(http.MethodPut, "/carrier", map[string]string{"phone": her, "fault": "unknown"}, nil)
	w.signUp(her, "alerts")
	w.signUp(her, "alerts")
	if n := len(w.screen(her)); n > 1 {
		t.Fatalf("I2: the confirmation request went out %d times", n)
	}
	r := w.record(her)
	if len(r.Messages) != 1 {
		t.Fatalf("I3: %d messages on record, want one", len(r.Messages))
	}
}

// Defect 9: no HTTP answer was built, and the two documented ways to call the function did not fit together.
func TestDefect09EveryPostIsAnswered(t *testing.T) {
	w := newWorld(t, nil)
	for _, tc := range []struct {
		name, contentType, body string
		status                  int
	}{
		{"not JSON", "application/json", "{", http.StatusBadRequest},
		{"unknown brand", "application/json", `{"brand":"nobody","topics":["alerts"],"phone":"+12065550142"}`, http.StatusUnprocessableEntity},
		{"no phone", "application/x-www-form-urlencoded", "brand=example&topics=alerts", 0},
		{"another type", "text/xml", "<a/>", http.StatusUnsupportedMediaType},
		{"huge", "application/json", strings.Repeat(" ", 1<<20), http.StatusRequestEntityTooLarge},
	} {
		t.Run(tc.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/opt-in", strings.NewReader(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", tc.contentType)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode < 400 || resp.StatusCode > 499 || len(body) == 0 {
				t.Errorf("answered %d with %d bytes, want a 4xx that says why", resp.StatusCode, len(body))
			}
		})
	}
}

// Defect 10: personal data in the logs. I10 over a whole story with faults in it.
func TestDefect10LogsHoldNoPhoneAndNoText(t *testing.T) {
	var logged lockedBuffer
	w := newWorldLogging(t, &logged)
	w.signUp(her, "alerts")
	w.says(her, "my secret is 4711")
	w.says(her, "YES")
	w.call(http.MethodPut, "/carrier", map[string]string{"phone": her, "fault": "unknown"}, nil)
	w.says(her, "HELP")
	w.call(http.MethodPut, "/carrier", map[string]string{"phone": her, "fault": "invalid"}, nil)
	w.says(her, "HELP")
	w.campaign("01KB00000000000000000000E1", "Example Corp.: our secret offer.", w.now(), w.now().Add(time.Hour))
	if err := w.inbound(nil).Handle(t.Context(), sns("", her, "secret", w.now())); err != nil || w.dead() != 1 {
		t.Errorf("error %v and %d dead letters, want the text without an ID kept as one", err, w.dead())
	}
	w.says(her, "STOP")
	w.record(her)
	log := logged.String()
	if log == "" {
		t.Fatal("nothing was logged; the test proves nothing")
	}
	for _, private := range []string{"2065550142", "secret", "4711", "Example Corp."} {
		if i := strings.Index(log, private); i >= 0 {
			t.Errorf("I10: the log holds %q: …%s…", private, log[max(0, i-120):min(len(log), i+60)])
		}
	}
}

// Defect 11, "about one hour in the console", is deploy_test.go's: the template makes everything.

// Defect 12: the request to join a marketing list went out as a transactional message.
func TestDefect12ConfirmationRequestIsPromotional(t *testing.T) {
	w := newWorld(t, nil)
	var types []string
	h := w.inbound(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.Header.Get("X-Amz-Target"), "SendTextMessage") {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					return nil, err
				}
				var sent struct{ MessageType string }
				if err := json.Unmarshal(body, &sent); err != nil {
					return nil, err
				}
				types = append(types, sent.MessageType)
				r.Body = io.NopCloser(bytes.NewReader(body))
			}
			return next.RoundTrip(r)
		})
	})
	w.hear(h, sns("a", her, "JOIN", w.now()), nil)
	if !slices.Equal(types, []string{"PROMOTIONAL"}) {
		t.Errorf("sent as %v, want PROMOTIONAL", types)
	}
}

// inbound is the inbound function on the world's AWS, with what goes over the wire passed through wrap.
func (w *world) inbound(wrap func(http.RoundTripper) http.RoundTripper) *inbound.Handler {
	w.t.Helper()
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		w.t.Fatal(err)
	}
	cfg := account.AWS(w.url)
	if wrap != nil {
		cfg.HTTPClient = &http.Client{Transport: wrap(http.DefaultTransport)}
		cfg.RetryMaxAttempts = 1
	}
	d := account.Deployment(catalog, account.Env, cfg, w.now)
	d.Log = telemetry.NewLogger(io.Discard)
	h, err := inbound.Wire(w.t.Context(), d)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

func (w *world) hear(h *inbound.Handler, e events.SNSEvent, want error) {
	w.t.Helper()
	if err := h.Handle(w.t.Context(), e); !errors.Is(err, want) {
		w.t.Fatalf("inbound: %v", err)
	}
}

func sns(id, from, body string, at time.Time) events.SNSEvent {
	message := fmt.Sprintf(`{"originationNumber":%q,"destinationNumber":"+12065550100","messageKeyword":"JOIN","messageBody":%q,"inboundMessageId":%q}`, from, body, id)
	return events.SNSEvent{Records: []events.SNSEventRecord{{SNS: events.SNSEntity{Message: message, MessageID: "m", Timestamp: at}}}}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
