package oracle

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/testkit/npm"
)

var ask = flag.Bool("ask", false, "fetch the oracle and ask it")

// The years that are compared. In them, a holiday falls on each day of the week.
const first, last = 2024, 2030

// theirs is a day in date-holidays.
type theirs struct {
	Place  string
	Region string // a part of Place; empty for the whole place
	Date   string
	Name   string
	Kind   string // "public", "bank", "observance" and others
}

// side says who lacks a day.
type side string

const (
	weLack     side = "we lack"     // we lack a public holiday of the whole place
	regionOnly side = "region only" // we lack a public holiday of one of its regions
	theyLack   side = "they lack"   // they have no holiday of any kind in any region
)

func TestHolidays(t *testing.T) {
	if !*ask {
		t.Skip("make oracle asks")
	}
	calendars := map[string][]*jurisdiction.Calendar{}
	sundays := map[string]bool{}
	for _, r := range jurisdiction.Regions() {
		for i := range r.Entries {
			e := &r.Entries[i]
			if e.Holidays == nil {
				continue
			}
			sundays[e.Place] = !slices.ContainsFunc(e.Rules, opensSundays)
			calendars[e.Place] = append(calendars[e.Place], e.Holidays)
			// The country's calendar binds in its states too.
			if country, _, state := strings.Cut(e.Place, "-"); state {
				calendars[e.Place] = append(calendars[e.Place], calendars[country]...)
			}
		}
	}
	used := make([]bool, len(explained))
	report := func(s side, place, name, date string) {
		for i, x := range explained {
			if x.side == s && x.explains(place, name) {
				used[i] = true
				return
			}
		}
		t.Errorf("%s: %s %s: %s", s, place, date, name)
	}
	for place, own := range calendars {
		ours := listed(own)
		public, known := map[string]bool{}, map[string]bool{}
		answer := consult(t, place)
		if len(answer) == 0 {
			t.Errorf("the oracle does not know %s", place)
		}
		for _, h := range answer {
			known[h.Date] = true
			if h.Kind == "public" && h.Region == "" {
				public[h.Date] = true
			}
		}
		for _, h := range answer {
			switch year := ours[h.Date[:4]]; {
			case h.Kind != "public" || year == unlisted || ours[h.Date] != "":
			case sundays[place] && isSunday(h.Date): // no text goes out on it that may not go out on any Sunday
			case h.Region == "":
				report(weLack, place, h.Name, h.Date)
			case !public[h.Date]:
				report(regionOnly, place, h.Name, h.Date)
			}
		}
		for date, name := range ours {
			if name != unlisted && !known[date] {
				report(theyLack, place, name, date)
			}
		}
	}
	for i, x := range explained {
		if !used[i] {
			t.Errorf("explains nothing any more: %s: %s %s", x.side, x.places, x.names)
		}
	}
}

const unlisted = "a year that the table does not have"

// listed returns our holidays by date. A year that a table does not have is an entry of its own.
func listed(calendars []*jurisdiction.Calendar) map[string]string {
	all := map[string]string{}
	for _, c := range calendars {
		for year := first; year <= last; year++ {
			days, ok := c.In(year)
			if !ok {
				all[strconv.Itoa(year)] = unlisted
			}
			for _, d := range days {
				all[d.Date.String()] = d.Name
			}
		}
	}
	return all
}

// opensSundays reports whether a rule permits on some Sunday what it forbids on a holiday.
func opensSundays(r jurisdiction.Rule) bool {
	for _, w := range []jurisdiction.Week{r.Law.Hours, r.Strict.Hours} {
		if w.Sunday != jurisdiction.None && (w.Sunday.From < w.Holiday.From || w.Sunday.To > w.Holiday.To) {
			return true
		}
	}
	return false
}

func isSunday(date string) bool {
	d, err := jurisdiction.ParseDate(date)
	return err == nil && d.Midnight(time.UTC).Weekday() == time.Sunday
}

// consult returns the days of one place in date-holidays.
func consult(t *testing.T, place string) []theirs {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "holidays.js", fetched(t), place, fmt.Sprint(first), fmt.Sprint(last))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	var days []theirs
	if err := json.Unmarshal(out, &days); err != nil {
		t.Fatal(err)
	}
	return days
}

// fetched returns the folder with date-holidays.
func fetched(t *testing.T) string {
	t.Helper()
	cache, err := npm.Cache()
	if err != nil {
		t.Fatal(err)
	}
	r := npm.Release{
		Name: "date-holidays", Version: "3.37.0",
		Integrity: "sha512-Fm9Qse02AirV2eKJJPvmDOcJmGfdecAqDNDjEc1MgMiNzZ9+dlpzNeGJpFkvajDQ5nuSBACCBXPv4COfsLEo0w==",
	}
	dir := filepath.Join(cache, "npm", r.Name+"-"+r.Version)
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	if err := r.Fetch(t.Context(), "package/dist/", dir); err != nil {
		t.Fatal(err)
	}
	return dir
}
