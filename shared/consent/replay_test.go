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

	"smsconsent/shared/consent"
	"smsconsent/shared/keyword"
	"smsconsent/shared/message"
	"smsconsent/shared/phone"
	"smsconsent/shared/program"
)

// live lets everything happen to one person that can, in a random order.
func live(t *rapid.T) *story {
	s := begin(t)
	now := noon
	oneStep := *alerts
	oneStep.OneStep = true
	for range rapid.IntRange(1, 30).Draw(t, "steps") {
		now = now.Add(time.Duration(rapid.IntRange(0, 26*60).Draw(t, "minutes later")) * time.Minute)
		said := now.Add(-time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes ago")) * time.Minute)
		topics := rapid.SampledFrom([][]program.Topic{alerts.Topics[:1], alerts.Topics, orders.Topics, {alerts.Topics[1], orders.Topics[0]}}).Draw(t, "topics")
		switch do := rapid.SampledFrom([]string{
			"request", "yes", "yes", "stop", "stop topic", "stop all", "wrong number", "start", "start in one step", "join", "join alerts", "help", "nothing",
			"choose", "pause", "resume", "stop everything", "suspend", "expire", "carrier", "receipt", "kept out", "campaign",
		}).Draw(t, "do"); do {
		case "request":
			s.commit(s.contact.Request(consent.Request{
				At: now, Source: consent.SourceForm, Topics: topics, Terms: program.SignUp{ConfirmWithin: 24 * time.Hour, PerPhoneADay: 6},
				Told: phone.Told{
					State: rapid.SampledFrom([]string{"", "WA", "FL"}).Draw(t, "state"), ZIP: rapid.SampledFrom([]string{"", "98101"}).Draw(t, "zip"),
					Zone: rapid.SampledFrom([]string{"", "America/New_York"}).Draw(t, "zone"),
				},
				Locale: rapid.SampledFrom([]string{"", "es-US"}).Draw(t, "locale"),
			}))
		case "choose":
			s.commit(s.contact.Choose(consent.Choice{At: now, On: topics, Off: rapid.SampledFrom([][]program.Topic{nil, alerts.Topics[1:], orders.Topics}).Draw(t, "off"), Terms: terms}))
		case "pause":
			s.commit(s.contact.Pause(now, now.Add(72*time.Hour), nil))
		case "resume":
			s.commit(s.contact.Resume(now, nil))
		case "stop everything":
			s.commit(s.contact.StopEverything(brand, now, nil))
		case "suspend":
			s.commit(s.contact.Suspend(topics[0].ID, now, "no proof"))
		case "expire":
			s.commit(s.contact.Expire(now))
		case "carrier":
			s.commit(s.contact.CarrierOptOut("alerts", now, "opted out"))
		case "receipt":
			s.commit(s.contact.Receipt(consent.Receipt{Message: "1", At: now, Event: "TEXT_INVALID"}, []consent.Message{{
				At: now, Status: consent.Undelivered, History: []consent.StatusChange{{At: now, Status: consent.Undelivered, Detail: "TEXT_INVALID"}},
			}}))
		case "campaign":
			s.text(consent.Claim{ID: fmt.Sprintf("%026d", len(s.messages)+1), At: now, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: "spring", Content: "c"})
		default:
			in := inbound(fmt.Sprint(len(s.events)), map[string]keyword.Intent{
				"yes": saidYes, "stop": saidStop, "start": saidStart, "start in one step": saidStart, "kept out": saidStart, "help": saidHelp, "nothing": saidOther,
				"join": {Kind: keyword.OptIn}, "join alerts": saidJoin, "wrong number": {Kind: keyword.WrongNumber},
				"stop topic": {Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}, "stop all": {Kind: keyword.OptOut, Scope: keyword.Everything},
			}[do], said)
			if do == "start in one step" {
				in.Program = &oneStep
			}
			ch := s.contact.Hear(in)
			if do == "kept out" {
				ch = s.contact.KeptOut(ch)
			}
			s.commit(ch)
		}
		if err := s.ledger.Verify(s.record(), now); err != nil {
			t.Fatalf("I4: %v", err)
		}
	}
	return s
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

// Whatever part of whatever event is altered, of whatever record, shows. So does a contact that stands elsewhere than its events say.
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
