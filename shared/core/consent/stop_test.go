package consent_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
)

func TestStopToOneProgramLeavesTheOther(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0], orders.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.hear("2", saidStop, noon.Add(2*time.Minute))
	s.want("alerts", consent.Unsubscribed)
	s.want("orders", consent.Pending)
}

// A STOP reaches every program once 47 CFR 64.1200(a)(10)'s revoke-all part is in force.
func TestStopAll(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0], orders.Topics[0])
	in := inbound("1", saidStop, noon.Add(time.Minute))
	in.StopAll = true
	ch := s.commit(s.contact.Hear(in))
	if !slices.Equal(ch.Block, []string{"alerts", "orders"}) || !ch.Ask[0].Everything {
		t.Errorf("blocks %v, asks %+v", ch.Block, ch.Ask)
	}
	s.want("alerts", consent.Unsubscribed)
	s.want("orders", consent.Unsubscribed)
	if _, stopped := s.contact.StoppedAt("orders"); !stopped {
		t.Error("the other program may still text")
	}
}

// I8 in the two orders of arrival.
func TestYesOlderThanStopChangesNothing(t *testing.T) {
	yes, stop := noon.Add(time.Minute), noon.Add(2*time.Minute)
	t.Run("YES first", func(t *testing.T) {
		s := begin(t)
		s.request(noon, alerts.Topics[0])
		s.hear("y", saidYes, yes)
		s.hear("s", saidStop, stop)
		s.want("alerts", consent.Unsubscribed)
	})
	t.Run("STOP first", func(t *testing.T) {
		s := begin(t)
		s.request(noon, alerts.Topics[0])
		s.hear("s", saidStop, stop)
		s.answers(s.hear("y", saidYes, yes))
		s.want("alerts", consent.Unsubscribed)
	})
	t.Run("STOP, START, then the old YES", func(t *testing.T) {
		s := begin(t)
		s.request(noon, alerts.Topics[0])
		s.hear("s", saidStop, stop)
		s.hear("r", saidStart, stop.Add(time.Minute))
		s.hear("y", saidYes, yes)
		s.want("alerts", consent.Pending)
	})
}

func TestStartDoesNotBringBackWhatTheAuditSuspended(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.commit(s.contact.Suspend("alerts", noon.Add(time.Hour), "a test"))
	s.hear("2", saidStop, noon.Add(2*time.Hour))
	s.answers(s.hear("3", saidStart, noon.Add(3*time.Hour)), message.AskConfirmation)
	s.want("alerts", consent.Pending)
}

func TestCarrierOptOutIsRecordedOnce(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	ch := s.commit(s.contact.CarrierOptOut("alerts", noon.Add(time.Hour), "DESTINATION_PHONE_NUMBER_OPTED_OUT"))
	s.answers(ch)
	s.want("alerts", consent.Unsubscribed)
	if ch := s.contact.CarrierOptOut("alerts", noon.Add(2*time.Hour), "again"); !ch.Empty() {
		t.Errorf("the second report changed %+v", ch)
	}
}

// AWS holds the number on the list of a program because of a STOP to everything. That is not another STOP, which nobody
// said.
func TestARefusalAfterStopAllIsNoOtherStop(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.hear("2", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}, noon.Add(2*time.Minute))
	if ch := s.contact.CarrierOptOut("alerts", noon.Add(time.Hour), "DESTINATION_PHONE_NUMBER_OPTED_OUT"); !ch.Empty() {
		t.Errorf("%+v, want nothing to write", ch.Events)
	}
}
