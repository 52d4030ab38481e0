package gate_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

func person(t fataler, places ...phone.Place) gate.Person {
	t.Helper()
	book, err := jurisdiction.New(jurisdiction.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	hours, err := book.Hours(places)
	if err != nil {
		t.Fatal(err)
	}
	return gate.Person{Hours: hours}
}

func TestOpening(t *testing.T) {
	for _, tc := range []struct {
		name      string
		now, want time.Time
	}{
		{"at noon", noon, noon},
		{"a minute before the hours end", time.Date(2026, 12, 2, 3, 59, 0, 0, time.UTC), time.Date(2026, 12, 2, 3, 59, 0, 0, time.UTC)},
		{"a second later", time.Date(2026, 12, 2, 3, 59, 1, 0, time.UTC), time.Date(2026, 12, 2, 17, 0, 0, 0, time.UTC)},
		{"at night", time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC), time.Date(2026, 12, 2, 17, 0, 0, 0, time.UTC)},
		{"the evening before a Sunday", time.Date(2026, 12, 6, 6, 0, 0, 0, time.UTC), time.Date(2026, 12, 6, 20, 0, 0, 0, time.UTC)},
	} {
		if got, err := person(t, seattle).Opening(tc.now); err != nil || !got.Equal(tc.want) {
			t.Errorf("%s: %s (%v), want %s", tc.name, got, err, tc.want)
		}
	}
}

func TestOpeningThatNeverComes(t *testing.T) {
	p := person(t, phone.Place{Country: "US", State: "RI", Zones: []string{"America/New_York"}}, phone.Place{Country: "US", State: "GU", Zones: []string{"Pacific/Guam"}})
	if at, err := p.Opening(time.Date(2026, 7, 7, 20, 0, 0, 0, time.UTC)); !errors.Is(err, jurisdiction.ErrNeverOpen) {
		t.Errorf("%s (%v)", at, err)
	}
}

// At the opening the rule of the gate lets a text go, and never before.
func TestOpeningAgreesWithTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom([]phone.Place{seattle, miami}).Draw(t, "place")
		now := noon.Add(time.Duration(rapid.IntRange(0, 30*24*3600).Draw(t, "seconds")) * time.Second)
		opens, err := person(t, place).Opening(now)
		if err != nil {
			t.Fatal(err)
		}
		s := newScene(t)
		s.place = place
		allowed := func(at time.Time) bool {
			s.now = at
			d := s.decide(t)
			return d.Rule != gate.PermittedHours
		}
		if !allowed(opens) {
			t.Fatalf("opens %s, and the rule refuses", opens)
		}
		if opens.After(now) && (allowed(now) || allowed(opens.Add(-time.Second))) {
			t.Fatalf("opens %s, and the rule allows a text earlier", opens)
		}
	})
}
