package keyword

import (
	"slices"
	"strings"
	"testing"
)

func TestSpokenIn(t *testing.T) {
	for country, want := range map[string][]string{
		"US": {"en", "es"}, "CH": {"de", "fr", "it"}, "IT": {"it"}, "GB": nil, "": nil, "A": nil, "US CA": nil, "  ": nil,
	} {
		if got := SpokenIn(country); !slices.Equal(got, want) {
			t.Errorf("in %q they speak %v, want %v", country, got, want)
		}
	}
	for _, s := range localLanguages {
		if !slices.Contains(Languages(), s.language) {
			t.Errorf("%s is no language we know", s.language)
		}
		countries := strings.Fields(s.countries)
		if !slices.IsSorted(countries) || strings.Join(countries, " ") != s.countries {
			t.Errorf("%s: the countries are not in order", s.language)
		}
		for _, country := range countries {
			if len(country) != 2 || strings.ToUpper(country) != country {
				t.Errorf("%s: %q is no country", s.language, country)
			}
		}
	}
}
