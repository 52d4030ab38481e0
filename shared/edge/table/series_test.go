package table_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// A series is stored as it is, changed by one at a time, and is no campaign.
func TestSeries(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := newCampaign(1)
		s := campaign.Series{
			ID: c.ID, Name: "offers", Cron: "0 10 * * 1", Zone: "America/New_York", Each: c, Lasts: 48 * time.Hour, Until: noon, Times: 5, Runs: 2,
			Skipped: 1, Last: noon, State: campaign.Running, Why: "so",
		}
		if _, err := tab.Series(t.Context(), s.ID); !errors.Is(err, table.ErrNotFound) {
			t.Errorf("before there is one: %v", err)
		}
		if err := errors.Join(tab.SaveSeries(t.Context(), s), tab.CreateCampaign(t.Context(), newCampaign(2))); err != nil {
			t.Fatal(err)
		}
		if err := tab.SaveSeries(t.Context(), campaign.Series{ID: s.ID}); !errors.Is(err, table.ErrConflict) {
			t.Errorf("a second of its ID: %v", err)
		}
		s.Version = 1
		got, err := tab.Series(t.Context(), s.ID)
		if diff := cmp.Diff(s, got); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
		all, err := tab.AllSeries(t.Context())
		if diff := cmp.Diff([]campaign.Series{s}, all); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
		if campaigns, err := tab.Campaigns(t.Context()); err != nil || len(campaigns) != 1 || campaigns[0].ID == s.ID {
			t.Errorf("the campaigns are %v, %v", campaigns, err)
		}
	})
}
