package campaign_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
)

// What may keep a campaign from people by the gap is named: what goes while it does or just before, and of a series
// each run to come. What is over, elsewhere, later, paused, for other places only
// or itself is not.
func TestBeside(t *testing.T) {
	from := stamp(t, "2027-01-05T00:00:00Z")
	at := func(h int) time.Time { return from.Add(time.Duration(h) * time.Hour) }
	one := func(id string, begins, ends int, state campaign.State) campaign.Campaign {
		return campaign.Campaign{ID: id, Brand: "example", At: at(begins), Expires: at(ends), State: state}
	}
	c := one("this", 10, 20, campaign.Scheduled)
	elsewhere := one("elsewhere", 10, 20, campaign.Scheduled)
	elsewhere.Brand = "cafe"
	c.In = []string{"US-NY"}
	apart, around := one("apart", 10, 20, campaign.Scheduled), one("around", 11, 20, campaign.Scheduled)
	apart.In, around.In = []string{"FR", "US-WY"}, []string{"US"}
	all := []campaign.Campaign{
		one("later", 20, 30, campaign.Scheduled), one("over", 1, 6, campaign.Running), one("just before", 1, 7, campaign.Running),
		one("paused", 10, 20, campaign.Paused), one("canceled", 10, 20, campaign.Canceled), elsewhere, c, apart, around,
		one("last", 19, 40, campaign.Scheduled), one("first", 0, 15, campaign.Running),
	}
	hourly := weekly()
	hourly.Each.Brand, hourly.Cron, hourly.Zone, hourly.Lasts, hourly.Last, hourly.State = "example", "0 * * * *", "America/New_York", time.Hour, at(16), campaign.Running
	paused := hourly
	paused.ID, paused.State = "paused", campaign.Paused
	far := hourly
	far.ID, far.Each.In = "far", []string{"US-WY"}
	found, err := c.Beside(all, []campaign.Series{hourly, paused, far}, 4*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, o := range found {
		if o.Series != "" {
			o.ID = "run at " + o.At.Format("15")
		}
		said = append(said, o.ID)
	}
	if want := []string{"first", "just before", "around", "run at 17", "run at 18", "last", "run at 19"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}
