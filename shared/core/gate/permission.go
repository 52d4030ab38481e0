package gate

import (
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// optedOut refuses everything that a STOP covers: a program, everything, or one topic. Only replies may still be
// sent.
func optedOut(q inquiry) Answer {
	if _, stopped := q.person.Contact.StoppedAt(q.text.Program.ID); stopped {
		return Answer{Verdict: Refuse, Because: "the person opted out"}
	}
	for _, topic := range q.text.Topics {
		if _, stopped := q.person.Contact.TopicStoppedAt(q.text.Program.ID, topic); stopped {
			return Answer{Verdict: Refuse, Because: "the person opted out of the topic"}
		}
	}
	return Answer{}
}

func paused(q inquiry) Answer {
	if until := q.person.Contact.Paused; until.After(q.now) {
		return Answer{Verdict: Defer, Until: until, Because: "the person asked for a pause"}
	}
	return Answer{}
}

// topicConsent looks at each topic by itself. Consent to one says nothing about another, and consent to transactional
// texts says nothing about promotional ones.
func topicConsent(q inquiry) Answer {
	if len(q.text.Topics) == 0 {
		return Answer{Verdict: Refuse, Because: "the text names no topic"}
	}
	for _, topic := range q.text.Topics {
		s, ok := q.person.Contact.Subs[topic]
		if !ok {
			return Answer{Verdict: Refuse, Because: "the person never asked for this topic"}
		}
		want := consent.Subscribed
		if q.text.Kind == message.Confirmation {
			want = consent.Pending
		}
		if state := s.StateAt(q.now); state != want {
			return Answer{Verdict: Refuse, Because: "the topic is " + string(state) + ", not " + string(want)}
		}
		if s.Class != q.text.Program.Class {
			return Answer{Verdict: Refuse, Because: "the consent is for " + string(s.Class) + " texts"}
		}
	}
	return Answer{}
}

// originationIdentity keeps each number to one brand and one kind of message, so that a STOP to it means what the
// person thinks.
func originationIdentity(q inquiry) Answer {
	p := q.text.Program
	if p.Brand != q.person.Contact.Brand {
		return Answer{Verdict: Refuse, Because: "the origination identity belongs to another brand"}
	}
	if (q.text.Kind == message.Promotional && p.Class != program.Promotional) ||
		(q.text.Kind == message.Transactional && p.Class != program.Transactional) {
		return Answer{Verdict: Refuse, Because: "the origination identity is for " + string(p.Class) + " texts"}
	}
	for _, topic := range q.text.Topics {
		// The answer to a STOP that reached every program of the brand names topics of them all.
		if _, ok := p.Topic(topic); !ok && q.text.Kind != message.Reply {
			return Answer{Verdict: Refuse, Because: "the topic belongs to another origination identity"}
		}
	}
	return Answer{}
}

// evidence requires proof of the consent: complete, from the past, and of the kind that the topic asks for.
func evidence(q inquiry) Answer {
	for _, topic := range q.text.Topics {
		if why := q.person.Contact.Unproven(topic); why != "" {
			return Answer{Verdict: Refuse, Because: why}
		}
		s := q.person.Contact.Subs[topic]
		if s.Since.After(q.now) {
			return Answer{Verdict: Refuse, Because: "the consent on record is yet to come"}
		}
		if t, ok := q.text.Program.Topic(topic); !ok || !s.IsEnough(t) {
			return Answer{Verdict: Refuse, Because: "the person was told of these texts and never said YES, which the topic asks for"}
		}
	}
	return Answer{}
}

func deliverable(q inquiry) Answer {
	if q.person.Contact.Health.Undeliverable {
		return Answer{Verdict: Refuse, Because: "texts do not reach this number"}
	}
	return Answer{}
}

func placeServed(q inquiry) Answer {
	if q.person.Hours == nil {
		return Answer{Verdict: Refuse, Because: q.person.Unserved}
	}
	if q.person.Abroad != "" && bitsOf(&q.text)&unasked != 0 {
		return Answer{Verdict: Refuse, Because: q.person.Abroad}
	}
	return Answer{}
}
