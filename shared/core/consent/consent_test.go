package consent_test

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

var (
	noon   = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	alerts = &program.Program{
		ID: "alerts", Brand: "example", BrandName: "Example Corp.", Class: program.Promotional,
		Identity: program.Identity{Number: "+12065550100"},
		Topics: []program.Topic{
			{ID: "alerts", Name: "alerts", Program: "alerts", Class: program.Promotional, Keyword: "JOIN", Frequency: program.Frequency{Count: 2, Period: program.Month}},
			{ID: "news", Name: "news", Program: "alerts", Class: program.Promotional, Keyword: "NEWS", Frequency: program.Frequency{Count: 1, Period: program.Week}},
		},
	}
	orders = &program.Program{
		ID: "orders", Brand: "example", BrandName: "Example Corp.", Class: program.Transactional,
		Identity: program.Identity{Number: "+12065550101"},
		Topics:   []program.Topic{{ID: "orders", Name: "order updates", Program: "orders", Class: program.Transactional}},
	}
	brand = &program.Brand{ID: "example", Name: "Example Corp.", Programs: []program.Program{*alerts, *orders}}
	terms = program.SignUp{ConfirmWithin: 24 * time.Hour, PerPhoneADay: 2}

	saidYes   = keyword.Intent{Kind: keyword.Confirm, Confidence: 1, Why: `keyword "yes"`}
	saidStop  = keyword.Intent{Kind: keyword.OptOut, Why: `keyword "stop"`}
	saidStart = keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Restart: true}
	saidJoin  = keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Topic: "alerts"}
	saidHelp  = keyword.Intent{Kind: keyword.Help}
	saidOther = keyword.Intent{Kind: keyword.Other}
)

// story applies changes to one contact the way the outbox and the table do, and remembers all that is needed to judge
// them.
type story struct {
	t        fataler
	ledger   consent.Ledger
	contact  consent.Contact
	events   []consent.Event
	heard    map[string]bool // inbound messages
	messages []consent.Message
	posed    []posed

	stuck  bool       // no text goes out
	odd    bool       // the test put something into the contact that no event says
	now    time.Time  // our clock; where zero, that of the events
	told   phone.Told // what whoever fills in the form tells
	locale string     // likewise
}

// posed is a question to confirm as the story saw it asked.
type posed struct {
	request   int64
	claim     string // empty where it did not go out
	program   string
	topics    []string
	at, until time.Time
	told      phone.Told
	locale    string
}

type fataler interface {
	Fatalf(format string, args ...any)
	Helper()
}

func begin(t fataler) *story {
	ledger, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("a key of at least thirty-two bytes")))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return &story{t: t, ledger: ledger, heard: map[string]bool{}, contact: consent.Contact{Key: consent.Key{Brand: "example", Phone: "+12065550142"}}}
}

func (s *story) commit(ch consent.Change) consent.Change {
	s.t.Helper()
	if ch.Empty() && !reflect.DeepEqual(ch.Next, s.contact) {
		s.t.Fatalf("what changes nothing leaves another contact: %+v, was %+v", ch.Next, s.contact)
	}
	if ch.Empty() || s.heard[ch.Inbound] {
		return consent.Change{Next: s.contact}
	}
	s.heard[ch.Inbound] = ch.Inbound != ""
	if len(ch.Events) == 0 {
		ch.Next = s.contact.TakeBookkeeping(&ch.Next)
		s.contact = ch.Next
		s.contact.Version++
		return ch
	}
	now := s.now
	if now.IsZero() {
		now = ch.Events[len(ch.Events)-1].At
	}
	for i := range s.posed {
		if p := &s.posed[i]; doubted(ch, p.request) {
			p.told, p.locale = phone.Told{}, ""
		}
	}
	for _, ask := range ch.Ask {
		id := ""
		// A question that is heard of when its time is over does not go out: its topics have expired.
		late := slices.ContainsFunc(ch.Next.Questions, func(q consent.Question) bool { return q.Request == ask.Request && now.After(q.Until) })
		if !s.stuck && !late {
			id = fmt.Sprintf("%026d", len(s.messages)+1)
			ch.Next = s.claim(ch.Next, ask, consent.Claim{ID: id, At: now, Kind: ask.Kind, Program: ask.Program, Topics: ask.Topics})
		}
		if ask.Kind == message.Confirmation {
			e := ch.Events[ask.Request-ch.Events[0].Seq]
			p := posed{request: ask.Request, claim: id, program: ask.Program, topics: ask.Topics, at: now, until: e.At.Add(terms.ConfirmWithin)}
			if e.Source == consent.SourceForm {
				p.told, p.locale = s.told, s.locale
			}
			s.posed = append(s.posed, p)
		}
	}
	sealed, err := s.ledger.Seal(ch, noon)
	if err != nil {
		s.t.Fatalf("seal: %v", err)
	}
	s.events = append(s.events, sealed.Events...)
	s.contact = sealed.Next
	s.contact.Version++
	if !s.odd {
		s.verify(noon.Add(1000 * 24 * time.Hour))
	}
	return sealed
}

// doubted reports whether the change says that what was told with a question counts no more.
func doubted(ch consent.Change, request int64) bool {
	return slices.ContainsFunc(ch.Events, func(e consent.Event) bool {
		return e.Type == consent.Noted && slices.ContainsFunc(ch.Next.Questions, func(q consent.Question) bool {
			return q.Request == request && slices.ContainsFunc(q.Topics, func(topic string) bool { return slices.Contains(e.Topics, topic) })
		})
	})
}

// release is the carrier refusing for certain the question asked last.
func (s *story) release() {
	if len(s.posed) > 0 {
		last := &s.posed[len(s.posed)-1]
		s.contact = s.contact.WithoutClaim(last.claim)
		last.claim = ""
	}
}

func (s *story) request(at time.Time, topics ...program.Topic) consent.Change {
	s.t.Helper()
	return s.commit(s.contact.Request(consent.Request{At: at, Source: consent.SourceForm, Topics: topics, Terms: terms, Told: s.told, Locale: s.locale, Evidence: map[string]string{"ip": "192.0.2.1"}}))
}

// hear has the person say something, which is on record once, whatever it does.
func (s *story) hear(id string, intent keyword.Intent, at time.Time) consent.Change {
	s.t.Helper()
	before := fmt.Sprintf("%+v", s.contact)
	ch := s.contact.Hear(inbound(id, intent, at))
	if after := fmt.Sprintf("%+v", s.contact); after != before {
		s.t.Fatalf("to decide altered the contact it was decided on:\n%s\n%s", before, after)
	}
	ch = s.commit(ch)
	said := 0
	for _, e := range s.events {
		if e.Evidence["inbound"] == id {
			said++
			if e.Source != consent.SourceSMS {
				s.t.Fatalf("message %s is on record as said by %q", id, e.Source)
			}
		}
	}
	if said != 1 {
		s.t.Fatalf("I4: message %s is %d times on record", id, said)
	}
	return ch
}

func inbound(id string, intent keyword.Intent, at time.Time) consent.Inbound {
	return consent.Inbound{ID: id, At: at, Brand: brand, Program: alerts, Terms: terms, Intent: intent, Body: "as said", To: "+12065550100"}
}

// claim gives the contact one more claim, whose text goes on record.
func (s *story) claim(c consent.Contact, ask consent.Ask, cl consent.Claim) consent.Contact {
	c = c.WithText(ask, cl, 31*24*time.Hour)
	s.messages = append(s.messages, c.Claims[len(c.Claims)-1].Message())
	return c
}

// text is a campaign's text.
func (s *story) text(cl consent.Claim) { s.contact = s.claim(s.contact, consent.Ask{}, cl) }

// record is what the table would hold, as long as nobody alters it.
func (s *story) record() consent.Record {
	return consent.Record{Contact: s.contact, Events: slices.Clone(s.events), Messages: slices.Clone(s.messages)}
}

func (s *story) state(topic string) consent.State { return s.contact.Subs[topic].State }

func (s *story) want(topic string, want consent.State) {
	s.t.Helper()
	if got := s.state(topic); got != want {
		s.t.Fatalf("topic %s is %q, want %q", topic, got, want)
	}
}

func (s *story) answers(ch consent.Change, want ...message.Answer) {
	s.t.Helper()
	got := make([]message.Answer, len(ch.Ask))
	for i, a := range ch.Ask {
		got[i] = a.Answer
	}
	if !slices.Equal(got, want) {
		s.t.Fatalf("answers %v, want %v", got, want)
	}
}

func TestDoubleOptIn(t *testing.T) {
	s := begin(t)
	s.answers(s.request(noon, alerts.Topics[0]), message.AskConfirmation)
	s.want("alerts", consent.Pending)
	ch := s.hear("1", saidYes, noon.Add(time.Minute))
	s.answers(ch, message.AnswerWelcome)
	s.want("alerts", consent.Subscribed)
	if !slices.Equal(ch.Joined, []string{"alerts"}) {
		t.Errorf("joined %v, want the confirmed topic", ch.Joined)
	}
	if sub := s.contact.Subs["alerts"]; sub.Request != 1 || sub.Proof != 2 {
		t.Errorf("request event %d, proof event %d; want 1 and 2", sub.Request, sub.Proof)
	}
}

// The welcome names what the YES confirmed.
func TestTheWelcomeNamesTheTopics(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[1])
	ch := s.hear("1", saidYes, noon.Add(time.Minute))
	s.answers(ch, message.AnswerWelcome)
	if ask := ch.Ask[0]; !slices.Equal(ask.Topics, []string{"news"}) || !ask.Change {
		t.Errorf("%+v", ask)
	}
}

func TestYesFromUnknownNumberConfirmsNothing(t *testing.T) {
	s := begin(t)
	s.answers(s.hear("1", saidYes, noon))
	if len(s.contact.Subs) != 0 {
		t.Errorf("topics %v, want none: nobody asked for any", s.contact.Subs)
	}
	if len(s.events) != 1 || s.events[0].Type != consent.Received {
		t.Errorf("events %v, want the message kept as received", s.events)
	}
}

func TestRepeatedYesKeepsFirstEvidence(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	first := s.contact.Subs["alerts"]
	s.answers(s.hear("2", saidYes, noon.Add(time.Hour)))
	if got := s.contact.Subs["alerts"]; got != first {
		t.Errorf("subscription %+v, want the first evidence %+v", got, first)
	}
}

func TestPostingASubscribersNumberHarmsNobody(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	before := s.contact
	if ch := s.request(noon.Add(time.Hour), alerts.Topics[0]); !ch.Empty() {
		t.Errorf("posting again changed %+v", ch)
	}
	if s.contact.Version != before.Version {
		t.Error("posting again wrote the contact")
	}
}

// A request made anew within ten minutes causes no second text, and at most two go out in a day, whoever fills in the
// form.
func TestRequestWhilePending(t *testing.T) {
	s := begin(t)
	s.answers(s.request(noon, alerts.Topics[0]), message.AskConfirmation)
	first := s.contact.Subs["alerts"]
	if ch := s.request(noon.Add(10*time.Minute-time.Millisecond), alerts.Topics[0]); !ch.Empty() {
		t.Errorf("asked again within ten minutes: %+v", ch.Ask)
	}
	s.answers(s.request(noon.Add(10*time.Minute), alerts.Topics[0]), message.AskConfirmation)
	if got := s.contact.Subs["alerts"]; got.Since != first.Since || !got.Until.Equal(noon.Add(24*time.Hour+10*time.Minute)) || got.Request != 2 {
		t.Errorf("the request made anew is %+v", got)
	}
	for _, after := range []time.Duration{time.Hour, 24*time.Hour - time.Millisecond} {
		if ch := s.request(noon.Add(after), alerts.Topics[0], orders.Topics[0]); !ch.Empty() {
			t.Errorf("asked a third time after %s: %+v", after, ch.Ask)
		}
	}
	s.answers(s.request(noon.Add(24*time.Hour), orders.Topics[0]), message.AskConfirmation)
}

// A YES to the first of two requests may arrive after the second was made.
func TestYesToTheFirstOfTwoRequests(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.request(noon.Add(20*time.Minute), alerts.Topics[0])
	s.answers(s.hear("1", saidYes, noon.Add(19*time.Minute)), message.AnswerWelcome)
	s.want("alerts", consent.Subscribed)
}

func TestAMonthHoldsSixConfirmationRequests(t *testing.T) {
	s := begin(t)
	asked := 0
	for day := range 30 {
		if ch := s.request(noon.Add(time.Duration(day)*24*time.Hour), alerts.Topics[0]); len(ch.Ask) > 0 {
			asked++
		}
	}
	if asked != 6 {
		t.Errorf("asked %d times in 30 days", asked)
	}
}

// SNS's clock may be ahead of ours. Whoever asks for what they were just asked about is told to say YES, once.
func TestClocksThatDifferCauseNoSecondConfirmationRequest(t *testing.T) {
	s := begin(t)
	s.hear("1", saidJoin, noon)
	s.contact.Claims[0].At = noon.Add(-time.Second)
	s.answers(s.hear("2", saidJoin, noon.Add(time.Minute)), message.AnswerNearly)
	s.answers(s.hear("3", saidJoin, noon.Add(2*time.Minute)))
}

func TestRequestAgainAfterTheCarrierRefusedTheFirst(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.contact = s.contact.WithoutClaim(s.contact.Claims[0].ID)
	s.answers(s.request(noon.Add(time.Minute), alerts.Topics[0]), message.AskConfirmation)
}

func TestPostCannotUndoAStop(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.answers(s.hear("2", saidStop, noon.Add(2*time.Minute)), message.AnswerStop)
	if ch := s.request(noon.Add(time.Hour), alerts.Topics[0]); !ch.Empty() {
		t.Errorf("a form undid a STOP: %+v", ch)
	}
	s.want("alerts", consent.Unsubscribed)
}

func TestSecondStopGetsNoSecondAnswer(t *testing.T) {
	s := begin(t)
	s.answers(s.hear("1", saidStop, noon), message.AnswerStop)
	ch := s.hear("2", saidStop, noon.Add(time.Minute))
	s.answers(ch)
	if !slices.Equal(ch.Block, []string{"alerts"}) {
		t.Error("the AWS opt-out list is not kept in step")
	}
}

func TestLateYesConfirmsNothing(t *testing.T) {
	for _, tc := range []struct {
		name  string
		after time.Duration
		want  consent.State
	}{
		{"in time", terms.ConfirmWithin, consent.Subscribed},
		{"too late", terms.ConfirmWithin + time.Millisecond, consent.Expired},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := begin(t)
			s.request(noon, alerts.Topics[0])
			ch := s.hear("1", saidYes, noon.Add(tc.after))
			s.want("alerts", tc.want)
			if tc.want == consent.Subscribed {
				return
			}
			// It is told how to ask again, and the ledger says when the request ran out.
			s.answers(ch, message.AnswerExpired)
			if e := ch.Events[0]; e.Type != consent.Lapsed || !e.At.Equal(noon.Add(terms.ConfirmWithin)) {
				t.Errorf("event %s at %s", e.Type, e.At)
			}
		})
	}
}

func TestYesToOneNumberConfirmsNothingOfAnother(t *testing.T) {
	s := begin(t)
	s.answers(s.request(noon, alerts.Topics[0], orders.Topics[0]), message.AskConfirmation, message.AskConfirmation)
	s.hear("1", saidYes, noon.Add(time.Minute))
	s.want("alerts", consent.Subscribed)
	s.want("orders", consent.Pending)
}

func TestHelpIsAnsweredInEveryState(t *testing.T) {
	s := begin(t)
	s.answers(s.hear("1", saidHelp, noon), message.AnswerHelp)
	s.hear("2", saidStop, noon.Add(time.Minute))
	s.answers(s.hear("3", saidHelp, noon.Add(2*time.Minute)), message.AnswerHelp)
	s.want("alerts", "")
}

func TestAPhoneThatTextsWorks(t *testing.T) {
	s := begin(t)
	s.contact.Health = consent.Health{Undeliverable: true, Failures: 3}
	s.hear("1", saidHelp, noon)
	if h := s.contact.Health; h.Undeliverable || h.Failures != 0 {
		t.Errorf("health %+v after an inbound text", h)
	}
}
