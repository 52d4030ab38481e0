package consent_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// Practice: adjust your sending based on engagement. Whoever shows no sign gets digests, is asked once, and is removed;
// each move is an event with its figures.
func TestTheWayOut(t *testing.T) {
	s := reader(t)
	s.chance("a", noon.Add(aDay))
	s.reviewed(20, consent.Regular) // had one chance only
	s.chance("b", noon.Add(2*aDay))
	s.reviewed(9, consent.Regular) // had no time
	moved := s.reviewed(10+1, consent.Digest)
	if e := moved.Events[0]; len(moved.Events) != 1 || e.Type != consent.Moved || e.Tier != consent.Digest || e.Source != consent.SourceAudit ||
		e.Evidence["chances"] != "2" || e.Evidence["from"] != "regular" || e.Evidence["policy"] != "no sign after 2 chances and 10 days" {
		t.Errorf("events %+v", moved.Events)
	}
	s.chances(0)
	s.reviewed(40, consent.Digest) // no digest went out
	s.chance("c", noon.Add(12*aDay))
	asked := s.reviewed(41, consent.Asked)
	s.answers(asked, message.AskStillWanted)
	s.answers(s.reviewed(50, consent.Asked))
	removed := s.reviewed(51, consent.OffList)
	s.want("alerts", consent.Removed)
	if e := removed.Events[0]; e.Type != consent.TakenOff || e.Evidence["policy"] != "no answer for 10 days" || !slices.Equal(removed.Left, []string{"alerts"}) {
		t.Errorf("events %+v, left %v", removed.Events, removed.Left)
	}
	if s.contact.Unproven("alerts") != "" {
		t.Error("her consent was forgotten, which she never withdrew")
	}
	s.reviewed(500, consent.OffList)
}

// What brings somebody back, and what does not, from each tier.
func TestTheWayBack(t *testing.T) {
	click := consent.Signal{Kind: consent.SignalClick, Topic: "alerts"}
	event := consent.Signal{Kind: consent.SignalEvent, Source: "shop"}
	for name, c := range map[string]struct {
		days int // the review that comes last
		back func(s *story, at time.Time) consent.Change
		want consent.Tier
		told []message.Answer
	}{
		"a click, after the digest":    {11, func(s *story, at time.Time) consent.Change { return s.sign(click, at) }, consent.Regular, nil},
		"an event, after the digest":   {11, func(s *story, at time.Time) consent.Change { return s.sign(event, at) }, consent.Regular, nil},
		"a question, after the digest": {11, func(s *story, at time.Time) consent.Change { return s.hear("q", saidOther, at) }, consent.Regular, nil},
		"a click, when asked":          {41, func(s *story, at time.Time) consent.Change { return s.sign(click, at) }, consent.Regular, nil},
		"a YES, when asked":            {41, func(s *story, at time.Time) consent.Change { return s.hear("y", saidYes, at) }, consent.Regular, []message.Answer{message.AnswerWelcome}},
		"a click, when removed":        {51, func(s *story, at time.Time) consent.Change { return s.sign(click, at) }, consent.Regular, nil},
		"a YES, when removed":          {51, func(s *story, at time.Time) consent.Change { return s.hear("y", saidYes, at) }, consent.Regular, []message.Answer{message.AnswerWelcome}},
		"an event, when removed":       {51, func(s *story, at time.Time) consent.Change { return s.sign(event, at) }, consent.OffList, nil},
		"a question, when removed":     {51, func(s *story, at time.Time) consent.Change { return s.hear("q", saidOther, at) }, consent.OffList, nil},
		"a delivery, after the digest": {11, func(s *story, at time.Time) consent.Change {
			return s.sign(consent.Signal{Kind: consent.SignalDelivery}, at)
		}, consent.Digest, nil},
		"another topic's click, digest": {11, func(s *story, at time.Time) consent.Change {
			return s.sign(consent.Signal{Kind: consent.SignalClick, Topic: "news"}, at)
		}, consent.Digest, nil},
		"an opt-out elsewhere, when asked": {41, func(s *story, at time.Time) consent.Change {
			return s.hear("n", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}, at)
		}, consent.Asked, []message.Answer{message.AnswerStop}},
	} {
		t.Run(name, func(t *testing.T) {
			s := reader(t)
			s.chance("a", noon.Add(aDay))
			s.chance("b", noon.Add(2*aDay))
			s.reviewed(11, consent.Digest)
			s.chance("c", noon.Add(12*aDay))
			for _, day := range []int{41, 51} {
				if day <= c.days {
					s.now = noon.Add(time.Duration(day) * aDay)
					s.commit(s.contact.Review(patient(), s.now))
				}
			}
			s.now = time.Time{}
			at := noon.Add(time.Duration(c.days)*aDay + time.Hour)
			ch := c.back(s, at)
			if got := s.contact.Subs["alerts"].TierNow(); got != c.want {
				t.Fatalf("%s, want %s", got, c.want)
			}
			s.answers(ch, c.told...)
			if c.want == consent.Regular {
				s.want("alerts", consent.Subscribed)
				if e := ch.Events[0]; e.Type != consent.Moved || e.Tier != consent.Regular || e.Evidence["from"] == "" {
					t.Errorf("events %+v", ch.Events)
				}
				s.chances(0)
			}
			if err := s.ledger.Verify(s.record(), at); err != nil {
				t.Errorf("I4: %v", err)
			}
		})
	}
}

// sign is one at that time.
func (s *story) sign(sign consent.Signal, at time.Time) consent.Change {
	s.t.Helper()
	sign.At = at
	return s.commit(s.contact.Engage(sign))
}

// A move names the topic's program, and the last sign stays known behind it.
func TestAMoveKeepsTheLastSign(t *testing.T) {
	s := reader(t)
	sign := noon.Add(2 * aDay)
	s.sign(consent.Signal{Kind: consent.SignalClick, Topic: "alerts", Source: consent.SourceLink}, sign)
	s.chance("a", noon.Add(3*aDay))
	s.chance("b", noon.Add(4*aDay))
	ch := s.reviewed(13, consent.Digest)
	if len(ch.Ask) > 0 {
		t.Errorf("a move to the digests asks %+v", ch.Ask)
	}
	if got := s.contact.Attention["alerts"]; !got.Sign.Equal(sign) || got.Chances != 0 {
		t.Errorf("%+v", got)
	}
	if ch.Events[0].Program != "alerts" || !ch.Events[0].At.Equal(noon.Add(13*aDay)) {
		t.Errorf("%+v", ch.Events[0])
	}
	back := s.sign(consent.Signal{Kind: consent.SignalClick, Topic: "alerts", Source: consent.SourceLink}, noon.Add(14*aDay))
	if len(back.Events) != 1 || back.Events[0].Source != consent.SourceLink || !back.Events[0].At.Equal(noon.Add(14*aDay)) {
		t.Errorf("back: %+v", back.Events)
	}
}

// A YES of somebody who gets digests only is a sign, which brings back all texts; nobody asked, so nothing is answered.
func TestAYESFromTheDigests(t *testing.T) {
	s := digestReader(t)
	s.answers(s.hear("again", saidYes, noon.Add(12*aDay)))
	if b := s.contact.Subs["alerts"]; b.TierNow() != consent.Regular {
		t.Errorf("%+v", b)
	}
}

// Whoever comes back after they were taken off joins the audience again.
func TestWhoComesBackJoins(t *testing.T) {
	s := digestReader(t)
	s.chance("c", noon.Add(12*aDay))
	s.reviewed(41, consent.Asked)
	if ch := s.reviewed(60, consent.OffList); !slices.Equal(ch.Left, []string{"alerts"}) {
		t.Errorf("left %q", ch.Left)
	}
	ch := s.sign(consent.Signal{Kind: consent.SignalClick, Topic: "alerts", Source: consent.SourceLink}, noon.Add(61*aDay))
	if !slices.Equal(ch.Joined, []string{"alerts"}) {
		t.Errorf("joined %q", ch.Joined)
	}
}

// A NO of before the question whether they still want the texts does not answer it.
func TestANoOfBeforeTheQuestion(t *testing.T) {
	for after, want := range map[time.Duration]consent.State{-time.Minute: consent.Subscribed, 0: consent.Subscribed, time.Minute: consent.Unsubscribed} {
		s := reader(t)
		asked := noon.Add(41 * aDay)
		s.chance("a", noon.Add(aDay))
		s.chance("b", noon.Add(2*aDay))
		s.reviewed(11, consent.Digest)
		s.chance("c", noon.Add(12*aDay))
		s.reviewed(41, consent.Asked)
		s.hear("no", saidNo, asked.Add(after))
		if got := s.state("alerts"); got != want {
			t.Errorf("a NO %s after the question: %s", after, got)
		}
	}
}

// Each move says what it rests on: from which tier, how many chances, since when, for how many days, by which policy.
func TestWhatAMoveRestsOn(t *testing.T) {
	s := digestReader(t)
	s.chance("c", noon.Add(12*aDay))
	s.reviewed(41, consent.Asked)
	s.reviewed(60, consent.OffList)
	since := map[string]string{
		"regular": noon.Add(time.Minute).Format(time.RFC3339), "digest": noon.Add(11 * aDay).Format(time.RFC3339),
		"asked": noon.Add(41 * aDay).Format(time.RFC3339),
	}
	for _, e := range s.events {
		if e.Type != consent.Moved && e.Type != consent.TakenOff {
			continue
		}
		from := e.Evidence["from"]
		if e.Evidence["since"] != since[from] || e.Evidence["policy"] == "" || e.Evidence["chances"] == "" {
			t.Errorf("from %q: %v", from, e.Evidence)
		}
		if days, _ := strconv.Atoi(e.Evidence["days"]); days != map[string]int{"regular": 10, "digest": 30, "asked": 19}[from] {
			t.Errorf("from %q: %d days", from, days)
		}
		delete(since, from)
	}
	if len(since) > 0 {
		t.Errorf("no move from %v", since)
	}
}

// Whoever could not be asked is not removed for being silent: they go back to the digests.
func TestNobodyIsRemovedWithoutBeingAsked(t *testing.T) {
	s := digestReader(t)
	s.chance("c", noon.Add(12*aDay))
	s.reviewed(41, consent.Asked)
	asked := s.contact.Claims[len(s.contact.Claims)-1]
	without := s.contact.WithoutClaim(asked.ID)
	if ch := without.WithWaiting(consent.Ask{Kind: message.Renewal, Topics: []string{"alerts"}}).Review(patient(), noon.Add(60*aDay)); !ch.Empty() {
		t.Errorf("moved while the question waits to go out: %+v", ch.Events)
	}
	s.contact = without
	moved := s.reviewed(60, consent.Digest)
	if moved.Events[0].Evidence["reason"] == "" {
		t.Errorf("nobody says why: %+v", moved.Events)
	}
}

// Silence of those whom texts do not reach, or who asked for a pause, says nothing.
func TestWhoCannotReadIsNotMoved(t *testing.T) {
	for name, change := range map[string]func(*consent.Contact){
		"undeliverable":         func(c *consent.Contact) { c.Health.Undeliverable = true },
		"a text failed lately":  func(c *consent.Contact) { c.Health.Failures = 1 },
		"a landline":            func(c *consent.Contact) { c.Health.NoTexts = noon },
		"a pause":               func(c *consent.Contact) { c.Paused = noon.Add(100 * aDay) },
		"an altered record":     func(c *consent.Contact) { c.Suspect = true },
		"nothing is the matter": nil,
	} {
		s := reader(t)
		s.chance("a", noon.Add(aDay))
		s.chance("b", noon.Add(2*aDay))
		if change != nil {
			change(&s.contact)
		}
		if _, moves := s.contact.NextMove(patient(), noon.Add(50*aDay)); moves != (change == nil) {
			t.Errorf("%s: moves: %t", name, moves)
		}
	}
	s := reader(t)
	s.chance("a", noon.Add(aDay))
	s.chance("b", noon.Add(2*aDay))
	off := *patient()
	off.Engagement = program.Engagement{}
	if ch := s.contact.Review(&off, noon.Add(500*aDay)); !ch.Empty() {
		t.Error("moved although engagement is off")
	}
}

// Over random lives: whoever was given no chance never moves, a sign always brings a subscriber back, no move is made
// twice, each is one event, and a STOP wins in any tier.
func TestMovesOverRandomLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := begin(t)
		s.request(noon, alerts.Topics[0])
		s.hear("yes", saidYes, noon.Add(time.Minute))
		at, given := noon.Add(time.Minute), 0 // chances since the last sign or move
		for i := range rapid.IntRange(1, 30).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(1, 15*24).Draw(t, "hours")) * time.Hour)
			s.now = at
			before := s.contact.Subs["alerts"]
			switch op := rapid.SampledFrom([]string{"chance", "chance", "plain", "review", "review", "review", "sign", "late sign", "stop", "lost"}).Draw(t, "op"); op {
			case "chance", "plain":
				s.text(consent.Claim{
					ID: fmt.Sprintf("%026d", len(s.messages)+1), At: at, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"},
					Campaign: fmt.Sprint(i), Chance: op == "chance",
				})
				if op == "chance" {
					given++
				}
			case "review":
				ch := s.commit(s.contact.Review(patient(), at))
				after := s.contact.Subs["alerts"]
				if again := s.contact.Review(patient(), at); !again.Empty() && after.TierNow() != consent.Digest {
					t.Fatalf("moved twice at once: %+v", again.Events)
				}
				if ch.Empty() {
					continue
				}
				toRemoved := after.State == consent.Removed
				if given == 0 && before.TierNow() != consent.Asked {
					t.Fatalf("moved from %s without a chance", before.TierNow())
				}
				if toRemoved && before.TierNow() != consent.Asked || len(ch.Events) != 1 || len(ch.Ask) > 1 {
					t.Fatalf("from %+v to %+v by %+v", before, after, ch.Events)
				}
				given = 0
			case "sign":
				s.commit(s.contact.Engage(consent.Signal{At: at, Kind: consent.SignalClick}))
				given = 0
				if s.state("alerts") != before.State && before.State != consent.Removed || s.state("alerts") == consent.Subscribed && s.contact.Subs["alerts"].TierNow() != consent.Regular {
					t.Fatalf("a sign left %+v", s.contact.Subs["alerts"])
				}
			case "late sign":
				if ch := s.contact.Engage(consent.Signal{At: noon, Kind: consent.SignalClick}); len(ch.Events) > 0 && before.State == consent.Subscribed {
					t.Fatalf("a sign older than the YES moved somebody: %+v", ch.Events)
				}
			case "stop":
				if rapid.IntRange(0, 3).Draw(t, "really") > 0 {
					continue
				}
				s.hear(fmt.Sprint("stop", i), saidStop, at)
				if s.state("alerts") != consent.Unsubscribed {
					t.Fatalf("I8: a STOP left %+v", s.contact.Subs["alerts"])
				}
			case "lost":
				if n := len(s.contact.Claims); n > 0 && s.contact.Claims[n-1].Kind == message.Renewal {
					s.contact = s.contact.WithoutClaim(s.contact.Claims[n-1].ID)
				}
			}
			if _, stopped := s.contact.StoppedAt("alerts"); stopped && s.state("alerts") != consent.Unsubscribed {
				t.Fatalf("I8: stopped, and the topic is %s", s.state("alerts"))
			}
		}
		if err := s.ledger.Verify(s.record(), at); err != nil {
			t.Fatalf("I4: %v", err)
		}
	})
}

// A YES brings back the topics of the last question and no other, however long ago that was; it confirms nothing that
// was asked before. A YES to a later request to confirm brings nobody back.
func TestAYesBringsBackWhatWasAsked(t *testing.T) {
	asked := func(s *story, topic string, day int) {
		s.text(consent.Claim{
			ID: "asked " + topic, At: noon.Add(time.Duration(day) * aDay), Kind: message.Renewal, Program: "alerts", Topics: []string{topic},
		})
	}
	onRecord := func(s *story, day int, what consent.EventType, topics []string) {
		e := consent.Event{Seq: s.contact.Head.Seq + 1, Type: what, At: noon.Add(time.Duration(day) * aDay), Source: consent.SourceAudit, Topics: topics}
		next := s.contact
		next.Subs = maps.Clone(next.Subs)
		for _, id := range topics {
			sub := next.Subs[id]
			sub.State, sub.Moved = consent.Removed, e.At
			next.Subs[id] = sub
		}
		s.commit(consent.Change{Next: next, Events: []consent.Event{e}})
	}
	for name, c := range map[string]struct {
		between func(s *story)
		back    []string
	}{
		"the last question":           {func(*story) {}, []string{"news"}},
		"after many texts since":      {func(s *story) { s.chance("x", noon.Add(300*aDay)) }, []string{"news"}},
		"a second YES":                {func(s *story) { s.hear("y0", saidYes, noon.Add(300*aDay)) }, []string{"news"}},
		"a request to confirm, later": {func(s *story) { s.request(noon.Add(400*aDay-time.Minute), orders.Topics[0], third) }, []string{"third"}},
		"a request to confirm, before": {func(s *story) {
			s.request(noon.Add(400*aDay-time.Minute), third)
			asked(s, "news", 400)
		}, []string{"news"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := reader(t)
			asked(s, "alerts", 100)
			onRecord(s, 130, consent.TakenOff, []string{"alerts"})
			asked(s, "news", 140)
			onRecord(s, 170, consent.TakenOff, []string{"news"})
			c.between(s)
			in, offering := inbound("y", saidYes, noon.Add(400*aDay+time.Minute)), *alerts
			offering.Topics = append(slices.Clone(offering.Topics), third)
			in.Program = &offering
			s.commit(s.contact.Hear(in))
			var back []string
			for _, id := range []string{"alerts", "news", "third"} {
				if s.contact.Subs[id].State == consent.Subscribed {
					back = append(back, id)
				}
			}
			if !slices.Equal(back, c.back) {
				t.Errorf("back on %v, want %v", back, c.back)
			}
			s.verify(noon.Add(401 * aDay))
		})
	}
}

// third is one more topic of the number of alerts.
var third = program.Topic{ID: "third", Name: "third", Program: "alerts", Class: program.Promotional}
