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

// Request is somebody's wish that a phone be signed up. It proves nothing until the phone itself says YES.
type Request struct {
	At       time.Time
	Source   string // SourceForm, SourceAPI or SourceImport
	Topics   []program.Topic
	Terms    program.SignUp // time to answer with YES, and how often the phone may be asked
	Told     phone.Told
	Locale   string
	Evidence map[string]string // proof of who asked, where and when, and what they were shown
	Late     bool              // the person asked too long ago to be waiting for the text, or at an unknown time
	ToldAt   time.Time         // when the person was told of the texts, for topics that need no YES; zero for never
}

// Request decides what a sign-up changes. Topics that are subscribed, were asked about a moment ago, or were opted
// out of stay as they are and cause no text. So a person who enters somebody else's number can neither harm nor
// bother them. A person who said STOP comes back from their own phone, by START. Topics that need no YES are
// subscribed where the request proves that the person was told.
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

// asksToSpare returns how many more confirmation requests others may cause, after those that already wait to be sent.
func (c *Contact) asksToSpare(now time.Time, perDay int) int {
	left := c.AsksLeft(now, perDay)
	for i := range c.Waiting {
		if ask := &c.Waiting[i]; ask.Kind == message.Confirmation && !ask.Invited {
			left--
		}
	}
	return max(0, left)
}

// affordable returns the topics of as many programs as there are requests left, because each program sends its own.
// Other topics must not wait for a YES that nobody can give.
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

// mergeTold returns the answers of later, and those of earlier where later has none.
func mergeTold(earlier, later phone.Told) phone.Told {
	return phone.Told{
		State: cmp.Or(later.State, earlier.State),
		ZIP:   cmp.Or(later.ZIP, earlier.ZIP),
		Zone:  cmp.Or(later.Zone, earlier.Zone),
	}
}

// needsQuestion reports whether the phone must be asked about the topic: it is neither subscribed nor was asked a
// moment ago. A person who was only told is asked where that is no longer enough.
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

// askedLately reports whether the phone was asked about the topic within askedLatelyFor.
func (c *Contact) askedLately(topic string, now time.Time) bool {
	for i := range c.Claims {
		cl := &c.Claims[i]
		if cl.Kind == message.Confirmation && now.Sub(cl.At) < askedLatelyFor && slices.Contains(cl.Topics, topic) {
			return true
		}
	}
	return false
}

// hasWaitingQuestion reports whether a confirmation request for the topic still waits to be sent. Requests by others
// must not replace it.
func (c *Contact) hasWaitingQuestion(topic string) bool {
	return slices.ContainsFunc(c.Waiting, func(ask Ask) bool { return ask.asksAbout(topic) })
}

// asksAbout reports whether the text is a confirmation request for the topic.
func (a *Ask) asksAbout(topic string) bool {
	return a.Kind == message.Confirmation && slices.Contains(a.Topics, topic)
}

// discardContradicted drops what was told with an open request, such as a place, where another request for its topics
// told something else and causes no text of its own: it is unknown which of the two a YES would confirm. wanted are
// the topics that are asked about again. The ledger records what was dropped.
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
	locale   string // as told; a YES makes it the person's
	language string // of the confirmation request, where the person has told none
	evidence map[string]string
	late     bool
}

// request makes the topics pending and asks for one text per program, because the YES must reach the number that will
// send.
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
				// It may arrive late and be older than the present request.
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
