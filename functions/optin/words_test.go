package optin

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/core/program"
)

// holes are what a text has to be filled with.
func holes(text string) []string {
	found := regexp.MustCompile(`\{[a-z]+\}`).FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Every language says everything, with the same holes and as much emphasis as English.
func TestEveryLanguageSaysEverything(t *testing.T) {
	want := reflect.ValueOf(english())
	for _, w := range phrasebook().Words {
		got := reflect.ValueOf(w)
		for i := range got.NumField() {
			if got.Field(i).Kind() != reflect.String {
				continue
			}
			text, model := got.Field(i).String(), want.Field(i).String()
			if text == "" || !slices.Equal(holes(text), holes(model)) || strings.Count(text, "*") != strings.Count(model, "*") {
				t.Errorf("%s %s: %q, in English %q", w.Tag, got.Type().Field(i).Name, text, model)
			}
		}
		for _, why := range []reason{
			noTopic, phoneEmpty, phoneTooLong, phoneSigns, phoneCountry, phoneTenDigits, phoneDigits, phoneUnable, stateUnknown, zipUnknown,
			changed, unsolved, outdated, unverifiable, tooMany, brandFull, foreignSite, tryAgain,
		} {
			if text := w.Reasons[why]; text == "" || !slices.Equal(holes(text), holes(english().Reasons[why])) {
				t.Errorf("%s %s: %q", w.Tag, why, text)
			}
		}
		if len(w.Reasons) != len(english().Reasons) {
			t.Errorf("%s has %d reasons", w.Tag, len(w.Reasons))
		}
		for _, p := range []program.Period{program.Day, program.Week, program.Month, program.Year} {
			for n, f := range []program.Frequency{{Count: 1, Period: p}, {Count: 12, Period: p}} {
				if text := w.often(f); text == "" || strings.Contains(text, "12") != (n == 1) || strings.Contains(text, "{") {
					t.Errorf("%s %s: %q", w.Tag, f, text)
				}
			}
		}
		if w.often(program.Frequency{}) == "" {
			t.Errorf("%s: no word for no promise", w.Tag)
		}
	}
}

// Links change nothing of a text, for its hash is on record.
func TestLinkedTextIsTheText(t *testing.T) {
	const text = "A b. Terms: https://a.example/t Privacy: https://a.example/t?p"
	for _, tc := range []struct {
		addresses []string
		links     int
	}{
		{[]string{"https://a.example/t", "https://a.example/t?p"}, 2},
		{[]string{"", ""}, 0},
		{[]string{"https://b.example"}, 0},
	} {
		var all strings.Builder
		links := 0
		for _, p := range linked(text, tc.addresses...) {
			all.WriteString(p.Text)
			if p.Link != "" {
				links++
			}
		}
		if all.String() != text || links != tc.links {
			t.Errorf("%v: %q with %d links", tc.addresses, &all, links)
		}
	}
}

// Only our own asterisks emphasise, not those of a name.
func TestEmphasised(t *testing.T) {
	got := emphasised("Text *{word}* to {name}*!*", "word", "a*b", "name", "{word}*")
	want := []piece{{Text: "Text "}, {Text: "a*b", Strong: true}, {Text: " to {word}*"}, {Text: "!", Strong: true}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// A form that says something else has another version, and the same form the same one.
func TestFormVersion(t *testing.T) {
	s := phrasebook()
	before, again := formVersion(&s), phrasebook()
	if before != formVersion(&again) {
		t.Error("the version of one form differs")
	}
	s.Words[1].Reasons[noTopic] += "!"
	if formVersion(&s) == before {
		t.Error("other words have the same version")
	}
}
