package consent

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/program"
)

// SignalKind is how a person showed that they read.
type SignalKind = program.Sign

// The kinds of signal. A delivery shows that the phone works, not that anybody reads, so it changes no tier.
const (
	SignalReply    = program.SignReply
	SignalClick    = program.SignClick
	SignalEvent    = program.SignEvent
	SignalDelivery = SignalKind("delivery")
)

// Signal is a sign that the person reads.
type Signal struct {
	At     time.Time
	Kind   SignalKind
	Topic  string         // the topic it is about; empty for everything the brand sends
	Source string         // one of the sources of events, or the name of the reporting system
	Brand  *program.Brand // says which signs count for each topic; nil where all do
}

// signWrittenOnce is how long further signs are not stored while no text gave a new chance. Policies count in days.
const signWrittenOnce = 24 * time.Hour

// Engage decides what a sign of reading changes: it counts chances from zero again, and returns the person to the
// regular tier of the topics it is about. A reply or click also restores topics that the person was removed from; a
// report by another system does not, because the person then told us nothing. A sign that is older than the last one,
// or adds nothing, changes nothing. Where only the count changes, there is no event.
func (c Contact) Engage(s Signal) Change {
	ch := Change{Next: c.clone()}
	ch.engage(s, s.Kind == SignalReply || s.Kind == SignalClick)
	if len(ch.Events) == 0 && !ch.Bookkeeping {
		return Change{Next: c}
	}
	return ch
}

// engage stores the sign. removed says whether it restores topics the person was removed from.
func (ch *Change) engage(s Signal, removed bool) {
	if s.Kind == SignalDelivery {
		if s.At.Sub(ch.Next.Health.Delivered) >= signWrittenOnce {
			ch.Next.Health.Delivered, ch.Bookkeeping = s.At, true
		}
		return
	}
	var back, from []string
	for _, id := range ch.topics() {
		sub := ch.Next.Subs[id]
		active := sub.State == Subscribed || removed && sub.State == Removed
		if !active || !s.about(id) || !s.At.After(ch.Next.lastSign(id)) {
			continue
		}
		if was := sub.TierNow(); was != Regular {
			back, from = append(back, id), append(from, id+" "+string(was))
			if was != Digest {
				ch.renewed = append(ch.renewed, id)
			}
			if sub.State == Removed {
				ch.Joined = append(ch.Joined, id)
			}
			sub.bringBack()
			ch.Next.Subs[id] = sub
		} else if ch.Next.Attention[id].Chances == 0 && s.At.Sub(ch.Next.lastSign(id)) < signWrittenOnce {
			continue
		}
		ch.Next.setAttention(id, Attention{Sign: s.At})
		ch.Bookkeeping = true
	}
	if len(back) == 0 {
		return
	}
	ch.addEvent(Event{
		Type: Moved, At: s.At, Source: s.Source, Topics: back, Effect: Effect{Tier: Regular},
		Evidence: map[string]string{"sign": string(s.Kind), "from": strings.Join(from, ", ")},
	})
}

// about reports whether the sign counts for the topic.
func (s *Signal) about(topic string) bool {
	if s.Topic != "" && s.Topic != topic {
		return false
	}
	if s.Brand == nil {
		return true
	}
	_, t, known := s.Brand.Topic(topic)
	return known && t.Engagement.Counts(s.Kind)
}

// TierNow returns the tier of a subscribed topic, and OffList for a removed one.
func (s Subscription) TierNow() Tier {
	if s.State == Removed {
		return OffList
	}
	return cmp.Or(s.Tier, Regular)
}

// lastSign returns when the person last showed that they want the topic: by their YES, or by a sign since.
func (c *Contact) lastSign(topic string) time.Time {
	sign := c.Attention[topic].Sign
	if s := c.Subs[topic]; s.State == Subscribed {
		return later(s.Since, sign)
	}
	return sign
}

// setAttention sets the attention for a topic. The map must belong to this contact alone.
func (c *Contact) setAttention(topic string, a Attention) {
	if c.Attention == nil {
		c.Attention = map[string]Attention{}
	}
	c.Attention[topic] = a
	if a == (Attention{}) {
		delete(c.Attention, topic)
	}
}

// takeOff ends the subscription of a person who did not answer. Their consent stays on record, because they did not
// withdraw it.
func (s *Subscription) takeOff(at time.Time) {
	s.State, s.Tier, s.Moved = Removed, "", at
}

// bringBack sets the regular tier, from any other. A sign makes no consent newer.
func (s *Subscription) bringBack() {
	s.State, s.Tier, s.Moved = Subscribed, "", time.Time{}
}

// countChance adds d to the chances in the topics of a claimed text that gave one, unless counting began again since.
func (c *Contact) countChance(cl *Claim, d int) {
	if !cl.Chance {
		return
	}
	c.Attention = maps.Clone(c.Attention)
	for _, id := range cl.Topics {
		if s, ok := c.Subs[id]; !ok || cl.At.Before(c.lastSign(id)) || cl.At.Before(s.Moved) {
			continue
		}
		a := c.Attention[id]
		a.Chances = max(0, a.Chances+d)
		c.setAttention(id, a)
	}
}

// TakeBookkeeping returns the contact with those fields of from that need no event: claims, the claim of each
// question, waiting texts, the follow-up, attention to topics, the last delivery, and what other channels sent.
func (c Contact) TakeBookkeeping(from *Contact) Contact {
	c.Claims, c.Questions, c.Waiting, c.Touches = from.Claims, from.Questions, from.Waiting, from.Touches
	c.FollowUp, c.Texts, c.Attention = from.FollowUp, from.Texts, from.Attention
	c.Health.Delivered = from.Health.Delivered
	return c
}

// maxTouches limits the touches of a contact.
const maxTouches = 6

// Touch decides what a message on another channel changes. keep is how long such a message matters: those longer
// before the latest are dropped, and so is the oldest of too many. Equal content on the same channel has one entry.
// Nothing is kept about a person who signed up for nothing.
func (c Contact) Touch(t Touch, keep time.Duration) Change {
	same := func(o Touch) bool { return o.Channel == t.Channel && o.Content == t.Content }
	known := func(o Touch) bool { return same(o) && !t.At.After(o.At) }
	if len(c.Subs) == 0 || slices.ContainsFunc(c.Touches, known) {
		return Change{Next: c}
	}
	touches := append(slices.DeleteFunc(slices.Clone(c.Touches), same), t)
	slices.SortStableFunc(touches, func(a, b Touch) int { return a.At.Compare(b.At) })
	last := touches[len(touches)-1].At
	touches = slices.DeleteFunc(touches, func(o Touch) bool { return last.Sub(o.At) >= keep })
	touches = touches[max(0, len(touches)-maxTouches):]
	if slices.Equal(touches, c.Touches) {
		return Change{Next: c}
	}
	c.Touches = touches
	return Change{Next: c, Bookkeeping: true}
}
