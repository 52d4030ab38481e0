package receipts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent"
	"smsconsent/functions/receipts"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
)

var (
	key       = consent.Key{Brand: "example", Phone: "+12065550177"}
	noon      = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	errBroken = errors.New("broken")
)

const (
	spring = "01KB00000000000000000SPR1N" // a campaign
	offer  = "Example Corp.: half of everything is half the price today."
)

// id is the ID of the nth text.
func id(n int) string { return fmt.Sprintf("01KB0000000000000000000%03d", n) }

// memory is the consent table as far as receipts need it.
type memory struct {
	contact   consent.Contact
	messages  map[string]consent.Message
	events    []consent.Event
	campaigns map[string]campaign.State
	why       string
	commits   int
	conflict  int   // so many commits find the contact changed
	err       error // what the next call but Contact answers, once
}

func newMemory(texts int) *memory {
	m := &memory{contact: consent.Contact{Key: key}, messages: map[string]consent.Message{}, campaigns: map[string]campaign.State{spring: campaign.Running}}
	for n := range texts {
		at := noon.Add(time.Duration(n) * time.Hour)
		m.contact.Claims = append(m.contact.Claims, consent.Claim{ID: id(n), At: at, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: spring, Content: message.ContentHash(offer)})
		m.messages[id(n)] = consent.Message{ID: id(n), At: at, Status: consent.Sent, Campaign: spring, History: []consent.StatusChange{{At: at, Status: consent.Sent}}}
	}
	return m
}

func (m *memory) fail() error {
	err := m.err
	m.err = nil
	return err
}

func (m *memory) Contact(_ context.Context, k consent.Key) (consent.Contact, error) {
	if k != m.contact.Key {
		return consent.Contact{Key: k}, nil
	}
	return m.contact, nil
}

func (m *memory) Person(context.Context, consent.Key) (consent.Record, error) {
	r := consent.Record{Contact: m.contact, Events: m.events}
	for _, t := range m.messages {
		r.Messages = append(r.Messages, t)
	}
	return r, m.fail()
}

func (m *memory) MessageStatus(_ context.Context, k consent.Key, id string, step consent.StatusChange) error {
	t, ok := m.messages[id]
	if !ok || k != m.contact.Key {
		return fmt.Errorf("text: %w", table.ErrNoMessage)
	}
	if err := m.fail(); err != nil {
		return err
	}
	m.messages[id], _ = t.Settle(step)
	return nil
}

func (m *memory) Campaign(_ context.Context, id string) (campaign.Campaign, error) {
	return campaign.Campaign{ID: id, Text: offer}, m.fail()
}

func (m *memory) RecordUnconfirmed(_ context.Context, _ consent.Key, t consent.Message) error {
	if _, ok := m.messages[t.ID]; !ok {
		m.messages[t.ID] = t
	}
	return m.fail()
}

func (m *memory) Commit(_ context.Context, ch consent.Change, _ time.Time) (consent.Contact, error) {
	if m.conflict > 0 {
		m.conflict--
		return consent.Contact{}, table.ErrConflict
	}
	if err := m.fail(); err != nil {
		return consent.Contact{}, err
	}
	m.commits++
	m.contact = ch.Next
	m.contact.Head.Seq += int64(len(ch.Events))
	m.events = append(m.events, ch.Events...)
	return m.contact, nil
}

func (m *memory) SetCampaignState(_ context.Context, id string, from []campaign.State, to campaign.State, why string) error {
	if err := m.fail(); err != nil {
		return err
	}
	if !slices.Contains(from, m.campaigns[id]) {
		return table.ErrConflict
	}
	m.campaigns[id], m.why = to, why
	return nil
}

// store is the table as the outbox sees it; what receipts have no business with is not there.
type store struct {
	outbox.Store
	found recorder
}

type recorder interface {
	Campaign(ctx context.Context, id string) (campaign.Campaign, error)
	RecordUnconfirmed(ctx context.Context, k consent.Key, t consent.Message) error
}

func (s store) Campaign(ctx context.Context, id string) (campaign.Campaign, error) {
	return s.found.Campaign(ctx, id)
}

func (s store) RecordUnconfirmed(ctx context.Context, k consent.Key, t consent.Message) error {
	return s.found.RecordUnconfirmed(ctx, k, t)
}

type bench struct {
	*memory
	*receipts.Handler
	log, metrics *strings.Builder
}

func newBench(texts int) *bench {
	b := &bench{memory: newMemory(texts), log: &strings.Builder{}, metrics: &strings.Builder{}}
	now := func() time.Time { return noon.Add(48 * time.Hour) }
	log := slog.New(slog.NewTextHandler(b.log, nil))
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		panic(err)
	}
	g, err := gate.New(catalog)
	if err != nil {
		panic(err)
	}
	b.Handler, err = receipts.New(receipts.Config{
		Table: b.memory, Outbox: outbox.New(outbox.Config{Catalog: catalog, Gate: g, Store: store{found: b.memory}, Now: func() time.Time { return b.Now() }, Log: log}, nil),
		Now: now, Log: log, Metrics: telemetry.New(b.metrics, now),
	})
	if err != nil {
		panic(err)
	}
	return b
}

// event is an SQS body as SNS makes it of AWS's event.
func event(text int, seconds int, kind string, change map[string]any) string {
	e := map[string]any{
		"eventType": "TEXT_" + kind, "eventVersion": "1.0", "eventTimestamp": noon.Add(time.Duration(text)*time.Hour + time.Duration(seconds)*time.Second).UnixMilli(), "isFinal": true,
		"originationPhoneNumber": "+12065550100", "destinationPhoneNumber": string(key.Phone), "isInternationalSend": false, "messageId": "aws-1",
		"messageStatus": kind, "context": map[string]string{"brand": "example", "message": id(text)}, "totalMessageParts": 1, "totalMessagePrice": 0.00581,
	}
	for k, v := range change {
		e[k] = v
	}
	inner, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	outer, err := json.Marshal(map[string]string{"Type": "Notification", "MessageId": "sns-1", "Message": string(inner), "Timestamp": "2026-12-01T12:00:00.000Z"})
	if err != nil {
		panic(err)
	}
	return string(outer)
}

// handle gives the bodies as one batch and returns which of them failed.
func (b *bench) handle(t interface{ Fatal(...any) }, bodies ...string) []string {
	var batch events.SQSEvent
	for i, body := range bodies {
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint(i), Body: body})
	}
	out, err := b.Handle(context.Background(), batch)
	if err != nil {
		t.Fatal(err)
	}
	failed := []string{}
	for _, f := range out.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}

func TestEveryEventTypeSettlesItsText(t *testing.T) {
	for kind, want := range map[string]consent.Status{
		"DELIVERED": consent.Delivered, "SUCCESSFUL": consent.Delivered, "INVALID": consent.Undelivered, "UNREACHABLE": consent.Undelivered,
		"CARRIER_UNREACHABLE": consent.Undelivered, "BLOCKED": consent.Undelivered, "TTL_EXPIRED": consent.Undelivered, "SPAM": consent.Undelivered,
		"CARRIER_BLOCKED": consent.Undelivered, "PROTECT_BLOCKED": consent.Undelivered, "INVALID_MESSAGE": consent.Undelivered,
		"UNKNOWN": consent.Unconfirmed, "QUEUED": consent.Sent, "PENDING": consent.Sent,
	} {
		b := newBench(1)
		if failed := b.handle(t, event(0, 3, kind, map[string]any{"isFinal": kind != "QUEUED" && kind != "PENDING"})); len(failed) != 0 {
			t.Errorf("%s failed: %s", kind, b.log)
		}
		if got := b.messages[id(0)].Status; got != want {
			t.Errorf("%s: status %s, want %s", kind, got, want)
		}
	}
}

// Writes are kept low: a text that arrived as expected touches its own record only.
func TestArrivalAsExpectedWritesNothingOnTheContact(t *testing.T) {
	b := newBench(2)
	b.handle(t, event(0, 3, "SUCCESSFUL", nil), event(0, 5, "DELIVERED", nil), event(1, 5, "DELIVERED", nil))
	if b.commits != 0 {
		t.Errorf("%d commits", b.commits)
	}
}

func TestWhatIsNotFinalChangesNothing(t *testing.T) {
	b := newBench(1)
	b.handle(t, event(0, 3, "UNREACHABLE", map[string]any{"isFinal": false}), event(0, 4, "DELIVERED", map[string]any{"isFinal": false}))
	if b.commits != 0 || b.messages[id(0)].Status != consent.Sent {
		t.Errorf("%d commits, status %s", b.commits, b.messages[id(0)].Status)
	}
}

func TestInvalidNumberGetsNothingMore(t *testing.T) {
	b := newBench(1)
	b.conflict = 3
	b.handle(t, event(0, 3, "INVALID", nil))
	if !b.contact.Health.Undeliverable || len(b.events) != 1 || b.events[0].Type != consent.Noted {
		t.Errorf("health %+v, events %+v", b.contact.Health, b.events)
	}
}

func TestThreeFailuresInARow(t *testing.T) {
	b := newBench(4)
	b.handle(t, event(0, 3, "UNREACHABLE", nil), event(1, 3, "BLOCKED", nil), event(1, 3, "BLOCKED", nil))
	if h := b.contact.Health; h.Failures != 2 || h.Undeliverable {
		t.Errorf("after two: %+v", h)
	}
	b.handle(t, event(2, 3, "CARRIER_UNREACHABLE", nil))
	if h := b.contact.Health; h.Failures != 3 || !h.Undeliverable {
		t.Errorf("after three: %+v", h)
	}
	b.handle(t, event(3, 3, "DELIVERED", nil))
	if h := b.contact.Health; h.Failures != 0 || h.Undeliverable {
		t.Errorf("after an answer arrived: %+v", h)
	}
}

func TestACarrierThatSaysSpamPausesTheCampaign(t *testing.T) {
	for _, kind := range []string{"SPAM", "CARRIER_BLOCKED"} {
		b := newBench(2)
		if failed := b.handle(t, event(0, 3, kind, nil), event(1, 3, kind, nil)); len(failed) != 0 {
			t.Errorf("failed: %v %s", failed, b.log)
		}
		if b.campaigns[spring] != campaign.Paused || b.why != "TEXT_"+kind {
			t.Errorf("campaign is %s because %q", b.campaigns[spring], b.why)
		}
		if n := strings.Count(b.metrics.String(), `"CampaignPaused":1`); n != 1 {
			t.Errorf("%d pauses counted: %s", n, b.metrics)
		}
		if n := strings.Count(b.metrics.String(), `"SpamReported":1`); n != 2 {
			t.Errorf("%d reports counted", n)
		}
	}
}

func TestACampaignThatCannotBePausedIsTriedAgain(t *testing.T) {
	b := newBench(1)
	b.err = errBroken
	if failed := b.handle(t, event(0, 3, "SPAM", nil)); len(failed) != 1 {
		t.Error("the event was dropped")
	}
	b.handle(t, event(0, 3, "SPAM", nil))
	if b.campaigns[spring] != campaign.Paused {
		t.Error("the campaign runs on")
	}
}

func TestSpamOnATextWithoutCampaignOnlyAlarms(t *testing.T) {
	b := newBench(1)
	b.contact.Claims[0].Campaign = ""
	if failed := b.handle(t, event(0, 3, "SPAM", nil)); len(failed) != 0 || b.campaigns[spring] != campaign.Running || !strings.Contains(b.metrics.String(), "SpamReported") {
		t.Errorf("failed %v, campaign %s", failed, b.campaigns[spring])
	}
}

// I3: a text whose sender was ended before it could record it is put on record by its receipt, but not while the
// sender may still be about to.
func TestATextThatIsNotOnRecord(t *testing.T) {
	for _, tc := range []struct {
		name   string
		age    time.Duration
		claim  bool
		failed int
	}{
		{"sent a moment ago", 4*time.Minute + 59*time.Second, true, 1},
		{"lost by its sender", 5 * time.Minute, true, 0},
		{"never claimed", time.Hour, false, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(1)
			delete(b.messages, id(0))
			b.contact.Claims[0].At = b.Now().Add(-tc.age)
			if !tc.claim {
				b.contact.Claims = nil
			}
			if failed := b.handle(t, event(0, 3, "DELIVERED", nil)); len(failed) != tc.failed {
				t.Fatalf("failed: %v, %s", failed, b.log)
			}
			if tc.failed > 0 {
				if len(b.messages) != 0 {
					t.Error("something was recorded")
				}
				return
			}
			m := b.messages[id(0)]
			got := []any{m.Status, m.Identity, m.AWSID, m.Kind, m.Campaign, m.Body, len(m.History)}
			if diff := cmp.Diff([]any{consent.Delivered, "+12065550100", "aws-1", message.Promotional, spring, offer, 2}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Nothing is dropped in silence: what cannot be understood ends in the dead letters, and the rest of its batch is done.
func TestWhatCannotBeUnderstoodFailsAlone(t *testing.T) {
	for name, bad := range map[string]string{
		"not JSON":           "{",
		"empty":              "",
		"no notification":    `{"a":1}`,
		"raw event":          `{"eventType":"TEXT_DELIVERED"}`,
		"unknown type":       event(0, 3, "ABDUCTED", nil),
		"voice":              event(0, 3, "", map[string]any{"eventType": "VOICE_COMPLETED"}),
		"no phone":           event(0, 3, "DELIVERED", map[string]any{"destinationPhoneNumber": ""}),
		"phone of a pool":    event(0, 3, "DELIVERED", map[string]any{"destinationPhoneNumber": "VAJZNBLLDX"}),
		"no context":         event(0, 3, "DELIVERED", map[string]any{"context": nil}),
		"context of another": event(0, 3, "DELIVERED", map[string]any{"context": map[string]string{"account": "bar"}}),
		"message not a ULID": event(0, 3, "DELIVERED", map[string]any{"context": map[string]string{"brand": "example", "message": "x#y"}}),
		"no time":            event(0, 3, "DELIVERED", map[string]any{"eventTimestamp": 0}),
		"time in words":      event(0, 3, "DELIVERED", map[string]any{"eventTimestamp": "now"}),
		"another brand":      event(0, 3, "DELIVERED", map[string]any{"context": map[string]string{"brand": "acme", "message": id(0)}}),
	} {
		b := newBench(2)
		if failed := b.handle(t, event(0, 3, "DELIVERED", nil), bad, event(1, 3, "DELIVERED", nil)); !slices.Equal(failed, []string{"1"}) {
			t.Errorf("%s: failed %v", name, failed)
		}
		if b.messages[id(0)].Status != consent.Delivered || b.messages[id(1)].Status != consent.Delivered {
			t.Errorf("%s: the others were not done", name)
		}
		if !strings.Contains(b.metrics.String(), "ReceiptFailed") {
			t.Errorf("%s: not counted", name)
		}
		if strings.Contains(b.log.String(), "2065550177") {
			t.Errorf("%s: the log holds the phone number (I10): %s", name, b.log)
		}
	}
}

func TestAFaultOfTheTableIsRetried(t *testing.T) {
	b := newBench(1)
	b.err = errBroken
	if failed := b.handle(t, event(0, 3, "INVALID", nil)); len(failed) != 1 {
		t.Errorf("failed: %v", failed)
	}
	b.conflict = 8
	if failed := b.handle(t, event(0, 3, "INVALID", nil)); len(failed) != 1 {
		t.Errorf("with conflicts without end: %v", failed)
	}
	if failed := b.handle(t, event(0, 3, "INVALID", nil)); len(failed) != 0 || !b.contact.Health.Undeliverable || b.contact.Health.Failures != 1 {
		t.Errorf("failed %v, health %+v", failed, b.contact.Health)
	}
}

// SQS delivers at least once and in any order, and any call may fail: once all is handled, the record is the same.
func TestAnyOrderWithRepeatsAndFaultsEndsAlike(t *testing.T) {
	kinds := []string{"DELIVERED", "SUCCESSFUL", "INVALID", "UNREACHABLE", "BLOCKED", "SPAM", "UNKNOWN", "TTL_EXPIRED"}
	rapid.Check(t, func(t *rapid.T) {
		bodies := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return event(rapid.IntRange(0, 3).Draw(t, "text"), rapid.IntRange(0, 3).Draw(t, "second"), rapid.SampledFrom(kinds).Draw(t, "kind"), nil)
		}), 1, 8).Draw(t, "events")
		straight, other := newBench(4), newBench(4)
		straight.handle(t, bodies...)
		twice := append(slices.Clone(bodies), rapid.SampledFrom(bodies).Draw(t, "repeated"))
		for queue := rapid.Permutation(twice).Draw(t, "order"); len(queue) > 0; queue = queue[1:] {
			if rapid.Bool().Draw(t, "fault") {
				other.err = errBroken
			}
			if failed := other.handle(t, queue[0]); len(failed) > 0 {
				queue = append(queue, queue[0])
			}
			other.err = nil
		}
		if diff := cmp.Diff(straight.messages, other.messages); diff != "" {
			t.Fatal(diff)
		}
		a, b := straight.contact.Health, other.contact.Health
		if a.Failures != b.Failures || a.Undeliverable != b.Undeliverable || straight.campaigns[spring] != other.campaigns[spring] {
			t.Fatalf("%+v, %+v", a, b)
		}
	})
}

// The sample events are what the README tells people to invoke the function with.
func TestSampleEvents(t *testing.T) {
	for _, name := range []string{"receipts-delivered.json", "receipts-spam.json"} {
		text, err := os.ReadFile("../../events/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var e events.SQSEvent
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		b := newBench(1)
		b.contact.Phone = "+12065550142"
		m := b.messages[id(0)]
		m.ID = "01M84S1580MNPQRSTVWXYZABCD"
		b.messages[m.ID] = m
		b.contact.Claims[0].ID = m.ID
		if failed := b.handle(t, e.Records[0].Body); len(failed) != 0 || b.messages[m.ID].Status == consent.Sent {
			t.Errorf("%s: %v %s", name, failed, b.log)
		}
	}
}

func FuzzHandle(f *testing.F) {
	f.Add(event(0, 3, "DELIVERED", nil))
	f.Add(event(0, 3, "SPAM", nil))
	f.Fuzz(func(t *testing.T, body string) {
		b := newBench(1)
		b.handle(t, body)
		if len(b.messages) != 1 {
			t.Error("an event made up a text")
		}
	})
}
