package inbound_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/testkit/world"
)

// givenUp is a number that programs.yaml does not have.
const givenUp = "+12065550177"

// cafe is a number of the second brand.
const cafe = "+12065550110"

func (w *fixture) at(brand string, n phone.Number) consent.Record {
	w.T.Helper()
	r, err := w.Table.Person(w.T.Context(), consent.Key{Brand: brand, Phone: n})
	if err != nil {
		w.T.Fatal(err)
	}
	if err := w.Ledger.Verify(r, w.Clock()); err != nil {
		w.T.Errorf("I4: %v", err)
	}
	return r
}

// customer has somebody get the texts of both brands.
func (w *fixture) customer(n phone.Number) {
	w.T.Helper()
	for _, number := range []string{alerts, orders, cafe} {
		_, prog, ok := w.Catalog.ByDestination(number)
		if !ok {
			w.T.Fatalf("programs.yaml has no %s", number)
		}
		w.says(n, number, prog.Topics[0].Keyword)
		w.says(n, number, "YES")
	}
	w.Carrier.Sent, w.Carrier.Lists = nil, nil
}

// stopped is the brands whose texts somebody gets no longer, and the brands' own lists.
func (w *fixture) stopped(n phone.Number) (brands []string) {
	for _, brand := range w.Catalog.Brands {
		c := w.at(brand.ID, n).Contact
		_, all := c.Stopped[consent.Everything]
		for _, s := range c.Subs {
			if (s.State == consent.Unsubscribed) != all {
				w.T.Errorf("at %s: stopped %t, and %s", brand.ID, all, s.State)
			}
		}
		if all {
			brands = append(brands, brand.ID)
		}
	}
	return brands
}

// A STOP to a number that was given up stops the phone at the brand that texted it from there, and where that is not on
// record, at every brand that knows it. Nobody answers, for there is no number to answer from.
func TestAStopToANumberThatWasGivenUp(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		texted     []string // brands that texted from the number
		want       []string
		event      consent.EventType
	}{
		{"nobody knows who texted from it", "STOP", nil, []string{"example", "examplecafe"}, consent.OptedOut},
		{"one brand did", "STOP", []string{"examplecafe"}, []string{"examplecafe"}, consent.OptedOut},
		{"both did", "please stop texting me", []string{"examplecafe", "example"}, []string{"example", "examplecafe"}, consent.OptedOut},
		{"the phone is somebody else's by now", "wrong number", []string{"example"}, []string{"example"}, consent.Voided},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.customer(her)
			for _, brand := range tc.texted {
				w.textedFrom(brand, givenUp)
			}
			if back := w.says(her, givenUp, tc.body); len(back) != 0 || len(w.Queue.Jobs) != 0 {
				t.Errorf("answered %q, %d dead letters", back, len(w.Queue.Jobs))
			}
			got := w.stopped(her)
			slices.Sort(got)
			slices.Sort(tc.want)
			if !slices.Equal(got, tc.want) {
				t.Errorf("stopped at %v, want %v", got, tc.want)
			}
			for _, brand := range tc.want {
				events := w.at(brand, her).Events
				e := events[len(events)-1]
				if e.Type != tc.event || e.Source != consent.SourceSMS || e.Evidence["to"] != givenUp || e.Evidence["body"] != tc.body || e.Program != "" {
					t.Errorf("event %+v", e)
				}
			}
			w.Pass(time.Hour)
			for _, brand := range []string{"example", "examplecafe"} {
				w.followUp(brand, her)
			}
			lists := map[string]bool{}
			for _, brand := range w.Catalog.Brands {
				for _, p := range brand.Programs {
					lists["+"+p.OptOutList] = slices.Contains(tc.want, brand.ID)
				}
			}
			for list, want := range lists {
				if slices.Contains(w.Carrier.Lists, list) != want {
					t.Errorf("lists %v, want %s: %t", w.Carrier.Lists, list, want)
				}
			}
		})
	}
}

// textedFrom puts a text on record that a brand sent from a number.
func (w *fixture) textedFrom(brand, number string) {
	w.T.Helper()
	messages := w.at(brand, her).Messages
	m := messages[len(messages)-1]
	m.Identity = number
	if err := w.Table.Record(w.T.Context(), table.Sent{Key: consent.Key{Brand: brand, Phone: her}, Message: m}); err != nil {
		w.T.Fatal(err)
	}
}

// The same again changes nothing more, and a new one leaves its event.
func TestAnAstrayStopThatComesAgain(t *testing.T) {
	w := newWorld(t)
	w.customer(her)
	w.Pass(time.Hour)
	e := sns(w.Clock(), payload(string(her), givenUp, "STOP", "astray"))
	for range 2 {
		if err := w.handler.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	before := len(w.at("example", her).Events)
	w.says(her, givenUp, "STOP")
	events := w.at("example", her).Events
	if len(events) != before+1 || events[before].Type != consent.Received || events[before-1].Type != consent.OptedOut || events[before-2].Type == consent.OptedOut {
		t.Errorf("%d events, then %+v", before, events[before-1:])
	}
}

// What is no opt-out, and an opt-out of somebody nobody knows, is kept for a person to look at.
func TestWhatElseGoesAstrayIsKept(t *testing.T) {
	for name, tc := range map[string]struct {
		from phone.Number
		body string
	}{
		"HELP":                     {her, "HELP"},
		"YES":                      {her, "YES"},
		"a question":               {her, "who is this?"},
		"a STOP of a stranger":     {"+12125550187", "STOP"},
		"a STOP to no number":      {her, ""},
		"wrong number, stranger's": {"+12125550187", "wrong number"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			var log bytes.Buffer
			w.handler.Log = slog.New(slog.NewTextHandler(&log, nil))
			w.customer(her)
			versions := w.versions()
			w.says(tc.from, givenUp, tc.body)
			if len(w.Queue.Jobs) != 1 || len(w.Carrier.Sent) != 0 || len(w.Carrier.Lists) != 0 || w.versions() != versions {
				t.Errorf("%d dead letters, %d texts, lists %v, contacts %v", len(w.Queue.Jobs), len(w.Carrier.Sent), w.Carrier.Lists, w.versions())
			}
			if strings.Contains(log.String(), "2065550142") || strings.Contains(log.String(), "2125550187") {
				t.Errorf("I10: %s", &log)
			}
		})
	}
}

// A STOP that fails is told of each time it does, whatever failed before it, and nothing else is told of so.
func TestAStopThatFailsIsToldEachTime(t *testing.T) {
	for _, tc := range []struct {
		name, to, body string
		breaks         func(w *fixture)
		told           int
	}{
		{"the table takes nothing", alerts, "STOP", func(w *fixture) { w.Table.Fault = world.Failing("Commit", 2, errBroken) }, 2},
		{"in other words", alerts, "please stop texting me", func(w *fixture) { w.Table.Fault = world.Failing("Commit", 2, errBroken) }, 2},
		{"a number given up", givenUp, "STOP", func(w *fixture) { w.handler.Records = unreadable{} }, 2},
		{"no STOP", alerts, "HELP", func(w *fixture) { w.Table.Fault = world.Failing("Commit", 2, errBroken) }, 0},
		{"no failure", alerts, "STOP", func(*fixture) {}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.customer(her)
			tc.breaks(w)
			e := sns(w.Clock(), payload(string(her), tc.to, tc.body, "in-9"))
			for range 2 {
				if err := w.handler.Handle(t.Context(), e); (err == nil) != (tc.name == "no failure") && tc.told > 0 {
					t.Errorf("%v", err)
				}
			}
			if told := strings.Count(w.Counted.String(), `"StopFailed":1`); told != tc.told {
				t.Errorf("told %d times, want %d", told, tc.told)
			}
		})
	}
}

func (w *fixture) versions() (all [2]int64) {
	for i, brand := range w.Catalog.Brands[:2] {
		all[i] = w.at(brand.ID, her).Contact.Version
	}
	return all
}

// It is counted and logged, without the number.
func TestAnAstrayStopIsSeen(t *testing.T) {
	w := newWorld(t)
	w.customer(her)
	var log, metrics bytes.Buffer
	w.handler.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.handler.Metrics = telemetry.New(&metrics, "smsconsent", func() time.Time { return w.Clock() })
	w.says(her, givenUp, "STOP")
	if !strings.Contains(metrics.String(), `"OptOutAstray"`) || !strings.Contains(log.String(), "no longer has") {
		t.Errorf("log %q, metrics %q", &log, &metrics)
	}
	if strings.Contains(log.String()+metrics.String(), "206555") {
		t.Errorf("I10: %s%s", &log, &metrics)
	}
}

// Where the record cannot be read the event comes again.
func TestAnAstrayStopWaitsForTheTable(t *testing.T) {
	w := newWorld(t)
	w.customer(her)
	w.handler.Records = unreadable{}
	if err := w.handler.Handle(t.Context(), sns(w.Clock(), payload(string(her), givenUp, "STOP", "astray"))); !errors.Is(err, errBroken) || len(w.Queue.Jobs) != 0 {
		t.Errorf("%v, %d dead letters", err, len(w.Queue.Jobs))
	}
}

type unreadable struct{}

func (unreadable) Person(context.Context, consent.Key) (consent.Record, error) {
	return consent.Record{}, errBroken
}

// A YES to a topic that the function does not know comes again where newer programs may know it, and is not spent.
func TestAYesToANewTopicWaitsForTheProgramsThatHaveIt(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "JOIN")
	known := w.handler.Catalog
	_, prog, _ := known.ByDestination(alerts)
	topics := prog.Topics
	prog.Topics = nil
	newer := true
	w.handler.Newer = func(context.Context) bool { return newer }
	yes := sns(w.Clock().Add(time.Minute), payload(string(her), alerts, "YES", "in-yes"))
	before := w.at("example", her)
	if err := w.handler.Handle(t.Context(), yes); err == nil {
		t.Error("it does not come again")
	}
	if after := w.at("example", her); after.Contact.Version != before.Contact.Version {
		t.Error("it is on record as heard")
	}
	prog.Topics, newer = topics, false
	w.Pass(2 * time.Minute)
	if err := w.handler.Handle(t.Context(), yes); err != nil {
		t.Fatal(err)
	}
	if s := w.at("example", her).Contact.Subs["alerts"]; s.State != consent.Subscribed {
		t.Errorf("she is %s", s.State)
	}
}
