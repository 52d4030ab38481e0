package consent

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
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

// Request is somebody asking that a phone be signed up. It proves nothing until the phone itself says YES.
type Request struct {
	At       time.Time
	Source   string // SourceForm, SourceAPI or SourceImport
	Topics   []program.Topic
	Terms    program.SignUp // how long the YES may take, and how often the phone may be asked
	Told     phone.Told
	Locale   string
	Evidence map[string]string // what proves who asked, where and when, and what they were shown
	Late     bool              // the person asked longer ago than anybody waits for a text, or nobody knows when
	ToldAt   time.Time         // when the person was told, for Topics that begin with a telling; zero for never
}

// Request decides what a sign-up does. Topics that are subscribed, asked about a moment ago or opted out of stay
// as they are and cause no text, so that whoever posts somebody else's number can neither harm nor bother them: a
// person who said STOP comes back from their own phone, by START. Topics that begin with a telling are subscribed where
// one is attested.
func (c Contact) Request(r Request) Change {
	ch := Change{Next: c.clone()}
	ch.expire(r.At)
	expired := len(ch.Events)
	ch.tell(&r)
	r.Topics = slices.DeleteFunc(slices.Clone(r.Topics), func(t program.Topic) bool { return r.Tells(&t) })

	var wanted []program.Topic
	for _, t := range r.Topics {
		_, stopped := c.TopicStoppedAt(t.Program, t.ID)
		if !stopped && ch.needsQuestion(t, r.At) && !c.hasWaitingQuestion(t.ID) {
			wanted = append(wanted, t)
		}
	}
	if c.Uninvited() {
		wanted = nil
	}
	wanted = affordable(wanted, c.asksToSpare(r.At, r.Terms.PerPhoneADay))
	ch.discardContradicted(r, wanted)
	if len(wanted) == 0 && len(ch.Events) == expired {
		return Change{Next: c}
	}
	ch.request(requestTerms{
		at:       r.At,
		source:   r.Source,
		terms:    r.Terms,
		told:     r.Told,
		locale:   r.Locale,
		language: r.Locale,
		evidence: r.Evidence,
		late:     r.Late,
	}, wanted)
	return ch
}

// asksToSpare returns how many more questions others may have the phone asked, those that wait to go out counted: what
// could never be asked must not be promised.
func (c *Contact) asksToSpare(now time.Time, perDay int) int {
	left := c.AsksLeft(now, perDay)
	for i := range c.Waiting {
		if ask := &c.Waiting[i]; ask.Kind == message.Confirmation && !ask.Invited {
			left--
		}
	}
	return max(0, left)
}

// affordable returns the topics of the first programs, as many as there are asks left: each program asks with a text of
// its own, and what cannot be asked about must not wait for a YES.
func affordable(topics []program.Topic, asks int) []program.Topic {
	var programs []string
	return slices.DeleteFunc(topics, func(t program.Topic) bool {
		if slices.Contains(programs, t.Program) {
			return false
		}
		if len(programs) == asks {
			return true
		}
		programs = append(programs, t.Program)
		return false
	})
}

// mergeTold takes each answer of the later where it has one.
func mergeTold(earlier, later phone.Told) phone.Told {
	return phone.Told{
		State: cmp.Or(later.State, earlier.State),
		ZIP:   cmp.Or(later.ZIP, earlier.ZIP),
		Zone:  cmp.Or(later.Zone, earlier.Zone),
	}
}

// needsQuestion reports whether a request for the topic changes anything: it is neither subscribed nor was the phone
// asked about it a moment ago. Whoever is subscribed by a telling that is not enough any more is asked.
func (ch *Change) needsQuestion(t program.Topic, now time.Time) bool {
	switch s := ch.Next.Subs[t.ID]; s.State {
	case Subscribed:
		return !s.IsEnough(&t)
	case Pending:
		return !ch.Next.askedLately(t.ID, now)
	default:
		return true
	}
}

// askedLately reports whether the phone was asked to confirm the topic within the last moments.
func (c *Contact) askedLately(topic string, now time.Time) bool {
	for i := range c.Claims {
		cl := &c.Claims[i]
		if cl.Kind == message.Confirmation && now.Sub(cl.At) < askedLatelyFor && slices.Contains(cl.Topics, topic) {
			return true
		}
	}
	return false
}

// hasWaitingQuestion reports whether a question about the topic is yet to go out. What others request meanwhile must
// not take its place.
func (c *Contact) hasWaitingQuestion(topic string) bool {
	return slices.ContainsFunc(c.Waiting, func(ask Ask) bool { return ask.asksAbout(topic) })
}

// asksAbout reports whether the text asks the phone to confirm the topic.
func (a *Ask) asksAbout(topic string) bool {
	return a.Kind == message.Confirmation && slices.Contains(a.Topics, topic)
}

// discardContradicted drops what was told with an open question, such as a place, where another request for its topics
// told something else and causes no question of its own. Nobody can know which of the two the YES will stand behind.
// wanted are the topics that are asked about anew. The ledger notes what was dropped.
func (ch *Change) discardContradicted(r Request, wanted []program.Topic) {
	asksAnew := func(id string) bool {
		return slices.ContainsFunc(wanted, func(t program.Topic) bool { return t.ID == id })
	}
	var doubted []string
	for i := range ch.Next.Questions {
		q := &ch.Next.Questions[i]
		differs := q.Told != r.Told || q.Locale != r.Locale
		if nothing := q.Told == (phone.Told{}) && q.Locale == ""; nothing || !differs {
			continue
		}
		for _, t := range r.Topics {
			if !asksAnew(t.ID) && slices.Contains(q.Topics, t.ID) {
				q.Told, q.Locale = phone.Told{}, ""
				doubted = append(doubted, t.ID)
			}
		}
	}
	if len(doubted) == 0 {
		return
	}
	with := map[string]string{}
	maps.Copy(with, r.Evidence)
	with["told"] = "two requests told different things before the answer to their one question, so neither counts"
	slices.Sort(doubted)
	ch.addEvent(Event{Type: Noted, At: r.At, Source: r.Source, Topics: slices.Compact(doubted), Evidence: with})
}

// requestTerms is what the requests of one change have in common.
type requestTerms struct {
	at       time.Time
	source   string
	terms    program.SignUp
	told     phone.Told
	locale   string // as told; it becomes the person's with their YES
	language string // of the question, where the person has told none
	evidence map[string]string
	late     bool
}

// request makes the topics pending and asks once a program: the YES must reach the number that will send.
func (ch *Change) request(a requestTerms, topics []program.Topic) {
	until := a.at.Add(a.terms.ConfirmWithin)
	for len(topics) > 0 {
		prog := topics[0].Program
		var ids []string
		var rest []program.Topic
		seq := ch.nextSeq()
		for _, t := range topics {
			if t.Program != prog {
				rest = append(rest, t)
				continue
			}
			was := ch.Next.Subs[t.ID]
			next := Subscription{
				State:   Pending,
				Program: prog,
				Class:   t.Class,
				Since:   a.at,
				Until:   until,
				Request: seq,
			}
			if was.State == Subscribed {
				ch.Left = append(ch.Left, t.ID)
			}
			if was.State == Pending {
				// It may be heard late, and older than the request that stands.
				next.Since, next.Until = earlier(was.Since, a.at), later(was.Until, until)
			}
			ch.Next.Subs[t.ID] = next
			ids = append(ids, t.ID)
		}
		ch.addEvent(Event{
			Type: Requested, At: a.at, Source: a.source, Program: prog, Topics: ids, Evidence: a.evidence,
			Effect: Effect{Class: ch.Next.Subs[ids[0]].Class, Until: until},
		})
		ch.Next.addQuestion(Question{Request: seq, Program: prog, Topics: ids, Until: until, Told: a.told, Locale: a.locale})
		ask := Ask{
			Kind:     message.Confirmation,
			Answer:   message.AskConfirmation,
			Program:  prog,
			Topics:   ids,
			Language: cmp.Or(ch.Next.Locale, a.language),
			Invited:  a.source == SourceSMS,
			Request:  seq,
			By:       until,
		}
		if !a.late {
			ask.Expected = a.at.Add(answerExpected)
		}
		ch.Ask = append(ch.Ask, ask)
		topics = rest
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

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
