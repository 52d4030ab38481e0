package phone_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"

	"smsconsent/shared/core/phone"
)

// mistaken are the zones the metadata of libphonenumber gives to an area code that does not keep them.
var mistaken = map[string]string{
	"689 America/Chicago":     "overlays 407, Orlando, wholly in Eastern time",
	"907 Pacific/Honolulu":    "Adak has daylight saving time",
	"709 America/Puerto_Rico": "Labrador has daylight saving time",
	"879 America/Puerto_Rico": "Labrador has daylight saving time",
	"867 America/Vancouver":   "Yukon left Pacific time on 2020-11-01",
}

// The tables must know every area code the metadata knows, with the same country and state and at least its zones: over
// exchanges spread over each code.
func TestAreaCodesAgainstMetadata(t *testing.T) {
	checked := 0
	for code := 200; code < 1000; code++ {
		for exchange := 200; exchange < 1000; exchange += 53 {
			n := phone.Number(fmt.Sprintf("+1%d%d1234", code, exchange))
			number, err := phonenumbers.Parse(string(n), "")
			if err != nil || !phonenumbers.IsValidNumber(number) {
				continue
			}
			checked++
			area, err := phone.Locate(n, phone.Told{})
			if kind := phonenumbers.GetNumberType(number); errors.Is(err, phone.ErrNoTexts) &&
				(kind != phonenumbers.FIXED_LINE_OR_MOBILE || code/100 == 6) {
				break // personal and premium-rate numbers, and Canada's without a place
			}
			if err != nil {
				t.Errorf("%d: %v", code, err)
				break
			}
			zones, err := phonenumbers.GetTimezonesForNumber(number)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(area), "*") {
				if len(zones) < 10 {
					t.Errorf("%d has a place: %v", code, zones)
				}
				break
			}
			places, err := area.Places()
			if err != nil {
				t.Fatal(err)
			}
			for _, z := range zones {
				if mistaken[fmt.Sprint(code, " ", z)] == "" && !keepsClock(t, places, z) {
					t.Errorf("%d-%d keeps %s, which is not in %s", code, exchange, z, area)
				}
			}
			name, err := phonenumbers.GetGeocodingForNumber(number, "en")
			if err != nil {
				t.Fatal(err)
			}
			region := phonenumbers.GetRegionCodeForNumber(number)
			if !slices.ContainsFunc(places, func(p phone.Place) bool { return isIn(p, region, name) }) {
				t.Errorf("%d-%d is in %s of %s, not in %s", code, exchange, name, region, area)
			}
		}
	}
	if checked < 5_000 {
		t.Errorf("only %d exchanges checked", checked)
	}
}

// keepsClock compares at two instants on either side of every change of clocks, and in the long polar night.
func keepsClock(t *testing.T, places []phone.Place, zone string) bool {
	t.Helper()
	want := offsets(t, zone)
	for _, p := range places {
		for _, z := range p.Zones {
			if z == zone || slices.Equal(offsets(t, z), want) {
				return true
			}
		}
	}
	return false
}

func offsets(t *testing.T, zone string) []int {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	var all []int
	for _, at := range []time.Time{
		time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC),
		time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 28, 12, 0, 0, 0, time.UTC),
	} {
		_, offset := at.In(loc).Zone()
		all = append(all, offset)
	}
	return all
}

// isIn compares a place with the region and the name the metadata gives it, such as "Miami, FL" or "Florida".
func isIn(p phone.Place, region, name string) bool {
	switch region {
	case "AS", "GU", "MP", "PR", "VI":
		return p.Country == "US" && p.State == region
	case "US", "CA":
		if p.Country != region {
			return false
		}
		if i := strings.LastIndex(name, ", "); i >= 0 {
			return p.State == name[i+2:]
		}
		return name == "" || name == "Watson Lake" && p.State == "YT" || strings.Contains(name, names[p.State])
	}
	return p.Country == region
}

var names = map[string]string{
	"AK": "Alaska", "AL": "Alabama", "AR": "Arkansas", "AZ": "Arizona", "CA": "California", "CO": "Colorado",
	"CT": "Connecticut", "DC": "Washington D.C.", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii",
	"IA": "Iowa", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
	"MA": "Massachusetts", "MD": "Maryland", "ME": "Maine", "MI": "Michigan", "MN": "Minnesota", "MO": "Missouri",
	"MS": "Mississippi", "MT": "Montana", "NC": "North Carolina", "ND": "North Dakota", "NE": "Nebraska",
	"NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NV": "Nevada", "NY": "New York", "OH": "Ohio",
	"OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina",
	"SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VA": "Virginia", "VT": "Vermont",
	"WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia", "WY": "Wyoming",
	"AB": "Alberta", "BC": "British Col", "MB": "Manitoba", "NB": "New Brunswick", "NL": "Newfoundland and Labrador",
	"NS": "Nova Scotia", "NT": "Northwest Territories", "NU": "Nunavut", "ON": "Ontario", "PE": "Prince Edward Island",
	"QC": "Quebec", "SK": "Saskatchewan", "YT": "Yukon",
}

// twoTimes are the area codes of the United States that lie across a line between two times, or across the Navajo
// Nation. Where a line's exact course leaves a doubt, both times count.
var twoTimes = []int{
	208, 219, 270, 308, 334, 364, 402, 420, 423, 432, 448, 458, 483, 531, 541, 574, 605, 606, 620, 701, 729, 775, 785, 806,
	812, 850, 906, 907, 915, 928, 930, 931, 986,
}

func TestAreaCodesOfTwoTimes(t *testing.T) {
	for code := 200; code < 1000; code++ {
		area, err := phone.Locate(phone.Number(fmt.Sprintf("+1%d2345678", code)), phone.Told{})
		if err != nil || !strings.HasPrefix(string(area), "US-") || strings.Contains(string(area), "*") {
			continue
		}
		if got, want := strings.Contains(string(area), "+"), slices.Contains(twoTimes, code); got != want {
			t.Errorf("%d: %s", code, area)
		}
	}
}

// Abroad the zones must contain those of the metadata for the example number of every country and kind.
func TestCountriesAgainstMetadata(t *testing.T) {
	known := 0
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.MOBILE, phonenumbers.FIXED_LINE} {
			number := phonenumbers.GetExampleNumberForType(region, kind)
			if number == nil {
				continue
			}
			n := phone.Number(phonenumbers.Format(number, phonenumbers.E164))
			if region == "NF" && strings.HasPrefix(string(n), "+6721") {
				continue // the Australian bases in Antarctica: unknown, on purpose
			}
			area, err := phone.Locate(n, phone.Told{})
			if err != nil {
				t.Errorf("%s %s: %v", region, n, err)
				continue
			}
			known++
			places, err := area.Places()
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(places, func(p phone.Place) bool { return isIn(p, region, "") || p.Country == sharing[region] }) {
				t.Errorf("%s %s is not in %s", region, n, area)
			}
			zones, err := phonenumbers.GetTimezonesForNumber(number)
			if err != nil {
				t.Fatal(err)
			}
			if len(zones) == 1 && !outdated[region] && !keepsClock(t, places, zones[0]) {
				t.Errorf("%s %s keeps %s, which is not in %s", region, n, zones[0], area)
			}
		}
	}
	if known < 400 {
		t.Errorf("only %d numbers checked", known)
	}
}

// sharing are regions whose example number is of a kind that the country named shares with them.
var sharing = map[string]string{
	"AC": "SH", "AX": "FI", "BL": "GP", "CC": "AU", "CX": "AU", "EH": "MA", "MF": "GP", "SJ": "NO", "TA": "SH", "VA": "IT",
}

// outdated are regions whose zone in the metadata has another clock than the IANA database gives the country today.
var outdated = map[string]bool{"DZ": true, "EH": true, "LY": true, "MA": true, "NI": true, "SS": true}
