package campaign

import (
	"slices"
	"testing"
	"time"
)

// Campaigns and series stand in one list by one rule: what is over is below what is not, and each newest first.
// A series is above its run.
func TestListed(t *testing.T) {
	at := func(h int) time.Time { return now.Add(time.Duration(h) * time.Hour) }
	one := func(id string, state State, begins time.Time) Listed {
		return (&Campaign{ID: id, State: state, At: begins}).Listed()
	}
	repeated := func(id string, state State, last time.Time) Listed {
		return (&Series{ID: id, State: state, Last: last}).Listed()
	}
	all := []Listed{
		one("done", Done, at(9)), repeated("canceled series", Canceled, at(30)), one("running", Running, at(-2)), one("zrun", Scheduled, at(5)),
		repeated("series", Running, at(5)), one("scheduled", Scheduled, at(7)), one("paused", Paused, at(-3)),
		one("canceled", Canceled, at(10)), one("twin a", Scheduled, at(1)), one("twin b", Scheduled, at(1)),
	}
	slices.SortFunc(all, Listed.Compare)
	var got []string
	for _, l := range all {
		got = append(got, l.ID)
	}
	want := []string{
		"scheduled", "series", "zrun", "twin b", "twin a", "running", "paused", "canceled series", "canceled", "done",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
