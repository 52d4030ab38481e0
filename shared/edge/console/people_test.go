package console

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
)

// People are found by what the list shows of them, by the names of their places and by their tier.
func TestSearchWords(t *testing.T) {
	now := time.Date(2027, time.January, 5, 18, 0, 0, 0, time.UTC)
	digest := &consent.Contact{
		Key:  consent.Key{Brand: "example", Phone: "+13055550123"},
		Subs: map[string]consent.Subscription{"alerts": {State: consent.Subscribed, Tier: consent.Digest}},
	}
	regular := &consent.Contact{
		Key:  consent.Key{Brand: "example", Phone: "+12065550142"},
		Subs: map[string]consent.Subscription{"alerts": {State: consent.Subscribed}},
	}
	c := new(Console)
	for words, want := range map[string][2]bool{
		"": {true, true}, "digest": {true, false}, "regular": {false, true}, "Florida": {true, false}, "US-WA": {false, true},
		"washington": {false, true}, "florida digest": {true, false}, "florida regular": {false, false}, "nobody": {false, false},
	} {
		s := &search{words: strings.Fields(strings.ToLower(words))}
		for i, contact := range []*consent.Contact{digest, regular} {
			p := &Person{Places: [][]string{{"US-FL"}, {"US-WA"}}[i], Facts: facts(contact, now)}
			if got := c.matches(s, contact, p); got != want[i] {
				t.Errorf("%q finds %v: %t", words, p.Facts, got)
			}
		}
	}
	if got := facts(digest, now)[0].Text; got != "alerts subscribed, digest" {
		t.Errorf("the row shows %q", got)
	}
}
