package table_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

func sentText(n int) consent.Message {
	at := noon.Add(time.Duration(n) * time.Minute)
	id := ulid.ULID{14: byte(n >> 8), 15: byte(n)}
	_ = id.SetTime(ulid.Timestamp(at))
	return consent.Message{
		ID: id.String(), At: at, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: "01KB3M8Y5T0QF2Z9W6R7C4X1VN",
		Identity: "+12065550100", Body: fmt.Sprintf("Example Corp.: text %d", n), AWSID: fmt.Sprint("aws-", n), Status: consent.Sent, Policy: "p",
		History: []consent.StatusChange{{At: at.Add(time.Second), Status: consent.Sent}},
	}
}

// claimText takes the claim of a text, which is yet to be put on record.
func claimText(t testing.TB, tab *table.Table, c consent.Contact, n int) (consent.Contact, consent.Message) {
	t.Helper()
	m := sentText(n)
	c, err := tab.Claim(t.Context(), c, consent.Claim{ID: m.ID, At: m.At, Kind: m.Kind, Program: m.Program, Topics: m.Topics, Campaign: m.Campaign}, keep)
	if err != nil {
		t.Fatal(err)
	}
	m.Number = c.Texts.Count
	return c, m
}

// placeholder is what somebody else records of a text whose sender seems to be gone.
func placeholder(m consent.Message) consent.Message {
	m.AWSID, m.Status = "", consent.Unconfirmed
	m.History = []consent.StatusChange{{At: m.At.Add(15 * time.Minute), Status: consent.Unconfirmed, Detail: "claimed, and no record of what followed"}}
	return m
}

func texts(t testing.TB, tab *table.Table) []consent.Message {
	t.Helper()
	r, err := tab.Person(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return r.Messages
}

// I3: every text is on record, one or many at once, and once however often it is recorded.
func TestTextsAreOnRecord(t *testing.T) {
	for _, n := range []int{0, 1, 2, 25, 26, 60} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
				var sent []table.Sent
				var want []consent.Message
				for i := range n {
					want = append(want, sentText(i))
					sent = append(sent, table.Sent{Key: key, Message: want[i]})
				}
				for range 2 {
					if err := tab.Record(t.Context(), sent...); err != nil {
						t.Fatal(err)
					}
				}
				if diff := cmp.Diff(want, texts(t, tab)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// I3: the sender's record, somebody else's placeholder and the receipts may come in any order; in the end the record
// holds what the sender knew and what every receipt said.
func TestRecordPlaceholderAndReceiptInAnyOrder(t *testing.T) {
	m := sentText(1)
	delivered := consent.StatusChange{At: m.At.Add(time.Minute), Status: consent.Delivered, Detail: "TEXT_DELIVERED"}
	lost := consent.StatusChange{At: m.At.Add(2 * time.Minute), Status: consent.Undelivered, Detail: "TEXT_UNREACHABLE"}
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		do := map[string]func(k consent.Key) error{
			"record":      func(k consent.Key) error { return tab.Record(t.Context(), table.Sent{Key: k, Message: m}) },
			"placeholder": func(k consent.Key) error { return tab.RecordUnconfirmed(t.Context(), k, placeholder(m)) },
			"delivered":   func(k consent.Key) error { return failure(tab.MessageStatus(t.Context(), k, m.ID, delivered)) },
			"lost":        func(k consent.Key) error { return failure(tab.MessageStatus(t.Context(), k, m.ID, lost)) },
		}
		want := m
		want.Status, want.History = consent.Undelivered, []consent.StatusChange{m.History[0], delivered, lost}
		for i, order := range [][]string{
			{"record", "delivered", "lost"},
			{"record", "lost", "delivered", "lost"},
			{"placeholder", "record", "delivered", "lost", "placeholder"},
			{"placeholder", "delivered", "record", "lost"},
			{"placeholder", "lost", "delivered", "record", "delivered", "record"},
		} {
			k := consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+120655501%02d", i))}
			for _, step := range order {
				if err := do[step](k); err != nil {
					t.Fatalf("%v: %s: %v", order, step, err)
				}
			}
			r, err := tab.Person(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]consent.Message{want}, r.Messages); diff != "" {
				t.Errorf("%v: %s", order, diff)
			}
		}
	})
}

func TestPlaceholderAloneSaysUnconfirmed(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		want := placeholder(sentText(1))
		if err := tab.RecordUnconfirmed(t.Context(), key, want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]consent.Message{want}, texts(t, tab)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestStatusOfATextNotOnRecord(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		_, err := tab.MessageStatus(t.Context(), key, sentText(1).ID, consent.StatusChange{At: noon, Status: consent.Delivered, Detail: "TEXT_DELIVERED"})
		if !errors.Is(err, table.ErrNoMessage) {
			t.Errorf("%v, want ErrNoMessage", err)
		}
		if got := texts(t, tab); len(got) != 0 {
			t.Errorf("it left %+v", got)
		}
	})
}

// One Query is the whole record: events in the order of the ledger and texts in the order they were sent, over several
// pages.
func TestPersonIsTheWholeRecordInOrder(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		tab := table.New(smallPages{s.Client}, s.Table, ledger(t))
		c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		for i := range 12 {
			at := noon.Add(time.Duration(i+2) * time.Minute)
			c = commit(t, tab, inboundHeard(c, saidHelp, at), at)
		}
		var first, second, third consent.Message
		for n, m := range []*consent.Message{&first, &second, &third} {
			c, *m = claimText(t, tab, c, n+1)
		}
		for _, m := range []consent.Message{third, first, second} {
			if err := tab.Record(t.Context(), table.Sent{Key: key, Message: m}); err != nil {
				t.Fatal(err)
			}
		}
		step := consent.StatusChange{At: noon.Add(time.Hour), Status: consent.Delivered, Detail: "TEXT_DELIVERED"}
		if _, err := tab.MessageStatus(t.Context(), key, second.ID, step); err != nil {
			t.Fatal(err)
		}
		r, err := tab.Person(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if err := ledger(t).Verify(r, noon.Add(time.Hour)); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(c, r.Contact); diff != "" {
			t.Error(diff)
		}
		if len(r.Events) != 14 || !slices.IsSortedFunc(r.Events, func(a, b consent.Event) int { return int(a.Seq - b.Seq) }) {
			t.Errorf("%d events, or out of order: %+v", len(r.Events), r.Events)
		}
		second.Status, second.History = consent.Delivered, append(second.History, step)
		if diff := cmp.Diff([]consent.Message{first, second, third}, r.Messages); diff != "" {
			t.Error(diff)
		}
	})
}

// The proof of one person holds nothing of another whose number begins alike, nor of the same person at another brand.
func TestPersonIsOnePersonAtOneBrand(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		for _, k := range []consent.Key{key, {Brand: "example", Phone: key.Phone + "0"}, {Brand: "other", Phone: key.Phone}} {
			subscribe(t, tab, k, phone.Told{}, alerts.Topics[0])
		}
		r, err := tab.Person(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Events) != 2 {
			t.Errorf("%d events, want 2", len(r.Events))
		}
	})
}

// A change committed while the record is read must not look like tampering; tampering must.
func TestPersonIsReadAgainWhereLedgerAndContactDiffer(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		old, err := s.Client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &s.Table, Key: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#+12065550142"}, "sk": &types.AttributeValueMemberS{Value: "CONTACT"},
		}})
		if err != nil {
			t.Fatal(err)
		}
		commit(t, tab, inboundHeard(c, saidStop, noon.Add(time.Hour)), noon)
		for _, tc := range []struct {
			times int
			fits  bool
		}{{1, true}, {100, false}} {
			r, err := table.New(&torn{s.Client, old.Item, tc.times}, s.Table, ledger(t)).Person(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			if err := ledger(t).Verify(r, noon.Add(time.Hour)); (err == nil) != tc.fits {
				t.Errorf("torn %d times: %v", tc.times, err)
			}
		}
	})
}

// What is on record as what is told for any number of texts and people; what is not on record is left out.
func TestStatuses(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		other := consent.Key{Brand: "example", Phone: "+12065550199"}
		want := map[table.Text]consent.Status{}
		var asked []table.Text
		for n := range 230 {
			k := []consent.Key{key, other}[n%2]
			m := sentText(n)
			asked = append(asked, table.Text{Key: k, ID: m.ID})
			if n%3 == 0 {
				continue
			}
			m.Status = []consent.Status{consent.Sent, consent.Rejected, consent.Withheld}[n%3]
			want[table.Text{Key: k, ID: m.ID}] = m.Status
			if err := tab.Record(t.Context(), table.Sent{Key: k, Message: m}); err != nil {
				t.Fatal(err)
			}
			receipt := consent.StatusChange{At: noon, Status: consent.Delivered, Detail: "TEXT_DELIVERED"}
			if _, err := tab.MessageStatus(t.Context(), k, m.ID, receipt); err != nil {
				t.Fatal(err)
			}
		}
		got, err := tab.Statuses(t.Context(), asked...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if got, err := tab.Statuses(t.Context()); len(got) != 0 || err != nil {
			t.Errorf("of no text: %v, %v", got, err)
		}
	})
}
