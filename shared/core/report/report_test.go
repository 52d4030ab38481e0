package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
)

var catalog = &program.Catalog{Brands: []program.Brand{{ID: "example", Name: "Example Corp.", Programs: []program.Program{
	{ID: "alerts", Topics: []program.Topic{{ID: "alerts", Name: "alerts", Class: program.Promotional, Limits: program.Limits{OptOuts: 300}}}},
}}}}

// sent makes figures of one topic.
func sent(t report.Texts, optOuts int) report.Figures {
	tally := report.Tally{Texts: t, OptOuts: optOuts}
	return report.Figures{All: tally, Topics: map[string]report.Topic{"example/alerts": {Tally: tally}}}
}

// Each sentence is said from its figure on, and not where there is too little to say it of.
func TestWhatToDoNext(t *testing.T) {
	before := report.New(catalog, noon.Add(-7*day), noon.Add(-7*day), sent(report.Texts{Sent: 1000, Delivered: 1000}, 10), nil)
	found := func(k report.Kind, mended bool) report.Figures {
		var f report.Figures
		f.Found(k, report.Case{}, mended)
		return f
	}
	campaign := func(age time.Duration) report.Figures {
		return report.Figures{Campaigns: report.Campaigns{Newest: map[string]report.Campaign{
			"01KB": {Brand: "example", Topic: "alerts", First: noon.Add(-age), Texts: report.Texts{Sent: 100}, OptOuts: 4},
		}}}
	}
	months := func(m report.Month) report.Figures {
		return report.Figures{All: report.Tally{Months: map[string]report.Month{"2026-11": m}}}
	}
	tiers := func(regular, digest int) report.Figures {
		return report.Figures{Topics: map[string]report.Topic{"example/alerts": {
			Tiers: map[consent.Tier]int{consent.Regular: regular, consent.Digest: digest},
		}}}
	}
	for name, c := range map[string]struct {
		figures report.Figures
		before  *report.Report
		want    string // part of the first sentence
		when    report.Urgency
	}{
		"nothing":                   {report.Figures{}, nil, "Nothing is left to do", report.Later},
		"a broken chain":            {found(report.Altered, false), nil, "Records altered: 1 person. Find out", report.Now},
		"what was put right":        {found(report.Altered, true), nil, "Nothing is left to do", report.Later},
		"a kind of another version": {found("odd", false), nil, "odd: 1 person. Look at the cases.", report.Soon},
		"spam":                      {sent(report.Texts{Sent: 600, Delivered: 597, Undelivered: 3, Unwanted: 3}, 0), nil, "Carriers took 3 texts for spam", report.Now},
		"one phone that blocks":     {sent(report.Texts{Sent: 24, Delivered: 23, Undelivered: 1, Unwanted: 1}, 0), nil, "Nothing", report.Later},
		"little arrives": {
			sent(report.Texts{Sent: 100, Delivered: 89, Undelivered: 11, Reasons: map[string]int{"TEXT_INVALID": 7, "TEXT_SPAM": 4}}, 0),
			nil, "Only 89 % of the texts arrive. The most frequent reason is TEXT_INVALID", report.Soon,
		},
		"nine in ten arrive":        {sent(report.Texts{Sent: 100, Delivered: 90, Undelivered: 10}, 0), nil, "Nothing", report.Later},
		"no receipts":               {sent(report.Texts{Sent: 100, Delivered: 80, Waiting: 20}, 0), nil, "Of 20 % of the texts no delivery receipt came", report.Soon},
		"people leave":              {sent(report.Texts{Sent: 100, Delivered: 100}, 4), nil, "People leave Example Corp. alerts: 40 opt-outs for 1,000 texts, above its limit of 3%.", report.Soon},
		"at the limit":              {sent(report.Texts{Sent: 100, Delivered: 100}, 3), nil, "Nothing", report.Later},
		"few texts":                 {sent(report.Texts{Sent: 99, Delivered: 50, Undelivered: 49}, 30), nil, "Nothing", report.Later},
		"more leave than before":    {sent(report.Texts{Sent: 2000, Delivered: 2000}, 25), &before, "since the last run 15 opt-outs for 1,000 texts, until then 10.", report.Soon},
		"hardly more than before":   {sent(report.Texts{Sent: 2000, Delivered: 2000}, 24), &before, "Nothing", report.Later},
		"a campaign since":          {campaign(day), &before, "Campaign 01KB of Example Corp. alerts lost many: 40 opt-outs", report.Soon},
		"a campaign told of before": {campaign(8 * day), &before, "Nothing", report.Later},
		"few confirm":               {months(report.Month{Requested: 20, Joined: 9}), nil, "Only 45 % of the requests to join are confirmed.", report.Later},
		"half confirm":              {months(report.Month{Requested: 20, Joined: 10}), nil, "Nothing", report.Later},
		"many rarely answer":        {tiers(10, 10), nil, "50 % of the people on Example Corp. alerts rarely answer", report.Later},
		"few people":                {tiers(9, 10), nil, "Nothing", report.Later},
	} {
		r := report.New(catalog, noon, noon, c.figures, c.before)
		if got := r.Next[0]; !strings.Contains(got.What, c.want) || got.When != c.when {
			t.Errorf("%s: %s: %q, want %s: %q", name, got.When, got.What, c.when, c.want)
		}
	}
}

// What is most urgent comes first, and nothing is said of what does not come up.
func TestTheMostUrgentComesFirst(t *testing.T) {
	f := sent(report.Texts{Sent: 100, Delivered: 50, Undelivered: 50, Unwanted: 3}, 9)
	for _, k := range slices.Backward(report.Kinds()) {
		f.Found(k, report.Case{}, false)
	}
	var order []report.Urgency
	for _, s := range report.New(catalog, noon, noon, f, nil).Next {
		order = append(order, s.When)
	}
	place := map[report.Urgency]int{report.Now: 0, report.Soon: 1, report.Later: 2}
	if !slices.IsSortedFunc(order, func(a, b report.Urgency) int { return place[a] - place[b] }) || len(order) != len(report.Kinds())+3 {
		t.Errorf("%d steps in the order %v", len(order), order)
	}
}

// Every kind and every action has words of its own.
func TestEverythingHasWords(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range report.Kinds() {
		w := k.Words()
		if w.Title == string(k) || seen[w.Title] || !strings.HasSuffix(w.Means, ".") || !strings.HasSuffix(w.Do, ".") {
			t.Errorf("%s: %+v", k, w)
		}
		seen[w.Title] = true
	}
	for _, a := range report.Actions() {
		one, many := a.Words(1), a.Words(1200)
		if !strings.HasPrefix(one, "1 ") || !strings.HasPrefix(many, "1,200 ") || strings.Contains(many, string(a)+"s") || seen[one] {
			t.Errorf("%s: %q, %q", a, one, many)
		}
		seen[one] = true
	}
}

// A report tells what each figure was the time before, and keeps of the run before no more than that.
func TestComparedWithTheRunBefore(t *testing.T) {
	var f, g report.Figures
	for i := range 3 {
		key := consent.Key{Brand: "example", Phone: "+12125550142"}
		g.Add(&consent.Record{Contact: consent.Contact{Key: key, Subs: map[string]consent.Subscription{"alerts": {State: consent.Subscribed}}}}, noon)
		g.Found(report.Stray, report.CaseOf(key, "alerts", noon, fmt.Sprint(i)), i > 0)
		if i == 0 {
			f = g
		}
	}
	before := report.New(catalog, noon.Add(-day), noon.Add(-day), f, nil)
	r := report.New(catalog, noon, noon.Add(time.Minute), g, &before)
	for id, want := range map[string]float64{"subscribed": 2, "people": 2, "open": 0} {
		i := slices.IndexFunc(r.Summary, func(k report.Key) bool { return k.ID == id })
		if i < 0 {
			t.Fatalf("no %s in %+v", id, r.Summary)
		}
		if by, known := r.Summary[i].Change(); by != want || !known {
			t.Errorf("%s changed by %g, %t", id, by, known)
		}
	}
	if slices.ContainsFunc(r.Summary, func(k report.Key) bool { return k.ID == "opt-outs" }) {
		t.Error("a rate is told of no texts")
	}
	if r.Before.Run != before.Run || r.Before.Figures.Findings[report.Stray].Cases != nil || len(before.Figures.Findings[report.Stray].Cases) != 1 {
		t.Errorf("kept of the run before: %+v", r.Before)
	}
	if _, known := before.Summary[0].Change(); known {
		t.Error("the first run is compared with something")
	}
}

func TestID(t *testing.T) {
	at := time.Date(2026, time.November, 23, 15, 0, 0, 1_999_999, time.FixedZone("", 3600))
	id := report.ID(at)
	began, ok := report.ParseID(id)
	if id != "20261123T140000.001Z" || !ok || !began.Equal(at.Truncate(time.Millisecond)) {
		t.Errorf("%s, %s, %t", id, began, ok)
	}
	for _, bad := range []string{"", "latest", "../x", "20261123", "20261123T140000Z", id + "x", "20261323T140000.001Z"} {
		if _, ok := report.ParseID(bad); ok {
			t.Errorf("%q passes for an ID", bad)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1200: "−1,200"} {
		if got := report.Grouped(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
