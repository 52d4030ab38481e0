package sendcheck_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/testkit/world"
)

// A list that is another by far than the one that was planned for is told of once, when all of it was walked; one that
// is much the same is not.
func TestAListThatChangedIsToldOf(t *testing.T) {
	for planned, want := range map[int]int{1: 0, 100: 1} {
		w := newWorld(t)
		people := world.Numbers("206", 3, 2)
		w.subscribe(nil, people[0])
		w.subscribe(full(tuesday.Add(3*time.Hour)), people[1]) // has the list walked once more
		c := campaign.Campaign{
			ID: pumpkins, Brand: "example", Topic: "alerts", Text: "Example Corp.: pumpkins", At: tuesday,
			Expires: tuesday.Add(24 * time.Hour), State: campaign.Scheduled, Plan: campaign.Plan{Hash: "a", People: planned},
		}
		if err := w.Table.CreateCampaign(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		w.wave(pumpkins)
		w.RunOut()
		w.wave(pumpkins)
		w.RunOut()
		told := strings.Contains(w.Logged.String(), "the list has changed much")
		if got := w.Count("CampaignListChanged"); got != want || told != (want > 0) {
			t.Errorf("planned for %d: counted %d, want %d; logged %t", planned, got, want, told)
		}
	}
}
