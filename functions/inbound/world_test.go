package inbound_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/inbound"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/testkit/world"
)

const (
	alerts = "+12065550100"
	orders = "+12065550101"
	her    = phone.Number("+12065550142")
)

var (
	noon = time.Date(2026, time.November, 24, 20, 0, 0, 0, time.UTC)

	errBroken = errors.New("broken")
)

// fixture is the function in its world. The queue keeps its dead letters.
type fixture struct {
	*world.World
	handler *inbound.Handler
	tray    tray
	heard   int
}

func newWorld(t *testing.T) *fixture {
	t.Helper()
	w := &fixture{World: world.New(t, noon)}
	w.StandStill()
	var err error
	w.handler, err = inbound.New(inbound.Config{
		Catalog: w.Catalog, Outbox: w.Outbox, Records: w.Table, DeadLetters: w.Queue, Desk: &w.tray, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// followUp is the run that finishes what is due about somebody at a brand.
func (w *fixture) followUp(brand string, n phone.Number) {
	w.T.Helper()
	if err := w.Outbox.FollowUp(w.T.Context(), w.at(brand, n).Contact); err != nil {
		w.T.Fatal(err)
	}
}

// refuses has the AWS opt-out lists answer an error where a number is put on one ("+") or taken off ("-").
func refuses(what string, with error) func(call string) error {
	return func(call string) error {
		if strings.HasPrefix(call, what) {
			return with
		}
		return nil
	}
}

// says has somebody text a number, a minute later by every clock, and returns what came back.
func (w *fixture) says(from phone.Number, to, body string) []string {
	w.T.Helper()
	w.Pass(time.Minute)
	w.heard++
	before := len(w.Carrier.Sent)
	if err := w.handler.Handle(w.T.Context(), sns(w.Clock(), payload(string(from), to, body, fmt.Sprintf("in-%d", w.heard)))); err != nil {
		w.T.Fatal(err)
	}
	var back []string
	for _, text := range w.Carrier.Sent[before:] {
		if text.To != from || text.From != to {
			w.T.Errorf("the answer went from %s to %s", text.From, text.To)
		}
		back = append(back, text.Body)
	}
	return back
}
