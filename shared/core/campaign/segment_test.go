package campaign

import (
	"slices"
	"testing"

	"smsconsent/shared/core/phone"
)

func TestIncludes(t *testing.T) {
	free, err := phone.Locate("+18005550123", phone.Told{}) // may be in Canada too
	if err != nil {
		t.Fatal(err)
	}
	const seattle, toll, miami, paris, either = "US-WA|America/Los_Angeles", "US-*|*", "US-FL|America/New_York", "FR|Europe/Paris",
		"US-OR|America/Los_Angeles&US-WA|America/Los_Angeles"
	for _, tc := range []struct {
		in   []string
		area phone.Area
		want bool
	}{
		{nil, seattle, true},
		{nil, "?", true},
		{[]string{"US-WA"}, seattle, true},
		{[]string{"US"}, seattle, true},
		{[]string{"US"}, toll, true},
		{[]string{"US-WA"}, toll, false},
		{[]string{"US"}, free, false},
		{[]string{"CA", "US"}, free, true},
		{[]string{"CA", "US-WA"}, free, false},
		{[]string{"US-WA"}, miami, false},
		{[]string{"FR", "US-FL"}, miami, true},
		{[]string{"FR", "US-FL"}, paris, true},
		{[]string{"US-WA"}, either, false},
		{[]string{"US-OR", "US-WA"}, either, true},
		{[]string{"US-WA"}, "?", false},
		{[]string{"US-WA"}, "", false},
	} {
		c := Campaign{In: tc.in}
		if got := c.Includes(tc.area); got != tc.want {
			t.Errorf("in %v is %s: %t", tc.in, tc.area, got)
		}
	}
}

func TestParsePlaces(t *testing.T) {
	if got, err := ParsePlaces([]string{"us-wa", " FR", "US-WA"}); err != nil || !slices.Equal(got, []string{"FR", "US-WA"}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, word := range []string{"", "Washington", "US-XX", "XX"} {
		if got, err := ParsePlaces([]string{word}); err == nil {
			t.Errorf("%q is %v", word, got)
		}
	}
}

// A campaign for some attributes is for whoever has one of the values of each, however it is written.
func TestExcludes(t *testing.T) {
	wanted, err := ParseAttributes([]string{"city=Dallas", "plan=gold", "city= Fort Worth "})
	if err != nil {
		t.Fatal(err)
	}
	c := Campaign{Attributes: wanted}
	for because, has := range map[string]map[string]string{
		"": {"city": "fort worth", "plan": "Gold", "first_name": "Ana"},
		`attribute city is "Austin", none of "Dallas", "Fort Worth"`: {"city": "Austin", "plan": "gold"},
		`attribute plan is not known, so it is not "gold"`:           {"city": "Dallas"},
	} {
		if got := c.Excludes(has); got != because {
			t.Errorf("of %v it says %q, want %q", has, got, because)
		}
	}
	for _, bad := range []string{"city", "city=", "=Dallas", "Größe=3"} {
		if _, err := ParseAttributes([]string{bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
