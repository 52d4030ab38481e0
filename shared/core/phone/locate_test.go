package phone

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLocate(t *testing.T) {
	for _, c := range []struct {
		n    Number
		told Told
		want Area
	}{
		// The examples of the two-zone problem: one zone each would text some of these people at the wrong hour.
		{"+13055550123", Told{}, "US-FL|America/New_York"},
		{"+18505550123", Told{}, "US-FL|America/Chicago+America/New_York"},
		{"+14485550123", Told{}, "US-FL|America/Chicago+America/New_York"},
		{"+16895550123", Told{}, "US-FL|America/New_York"}, // Orlando; the metadata says Central
		{"+12145550123", Told{}, "US-TX|America/Chicago"},
		{"+16025550123", Told{}, "US-AZ|America/Phoenix"},
		{"+19285550123", Told{}, "US-AZ|America/Denver+America/Phoenix"}, // the Navajo Nation has daylight saving time
		{"+17095550123", Told{}, "CA-NL|America/Halifax+America/St_Johns"},
		{"+19025550123", Told{}, "CA-NS|America/Halifax&CA-PE|America/Halifax"},
		{"+18615550123", Told{}, "US-IL|America/Chicago"}, // unknown to the metadata
		{"+14365550123", Told{}, "US-OH|America/New_York"},
		{"+17875550123", Told{}, "US-PR|America/Puerto_Rico"},
		{"+18765550123", Told{}, "JM|America/Jamaica"},
		{"+18005550123", Told{}, "US-*|*&CA-*|*"},
		{"+33612345678", Told{}, "FR|Europe/Paris"},
		{"+27821234567", Told{}, "ZA|Africa/Johannesburg"},
		{"+447400123456", Told{}, "GB|Europe/London"},
		{"+447797123456", Told{}, "JE|Europe/Jersey"},
		{"+77012345678", Told{}, "KZ|Asia/Almaty"},
		{"+34612345678", Told{}, "ES|Atlantic/Canary+Europe/Madrid"},
		{"+34928123456", Told{}, "ES|Atlantic/Canary"},
		{"+5511961234567", Told{}, "BR-SP|America/Sao_Paulo"},
		{"+5568961234567", Told{}, "BR-AC|America/Rio_Branco"},
		{"+61412345678", Told{}, "AU-*|*"},

		// The number's own state stays; what the person told us narrows within it and widens beyond it.
		{"+18505550123", Told{State: "FL"}, "US-FL|America/Chicago+America/New_York"},
		{"+18505550123", Told{Zone: "America/Chicago"}, "US-FL|America/Chicago"},
		{"+18505550123", Told{Zone: "America/Detroit"}, "US-FL|America/New_York"},
		{"+18505550123", Told{ZIP: "32501"}, "US-FL|America/Chicago"},                  // Pensacola
		{"+18505550123", Told{ZIP: "32301-1234"}, "US-FL|America/New_York"},            // Tallahassee
		{"+18505550123", Told{ZIP: "32456"}, "US-FL|America/Chicago+America/New_York"}, // a ZIP range of both
		{"+18505550123", Told{State: "FL", ZIP: "32501", Zone: "America/New_York"}, "US-FL|America/Chicago+America/New_York"},
		{"+13055550123", Told{ZIP: "32501"}, "US-FL|America/Chicago+America/New_York"},
		{"+13055550123", Told{State: "FL", Zone: "America/Chicago"}, "US-FL|America/Chicago+America/New_York"},
		{"+13055550123", Told{State: "CA"}, "US-FL|America/New_York&US-CA|America/Los_Angeles"},
		{"+13055550123", Told{ZIP: "94105"}, "US-FL|America/New_York&US-CA|America/Los_Angeles"},
		{"+13055550123", Told{State: "ON"}, "US-FL|America/New_York&CA-ON|America/Atikokan+America/Toronto+America/Winnipeg"},
		{"+13055550123", Told{ZIP: "M5V 2T6"}, "US-FL|America/New_York&CA-ON|America/Toronto"},
		{"+13055550123", Told{State: "TX", ZIP: "94105"}, "US-FL|America/New_York&US-CA|America/Los_Angeles&US-TX|America/Chicago+America/Denver"},
		{"+13055550123", Told{State: "TX", Zone: "America/Denver"}, "US-FL|America/New_York&US-TX|America/Denver"},
		{"+13055550123", Told{Zone: "Pacific/Honolulu"}, "US-FL|America/New_York&US-HI|Pacific/Honolulu"},
		{"+13055550123", Told{Zone: "Europe/Paris"}, "US-FL|America/New_York&FR|Europe/Paris"},
		{"+13055550123", Told{State: "PR"}, "US-FL|America/New_York&US-PR|America/Puerto_Rico"},
		{"+12065550123", Told{Zone: "America/Phoenix"}, "US-WA|America/Los_Angeles&US-AZ|America/Phoenix"},
		{"+18675550123", Told{State: "YT"}, areaCodes[867-200]},

		// In 2026 much of Canada stopped changing its clocks, and Nunavut did not.
		{"+16045550123", Told{Zone: "America/Vancouver"}, "CA-BC|America/Vancouver"},
		{"+14035550123", Told{Zone: "America/Yellowknife"}, "CA-AB|America/Edmonton"},
		{"+18075550123", Told{Zone: "America/Rainy_River"}, "CA-ON|America/Winnipeg"},
		{"+18005550123", Told{Zone: "America/Resolute"}, "CA-NU|America/Rankin_Inlet"},

		// A toll-free number has no state of its own.
		{"+18005550123", Told{State: "FL"}, "US-FL|America/Chicago+America/New_York"},
		{"+18005550123", Told{State: "FL", Zone: "America/New_York"}, "US-FL|America/New_York"},
		{"+18005550123", Told{ZIP: "96813"}, "US-HI|Pacific/Honolulu"},
		{"+18005550123", Told{Zone: "America/Phoenix"}, "US-AZ|America/Phoenix"},
		{"+18005550123", Told{Zone: "America/Los_Angeles"}, "US-CA|America/Los_Angeles&US-ID|America/Los_Angeles&US-NV|America/Los_Angeles&US-OR|America/Los_Angeles&US-WA|America/Los_Angeles"},
		{"+18005550123", Told{Zone: "Europe/Paris"}, "US-*|*&CA-*|*&FR|Europe/Paris"},
		{"+61412345678", Told{State: "WA"}, "AU-WA|Australia/Eucla+Australia/Perth"},
		{"+61412345678", Told{Zone: "Australia/Perth"}, "AU-WA|Australia/Perth"},

		// Elsewhere.
		{"+34612345678", Told{Zone: "Europe/Madrid"}, "ES|Europe/Madrid"},
		{"+34612345678", Told{Zone: "Africa/Ceuta"}, "ES|Europe/Madrid"},
		{"+33612345678", Told{Zone: "America/Martinique"}, "FR|Europe/Paris&MQ|America/Martinique"},
		{"+33612345678", Told{ZIP: "75001"}, "FR|Europe/Paris"},
		{"+919812345678", Told{Zone: "Asia/Calcutta"}, "IN|Asia/Kolkata"},
		{"+212612345678", Told{Zone: "Africa/Casablanca"}, "MA|Africa/Casablanca"},
	} {
		got, err := Locate(c.n, c.told)
		if err != nil || got != c.want {
			t.Errorf("%s %+v:\n got %s, %v\nwant %s", c.n, c.told, got, err, c.want)
		}
	}
}

// Unknown place, unknown zone, unknown country: never send.
func TestLocateRefuses(t *testing.T) {
	for _, n := range []Number{"", "+", "+1", "+15552345678", "+10002345678", "+1206234567", "+120623456789", "+12061345678", "+19112345678", "+8816123456", "+9991234567", "+5520123456", "+5990123456", "+2101234567"} {
		if area, err := Locate(n, Told{State: "FL"}); !errors.Is(err, ErrUnknownPlace) || area != "" {
			t.Errorf("%s: %q, %v", n, area, err)
		}
		if n.Country() != "" {
			t.Errorf("%s is of %s", n, n.Country())
		}
	}
	for _, c := range []struct {
		n     Number
		told  Told
		field string
	}{
		{"+12065550142", Told{State: "ZZ"}, "state"},
		{"+12065550142", Told{State: "Florida"}, "state"},
		{"+12065550142", Told{State: "AE"}, "state"}, // military mail may be anywhere
		{"+12065550142", Told{State: "NSW"}, "state"},
		{"+33612345678", Told{State: "FL"}, "state"},
		{"+61412345678", Told{State: "FL"}, "state"},
		{"+12065550142", Told{ZIP: "3310"}, "zip"},
		{"+12065550142", Told{ZIP: "331011"}, "zip"},
		{"+12065550142", Told{ZIP: "33101-12"}, "zip"},
		{"+12065550142", Told{ZIP: "33１01"}, "zip"},
		{"+12065550142", Told{ZIP: "00001"}, "zip"},
		{"+12065550142", Told{ZIP: "09012"}, "zip"}, // military mail
		{"+12065550142", Told{ZIP: "D1A 1A1"}, "zip"},
		{"+12065550142", Told{ZIP: "K1A"}, "zip"},
		{"+12065550142", Told{ZIP: "É1A1A1"}, "zip"},
		{"+12065550142", Told{Zone: "America/Atlantis"}, "zone"},
		{"+12065550142", Told{Zone: "EST"}, "zone"},
		{"+12065550142", Told{Zone: "Etc/UTC"}, "zone"},
		{"+12065550142", Told{Zone: "Local"}, "zone"},
	} {
		area, err := Locate(c.n, c.told)
		wrong, ok := errors.AsType[*FieldError](err)
		if !ok || area != "" || wrong.Field != c.field || wrong.Message == "" || errors.Is(err, ErrUnknownPlace) {
			t.Errorf("%s %+v: %q, %v", c.n, c.told, area, err)
		}
	}
}

// A toll-free number may be in Hawaii, in Maine and in Newfoundland: nothing less than all states and provinces.
func TestTollFreeIsEverywhere(t *testing.T) {
	area, err := Locate("+18005550123", Told{})
	if err != nil {
		t.Fatal(err)
	}
	places, err := area.Places()
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]int{}
	var zones []string
	for _, p := range places {
		states[p.Country]++
		zones = union(zones, p.Zones)
	}
	if states["US"] != 51 || states["CA"] != 13 || places[0].Country != "US" {
		t.Errorf("%v, first %v", states, places[0])
	}
	for _, z := range []string{"Pacific/Honolulu", "America/Adak", "America/New_York", "America/St_Johns", "America/Phoenix"} {
		if !slices.Contains(zones, z) {
			t.Errorf("%s is missing of %v", z, zones)
		}
	}
}

// Every key of the tables is canonical and can be read; every state of an area code is a listed one, whose zones
// contain those of the code.
func TestTables(t *testing.T) {
	whole := map[string]Place{}
	for _, a := range states {
		p := a.place()
		if _, ok := whole[p.Country+p.State]; ok {
			t.Errorf("%s is listed twice", a)
		}
		whole[p.Country+p.State] = p
	}
	used := map[string][]string{}
	for _, a := range allAreas() {
		places, err := a.Places()
		if err != nil {
			t.Error(err)
			continue
		}
		if !strings.Contains(string(a), "-*|*") && areaOf(places) != a {
			t.Errorf("%s reads back as %s", a, areaOf(places))
		}
		for _, p := range places {
			if p.State == "" {
				if slices.Contains([]string{"US", "CA", "AU", "BR"}, p.Country) {
					t.Errorf("%s names no state", a)
				}
				continue
			}
			if len(intersect(p.Zones, whole[p.Country+p.State].Zones)) != len(p.Zones) {
				t.Errorf("%s goes beyond %v", a, whole[p.Country+p.State])
			}
		}
	}
	for _, a := range slices.Concat(areaCodes[:], slices.Collect(maps.Values(prefixes))) {
		if a == "" || strings.Contains(string(a), "-*|*") {
			continue
		}
		places, _ := a.Places()
		for _, p := range places {
			used[p.Country+p.State] = union(used[p.Country+p.State], p.Zones)
		}
	}
	for where, p := range whole {
		if !slices.Equal(used[where], p.Zones) {
			t.Errorf("%s: its numbers reach %v, its line says %v", where, used[where], p.Zones)
		}
	}
	for prefix := range prefixes {
		if len(prefix) > longestPrefix || !isDigits(prefix) {
			t.Errorf("prefix %q", prefix)
		}
	}
}

// Each state has a ZIP code range, each range a place and, where it names zones, some of that state's.
func TestPostalTables(t *testing.T) {
	seen := map[string]bool{}
	for i, z := range zips {
		if z.from > z.to || z.to > 99999 {
			t.Errorf("%d-%d", z.from, z.to)
		}
		for _, before := range zips[:i] {
			if before.from <= z.from && z.to <= before.to {
				t.Errorf("%d-%d never decides: %d-%d stands before it", z.from, z.to, before.from, before.to)
			}
		}
		p := placeOf(z.place)
		if len(p.Zones) == 0 {
			t.Errorf("%s is no place", z.place)
		}
		seen[p.Country+p.State] = true
	}
	for _, a := range canadianPrefixes {
		p := placeOf(a)
		if len(p.Zones) == 0 {
			t.Errorf("%s is no place", a)
		}
		seen[p.Country+p.State] = true
	}
	for _, a := range states {
		if p := a.place(); (p.Country == "US" || p.Country == "CA") && !seen[p.Country+p.State] {
			t.Errorf("%s has no postal code", a)
		}
	}
}

// numbers draws numbers of every kind the tables know.
func numbers() *rapid.Generator[Number] {
	return rapid.Custom(func(t *rapid.T) Number {
		if rapid.Bool().Draw(t, "north american") {
			codes := []int{}
			for i, a := range areaCodes {
				if a != "" {
					codes = append(codes, i+200)
				}
			}
			code := rapid.SampledFrom(codes).Draw(t, "area code")
			return Number("+1" + strconv.Itoa(code) + strconv.Itoa(rapid.IntRange(2000000, 9999999).Draw(t, "rest")))
		}
		prefix := rapid.SampledFrom(slices.Sorted(maps.Keys(prefixes))).Draw(t, "prefix")
		return Number("+" + prefix + strconv.Itoa(rapid.IntRange(1000000, 99999999).Draw(t, "rest")))
	})
}

func tolds() *rapid.Generator[Told] {
	return rapid.Custom(func(t *rapid.T) Told {
		codes := []string{"", "", ""}
		for _, s := range states {
			codes = append(codes, s.place().State)
		}
		names := []string{""}
		for _, z := range zones {
			names = append(names, z.name)
		}
		return Told{
			State: rapid.SampledFrom(codes).Draw(t, "state"),
			ZIP:   rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[0-9]{5}`), rapid.StringMatching(`[A-Z][0-9][A-Z] [0-9][A-Z][0-9]`)).Draw(t, "zip"),
			Zone:  rapid.OneOf(rapid.Just(""), rapid.SampledFrom(names)).Draw(t, "zone"),
		}
	})
}

// Whatever a person tells us, the state of their number stays in the answer, at least in one of its zones; the answer
// contains what they told us; and it is a canonical key that reads back.
func TestToldNeverRemovesTheNumbersOwnState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, told := numbers().Draw(t, "number"), tolds().Draw(t, "told")
		home, err := Locate(n, Told{})
		if err != nil {
			t.Fatal(err)
		}
		area, err := Locate(n, told)
		if err != nil {
			if area != "" {
				t.Fatalf("%s and %v", area, err)
			}
			t.Skip("told what is nowhere")
		}
		places, err := area.Places()
		if err != nil {
			t.Fatal(err)
		}
		own, err := home.Places()
		if err != nil {
			t.Fatal(err)
		}
		homeless := strings.Contains(string(home), "-*|*")
		for i, p := range own {
			switch {
			case homeless:
			case i >= len(places) || !places[i].same(p):
				t.Fatalf("%+v took %v out of %s: %s", told, p, home, area)
			case len(intersect(places[i].Zones, p.Zones)) == 0:
				t.Fatalf("%+v took every zone of %v out of %s: %s", told, p, home, area)
			}
		}
		if told.State != "" && !slices.ContainsFunc(places, func(p Place) bool { return p.State == told.State }) {
			t.Fatalf("%+v is not in %s", told, area)
		}
		if told.Zone != "" {
			z, err := zoneNamed(told.Zone)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(places, func(p Place) bool { return slices.Contains(p.Zones, z.clock) }) {
				t.Fatalf("%+v is not in %s", told, area)
			}
		}
		if strings.Contains(string(area), "*") {
			return
		}
		if back := areaOf(places); back != area {
			t.Fatalf("%s reads back as %s", area, back)
		}
		rest := places
		if !homeless {
			rest = places[len(own):]
		}
		if !slices.IsSortedFunc(rest, func(a, b Place) int { return strings.Compare(a.Country+a.State, b.Country+b.State) }) {
			t.Fatalf("%s is not in order", area)
		}
	})
}

func FuzzAreaPlaces(f *testing.F) {
	for _, s := range []string{"US-FL|America/Chicago+America/New_York", "US-*|*&CA-*|*", "FR|Europe/Paris", "XX-*|*", "", "&", "|", "US-FL|", "US-FL|America/New_York&US-FL|America/Chicago", "US-|A/b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		places, err := Area(s).Places()
		if err != nil {
			if places != nil || !errors.Is(err, errArea) {
				t.Fatalf("%q: %v, %v", s, places, err)
			}
			return
		}
		for _, p := range places {
			if len(p.Zones) == 0 || !slices.IsSorted(p.Zones) {
				t.Fatalf("%q has %v", s, p)
			}
		}
		if !strings.Contains(s, "*") && areaOf(places) != Area(s) {
			t.Fatalf("%q reads back as %q", s, areaOf(places))
		}
	})
}

// Most contacts told us nothing, or only the state their number is of: no allocation for them.
func TestLocateDoesNotAllocate(t *testing.T) {
	for _, c := range []struct {
		n    Number
		told Told
	}{
		{"+13055550123", Told{}},
		{"+13055550123", Told{State: "FL"}},
		{"+18005550123", Told{}},
		{"+447400123456", Told{}},
	} {
		if got := testing.AllocsPerRun(100, func() { _, _ = Locate(c.n, c.told) }); got != 0 {
			t.Errorf("%s %+v: %v allocations", c.n, c.told, got)
		}
	}
}

func BenchmarkLocate(b *testing.B) {
	for name, c := range map[string]struct {
		n    Number
		told Told
	}{
		"north american":  {"+13055550123", Told{}},
		"abroad":          {"+447400123456", Told{}},
		"told own state":  {"+13055550123", Told{State: "FL"}},
		"told zip":        {"+18505550123", Told{ZIP: "32501"}},
		"told other zone": {"+12145550123", Told{Zone: "America/New_York"}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Locate(c.n, c.told); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
