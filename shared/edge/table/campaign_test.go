package table_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

func newCampaign(n int) campaign.Campaign {
	return campaign.Campaign{
		ID: fmt.Sprintf("01KB3M8Y5T0QF2Z9W6R7C4%04d", n), Name: "weekly-sale", Brand: "example", Topic: "alerts", Text: "Example Corp.: news", At: noon, In: []string{"FR", "US-WA"}, Attributes: map[string][]string{"city": {"Austin", "Dallas"}}, Series: "a-series", Digest: n%2 == 1, Content: "spring-sale",
		Expires: noon.Add(time.Hour), Created: noon.Add(-time.Hour), State: campaign.Scheduled,
		Local: jurisdiction.Local{From: noon.Add(-time.Hour), Until: noon.Add(time.Hour)},
	}
}

func TestCampaigns(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		if all, err := tab.Campaigns(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("%v, %v: want none", all, err)
		}
		const many = 101 // one more than a BatchGetItem takes
		for n := range many {
			if err := tab.CreateCampaign(t.Context(), newCampaign(n)); err != nil {
				t.Fatal(err)
			}
		}
		again := newCampaign(5)
		again.Text = "something else"
		if err := tab.CreateCampaign(t.Context(), again); !errors.Is(err, table.ErrExists) {
			t.Errorf("second campaign of the same ID: %v, want ErrExists", err)
		}
		got, err := tab.Campaign(t.Context(), again.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(newCampaign(5), got); diff != "" {
			t.Error(diff)
		}
		if _, err := tab.Campaign(t.Context(), "nobody"); !errors.Is(err, table.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
		all, err := tab.Campaigns(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := make([]campaign.Campaign, many)
		for n := range want {
			want[many-1-n] = newCampaign(n)
		}
		if diff := cmp.Diff(want, all); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCampaignState(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := newCampaign(1)
		if err := tab.CreateCampaign(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := tab.SetCampaignState(t.Context(), c.ID, []campaign.State{campaign.Scheduled, campaign.Running}, campaign.Paused, "the carrier said spam"); err != nil {
			t.Fatal(err)
		}
		if err := tab.SetCampaignState(t.Context(), c.ID, []campaign.State{campaign.Scheduled, campaign.Running}, campaign.Done, ""); !errors.Is(err, table.ErrConflict) {
			t.Errorf("%v, want ErrConflict", err)
		}
		if err := tab.SetCampaignState(t.Context(), "nobody", []campaign.State{campaign.Paused}, campaign.Running, ""); !errors.Is(err, table.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
		if err := tab.SetCampaignState(t.Context(), c.ID, nil, campaign.Running, ""); err == nil {
			t.Error("a change from no state was written")
		}
		got, err := tab.Campaign(t.Context(), c.ID)
		if err != nil || got.State != campaign.Paused || got.Why != "the carrier said spam" {
			t.Errorf("%+v, %v", got, err)
		}
		if err := tab.SetCampaignState(t.Context(), c.ID, []campaign.State{campaign.Paused}, campaign.Running, ""); err != nil {
			t.Fatal(err)
		}
		if got, err := tab.Campaign(t.Context(), c.ID); err != nil || got.State != campaign.Running || got.Why != "" {
			t.Errorf("%+v, %v: the reason of the pause must go with it", got, err)
		}
	})
}

func TestShards(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := newCampaign(1)
		if err := tab.CreateCampaign(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		full := campaign.Shard{Campaign: c.ID, Number: 7, Next: noon, Saved: noon, Groups: map[string]campaign.Group{
			"US-FL|America/Chicago+America/New_York": {
				Counts: campaign.Counts{Sent: 1, Deferred: 2, Refused: 3, Expired: 4, Unreadable: 6}, Reasons: campaign.Reasons{
					RefusedBy: map[string]int{"opted-out": 2, "paused": 1}, ExpiredBy: map[string]int{"permitted-hours": 4},
				}, Cursor: "+12065550142", Counted: noon, Waiting: 5, Next: noon,
				Walked: true, Done: true,
			},
			"?": {},
		}}
		empty := campaign.Shard{Campaign: c.ID, Number: 0, Groups: map[string]campaign.Group{}}
		for _, s := range []campaign.Shard{full, empty} {
			if err := tab.SaveShard(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		if err := tab.SaveShard(t.Context(), full); err != nil {
			t.Errorf("saved once more, as where the answer got lost: %v", err)
		}
		if err := tab.SaveShard(t.Context(), campaign.Shard{Campaign: c.ID, Number: 7}); !errors.Is(err, table.ErrConflict) {
			t.Errorf("shard thought new: %v, want ErrConflict", err)
		}
		full.Version, empty.Version = 1, 1
		got, err := tab.Shards(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]campaign.Shard{empty, full}, got); diff != "" {
			t.Error(diff)
		}
		for _, want := range []campaign.Shard{empty, full, {Campaign: c.ID, Number: 3}} {
			if one, err := tab.Shard(t.Context(), c.ID, want.Number); err != nil || !cmp.Equal(want, one) {
				t.Errorf("shard %d alone: %+v, %v", want.Number, one, err)
			}
		}
		full.Next = time.Time{}
		if err := tab.SaveShard(t.Context(), full); err != nil {
			t.Fatal(err)
		}
		full.Next = noon.Add(time.Hour)
		if err := tab.SaveShard(t.Context(), full); !errors.Is(err, table.ErrConflict) {
			t.Errorf("stale shard: %v, want ErrConflict", err)
		}
		got, err = tab.Shards(t.Context(), c.ID)
		if err != nil || got[1].Version != 2 || got[1].Unfinished() {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// One solved CAPTCHA signs up one person, however many come with it at once.
func TestNonceIsSpentOnce(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		results := make([]bool, 16)
		var all sync.WaitGroup
		for i := range results {
			all.Go(func() {
				first, err := tab.Spend(t.Context(), "nonce", noon)
				if err != nil {
					t.Error(err)
				}
				results[i] = first
			})
		}
		all.Wait()
		good := 0
		for _, first := range results {
			if first {
				good++
			}
		}
		if good != 1 {
			t.Errorf("spent %d times, want once", good)
		}
		if first, err := tab.Spend(t.Context(), "another", noon); err != nil || !first {
			t.Errorf("another nonce: first %t, %v", first, err)
		}
	})
}

func TestAllowCountsWithinAWindow(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		allowed := make([]bool, 12)
		var all sync.WaitGroup
		for i := range allowed {
			all.Go(func() {
				ok, err := tab.Allow(t.Context(), "sign-up#1", 5, time.Hour, noon.Add(time.Duration(i)*time.Minute))
				if err != nil {
					t.Error(err)
				}
				allowed[i] = ok
			})
		}
		all.Wait()
		if n := len(slices.DeleteFunc(allowed, func(ok bool) bool { return !ok })); n != 5 {
			t.Errorf("%d were allowed, want 5", n)
		}
		for what, ok := range map[string]func() (bool, error){
			"the next window": func() (bool, error) { return tab.Allow(t.Context(), "sign-up#1", 5, time.Hour, noon.Add(time.Hour)) },
			"another key":     func() (bool, error) { return tab.Allow(t.Context(), "sign-up#2", 5, time.Hour, noon) },
		} {
			if ok, err := ok(); err != nil || !ok {
				t.Errorf("%s: %t, %v", what, ok, err)
			}
		}
	})
}
