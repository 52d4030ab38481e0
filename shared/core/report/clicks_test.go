package report_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/report"
)

// Whoever followed a link of a campaign is counted for it, once, and whoever got it and did not is not.
func TestClicksOfACampaign(t *testing.T) {
	at := time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC)
	got := consent.StatusChange{At: at, Status: consent.Delivered}
	click := consent.StatusChange{At: at, Status: consent.Clicked}
	var f report.Figures
	for _, history := range [][]consent.StatusChange{{got, click, click}, {got, click}, {got}, {got}} {
		f.Add(&consent.Record{
			Contact: consent.Contact{Key: consent.Key{Brand: "example", Phone: "+12065550142"}},
			Messages: []consent.Message{{
				At: at, Kind: message.Promotional, Topics: []string{"alerts"}, Campaign: "spring", Status: consent.Delivered, History: history,
			}},
		}, at)
	}
	c := f.Campaigns.Newest["spring"]
	if percent, ok := c.ClickShare(); c.Clicks != 2 || c.Texts.Delivered != 4 || !ok || percent != 50 {
		t.Errorf("%+v, %g of a hundred", c, percent)
	}
}
