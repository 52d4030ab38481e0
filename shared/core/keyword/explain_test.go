package keyword

import (
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What is explained is what Classify says, and a reading that says so is among those shown.
func TestExplainSaysWhatClassifySays(t *testing.T) {
	v := Vocabulary{Topics: []Topic{{ID: "deals", Keyword: "DEALS", Name: "daily deals"}}}
	check := func(t interface{ Errorf(string, ...any) }, message string) {
		e := v.Explain(message)
		if in := v.Classify(message); e.Intent != in {
			t.Errorf("%q is %+v, explained as %+v", message, in, e.Intent)
		}
		if stopsOrVoids(e.Intent) && !slices.ContainsFunc(e.Readings, func(r Reading) bool { return r.Why == e.Intent.Why }) {
			t.Errorf("%q: no reading of %+v is %s", message, e.Readings, e.Intent.Why)
		}
	}
	for _, r := range replies(t, filepath.Join("testdata", "replies", "replies.tsv"), 3) {
		check(t, r[2])
	}
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.OneOf(pieces(), rapid.String()).Draw(t, "message")) })
}

func TestExplain(t *testing.T) {
	e := Vocabulary{}.Explain("Hi, pls srop texting me!")
	if !slices.Equal(e.Spoken, []string{"en"}) || len(e.Readings) != 2 || e.Cut {
		t.Fatalf("%+v, want it read twice in English", e)
	}
	first, second := e.Readings[0], e.Readings[1]
	if first.Kind != Other || first.Mended || second.Kind != OptOut || !second.Mended || second.Language != "en" {
		t.Errorf("read first as %+v, then as %+v", first, second)
	}
	if want := (Word{Written: "srop", Read: "srop", Classes: []string{"unknown"}}); !reflect.DeepEqual(first.Words[2], want) {
		t.Errorf("the slip is %+v, want %+v", first.Words[2], want)
	}
	want := Word{Written: "srop", Read: "srop", Known: "stop", Classes: []string{"stop"}, Guessed: true}
	if !reflect.DeepEqual(second.Words[2], want) {
		t.Errorf("mended, it is %+v, want %+v", second.Words[2], want)
	}
	explicitly := slices.IndexFunc(second.Sections, func(s Section) bool { return s.Name == "explicit" })
	if explicitly < 0 {
		t.Fatalf("%+v: the section explicit was not asked", second.Sections)
	}
	s := second.Sections[explicitly]
	if !slices.Contains(s.Tried, e.Intent.Why) || !slices.Equal(s.Fits, []Fit{{Rule: e.Intent.Why, Words: "srop texting me"}}) {
		t.Errorf("the section that decides is %+v", s)
	}
}

// What people do to words is shown, and words written as one are shown as what they were read as.
func TestExplainShowsHowWordsWereFolded(t *testing.T) {
	for message, want := range map[string][]Word{
		"ＳＴＯＰ":        {{Written: "STOP", Read: "stop", Known: "stop", Classes: []string{"stop"}}},
		"5T0P!":       {{Written: "5T0P", Read: "stop", Known: "stop", Classes: []string{"stop"}, Guessed: true}},
		"s.t.o.p":     {{Written: "s.t.o.p", Read: "stop", Known: "stop", Classes: []string{"stop"}, Guessed: true}},
		"arrêt":       {{Written: "arret", Read: "arret", Known: "arret", Classes: []string{"stop"}, Accented: true}},
		"unsubscibee": {{Written: "unsubscibee", Read: "unsubscibee", Known: "unsubscribe", Classes: []string{"unsub"}, Guessed: true}},
		"deals":       {{Written: "deals", Read: "deals", Known: "deals", Classes: []string{"message", "topic"}, Topic: "d"}},
		"stopit me": {
			{Written: "stopit", Read: "stopit", Known: "stopit", Classes: []string{"stop"}},
			{Written: "me", Read: "me", Known: "me", Classes: []string{"me"}},
		},
		"removeme": {
			{Written: "removeme", Read: "remove", Known: "remove", Classes: []string{"remove"}},
			{Written: "removeme", Read: "me", Known: "me", Classes: []string{"me"}},
		},
	} {
		e := Vocabulary{Topics: []Topic{{ID: "d", Keyword: "DEALS"}}}.Explain(message)
		if len(e.Readings) == 0 || !reflect.DeepEqual(e.Readings[0].Words, want) {
			t.Errorf("%q is read as %+v, want %+v", message, e.Readings, want)
		}
	}
	if e := (Vocabulary{}).Explain(" "); e.Readings != nil || e.Intent.Why != "empty" {
		t.Errorf("what is empty is read as %+v", e)
	}
}
