package reportpage_test

import (
	"fmt"
	"testing"
	"time"

	smsconsent "smsconsent"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
)

var (
	monday = time.Date(2026, time.November, 23, 14, 0, 0, 0, time.UTC)
	week   = 7 * 24 * time.Hour
)

// sample is the report of a list that has grown for a year and has something of everything.
func sample(t testing.TB) report.Report {
	t.Helper()
	c := catalog(t)
	before := report.New(c, monday.Add(-week), monday.Add(-week+11*time.Minute), figures(52), nil)
	return report.New(c, monday, monday.Add(12*time.Minute), figures(53), &before)
}

func catalog(t testing.TB) *program.Catalog {
	t.Helper()
	c, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// figures makes those of a list at some week.
func figures(n int) report.Figures {
	f := report.Figures{
		People: 900 * n, Unreachable: 11 * n, Topics: map[string]report.Topic{},
		Campaigns: report.Campaigns{Newest: map[string]report.Campaign{}},
	}
	reasons := map[string]int{"TEXT_UNREACHABLE": 14 * n, "TEXT_INVALID": 9 * n, "TEXT_CARRIER_BLOCKED": n, "TEXT_TTL_EXPIRED": 3 * n}
	f.All = tally(n, 1, reasons)
	f.Topics["example/alerts"] = report.Topic{
		States: map[consent.State]int{consent.Subscribed: 410 * n, consent.Pending: 6 * n, consent.Unsubscribed: 70 * n, consent.Expired: 40 * n, consent.Removed: 9 * n},
		Tiers:  map[consent.Tier]int{consent.Regular: 300 * n, consent.Digest: 90 * n, "asked": 20 * n}, Tally: tally(n, 2, nil),
	}
	f.Topics["example/orders"] = report.Topic{States: map[consent.State]int{consent.Subscribed: 240 * n, consent.Unsubscribed: 12 * n}, Tally: tally(n, 5, nil)}
	f.Topics["examplecafe/specials"] = report.Topic{
		States: map[consent.State]int{consent.Subscribed: 90 * n, consent.Pending: 2 * n, consent.Unsubscribed: 31 * n, consent.Expired: 8 * n},
		Tiers:  map[consent.Tier]int{consent.Regular: 40 * n, consent.Digest: 50 * n}, Tally: tally(n, 8, nil),
	}
	for i := range 14 {
		at := monday.Add(-time.Duration(14-i) * week)
		topic := [][2]string{{"example", "alerts"}, {"examplecafe", "specials"}}[i%2]
		f.Campaigns.Newest[fmt.Sprintf("01KB3M8Y5T0QF2Z9W6R7C4%04d", i)] = report.Campaign{
			Brand: topic[0], Topic: topic[1], First: at, Texts: report.Texts{Sent: 900 + 40*i, Delivered: 880 + 40*i}, Clicks: 30 + i*i%40, OptOuts: 4 + i*i%17,
		}
	}
	found := func(k report.Kind, count, mended int, detail string) {
		for i := range count {
			key := consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+1206555%04d", 100+i*37%900))}
			f.Found(k, report.CaseOf(key, "alerts", monday.Add(-time.Duration(20+i)*24*time.Hour), detail), i < mended)
		}
	}
	found(report.Altered, 1, 0, "event 3 does not follow event 2")
	found(report.OnlyAtAWS, 4, 4, "list smsconsent-alerts")
	found(report.Stray, 2, 2, "")
	found(report.TooOld, n/10, 0, "confirmed longer ago than two years")
	found(report.Unreachable, n, 0, "three texts in a row did not arrive")
	f.Subscribed = 0
	for _, m := range f.All.Months {
		f.Subscribed += m.Joined - m.Left
	}
	f.Did(report.Verified, 900*n)
	f.Did(report.Reminded, 37)
	f.Did(report.Suspended, 1)
	return f
}

// tally makes that of a topic with its share of the texts.
func tally(n, part int, reasons map[string]int) report.Tally {
	sent := 3000 * n / part
	t := report.Tally{
		Texts: report.Texts{
			Sent: sent, Delivered: sent * 96 / 100, Undelivered: sent * 2 / 100, Waiting: sent / 100, Unknown: sent - sent*96/100 - sent*2/100 - sent/100,
			Rejected: sent / 500, Unwanted: sent / 2000, Reasons: reasons,
		},
		OptOuts: sent * (7 + part) / 1000, Months: map[string]report.Month{},
	}
	for i := range 12 {
		at := time.Date(2026, time.Month(11-i), 1, 0, 0, 0, 0, time.UTC)
		came := (170*n/12 - 40*i + i*i*9) / part * 5
		t.Months[at.Format("2006-01")] = report.Month{
			Requested: came * 3 / 2, Joined: came, Left: came / 4, OptedOut: (20 + (i*i+part)%9*4) * n / part / 10, Sent: (250 - 11*i) * n / part,
		}
	}
	return t
}
