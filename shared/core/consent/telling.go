package consent

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"smsconsent/shared/core/program"
)

// TellingEvidence returns the evidence fields that prove that a person was told: when, where, and in which words.
func TellingEvidence() []string { return []string{"at", "source", "disclosure"} }

// Tells reports whether the request subscribes to the topic because the person was told, without asking the phone.
func (r *Request) Tells(t *program.Topic) bool {
	return t.Told && t.Class == program.Transactional && !r.ToldAt.IsZero()
}

// OnlyTold reports whether a subscription rests only on the person having been told. A YES is a later event than its
// request; being told is both in one event.
func (s *Subscription) OnlyTold() bool { return s.Proof != 0 && s.Proof == s.Request }

// IsEnough reports whether the subscription's proof suffices for the topic. A YES always does.
func (s *Subscription) IsEnough(t *program.Topic) bool { return t.Told || !s.OnlyTold() }

// Heeds reports whether being told may subscribe the person to the topic. It may not after a STOP, or after a NO to
// any request, until the phone itself has asked for something. A telling that is older than either never does (I8).
func (c *Contact) Heeds(r *Request, t *program.Topic) bool {
	if _, stopped := c.TopicStoppedAt(t.Program, t.ID); stopped || c.Uninvited() || !r.Tells(t) {
		return false
	}
	undone, _ := latest(c.Undone, t.Program, Everything, OneTopic(t.ID))
	for key, at := range c.Undone {
		if strings.HasPrefix(key, ToRequestsAt("")) {
			undone = later(undone, at)
		}
	}
	return earlier(r.ToldAt, r.At).After(undone) // a caller's clock that is ahead does not make it newer
}

// tell subscribes the person to the topics that the request proves they were told of. An open question about one of
// them is closed by it.
func (ch *Change) tell(r *Request) {
	byProgram := map[string][]string{}
	for i := range r.Topics {
		t := &r.Topics[i]
		if ch.Next.Subs[t.ID].State != Subscribed && ch.Next.Heeds(r, t) {
			byProgram[t.Program] = append(byProgram[t.Program], t.ID)
		}
	}
	for _, prog := range slices.Sorted(maps.Keys(byProgram)) {
		topics := byProgram[prog]
		ch.Next.dropTopics(func(_, topic string) bool { return slices.Contains(topics, topic) })
		ch.addEvent(Event{
			Type: Told, At: r.At, Source: r.Source, Program: prog, Topics: topics, Evidence: r.Evidence,
			Effect: Effect{Class: program.Transactional, Locale: r.Locale},
		})
		for _, id := range topics {
			ch.Next.Subs[id] = subscribedByTelling(&ch.Events[len(ch.Events)-1])
		}
		ch.Joined = append(ch.Joined, topics...)
		ch.Next.Locale = cmp.Or(ch.Next.Locale, r.Locale)
	}
}

// beforeTelling returns the states that being told changes; the first is that of an unknown topic.
func beforeTelling() []State { return []State{"", Pending, Unsubscribed, Expired, Suspended, Removed} }

func subscribedByTelling(e *Event) Subscription {
	return Subscription{
		State: Subscribed, Program: e.Program, Class: e.Class, Since: e.At, Request: e.Seq, Proof: e.Seq,
	}
}

// TellingLacks returns what is missing in the proof that the person was told, for a subscription that rests on it
// alone. It is empty where nothing is missing, and where the person confirmed.
func (r *Record) TellingLacks(topic string) string {
	s := r.Contact.Subs[topic]
	if !s.OnlyTold() {
		return ""
	}
	if s.Proof > int64(len(r.Events)) || r.Events[s.Proof-1].Type != Told {
		return "no telling on record"
	}
	if s.Class != program.Transactional {
		return "a telling is enough for transactional texts only"
	}
	var missing []string
	for _, field := range TellingEvidence() {
		if r.Events[s.Proof-1].Evidence[field] == "" {
			missing = append(missing, field)
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "the telling on record lacks " + strings.Join(missing, ", ")
}
