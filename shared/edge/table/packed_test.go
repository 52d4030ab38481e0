package table_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// Whoever was met is found again, whatever their numbers, and nobody else is.
func TestWhoeverWasMetIsFoundAgain(t *testing.T) {
	var stores dynamotest.Stores
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	shard := 0
	rapid.Check(t, func(rt *rapid.T) {
		shard++
		draws := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) phone.Number {
			return phone.Number(rapid.StringMatching(`\+(1206555[0-9]{4}|[1-9][0-9]{6,14})`).Draw(rt, "number"))
		}), 0, 40)
		met, done := draws.Draw(rt, "met"), draws.Draw(rt, "done")
		nobody := []phone.Number{"", "+", "5550100", "+0206555010", "+12065550100#", "+99999999999999999999"}
		if err := tab.SaveCandidates(t.Context(), "c", shard, append(nobody, met...), append(nobody, done...)); err != nil {
			rt.Fatal(err)
		}
		found := []phone.Number{}
		if err := tab.Candidates(t.Context(), "c", shard, func(some []phone.Number) error {
			found = append(found, some...)
			return nil
		}); err != nil {
			rt.Fatal(err)
		}
		slices.Sort(met)
		slices.Sort(found)
		if !slices.Equal(found, slices.Compact(met)) {
			rt.Fatalf("found %v of %v", found, met)
		}
		have, err := tab.Texted(t.Context(), "c", shard)
		want := map[phone.Number]bool{}
		for _, n := range done {
			want[n] = true
		}
		if err != nil || !maps.Equal(have, want) {
			rt.Fatalf("%v have it (%v), of %v", have, err, done)
		}
	})
}

// Five hundred people of an area code, as a page of a fast campaign has them where one number in a thousand is on the
// list, and as many done with are three write units.
func TestWhatMeetingCosts(t *testing.T) {
	s := stores.Local(t)
	bill := dynamotest.NewBill(s.Client)
	tab := table.New(bill, s.Table, ledger(t))
	numbers := func(from int) (all []phone.Number) {
		for i := range 500 {
			all = append(all, phone.Number(fmt.Sprintf("+1206%07d", from+i*997)))
		}
		return all
	}
	if err := tab.SaveCandidates(t.Context(), "01KB3M8Y5T0QF2Z9W6R7C4X1VN", 0, numbers(2_000_000), numbers(2_600_000)); err != nil {
		t.Fatal(err)
	}
	if wrote := bill.Wrote(); wrote != 3 {
		t.Errorf("%v write units, want 3", wrote)
	}
}
