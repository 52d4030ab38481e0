package local

import (
	"encoding/json"
	"testing"
	"time"

	"smsconsent/local/lambda"
	page "smsconsent/shared/edge/console"
)

// The console tells the hours the gate goes by: begin is 10:00 in Seattle and 08:00 in Honolulu.
func TestPlaceOfAPhone(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	ask := func(path string) page.PlaceState {
		t.Helper()
		var p page.PersonState
		if err := json.Unmarshal([]byte(m.do(t, "GET", "/console/phones/"+path, "", 200)), &p); err != nil {
			t.Fatal(err)
		}
		return p.Place
	}
	seattle := ask("%2B12065550142?brand=second")
	if len(seattle.Places) != 1 || seattle.Places[0] != "US-WA" || len(seattle.Zones) != 1 || seattle.Zones[0] != "America/Los_Angeles" {
		t.Errorf("Seattle is in %v, %v", seattle.Places, seattle.Zones)
	}
	if !seattle.Permitted || seattle.Opens != nil || seattle.Closes == nil || !seattle.Closes.After(begin) {
		t.Errorf("Seattle at ten in the morning: %+v", seattle)
	}
	honolulu := ask("+18085550123")
	if honolulu.Permitted || honolulu.Closes != nil || honolulu.Opens == nil || honolulu.Opens.Before(begin.Add(time.Hour)) {
		t.Errorf("Honolulu at eight in the morning: %+v", honolulu)
	}
	if nowhere := ask("+99912345678"); nowhere.Problem == "" || nowhere.Permitted {
		t.Errorf("a number of no country: %+v", nowhere)
	}
	wantError(t, m.do(t, "GET", "/console/phones/nonsense", "", 400), "phone")
	wantError(t, m.do(t, "GET", "/console/phones/"+person+"?brand=nobody", "", 400), "brand")
}
