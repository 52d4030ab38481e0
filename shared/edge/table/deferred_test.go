package table_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// A deferred text comes back as it was kept; of two writers that read the same turn one fails, unless both wrote the
// same, as the SDK does after a lost answer; and it is found by its ID while it may still go.
func TestADeferredTextIsKept(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		list := audience.New(s.Client, s.Table)
		foundAt := func(brand string, limit int) []consent.Key {
			keys, err := list.Singles(t.Context(), brand, "order-4711", limit)
			if err != nil {
				t.Fatal(err)
			}
			return keys
		}
		found := func() []consent.Key { return foundAt("", 5) }
		want := consent.Deferred{
			Key: key, Ref: "order-4711", ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Topic: "orders", Body: "Your order has shipped.", Shared: "shipping",
			Expires: noon.Add(time.Hour), Proof: 7, Vouched: "Ana Perez",
		}.Waiting(noon.Add(time.Minute), "paused", "the person asked for a pause")
		saved, err := tab.SaveDeferred(t.Context(), want)
		if err != nil {
			t.Fatal(err)
		}
		want.Turn = 1
		c, got, err := tab.ContactAndDeferred(t.Context(), key, "order-4711")
		if diff := cmp.Diff(want, got); diff != "" || err != nil || saved != want || c.Version != 0 {
			t.Errorf("%v, contact %+v, %s", err, c, diff)
		}
		if keys := found(); !slices.Equal(keys, []consent.Key{key}) {
			t.Errorf("found %v", keys)
		}
		another := consent.Key{Brand: key.Brand + "cafe", Phone: key.Phone}
		theirs, err := tab.SaveDeferred(t.Context(), consent.Deferred{Key: another, Ref: "order-4711", Expires: noon.Add(time.Hour), State: consent.Waits})
		if err != nil {
			t.Fatal(err)
		}
		for brand, want := range map[string][]consent.Key{"": {key, another}, key.Brand: {key}, another.Brand: {another}, "nobody": {}} {
			if keys := foundAt(brand, 5); !slices.Equal(keys, want) || brand != "" && !slices.Equal(foundAt(brand, 1), want) {
				t.Errorf("at brand %q: found %v, want %v", brand, keys, want)
			}
		}
		if _, err := tab.SaveDeferred(t.Context(), theirs.Gone("01KB3M8Y5T0QF2Z9W6R7C4X1VQ")); err != nil {
			t.Fatal(err)
		}
		leaving := got.Leaving()
		for range 2 {
			if _, err := tab.SaveDeferred(t.Context(), leaving); err != nil {
				t.Errorf("leaving: %v", err)
			}
		}
		if _, err := tab.SaveDeferred(t.Context(), got.Ended(consent.Withdrawn, "", "no more")); !errors.Is(err, table.ErrConflict) {
			t.Errorf("withdrawn while it leaves: %v", err)
		}
		if _, err := tab.SaveDeferred(t.Context(), consent.Deferred{Key: key, Ref: "order-4711", Expires: noon}); !errors.Is(err, table.ErrConflict) {
			t.Errorf("another of the same ID: %v", err)
		}
		_, got, _ = tab.ContactAndDeferred(t.Context(), key, "order-4711")
		if _, err := tab.SaveDeferred(t.Context(), got.Gone("01KB3M8Y5T0QF2Z9W6R7C4X1VP")); err != nil || len(found()) != 0 {
			t.Errorf("gone: %v, found %v", err, found())
		}
		r, err := tab.Person(t.Context(), key)
		if err != nil || len(r.Faults) > 0 {
			t.Errorf("the record: %v, %v", r.Faults, err)
		}
		m := raw{t, s}.all(key)["TEXT#order-4711"]
		m["b"] = text("Something else.")
		if _, err := s.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &s.Table, Item: m}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := tab.ContactAndDeferred(t.Context(), key, "order-4711"); err == nil {
			t.Error("what somebody else wrote is read as ours")
		}
		if r, err := tab.Person(t.Context(), key); err != nil || len(r.Faults) != 1 {
			t.Errorf("the altered record: %v, %v", r.Faults, err)
		}
	})
}
