package consent

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// Standing is what a person's events add up to: the part of a contact that decides whether texts are welcome.
type Standing struct {
	Subs    map[string]Subscription
	Stopped map[string]time.Time
	Undone  map[string]time.Time
	Paused  time.Time
	Told    phone.Told
	Locale  string
}

// Standing returns what the contact itself says.
func (c *Contact) Standing() Standing {
	return Standing{Subs: c.Subs, Stopped: c.Stopped, Undone: c.Undone, Paused: c.Paused, Told: c.Told, Locale: c.Locale}
}

// unknown returns the Standing of a person without events.
func unknown() Standing {
	return Standing{Subs: map[string]Subscription{}, Stopped: map[string]time.Time{}, Undone: map[string]time.Time{}}
}

// replay computes the Standing from the events alone, oldest first. It returns an error where an event cannot follow
// the ones before, such as a YES without a request.
func replay(events []Event) (Standing, error) {
	s := unknown()
	for i := range events {
		if err := s.apply(&events[i]); err != nil {
			return Standing{}, fmt.Errorf("event %d: %w", events[i].Seq, err)
		}
	}
	return s, nil
}

func (s *Standing) apply(e *Event) error {
	if err := s.applyOptOuts(e); err != nil {
		return err
	}
	switch e.Type {
	case Requested:
		return s.changeTopics(e, nil, func(sub *Subscription) {
			since := e.At
			if sub.State == Pending {
				since = earlier(sub.Since, since)
			}
			sub.State, sub.Program, sub.Class, sub.Request, sub.Proof = Pending, e.Program, e.Class, e.Seq, 0
			sub.Since, sub.Until = since, later(sub.Until, e.Until)
			sub.Tier, sub.Moved = "", time.Time{}
		})
	case Confirmed:
		s.Told, s.Locale = mergeTold(s.Told, e.Told), cmp.Or(e.Locale, s.Locale)
		return s.changeTopics(e, []State{Pending, Expired}, func(sub *Subscription) {
			sub.State, sub.Since, sub.Until, sub.Proof = Subscribed, e.At, time.Time{}, e.Seq
			sub.Request = e.Request
			sub.Tier, sub.Moved = "", time.Time{}
		})
	case Told:
		if e.Class != program.Transactional {
			return fmt.Errorf("only transactional topics begin with a telling, and this one is of %q", string(e.Class))
		}
		s.Locale = cmp.Or(s.Locale, e.Locale)
		return s.changeTopics(e, beforeTelling(), func(sub *Subscription) { *sub = subscribedByTelling(e) })
	case Restarted:
		return s.changeTopics(
			e,
			[]State{Unsubscribed},
			func(sub *Subscription) {
				sub.State, sub.Since, sub.Proof, sub.Tier, sub.Moved = Subscribed, e.At, e.Seq, "", time.Time{}
			},
		)
	case Lapsed:
		return s.changeTopics(
			e,
			[]State{Pending},
			func(sub *Subscription) { sub.State, sub.Since, sub.Until = Expired, e.At, time.Time{} },
		)
	case SetAside:
		return s.changeTopics(
			e,
			[]State{Subscribed},
			func(sub *Subscription) { sub.State, sub.Since, sub.Proof = Suspended, e.At, 0 },
		)
	case Moved:
		return s.move(e)
	case TakenOff:
		return s.changeTopics(e, []State{Subscribed}, func(sub *Subscription) { sub.takeOff(e.At) })
	case OptedOut, Declined:
		return s.endTopics(e)
	case Voided:
		for topic, sub := range s.Subs {
			sub.Proof = 0
			s.Subs[topic] = sub
		}
		s.Told, s.Locale = phone.Told{}, ""
		return s.endTopics(e)
	case Paused:
		s.Paused = e.Until
	case Resumed:
		s.Paused = time.Time{}
	case KeptOut, Received, Noted:
	default:
		return fmt.Errorf("%q is no type of event", string(e.Type))
	}
	return nil
}

// move sets the event's topics to its tier. Only a sign of reading, which sets the regular tier, restores a removed
// topic.
func (s *Standing) move(e *Event) error {
	from := []State{Subscribed}
	if e.Tier == Regular {
		from = append(from, Removed)
	}
	return s.changeTopics(e, from, func(sub *Subscription) {
		if e.Tier == Regular {
			sub.bringBack()
			return
		}
		sub.Tier, sub.Moved = e.Tier, e.At
	})
}

// applyOptOuts puts the event's opt-outs in force, and ends those it lifted.
func (s *Standing) applyOptOuts(e *Event) error {
	for _, scope := range e.Lifted {
		at, ok := s.Stopped[scope]
		if !ok {
			return fmt.Errorf("it lifts an opt-out from %s that is not in force", scope)
		}
		s.Undone[scope] = at
		delete(s.Stopped, scope)
	}
	maps.Copy(s.Stopped, e.Stopped)
	return nil
}

// endTopics ends the event's topics, each at the time of the opt-out that covers it.
func (s *Standing) endTopics(e *Event) error {
	for _, topic := range e.Topics {
		sub, known := s.Subs[topic]
		at, reached := latest(e.Stopped, sub.Program, Everything, OneTopic(topic), ToRequestsAt(e.Program))
		if !known || !reached {
			return fmt.Errorf("it ends topic %s without an opt-out from it", topic)
		}
		sub.State, sub.Since, sub.Until = Unsubscribed, at, time.Time{}
		s.Subs[topic] = sub
	}
	return nil
}

// changeTopics changes the event's topics, which must be in one of the states, nil for any.
func (s *Standing) changeTopics(e *Event, in []State, change func(*Subscription)) error {
	if len(e.Topics) == 0 {
		return fmt.Errorf("it names no topic")
	}
	for _, topic := range e.Topics {
		sub := s.Subs[topic]
		if in != nil && !slices.Contains(in, sub.State) {
			return fmt.Errorf("%s is said of topic %s, which is %q", e.Type, topic, sub.State)
		}
		change(&sub)
		s.Subs[topic] = sub
	}
	return nil
}

// difference names the first difference, empty where there is none.
func (s *Standing) difference(other Standing) string {
	for _, topic := range slices.Sorted(maps.Keys(s.Subs)) {
		if sub, ok := other.Subs[topic]; !ok || !sub.equal(s.Subs[topic]) {
			return "topic " + topic
		}
	}
	switch {
	case len(s.Subs) != len(other.Subs):
		return "the topics"
	case !maps.EqualFunc(s.Stopped, other.Stopped, time.Time.Equal):
		return "what was said stop to"
	case !maps.EqualFunc(s.Undone, other.Undone, time.Time.Equal):
		return "which stop was undone"
	case !s.Paused.Equal(other.Paused):
		return "the pause"
	case s.Told != other.Told:
		return "the place told"
	case s.Locale != other.Locale:
		return "the language told"
	default:
		return ""
	}
}

func (s Subscription) equal(other Subscription) bool {
	if !s.Since.Equal(other.Since) || !s.Until.Equal(other.Until) || !s.Moved.Equal(other.Moved) {
		return false
	}
	s.Since, s.Until, s.Moved = other.Since, other.Until, other.Moved
	return s == other
}
