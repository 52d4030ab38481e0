package table_test

import (
	"encoding/base64"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

func clicked(at time.Time) consent.StatusChange {
	return consent.StatusChange{At: at, Status: consent.Clicked, Detail: "link 1"}
}

// The first click of a text is on its history and counted, and no other, however often and in whatever order they come
// and whichever of click and text is on record first. What became of the text stands beside it.
func TestTheFirstClickOfATextIsOnRecordAndCounted(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		_, m := claimText(t, tab, consent.Contact{Key: key}, 1)
		click := func(at time.Time, want bool) {
			t.Helper()
			if first, err := tab.Click(t.Context(), key, m.Campaign, clicked(at)); err != nil || first != want {
				t.Errorf("click at %s: first = %v, %v, want %v", at, first, err, want)
			}
		}
		click(noon, true)
		if got := texts(t, tab); len(got) != 0 {
			t.Errorf("before the text is on record: %+v", got)
		}
		if err := tab.Record(t.Context(), table.Sent{Key: key, Message: m}); err != nil {
			t.Fatal(err)
		}
		click(noon, true) // the same, once more
		click(noon.Add(time.Hour), false)
		click(noon.Add(-time.Hour), false)
		got := texts(t, tab)
		if len(got) != 1 || got[0].Status != consent.Sent || len(got[0].History) != 2 || !hasStep(got[0], clicked(noon)) {
			t.Fatalf("on record is %+v", got)
		}
		if _, err := tab.MessageStatus(t.Context(), key, m.ID, consent.StatusChange{At: noon.Add(-time.Second), Status: consent.Delivered}); err != nil {
			t.Fatal(err)
		}
		if got := texts(t, tab); got[0].Status != consent.Delivered || len(got[0].History) != 3 {
			t.Errorf("delivered, it is on record as %+v", got)
		}
		if n, err := tab.Clicks(t.Context(), m.Campaign); n != 1 || err != nil {
			t.Errorf("%d clicks are counted, %v", n, err)
		}
		if r, err := tab.Person(t.Context(), key); err != nil || len(r.Faults) > 0 {
			t.Errorf("faults %v, %v", r.Faults, err)
		}
	})
}

func hasStep(m consent.Message, step consent.StatusChange) bool {
	for _, s := range m.History {
		if s.At.Equal(step.At) && s.Status == step.Status && s.Detail == step.Detail {
			return true
		}
	}
	return false
}

// Many who click at once, some of them twice, are each counted once.
func TestManyClicksAtOnceAreCountedOnceEach(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		campaign := newCampaign(1).ID
		people := []phone.Number{"+12065550101", "+12065550102", "+12065550103", "+12065550104", "+12065550105"}
		var all sync.WaitGroup
		for n := range 3 * len(people) {
			all.Go(func() {
				k := consent.Key{Brand: "example", Phone: people[n%len(people)]}
				if _, err := tab.Click(t.Context(), k, campaign, clicked(noon.Add(time.Duration(n)*time.Second))); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n, err := tab.Clicks(t.Context(), campaign); n != len(people) || err != nil {
			t.Errorf("%d clicks are counted, %v, want %d", n, err, len(people))
		}
	})
}

// A click costs one transaction. One that is there already costs a read more, and writes nothing.
func TestWhatAClickCosts(t *testing.T) {
	each(t, func(t *testing.T, _ *table.Table, s dynamotest.Store) {
		bill := dynamotest.NewBill(s.Client)
		tab := table.New(bill, s.Table, ledger(t))
		campaign := newCampaign(1).ID
		for n, want := range []map[string]int{
			{"TransactWriteItems": 1, dynamotest.ItemsWritten: 2},
			{"TransactWriteItems": 1, "GetItem": 1},
		} {
			if _, err := tab.Click(t.Context(), key, campaign, clicked(noon.Add(time.Duration(n)*time.Second))); err != nil {
				t.Fatal(err)
			}
			calls, _ := bill.Take()
			for name, count := range want {
				if calls[name] < count {
					t.Errorf("click %d: %v, want %v", n+1, calls, want)
				}
			}
			if calls["TransactWriteItems"]+calls["GetItem"]+calls["PutItem"]+calls["UpdateItem"]+calls["Query"] != want["TransactWriteItems"]+want["GetItem"] {
				t.Errorf("click %d: %v, want %v", n+1, calls, want)
			}
		}
	})
}

// A click we did not write is none of ours.
func TestAForgedClickIsAFault(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		forger, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("another key of thirty-two bytes!!")))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := table.New(s.Client, s.Table, forger).Click(t.Context(), key, newCampaign(1).ID, clicked(noon)); err != nil {
			t.Fatal(err)
		}
		if r, err := tab.Person(t.Context(), key); err != nil || len(r.Faults) != 1 {
			t.Errorf("faults %v, %v", r.Faults, err)
		}
	})
}

// A campaign is found by the beginning of its ID, unless two have the same.
func TestCampaignBeginning(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		one, two := newCampaign(1), newCampaign(2)
		two.ID = "01KB3M8Y5T1QF2Z9W6R7C40002"
		twin := two
		twin.ID = two.ID[:25] + "Z"
		find := func(id string) (string, error) {
			u := ulid.MustParseStrict(id)
			c, err := tab.CampaignByPrefix(t.Context(), u[:9])
			return c.ID, err
		}
		for _, c := range []string{one.ID, two.ID} {
			if id, err := find(c); !errors.Is(err, table.ErrNotFound) {
				t.Errorf("%s: found %q, %v before there is one", c, id, err)
			}
		}
		if err := errors.Join(tab.CreateCampaign(t.Context(), one), tab.CreateCampaign(t.Context(), two)); err != nil {
			t.Fatal(err)
		}
		for _, c := range []string{one.ID, two.ID} {
			if id, err := find(c); id != c || err != nil {
				t.Errorf("%s: found %q, %v", c, id, err)
			}
		}
		if err := tab.CreateCampaign(t.Context(), twin); err != nil {
			t.Fatal(err)
		}
		if id, err := find(two.ID); !errors.Is(err, table.ErrNotFound) {
			t.Errorf("of two with one beginning, %q is found, %v", id, err)
		}
	})
}
