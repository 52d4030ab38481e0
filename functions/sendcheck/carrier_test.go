package sendcheck_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// Where the account's limit is reached the campaign pauses, says why, raises the alarm and sends nothing more.
func TestTheAccountsLimitPauses(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 40)...)
	w.subscribe(nil, world.Numbers("206", 1, 5)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.wave(pumpkins)
	w.Carrier.Answer = func(n int, _ outbox.SMS) error {
		if n > 27 {
			return &outbox.Rejection{Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", Quota: true}
		}
		return nil
	}
	w.Settle()
	if c := w.campaign(pumpkins); c.State != campaign.Paused || c.Why != "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT" {
		t.Errorf("the campaign is %s because of %q", c.State, c.Why)
	}
	w.expect(pumpkins, campaign.Paused, campaign.Counts{Sent: 27})
	if w.Carrier.Calls != 28 {
		t.Errorf("%d texts were tried, want the 27 that passed and the first that did not", w.Carrier.Calls)
	}
	if n := strings.Count(w.Counted.String(), `"CampaignPaused":1`); n != 1 {
		t.Errorf("CampaignPaused was counted %d times, want once", n)
	}
	if n := len(w.textsOf(pumpkins)); n != 27 {
		t.Errorf("I3: %d texts on record, want 27", n)
	}
	if len(w.Schedules.Made) > 0 || len(w.Queue.Jobs) > 0 {
		t.Errorf("a paused campaign goes on: %v, %v", w.Schedules.Made, w.Queue.Jobs)
	}
	w.goesOn(pumpkins, 45)
}

// goesOn resumes a campaign whose account may send again, and expects that it texts those whom it did not.
func (w *fixture) goesOn(id string, all int) {
	w.T.Helper()
	w.Carrier.Answer = nil
	w.move(id, campaign.Running)
	w.wave(id)
	w.Settle()
	w.expect(id, campaign.Done, campaign.Counts{Sent: all})
	if n := w.once(id); n != all {
		w.T.Errorf("%d texted, want %d", n, all)
	}
}

// Where the very first text of a walk meets the account's limit, nobody of the area passes as done with: once the
// campaign goes on all get it.
func TestTheAccountsLimitAtTheFirstText(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 3)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Carrier.Answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "SPEND_LIMIT", Quota: true} }
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Paused, campaign.Counts{})
	w.goesOn(pumpkins, 3)
}

// A campaign that somebody cancels just as the account's limit is reached stays canceled, and its job is done.
func TestTheAccountsLimitOfACanceledCampaign(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 3)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Carrier.Answer = func(int, outbox.SMS) error {
		w.move(pumpkins, campaign.Canceled)
		return &outbox.Rejection{Reason: "SPEND_LIMIT", Quota: true}
	}
	if !w.Deliver(t.Context(), job(pumpkins, 0)) {
		t.Errorf("the job failed: %s", &w.Logged)
	}
	if c := w.campaign(pumpkins); c.State != campaign.Canceled || w.Carrier.Calls != 1 {
		t.Errorf("%s after %d texts", c.State, w.Carrier.Calls)
	}
}

// What the carrier answers decides under which count a person comes.
func TestCarrierAnswers(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer error
		counts campaign.Counts
		status consent.Status
	}{
		{"taken", nil, campaign.Counts{Sent: 1}, consent.Sent},
		{"unknown", errBroken, campaign.Counts{Sent: 1}, consent.Unconfirmed},
		{"opted out", &outbox.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}, campaign.Counts{Refused: 1}, consent.Rejected},
		{"not valid", &outbox.Rejection{Reason: "INVALID"}, campaign.Counts{Refused: 1}, consent.Rejected},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			hers := world.Numbers("206", 0, 1)[0]
			w.subscribe(nil, hers)
			w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
			w.Carrier.Answer = func(int, outbox.SMS) error { return c.answer }
			w.wave(pumpkins)
			w.Settle()
			w.expect(pumpkins, campaign.Done, c.counts)
			for _, m := range w.Record(hers).Messages {
				if m.Status != c.status {
					t.Errorf("on record as %s, want %s", m.Status, c.status)
				}
			}
			if w.Carrier.Calls != 1 {
				t.Errorf("tried %d times", w.Carrier.Calls)
			}
		})
	}
}

// A text the carrier had no capacity for is tried again at the whole minute that follows a minute's rest.
func TestThrottled(t *testing.T) {
	w := newWorld(t)
	w.subscribe(nil, world.Numbers("206", 0, 3)...)
	w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
	w.Carrier.Answer = func(n int, _ outbox.SMS) error {
		if n == 2 {
			return &outbox.Rejection{Reason: "THROTTLED", Throttled: true}
		}
		return nil
	}
	w.wave(pumpkins)
	w.Settle()
	w.expect(pumpkins, campaign.Running, campaign.Counts{Sent: 2, Deferred: 1})
	if at := w.Schedules.Made[0].Sub(tuesday); at < time.Minute || at > 2*time.Minute || w.Schedules.Made[0].Truncate(time.Minute) != w.Schedules.Made[0] {
		t.Errorf("tried again after %s", at)
	}
	w.RunUntil(tuesday.Add(2 * time.Minute))
	w.expect(pumpkins, campaign.Done, campaign.Counts{Sent: 3})
	w.once(pumpkins)
}
