package audience

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smsconsent/shared/core/phone"
)

// Between begin and end are the people of the area behind the cursor and nobody else; behind end, no more of the area
// and all of the areas behind it. Areas and numbers are made so that one often begins with another.
func TestKeysOfAnAreaLieTogether(t *testing.T) {
	areas := rapid.SampledFrom([]string{
		"?", "US|A", "US|A/B", "US|A+A/B", "US|A/B+C", "US|A&US-FL|A", "US|A&US-FL|A+B", "US-*|*", "US-FL|A", "US-FL|A_B", "US-FL|A-B", "US-FL|A0",
	})
	numbers := rapid.StringMatching(`\+1[0-9]{6,8}`)
	rapid.Check(t, func(t *rapid.T) {
		type person struct{ area, number, zone string }
		var people []person
		for range rapid.IntRange(1, 12).Draw(t, "people") {
			p := person{area: areas.Draw(t, "area"), number: numbers.Draw(t, "number")}
			_, p.zone = Entry("example", "alerts", phone.Area(p.area), phone.Number(p.number))
			people = append(people, p)
		}
		area, after := people[0].area, ""
		if rapid.Bool().Draw(t, "resumed") {
			after = numbers.Draw(t, "after")
		}
		if rapid.Bool().Draw(t, "at a person") {
			after = people[len(people)-1].number
		}
		from, to := begin(phone.Area(area), after), end(phone.Area(area))
		for _, p := range people {
			if in, want := p.zone >= from && p.zone <= to, p.area == area && p.number > after; in != want {
				t.Fatalf("%q behind %q of %q: %t, want %t", p.zone, after, area, in, want)
			}
			if behind, want := p.zone > to, strings.Compare(p.area, area) > 0; behind != want {
				t.Fatalf("%q is behind area %q: %t, want %t", p.zone, area, behind, want)
			}
		}
		slices.SortFunc(people, func(a, b person) int { return strings.Compare(a.zone, b.zone) })
		if !slices.IsSortedFunc(people, func(a, b person) int { return strings.Compare(a.area, b.area) }) {
			t.Fatal("the order of the index is not the order of areas")
		}
	})
}
