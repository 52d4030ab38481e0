package consent

import (
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/message"
)

// Change is what one decision changes. All of it is written in one transaction or not at all (I4).
type Change struct {
	Next   Contact  // the contact after the change; Version is the one that was read
	Events []Event  // one for each thing that happened, in order, not sealed yet
	Joined []string // topics that entered the audience
	Left   []string // topics that left it
	Ask    []Ask    // texts to send: at most one for an inbound message (I9), one per program for a request
	Block  []string // programs whose AWS opt-out list the number must be put on
	Lift   string   // program whose AWS opt-out list the number must be taken off

	Inbound string // AWS's ID of the inbound message that caused it, stored with it; empty for none
	ToRead  string // why a person should read that message; empty for no reason

	Repeated bool // everything was done before; nothing to write, but the earlier run may not have finished

	Superseded bool // an opt-out from another system does not end everything, because the person asked for some later

	// Bookkeeping says that Next differs in fields that need no event (Contact.TakeBookkeeping). Without events that
	// is all there is to write.
	Bookkeeping bool

	effect  Effect   // what the next event changes in opt-outs
	renewed []string // topics restored from Asked or OffList by a sign of reading

	stillWanted []string // topics of the question whether they are still wanted that the YES answers
}

// Empty reports whether there is nothing to write.
func (ch Change) Empty() bool { return len(ch.Events) == 0 && len(ch.Ask) == 0 && !ch.Bookkeeping }

// Ask is a text that a change asks for. Package message composes it.
type Ask struct {
	Kind       message.Kind
	Answer     message.Answer
	Program    string
	Topics     []string
	Language   string    // BCP 47; empty for the topics' own
	Everything bool      // it answers a STOP to everything the brand sends
	Invited    bool      // it is a confirmation request that the phone itself asked for by text
	Needed     bool      // the change is only made if this text may be sent now; not stored
	Change     bool      // it confirms a change the person made, so it is sent whatever else was answered
	Inbound    string    // for a waiting text, the inbound message that caused it; empty for none
	Request    int64     // for a confirmation request, the number of the event it asks about
	From       time.Time // for a waiting text, not before
	By         time.Time // after this it must not reach the phone
	Expected   time.Time // until then somebody waits for a confirmation request, so it may be sent at any hour
}

// The sources of events: how something came to us.
const (
	SourceForm    = "form"    // the sign-up form, or a site that posts to its API
	SourceAPI     = "api"     // a backend of the brand's own, which vouches for what it says
	SourceImport  = "import"  // a list of requests made on paper or at a till
	SourcePage    = "page"    // the person's preference page
	SourceSMS     = "sms"     // a text from the phone itself
	SourceCarrier = "carrier" // AWS or a carrier
	SourceAudit   = "audit"   // the audit
	SourceLink    = "link"    // a short link the person followed
)

const (
	// askedLatelyFor is how long after a confirmation request the same request causes no second text.
	askedLatelyFor = 10 * time.Minute

	// answerExpected is how long a person waits for an answer to a text or a page. A later one would surprise them,
	// possibly at night.
	answerExpected = time.Hour

	// stopConfirmed is within what time the answer to a STOP is presumed welcome (47 CFR 64.1200(a)(12)).
	stopConfirmed = 5 * time.Minute
)

// Expire ends requests that were not confirmed in time. Each event has the time at which its request expired.
func (c Contact) Expire(now time.Time) Change {
	ch := Change{Next: c.clone()}
	ch.expire(now)
	if len(ch.Events) == 0 {
		return Change{Next: c}
	}
	return ch
}

func (ch *Change) expire(now time.Time) {
	ch.Next.forgetQuestions(now)
	lapsed := map[time.Time][]string{}
	for _, id := range ch.topics() {
		s := ch.Next.Subs[id]
		if s.State == Pending && s.StateAt(now) == Expired {
			lapsed[s.Until] = append(lapsed[s.Until], id)
			s.State, s.Since, s.Until = Expired, s.Until, time.Time{}
			ch.Next.Subs[id] = s
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(lapsed), time.Time.Compare) {
		ch.addEvent(Event{Type: Lapsed, At: at, Source: SourceAudit, Topics: lapsed[at]})
	}
}

// optOut puts an opt-out in force and ends its topics. scope is a key of Stopped. It returns the topics it ended.
func (ch *Change) optOut(scope string, at time.Time) []string {
	// A STOP that arrives late may be older than one that a START undid. A redelivery of that START must not undo it.
	for _, was := range []time.Time{ch.Next.Stopped[scope], ch.Next.Undone[scope], ch.Next.Undone[Everything]} {
		if was.After(at) {
			at = was
		}
	}
	ch.stopScope(scope, at)
	reaches := func(program, topic string) bool {
		return scope == Everything || scope == program || scope == OneTopic(topic)
	}
	ch.Next.dropTopics(reaches)
	return ch.unsubscribe(at, func(id string, s Subscription) bool { return reaches(s.Program, id) })
}

// unsubscribe ends the topics that ends selects, and returns those it ended.
func (ch *Change) unsubscribe(at time.Time, ends func(topic string, s Subscription) bool) []string {
	var ended []string
	for _, id := range ch.topics() {
		s := ch.Next.Subs[id]
		if s.State == Unsubscribed || !ends(id, s) {
			continue
		}
		if s.State == Subscribed {
			ch.Left = append(ch.Left, id)
		}
		s.State, s.Since, s.Until = Unsubscribed, at, time.Time{}
		ch.Next.Subs[id] = s
		ended = append(ended, id)
		ch.answerCampaign(id, at)
	}
	return ended
}

// CarrierOptOut records that AWS refused a text because the number is on its opt-out list: the person said STOP and
// only the carrier got it. detail is AWS's reason.
func (c Contact) CarrierOptOut(programID string, at time.Time, detail string) Change {
	ch := Change{Next: c.clone()}
	left := ch.optOut(programID, at)
	if _, already := c.StoppedAt(programID); already && len(left) == 0 {
		return Change{Next: c}
	}
	ch.addEvent(Event{
		Type:     OptedOut,
		At:       at,
		Source:   SourceCarrier,
		Program:  programID,
		Topics:   left,
		Evidence: map[string]string{"reason": detail},
	})
	return ch
}

// Suspend stops texts on a topic for a reason that the audit found. Only a new request with a YES brings the person
// back.
func (c Contact) Suspend(topic string, at time.Time, why string) Change {
	s := c.Subs[topic]
	if s.State != Subscribed {
		return Change{Next: c}
	}
	ch := Change{Next: c.clone(), Left: []string{topic}}
	// The proof is cleared, so that a START after a STOP does not restore the topic either.
	s.State, s.Since, s.Proof = Suspended, at, 0
	ch.Next.Subs[topic] = s
	ch.addEvent(Event{
		Type:     SetAside,
		At:       at,
		Source:   SourceAudit,
		Program:  s.Program,
		Topics:   []string{topic},
		Evidence: map[string]string{"reason": why},
	})
	return ch
}

func (ch *Change) topics() []string { return slices.Sorted(maps.Keys(ch.Next.Subs)) }

func (ch *Change) nextSeq() int64 { return ch.Next.Head.Seq + int64(len(ch.Events)) + 1 }

// stopScope puts an opt-out in force. The next event records it.
func (ch *Change) stopScope(scope string, at time.Time) {
	ch.Next.Stopped[scope] = at
	if ch.effect.Stopped == nil {
		ch.effect.Stopped = map[string]time.Time{}
	}
	ch.effect.Stopped[scope] = at
}

// liftScope ends an opt-out where there is one. The next event records it.
func (ch *Change) liftScope(scope string) {
	at, ok := ch.Next.Stopped[scope]
	if !ok {
		return
	}
	ch.Next.Undone[scope] = at
	delete(ch.Next.Stopped, scope)
	ch.effect.Lifted = append(ch.effect.Lifted, scope)
}

func (ch *Change) addEvent(e Event) {
	e.Seq = ch.nextSeq()
	e.Stopped, e.Lifted, e.Answers = ch.effect.Stopped, ch.effect.Lifted, ch.effect.Answers
	ch.effect = Effect{}
	ch.Events = append(ch.Events, e)
}
