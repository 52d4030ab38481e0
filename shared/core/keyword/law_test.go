package keyword

import (
	"reflect"
	"testing"
)

// A word that the law of a place takes for an opt-out is one where it is all that is said, and nowhere else.
func TestOptOutWordsOfTheLaw(t *testing.T) {
	for _, c := range []struct {
		word, reply string
		want        bool
	}{
		{"REM", "REM", true},
		{"REM", " rem. ", true},
		{"REM", "Remember me", false},
		{"REM", "", false},
		{"", "REM", false},
		{"NO", "No!", true},
		{"NO", "no thanks, keep them coming", false},
		{"B", "b", true},
		{"B", "bb", false},
		{"ÇIK", "çik", true},
		{"ยกเลิก", "ยกเลิก", true},
	} {
		v := Vocabulary{Place: []string{"en"}}
		if c.word != "" {
			v.OptOut = []string{"OTHER", c.word}
		}
		got := v.Classify(c.reply)
		if stops := got.Kind == OptOut && got.Scope == Program; stops != c.want {
			t.Errorf("%q where the law says %q: %+v", c.reply, c.word, got)
		}
		if how := v.Explain(c.reply); !reflect.DeepEqual(how.Intent, got) {
			t.Errorf("%q where the law says %q is %+v, and explained as %+v", c.reply, c.word, got, how.Intent)
		}
	}
}

// A law takes nothing back: what ends more than STOP does, or less, stays as it was said.
func TestOptOutWordsOfTheLawAddOnly(t *testing.T) {
	plain, lawful := Vocabulary{}, Vocabulary{OptOut: []string{"STOP", "ARRET", "UNSUBSCRIBE"}}
	for _, said := range []string{"STOP", "arrêt", "stop alerts", "unsubscribe", "START", "hello", "👍"} {
		if got, want := lawful.Classify(said), plain.Classify(said); got != want {
			t.Errorf("%q: %+v, want %+v", said, got, want)
		}
	}
}
