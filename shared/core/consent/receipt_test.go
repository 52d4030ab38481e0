package consent_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
)

var firstSent = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// phoneWorld is a contact with its texts, as the receipts function would keep them.
type phoneWorld struct {
	contact consent.Contact
	texts   map[string]consent.Message
}

func newPhoneWorld(sent int) *phoneWorld {
	w := &phoneWorld{texts: map[string]consent.Message{}}
	w.contact.Key = consent.Key{Brand: "example", Phone: "+12065550142"}
	for i := range sent {
		id, at := strconv.Itoa(i), firstSent.Add(time.Duration(i)*24*time.Hour)
		w.texts[id] = consent.Message{ID: id, At: at, Status: consent.Sent, History: []consent.StatusChange{{At: at, Status: consent.Sent}}}
	}
	return w
}

func (w *phoneWorld) receive(r consent.Receipt) consent.Change {
	fate, _ := consent.FateOf(r.Event)
	w.texts[r.Message], _ = w.texts[r.Message].WithStep(consent.StatusChange{At: r.At, Status: fate.Status, Detail: r.Event})
	var all []consent.Message
	for _, m := range w.texts {
		all = append(all, m)
	}
	ch := w.contact.Receipt(r, all)
	w.contact = ch.Next
	if !ch.Empty() {
		w.contact.Head.Seq = ch.Events[len(ch.Events)-1].Seq
	}
	return ch
}

func receipt(message int, after time.Duration, event string) consent.Receipt {
	return consent.Receipt{Message: strconv.Itoa(message), At: firstSent.Add(time.Duration(message)*24*time.Hour + after), Event: event}
}

func TestReceiptHealth(t *testing.T) {
	const s = time.Second
	for _, tc := range []struct {
		name          string
		receipts      []consent.Receipt
		failures      int
		undeliverable bool
		events        int
	}{
		{"arriving as expected changes nothing", []consent.Receipt{receipt(0, s, "TEXT_DELIVERED"), receipt(1, s, "TEXT_SUCCESSFUL")}, 0, false, 0},
		{"an invalid number gets nothing more at once", []consent.Receipt{receipt(0, s, "TEXT_INVALID")}, 1, true, 1},
		{"two failures are not yet enough", []consent.Receipt{receipt(0, s, "TEXT_UNREACHABLE"), receipt(1, s, "TEXT_BLOCKED")}, 2, false, 2},
		{"the third in a row is", []consent.Receipt{receipt(0, s, "TEXT_UNREACHABLE"), receipt(1, s, "TEXT_BLOCKED"), receipt(2, s, "TEXT_CARRIER_UNREACHABLE")}, 3, true, 3},
		{"one arrival begins the count anew", []consent.Receipt{receipt(0, s, "TEXT_UNREACHABLE"), receipt(1, s, "TEXT_UNREACHABLE"), receipt(2, s, "TEXT_DELIVERED"), receipt(3, s, "TEXT_UNREACHABLE")}, 1, false, 4},
		{"an answer that arrives proves the number good", []consent.Receipt{receipt(0, s, "TEXT_INVALID"), receipt(1, s, "TEXT_DELIVERED")}, 0, false, 2},
		{"a late arrival of an older text does not", []consent.Receipt{receipt(1, s, "TEXT_INVALID"), receipt(0, 48*time.Hour, "TEXT_DELIVERED")}, 1, true, 1},
		{"accepted, then lost", []consent.Receipt{receipt(0, s, "TEXT_SUCCESSFUL"), receipt(0, 2*s, "TEXT_UNREACHABLE")}, 1, false, 1},
		{"lost is older than delivered", []consent.Receipt{receipt(0, 2*s, "TEXT_DELIVERED"), receipt(0, s, "TEXT_UNREACHABLE")}, 0, false, 0},
		{"our own delay says nothing about the phone", []consent.Receipt{receipt(0, s, "TEXT_TTL_EXPIRED"), receipt(1, s, "TEXT_TTL_EXPIRED"), receipt(2, s, "TEXT_TTL_EXPIRED")}, 0, false, 0},
		{"nor does a carrier that never answers", []consent.Receipt{receipt(0, s, "TEXT_UNKNOWN"), receipt(1, s, "TEXT_UNKNOWN"), receipt(2, s, "TEXT_UNKNOWN")}, 0, false, 0},
		{"nor does a filter, and yet what the carrier kept from the phone is noted", []consent.Receipt{receipt(0, s, "TEXT_SPAM"), receipt(1, s, "TEXT_CARRIER_BLOCKED"), receipt(2, s, "TEXT_PROTECT_BLOCKED"), receipt(3, s, "TEXT_INVALID_MESSAGE")}, 0, false, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newPhoneWorld(4)
			for _, r := range tc.receipts {
				w.receive(r)
			}
			if h := w.contact.Health; h.Failures != tc.failures || h.Undeliverable != tc.undeliverable || w.contact.Head.Seq != int64(tc.events) {
				t.Errorf("failures %d, undeliverable %t after %d events; want %d, %t after %d", h.Failures, h.Undeliverable, w.contact.Head.Seq, tc.failures, tc.undeliverable, tc.events)
			}
		})
	}
}

// A phone that texts us works, so only what is sent after that counts: an old failure that is reported late does not,
// and it takes three new ones.
func TestFailuresBeforeThePhoneTextedUs(t *testing.T) {
	const s = time.Second
	w := newPhoneWorld(6)
	for i := range 3 {
		w.receive(receipt(i, s, "TEXT_UNREACHABLE"))
	}
	if !w.contact.Health.Undeliverable {
		t.Fatal("three failures are not enough")
	}
	heard := firstSent.Add(3*24*time.Hour + s) // after the fourth text
	w.contact = w.contact.Hear(inbound("1", saidHelp, heard)).Next
	w.contact.Head.Seq++
	for _, late := range []consent.Receipt{receipt(2, 100*time.Hour, "TEXT_INVALID"), receipt(3, 2*s, "TEXT_INVALID")} {
		if w.receive(late); w.contact.Health.Undeliverable || w.contact.Health.Failures != 0 {
			t.Errorf("health %+v by a text of before", w.contact.Health)
		}
	}
	for i, want := range []int{1, 2} {
		if w.receive(receipt(4+i, s, "TEXT_UNREACHABLE")); w.contact.Health.Failures != want || w.contact.Health.Undeliverable {
			t.Errorf("health %+v after %d new failures", w.contact.Health, want)
		}
	}
	w.texts["6"] = consent.Message{ID: "6", At: firstSent.Add(6 * 24 * time.Hour), Status: consent.Sent}
	if w.receive(receipt(6, s, "TEXT_BLOCKED")); w.contact.Health.Failures != 3 || !w.contact.Health.Undeliverable {
		t.Errorf("health %+v after three new failures", w.contact.Health)
	}
}

// The answer to what a phone texted was sent after it, in the same millisecond: where it finds no such phone, there is
// none.
func TestTheAnswerFindsNoPhone(t *testing.T) {
	w := newPhoneWorld(2)
	w.contact = w.contact.Hear(inbound("1", saidHelp, firstSent.Add(24*time.Hour+300*time.Microsecond))).Next
	w.contact.Head.Seq++
	if w.receive(receipt(1, time.Second, "TEXT_INVALID")); !w.contact.Health.Undeliverable {
		t.Errorf("health %+v", w.contact.Health)
	}
}

// A number that was only missed once, and turns out to be nobody's, gets nothing more.
func TestAMissThatWasNobodysNumber(t *testing.T) {
	c := consent.Contact{Health: consent.Health{Failures: 1}}
	text := consent.Message{ID: "a", At: noon, Status: consent.Undelivered, History: []consent.StatusChange{
		{At: noon, Status: consent.Undelivered, Detail: "TEXT_INVALID"},
	}}
	ch := c.Receipt(consent.Receipt{Message: "a", At: noon, Event: "TEXT_INVALID"}, []consent.Message{text})
	if h := ch.Next.Health; len(ch.Events) != 1 || !h.Undeliverable || h.Failures != 1 {
		t.Errorf("%+v", ch)
	}
}

// Of a text that failed twice and arrived between, the step that gave it its status says why.
func TestWhichStepCounts(t *testing.T) {
	text := consent.Message{ID: "a", At: noon, Status: consent.Undelivered, History: []consent.StatusChange{
		{At: noon, Status: consent.Undelivered, Detail: "TEXT_INVALID"},
		{At: noon.Add(1), Status: consent.Clicked, Detail: "a link"},
	}}
	var c consent.Contact
	if ch := c.Receipt(consent.Receipt{Message: "a", At: noon, Event: "TEXT_INVALID"}, []consent.Message{text}); !ch.Next.Health.Undeliverable {
		t.Errorf("%+v", ch.Next.Health)
	}
}

// That a carrier took a text for abuse is kept with the phone, as of when it said so last.
func TestACarrierThatBlocks(t *testing.T) {
	var c consent.Contact
	later := noon.Add(time.Hour)
	for _, at := range []time.Time{noon, later, noon} {
		c = c.Receipt(consent.Receipt{Message: "a", At: at, Event: "TEXT_SPAM"}, nil).Next
	}
	if !c.Health.Blocked.Equal(later) || c.Health.Failures > 0 || c.Health.Undeliverable {
		t.Errorf("%+v", c.Health)
	}
}

// That a link was followed says nothing of the delivery: the text stays what it was.
func TestAClickIsNoStatus(t *testing.T) {
	m := consent.Message{Status: consent.Sent, History: []consent.StatusChange{{At: noon, Status: consent.Sent}}}
	clicked, added := m.WithStep(consent.StatusChange{At: noon.Add(time.Hour), Status: consent.Clicked})
	if !added || clicked.Status != consent.Sent || len(clicked.History) != 2 {
		t.Errorf("%+v", clicked)
	}
}

// I4: a change of the contact has exactly one event, which says why; and nothing but the health changes.
func TestReceiptLeavesOneEvent(t *testing.T) {
	w := newPhoneWorld(1)
	ch := w.receive(receipt(0, time.Second, "TEXT_INVALID"))
	want := []consent.Event{{Seq: 1, Type: consent.Noted, At: firstSent.Add(time.Second), Source: "carrier", Evidence: map[string]string{
		"message": "0", "event": "TEXT_INVALID", "failures": "1", "undeliverable": "true",
	}}}
	if diff := cmp.Diff(want, ch.Events); diff != "" {
		t.Error(diff)
	}
	if len(ch.Ask) != 0 || len(ch.Block) != 0 || ch.Lift != "" || len(ch.Joined) != 0 || len(ch.Left) != 0 {
		t.Errorf("the change does more than note: %+v", ch)
	}
}

var deliveryEvents = []string{
	"TEXT_DELIVERED", "TEXT_SUCCESSFUL", "TEXT_INVALID", "TEXT_INVALID_MESSAGE", "TEXT_UNREACHABLE", "TEXT_CARRIER_UNREACHABLE",
	"TEXT_BLOCKED", "TEXT_CARRIER_BLOCKED", "TEXT_SPAM", "TEXT_UNKNOWN", "TEXT_TTL_EXPIRED", "TEXT_PROTECT_BLOCKED",
}

// SQS delivers at least once and in any order: the record and the health must not depend on it.
func TestReceiptsInAnyOrderAndTwiceEndAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		receipts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) consent.Receipt {
			return receipt(rapid.IntRange(0, 4).Draw(t, "message"), time.Duration(rapid.IntRange(0, 3).Draw(t, "seconds"))*time.Second, rapid.SampledFrom(deliveryEvents).Draw(t, "event"))
		}), 0, 8).Draw(t, "receipts")
		again := rapid.SliceOfN(rapid.SampledFrom(append(receipts, receipt(0, 0, "TEXT_DELIVERED"))), 0, 4).Draw(t, "again")
		if len(receipts) == 0 {
			again = nil
		}
		again = slices.DeleteFunc(again, func(r consent.Receipt) bool { return !slices.Contains(receipts, r) })

		straight, shuffled := newPhoneWorld(5), newPhoneWorld(5)
		for _, r := range receipts {
			straight.receive(r)
		}
		for _, r := range rapid.Permutation(append(slices.Clone(receipts), again...)).Draw(t, "order") {
			shuffled.receive(r)
		}
		if diff := cmp.Diff(straight.texts, shuffled.texts); diff != "" {
			t.Fatalf("texts differ: %s", diff)
		}
		a, b := straight.contact.Health, shuffled.contact.Health
		if a.Failures != b.Failures || a.Undeliverable != b.Undeliverable || !a.Blocked.Equal(b.Blocked) {
			t.Fatalf("health differs: %+v, %+v", a, b)
		}
	})
}

func TestSettleKnowledgeOutranksIgnorance(t *testing.T) {
	m := consent.Message{ID: "1", At: firstSent, Status: consent.Unconfirmed, History: []consent.StatusChange{{At: firstSent.Add(time.Hour), Status: consent.Unconfirmed}}}
	delivered := consent.StatusChange{At: firstSent.Add(time.Second), Status: consent.Delivered, Detail: "TEXT_DELIVERED"}
	m, changed := m.WithStep(delivered)
	if !changed || m.Status != consent.Delivered {
		t.Errorf("a text recorded as unconfirmed later than it was delivered is %s", m.Status)
	}
	if m.History[0] != delivered {
		t.Errorf("history is not in the order of time: %+v", m.History)
	}
	if _, changed = m.WithStep(consent.StatusChange{At: delivered.At.In(time.FixedZone("", 3600)), Status: delivered.Status, Detail: delivered.Detail}); changed {
		t.Error("the same step was added twice")
	}
}

func TestSettleLeavesTheGivenHistoryAlone(t *testing.T) {
	history := make([]consent.StatusChange, 1, 4)
	history[0] = consent.StatusChange{At: firstSent.Add(time.Hour), Status: consent.Sent}
	m := consent.Message{History: history}
	_, _ = m.WithStep(consent.StatusChange{At: firstSent, Status: consent.Delivered, Detail: "TEXT_DELIVERED"})
	if history[0].Status != consent.Sent || history[:2][1].Status != "" {
		t.Errorf("history was written to: %+v", history[:2])
	}
}

func TestFateOfEveryTypeOfAWS(t *testing.T) {
	for _, e := range deliveryEvents {
		if fate, ok := consent.FateOf(e); !ok || fate.Status == "" {
			t.Errorf("%s: %+v, %t", e, fate, ok)
		}
	}
	for _, e := range []string{"TEXT_QUEUED", "TEXT_PENDING", "TEXT_SENT"} {
		if fate, ok := consent.FateOf(e); !ok || fate != (consent.Fate{}) {
			t.Errorf("%s is not under way: %+v, %t", e, fate, ok)
		}
	}
	if fate, ok := consent.FateOf("TEXT_NEW"); !ok || fate != (consent.Fate{Status: consent.Unconfirmed, Strange: true}) {
		t.Errorf("a new kind of event is taken for %+v, %t", fate, ok)
	}
	for _, e := range []string{"", "TEXT_ALL", "text_delivered", "VOICE_COMPLETED", "TEXT_+12065550142"} {
		if _, ok := consent.FateOf(e); ok {
			t.Errorf("%q is taken for one of a text", e)
		}
	}
}

// A receipt that comes late must not turn the last delivery back.
func TestDeliveredOnlyMovesForward(t *testing.T) {
	w := newPhoneWorld(4)
	w.receive(receipt(0, time.Second, "TEXT_UNREACHABLE"))
	late := receipt(1, 10*24*time.Hour, "TEXT_DELIVERED")
	w.receive(late)
	w.receive(receipt(2, time.Second, "TEXT_UNREACHABLE"))
	w.receive(receipt(3, time.Second, "TEXT_DELIVERED"))
	if h := w.contact.Health; h.Failures != 0 || !h.Delivered.Equal(late.At) {
		t.Errorf("health %+v, want the last delivery at %s", h, late.At)
	}
}
