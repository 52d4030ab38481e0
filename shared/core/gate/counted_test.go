package gate_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
)

// Whoever asks why a text waits is shown the texts that keep it back, and no others: those the rule counts, within its
// window.
func TestCounted(t *testing.T) {
	s := newScene(t)
	s.catalog.LeastGap = 4 * time.Hour
	for _, c := range []struct {
		id    string
		ago   time.Duration
		kind  message.Kind
		topic string
	}{
		{"long ago", 31 * 24 * time.Hour, message.Promotional, "alerts"},
		{"reminder", 20 * 24 * time.Hour, message.Reminder, "alerts"},
		{"other topic", 5 * time.Hour, message.Promotional, "hourly"},
		{"four hours", 4 * time.Hour, message.Promotional, "alerts"},
		{"answer", 2 * time.Hour, message.Reply, "alerts"},
		{"late reminder", 2 * time.Hour, message.Reminder, "alerts"},
		{"latest", time.Hour, message.Promotional, "alerts"},
	} {
		s.texted(c.ago, c.kind, c.topic)
		s.contact.Claims[len(s.contact.Claims)-1].ID = c.id
	}
	p := person(t, seattle)
	p.Contact = &s.contact
	counted := func(rule string, p gate.Person) []string {
		ids := []string{}
		for _, cl := range s.gate.Counted(rule, p, s.text, s.now) {
			ids = append(ids, cl.ID)
		}
		return ids
	}
	for rule, want := range map[string][]string{
		gate.PromisedFrequency: {"reminder", "four hours", "late reminder", "latest"},
		gate.LegalCap:          {"other topic", "four hours", "late reminder", "latest"},
		gate.LeastGap:          {"latest"},
		"deliverable":          {},
	} {
		if got := counted(rule, p); !slices.Equal(got, want) {
			t.Errorf("%s counts %q, want %q", rule, got, want)
		}
	}
	// Of a place nobody knows there is no law, and of a topic nobody knows no promise.
	p.Hours, s.text.Topics = nil, []string{"gone"}
	for _, rule := range []string{gate.LegalCap, gate.PromisedFrequency} {
		if got := counted(rule, p); len(got) > 0 {
			t.Errorf("%s counts %q of nobody knows what", rule, got)
		}
	}
}
