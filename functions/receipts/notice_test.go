package receipts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/outbox"
)

// counted is how often a metric was counted, one at a time.
func (b *bench) counted(metric string) int {
	return strings.Count(b.metrics.String(), `"`+metric+`":1`)
}

// Who finds an event among the dead letters has to learn from the log what was wrong with it.
func TestTheLogSaysWhatCannotBeUnderstood(t *testing.T) {
	for _, c := range []struct{ name, body, says string }{
		{"no notification", "{", "not an SNS notification"},
		{"no event", `{"Message":"hello"}`, "not a delivery event"},
		{"unknown type", event(0, 3, "ABDUCTED", nil), "TEXT_ABDUCTED"},
		{"no phone", event(0, 3, "DELIVERED", map[string]any{"destinationPhoneNumber": ""}), "destinationPhoneNumber"},
		{"no brand", event(0, 3, "DELIVERED", map[string]any{"context": map[string]string{"message": id(0)}}), "context"},
		{"no text", event(0, 3, "DELIVERED", map[string]any{"context": map[string]string{"brand": "example"}}), "context"},
		{"before there were texts", event(0, 3, "DELIVERED", map[string]any{"eventTimestamp": -1}), "eventTimestamp"},
	} {
		b := newBench(1)
		if failed := b.handle(t, c.body); len(failed) != 1 || !strings.Contains(b.log.String(), c.says) {
			t.Errorf("%s: failed %v, log %s", c.name, failed, b.log)
		}
		if n := b.counted("ReceiptFailed"); n != 1 {
			t.Errorf("%s: counted %d times: %s", c.name, n, b.metrics)
		}
	}
}

// A receipt taken is counted under its event, and nothing else is: alarms hang on the others.
func TestWhatIsCounted(t *testing.T) {
	for kind, want := range map[string]struct{ undeliverable, spam, paused int }{
		"DELIVERED":   {},
		"UNREACHABLE": {},
		"INVALID":     {undeliverable: 1},
		"SPAM":        {spam: 1, paused: 1},
	} {
		b := newBench(1)
		b.handle(t, event(0, 3, kind, nil))
		for metric, want := range map[string]int{
			"Receipt": 1, "ReceiptFailed": 0, "Undeliverable": want.undeliverable, "SpamReported": want.spam, "CampaignPaused": want.paused,
		} {
			if n := b.counted(metric); n != want {
				t.Errorf("%s: %s counted %d times, want %d: %s", kind, metric, n, want, b.metrics)
			}
		}
		if !strings.Contains(b.metrics.String(), "TEXT_"+kind) {
			t.Errorf("%s: counted without its event: %s", kind, b.metrics)
		}
	}
}

// A carrier that merely could not reach a phone complains of nobody.
func TestOnlyAComplaintPausesACampaign(t *testing.T) {
	for _, kind := range []string{"INVALID", "UNREACHABLE", "CARRIER_UNREACHABLE", "BLOCKED", "TTL_EXPIRED", "UNKNOWN", "DELIVERED"} {
		b := newBench(1)
		if b.handle(t, event(0, 3, kind, nil)); b.campaigns[spring] != campaign.Running {
			t.Errorf("%s: the campaign is %s", kind, b.campaigns[spring])
		}
	}
}

// A complaint counts as soon as it is heard; what became of the text is on record when that is final.
func TestAComplaintDoesNotWaitToBeFinal(t *testing.T) {
	b := newBench(1)
	failed := b.handle(t, event(0, 3, "SPAM", map[string]any{"isFinal": false}))
	if len(failed) != 0 || b.campaigns[spring] != campaign.Paused || b.messages[id(0)].Status != consent.Sent {
		t.Errorf("failed %v, campaign %s, status %s", failed, b.campaigns[spring], b.messages[id(0)].Status)
	}
}

// A campaign not begun is stopped like one that runs, and one that has ended stays what it was.
func TestWhichCampaignsAComplaintPauses(t *testing.T) {
	for state, want := range map[campaign.State]campaign.State{
		campaign.Scheduled: campaign.Paused, campaign.Running: campaign.Paused, campaign.Done: campaign.Done,
	} {
		b := newBench(1)
		b.campaigns[spring] = state
		if failed := b.handle(t, event(0, 3, "SPAM", nil)); len(failed) != 0 || b.campaigns[spring] != want {
			t.Errorf("a campaign %s is %s after, failed %v", state, b.campaigns[spring], failed)
		}
	}
}

// One text that arrives makes a phone reachable that texts never reached.
func TestWhatArrivesMakesReachable(t *testing.T) {
	b := newBench(2)
	b.handle(t, event(0, 3, "INVALID", nil))
	b.contact.Health.Failures = 0 // nobody counts, and yet it says undeliverable
	b.handle(t, event(1, 3, "DELIVERED", nil))
	if h := b.contact.Health; h.Undeliverable {
		t.Errorf("after a text arrived: %+v", h)
	}
}

// unreadable is a table that gives no contacts.
type unreadable struct{ *memory }

func (unreadable) Contact(context.Context, consent.Key) (consent.Contact, error) {
	return consent.Contact{}, errBroken
}

// counting is a table that counts what is read.
type counting struct {
	*memory
	contacts, records int
}

func (c *counting) Contact(ctx context.Context, key consent.Key) (consent.Contact, error) {
	c.contacts++
	return c.memory.Contact(ctx, key)
}

func (c *counting) Person(ctx context.Context, key consent.Key) (consent.Record, error) {
	c.records++
	return c.memory.Person(ctx, key)
}

func TestNothingIsDoneForAContactThatCannotBeRead(t *testing.T) {
	b := newBench(1)
	b.Table = unreadable{b.memory}
	failed := b.handle(t, event(0, 3, "SPAM", nil))
	if len(failed) != 1 || b.campaigns[spring] != campaign.Running || b.messages[id(0)].Status != consent.Sent {
		t.Errorf("failed %v, campaign %s, status %s", failed, b.campaigns[spring], b.messages[id(0)].Status)
	}
}

// Reading a whole record costs more with every text in it, so that a text which arrived as expected reads none.
func TestArrivalAsExpectedReadsNoRecord(t *testing.T) {
	b := newBench(2)
	c := &counting{memory: b.memory}
	b.Table = c
	b.handle(t, event(0, 3, "DELIVERED", nil))
	if c.records != 0 {
		t.Errorf("%d records read", c.records)
	}
	b.handle(t, event(1, 3, "UNREACHABLE", nil))
	if c.records != 1 {
		t.Errorf("%d records read for a text that did not arrive", c.records)
	}
}

// A text under way is no news: it reads and changes nothing, even where AWS calls that final.
func TestWhatIsUnderWayCostsNothing(t *testing.T) {
	for _, kind := range []string{"QUEUED", "PENDING", "SENT"} {
		for _, final := range []bool{false, true} {
			b := newBench(1)
			c := &counting{memory: b.memory}
			b.Table = c
			failed := b.handle(t, event(0, 3, kind, map[string]any{"isFinal": final}))
			if m := b.messages[id(0)]; len(failed) != 0 || c.contacts+c.records != 0 || m.Status != consent.Sent || len(m.History) != 1 {
				t.Errorf("%s, final %t: failed %v, %d reads, on record %+v", kind, final, failed, c.contacts+c.records, m)
			}
		}
	}
}

// A receipt that comes twice is written down once.
func TestARepetitionWritesNothing(t *testing.T) {
	b := newBench(1)
	b.handle(t, event(0, 3, "INVALID", nil), event(0, 3, "INVALID", nil))
	if b.commits != 1 || len(b.events) != 1 {
		t.Errorf("%d commits, %d events", b.commits, len(b.events))
	}
}

// named is a table that knows campaigns by their names only.
type named struct{ *memory }

func (n named) SetCampaignState(ctx context.Context, id string, from []campaign.State, to campaign.State, why string) error {
	if id == "" {
		return errBroken
	}
	return n.memory.SetCampaignState(ctx, id, from, to, why)
}

// A complaint about a text of no campaign, or of one long forgotten, has no campaign to pause. One that is paused is
// told of in the log.
func TestAComplaintOfNoCampaign(t *testing.T) {
	for name, change := range map[string]func(*bench){
		"of no campaign": func(b *bench) { b.contact.Claims[0].Campaign = "" },
		"forgotten":      func(b *bench) { b.contact.Claims = nil },
	} {
		b := newBench(1)
		change(b)
		b.Table = named{b.memory}
		if failed := b.handle(t, event(0, 3, "SPAM", nil)); len(failed) != 0 || b.counted("SpamReported") != 1 {
			t.Errorf("%s: failed %v, log %s, metrics %s", name, failed, b.log, b.metrics)
		}
	}
	b := newBench(1)
	b.handle(t, event(0, 3, "SPAM", nil))
	if log := b.log.String(); !strings.Contains(log, "campaign paused") || !strings.Contains(log, spring) || !strings.Contains(log, "TEXT_SPAM") {
		t.Errorf("log: %s", log)
	}
}

// A contact that much happens to is tried for again: seven others may get in before.
func TestOthersMayGetInBefore(t *testing.T) {
	b := newBench(1)
	b.conflict = 7
	if failed := b.handle(t, event(0, 3, "INVALID", nil)); len(failed) != 0 || !b.contact.Health.Undeliverable {
		t.Errorf("failed %v, health %+v", failed, b.contact.Health)
	}
}

// broken is a table of which one call fails.
type broken struct {
	*memory
	call string
}

func (b broken) RecordUnconfirmed(ctx context.Context, key consent.Key, m consent.Message) error {
	if b.call == "record" {
		return errBroken
	}
	return b.memory.RecordUnconfirmed(ctx, key, m)
}

func (b broken) Person(ctx context.Context, key consent.Key) (consent.Record, error) {
	if b.call == "read" {
		return consent.Record{}, errBroken
	}
	return b.memory.Person(ctx, key)
}

func (b broken) Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error) {
	if b.call == "commit" {
		return consent.Contact{}, errBroken
	}
	return b.memory.Commit(ctx, ch, now)
}

// Whichever call fails, the event is offered again, and then all is as if nothing had failed.
func TestNoFaultIsSwallowed(t *testing.T) {
	for _, call := range []string{"record", "read", "commit"} {
		b := newBench(1)
		delete(b.messages, id(0))
		b.Table = broken{b.memory, call}
		b.recovers(broken{b.memory, call})
		if failed := b.handle(t, event(0, 3, "INVALID", nil)); len(failed) != 1 || !strings.Contains(b.log.String(), errBroken.Error()) {
			t.Errorf("%s: failed %v, log %s", call, failed, b.log)
		}
		b.Table = b.memory
		b.recovers(b.memory)
		if failed := b.handle(t, event(0, 3, "INVALID", nil)); len(failed) != 0 || !b.contact.Health.Undeliverable {
			t.Errorf("%s: then failed %v, health %+v", call, failed, b.contact.Health)
		}
		if m := b.messages[id(0)]; m.Status != consent.Undelivered || len(m.History) != 2 {
			t.Errorf("%s: on record is %+v", call, m)
		}
	}
}

// Who looks for a text that its receipt cannot be put to learns why from the log.
func TestTheLogSaysWhyATextIsNotOnRecord(t *testing.T) {
	for says, change := range map[string]func(*bench){
		"was never claimed":    func(b *bench) { b.contact.Claims = nil },
		"is not on record yet": func(b *bench) { b.contact.Claims[0].At = b.Now() },
	} {
		b := newBench(1)
		delete(b.messages, id(0))
		change(b)
		if failed := b.handle(t, event(0, 3, "DELIVERED", nil)); len(failed) != 1 || !strings.Contains(b.log.String(), says) {
			t.Errorf("%s: failed %v, log %s", says, failed, b.log)
		}
	}
}

// Should nothing more be known of a text than that it was found, its record says all that the claim and the event tell.
func TestWhatIsFoundIsUnconfirmed(t *testing.T) {
	b := newBench(1)
	delete(b.messages, id(0))
	found := &keeping{memory: b.memory}
	b.recovers(found)
	b.handle(t, event(0, 3, "DELIVERED", nil))
	want := b.contact.Claims[0].Message()
	want.Identity, want.Body, want.AWSID, want.Status = "+12065550100", offer, "aws-1", consent.Unconfirmed
	want.Policy = found.text.Policy
	want.History = []consent.StatusChange{{At: b.Now(), Status: consent.Unconfirmed, Detail: "claimed, and no record of what followed"}}
	if diff := cmp.Diff(want, found.text); diff != "" {
		t.Error(diff)
	}
}

// recovers has the outbox put what it finds on record there.
func (b *bench) recovers(there recorder) {
	box, ok := b.Outbox.(*outbox.Outbox)
	if !ok {
		panic("another outbox")
	}
	box.Store = store{found: there}
}

// keeping is a table that keeps the text last put on record.
type keeping struct {
	*memory
	text consent.Message
}

func (k *keeping) RecordUnconfirmed(ctx context.Context, key consent.Key, m consent.Message) error {
	k.text = m
	return k.memory.RecordUnconfirmed(ctx, key, m)
}

// What is found by its receipt is on record to the millisecond, as the table keeps it, and says how it got there.
func TestWhatIsFoundSaysHow(t *testing.T) {
	b := newBench(1)
	delete(b.messages, id(0))
	b.Now = func() time.Time {
		return noon.Add(48*time.Hour + 123_456_789*time.Nanosecond).In(time.FixedZone("", 3600))
	}
	b.handle(t, event(0, 3, "DELIVERED", nil))
	var found consent.StatusChange
	for _, step := range b.messages[id(0)].History {
		if step.Status == consent.Unconfirmed {
			found = step
		}
	}
	if want := noon.Add(48*time.Hour + 123*time.Millisecond); found.At != want || found.Detail != "claimed, and no record of what followed" {
		t.Errorf("found at %s, %q", found.At, found.Detail)
	}
}
