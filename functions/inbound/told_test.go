package inbound_test

import (
	"encoding/json"
	"testing"
	"time"

	"smsconsent/shared/testkit/world"
)

// An event any of whose calls is not answered fails, and comes again: nothing that was said passes for heard.
func TestNothingPassesForHeard(t *testing.T) {
	for name, tc := range map[string]struct {
		before   []string // what was said to alerts, or to the number in front of it
		to, body string
		calls    int
	}{
		"JOIN":                          {nil, alerts, "JOIN", 3},
		"HELP":                          {[]string{"JOIN", "YES"}, alerts, "HELP", 3},
		"STOP":                          {[]string{"JOIN", "YES"}, alerts, "STOP", 3},
		"a STOP to a number given up":   {[]string{"JOIN", "YES"}, givenUp, "STOP", 4},
		"a question to nobody's number": {[]string{"JOIN", "YES"}, givenUp, "who is this?", 3},
	} {
		t.Run(name, func(t *testing.T) {
			world.EachUnanswered(t, tc.calls, func(t *testing.T) (*world.World, func() error) {
				w := newWorld(t)
				for _, body := range tc.before {
					w.says(her, alerts, body)
				}
				w.Pass(time.Hour)
				e := sns(w.Clock(), payload(string(her), tc.to, tc.body, "in-9"))
				return w.World, func() error { return w.handler.Handle(t.Context(), e) }
			})
		})
	}
}

// Which failed events hold a STOP is told without handling them: of numbers and words the catalog knows, and of others
// by what a STOP is anywhere.
func TestStops(t *testing.T) {
	w := newWorld(t)
	record := func(from, to, body string) string { return payload(from, to, body, "in-1") }
	for name, tc := range map[string]struct {
		messages []string
		want     bool
	}{
		"STOP":                        {[]string{record(string(her), alerts, "STOP")}, true},
		"in other words":              {[]string{record(string(her), alerts, "please stop texting me")}, true},
		"STOP and a topic":            {[]string{record(string(her), alerts, "stop orders")}, true},
		"wrong number":                {[]string{record(string(her), orders, "wrong number")}, true},
		"STOP to nobody's number":     {[]string{record(string(her), givenUp, "STOP")}, true},
		"behind another":              {[]string{record(string(her), alerts, "HELP"), record(string(her), alerts, "STOP")}, true},
		"HELP":                        {[]string{record(string(her), alerts, "HELP")}, false},
		"YES to nobody's number":      {[]string{record(string(her), givenUp, "YES")}, false},
		"a keyword":                   {[]string{record(string(her), alerts, "JOIN")}, false},
		"a machine":                   {[]string{record("72345", alerts, "STOP")}, false},
		"what is no text":             {[]string{"STOP"}, false},
		"nothing":                     {nil, false},
		"a machine, then somebody":    {[]string{record("72345", alerts, "STOP"), record(string(her), alerts, "STOP")}, true},
		"somebody's HELP to no place": {[]string{record(string(her), "", "HELP")}, false},
	} {
		raw, err := json.Marshal(sns(noon, tc.messages...))
		if err != nil {
			t.Fatal(err)
		}
		if got := w.handler.Stops(raw); got != tc.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if w.handler.Stops([]byte("STOP")) || w.handler.Stops([]byte(`{"Records":"STOP"}`)) {
		t.Error("what is no event holds a STOP")
	}
	if w.Table.Done("Commit")+len(w.Queue.Jobs)+len(w.Carrier.Sent) > 0 {
		t.Error("it was handled")
	}
}

// An event is served as Lambda delivers it, and what fails is an error.
func TestInvoke(t *testing.T) {
	w := newWorld(t)
	raw, err := json.Marshal(sns(noon, payload(string(her), alerts, "HELP", "in-1")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.handler.Invoke(t.Context(), raw); err != nil || len(w.Carrier.Sent) != 1 {
		t.Errorf("%v, %d answers", err, len(w.Carrier.Sent))
	}
	if out, err := w.handler.Invoke(t.Context(), []byte("x")); err == nil {
		t.Errorf("%s", out)
	}
}
