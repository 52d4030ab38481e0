package consent_test

import (
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
)

// revocation is an opt-out that another system tells of.
func revocation(id string, at time.Time) consent.Revocation {
	return consent.Revocation{At: at, ID: id, Source: "crm", Brand: brand, Evidence: map[string]string{"id": id}}
}

// I8, I4: an opt-out of before a consent ends what is older than it and nothing else, as a STOP and the JOIN after it
// would have.
func TestARevocationOfBeforeTheConsent(t *testing.T) {
	for name, c := range map[string]struct {
		at         time.Duration // after she confirmed news; alerts she confirmed a day later
		topic      string
		prog       string
		stopped    []string
		left       []string
		superseded bool
	}{
		"of before both":           {at: -time.Hour, prog: "alerts", superseded: true},
		"of before both, and all":  {at: -time.Hour, stopped: []string{"orders"}, superseded: true},
		"of between, everything":   {at: time.Hour, stopped: []string{"#news", "orders"}, left: []string{"news"}, superseded: true},
		"of between, the program":  {at: time.Hour, prog: "alerts", stopped: []string{"#news"}, left: []string{"news"}, superseded: true},
		"of between, the newer":    {at: time.Hour, topic: "alerts", superseded: true},
		"of between, the older":    {at: time.Hour, topic: "news", stopped: []string{"#news"}, left: []string{"news"}},
		"when nobody knows":        {at: aDay - time.Minute, stopped: []string{"*"}, left: []string{"alerts", "news"}},
		"another program's, older": {at: -time.Hour, prog: "orders", stopped: []string{"orders"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t)
			s.request(noon, alerts.Topics[1])
			s.hear("1", saidYes, noon.Add(time.Minute))
			s.request(noon.Add(aDay), alerts.Topics[0])
			s.hear("2", saidYes, noon.Add(aDay+time.Minute))
			r := revocation("17", noon.Add(time.Minute+c.at))
			r.Topic, r.Program = c.topic, c.prog
			ch := s.commit(s.contact.Revoke(r))
			got := slices.Sorted(maps.Keys(s.contact.Stopped))
			if ch.Superseded != c.superseded || !slices.Equal(got, c.stopped) || !slices.Equal(ch.Left, c.left) || len(ch.Events) != 1 {
				t.Errorf("superseded %t, stopped %v, left %v, events %+v", ch.Superseded, got, ch.Left, ch.Events)
			}
			if ended := ch.Events[0].Type == consent.OptedOut; ended != (len(c.stopped) > 0) {
				t.Errorf("event %+v", ch.Events[0])
			}
			if err := s.ledger.Verify(s.record(), noon.Add(2*aDay)); err != nil {
				t.Errorf("I4: %v", err)
			}
		})
	}
}

// I8: whoever was removed and came back by a click stands on the consent of before, so an opt-out said between ends it.
func TestARevocationOfBeforeTheWayBack(t *testing.T) {
	s := reader(t)
	s.chance("a", noon.Add(aDay))
	s.chance("b", noon.Add(aDay))
	s.reviewed(20, consent.Digest)
	s.chance("c", noon.Add(21*aDay))
	s.reviewed(40, consent.Asked)
	s.reviewed(60, consent.OffList)
	s.now = noon.Add(80 * aDay)
	s.commit(s.contact.Engage(consent.Signal{At: s.now, Kind: consent.SignalClick, Topic: "alerts"}))
	s.want("alerts", consent.Subscribed)
	s.commit(s.contact.Revoke(revocation("17", noon.Add(70*aDay))))
	s.want("alerts", consent.Unsubscribed)
	s.verify(s.now)
}

// An opt-out that names no brand of ours concerns no list of ours: those are for the brand's own numbers.
func TestARevocationWithoutABrand(t *testing.T) {
	for _, r := range []consent.Revocation{{Program: "alerts"}, {Topic: "news"}, {}} {
		s := reader(t)
		r.At, r.Source, r.ID = noon.Add(aDay), "crm", "1"
		ch := s.commit(s.contact.Revoke(r))
		s.want("news", consent.Unsubscribed)
		if len(ch.Block) > 0 || len(ch.Events) != 1 {
			t.Errorf("%+v: lists %v, events %+v", r, ch.Block, ch.Events)
		}
	}
}

// An opt-out that ends nothing, for the person asked again later, is told as superseded with or without an ID.
func TestASupersededRevocationThatEndsNothing(t *testing.T) {
	for _, id := range []string{"", "17"} {
		s := reader(t)
		r := revocation(id, noon.Add(-time.Hour))
		r.Topic = "alerts"
		ch := s.contact.Revoke(r)
		s.commit(ch)
		if !ch.Superseded || ch.Repeated || len(ch.Block) > 0 || len(ch.Left) > 0 {
			t.Errorf("ID %q: %+v", id, ch)
		}
		if (len(ch.Events) == 1) != (id != "") || len(ch.Events) == 1 && ch.Events[0].Evidence[consent.EvidenceSuperseded] == "" {
			t.Errorf("ID %q: %+v", id, ch.Events)
		}
		s.want("alerts", consent.Subscribed)
	}
}

// A topic that goes on though its program was stopped ends, and the event says so.
func TestARevocationOfWhatShouldHaveEnded(t *testing.T) {
	c := stopped(holder(consent.Subscribed, consent.Subscribed), "alerts")
	r := revocation("1", noon.Add(aDay))
	r.Program = "alerts"
	ch := c.Revoke(r)
	if len(ch.Events) != 1 || ch.Events[0].Type != consent.OptedOut || !slices.Equal(ch.Events[0].Topics, []string{"alerts", "news"}) {
		t.Errorf("%+v", ch.Events)
	}
}

// A further opt-out leaves its evidence, and a START said before it brings nothing back. It takes no room on the
// contact, and a ledger does not grow for ever by what ends nothing.
func TestFurtherRevocations(t *testing.T) {
	s := reader(t)
	s.commit(s.contact.Revoke(revocation("1", noon.Add(aDay))))
	if ch := s.commit(s.contact.Revoke(revocation("2", noon.Add(3*aDay)))); len(ch.Events) != 1 || ch.Events[0].Evidence["id"] != "2" {
		t.Errorf("events %+v", ch.Events)
	}
	s.hear("start", saidStart, noon.Add(2*aDay))
	s.want("alerts", consent.Unsubscribed)
	if len(s.contact.Questions) > 0 || len(s.contact.Stopped) != 1 {
		t.Errorf("she is %+v", s.contact)
	}
	for i := range 200 {
		s.commit(s.contact.Revoke(revocation("again"+strconv.Itoa(i), noon.Add(2*aDay))))
	}
	if n := len(s.events); n != 100 || len(s.contact.Stopped) != 1 {
		t.Errorf("%d events, stopped %v", n, s.contact.Stopped)
	}
	s.verify(noon.Add(4 * aDay))
}
