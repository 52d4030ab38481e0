package plan_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
)

// on is the record of somebody whose contact is as it was all the time: what the record adds up to is tested with it.
func on(c consent.Contact, texts ...consent.Message) *consent.Record {
	return &consent.Record{Contact: c, Messages: texts}
}

// Why somebody has a campaign's text, waits for it or never gets it, by what is known now and what the record shows.
func TestWhy(t *testing.T) {
	const his phone.Number = "+12065550142"
	full := subscriber(his)
	texted(&full, tuesday.Add(-10*24*time.Hour))
	texted(&full, tuesday.Add(-8*24*time.Hour))
	room := tuesday.Add(21 * 24 * time.Hour)
	gone := subscriber(his)
	gone.Subs = nil
	before, days := tuesday.Add(-time.Hour), 72*time.Hour
	for _, tc := range []struct {
		name    string
		record  *consent.Record
		state   campaign.State
		now     time.Time
		verdict string
		outcome plan.Outcome
		rule    string
		until   time.Time
		counted int

		unapproved string
	}{
		{name: "delivered", record: on(full, consent.Message{Campaign: "new", At: tuesday, Status: consent.Delivered}), now: room, verdict: "allow", outcome: plan.Sent, rule: "on-record"},
		{name: "it did not arrive", record: on(full, consent.Message{Campaign: "new", At: tuesday, Status: consent.Undelivered}), now: room, verdict: "refuse", outcome: plan.Failed, rule: "carrier"},
		{name: "nobody knows whether it went", record: on(full, consent.Message{Campaign: "new", At: tuesday, Status: consent.Unconfirmed}), now: room, verdict: "allow", outcome: plan.Unsure, rule: "on-record"},
		{name: "the carrier refused", record: on(full, consent.Message{Campaign: "new", At: tuesday, Status: consent.Rejected}), now: room, verdict: "refuse", outcome: plan.Refused, rule: "carrier"},
		{name: "a text of another campaign", record: on(full, consent.Message{Campaign: "old", At: tuesday}), state: campaign.Scheduled, now: before, verdict: "defer", outcome: plan.Waiting, rule: "promised-frequency", until: room, counted: 2},
		{name: "before it begins", record: on(subscriber(his)), state: campaign.Scheduled, now: before, verdict: "defer", outcome: plan.Waiting, rule: "campaign-window", until: tuesday},
		{name: "in the line", record: on(subscriber(his)), state: campaign.Running, now: tuesday, verdict: "allow", outcome: plan.Waiting, rule: "line", until: tuesday},
		{name: "paused", record: on(subscriber(his)), state: campaign.Paused, now: tuesday, verdict: "allow", outcome: plan.Waiting, rule: "campaign-paused", until: tuesday},
		{name: "unapproved", record: on(subscriber(his)), state: campaign.Scheduled, now: tuesday, unapproved: "nobody approved it", verdict: "allow", outcome: plan.Waiting, rule: "campaign-unapproved", until: tuesday},
		{name: "canceled before", record: on(subscriber(his)), state: campaign.Canceled, now: before, verdict: "allow", outcome: plan.Canceled, rule: "campaign-canceled"},
		{name: "canceled at their turn", record: on(subscriber(his)), state: campaign.Canceled, now: tuesday, verdict: "allow", outcome: plan.Canceled, rule: "campaign-canceled"},
		{name: "canceled while they waited for the morning", record: on(subscriber("+18085550142")), state: campaign.Canceled, now: tuesday, verdict: "defer", outcome: plan.Canceled, rule: "permitted-hours"},
		{name: "full until after the end", record: on(full), state: campaign.Running, now: tuesday, verdict: "defer", outcome: plan.Waiting, rule: "promised-frequency", until: room, counted: 2},
		{name: "not on the list", record: on(gone), state: campaign.Running, now: tuesday, verdict: "refuse", outcome: plan.Refused, rule: "topic-consent"},
		{name: "of the past, before anything is on record", record: on(subscriber(his)), state: campaign.Done, now: tuesday.Add(days), verdict: "refuse", outcome: plan.Refused, rule: "topic-consent"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			of := campaign.Campaign{ID: "new", At: tuesday, Expires: tuesday.Add(days), Created: before, State: tc.state}
			d := draft(t, 10, tuesday, days)
			d.Unapproved = tc.unapproved
			w, err := d.Why(&of, tc.record, tc.now, tc.now)
			if err != nil {
				t.Fatal(err)
			}
			if w.Verdict != tc.verdict || w.Outcome != tc.outcome || w.Rule != tc.rule || !w.Until.Equal(tc.until) || len(w.Counted) != tc.counted {
				t.Errorf("%+v, want %s %s by %s until %s", w, tc.verdict, tc.outcome, tc.rule, tc.until)
			}
			if w.Outcome == plan.Canceled && w.At.After(tc.now) {
				t.Errorf("decided for %s, and it was canceled by %s", w.At, tc.now)
			}
			if w.Because == "" || w.At.IsZero() {
				t.Errorf("it does not say why, or for when: %+v", w)
			}
			for _, cl := range w.Counted {
				if cl.Kind != message.Promotional || cl.Campaign != "another" {
					t.Errorf("it counted %+v", cl)
				}
			}
		})
	}
}
