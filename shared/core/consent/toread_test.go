package consent_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
)

// A person reads what no rule understands, and what those who said STOP may mean by it; never an opt-out, and nothing
// that has its answer.
func TestWhatAPersonShouldRead(t *testing.T) {
	for name, c := range map[string]struct {
		intent  keyword.Intent
		stopped time.Duration // before it; 0 for never
		read    bool
	}{
		"a question":                      {keyword.Intent{Kind: keyword.Other}, 0, true},
		"a question of who stopped":       {keyword.Intent{Kind: keyword.Other}, 2 * time.Hour, true},
		"what may be an opt-out":          {keyword.Intent{Kind: keyword.Other, Unclear: true}, 0, true},
		"an emoji":                        {keyword.Intent{Kind: keyword.Other, Wordless: true}, 0, false},
		"an opt-out":                      {keyword.Intent{Kind: keyword.OptOut}, 0, false},
		"an opt-out again":                {keyword.Intent{Kind: keyword.OptOut}, time.Hour, false},
		"a wrong number":                  {keyword.Intent{Kind: keyword.WrongNumber}, 0, false},
		"help":                            {keyword.Intent{Kind: keyword.Help}, 0, false},
		"help while answers still arrive": {keyword.Intent{Kind: keyword.Help}, time.Hour - time.Millisecond, false},
		"help that nobody can answer":     {keyword.Intent{Kind: keyword.Help}, time.Hour, true},
		"a wish to come back":             {keyword.Intent{Kind: keyword.OptIn}, 2 * time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			person, at := subscribed(t).contact, noon.Add(3*time.Hour)
			if c.stopped > 0 {
				person.Stopped = map[string]time.Time{consent.Everything: at.Add(-c.stopped)}
			}
			in := inbound("1", c.intent, at)
			ch := person.Hear(in)
			if (ch.ToRead != "") != c.read {
				t.Errorf("to read because of %q, want %t", ch.ToRead, c.read)
			}
			if in.Program = nil; person.Hear(in).ToRead != "" {
				t.Error("a text to a number nobody has is put before a reader")
			}
		})
	}
}
