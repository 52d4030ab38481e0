package table_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// Counting adds up whoever counts at once, says what is there with its write, and keeps what a pause answered.
func TestFatesAddUp(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		const id = "01KB0000000000000000000FTS"
		if none, err := tab.Fates(t.Context(), id); err != nil || none != (campaign.Tally{}) {
			t.Fatalf("before any: %+v, %v", none, err)
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := tab.CountFates(t.Context(), id, campaign.Fates{Delivered: 3, Undelivered: 2, Complaints: 1}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		answered := campaign.Fates{Delivered: 20, Undelivered: 10, Complaints: 5}
		if err := tab.AnswerFates(t.Context(), id, answered); err != nil {
			t.Fatal(err)
		}
		want := campaign.Tally{
			All: campaign.Fates{Delivered: 24, Undelivered: 16, Complaints: 8, OptOuts: 1}, Answered: answered,
		}
		got, err := tab.CountFates(t.Context(), id, campaign.Fates{OptOuts: 1})
		if err != nil || got != want {
			t.Errorf("counted %+v, want %+v, %v", got, want, err)
		}
		if got, err := tab.Fates(t.Context(), id); err != nil || got != want {
			t.Errorf("read %+v, want %+v, %v", got, want, err)
		}
	})
}

// An opt-out is counted once, whoever counts at once and however often each is told.
func TestOptOutsAreCountedOnce(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		const id = "01KB0000000000000000000FTS"
		now := time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC)
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				if _, err := tab.CountOptOut(t.Context(), id, strconv.Itoa(i/2), now); err != nil {
					t.Error(err)
				}
				if _, err := tab.CountFates(t.Context(), id, campaign.Fates{Delivered: 1}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got, err := tab.CountOptOut(t.Context(), id, "0", now)
		if want := (campaign.Fates{Delivered: 8, OptOuts: 4}); err != nil || got.All != want {
			t.Errorf("counted %+v, want %+v, %v", got.All, want, err)
		}
	})
}
