package consent_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

func proof() map[string]string { return map[string]string{"page": "example.com/preferences"} }

func subscription(s consent.State, topic *program.Topic) consent.Subscription {
	sub := consent.Subscription{State: s, Program: topic.Program, Class: topic.Class, Since: noon.Add(-time.Hour), Request: 1}
	switch s {
	case consent.Pending:
		sub.Until = noon.Add(23 * time.Hour)
	case consent.Subscribed, consent.Unsubscribed:
		sub.Proof = 2
	}
	return sub
}

// holder is a contact whose topics alerts, news and orders are in the states.
func holder(states ...consent.State) consent.Contact {
	c := consent.Contact{Key: consent.Key{Brand: "example", Phone: "+12065550142"}, Subs: map[string]consent.Subscription{}, Head: consent.Head{Seq: 2}, Version: 2}
	for i, t := range []*program.Topic{&alerts.Topics[0], &alerts.Topics[1], &orders.Topics[0]} {
		if i < len(states) && states[i] != "" {
			c.Subs[t.ID] = subscription(states[i], t)
		}
	}
	return c
}

func stopped(c consent.Contact, scope string) consent.Contact {
	c.Stopped = map[string]time.Time{scope: noon.Add(-time.Minute)}
	return c
}

func TestChoose(t *testing.T) {
	a, n, o := alerts.Topics[0], alerts.Topics[1], orders.Topics[0]
	const (
		on  = consent.Subscribed
		ask = consent.Pending
		off = consent.Unsubscribed
	)
	for _, tc := range []struct {
		name    string
		contact consent.Contact
		on, off []program.Topic
		want    []consent.State // of alerts, news, orders
		events  []consent.EventType
		asks    int
		left    []string
		stops   []string // scopes of Stopped
	}{
		{name: "nothing moved", contact: holder(on, off), want: []consent.State{on, off}},
		{name: "one off", contact: holder(on, on, on), off: []program.Topic{n}, want: []consent.State{on, off, on}, events: []consent.EventType{consent.OptedOut}, left: []string{"news"}, stops: []string{"#news"}},
		{name: "all off, one event a program", contact: holder(on, on, on), off: []program.Topic{a, o, n}, want: []consent.State{off, off, off}, events: []consent.EventType{consent.OptedOut, consent.OptedOut}, left: []string{"alerts", "news", "orders"}, stops: []string{"#alerts", "#news", "#orders"}},
		{name: "a request taken back", contact: holder(ask), off: []program.Topic{a}, want: []consent.State{off}, events: []consent.EventType{consent.OptedOut}, stops: []string{"#alerts"}},
		{name: "off twice", contact: holder(off), off: []program.Topic{a}, want: []consent.State{off}},
		{name: "off what was never on", contact: holder(), off: []program.Topic{a}, want: []consent.State{""}},
		{name: "on asks for a YES", contact: holder("", off), on: []program.Topic{a, n}, want: []consent.State{ask, ask}, events: []consent.EventType{consent.Requested}, asks: 1},
		{name: "on asks from each number", contact: holder(), on: []program.Topic{a, o}, want: []consent.State{ask, "", ask}, events: []consent.EventType{consent.Requested, consent.Requested}, asks: 2},
		{name: "on what is on", contact: holder(on), on: []program.Topic{a}, want: []consent.State{on}},
		{name: "on and off at once", contact: holder(on), on: []program.Topic{n}, off: []program.Topic{a}, want: []consent.State{off, ask}, events: []consent.EventType{consent.OptedOut, consent.Requested}, asks: 1, left: []string{"alerts"}, stops: []string{"#alerts"}},
		{name: "on after its own STOP", contact: stopped(holder(off), "#alerts"), on: []program.Topic{a}, want: []consent.State{ask}, events: []consent.EventType{consent.Requested}, asks: 1},
		{name: "another topic's STOP stays", contact: stopped(holder(off, off), "#news"), on: []program.Topic{a}, want: []consent.State{ask, off}, events: []consent.EventType{consent.Requested}, asks: 1, stops: []string{"#news"}},
		{name: "not after a STOP to the program", contact: stopped(holder(off), "alerts"), on: []program.Topic{a}, want: []consent.State{off}, stops: []string{"alerts"}},
		{name: "not after a STOP to everything", contact: stopped(holder(off), "*"), on: []program.Topic{a, o}, want: []consent.State{off}, stops: []string{"*"}},
		{name: "the other program after a STOP to one", contact: stopped(holder(off), "alerts"), on: []program.Topic{a, o}, want: []consent.State{off, "", ask}, events: []consent.EventType{consent.Requested}, asks: 1, stops: []string{"alerts"}},
		{name: "suspended and wanted again", contact: holder(consent.Suspended), on: []program.Topic{a}, want: []consent.State{ask}, events: []consent.EventType{consent.Requested}, asks: 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ch := tc.contact.Choose(consent.Choice{At: noon, On: tc.on, Off: tc.off, Terms: terms, Language: "es", Evidence: proof()})
			for i, id := range []string{"alerts", "news", "orders"} {
				if got := ch.Next.Subs[id].State; i < len(tc.want) && got != tc.want[i] || i >= len(tc.want) && got != tc.contact.Subs[id].State {
					t.Errorf("%s is %q", id, got)
				}
			}
			var types []consent.EventType
			for i, e := range ch.Events {
				types = append(types, e.Type)
				if e.Seq != int64(3+i) || !e.At.Equal(noon) || e.Source != consent.SourcePage || e.Program == "" || e.Evidence["page"] == "" {
					t.Errorf("event %+v", e)
				}
			}
			if !slices.Equal(types, tc.events) || len(ch.Ask) != tc.asks || !slices.Equal(ch.Left, tc.left) || len(ch.Joined) != 0 {
				t.Errorf("events %v, %d texts, left %v, joined %v", types, len(ch.Ask), ch.Left, ch.Joined)
			}
			var scopes []string
			for scope := range ch.Next.Stopped {
				scopes = append(scopes, scope)
			}
			if slices.Sort(scopes); !slices.Equal(scopes, tc.stops) {
				t.Errorf("opted out of %v, want %v", scopes, tc.stops)
			}
			for _, ask := range ch.Ask {
				if ask.Kind != message.Confirmation || ask.Language != "es" {
					t.Errorf("text %+v", ask)
				}
			}
			if len(ch.Block) != 0 || ch.Lift != "" {
				t.Errorf("lists at AWS: on %v, off %q; a topic has none", ch.Block, ch.Lift)
			}
			if len(tc.events) == 0 && (!ch.Empty() || !cmp.Equal(ch.Next, tc.contact)) {
				t.Errorf("changed although nothing was to: %s", cmp.Diff(tc.contact, ch.Next))
			}
		})
	}
}

// Whatever the page changes is on record with where it came from.
func TestThePagesEvidence(t *testing.T) {
	c := holder(consent.Subscribed, consent.Subscribed, consent.Subscribed)
	for name, ch := range map[string]consent.Change{
		"off":        c.Choose(consent.Choice{At: noon, Off: alerts.Topics, Terms: terms, Evidence: proof()}),
		"on":         holder().Choose(consent.Choice{At: noon, On: alerts.Topics, Terms: terms, Evidence: proof()}),
		"everything": c.StopEverything(brand, noon, proof()),
		"pause":      c.Pause(noon, noon.Add(time.Hour), proof()),
	} {
		if len(ch.Events) == 0 {
			t.Errorf("%s: no event", name)
		}
		for _, e := range ch.Events {
			if e.Evidence["page"] != proof()["page"] || e.Source != consent.SourcePage || !e.At.Equal(noon) {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

// A pause that was ended is over in the events too.
func TestAPauseThatWasEnded(t *testing.T) {
	s := reader(t)
	s.commit(s.contact.Pause(noon.Add(time.Hour), noon.Add(aDay), proof()))
	s.commit(s.contact.Resume(noon.Add(2*time.Hour), proof()))
	if !s.contact.Paused.IsZero() {
		t.Errorf("paused until %s", s.contact.Paused)
	}
}

// A visit to the page is a sign that the person reads, whatever they choose.
func TestAVisitIsASign(t *testing.T) {
	s := reader(t)
	s.chance("a", noon.Add(aDay))
	ch := s.commit(s.contact.Choose(consent.Choice{At: noon.Add(2 * aDay), On: alerts.Topics, Terms: terms}))
	if len(ch.Events) > 0 || !ch.Bookkeeping {
		t.Errorf("%+v", ch)
	}
	s.chances(0)
}

// Questions that wait to go out count, and where they are more than the day still allows, nothing is promised.
func TestMoreWaitsThanMayBeAsked(t *testing.T) {
	c := holder()
	for _, topic := range []string{"a", "b", "c"} {
		c.Waiting = append(c.Waiting, consent.Ask{Kind: message.Confirmation, Program: "other", Topics: []string{topic}})
	}
	ch := c.Choose(consent.Choice{At: noon, On: alerts.Topics, Terms: terms})
	if len(ch.Ask) > 0 || len(ch.Next.Subs) > 0 {
		t.Errorf("asks %+v", ch.Ask)
	}
}

// The page asks a phone no more often than the form does, and what is turned off is off all the same.
func TestChooseAsksWithinTheLimits(t *testing.T) {
	a, n := alerts.Topics[0], alerts.Topics[1]
	c := holder(consent.Unsubscribed, consent.Subscribed)
	for range 2 {
		c.Claims = append(c.Claims, consent.Claim{At: noon.Add(-time.Hour), Kind: message.Confirmation, Program: "alerts", Topics: []string{"alerts"}})
	}
	ch := c.Choose(consent.Choice{At: noon, On: []program.Topic{a}, Off: []program.Topic{n}, Terms: terms})
	if len(ch.Ask) != 0 || ch.Next.Subs["alerts"].State != consent.Unsubscribed || ch.Next.Subs["news"].State != consent.Unsubscribed {
		t.Errorf("%d texts; alerts %s, news %s", len(ch.Ask), ch.Next.Subs["alerts"].State, ch.Next.Subs["news"].State)
	}
	c = holder(consent.Pending)
	c.Claims = []consent.Claim{{At: noon.Add(-9 * time.Minute), Kind: message.Confirmation, Program: "alerts", Topics: []string{"alerts"}}}
	if ch := c.Choose(consent.Choice{At: noon, On: []program.Topic{a}, Terms: terms}); !ch.Empty() {
		t.Errorf("asked again nine minutes after it was asked: %+v", ch.Events)
	}
}

// A YES brings what was chosen, and one to a request that was taken back brings nothing.
func TestTheYESToAChoice(t *testing.T) {
	c := holder("", consent.Unsubscribed)
	ch := c.Choose(consent.Choice{At: noon, On: alerts.Topics, Terms: terms})
	next := seal(ch)
	back := seal(next.Choose(consent.Choice{At: noon.Add(time.Minute), Off: alerts.Topics[1:], Terms: terms}))
	got := back.Hear(inbound("yes", saidYes, noon.Add(2*time.Minute)))
	if got.Next.Subs["alerts"].State != consent.Subscribed || got.Next.Subs["news"].State != consent.Unsubscribed {
		t.Errorf("alerts %s, news %s", got.Next.Subs["alerts"].State, got.Next.Subs["news"].State)
	}
	if late := next.Hear(inbound("yes", saidYes, noon.Add(24*time.Hour+time.Millisecond))); late.Next.Subs["alerts"].State != consent.Expired {
		t.Errorf("a YES after a day made it %s", late.Next.Subs["alerts"].State)
	}
}

func TestPauseAndResume(t *testing.T) {
	c := holder(consent.Subscribed)
	until := noon.Add(30 * 24 * time.Hour)
	evidence := proof()
	ch := c.Pause(noon, until, evidence)
	want := []consent.Event{{Seq: 3, Type: consent.Paused, At: noon, Source: consent.SourcePage, Evidence: evidence, Effect: consent.Effect{Until: until}}}
	if diff := cmp.Diff(want, ch.Events); diff != "" || !ch.Next.Paused.Equal(until) {
		t.Errorf("paused until %s: %s", ch.Next.Paused, diff)
	}
	if ch.Next.Subs["alerts"].State != consent.Subscribed || len(ch.Left) != 0 || len(ch.Ask) != 0 {
		t.Error("a pause is no opt-out and causes no text")
	}
	paused := seal(ch)
	if over := paused.Resume(until, nil); !over.Empty() {
		t.Error("a pause that is over was ended once more")
	}
	on := paused.Resume(until.Add(-time.Millisecond), proof())
	if !on.Next.Paused.IsZero() || len(on.Events) != 1 || on.Events[0].Type != consent.Resumed || on.Events[0].Evidence["page"] == "" {
		t.Errorf("resumed: paused until %s, %+v", on.Next.Paused, on.Events)
	}
	if never := c.Resume(noon, nil); !never.Empty() {
		t.Error("resumed what was not paused")
	}
}

func TestStopEverything(t *testing.T) {
	c := holder(consent.Subscribed, consent.Pending, consent.Unsubscribed)
	c.Questions = []consent.Question{{Request: 1, Program: "alerts", Topics: []string{"news"}}}
	ch := c.StopEverything(brand, noon, proof())
	if len(ch.Events) != 1 || ch.Events[0].Type != consent.OptedOut || ch.Events[0].Source != consent.SourcePage || !ch.Events[0].At.Equal(noon) || !slices.Equal(ch.Events[0].Topics, []string{"alerts", "news"}) {
		t.Errorf("events %+v", ch.Events)
	}
	if !slices.Equal(ch.Block, []string{"alerts", "orders"}) || !slices.Equal(ch.Left, []string{"alerts"}) || len(ch.Ask) != 0 {
		t.Errorf("blocked %v, left %v, texts %d", ch.Block, ch.Left, len(ch.Ask))
	}
	for id, s := range ch.Next.Subs {
		if s.State != consent.Unsubscribed {
			t.Errorf("%s is %s", id, s.State)
		}
	}
	if _, all := ch.Next.Stopped[consent.Everything]; !all || len(ch.Next.Questions) != 0 {
		t.Errorf("stopped %v, questions %+v", ch.Next.Stopped, ch.Next.Questions)
	}
	again := seal(ch).StopEverything(brand, noon.Add(time.Minute), proof())
	if !again.Empty() || !again.Repeated || !slices.Equal(again.Block, ch.Block) {
		t.Errorf("the second time: %+v; only AWS's lists may be left to do", again)
	}
	// Whoever has nothing at all can still say that they never want anything.
	if stranger := holder().StopEverything(brand, noon, nil); len(stranger.Events) != 1 || len(stranger.Next.Stopped) != 1 {
		t.Errorf("a stranger's: %+v", stranger)
	}
}

// seal is the contact as the table would give it back.
func seal(ch consent.Change) consent.Contact {
	if ch.Empty() {
		return ch.Next
	}
	for i, ask := range ch.Ask {
		ch.Next = ch.Next.WithText(ask, consent.Claim{ID: string(rune('a' + i)), At: ch.Events[0].At, Kind: ask.Kind, Program: ask.Program, Topics: ask.Topics}, 0)
	}
	ch.Next.Head.Seq += int64(len(ch.Events))
	ch.Next.Version++
	return ch.Next
}

// Whatever is chosen on the page, in whatever order and between whatever texts: nothing becomes subscribed but by a
// YES, START or JOIN from the phone, every change has its event (I4), the page lifts no STOP to a program, and it asks
// no more often than it may (I5).
func TestNoChoiceSubscribesAnybody(t *testing.T) {
	topics := []program.Topic{alerts.Topics[0], alerts.Topics[1], orders.Topics[0]}
	some := rapid.Custom(func(t *rapid.T) []program.Topic {
		return slices.DeleteFunc(slices.Clone(topics), func(program.Topic) bool { return rapid.Bool().Draw(t, "left out") })
	})
	phrases := map[string]keyword.Intent{
		"yes": saidYes, "stop": saidStop, "start": saidStart, "help": saidHelp,
		"stop all": {Kind: keyword.OptOut, Scope: keyword.Everything}, "stop news": {Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"},
	}
	rapid.Check(t, func(t *rapid.T) {
		c := holder(rapid.SampledFrom([]consent.State{"", consent.Subscribed, consent.Pending, consent.Unsubscribed}).Draw(t, "at first"))
		now := noon
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 40*60).Draw(t, "minutes")) * time.Minute)
			before := c
			op := rapid.SampledFrom([]string{"choose", "choose", "pause", "resume", "stop everything", "yes", "stop", "stop all", "stop news", "start", "help"}).Draw(t, "op")
			var ch consent.Change
			switch op {
			case "choose":
				ch = c.Choose(consent.Choice{At: now, On: some.Draw(t, "on"), Off: some.Draw(t, "off"), Terms: terms, Evidence: proof()})
			case "pause":
				ch = c.Pause(now, now.Add(30*24*time.Hour), proof())
			case "resume":
				ch = c.Resume(now, proof())
			case "stop everything":
				ch = c.StopEverything(brand, now, proof())
			default:
				ch = c.Hear(inbound(now.String(), phrases[op], now))
			}
			page := !slices.Contains([]string{"yes", "stop", "stop all", "stop news", "start", "help"}, op)
			c = seal(ch)
			checkChoice(t, before, ch, page)
			for _, e := range ch.Events {
				if page && e.Source != consent.SourcePage && e.Type != consent.Lapsed {
					t.Fatalf("%s left an event of %s", op, e.Source)
				}
			}
			if left := before.AsksLeft(now, terms.PerPhoneADay); page && len(ch.Ask) > left {
				t.Fatalf("I5: %s asks %d times where %d are left", op, len(ch.Ask), left)
			}
		}
	})
}

func checkChoice(t *rapid.T, before consent.Contact, ch consent.Change, page bool) {
	after := ch.Next
	for id, s := range after.Subs {
		was := before.Subs[id]
		if was.State != s.State && len(eventsOf(ch, id)) == 0 {
			t.Fatalf("I4: %s went from %q to %q without an event", id, was.State, s.State)
		}
		if page && s.State == consent.Subscribed && was.State != consent.Subscribed {
			t.Fatalf("the page subscribed somebody to %s", id)
		}
		if s.State == consent.Subscribed && s.Proof == 0 {
			t.Fatalf("%s is subscribed without proof", id)
		}
		if _, stop := after.TopicStoppedAt(s.Program, id); stop && (s.State == consent.Subscribed || s.State == consent.Pending) {
			t.Fatalf("I8: %s is %s although it was stopped", id, s.State)
		}
	}
	if page {
		for scope := range before.Stopped {
			if _, still := after.Stopped[scope]; !still && scope[0] != '#' {
				t.Fatalf("the page undid the STOP to %s", scope)
			}
		}
		if len(ch.Joined) != 0 || ch.Lift != "" {
			t.Fatalf("the page let %v join, took %q off AWS's list", ch.Joined, ch.Lift)
		}
	}
	if ch.Empty() && (!cmp.Equal(before.Subs, after.Subs) || !cmp.Equal(before.Stopped, after.Stopped) || !before.Paused.Equal(after.Paused)) {
		t.Fatal("I4: something changed without an event")
	}
	if !before.Paused.Equal(after.Paused) && !slices.ContainsFunc(ch.Events, func(e consent.Event) bool { return e.Type == consent.Paused || e.Type == consent.Resumed }) {
		t.Fatal("I4: a pause changed without its event")
	}
}

func eventsOf(ch consent.Change, topic string) (found []consent.Event) {
	for _, e := range ch.Events {
		if slices.Contains(e.Topics, topic) {
			found = append(found, e)
		}
	}
	return found
}
