package receipts_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

// Who finds an event among the dead letters has to learn from the log what was wrong with it.
func TestTheLogSaysWhatCannotBeUnderstood(t *testing.T) {
	for _, c := range []struct{ name, body, says string }{
		{"no notification", "{", "not an SNS notification"},
		{"no event", `{"Message":"hello"}`, "not a delivery event"},
		{"of a call", event(0, 3, "", map[string]any{"eventType": "VOICE_COMPLETED"}), "VOICE_COMPLETED"},
		{"no phone", event(0, 3, "DELIVERED", map[string]any{"destinationPhoneNumber": ""}), "destinationPhoneNumber"},
		{"no brand", event(0, 3, "DELIVERED", map[string]any{"context": map[string]string{"message": id(0)}}), "context"},
		{"no text", event(0, 3, "DELIVERED", map[string]any{"context": map[string]string{"brand": "example"}}), "context"},
		{"before there were texts", event(0, 3, "DELIVERED", map[string]any{"eventTimestamp": -1}), "eventTimestamp"},
	} {
		w := newWorld(t, 1)
		if failed := w.handle(c.body); len(failed) != 1 || !strings.Contains(w.Logged.String(), c.says) {
			t.Errorf("%s: failed %v, log %s", c.name, failed, &w.Logged)
		}
		if n := w.counted("ReceiptFailed"); n != 1 {
			t.Errorf("%s: counted %d times: %s", c.name, n, &w.Counted)
		}
	}
}

// A receipt taken is counted under its event, and nothing else is: alarms hang on the others.
func TestWhatIsCounted(t *testing.T) {
	for kind, want := range map[string]struct{ undeliverable, spam, paused int }{
		"DELIVERED":   {},
		"UNREACHABLE": {},
		"INVALID":     {undeliverable: 1},
		"SPAM":        {spam: 1},
	} {
		w := newWorld(t, 1)
		w.handle(event(0, 3, kind, nil))
		for metric, want := range map[string]int{
			"Receipt": 1, "ReceiptFailed": 0, "Undeliverable": want.undeliverable, "SpamReported": want.spam, "CampaignPaused": want.paused,
		} {
			if n := w.counted(metric); n != want {
				t.Errorf("%s: %s counted %d times, want %d: %s", kind, metric, n, want, &w.Counted)
			}
		}
		if !strings.Contains(w.Counted.String(), "TEXT_"+kind) {
			t.Errorf("%s: counted without its event: %s", kind, &w.Counted)
		}
	}
}

// One phone is one phone, whatever its carrier says of the text.
func TestOneTextPausesNothing(t *testing.T) {
	for _, kind := range []string{"SPAM", "CARRIER_BLOCKED", "INVALID", "UNREACHABLE", "CARRIER_UNREACHABLE", "BLOCKED", "TTL_EXPIRED", "UNKNOWN", "DELIVERED"} {
		w := newWorld(t, 1)
		if w.handle(event(0, 3, kind, nil)); w.campaign().State != campaign.Running {
			t.Errorf("%s: the campaign is %s", kind, w.campaign().State)
		}
	}
}

// A complaint raises the alarm as soon as it is heard; what became of the text is on record when that is final.
func TestAComplaintDoesNotWaitToBeFinal(t *testing.T) {
	w := newWorld(t, 1)
	failed := w.handle(event(0, 3, "SPAM", map[string]any{"isFinal": false}))
	if len(failed) != 0 || w.counted("SpamReported") != 1 || w.text(0).Status != consent.Sent {
		t.Errorf("failed %v, status %s, metrics %s", failed, w.text(0).Status, &w.Counted)
	}
}

// One text that arrives makes a phone reachable that texts never reached.
func TestWhatArrivesMakesReachable(t *testing.T) {
	w := newWorld(t, 2)
	w.handle(event(0, 3, "INVALID", nil))
	w.Alter(her, func(c *consent.Contact) { c.Health.Failures = 0 }) // nobody counts, and yet it says undeliverable
	w.handle(event(1, 3, "DELIVERED", nil))
	if h := w.health(); h.Undeliverable {
		t.Errorf("after a text arrived: %+v", h)
	}
}

func TestNothingIsDoneForAContactThatCannotBeRead(t *testing.T) {
	w := newWorld(t, 1)
	w.Table.Unreadable = map[string]error{"Contact": errBroken}
	failed := w.handle(event(0, 3, "SPAM", nil))
	if len(failed) != 1 || w.campaign().State != campaign.Running || w.text(0).Status != consent.Sent {
		t.Errorf("failed %v, campaign %s, status %s", failed, w.campaign().State, w.text(0).Status)
	}
}

// Reading a whole record costs more with every text in it, so that a text which arrived as expected reads none.
func TestArrivalAsExpectedReadsNoRecord(t *testing.T) {
	w := newWorld(t, 2)
	w.handle(event(0, 3, "DELIVERED", nil))
	if n := w.Table.Done("Person"); n != 0 {
		t.Errorf("%d records read", n)
	}
	w.handle(event(1, 3, "UNREACHABLE", nil))
	if n := w.Table.Done("Person"); n != 1 {
		t.Errorf("%d records read for a text that did not arrive", n)
	}
}

// A text under way is no news: it reads and changes nothing, even where AWS calls that final.
func TestWhatIsUnderWayCostsNothing(t *testing.T) {
	for _, kind := range []string{"QUEUED", "PENDING", "SENT"} {
		for _, final := range []bool{false, true} {
			w := newWorld(t, 1)
			w.Bill.Take()
			failed := w.handle(event(0, 3, kind, map[string]any{"isFinal": final}))
			calls, _ := w.Bill.Take()
			if m := w.text(0); len(failed)+len(calls) != 0 || m.Status != consent.Sent || len(m.History) != 1 {
				t.Errorf("%s, final %t: failed %v, calls %v, on record %+v", kind, final, failed, calls, m)
			}
		}
	}
}

// A receipt that comes twice is written down once.
func TestARepetitionWritesNothing(t *testing.T) {
	w := newWorld(t, 1)
	w.handle(event(0, 3, "INVALID", nil), event(0, 3, "INVALID", nil))
	if w.commits() != 1 || len(w.noted()) != 1 {
		t.Errorf("%d commits, %d events", w.commits(), len(w.noted()))
	}
}

// A complaint about a text of no campaign, or of one long forgotten, counts for none.
func TestAComplaintOfNoCampaign(t *testing.T) {
	for name, change := range map[string]func(*consent.Contact){
		"of no campaign": func(c *consent.Contact) { c.Claims[0].Campaign = "" },
		"forgotten":      func(c *consent.Contact) { c.Claims = nil },
	} {
		w := newWorld(t, 1)
		w.Alter(her, change)
		if failed := w.handle(event(0, 3, "SPAM", nil)); len(failed) != 0 || w.counted("SpamReported") != 1 {
			t.Errorf("%s: failed %v, log %s, metrics %s", name, failed, &w.Logged, &w.Counted)
		}
	}
}

// A contact that much happens to is tried for again: seven others may get in before.
func TestOthersMayGetInBefore(t *testing.T) {
	w := newWorld(t, 1)
	w.Table.Fault = world.Failing("Commit", 7, table.ErrConflict)
	if failed := w.handle(event(0, 3, "INVALID", nil)); len(failed) != 0 || !w.health().Undeliverable {
		t.Errorf("failed %v, health %+v", failed, w.health())
	}
}

// Whichever call fails, the event is offered again, and then all is as if nothing had failed.
func TestNoFaultIsSwallowed(t *testing.T) {
	for _, call := range []string{"RecordUnconfirmed", "Person", "Campaign", "MessageStatus", "Commit"} {
		w := newWorld(t, 1)
		w.lose()
		w.Table.Fault, w.Table.Unreadable = world.Failing(call, 1, errBroken), map[string]error{call: errBroken}
		if failed := w.handle(event(0, 3, "INVALID", nil)); len(failed) != 1 || !strings.Contains(w.Logged.String(), errBroken.Error()) {
			t.Errorf("%s: failed %v, log %s", call, failed, &w.Logged)
		}
		w.Table.Unreadable = nil
		if failed := w.handle(event(0, 3, "INVALID", nil)); len(failed) != 0 || !w.health().Undeliverable {
			t.Errorf("%s: then failed %v, health %+v", call, failed, w.health())
		}
		if m := w.text(0); m.Status != consent.Undelivered || len(m.History) != 2 {
			t.Errorf("%s: on record is %+v", call, m)
		}
	}
}

// Who looks for a text that its receipt cannot be put to learns why from the log.
func TestTheLogSaysWhyATextIsNotOnRecord(t *testing.T) {
	for says, change := range map[string]func(*consent.Contact){
		"was never claimed":    func(c *consent.Contact) { c.Claims = nil },
		"is not on record yet": func(c *consent.Contact) { c.Claims[0].At = noon.Add(48 * time.Hour) },
	} {
		w := newWorld(t, 1)
		w.lose()
		w.Alter(her, change)
		if failed := w.handle(event(0, 3, "DELIVERED", nil)); len(failed) != 1 || !strings.Contains(w.Logged.String(), says) {
			t.Errorf("%s: failed %v, log %s", says, failed, &w.Logged)
		}
	}
}

// lost is what the record says of a text that its sender left off it.
const lost = "claimed, and no record of what followed"

// Should nothing more be known of a text than that it was found, its record says all that the claim and the event tell.
func TestWhatIsFoundIsUnconfirmed(t *testing.T) {
	w := newWorld(t, 1)
	w.lose()
	w.Table.Fault = func(op string, _ bool) error {
		if op == "MessageStatus" && w.Table.Done("RecordUnconfirmed") > 0 {
			return errBroken
		}
		return nil
	}
	w.handle(event(0, 3, "DELIVERED", nil))
	found, want := w.text(0), w.Contact(her).Claims[0].Message()
	want.Identity, want.Body, want.AWSID, want.Status = "+12065550100", offer, "aws-1", consent.Unconfirmed
	want.Policy = found.Policy
	want.History = []consent.StatusChange{{At: w.Clock(), Status: consent.Unconfirmed, Detail: lost}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
}

// What is found by its receipt is on record to the millisecond, as the table keeps it, and says how it got there.
func TestWhatIsFoundSaysHow(t *testing.T) {
	w := newWorld(t, 1)
	w.lose()
	w.SetClock(noon.Add(48*time.Hour + 123_456_789*time.Nanosecond).In(time.FixedZone("", 3600)))
	w.handle(event(0, 3, "DELIVERED", nil))
	var found consent.StatusChange
	for _, step := range w.text(0).History {
		if step.Status == consent.Unconfirmed {
			found = step
		}
	}
	if want := noon.Add(48*time.Hour + 123*time.Millisecond); found.At != want || found.Detail != "claimed, and no record of what followed" {
		t.Errorf("found at %s, %q", found.At, found.Detail)
	}
}
