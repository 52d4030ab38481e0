package outbox_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// I3: of every text that we write ourselves, in every language, the hash in its claim is enough to put its words on
// record. The link in an answer is not: where answers have links its place is on record, and where they may have, that
// it is left out. A text that answers nobody has none.
func TestEachOfOurTextsIsFoundByItsHash(t *testing.T) {
	type wanted struct {
		body  string
		lacks bool
	}
	for name, tc := range map[string]struct {
		kind   message.Kind
		links  outbox.Links
		linked bool // in its record
		lacks  bool
	}{
		"an answer, where there are links": {message.Reply, &pages{}, true, false},
		"an answer, where there are none":  {message.Reply, nil, false, true},
		"a reminder, where there are":      {message.Reminder, &pages{}, false, false},
	} {
		w := newWorld(t)
		w.Links = tc.links
		brand, prog := w.brand(), w.program("alerts")
		c := consent.Contact{Key: key}
		want, ids := map[string]wanted{}, map[string]string{} // by ID; and the ID by hash
		for _, language := range message.Languages(brand) {
			for _, answer := range message.Answers() {
				for _, topics := range [][]string{nil, {"alerts"}} {
					for _, everything := range []bool{false, true} {
						says := message.Wording{Language: language, Everything: everything}
						body := message.Compose(brand, prog, answer, topics, says)
						says.Link = "[link]"
						linked := message.Compose(brand, prog, answer, topics, says)
						hash := message.ContentHash(body)
						if ids[hash] != "" {
							continue
						}
						at := w.now().Add(-outbox.LostAfter)
						id := ulidAt(at)
						ids[hash], want[id] = id, wanted{body, tc.lacks && linked != body}
						if tc.linked {
							want[id] = wanted{linked, false}
						}
						c.Claims = append(c.Claims, consent.Claim{
							ID: id, At: at, Kind: tc.kind, Program: prog.ID, Topics: topics, Content: hash,
						})
					}
				}
			}
		}
		if len(c.Claims) < 2*len(message.Answers()) {
			t.Fatalf("%s: %d texts", name, len(c.Claims))
		}
		if err := w.Reconcile(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		on := map[string]consent.Message{}
		for _, m := range w.stored(t).Messages {
			on[m.ID] = m
		}
		for id, is := range want {
			detail := on[id].History[0].Detail
			lacks := strings.HasSuffix(detail, "; a link to the preference page, if it had one, is left out")
			whole := strings.HasSuffix(detail, "no record of what followed")
			if on[id].Body != is.body || lacks != is.lacks || whole == is.lacks {
				t.Errorf("%s: on record as %q, %s; want %q", name, on[id].Body, detail, is.body)
			}
		}
	}
}

// A follow-up that another has overtaken leaves alone what was set since: the lists were to be put right and were not,
// so it is due again.
func TestAnOvertakenFollowUpSetsNothing(t *testing.T) {
	w := newWorld(t)
	w.mustHear(t, w.inbound(saidStop))
	w.pass(2 * time.Hour)
	w.faults.before = at("bookkeeping", func() error {
		w.followUp(t)
		w.pass(time.Minute)
		delete(w.carrier.optedOut, listed)
		w.faults.before = at("put on list", fail)
		if err := w.SyncLists(t.Context(), w.contact(t)); !errors.Is(err, errInjected) {
			t.Errorf("the race did not come about: %v", err)
		}
		return nil
	})
	w.followUp(t)
	if c := w.contact(t); c.FollowUp.IsZero() {
		t.Error("nobody looks again")
	}
	w.finish(t)
	if !slices.Equal(w.carrier.lists(), []string{listed}) {
		t.Errorf("%q", w.carrier.lists())
	}
}

// A follow-up goes on with the contact as its own texts leave it: it reads nothing twice, and is done.
func TestAFollowUpGoesOnWithWhatItWrote(t *testing.T) {
	store := stores.Memory(t)
	bill := dynamotest.NewBill(store.Client)
	w := worldOn(t, store)
	w.table = table.New(bill, store.Table, w.ledger)
	w.faults.Table = w.table
	w.carrier.onSend = full(4)
	w.request(t)
	c := w.contact(t)
	if len(c.Waiting) != 1 {
		t.Fatalf("%d wait", len(c.Waiting))
	}
	w.pass(c.FollowUp.Sub(w.now()))
	w.carrier.sent = nil
	bill.Take()
	if err := w.FollowUp(t.Context(), c); err != nil || len(w.carrier.sent) != 1 {
		t.Errorf("%d texts: %v", len(w.carrier.sent), err)
	}
	if calls, _ := bill.Take(); calls["GetItem"] > 0 || !w.contact(t).FollowUp.After(w.now()) {
		t.Errorf("it asked %v, and is due again %s", calls, w.contact(t).FollowUp)
	}
}
