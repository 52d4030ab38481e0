package keyword

import (
	"strings"
	"testing"
)

// A topic that is called by an everyday word narrows no STOP: whoever says "stop this" means all of it.
func TestATopicWithAnEverydayName(t *testing.T) {
	for _, word := range []string{"please", "hello", "now", "this", "all", "more", "me", "my"} {
		v := Vocabulary{Topics: []Topic{{ID: word, Name: word}, {ID: "deals", Name: "Deals"}}}
		for _, message := range []string{"stop " + word, "STOP " + word + "!"} {
			if in := v.Classify(message); in.Kind != OptOut || in.Scope == OneTopic {
				t.Errorf("%q is %+v", message, in)
			}
		}
		if in := v.Classify("stop deals " + word); in.Kind != OptOut || in.Scope != Everything && in.Topic != "deals" {
			t.Errorf("stop deals %s is %+v", word, in)
		}
	}
}

// Words that may stand beside the name of a topic narrow a STOP to it all the same; others do not.
func TestWordsBesideATopic(t *testing.T) {
	for message, scope := range map[string]Scope{
		"stop the deals": OneTopic, "no deals": OneTopic, "stop texting deals": OneTopic, "stop deals 12345": OneTopic,
		"stop deals from Bob": Program, "stop deals and call": Program,
	} {
		if in := classify(message); in.Kind != OptOut || in.Scope != scope {
			t.Errorf("%q is %+v, want an opt-out of %q", message, in, scope)
		}
	}
}

// A topic is joined by its name where the person says join or start, by its keyword alone.
func TestTopicsAreJoinedByNameAndKeyword(t *testing.T) {
	for message, topic := range map[string]string{
		"START RECALLS": "recalls", "subscribe recalls": "recalls", "join recalls please": "recalls", "Deals": "deals",
		"recalls": "", "dailydeals join": "",
	} {
		if in := classify(message); (in.Kind == OptIn) != (topic != "") || in.Topic != topic {
			t.Errorf("%q is %+v, want an opt-in of %q", message, in, topic)
		}
	}
}

// Names longer than any program has are not looked for: they would cost each word as much as they are long.
func TestALongNameOfATopic(t *testing.T) {
	for length, known := range map[int]bool{longestName: true, longestName + 1: false} {
		name := strings.Repeat("x", length)
		v := Vocabulary{Topics: []Topic{{ID: "long", Keyword: name}}}
		if in := v.Classify(name); (in.Topic == "long") != known {
			t.Errorf("a keyword of %d bytes: %+v", length, in)
		}
	}
}

// What is long is a reaction to a text of ours only where it begins as one.
func TestWhereAReactionBegins(t *testing.T) {
	for message, want := range map[string]bool{
		`Liked "STOP to end"`: true, `  Loved “STOP to end”`: true, `Reacted 👍 to "STOP to end"`: true, `Removed a heart from “STOP to end”`: true,
		`👍 to “STOP to end”`: true, `Le gustó “STOP”`: true, `Hat „STOP“`: true,
		`Reacted so badly to the thing that you said about "STOP"`: false, `Liked STOP`: false, `"STOP"`: false, `Liked "STOP`: false, `Liked ""`: false,
		`so "STOP"`: false, `a to “STOP”`: false,
	} {
		if got := classify(message).Why == "reaction to a text of ours"; got != want {
			t.Errorf("%q is a reaction: %v", message, got)
		}
	}
}

// A no has a name in the record as every other keyword has.
func TestEveryAnswerHasAReason(t *testing.T) {
	for _, message := range []string{"no", "nein", "いいえ", "nope", "N", "yes", "sí", "HELP", "START", "prefs"} {
		if in := (Vocabulary{Place: []string{"en", "de"}}).Classify(message); !strings.HasPrefix(in.Why, `keyword "`) {
			t.Errorf("%q is %+v", message, in)
		}
	}
}

// Two letters are enough for a keyword that means nothing else, one is not.
func TestTheShortestKeyword(t *testing.T) {
	for word, reserved := range map[string]bool{"ZQ": false, "Z9": false, "Z": true, "99": true, "NO": true, "OK": true} {
		if got := Reserved(word); got != reserved {
			t.Errorf("%s is reserved: %v", word, got)
		}
	}
}

// A word of each kind that means something already is no keyword, and one that only stands in sentences is.
func TestWordsThatMeanSomething(t *testing.T) {
	for word := range strings.FieldsSeq("STOP UNSUB UNSUBSCRIBED CANCEL REMOVE LEAVE DONT NO PLEASE HI WRONG SPAM FCC SUE YES HELP START PREFS") {
		if !Reserved(word) {
			t.Errorf("%s may be a keyword", word)
		}
	}
	for word := range strings.FieldsSeq("TEXTS MONDAY ORDER GETS CALL MARIA INTEREST") {
		if Reserved(word) {
			t.Errorf("%s may be no keyword", word)
		}
	}
}

// Who joins or declines is believed where the word has its marks; without them it may be another.
func TestAWordWithoutItsMarks(t *testing.T) {
	for _, c := range []struct {
		place, marked, bare string
		kind                Kind
	}{
		{"vi", "không", "khong", Decline},
		{"tr", "hayır", "hayir", Decline},
		{"vi", "đăng ký", "dang ky", OptIn},
		{"cs", "přihlásit", "prihlasit", OptIn},
		{"pl", "dołącz", "dolacz", OptIn},
		{"sv", "anmäl", "anmal", OptIn},
		{"ro", "abonează", "aboneaza", OptIn},
	} {
		v := Vocabulary{Place: []string{c.place}}
		if in := v.Classify(c.marked); in.Kind != c.kind {
			t.Errorf("%s is %+v, want %s", c.marked, in, c.kind)
		}
		if in := v.Classify(c.bare); in.Kind == c.kind {
			t.Errorf("%s is %+v", c.bare, in)
		}
	}
}
