package consent_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// life is one person to whom everything happens that can, in a random order.
type life struct {
	*story
	t   *rapid.T
	now time.Time
}

// live checks after each step that the record is whole.
func live(t *rapid.T) *story {
	l := &life{story: begin(t), t: t, now: noon}
	for range rapid.IntRange(1, 40).Draw(t, "steps") {
		l.now = l.now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 5, 15, 300, 26 * 60}).Draw(t, "minutes later")) * time.Minute)
		l.step(rapid.SampledFrom([]string{
			"sign up", "suspend", "stop and start", "sign up", "wrong number", "request", "yes", "stop", "sign up", "stop topic", "stop all", "start",
			"start in one step", "join", "join alerts", "help", "choose", "pause", "resume", "stop everything", "expire", "carrier", "receipt", "kept out", "campaign",
			"sign", "revocation",
		}).Draw(t, "do"))
		if err := l.ledger.Verify(l.record(), l.now); err != nil {
			t.Fatalf("I4: %v", err)
		}
	}
	return l.story
}

func (l *life) topics(name string) []program.Topic {
	return rapid.SampledFrom([][]program.Topic{alerts.Topics[:1], alerts.Topics, orders.Topics, {alerts.Topics[1], orders.Topics[0]}, nil}).Draw(l.t, name)
}

func (l *life) step(do string) {
	switch do {
	case "request":
		l.request()
	case "sign up":
		l.request()
		l.now = l.now.Add(time.Minute)
		l.say("yes", 0)
	case "stop and start":
		l.say("stop", 0)
		l.now = l.now.Add(time.Minute)
		l.say("start in one step", 0)
	case "choose":
		l.commit(l.contact.Choose(consent.Choice{At: l.now, On: l.topics("on"), Off: l.topics("off"), Terms: terms}))
	case "pause":
		l.commit(l.contact.Pause(l.now, l.now.Add(72*time.Hour), nil))
	case "resume":
		l.commit(l.contact.Resume(l.now, nil))
	case "stop everything":
		l.commit(l.contact.StopEverything(brand, l.now, nil))
	case "suspend":
		l.commit(l.contact.Suspend("alerts", l.now, "no proof"))
	case "expire":
		l.commit(l.contact.Expire(l.now))
	case "carrier":
		l.commit(l.contact.CarrierOptOut("alerts", l.now, "opted out"))
	case "receipt":
		l.commit(l.contact.Receipt(consent.Receipt{Message: "1", At: l.now, Event: "TEXT_INVALID"}, []consent.Message{{
			At: l.now, Status: consent.Undelivered, History: []consent.StatusChange{{At: l.now, Status: consent.Undelivered, Detail: "TEXT_INVALID"}},
		}}))
	case "sign":
		kind := rapid.SampledFrom([]consent.SignalKind{consent.SignalReply, consent.SignalClick, consent.SignalEvent, consent.SignalDelivery}).Draw(l.t, "sign")
		l.commit(l.contact.Engage(consent.Signal{At: l.now, Kind: kind, Topic: rapid.SampledFrom([]string{"", "alerts"}).Draw(l.t, "of"), Source: "shop"}))
	case "revocation":
		r := rapid.SampledFrom([]consent.Revocation{{}, {Program: "alerts"}, {Topic: "news"}, {Topic: "orders"}}).Draw(l.t, "revoked")
		r.At, r.Source, r.Brand = l.now, "crm", brand
		l.commit(l.contact.Revoke(r))
	case "campaign":
		l.text(consent.Claim{
			ID: fmt.Sprintf("%026d", len(l.messages)+1), At: l.now, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: "spring", Content: "c",
			Chance: rapid.Bool().Draw(l.t, "chance"),
		})
	default:
		l.say(do, time.Duration(rapid.SampledFrom([]int{0, 0, 1, 20, 90}).Draw(l.t, "minutes ago"))*time.Minute)
	}
}

// request is somebody's, on the form.
func (l *life) request() {
	l.commit(l.contact.Request(consent.Request{
		At: l.now, Source: consent.SourceForm, Topics: l.topics("topics"), Terms: program.SignUp{ConfirmWithin: 24 * time.Hour, PerPhoneADay: 6},
		Told: phone.Told{
			State: rapid.SampledFrom([]string{"", "WA", "FL"}).Draw(l.t, "state"), ZIP: rapid.SampledFrom([]string{"", "98101"}).Draw(l.t, "zip"),
			Zone: rapid.SampledFrom([]string{"", "America/New_York"}).Draw(l.t, "zone"),
		},
		Locale: rapid.SampledFrom([]string{"", "es-US"}).Draw(l.t, "locale"),
	}))
}

// say is what the phone texted that long ago.
func (l *life) say(what string, ago time.Duration) {
	in := inbound(fmt.Sprint(len(l.events)), map[string]keyword.Intent{
		"yes": saidYes, "stop": saidStop, "start": saidStart, "start in one step": saidStart, "kept out": saidStart, "help": saidHelp,
		"join": {Kind: keyword.OptIn, Confidence: 1}, "join alerts": saidJoin, "wrong number": {Kind: keyword.WrongNumber},
		"stop topic": {Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}, "stop all": {Kind: keyword.OptOut, Scope: keyword.Everything},
	}[what], l.now.Add(-ago))
	if what == "start in one step" {
		oneStep := *alerts
		oneStep.OneStep = true
		in.Program = &oneStep
	}
	ch := l.contact.Hear(in)
	if what == "kept out" {
		ch = l.contact.KeptOut(ch)
	}
	l.commit(ch)
}

// I4: the events alone say where the person stands, whatever happened to them.
func TestEventsAddUpToTheContact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := live(t)
		got, err := consent.Replay(s.events)
		if err != nil {
			t.Fatal(err)
		}
		want := s.contact.Standing()
		if len(got.Subs) != len(want.Subs) {
			t.Fatalf("%d topics, want %d", len(got.Subs), len(want.Subs))
		}
		for topic, sub := range want.Subs {
			if got.Subs[topic] != sub {
				t.Fatalf("topic %s is %+v, want %+v", topic, got.Subs[topic], sub)
			}
		}
		if !maps.Equal(got.Stopped, want.Stopped) || !maps.Equal(got.Undone, want.Undone) {
			t.Fatalf("stopped %v, undone %v; want %v, %v", got.Stopped, got.Undone, want.Stopped, want.Undone)
		}
		if got.Paused != want.Paused || got.Told != want.Told || got.Locale != want.Locale {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

// Whatever part of whatever event is altered, of whatever record, shows. So does a contact that stands elsewhere than
// its events say.
func TestAnyAlterationOfARecordShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := live(t)
		r := s.record()
		now := noon.AddDate(1, 0, 0)
		if err := s.ledger.Verify(r, now); err != nil {
			t.Fatalf("untouched: %v", err)
		}
		if len(r.Events) == 0 {
			return
		}
		i := rapid.IntRange(0, len(r.Events)-1).Draw(t, "event")
		did := alter(t, reflect.ValueOf(&r.Events[i]).Elem(), "event")
		if err := s.ledger.Verify(r, now); err == nil {
			t.Fatalf("altered %s of event %d, and the record verifies", did, i+1)
		}

		r = s.record()
		stands := r.Contact.Standing()
		did = alter(t, reflect.ValueOf(&stands).Elem(), "contact")
		r.Contact.Subs, r.Contact.Stopped, r.Contact.Undone = stands.Subs, stands.Stopped, stands.Undone
		r.Contact.Paused, r.Contact.Told, r.Contact.Locale = stands.Paused, stands.Told, stands.Locale
		if err := s.ledger.Verify(r, now); err == nil || !strings.Contains(err.Error(), "differs") {
			t.Fatalf("altered %s of the contact: %v", did, err)
		}
	})
}

// alter changes one part of v, drawn at random, and says which. It never writes into what others see too.
func alter(t *rapid.T, v reflect.Value, path string) string {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Slice:
		switch n := v.Len(); {
		case n == 0 || rapid.Bool().Draw(t, "longer"):
			v.Set(reflect.Append(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, n+1), v), reflect.Zero(v.Type().Elem())))
		default:
			v.Set(v.Slice(0, n-1))
		}
	case reflect.Map:
		changed := reflect.MakeMap(v.Type())
		for _, k := range v.MapKeys() {
			changed.SetMapIndex(k, v.MapIndex(k))
		}
		keys := slices.SortedFunc(slices.Values(v.MapKeys()), func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		n := rapid.IntRange(0, len(keys)).Draw(t, "entry of "+path)
		switch {
		case n == len(keys):
			changed.SetMapIndex(reflect.ValueOf("made up"), reflect.Zero(v.Type().Elem()))
		case rapid.Bool().Draw(t, "take out"):
			changed.SetMapIndex(keys[n], reflect.Value{})
		default:
			e := reflect.New(v.Type().Elem()).Elem()
			e.Set(v.MapIndex(keys[n]))
			path = alter(t, e, path+"."+keys[n].String())
			changed.SetMapIndex(keys[n], e)
		}
		v.Set(changed)
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			v.Set(reflect.ValueOf(at.Add(time.Millisecond)))
			return path
		}
		n := rapid.IntRange(0, v.NumField()-1).Draw(t, "field of "+path)
		return alter(t, v.Field(n), path+"."+v.Type().Field(n).Name)
	default:
		t.Fatalf("%s is a %s, which nobody has taught this test to alter", path, v.Kind())
	}
	return path
}

// What each event makes of a topic, told event by event.
func TestWhatEventsMakeOfATopic(t *testing.T) {
	const day = 24 * time.Hour
	at := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
	alerts := []string{"alerts"}
	asked := func(seq int64, m int) consent.Event {
		return consent.Event{Seq: seq, Type: consent.Requested, At: at(m), Program: "alerts", Topics: alerts, Effect: consent.Effect{Class: program.Promotional, Until: at(m).Add(day)}}
	}
	yes := func(seq, request int64, m int) consent.Event {
		return consent.Event{Seq: seq, Type: consent.Confirmed, At: at(m), Topics: alerts, Effect: consent.Effect{Request: request}}
	}
	stop := func(seq int64, m int) consent.Event {
		return consent.Event{Seq: seq, Type: consent.OptedOut, At: at(m), Topics: alerts, Effect: consent.Effect{Stopped: map[string]time.Time{"alerts": at(m)}}}
	}
	says := func(t consent.EventType, seq int64, m int) consent.Event {
		return consent.Event{Seq: seq, Type: t, At: at(m), Topics: alerts}
	}
	lifts := func(e consent.Event) consent.Event { e.Lifted = alerts; return e }
	topic := func(state consent.State, since int, until time.Time, request, proof int64) consent.Subscription {
		return consent.Subscription{State: state, Program: "alerts", Class: program.Promotional, Since: at(since), Until: until, Request: request, Proof: proof}
	}
	for _, tc := range []struct {
		name   string
		events []consent.Event
		want   consent.Subscription
	}{
		{"a request", []consent.Event{asked(1, 0)}, topic(consent.Pending, 0, at(0).Add(day), 1, 0)},
		{"made anew", []consent.Event{asked(1, 0), asked(2, 15)}, topic(consent.Pending, 0, at(15).Add(day), 2, 0)},
		{"made anew, and heard late", []consent.Event{asked(1, 15), asked(2, 0)}, topic(consent.Pending, 0, at(15).Add(day), 2, 0)},
		{"made anew at the same time", []consent.Event{asked(1, 0), asked(2, 0)}, topic(consent.Pending, 0, at(0).Add(day), 2, 0)},
		{"after a stop", []consent.Event{asked(1, 0), stop(2, 1), lifts(asked(3, 2))}, topic(consent.Pending, 2, at(2).Add(day), 3, 0)},
		{"a YES", []consent.Event{asked(1, 0), yes(2, 1, 1)}, topic(consent.Subscribed, 1, time.Time{}, 1, 2)},
		{"a YES to the one before", []consent.Event{asked(1, 0), asked(2, 15), yes(3, 1, 16)}, topic(consent.Subscribed, 16, time.Time{}, 1, 3)},
		{"a YES heard too late", []consent.Event{asked(1, 0), says(consent.Lapsed, 2, 1440), yes(3, 1, 1439)}, topic(consent.Subscribed, 1439, time.Time{}, 1, 3)},
		{"run out", []consent.Event{asked(1, 0), says(consent.Lapsed, 2, 1440)}, topic(consent.Expired, 1440, time.Time{}, 1, 0)},
		{"a stop", []consent.Event{asked(1, 0), yes(2, 1, 1), stop(3, 2)}, topic(consent.Unsubscribed, 2, time.Time{}, 1, 2)},
		{"back in one step", []consent.Event{asked(1, 0), yes(2, 1, 1), stop(3, 2), lifts(says(consent.Restarted, 4, 3))}, topic(consent.Subscribed, 3, time.Time{}, 1, 4)},
		{"suspended", []consent.Event{asked(1, 0), yes(2, 1, 1), says(consent.SetAside, 3, 2)}, topic(consent.Suspended, 2, time.Time{}, 1, 0)},
		{"a wrong number", []consent.Event{asked(1, 0), yes(2, 1, 1), stop(3, 2), {Seq: 4, Type: consent.Voided, At: at(3), Effect: consent.Effect{Stopped: map[string]time.Time{"*": at(3)}}}}, topic(consent.Unsubscribed, 2, time.Time{}, 1, 0)},
	} {
		got, err := consent.Replay(tc.events)
		if err != nil || len(got.Subs) != 1 || got.Subs["alerts"] != tc.want {
			t.Errorf("%s: %+v, %v; want %+v", tc.name, got.Subs, err, tc.want)
		}
	}
	got, err := consent.Replay([]consent.Event{asked(1, 0), stop(2, 1), lifts(asked(3, 2)), {Seq: 4, Type: consent.Paused, Effect: consent.Effect{Until: at(9)}}})
	if err != nil || len(got.Stopped) != 0 || got.Undone["alerts"] != at(1) || got.Paused != at(9) {
		t.Errorf("%+v, %v", got, err)
	}
	told := yes(2, 1, 1)
	told.Told, told.Locale = phone.Told{State: "WA"}, "es-US"
	if got, err = consent.Replay([]consent.Event{asked(1, 0), told}); err != nil || got.Told != told.Told || got.Locale != "es-US" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = consent.Replay([]consent.Event{asked(1, 0), told, {Seq: 3, Type: consent.Voided}}); err != nil || got.Told != (phone.Told{}) || got.Locale != "" {
		t.Errorf("who told is not who holds the phone: %+v, %v", got, err)
	}
}

// An event that cannot follow those before it is no honest one, whoever sealed it.
func TestEventsThatCannotBe(t *testing.T) {
	asked := consent.Event{Seq: 1, Type: consent.Requested, At: noon, Program: "alerts", Topics: []string{"alerts"}, Effect: consent.Effect{Class: program.Promotional, Until: noon.Add(time.Hour)}}
	yes := consent.Event{Seq: 2, Type: consent.Confirmed, At: noon, Program: "alerts", Topics: []string{"alerts"}}
	stop := consent.Event{Seq: 3, Type: consent.OptedOut, At: noon, Topics: []string{"alerts"}, Effect: consent.Effect{Stopped: map[string]time.Time{"alerts": noon}}}
	of := func(e consent.Event, change func(*consent.Event)) consent.Event {
		change(&e)
		return e
	}
	if _, err := consent.Replay([]consent.Event{asked, yes, stop}); err != nil {
		t.Fatal(err)
	}
	for name, events := range map[string][]consent.Event{
		"a YES to nothing":                    {yes},
		"a second YES":                        {asked, yes, yes},
		"a YES after a stop":                  {asked, stop, yes},
		"a YES to another topic":              {asked, of(yes, func(e *consent.Event) { e.Topics = []string{"news"} })},
		"a YES without a topic":               {asked, of(yes, func(e *consent.Event) { e.Topics = nil })},
		"a request without a topic":           {of(asked, func(e *consent.Event) { e.Topics = nil })},
		"a restart without a stop":            {asked, yes, of(yes, func(e *consent.Event) { e.Type = consent.Restarted })},
		"what is subscribed runs out":         {asked, yes, of(yes, func(e *consent.Event) { e.Type = consent.Lapsed })},
		"what was never confirmed, suspended": {asked, of(yes, func(e *consent.Event) { e.Type = consent.SetAside })},
		"a stop that reaches another topic":   {asked, yes, of(stop, func(e *consent.Event) { e.Stopped = map[string]time.Time{"orders": noon} })},
		"a stop that says nothing":            {asked, yes, of(stop, func(e *consent.Event) { e.Stopped = nil })},
		"a stop to an unknown topic":          {asked, yes, of(stop, func(e *consent.Event) { e.Topics = []string{"news"} })},
		"a lifted stop that is not":           {of(asked, func(e *consent.Event) { e.Lifted = []string{"alerts"} })},
		"an unknown type":                     {of(asked, func(e *consent.Event) { e.Type = "forgiven" })},
	} {
		if got, err := consent.Replay(events); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestUnproven(t *testing.T) {
	for _, tc := range []struct {
		request, proof int64
		suspect, want  bool
	}{
		{1, 2, false, false}, {1, 1, false, false}, {0, 2, false, true}, {1, 0, false, true}, {0, 0, false, true}, {1, 2, true, true},
	} {
		c := consent.Contact{Suspect: tc.suspect, Subs: map[string]consent.Subscription{"alerts": {State: consent.Subscribed, Request: tc.request, Proof: tc.proof}}}
		if why := c.Unproven("alerts"); (why != "") != tc.want {
			t.Errorf("request %d, proof %d, suspect %t: %q", tc.request, tc.proof, tc.suspect, why)
		}
		if c.Unproven("news") == "" {
			t.Error("what was never asked for is proven")
		}
	}
}
