package campaign_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
)

// A list has changed much where it is off by more than a tenth and more than twenty people, which is known once every
// shard was walked.
func TestChanged(t *testing.T) {
	now := time.Date(2027, 1, 5, 18, 0, 0, 0, time.UTC)
	walked := func(people ...int) []campaign.Shard {
		all := make([]campaign.Shard, len(people))
		for i, n := range people {
			all[i] = campaign.Shard{Version: 1, Saved: now, Groups: map[string]campaign.Group{
				"a": {Counts: campaign.Counts{Sent: n - 1, Refused: 1}}, "b": {Waiting: 0},
			}}
		}
		return all
	}
	for _, tc := range []struct {
		name    string
		planned int
		shards  []campaign.Shard
		change  func(*campaign.Campaign, []campaign.Shard)
		want    int // people; 0 for no change
	}{
		{name: "as planned", planned: 100, shards: walked(50, 50)},
		{name: "few more, be it a third", planned: 60, shards: walked(40, 40)},
		{name: "many more, but a tenth", planned: 1000, shards: walked(500, 600)},
		{name: "more", planned: 1000, shards: walked(500, 601), want: 1101},
		{name: "fewer", planned: 1000, shards: walked(400, 499), want: 899},
		{name: "nobody looked before", shards: walked(500, 600), change: func(c *campaign.Campaign, _ []campaign.Shard) { c.Plan.Hash = "" }},
		{name: "one shard was not walked", planned: 100, shards: walked(500)},
		{name: "one is being walked", planned: 100, shards: walked(500, 5), change: func(_ *campaign.Campaign, s []campaign.Shard) { s[1].Next = now }},
		{name: "one waits for the morning", planned: 100, shards: walked(500, 5), want: 505, change: func(_ *campaign.Campaign, s []campaign.Shard) {
			s[1].Next = now.Add(time.Hour)
		}},
		{name: "some may have other attributes", planned: 100, shards: walked(500, 5), change: func(c *campaign.Campaign, s []campaign.Shard) {
			c.Attributes = map[string][]string{"city": {"Dallas"}}
			s[0].Groups["b"] = campaign.Group{Waiting: 3}
		}},
	} {
		c := campaign.Campaign{Plan: campaign.Plan{Hash: "x", People: tc.planned}}
		if tc.change != nil {
			tc.change(&c, tc.shards)
		}
		got := c.Changed(tc.shards, 2)
		if (got != nil) != (tc.want > 0) || got != nil && *got != (campaign.Change{Planned: tc.planned, People: tc.want}) {
			t.Errorf("%s: %+v, want %d people", tc.name, got, tc.want)
		}
	}
}

// Who left the list since the plan is told, so that the counts and they add up to whom was planned for.
func TestMoved(t *testing.T) {
	now := time.Date(2027, 1, 5, 18, 0, 0, 0, time.UTC)
	shards := []campaign.Shard{{Version: 1, Saved: now, Groups: map[string]campaign.Group{
		"a": {Counts: campaign.Counts{Sent: 4, Deferred: 1, Refused: 2, Expired: 1, Unreadable: 1}, Waiting: 1},
	}}}
	for planned, want := range map[int]campaign.Moved{10: {}, 11: {Left: 1}, 7: {Joined: 3}} {
		c := campaign.Campaign{Plan: campaign.Plan{Hash: "x", People: planned}}
		if got := c.Moved(shards, 1); got != want {
			t.Errorf("of %d planned: %+v, want %+v", planned, got, want)
		}
		if got := c.Moved(shards, 2); got != (campaign.Moved{}) {
			t.Errorf("with a shard to come: %+v", got)
		}
		if c.Plan.Hash = ""; c.Moved(shards, 1) != (campaign.Moved{}) {
			t.Errorf("without a plan: %+v", c.Moved(shards, 1))
		}
	}
}
