package sendcheck_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/testkit/world"
)

// Where a campaign keeps to each person's own clock, an area waits for its own hour and the permitted ones, whichever
// is later, be it today or tomorrow. What is urgent waits for its own only. Where the own time is over, from its last
// instant on, everybody is visited and counts as expired.
func TestTheOwnClockOfAnArea(t *testing.T) {
	day := time.Date(2027, time.January, 5, 0, 0, 0, 0, time.UTC) // as clocks show it in Seattle
	hour := func(h int) time.Time { return day.Add(time.Duration(h) * time.Hour) }
	for name, tc := range map[string]struct {
		topic             string
		clock, from, till int
		counts            campaign.Counts
		next              int // 0 for never
	}{
		"its time has come":          {"alerts", 10, 9, 19, campaign.Counts{Sent: 1}, 0},
		"it comes later":             {"alerts", 10, 15, 19, campaign.Counts{Deferred: 1}, 15},
		"the night between":          {"alerts", 22, 9, 24 + 19, campaign.Counts{Deferred: 1}, 24 + 9},
		"over at night, exactly":     {"alerts", 22, 9, 22, campaign.Counts{Expired: 1}, 0},
		"over at night":              {"alerts", 23, 9, 22, campaign.Counts{Expired: 1}, 0},
		"over by day":                {"alerts", 15, 9, 14, campaign.Counts{Expired: 1}, 0},
		"urgent, at night":           {"orders", 2, 1, 19, campaign.Counts{Sent: 1}, 0},
		"urgent, before its time":    {"orders", 2, 3, 19, campaign.Counts{Deferred: 1}, 3},
		"over before it may be sent": {"alerts", 2, 1, 5, campaign.Counts{Deferred: 1}, 5},
	} {
		w := newWorld(t)
		w.StandStill()
		hers := world.Numbers("206", 3, 1)[0]
		w.Subscribe(hers, hour(-48), tc.topic)
		c := campaign.Campaign{
			ID: pumpkins, Brand: "example", Topic: tc.topic, Text: "Example Corp.: pumpkins", State: campaign.Running,
			Local: jurisdiction.Local{From: hour(tc.from), Until: hour(tc.till)},
		}
		if tc.topic == "orders" {
			c.Vouched = message.Vouched{Urgent: "Ana Perez"}
		}
		c.At, c.Expires = c.Local.Around()
		if err := w.Table.CreateCampaign(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		w.SetClock(hour(tc.clock + 8))
		if !w.Deliver(t.Context(), job(pumpkins, 3)) {
			t.Fatal(&w.Logged)
		}
		if _, counts := w.status(pumpkins); counts != tc.counts {
			t.Errorf("%s: %+v, want %+v", name, counts, tc.counts)
		}
		if waits := tc.counts.Deferred > 0; w.Table.Looked() > 0 == waits {
			t.Errorf("%s: %d contacts are read", name, w.Table.Looked())
		}
		if _, a, waits := w.Schedules.First(); waits != (tc.next > 0) || waits && !a.At.Equal(hour(tc.next+8)) {
			t.Errorf("%s: looked at again at %s", name, a.At)
		}
	}
}

// Where the hours of an area cannot be had, its people are visited, and the outbox decides about each.
func TestAnAreaWithoutHours(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 3, 1)...)
	c := campaign.Campaign{
		ID: pumpkins, Brand: "example", Topic: "alerts", Text: "Example Corp.: pumpkins", State: campaign.Running,
		Local: jurisdiction.Local{From: tuesday.Add(-10 * time.Hour), Until: tuesday},
	}
	c.At, c.Expires = c.Local.Around()
	if err := w.Table.CreateCampaign(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	w.hours.err = errBroken
	if !w.Deliver(t.Context(), job(pumpkins, 3)) || w.Carrier.Calls != 1 {
		t.Errorf("%d texts: %s", w.Carrier.Calls, &w.Logged)
	}
}
