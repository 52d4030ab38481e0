package table_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// Who was removed is on no list; an operator who asks has them counted, of one brand and by topic.
func TestRemovedPeopleAreCounted(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		for i, k := range []consent.Key{
			{Brand: "example", Phone: "+12065550142"},
			{Brand: "example", Phone: "+12065550143"},
			{Brand: "example", Phone: "+12065550144"},
			{Brand: "example2", Phone: "+12065550142"},
		} {
			c := subscribe(t, tab, k, phone.Told{}, alerts.Topics[0])
			if i == 2 {
				continue
			}
			next := c
			next.Subs = maps.Clone(c.Subs)
			sub := next.Subs["alerts"]
			sub.State, sub.Moved = consent.Removed, noon
			next.Subs["alerts"] = sub
			e := consent.Event{Seq: c.Head.Seq + 1, Type: consent.TakenOff, At: noon, Source: consent.SourceAudit, Topics: []string{"alerts"}}
			commit(t, tab, consent.Change{Next: next, Events: []consent.Event{e}, Left: []string{"alerts"}}, noon)
		}
		got, err := table.Removed(t.Context(), s.Client, s.Table, "example")
		if err != nil || len(got) != 1 || !slices.EqualFunc(got["alerts"], []time.Time{noon, noon}, time.Time.Equal) {
			t.Errorf("%v, %v; want two of alerts", got, err)
		}
	})
}
