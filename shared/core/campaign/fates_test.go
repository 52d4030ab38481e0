package campaign_test

import (
	"testing"

	"pgregory.net/rapid"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

var limits = program.Limits{OptOuts: 300, Undelivered: 1000, Complaints: 50, Least: 50}

func TestWhatExceedsLimits(t *testing.T) {
	for _, tc := range []struct {
		name string
		of   campaign.Tally
		why  string
	}{
		{"nothing is known", campaign.Tally{}, ""},
		{"all is well", campaign.Tally{All: campaign.Fates{Delivered: 1000}}, ""},
		{"one blocked phone of twenty-four", campaign.Tally{All: campaign.Fates{Delivered: 23, Undelivered: 1}}, ""},
		{"one complaint of fifty", campaign.Tally{All: campaign.Fates{Delivered: 49, Undelivered: 1, Complaints: 1}}, ""},
		{"two of fifty", campaign.Tally{All: campaign.Fates{Delivered: 48, Undelivered: 2, Complaints: 2}}, ""},
		{
			"three of fifty",
			campaign.Tally{All: campaign.Fates{Delivered: 47, Undelivered: 3, Complaints: 3}},
			"complaints of spam: 3 of 50 texts, limit 0.5%",
		},
		{"three of too few", campaign.Tally{All: campaign.Fates{Delivered: 46, Undelivered: 3, Complaints: 3}}, ""},
		{"three of very many", campaign.Tally{All: campaign.Fates{Delivered: 597, Undelivered: 3, Complaints: 3}}, ""},
		{"at the limit", campaign.Tally{All: campaign.Fates{Delivered: 90, Undelivered: 10, OptOuts: 3}}, ""},
		{
			"above it",
			campaign.Tally{All: campaign.Fates{Delivered: 89, Undelivered: 11}},
			"undelivered: 11 of 100 texts, limit 10%",
		},
		{
			"who leaves",
			campaign.Tally{All: campaign.Fates{Delivered: 100, OptOuts: 4}},
			"opt-outs: 4 of 100 texts, limit 3%",
		},
		{
			"what a pause answered",
			campaign.Tally{
				All:      campaign.Fates{Delivered: 200, OptOuts: 10},
				Answered: campaign.Fates{Delivered: 100, OptOuts: 8},
			},
			"",
		},
		{
			"what came since",
			campaign.Tally{
				All:      campaign.Fates{Delivered: 200, OptOuts: 12},
				Answered: campaign.Fates{Delivered: 100, OptOuts: 8},
			},
			"opt-outs: 4 of 100 texts, limit 3%",
		},
	} {
		if why, exceeds := tc.of.Exceeds(limits); why != tc.why || exceeds != (tc.why != "") {
			t.Errorf("%s: %q, %t, want %q", tc.name, why, exceeds, tc.why)
		}
	}
	if why, exceeds := (campaign.Tally{All: campaign.Fates{Undelivered: 100}}).Exceeds(program.Limits{}); exceeds {
		t.Errorf("without limits: %s", why)
	}
}

// What became of one text counts once, and as what it is; a text whose carrier called it spam did not arrive either.
func TestTheFateOfOneText(t *testing.T) {
	for _, c := range []struct {
		fate consent.Fate
		want campaign.Fates
	}{
		{consent.Fate{Status: consent.Delivered}, campaign.Fates{Delivered: 1}},
		{consent.Fate{Status: consent.Undelivered}, campaign.Fates{Undelivered: 1}},
		{consent.Fate{Status: consent.Undelivered, Spam: true}, campaign.Fates{Undelivered: 1, Complaints: 1}},
		{consent.Fate{Status: consent.Unconfirmed}, campaign.Fates{}},
		{consent.Fate{}, campaign.Fates{}},
	} {
		if got := campaign.FatesOf(c.fate); got != c.want {
			t.Errorf("%+v: %+v", c.fate, got)
		}
	}
	if got := (campaign.Fates{Delivered: 1, Undelivered: 2, Complaints: 3, OptOuts: 4}).Add(campaign.Fates{Delivered: 10, Undelivered: 20, Complaints: 30, OptOuts: 40}); got != (campaign.Fates{Delivered: 11, Undelivered: 22, Complaints: 33, OptOuts: 44}) {
		t.Errorf("%+v", got)
	}
}

// Two people alone stop nothing, however few there are.
func TestTwoPeopleStopNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, name) }
		f := campaign.Fates{Delivered: n("delivered", 99), Undelivered: n("undelivered", 2), OptOuts: n("optouts", 2)}
		f.Complaints = min(n("complaints", 2), f.Undelivered)
		l := program.Limits{OptOuts: 1, Undelivered: 1, Complaints: 1, Least: 1 + n("least", 9)}
		if why, exceeds := (campaign.Tally{All: f}).Exceeds(l); exceeds {
			t.Errorf("%+v: %s", f, why)
		}
	})
}
