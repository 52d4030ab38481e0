package receipts_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

func TestEveryEventTypeSettlesItsText(t *testing.T) {
	for kind, want := range map[string]consent.Status{
		"DELIVERED": consent.Delivered, "SUCCESSFUL": consent.Delivered, "INVALID": consent.Undelivered, "UNREACHABLE": consent.Undelivered,
		"CARRIER_UNREACHABLE": consent.Undelivered, "BLOCKED": consent.Undelivered, "TTL_EXPIRED": consent.Undelivered, "SPAM": consent.Undelivered,
		"CARRIER_BLOCKED": consent.Undelivered, "PROTECT_BLOCKED": consent.Undelivered, "INVALID_MESSAGE": consent.Undelivered,
		"UNKNOWN": consent.Unconfirmed, "QUEUED": consent.Sent, "PENDING": consent.Sent,
	} {
		w := newWorld(t, 1)
		if failed := w.handle(event(0, 3, kind, map[string]any{"isFinal": kind != "QUEUED" && kind != "PENDING"})); len(failed) != 0 {
			t.Errorf("%s failed: %s", kind, &w.Logged)
		}
		if got := w.text(0).Status; got != want {
			t.Errorf("%s: status %s, want %s", kind, got, want)
		}
	}
}

// Writes are kept low: a text that arrived as expected touches its own record only.
func TestArrivalAsExpectedWritesNothingOnTheContact(t *testing.T) {
	w := newWorld(t, 2)
	w.handle(event(0, 3, "SUCCESSFUL", nil), event(0, 5, "DELIVERED", nil), event(1, 5, "DELIVERED", nil))
	if w.commits() != 0 {
		t.Errorf("%d commits", w.commits())
	}
}

func TestWhatIsNotFinalChangesNothing(t *testing.T) {
	w := newWorld(t, 1)
	w.handle(event(0, 3, "UNREACHABLE", map[string]any{"isFinal": false}), event(0, 4, "DELIVERED", map[string]any{"isFinal": false}))
	if w.commits() != 0 || w.text(0).Status != consent.Sent {
		t.Errorf("%d commits, status %s", w.commits(), w.text(0).Status)
	}
}

func TestInvalidNumberGetsNothingMore(t *testing.T) {
	w := newWorld(t, 1)
	w.Table.Fault = world.Failing("Commit", 3, table.ErrConflict)
	w.handle(event(0, 3, "INVALID", nil))
	if events := w.noted(); !w.health().Undeliverable || len(events) != 1 || events[0].Type != consent.Noted {
		t.Errorf("health %+v, events %+v", w.health(), events)
	}
}

func TestThreeFailuresInARow(t *testing.T) {
	w := newWorld(t, 4)
	w.handle(event(0, 3, "UNREACHABLE", nil), event(1, 3, "BLOCKED", nil), event(1, 3, "BLOCKED", nil))
	if h := w.health(); h.Failures != 2 || h.Undeliverable {
		t.Errorf("after two: %+v", h)
	}
	w.handle(event(2, 3, "CARRIER_UNREACHABLE", nil))
	if h := w.health(); h.Failures != 3 || !h.Undeliverable {
		t.Errorf("after three: %+v", h)
	}
	w.handle(event(3, 3, "DELIVERED", nil))
	if h := w.health(); h.Failures != 0 || h.Undeliverable {
		t.Errorf("after an answer arrived: %+v", h)
	}
}

func TestSpamOnATextWithoutCampaignOnlyAlarms(t *testing.T) {
	w := newWorld(t, 1)
	w.Alter(her, func(c *consent.Contact) { c.Claims[0].Campaign = "" })
	if failed := w.handle(event(0, 3, "SPAM", nil)); len(failed) != 0 || w.campaign().State != campaign.Running || !strings.Contains(w.Counted.String(), "SpamReported") {
		t.Errorf("failed %v, campaign %s", failed, w.campaign().State)
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
			w := newWorld(t, 1)
			w.lose()
			w.Alter(her, func(c *consent.Contact) {
				if c.Claims[0].At = w.Clock().Add(-tc.age); !tc.claim {
					c.Claims = nil
				}
			})
			if failed := w.handle(event(0, 3, "DELIVERED", nil)); len(failed) != tc.failed {
				t.Fatalf("failed: %v, %s", failed, &w.Logged)
			}
			if tc.failed > 0 {
				if len(w.Texts()) != 0 {
					t.Error("something was recorded")
				}
				return
			}
			m := w.text(0)
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
		"a kind unreadable":  event(0, 3, "+12065550142", nil),
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
		w := newWorld(t, 2)
		if failed := w.handle(event(0, 3, "DELIVERED", nil), bad, event(1, 3, "DELIVERED", nil)); !slices.Equal(failed, []string{"1"}) {
			t.Errorf("%s: failed %v", name, failed)
		}
		if w.text(0).Status != consent.Delivered || w.text(1).Status != consent.Delivered {
			t.Errorf("%s: the others were not done", name)
		}
		if !strings.Contains(w.Counted.String(), "ReceiptFailed") {
			t.Errorf("%s: not counted", name)
		}
	}
}

func TestAFaultOfTheTableIsRetried(t *testing.T) {
	w := newWorld(t, 1)
	w.Table.Fault = world.Failing("MessageStatus", 1, errBroken)
	if failed := w.handle(event(0, 3, "INVALID", nil)); len(failed) != 1 {
		t.Errorf("failed: %v", failed)
	}
	w.Table.Fault = world.Failing("Commit", 8, table.ErrConflict)
	if failed := w.handle(event(0, 3, "INVALID", nil)); len(failed) != 1 {
		t.Errorf("with conflicts without end: %v", failed)
	}
	if failed := w.handle(event(0, 3, "INVALID", nil)); len(failed) != 0 || !w.health().Undeliverable || w.health().Failures != 1 {
		t.Errorf("failed %v, health %+v", failed, w.health())
	}
}

// SQS delivers at least once and in any order, and any call may fail: once all is handled, the record is the same.
func TestAnyOrderWithRepeatsAndFaultsEndsAlike(t *testing.T) {
	kinds := []string{"DELIVERED", "SUCCESSFUL", "INVALID", "UNREACHABLE", "BLOCKED", "SPAM", "UNKNOWN", "TTL_EXPIRED"}
	calls := []string{"none", "Contact", "Person", "MessageStatus", "Commit", "SetCampaignState"}
	rapid.Check(t, func(rt *rapid.T) {
		bodies := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) string {
			text, second := rapid.IntRange(0, 3).Draw(rt, "text"), rapid.IntRange(0, 3).Draw(rt, "second")
			return event(text, second, rapid.SampledFrom(kinds).Draw(rt, "kind"), nil)
		}), 1, 8).Draw(rt, "events")
		straight, other := newWorld(t, 4), newWorld(t, 4)
		straight.handle(bodies...)
		twice := append(slices.Clone(bodies), rapid.SampledFrom(bodies).Draw(rt, "repeated"))
		for queue := rapid.Permutation(twice).Draw(rt, "order"); len(queue) > 0; queue = queue[1:] {
			call, written := rapid.SampledFrom(calls).Draw(rt, "broken"), rapid.Bool().Draw(rt, "written")
			other.Table.Unreadable = map[string]error{call: errBroken}
			other.Table.Fault = func(op string, done bool) error {
				if op == call && done == written {
					return errBroken
				}
				return nil
			}
			if failed := other.handle(queue[0]); len(failed) > 0 {
				queue = append(queue, queue[0])
			}
		}
		if diff := cmp.Diff(straight.Record(her).Messages, other.Record(her).Messages); diff != "" {
			rt.Fatal(diff)
		}
		a, b := straight.health(), other.health()
		if a.Failures != b.Failures || a.Undeliverable != b.Undeliverable || straight.campaign().State != other.campaign().State {
			rt.Fatalf("%+v, %+v", a, b)
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
		w := newWorld(t, 1)
		w.Alter(her, func(c *consent.Contact) { c.Claims[0].ID = "01M84S1580MNPQRSTVWXYZABCD" })
		w.record(w.Contact(her).Claims[0])
		body := strings.ReplaceAll(e.Records[0].Body, "+12065550142", string(her))
		if failed := w.handle(body); len(failed) != 0 || w.Record(her).Messages[1].Status == consent.Sent {
			t.Errorf("%s: %v %s", name, failed, &w.Logged)
		}
	}
}

func FuzzHandle(f *testing.F) {
	f.Add(event(0, 3, "DELIVERED", nil))
	f.Add(event(0, 3, "SPAM", nil))
	f.Fuzz(func(t *testing.T, body string) {
		w := newWorld(t, 1)
		w.handle(body)
		if len(w.Texts()) != 1 {
			t.Error("an event made up a text")
		}
	})
}
