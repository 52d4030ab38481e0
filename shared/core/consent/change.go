package consent

import (
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/message"
)

// Change is what one decision does to a contact. Its parts are written in one transaction or not at all (I4).
type Change struct {
	Next   Contact  // the contact as it will be; Version is still the one it was read with
	Events []Event  // unsealed, in order; one for each thing that happened
	Joined []string // topics that entered the audience
	Left   []string // topics that left it
	Ask    []Ask    // texts to send: at most one for an inbound message (I9), one a program for a request
	Block  []string // programs whose AWS opt-out list the number must be put on
	Lift   string   // program whose AWS opt-out list the number must be taken off

	Inbound string // AWS's ID of the message that caused it, written with it; empty where none did
	ToRead  string // why a person should read that message, which is listed with it; empty where nobody need

	Repeated bool // all of it was done before: nothing to write, but an earlier run may not have finished

	Superseded bool // of an opt-out from elsewhere: some of what it names goes on, for the person asked for it later

	// Bookkeeping says that Next differs in what no event has to prove (Contact.TakeBookkeeping). Where there are no
	// events that is all there is to write.
	Bookkeeping bool

	effect  Effect   // of the next event on opt-outs
	renewed []string // topics a sign of engagement brought back from Asked or OffList

	stillWanted []string // topics of the question whether they are still wanted, which the YES answers
}

// Empty reports whether there is nothing to write.
func (ch Change) Empty() bool { return len(ch.Events) == 0 && len(ch.Ask) == 0 && !ch.Bookkeeping }

// Ask is a text a change calls for; package message composes it.
type Ask struct {
	Kind       message.Kind
	Answer     message.Answer
	Program    string
	Topics     []string
	Language   string    // BCP 47; empty for the topics' own
	Everything bool      // of the answer to a STOP: it was one to all the brand sends
	Invited    bool      // of a confirmation request: the phone itself asked for it by text
	Needed     bool      // the change stands only where this text may go now; not kept with one that waits
	Change     bool      // it tells the person of a change they made, which they are owed whatever else was answered
	Inbound    string    // of one that waits: the message that caused it; empty where none did
	Request    int64     // of a confirmation request: sequence number of the event it asks about
	From       time.Time // of one that waits: not before
	By         time.Time // later it is no answer any more, and must not reach the phone
	Expected   time.Time // of a confirmation request: until then somebody waits for it, so it may go at any hour
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
	// askedLatelyFor is how long after a phone was asked to confirm the same request may be made anew without a second
	// text.
	askedLatelyFor = 10 * time.Minute

	// answerExpected is how long whoever asked for something by text or on a page waits for the answer. Later it would
	// come as a surprise, at night as an unwelcome one.
	answerExpected = time.Hour

	// stopConfirmed is within what time the answer to a STOP is presumed welcome (47 CFR 64.1200(a)(12)).
	stopConfirmed = 5 * time.Minute
)

// Expire ends the requests that were not confirmed in time. Each is dated when its time was over.
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

// optOut marks the scope, a key of Stopped, and ends its topics; it returns the topics it ended.
func (ch *Change) optOut(scope string, at time.Time) []string {
	// A STOP that arrives late may be older than one a START undid; that START's own redelivery must not undo this one.
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

// unsubscribe ends those of the topics that ends picks, and returns which it ended.
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

// CarrierOptOut records that AWS refused a text because the number is on its opt-out list: the person said STOP
// where only the carrier heard it. detail is AWS's reason.
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

// Suspend ends texts on a topic for a reason the audit found. Only a new request and YES bring the person back.
func (c Contact) Suspend(topic string, at time.Time, why string) Change {
	s := c.Subs[topic]
	if s.State != Subscribed {
		return Change{Next: c}
	}
	ch := Change{Next: c.clone(), Left: []string{topic}}
	// Without its proof a START after a STOP cannot bring the topic back either.
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

// stopScope puts an opt-out in force, as the next event will say.
func (ch *Change) stopScope(scope string, at time.Time) {
	ch.Next.Stopped[scope] = at
	if ch.effect.Stopped == nil {
		ch.effect.Stopped = map[string]time.Time{}
	}
	ch.effect.Stopped[scope] = at
}

// liftScope ends an opt-out if there is one, as the next event will say.
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
