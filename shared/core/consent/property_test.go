package consent_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// Whatever is asked, said, repeated, forgotten, kept back or delivered in whatever order: every change of consent has
// its one event (I4), nobody is asked to confirm twice for one request, none by a form after a NO, nothing but replies
// goes out before YES, and a YES confirms what the question it answers named and nothing else (I5), a STOP ends
// everything older (I8), and one inbound message gets at most one answer (I9).
func TestInvariantsUnderRandomInterleavings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := begin(t)
		var stops []stopSent
		ids, declined := 0, false
		clock := noon
		for step := range rapid.IntRange(1, 40).Draw(t, "steps") {
			// Minutes around noon, so that times collide and arrive out of order; days, so that requests expire.
			at := noon.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "minutes"))*time.Minute + time.Duration(rapid.IntRange(0, 20).Draw(t, "days"))*24*time.Hour)
			before := s.contact
			var ch consent.Change
			inbound := false
			op := rapid.SampledFrom([]string{
				"request", "news", "both", "yes", "yes", "stop", "stop topic", "stop all", "wrong number", "start", "help", "join", "none", "again",
				"no", "nearly", "expire", "carrier", "turn off", "turn on", "release",
			}).Draw(t, "op")
			// What phones say arrives in any order; what we do ourselves happens when we do it.
			if slices.Contains([]string{"request", "news", "both", "expire", "carrier", "turn off", "turn on"}, op) && at.Before(clock) {
				at = clock
			}
			if at.After(clock) {
				clock = at
			}
			s.now, s.stuck = clock, rapid.IntRange(0, 3).Draw(t, "stuck") == 0
			s.told, s.locale = phone.Told{State: fmt.Sprint("S", step)}, fmt.Sprint("l", step)
			if step%3 == 0 {
				s.told, s.locale = phone.Told{ZIP: fmt.Sprint("Z", step), Zone: "America/Denver"}, ""
			}
			switch op {
			case "request":
				ch = s.request(at, alerts.Topics[0])
			case "news":
				ch = s.request(at, alerts.Topics[1])
			case "both":
				ch = s.request(at, alerts.Topics[0], alerts.Topics[1], orders.Topics[0])
			case "expire":
				ch = s.commit(s.contact.Expire(at))
			case "carrier":
				ch = s.commit(s.contact.CarrierOptOut("alerts", at, "opted out"))
				if !ch.Empty() {
					stops = append(stops, stopSent{at, []string{"alerts", "news"}})
				}
			case "turn off":
				ch = s.commit(s.contact.Choose(consent.Choice{At: at, Off: alerts.Topics[1:], Terms: terms}))
				if slices.ContainsFunc(ch.Events, func(e consent.Event) bool { return e.Type == consent.OptedOut }) {
					stops = append(stops, stopSent{at, []string{"news"}})
				}
			case "turn on":
				ch = s.commit(s.contact.Choose(consent.Choice{At: at, On: alerts.Topics, Terms: terms}))
			case "release":
				s.release()
			default:
				intent := map[string]keyword.Intent{
					"yes": saidYes, "stop": saidStop, "start": saidStart, "help": saidHelp, "join": saidJoin, "none": saidOther, "again": saidYes,
					"stop topic": {Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}, "stop all": {Kind: keyword.OptOut, Scope: keyword.Everything},
					"wrong number": {Kind: keyword.WrongNumber}, "no": saidNo, "nearly": nearlyYes,
				}[op]
				if op != "again" || ids == 0 {
					ids++
				}
				ch = s.hear(fmt.Sprint(ids), intent, at)
				inbound = true
				if reach := reached(intent); reach != nil && !ch.Empty() {
					stops = append(stops, stopSent{at, reach})
					for _, topic := range reach {
						if st := s.state(topic); st == consent.Subscribed || st == consent.Pending {
							t.Fatalf("I8: topic %s is %s after %s", topic, st, op)
						}
					}
				}
			}
			if declined && slices.Contains([]string{"request", "news", "both"}, op) && len(ch.Ask) > 0 {
				t.Fatalf("I5: a form had a phone asked that had said NO")
			}
			switch asked := slices.ContainsFunc(ch.Ask, func(a consent.Ask) bool { return a.Kind == message.Confirmation }); {
			case op == "no":
				declined = declined || len(ch.Events) > 0 && ch.Events[len(ch.Events)-1].Type == consent.Declined
			case asked:
				declined = false
			}
			checkTold(t, s, before, ch)
			if inbound && len(ch.Ask) > 1 {
				t.Fatalf("I9: %d answers to one message", len(ch.Ask))
			}
			for id, sub := range s.contact.Subs {
				was := before.Subs[id]
				if changes := eventsNaming(ch.Events, id); sub.State != was.State && len(changes) == 0 {
					t.Fatalf("I4: topic %s went from %q to %q without an event", id, was.State, sub.State)
				}
				if sub.State == consent.Subscribed && was.State != consent.Subscribed {
					checkConfirmed(t, s, id, stops)
				}
			}
			for _, ask := range ch.Ask {
				for _, id := range ask.Topics {
					if ask.Kind == message.Confirmation && before.Subs[id].State == consent.Subscribed {
						t.Fatalf("I5: subscriber of %s asked to confirm", id)
					}
				}
			}
			if len(s.contact.Stopped) != len(before.Stopped) && len(ch.Events) == 0 {
				t.Fatalf("I4: an opt-out changed without an event")
			}
		}
		requests, asked := map[string]int{}, map[string]int{}
		for _, e := range s.events {
			if e.Type == consent.Requested {
				for _, id := range e.Topics {
					requests[id]++
				}
			}
		}
		for _, cl := range s.contact.Claims {
			if cl.Kind == message.Confirmation {
				for _, id := range cl.Topics {
					asked[id]++
				}
			}
			if cl.Kind != message.Confirmation && cl.Kind != message.Reply {
				t.Fatalf("I5: a change of consent sent a %s", cl.Kind)
			}
		}
		for id := range asked {
			if asked[id] > requests[id] {
				t.Fatalf("I5: topic %s requested %d times, asked to confirm %d times", id, requests[id], asked[id])
			}
		}
		if err := s.ledger.Verify(s.record(), clock); err != nil {
			t.Fatalf("I4: %v", err)
		}
	})
}

// latest takes each answer of the second where it has one.
func latest(first, second phone.Told) phone.Told {
	return phone.Told{State: cmp.Or(second.State, first.State), ZIP: cmp.Or(second.ZIP, first.ZIP), Zone: cmp.Or(second.Zone, first.Zone)}
}

// checkTold judges what a change confirmed, and what became of what people told, by the questions asked before it.
func checkTold(t *rapid.T, s *story, before consent.Contact, ch consent.Change) {
	told, locale := before.Told, before.Locale
	for _, e := range ch.Events {
		switch e.Type {
		case consent.Voided:
			told, locale = phone.Told{}, ""
		case consent.Confirmed:
			p := answered(t, s, e)
			told, locale = latest(told, p.told), cmp.Or(p.locale, locale)
		}
	}
	if s.contact.Told != told || s.contact.Locale != locale {
		t.Fatalf("I5: what was told became %+v %q, want %+v %q", s.contact.Told, s.contact.Locale, told, locale)
	}
}

// answered is the question a YES confirmed by. It must be the last of its program that had gone out when the YES was
// said.
func answered(t *rapid.T, s *story, yes consent.Event) posed {
	var last posed
	for _, p := range s.posed {
		if p.claim != "" && p.program == yes.Program && !p.at.After(yes.At) && !p.at.Before(last.at) {
			last = p
		}
	}
	switch {
	case last.claim == "":
		t.Fatalf("I5: confirmed %v although no question had gone out", yes.Topics)
	case yes.Evidence["question"] != last.claim || yes.Request != last.request:
		t.Fatalf("I5: the YES at %s names question %s, the last asked was %+v", yes.At, yes.Evidence["question"], last)
	case yes.At.After(last.until):
		t.Fatalf("I5: the YES at %s is too late for %+v", yes.At, last)
	}
	for _, id := range yes.Topics {
		if !slices.Contains(last.topics, id) {
			t.Fatalf("I5: confirmed %s, the question named %v", id, last.topics)
		}
		if got := s.contact.Subs[id].Request; got != last.request {
			t.Fatalf("I5: %s was confirmed by request %d, on record is %d", id, last.request, got)
		}
	}
	return last
}

func eventsNaming(events []consent.Event, topic string) []consent.Event {
	var found []consent.Event
	for _, e := range events {
		if e.Type != consent.Received && slices.Contains(e.Topics, topic) {
			found = append(found, e)
		}
	}
	return found
}

// checkConfirmed judges a new subscription by the ledger alone: its proof is newer than its request by no more than the
// time allowed, and newer than every STOP heard so far.
func checkConfirmed(t *rapid.T, s *story, topic string, stops []stopSent) {
	sub := s.contact.Subs[topic]
	proof := s.events[sub.Proof-1]
	request := s.events[sub.Request-1]
	if !slices.Contains(request.Topics, topic) || request.Type != consent.Requested {
		t.Fatalf("topic %s confirmed, but event %d is no request for it", topic, sub.Request)
	}
	inTime := slices.ContainsFunc(s.events[:sub.Request], func(e consent.Event) bool {
		return e.Type == consent.Requested && slices.Contains(e.Topics, topic) && !proof.At.Before(e.At) && proof.At.Sub(e.At) <= terms.ConfirmWithin
	})
	if proof.Type != consent.Confirmed || !inTime {
		t.Fatalf("topic %s requested %s, %s %s", topic, request.At, proof.Type, proof.At)
	}
	for _, stop := range stops {
		if slices.Contains(stop.topics, topic) && !proof.At.After(stop.at) {
			t.Fatalf("I8: topic %s confirmed at %s although STOP was sent at %s", topic, proof.At, stop.at)
		}
	}
}

// stopSent is an opt-out and the topics it reached.
type stopSent struct {
	at     time.Time
	topics []string
}

// reached is the topics an opt-out to the number of alerts reaches; nil where the text is none.
func reached(said keyword.Intent) []string {
	switch {
	case said.Kind == keyword.WrongNumber, said.Kind == keyword.OptOut && said.Scope == keyword.Everything:
		return []string{"alerts", "news", "orders"}
	case said.Kind == keyword.OptOut && said.Scope == keyword.OneTopic:
		return []string{said.Topic}
	case said.Kind == keyword.OptOut:
		return []string{"alerts", "news"}
	default:
		return nil
	}
}
