package consent_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

var stopNews = keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}

// tells has the next forms say that.
func (s *story) tells(told phone.Told, locale string) { s.told, s.locale = told, locale }

// I5: a stranger has the phone asked about one topic, its owner about another. Her YES is to the one she asked for, and
// what the stranger told is not hers.
func TestAYesConfirmsWhatItsQuestionNamed(t *testing.T) {
	s := begin(t)
	s.tells(phone.Told{State: "HI", Zone: "Pacific/Honolulu"}, "fr-CA")
	s.request(noon, alerts.Topics[1])
	s.tells(phone.Told{State: "FL"}, "es-US")
	s.request(noon.Add(time.Hour), alerts.Topics[0])

	ch := s.hear("1", saidYes, noon.Add(time.Hour+time.Minute))
	s.answers(ch, message.AnswerWelcome)
	s.want("alerts", consent.Subscribed)
	s.want("news", consent.Pending)
	if e := ch.Events[0]; e.Request != 2 || e.Evidence["question"] != s.posed[1].claim || s.contact.Subs["alerts"].Request != 2 {
		t.Errorf("confirmed by %v, on record is request %d", e.Evidence, s.contact.Subs["alerts"].Request)
	}
	if s.contact.Told != (phone.Told{State: "FL"}) || s.contact.Locale != "es-US" || ch.Ask[0].Language != "es-US" {
		t.Errorf("told %+v and answered in %q", s.contact.Told, ch.Ask[0].Language)
	}

	// Nor does a second YES, to nothing, take the stranger's word: it asks in the phone's own name.
	ch = s.hear("2", saidYes, noon.Add(time.Hour+2*time.Minute))
	s.answers(ch, message.AskConfirmation)
	if ask, e := ch.Ask[0], ch.Events[0]; !ask.Invited || !slices.Equal(ask.Topics, []string{"news"}) || e.Source != consent.SourceSMS || ask.Request != e.Seq {
		t.Errorf("asks %+v for %+v", ask, e)
	}
	s.want("news", consent.Pending)
	s.answers(s.hear("3", saidYes, noon.Add(time.Hour+3*time.Minute)), message.AnswerWelcome)
	s.want("news", consent.Subscribed)
	if s.contact.Told != (phone.Told{State: "FL"}) || s.contact.Locale != "es-US" {
		t.Errorf("what the stranger told became hers: %+v, %q", s.contact.Told, s.contact.Locale)
	}
}

// What was told with a request that nobody confirmed is forgotten with it, and moves nobody's hours later on.
func TestWhatWasToldEndsWithItsQuestion(t *testing.T) {
	for name, end := range map[string]func(*story){
		"it expired": func(*story) {},
		"a STOP":     func(s *story) { s.hear("stop", stopNews, noon.Add(time.Hour)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t)
			s.tells(phone.Told{State: "FL", ZIP: "32501", Zone: "America/Chicago"}, "fr-CA")
			s.request(noon, alerts.Topics[1])
			end(s)
			at := noon.Add(60 * 24 * time.Hour)
			s.tells(phone.Told{}, "")
			s.request(at, alerts.Topics[0])
			s.hear("1", saidYes, at.Add(time.Minute))
			s.want("alerts", consent.Subscribed)
			if s.contact.Told != (phone.Told{}) || s.contact.Locale != "" || len(s.contact.Questions) != 0 {
				t.Errorf("told %+v, %q; questions %+v", s.contact.Told, s.contact.Locale, s.contact.Questions)
			}
		})
	}
}

// Until the YES what a form says counts for nothing but the words of its question, and a subscriber's own language
// comes before that.
func TestAFormChoosesNoLanguageButItsQuestions(t *testing.T) {
	s := begin(t)
	s.tells(phone.Told{State: "FL"}, "es-US")
	ch := s.request(noon, alerts.Topics[0])
	if ch.Ask[0].Language != "es-US" || s.contact.Locale != "" || s.contact.Told != (phone.Told{}) {
		t.Errorf("asks in %q; before the YES %q and %+v are hers", ch.Ask[0].Language, s.contact.Locale, s.contact.Told)
	}
	s.contact.Locale, s.odd = "fr-CA", true
	if ch := s.request(noon.Add(25*time.Hour), alerts.Topics[1]); ch.Ask[0].Language != "fr-CA" {
		t.Errorf("asks a reader of French in %q", ch.Ask[0].Language)
	}
}

// Answers are in the language of the word used. What a form told before any YES is nobody's word: it is the language of
// its question, and of the answer that speaks of that question.
func TestAPendingRequestGivesNoLanguageButItsQuestions(t *testing.T) {
	s := begin(t)
	s.tells(phone.Told{}, "es-US")
	s.request(noon, alerts.Topics[0])
	for name, want := range map[string]struct {
		said     keyword.Intent
		at       time.Duration
		language string
	}{
		"HELP":                      {saidHelp, time.Minute, ""},
		"PREFS":                     {keyword.Intent{Kind: keyword.Preferences}, time.Minute, ""},
		"HELP before it went out":   {saidHelp, -time.Minute, ""},
		"AIDE":                      {keyword.Intent{Kind: keyword.Help, Language: "fr"}, time.Minute, "fr"},
		"STOP":                      {saidStop, time.Minute, ""},
		"YES when it is too late":   {saidYes, 25 * time.Hour, "es-US"},
		"NO MÁS":                    {keyword.Intent{Kind: keyword.OptOut, Language: "es"}, time.Minute, "es"},
		"JOIN, to be asked by text": {keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Topic: "news"}, time.Minute, ""},
		"JOIN to the same":          {saidJoin, 12 * time.Minute, ""},
	} {
		if ch := s.contact.Hear(inbound("1", want.said, noon.Add(want.at))); len(ch.Ask) != 1 || ch.Ask[0].Language != want.language {
			t.Errorf("%s: %+v, want an answer in %q", name, ch.Ask, want.language)
		}
	}
	in := inbound("1", saidHelp, noon.Add(time.Minute))
	in.Program = orders
	if ch := s.contact.Hear(in); ch.Ask[0].Language != "" {
		t.Errorf("HELP to another number is answered in %q", ch.Ask[0].Language)
	}
}

// I5: no consent without a question that went, or may have gone, out. The phone asks anew by its YES.
func TestYesToAQuestionThatNeverWentOut(t *testing.T) {
	for name, lose := range map[string]func(*story){
		"kept back":              func(s *story) { s.stuck = true; s.request(noon, alerts.Topics[0]); s.stuck = false },
		"refused by the carrier": func(s *story) { s.request(noon, alerts.Topics[0]); s.release() },
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t)
			s.tells(phone.Told{State: "HI"}, "")
			lose(s)
			ch := s.hear("1", saidYes, noon.Add(time.Minute))
			s.answers(ch, message.AskConfirmation)
			s.want("alerts", consent.Pending)
			if len(ch.Joined) != 0 || !ch.Ask[0].Invited || ch.Ask[0].Request != 2 || ch.Events[0].Type != consent.Requested || ch.Events[0].Evidence["inbound"] != "1" {
				t.Errorf("%+v", ch)
			}
			s.answers(s.hear("2", saidYes, noon.Add(2*time.Minute)), message.AnswerWelcome)
			s.want("alerts", consent.Subscribed)
			if s.contact.Subs["alerts"].Request != 2 || s.contact.Told != (phone.Told{}) {
				t.Errorf("confirmed by request %d, told %+v", s.contact.Subs["alerts"].Request, s.contact.Told)
			}
		})
	}
}

// I8: what a STOP reaches is no question any more, and the rest of it still is.
func TestAStopEndsQuestions(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0], alerts.Topics[1], orders.Topics[0])
	s.hear("1", stopNews, noon.Add(time.Minute))
	if q := s.contact.Questions; len(q) != 2 || !slices.Equal(q[0].Topics, []string{"alerts"}) || q[1].Program != "orders" {
		t.Errorf("after a STOP to a topic: %+v", q)
	}
	s.hear("2", saidStop, noon.Add(2*time.Minute))
	if q := s.contact.Questions; len(q) != 1 || q[0].Program != "orders" {
		t.Errorf("after a STOP to a program: %+v", q)
	}
	s.hear("3", keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}, noon.Add(3*time.Minute))
	if len(s.contact.Questions) != 0 {
		t.Errorf("after a STOP to everything: %+v", s.contact.Questions)
	}
}

// A YES said in time counts however late it is heard, up to three days, also where the audit has ended the request
// meanwhile. A STOP in between wins.
func TestYesSaidInTimeAndHeardLate(t *testing.T) {
	end := noon.Add(terms.ConfirmWithin)
	for _, tc := range []struct {
		name  string
		until time.Time // when the audit comes by
		also  *keyword.Intent
		said  time.Time
		want  consent.State
	}{
		{"ten minutes late", end.Add(10 * time.Minute), nil, end, consent.Subscribed},
		{"three days late", end.Add(3 * 24 * time.Hour), nil, end, consent.Subscribed},
		{"later", end.Add(3*24*time.Hour + time.Millisecond), nil, end, consent.Expired},
		{"said too late", end.Add(10 * time.Minute), nil, end.Add(time.Millisecond), consent.Expired},
		{"after a STOP", end.Add(10 * time.Minute), &saidStop, end, consent.Unsubscribed},
		{"after a STOP to the topic", end.Add(10 * time.Minute), &keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "alerts"}, end, consent.Unsubscribed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := begin(t)
			s.request(noon, alerts.Topics[0])
			s.commit(s.contact.Expire(end.Add(time.Minute)))
			s.want("alerts", consent.Expired)
			if tc.also != nil {
				s.hear("s", *tc.also, tc.until)
			}
			s.request(tc.until, orders.Topics[0])
			s.hear("y", saidYes, tc.said)
			s.want("alerts", tc.want)
		})
	}
}

// A question whose topics are not waiting, as no change leaves it, confirms nothing.
func TestAQuestionBringsNothingBack(t *testing.T) {
	for _, state := range []consent.State{consent.Unsubscribed, consent.Suspended, consent.Removed, consent.Subscribed} {
		c := begin(t).contact
		c.Subs = map[string]consent.Subscription{"alerts": {State: state, Program: "alerts", Request: 1}}
		c.Questions = []consent.Question{{Request: 1, Claim: "c", Program: "alerts", Topics: []string{"alerts"}, At: noon, Until: noon.Add(time.Hour), Told: phone.Told{State: "HI"}}}
		ch := c.Hear(inbound("1", saidYes, noon.Add(time.Minute)))
		if ch.Next.Subs["alerts"].State != state || len(ch.Joined) != 0 || len(ch.Ask) != 0 || ch.Next.Told != (phone.Told{}) || ch.Events[0].Type != consent.Received {
			t.Errorf("%s: %+v", state, ch)
		}
	}
}

// No number of requests makes a contact grow: the last questions stay.
func TestQuestionsAreBounded(t *testing.T) {
	wide := *alerts
	wide.Topics = nil
	for i := range 8 {
		wide.Topics = append(wide.Topics, program.Topic{ID: fmt.Sprint("t", i), Program: "alerts", Class: program.Promotional})
	}
	s := begin(t)
	for i := range 8 {
		in := inbound(fmt.Sprint(i), keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Topic: wide.Topics[i].ID}, noon.Add(time.Duration(i)*time.Minute))
		in.Program = &wide
		s.answers(s.commit(s.contact.Hear(in)), message.AskConfirmation)
	}
	if q := s.contact.Questions; len(q) != 6 || q[0].Topics[0] != "t2" || q[5].Topics[0] != "t7" {
		t.Errorf("%d questions: %+v", len(q), q)
	}
}

// What counts is when a question went out, not when it was requested: one that had to wait is the last asked once it
// has gone.
func TestAQuestionThatHadToWaitIsTheLastAsked(t *testing.T) {
	begun := func() (*story, consent.Ask) {
		s := begin(t)
		s.stuck = true
		ask := s.request(noon, alerts.Topics[0]).Ask[0]
		s.contact = s.contact.WithWaiting(ask)
		s.stuck = false
		s.request(noon.Add(10*time.Minute), alerts.Topics[1])
		return s, ask
	}
	goOut := func(s *story, ask consent.Ask, after time.Duration) {
		_, s.contact = s.contact.TakeReady(noon.Add(after))
		s.contact = s.claim(s.contact, ask, consent.Claim{ID: "late", At: noon.Add(after), Kind: ask.Kind, Program: ask.Program, Topics: ask.Topics})
	}
	s, ask := begun()
	goOut(s, ask, 20*time.Minute)
	s.hear("1", saidYes, noon.Add(30*time.Minute))
	s.want("alerts", consent.Subscribed)
	s.want("news", consent.Pending)

	// And so it is after the other was answered.
	s, ask = begun()
	s.hear("1", saidYes, noon.Add(15*time.Minute))
	s.want("news", consent.Subscribed)
	goOut(s, ask, 20*time.Minute)
	s.hear("2", saidYes, noon.Add(30*time.Minute))
	s.want("alerts", consent.Subscribed)
}

// A question that has yet to go out must not be replaced by what others request, nor what was told with it. The phone
// itself may ask anew, and then only the new question goes out.
func TestAQuestionThatWaitsIsNotReplacedByOthers(t *testing.T) {
	s := begin(t)
	s.stuck = true
	s.tells(phone.Told{State: "FL"}, "")
	ch := s.request(noon, alerts.Topics[0], orders.Topics[0])
	for _, ask := range ch.Ask {
		s.contact = s.contact.WithWaiting(ask)
	}
	s.tells(phone.Told{State: "HI"}, "")
	if ch := s.request(noon.Add(time.Minute), alerts.Topics[0]); len(ch.Ask) != 0 {
		t.Errorf("a form asks again: %+v", ch.Ask)
	}
	if ch := s.contact.Choose(consent.Choice{At: noon.Add(time.Minute), On: alerts.Topics[:1], Terms: terms}); !ch.Empty() {
		t.Errorf("the page asks again: %+v", ch.Ask)
	}
	s.stuck = false
	s.answers(s.hear("1", saidJoin, noon.Add(2*time.Minute)), message.AskConfirmation)
	if w := s.contact.Waiting; len(w) != 1 || w[0].Program != "orders" {
		t.Errorf("waiting: %+v, want the question about orders alone", w)
	}
	s.hear("2", saidYes, noon.Add(3*time.Minute))
	s.want("alerts", consent.Subscribed)
	if s.contact.Told != (phone.Told{}) {
		t.Errorf("told %+v with a question that never went out", s.contact.Told)
	}
}

// While the question that the phone itself asked for waits to go out, its YES adds nothing.
func TestAYesWhileItsOwnQuestionWaits(t *testing.T) {
	s := begin(t)
	s.stuck = true
	s.contact = s.contact.WithWaiting(s.hear("1", saidJoin, noon).Ask[0])
	ch := s.hear("2", saidYes, noon.Add(time.Minute))
	s.answers(ch)
	if len(ch.Events) != 1 || ch.Events[0].Type != consent.Received || len(s.contact.Waiting) != 1 {
		t.Errorf("events %+v, waiting %+v", ch.Events, s.contact.Waiting)
	}
	s.want("alerts", consent.Pending)
}

// A YES while a question waits that the phone itself asked for is not told of another that expired.
func TestAYesWhileOneQuestionWaitsAndAnotherExpired(t *testing.T) {
	c := holder(consent.Pending, consent.Expired)
	c.Waiting = []consent.Ask{{Kind: message.Confirmation, Invited: true, Program: "alerts", Topics: []string{"alerts"}}}
	if ch := c.Hear(inbound("1", saidYes, noon)); len(ch.Ask) > 0 || ch.Events[0].Type != consent.Received {
		t.Errorf("asks %+v, on record %+v", ch.Ask, ch.Events)
	}
}

// Where what waits is no question of the phone's own, but a form's or an answer, its YES asks in its own name.
func TestAYesWhileSomethingElseWaits(t *testing.T) {
	for name, waits := range map[string]consent.Ask{
		"a form's question": {Kind: message.Confirmation, Program: "alerts", Topics: []string{"alerts"}, Request: 1},
		"an answer":         {Kind: message.Reply, Program: "alerts", Topics: []string{"alerts"}, Invited: true},
		"another question": {
			Kind: message.Confirmation, Program: "alerts", Topics: []string{"news"}, Request: 1, Invited: true,
		},
	} {
		s := begin(t)
		s.stuck = true
		s.request(noon, alerts.Topics[0])
		s.contact = s.contact.WithWaiting(waits)
		ch := s.hear("1", saidYes, noon.Add(time.Minute))
		if len(ch.Ask) != 1 || !ch.Ask[0].Invited || ch.Ask[0].Answer != message.AskConfirmation {
			t.Errorf("while %s waits: %+v", name, ch.Ask)
		}
	}
}

// What a STOP ends is not asked later either, and a question that waits asks only what is left of it.
func TestAStopEndsWhatWaitsToBeAsked(t *testing.T) {
	s := begin(t)
	s.stuck = true
	ch := s.request(noon, alerts.Topics...)
	s.contact = s.contact.WithWaiting(ch.Ask[0])
	s.contact = s.contact.WithWaiting(consent.Ask{Kind: message.Reply, Answer: message.AnswerHelp, Program: "alerts"})
	s.hear("1", stopNews, noon.Add(time.Minute))
	if w := s.contact.Waiting; len(w) != 2 || !slices.Equal(w[0].Topics, []string{"alerts"}) {
		t.Errorf("waiting after STOP NEWS: %+v", w)
	}
	s.hear("2", saidStop, noon.Add(2*time.Minute))
	if w := s.contact.Waiting; len(w) != 1 || w[0].Kind != message.Reply {
		t.Errorf("waiting after STOP: %+v, want the answer alone", w)
	}
}

// A JOIN that is heard late does not cut short the request that stands.
func TestAnOldJoinShortensNothing(t *testing.T) {
	s := begin(t)
	s.stuck = true
	s.request(noon, alerts.Topics[0])
	s.hear("1", saidJoin, noon.Add(-time.Hour))
	if sub := s.contact.Subs["alerts"]; !sub.Until.Equal(noon.Add(24*time.Hour)) || !sub.Since.Equal(noon.Add(-time.Hour)) || sub.Request != 2 {
		t.Errorf("%+v", sub)
	}
}

// A text that goes out changes a copy: a decision that loses against another leaves nothing behind.
func TestWithTextLeavesTheContactItWasDecidedOn(t *testing.T) {
	s := begin(t)
	s.stuck = true
	ch := s.request(noon, alerts.Topics[0])
	before := s.contact
	after := before.WithText(ch.Ask[0], consent.Claim{ID: "c", At: noon}, 0)
	if after.Questions[0].Claim != "c" || before.Questions[0].Claim != "" {
		t.Errorf("after %+v, before %+v", after.Questions[0], before.Questions[0])
	}
}

// A text whose claim is given up leaves the others, and the contact it was taken from, alone.
func TestReleased(t *testing.T) {
	s := begin(t)
	s.request(noon, alerts.Topics[0], orders.Topics[0])
	before := s.contact
	after := before.WithoutClaim(s.posed[0].claim)
	if len(after.Claims) != 1 || after.Claims[0].ID != s.posed[1].claim || after.Questions[0].Claim != "" || after.Questions[1].Claim != s.posed[1].claim {
		t.Errorf("claims %+v, questions %+v", after.Claims, after.Questions)
	}
	if len(before.Claims) != 2 || before.Questions[0].Claim == "" {
		t.Errorf("the contact it was taken from became %+v", before)
	}
}
