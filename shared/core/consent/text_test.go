package consent_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

// texted is somebody who was sent a question, a welcome, two campaigns and the answer to STOP.
func texted(t fataler) *story {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon)
	for _, campaign := range []string{"spring", "summer"} {
		s.text(consent.Claim{ID: campaign, At: noon.Add(time.Minute), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: campaign, Content: "of " + campaign, Notice: "en"})
	}
	s.hear("2", saidStop, noon.Add(time.Hour))
	return s
}

// The chain of texts is computed as it was for those claimed before, whose contacts say where it ended.
func TestTheChainOfTextsNeverChanges(t *testing.T) {
	c := consent.Contact{Key: consent.Key{Brand: "example", Phone: "+12065550142"}}
	for _, cl := range []consent.Claim{
		{
			ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", At: noon, Kind: message.Promotional, Program: "alerts",
			Topics: []string{"alerts", "news"}, Campaign: "spring", Content: "c", Notice: "es.1234",
		},
		{ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VP", At: noon.Add(time.Minute), Kind: message.Transactional, Program: "orders", Ref: "4711"},
	} {
		c = c.WithClaim(cl, 0)
	}
	const want = "ca8f2d932609fa6f0d3e0dd6a8ef96bb203b1b48bf72ae30daf89acbedb18760"
	if c.Texts.Count != 2 || c.Texts.Hash != want {
		t.Errorf("%d texts end in %s, want %s", c.Texts.Count, c.Texts.Hash, want)
	}
}

// A text that was claimed is on record as it was claimed, and nothing else is.
func TestTextsOnRecordAreThoseThatWereClaimed(t *testing.T) {
	s := texted(t)
	now := noon.Add(48 * time.Hour)
	if err := s.ledger.Verify(s.record(), now); err != nil || len(s.messages) != 5 {
		t.Fatalf("%d texts: %v", len(s.messages), err)
	}
	for i := range s.messages {
		for name, tamper := range map[string]func(r *consent.Record){
			"deleted":  func(r *consent.Record) { r.Messages = slices.Delete(r.Messages, i, i+1) },
			"twice":    func(r *consent.Record) { r.Messages = append(r.Messages, r.Messages[i]) },
			"moved":    func(r *consent.Record) { r.Messages[i].Number++ },
			"unlinked": func(r *consent.Record) { r.Messages[i].Number = 0 },
			"id":       func(r *consent.Record) { r.Messages[i].ID += "0" },
			"at":       func(r *consent.Record) { r.Messages[i].At = r.Messages[i].At.Add(time.Millisecond) },
			"kind":     func(r *consent.Record) { r.Messages[i].Kind = message.Transactional },
			"program":  func(r *consent.Record) { r.Messages[i].Program = "orders" },
			"topics":   func(r *consent.Record) { r.Messages[i].Topics = append([]string{"news"}, r.Messages[i].Topics...) },
			"campaign": func(r *consent.Record) { r.Messages[i].Campaign += "0" },
			"content":  func(r *consent.Record) { r.Messages[i].Content += "0" },
			"notice":   func(r *consent.Record) { r.Messages[i].Notice += "0" },
			"count":    func(r *consent.Record) { r.Contact.Texts.Count-- },
			"hash":     func(r *consent.Record) { r.Contact.Texts.Hash = r.Events[0].Texts.Hash },
			"endless":  func(r *consent.Record) { r.Contact.Texts.Count = 1 << 60 },
			"less":     func(r *consent.Record) { r.Contact.Texts.Count = -1 },
			"all gone": func(r *consent.Record) { r.Messages, r.Contact.Claims, r.Contact.Texts = nil, nil, consent.TextHead{} },
		} {
			r := s.record()
			tamper(&r)
			if err := s.ledger.Verify(r, now); err == nil {
				t.Errorf("text %d: %s, and the record verifies", i+1, name)
			}
		}
	}
	r := s.record()
	r.Messages[2], r.Messages[3] = r.Messages[3], r.Messages[2]
	if err := s.ledger.Verify(r, now); err != nil {
		t.Errorf("the order they are read in says nothing: %v", err)
	}
	r.Messages = append(r.Messages, consent.Message{ID: "kept back", Status: consent.Withheld})
	if err := s.ledger.Verify(r, now); err != nil {
		t.Errorf("a text that was kept back has no place among those claimed: %v", err)
	}
}

// A text that is put on the record of somebody who was never sent any shows, and the fault says what is wrong.
func TestFaultsOfTexts(t *testing.T) {
	now := noon.Add(48 * time.Hour)
	s := begin(t)
	s.stuck = true
	s.request(noon, alerts.Topics[0])
	r := s.record()
	r.Messages = []consent.Message{{ID: "made up", Number: 1, At: noon, Kind: message.Promotional, Program: "alerts", Status: consent.Sent}}
	if err := s.ledger.Verify(r, now); err == nil || err.Error() != "text made up was never claimed" {
		t.Errorf("of somebody who was never sent any: %v", err)
	}
	s = texted(t)
	for fault, tamper := range map[string]func(r *consent.Record){
		"text spring has the number of another": func(r *consent.Record) { r.Messages[3] = r.Messages[2] },
		"text sent was never claimed": func(r *consent.Record) {
			r.Messages = append(r.Messages, consent.Message{ID: "sent", Status: consent.Sent})
		},
		"text negative was never claimed": func(r *consent.Record) {
			r.Messages = append(r.Messages, consent.Message{ID: "negative", Number: -1, Status: consent.Withheld})
		},
		"text summer was never claimed":                              func(r *consent.Record) { r.Messages[3].Number = 6 },
		"text 4 of 5 is not on record":                               func(r *consent.Record) { r.Messages = slices.Delete(r.Messages, 3, 4) },
		"11 texts were claimed, and no more than 10 are on record":   func(r *consent.Record) { r.Contact.Texts.Count = 11 },
		"-1 texts were claimed, and no more than 10 are on record":   func(r *consent.Record) { r.Contact.Texts.Count = -1 },
		"the texts on record are not those event 3 knew of":          func(r *consent.Record) { r.Messages[3].Content = "other" },
		"the texts on record are not those that were claimed":        func(r *consent.Record) { r.Contact.Texts.Hash = r.Events[0].Texts.Hash },
		"the contact differs from what the events say: topic alerts": func(r *consent.Record) { r.Contact.Subs = nil },
	} {
		r := s.record()
		tamper(&r)
		if err := s.ledger.Verify(r, now); err == nil || err.Error() != fault {
			t.Errorf("%v, want: %s", err, fault)
		}
	}
}

// What is claimed goes on record a moment later, and must be there after a while.
func TestATextMayBeOnItsWayToTheRecord(t *testing.T) {
	s := texted(t)
	r := s.record()
	r.Messages = r.Messages[:4]
	altered := s.record()
	altered.Messages[4].Content = "other words"
	if err := s.ledger.Verify(altered, noon.Add(time.Hour)); err == nil {
		t.Error("just after its claim a text is altered, and the record verifies")
	}
	for after, fits := range map[time.Duration]bool{0: true, 2*time.Hour - 1: true, 2 * time.Hour: false} {
		if err := s.ledger.Verify(r, noon.Add(time.Hour+after)); (err == nil) != fits {
			t.Errorf("%s after its claim: %v", after, err)
		}
	}
}

// Every event says where the chain of texts stood, the answer to what happened included, so a chain that ends elsewhere
// shows.
func TestEventsSealTheTexts(t *testing.T) {
	s := texted(t)
	for i, want := range []int64{1, 2, 5} {
		if got := s.events[i].Texts.Count; got != want {
			t.Errorf("event %d knows of %d texts, want %d", i+1, got, want)
		}
	}
	if s.events[2].Texts != s.contact.Texts {
		t.Error("the last event and the contact do not agree")
	}
}

// An event that knew of fewer texts than the one before it was not sealed in its place.
func TestEventsKnowOfNoFewerTexts(t *testing.T) {
	s := texted(t)
	ch := s.contact.Hear(inbound("late", saidHelp, noon.Add(2*time.Hour)))
	texts := ch.Next.Texts
	ch.Next.Texts = s.events[1].Texts
	sealed, err := s.ledger.Seal(ch, noon)
	if err != nil {
		t.Fatal(err)
	}
	r := s.record()
	r.Contact, r.Events = sealed.Next, append(r.Events, sealed.Events...)
	r.Contact.Texts = texts
	if err := s.ledger.Verify(r, noon.Add(48*time.Hour)); err == nil {
		t.Error("the record verifies")
	}
}
