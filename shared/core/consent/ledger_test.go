package consent_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
)

func TestLedgerShowsTampering(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.hear("2", saidStop, noon.Add(2*time.Minute))
	other, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("another key of at least thirty-two bytes")))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ledger.Verify(s.record(), noon); err != nil {
		t.Fatalf("untouched chain: %v", err)
	}
	for name, tamper := range map[string]func(*consent.Record){
		"altered":     func(r *consent.Record) { r.Events[1].At = r.Events[1].At.Add(time.Millisecond) },
		"evidence":    func(r *consent.Record) { r.Events[0].Evidence = map[string]string{"ip": "192.0.2.2"} },
		"removed":     func(r *consent.Record) { r.Events = slices.Delete(r.Events, 1, 2) },
		"cut off":     func(r *consent.Record) { r.Events = r.Events[:2] },
		"reordered":   func(r *consent.Record) { r.Events[0], r.Events[1] = r.Events[1], r.Events[0] },
		"other phone": func(r *consent.Record) { r.Contact.Phone = "+12065550143" },
	} {
		t.Run(name, func(t *testing.T) {
			r := s.record()
			tamper(&r)
			if err := s.ledger.Verify(r, noon); err == nil {
				t.Error("the tampered chain verifies")
			}
		})
	}
	if err := other.Verify(s.record(), noon); err == nil {
		t.Error("a chain made with one key verifies with another")
	}
}

// Events that are each as they were sealed, but of two lives of the same contact, make no one life.
func TestEventsOfTwoLivesDoNotVerify(t *testing.T) {
	live := func(at time.Time) *story {
		s := begin(t)
		s.request(at, alerts.Topics[0])
		s.hear("1", saidYes, noon.Add(time.Minute))
		return s
	}
	one, other := live(noon), live(noon.Add(time.Millisecond))
	r := other.record()
	r.Events[0] = one.events[0]
	if err := one.ledger.Verify(r, noon); err == nil || err.Error() != "event 2 does not continue event 1" {
		t.Errorf("%v", err)
	}
}

// The fault of a chain says which event it is.
func TestFaultsOfEvents(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.hear("2", saidStop, noon.Add(2*time.Minute))
	endless := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) // JSON knows no such year
	for fault, tamper := range map[string]func(*consent.Record){
		"event 2 was altered": func(r *consent.Record) { r.Events[1].Source = consent.SourceForm },
		"event 3 follows event 1: an event is missing or out of order": func(r *consent.Record) {
			r.Events = slices.Delete(r.Events, 1, 2)
		},
		"event 3 does not continue event 2":                 func(r *consent.Record) { r.Events[2].Prev = "" },
		"event 3 was sealed with a key that is not at hand": func(r *consent.Record) { r.Events[2].KeyID = "2" },
		"hash event 3: ": func(r *consent.Record) {
			r.Events[2].At, r.Events[2].Hash, r.Contact.Head.Hash = endless, "", ""
		},
	} {
		r := s.record()
		tamper(&r)
		if err := s.ledger.Verify(r, noon); err == nil || !strings.HasPrefix(err.Error(), fault) {
			t.Errorf("%v, want: %s", err, fault)
		}
	}
	if _, err := s.ledger.Seal(s.contact.Hear(inbound("3", saidHelp, endless)), noon); err == nil {
		t.Error("an event is sealed that cannot be hashed")
	}
}

// What cannot have happened does not verify, whoever sealed it.
func TestSealedEventsThatCannotBe(t *testing.T) {
	s := begin(t)
	s.odd = true
	s.commit(consent.Change{Next: s.contact, Events: []consent.Event{{
		Seq: 1, Type: consent.Confirmed, At: noon, Source: consent.SourceSMS, Topics: []string{"alerts"},
	}}})
	fault := `event 1: confirmed is said of topic alerts, which is ""`
	if err := s.ledger.Verify(s.record(), noon); err == nil || err.Error() != fault {
		t.Errorf("%v", err)
	}
}

// In which zone a time is told does not matter.
func TestVerifyComparesInstants(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	r := s.record()
	sub, zone := r.Contact.Subs["alerts"], time.FixedZone("", 3600)
	sub.Since, sub.Until = sub.Since.In(zone), sub.Until.In(zone)
	r.Contact.Subs = map[string]consent.Subscription{"alerts": sub}
	if err := s.ledger.Verify(r, noon); err != nil {
		t.Error(err)
	}
}

// A contact that stands a moment elsewhere than its events say, or was altered once, does not verify.
func TestAlteredContactsDoNotVerify(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	subscription := func(change func(*consent.Subscription)) func(*consent.Contact) {
		return func(c *consent.Contact) {
			sub := c.Subs["alerts"]
			change(&sub)
			c.Subs = map[string]consent.Subscription{"alerts": sub}
		}
	}
	differs := "the contact differs from what the events say: "
	for name, tc := range map[string]struct {
		alter func(*consent.Contact)
		fault string
	}{
		"suspect":       {func(c *consent.Contact) { c.Suspect = true }, "the contact was altered, or it was once and nobody has cleared it since"},
		"since":         {subscription(func(s *consent.Subscription) { s.Since = s.Since.Add(-1) }), differs + "topic alerts"},
		"until":         {subscription(func(s *consent.Subscription) { s.Until = s.Until.Add(1) }), differs + "topic alerts"},
		"state":         {subscription(func(s *consent.Subscription) { s.State = consent.Subscribed }), differs + "topic alerts"},
		"request":       {subscription(func(s *consent.Subscription) { s.Request++ }), differs + "topic alerts"},
		"proof":         {subscription(func(s *consent.Subscription) { s.Proof++ }), differs + "topic alerts"},
		"another topic": {func(c *consent.Contact) { c.Subs["news"] = consent.Subscription{} }, differs + "the topics"},
		"stopped":       {func(c *consent.Contact) { c.Stopped = map[string]time.Time{"orders": noon} }, differs + "what was said stop to"},
		"undone":        {func(c *consent.Contact) { c.Undone = map[string]time.Time{"orders": noon} }, differs + "which stop was undone"},
		"paused":        {func(c *consent.Contact) { c.Paused = noon }, differs + "the pause"},
		"told":          {func(c *consent.Contact) { c.Told.State = "HI" }, differs + "the place told"},
		"locale":        {func(c *consent.Contact) { c.Locale = "es" }, differs + "the language told"},
		"head":          {func(c *consent.Contact) { c.Head.Seq++ }, "the ledger ends at event 1, the contact says 2"},
	} {
		r := s.record()
		r.Contact.Subs = map[string]consent.Subscription{"alerts": s.contact.Subs["alerts"]}
		tc.alter(&r.Contact)
		if err := s.ledger.Verify(r, noon); err == nil || err.Error() != tc.fault {
			t.Errorf("%s: %v, want: %s", name, err, tc.fault)
		}
	}
	r := s.record()
	r.Faults = []string{"message 3 was altered"}
	if err := s.ledger.Verify(r, noon); err == nil || err.Error() != r.Faults[0] {
		t.Errorf("with a fault found while reading: %v", err)
	}
}
