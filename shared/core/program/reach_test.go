package program

import (
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/core/phone"
)

// What AWS gives an identity without asking, and whom it reaches.
func TestRateAndReach(t *testing.T) {
	for _, c := range []struct {
		name string
		id   Identity
		rate int
		want []string // nil for everybody
	}{
		{"10DLC", Identity{Number: "+12065550100"}, 1, []string{"US"}},
		{"of a territory", Identity{Number: "+17875550100"}, 1, []string{"US"}},
		{"Canada", Identity{Number: "+14165550100"}, 1, []string{"CA"}},
		{"toll-free", Identity{Number: "+18335550100"}, 3, []string{"CA", "US"}},
		{"United Kingdom", Identity{Number: "+447700900123"}, 10, []string{"GB"}},
		{"short code", Identity{ShortCode: "12345"}, 100, []string{"US"}},
		{"pool", Identity{Pool: "p", Numbers: []phone.Number{"+447700900123", "+12065550100", "+14165550100"}}, 1, []string{"CA", "GB", "US"}},
		{"pool of toll-free numbers", Identity{Pool: "p", Numbers: []phone.Number{"+18335550100", "+18335550101"}}, 3, []string{"CA", "US"}},
		{"international", Identity{Number: "+12065550100", International: true}, 1, nil},
		{"of nowhere we know", Identity{Number: "+9991234567"}, 10, nil},
	} {
		if got := c.id.rate(); got != c.rate {
			t.Errorf("%s: %d a second, want %d", c.name, got, c.rate)
		}
		if got := c.id.reach("US"); !slices.Equal(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s reaches %v, want %v", c.name, got, c.want)
		}
	}
}

// Nobody signs up where a program of the brand cannot text: such a country is refused with what to do, and none is
// assumed.
func TestABrandServesWhatItsProgramsReach(t *testing.T) {
	const first, second = `{number: "+12065550100"}`, `{number: "+12065550101"}`
	for _, c := range []struct {
		name, first, second, countries string
		serves                         string
		wrong                          string
	}{
		{"US numbers", first, second, "", "US", ""},
		{"toll-free and US", `{number: "+18335550100"}`, second, "", "US", ""},
		{"toll-free", `{number: "+18335550100"}`, `{number: "+18335550101"}`, "", "CA US", ""},
		{"toll-free, both named", `{number: "+18335550100"}`, `{number: "+18335550101"}`, "[US, CA]", "CA US", ""},
		{"one international", "{number: \"+12065550100\", international: yes}", second, "", "US", ""},
		{"pools of two countries", `{pool: a, numbers: ["+12065550100", "+447700900123"]}`, `{pool: b, numbers: ["+12065550101", "+447700900124"]}`, "[US, GB]", "GB US", ""},
		{"short code", "{short_code: \"12345\"}", second, "", "US", ""},
		{"nothing in common", `{number: "+447700900123"}`, second, "", "", "no country with hours that every program"},
		{"no hours", `{number: "+59899123456"}`, `{number: "+59899123457"}`, "", "", "no country with hours that every program"},
		{"one of two", `{pool: a, numbers: ["+12065550100", "+447700900123"]}`, second, "[US, GB]", "", `+12065550101 of program "q" does not reach GB, only US`},
		{"a short code abroad", "{short_code: \"12345\"}", second, "[GB]", "", `12345 of program "p" does not reach GB, only US`},
	} {
		text := strings.Replace(strings.Replace(base, first, c.first, 1), "{number: +12065550101}", c.second, 1)
		if c.countries != "" {
			text = strings.Replace(text, "    region: US\n", "    region: US\n    countries: "+c.countries+"\n", 1)
		}
		catalog, err := Load([]byte(text))
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), "brands[0].countries: ") || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := slices.Sorted(slices.Values(catalog.Brands[0].Countries)); strings.Join(got, " ") != c.serves {
			t.Errorf("%s serves %v, want %s", c.name, got, c.serves)
		}
	}
}
