package page

import (
	"strings"
	"testing"

	"smsconsent/shared/core/program"
)

func TestFillPutsEachValueInOnce(t *testing.T) {
	if got := Fill("{a} and {b}", "a", "{b}", "b", "{a}"); got != "{b} and {a}" {
		t.Errorf("%q", got)
	}
}

func TestANameWithAFullStopEndsTheSentence(t *testing.T) {
	for brand, want := range map[string]string{
		"Example Corp.": "You get no more texts from Example Corp.", "Example": "You get no more texts from Example.",
	} {
		got := Fill("You get no more texts from {brand}.", "brand", Isolated(brand))
		if strings.NewReplacer("\u2068", "", isolateEnd, "").Replace(got) != want {
			t.Errorf("%q", got)
		}
	}
	if got := Fill("{a}.", "a", "b."); got != "b.." {
		t.Errorf("what is not isolated is left alone: %q", got)
	}
}

func TestList(t *testing.T) {
	for want, names := range map[string][]string{"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := List(names, "or", ""); got != want {
			t.Errorf("%v: %q", names, got)
		}
	}
	if got := List([]string{"a", "b", "c"}, "and", "*"); got != "a*, *b* and *c" {
		t.Errorf("emphasised: %q", got)
	}
}

func TestOften(t *testing.T) {
	each := map[program.Period][2]string{program.Week: {"once a week", "{n} times a week"}}
	for want, f := range map[string]program.Frequency{
		"it varies": {}, "once a week": {Count: 1, Period: program.Week}, "12 times a week": {Count: 12, Period: program.Week},
	} {
		if got := Often(f, each, "it varies"); got != want {
			t.Errorf("%v: %q, want %q", f, got, want)
		}
	}
}

func TestPhrasebook(t *testing.T) {
	book := NewPhrasebook(func(w *string) string { return (*w)[:2] }, "en: hello", "fr: bonjour")
	for wish, want := range map[string]string{"fr-CA": "fr: bonjour", "en": "en: hello", "de": "en: hello", "": "en: hello"} {
		w, found := book.Best(wish)
		if *w != want || found != (wish == "fr-CA" || wish == "en") {
			t.Errorf("%s: %q, %t", wish, *w, found)
		}
	}
}
