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

// Each language is spoken at home.
func TestEachLanguageIsSpokenAtHome(t *testing.T) {
	homes := strings.Fields("ar:EG bn:BD cs:CZ da:DK de:DE el:GR en:US es:ES fi:FI fr:FR he:IL hi:IN hu:HU id:ID it:IT ja:JP ko:KR nl:NL " +
		"no:NO pl:PL pt:BR ro:RO ru:KZ sv:SE th:TH tl:PH tr:TR uk:UA vi:VN zh:TW")
	for _, home := range homes {
		language, country, _ := strings.Cut(home, ":")
		if !slices.Contains(SpokenIn(country), language) {
			t.Errorf("in %s they speak %v, not %s", country, SpokenIn(country), language)
		}
	}
	if len(homes) != len(Languages()) {
		t.Errorf("%d homes of %d languages", len(homes), len(Languages()))
	}
}
