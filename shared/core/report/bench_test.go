package report_test

import (
	"fmt"
	"testing"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
)

// An audit adds one person after the other to figures that hold all campaigns there are told of.
func BenchmarkAdd(b *testing.B) {
	var f report.Figures
	add := func(i int) {
		key := consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+1212555%04d", i%10000))}
		id := fmt.Sprintf("01KB%04d", i%report.MaxCampaigns)
		f.Add(&consent.Record{
			Contact: consent.Contact{Key: key, Subs: map[string]consent.Subscription{"alerts": {State: consent.Subscribed}}},
			Events: []consent.Event{
				{Seq: 1, Type: consent.Requested, At: noon, Topics: []string{"alerts"}, Effect: consent.Effect{Until: noon.Add(day)}},
				{Seq: 2, Type: consent.Confirmed, At: noon, Topics: []string{"alerts"}},
			},
			Messages: []consent.Message{{ID: id, At: noon, Campaign: id, Topics: []string{"alerts"}, Status: consent.Delivered}},
		}, noon)
	}
	for i := range report.MaxCampaigns {
		add(i)
	}
	b.ReportAllocs()
	for i := range b.N {
		add(i)
	}
}
