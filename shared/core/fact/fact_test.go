package fact_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/fact"
	"smsconsent/shared/core/phone"
)

var (
	noon = time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC)
	her  = fact.Person{Key: consent.Key{Brand: "example", Phone: "+12065550142"}, Hash: "0123456789abcdef"}
)

// What the person told and the evidence stay in the record.
func TestAnEventIsToldWithoutItsEvidence(t *testing.T) {
	until := noon.Add(24 * time.Hour)
	got := fact.OfEvent(her, &consent.Event{
		Seq: 1, Type: consent.Requested, At: noon, Source: "form", Program: "alerts", Topics: []string{"alerts"},
		Effect:   consent.Effect{Class: "promotional", Until: until, Told: phone.Told{ZIP: "98101"}, Locale: "es"},
		Evidence: map[string]string{"ip": "192.0.2.1"}, Hash: "h",
	})
	want := fact.Fact{Type: fact.ConsentRequested, Detail: fact.Detail{
		ID: "h", Brand: "example", Person: her.Hash, At: noon, Seq: 1, Source: "form", Program: "alerts",
		Topics: []string{"alerts"}, Class: "promotional", Until: until,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A telling goes out as what it is.
func TestATellingIsToldAsSuch(t *testing.T) {
	got := fact.OfEvent(her, &consent.Event{
		Seq: 1, Type: consent.Told, At: noon, Source: "api", Program: "orders", Topics: []string{"orders"},
		Effect: consent.Effect{Class: "transactional"}, Evidence: map[string]string{"disclosure": "We text you when it ships."}, Hash: "h",
	})
	if got.Type != "consent.told" || got.Detail.Class != "transactional" || got.Detail.Source != "api" {
		t.Errorf("%+v", got)
	}
}

// Who hears of an opt-out has to know how far it reaches, and to which topics where it is not all.
func TestAnOptOutSaysHowFarItReaches(t *testing.T) {
	for _, tc := range []struct {
		name    string
		stopped []string
		ended   []string
		scope   string
		topics  []string
	}{
		{"all", []string{consent.Everything}, []string{"alerts", "orders"}, fact.ScopeEverything, []string{"alerts", "orders"}},
		{"all, from a stranger", []string{consent.Everything}, nil, fact.ScopeEverything, nil},
		{"a program", []string{"alerts"}, []string{"alerts"}, fact.ScopeProgram, []string{"alerts"}},
		{"topics", []string{consent.OneTopic("b"), consent.OneTopic("a")}, []string{"b"}, fact.ScopeTopics, []string{"b", "a"}},
		{"a program and all", []string{"alerts", consent.Everything}, nil, fact.ScopeEverything, nil},
		{"a topic and its program", []string{consent.OneTopic("a"), "alerts"}, nil, fact.ScopeProgram, []string{"a"}},
	} {
		e := consent.Event{Type: consent.OptedOut, Topics: tc.ended, Effect: consent.Effect{Stopped: map[string]time.Time{}}}
		for _, key := range tc.stopped {
			e.Stopped[key] = noon
		}
		got := fact.OfEvent(her, &e)
		if got.Type != fact.ConsentRevoked || got.Detail.Scope != tc.scope || !slices.Equal(got.Detail.Topics, tc.topics) {
			t.Errorf("%s: %s, %s %v", tc.name, got.Type, got.Detail.Scope, got.Detail.Topics)
		}
		if !slices.Equal(e.Topics, tc.ended) {
			t.Errorf("%s: the event was changed to %v", tc.name, e.Topics)
		}
	}
}

// The words of a text stay in the record. A text whose sender came back to say more is told anew, for that is news.
func TestATextIsToldWithoutItsWords(t *testing.T) {
	m := consent.Message{
		ID: "01M84S1580MNPQRSTVWXYZABCD", At: noon, Kind: "promotional", Program: "alerts", Topics: []string{"alerts"},
		Campaign: "c", Content: "h", Body: "Open today.", Identity: "+12065550100",
		History: []consent.StatusChange{{Detail: "older"}, {Detail: "MESSAGE_REJECTED"}},
	}
	want := fact.Detail{
		Brand: "example", Person: her.Hash, At: noon, Program: "alerts", Topics: m.Topics, Text: m.ID, Kind: "promotional",
		Campaign: "c", Content: "h", Reason: "MESSAGE_REJECTED",
	}
	for status, kind := range map[consent.Status]fact.Type{
		consent.Sent: fact.TextSent, consent.Unconfirmed: fact.TextUnconfirmed, consent.Rejected: fact.TextRefused,
		consent.Withheld: fact.TextRefused, "": "", "another": "",
	} {
		m.Status, want.Status, want.ID = status, status, m.ID+"#"+string(status)
		got := fact.OfText(her, &m)
		if kind == "" {
			if got.Type != "" {
				t.Errorf("%q is a %s", status, got.Type)
			}
			continue
		}
		if diff := cmp.Diff(fact.Fact{Type: kind, Detail: want}, got); diff != "" {
			t.Errorf("%s: %s", status, diff)
		}
	}
}

func TestAReceiptIsTold(t *testing.T) {
	step := consent.StatusChange{At: noon, Status: consent.Undelivered, Detail: "TEXT_INVALID"}
	want := fact.Fact{Type: fact.TextUndelivered, Detail: fact.Detail{
		ID: "x#1", Brand: "example", Person: her.Hash, At: noon, Text: "x", Status: consent.Undelivered, Reason: "TEXT_INVALID",
	}}
	if diff := cmp.Diff(want, fact.OfStep(her, "x", "x#1", step)); diff != "" {
		t.Error(diff)
	}
	for status, kind := range map[consent.Status]fact.Type{
		consent.Delivered: fact.TextDelivered, consent.Clicked: fact.TextClicked, "another": "",
	} {
		step.Status = status
		if got := fact.OfStep(her, "x", "x#1", step).Type; got != kind {
			t.Errorf("%s is %q", status, got)
		}
	}
}
