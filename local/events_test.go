package local_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"smsconsent/local/eventbridge"
	"smsconsent/shared/core/consent"
)

// onBus returns what is on the buses, oldest first.
func (w *world) onBus(query string) []eventbridge.Put {
	w.t.Helper()
	var all []eventbridge.Put
	if code := w.call(http.MethodGet, "/events"+query, nil, &all); code != http.StatusOK {
		w.t.Fatalf("events answered %d", code)
	}
	return all
}

// Other systems hear of a STOP as soon as it is handled, under the hash it has on record, and of the texts around it.
func TestAStopIsOnTheBus(t *testing.T) {
	w := newWorld(t, nil)
	w.subscribe(her)
	w.says(her, "Stop. Thank you")
	var told []string
	for _, e := range w.onBus("?bus=smsconsent") {
		told = append(told, e.DetailType)
	}
	want := []string{
		"consent.requested", "text.sent", "text.delivered", "consent.confirmed", "text.sent", "text.delivered", "consent.revoked", "text.sent",
		"text.delivered",
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	stops := w.onBus("?type=consent.revoked")
	if len(stops) != 2 || stops[0].Bus != "smsconsent" || stops[1].Bus != "smsconsent-phones" {
		t.Fatalf("the STOP is told as %+v", stops)
	}
	var event struct{ ID, Scope, Phone string }
	detail := func(of eventbridge.Put) {
		if err := json.Unmarshal(of.Detail, &event); err != nil {
			t.Fatal(err)
		}
	}
	detail(stops[0])
	record := w.record(her)
	if last := record.Events[len(record.Events)-1]; event.ID != last.Hash || event.Scope != "program" || event.Phone != "" {
		t.Errorf("the STOP is told as %+v, and on record as %s", event, last.Hash)
	}
	if detail(stops[1]); event.Phone != her {
		t.Errorf("the bus of phones says %+v", event)
	}
}

// A campaign that nobody tells of and a contact that is only claimed are not worth a run of the function.
func TestClaimsAreNotTold(t *testing.T) {
	w := newWorld(t, nil)
	w.says(her, "HELP")
	for _, e := range w.onBus("") {
		if e.DetailType != "text.sent" && e.DetailType != "text.delivered" {
			t.Errorf("%s of a %s is told", e.DetailType, consent.Received)
		}
	}
}
