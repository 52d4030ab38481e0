package jurisdiction

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/zoneinfo"
)

// A span on people's own clock is within it on each clock their phone may keep, and begins the moment it is.
func TestOwnSpanIsWithinItOnEachClock(t *testing.T) {
	zones := []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Pacific/Honolulu"}
	rapid.Check(t, func(rt *rapid.T) {
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(zones), 1, 3, rapid.ID).Draw(rt, "zones")
		h := hoursOf(t, Policy{}, place("US", "TX", some...))
		from := time.Date(2027, 1, 1, 0, rapid.IntRange(0, 500*24*60).Draw(rt, "from"), 0, 0, time.UTC)
		l := Local{from, from.Add(time.Duration(rapid.IntRange(1, 72).Draw(rt, "hours")) * time.Hour)}
		begins, ends := h.Span(l)
		after, before := l.Around()
		if begins.Before(after) || ends.After(before) {
			rt.Fatalf("%s to %s is on no clock", begins, ends)
		}
		early := false // a moment before, on one of the clocks
		for _, name := range some {
			zone, err := zoneinfo.Load(name)
			if err != nil {
				rt.Fatal(err)
			}
			if shows := onWall(begins, zone); shows.Before(l.From) {
				rt.Errorf("at the beginning the clock of %s shows %s, want %s or later", name, shows, l.From)
			}
			if shows := onWall(ends.Add(-time.Second), zone); !shows.Before(l.Until) {
				rt.Errorf("before the end the clock of %s shows %s, want less than %s", name, shows, l.Until)
			}
			early = early || onWall(begins.Add(-time.Second), zone).Before(l.From)
		}
		if !early {
			rt.Errorf("it could have begun before %s", begins)
		}
	})
}

func TestASpanInJSON(t *testing.T) {
	from := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	span := Local{from, from.Add(36 * time.Hour)}
	text, err := json.Marshal(span)
	if want := `{"from":"2026-12-01T10:00:00","until":"2026-12-02T22:00:00"}`; err != nil || string(text) != want {
		t.Errorf("written as %s (%v), want %s", text, err, want)
	}
	var back Local
	if err := json.Unmarshal(text, &back); err != nil || back != span {
		t.Errorf("read as %v (%v)", back, err)
	}
	if err := json.Unmarshal([]byte(`{"from":"2026-12-01T10:00:00Z"}`), &back); err == nil {
		t.Error("a clock face with a zone is taken")
	}
}

// onWall is what a clock in the zone shows.
func onWall(at time.Time, zone *time.Location) time.Time {
	_, offset := at.In(zone).Zone()
	return at.UTC().Add(time.Duration(offset) * time.Second)
}

// A clock that is put forward past a time shows it at that moment.
func TestOwnSpanWhereTheClockIsPutForward(t *testing.T) {
	h := hoursOf(t, Policy{}, place("US", "NY", "America/New_York"))
	at := time.Date(2027, 3, 14, 2, 30, 0, 0, time.UTC) // 2:00 to 3:00 is left out there
	from, _ := h.Span(Local{at, at.Add(time.Hour)})
	if want := time.Date(2027, 3, 14, 7, 0, 0, 0, time.UTC); !from.Equal(want) {
		t.Errorf("2:30 is at %s, want %s", from, want)
	}
}
