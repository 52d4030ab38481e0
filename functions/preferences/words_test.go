package preferences

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/program"
)

// leaves are all texts of a value, by where they are.
func leaves(v reflect.Value, path string, into map[string]string) {
	switch v.Kind() {
	case reflect.String:
		into[path] = v.String()
	case reflect.Struct:
		for i := range v.NumField() {
			leaves(v.Field(i), path+"."+v.Type().Field(i).Name, into)
		}
	case reflect.Array:
		for i := range v.Len() {
			leaves(v.Index(i), path+"."+strconv.Itoa(i), into)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			leaves(v.MapIndex(k), path+"."+k.String(), into)
		}
	default:
		panic(v.Kind())
	}
}

// Every language says all that English says, about the same things, and in its own words.
func TestEveryLanguageSaysEverything(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	want := map[string]string{}
	leaves(reflect.ValueOf(english()), "", want)
	for _, w := range []words{english(), spanish(), french()} {
		got := map[string]string{}
		leaves(reflect.ValueOf(w), "", got)
		for path, en := range want {
			here, there := placeholder.FindAllString(got[path], -1), placeholder.FindAllString(en, -1)
			slices.Sort(here)
			slices.Sort(there)
			if got[path] == "" || !slices.Equal(here, there) {
				t.Errorf("%s: %s is %q, with %v, not %v", w.Tag, path, got[path], here, there)
			}
			if got[path] == en && w.Tag != "en" && len(en) > 12 {
				t.Errorf("%s: %s is English: %q", w.Tag, path, en)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s has %d texts, want %d", w.Tag, len(got), len(want))
		}
		for _, word := range []string{"STOP", "PREFS", "START"} {
			if !slices.ContainsFunc([]string{w.TooMany[1], w.Expired[1], w.Invalid[1], w.Fault[1], w.Stopped}, func(s string) bool { return strings.Contains(s, word) }) {
				t.Errorf("%s names no %s", w.Tag, word)
			}
		}
		for _, p := range []program.Period{program.Day, program.Week, program.Month, program.Year} {
			if one, two := w.often(program.Frequency{Count: 1, Period: p}), w.often(program.Frequency{Count: 2, Period: p}); one == two || !strings.Contains(two, "2") || strings.Contains(one+two, "{") {
				t.Errorf("%s: %q, %q", w.Tag, one, two)
			}
		}
	}
}

func TestLanguageIsThePersonsThenTheBrowsers(t *testing.T) {
	book := phrasebook()
	for _, tc := range []struct{ locale, accept, want string }{
		{"", "", "en"}, {"es-MX", "fr", "es"}, {"de", "fr-CA, en;q=0.5", "fr"}, {"", "es", "es"}, {"", "sv", "en"},
	} {
		w, _ := book.Best(tc.locale, tc.accept)
		if w.Tag != tc.want {
			t.Errorf("%q, %q: %s, want %s", tc.locale, tc.accept, w.Tag, tc.want)
		}
	}
}

func TestDates(t *testing.T) {
	first, last := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		w           words
		first, last string
	}{
		{english(), "January 1, 2027", "December 31, 2026"},
		{spanish(), "1 de enero de 2027", "31 de diciembre de 2026"},
		{french(), "1er janvier 2027", "31 décembre 2026"},
	} {
		if a, b := tc.w.date(first), tc.w.date(last); a != tc.first || b != tc.last {
			t.Errorf("%q, %q", a, b)
		}
	}
}
