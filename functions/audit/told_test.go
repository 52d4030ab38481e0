package audit_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// An audit, a round of reminding and a follow-up any of whose calls is not answered fail, and come again.
func TestNothingPassesForDone(t *testing.T) {
	for name, tc := range map[string]struct {
		ready func(w *fixture)
		do    func(w *fixture) error
		calls int
		but   string // whose failure is only told in the log: the laws ahead are told the next day
	}{
		"the beginning of an audit": {func(*fixture) {}, func(w *fixture) error { return w.Attempt(`{"audit":"start"}`) }, 2, ""},
		"an audit": {func(w *fixture) {
			w.person("+12065550142", two.Add(-48*time.Hour), nil)
			w.Subscribe("+12125550143", two.Add(-96*time.Hour), "alerts")
			w.Means("+12125550143", "alerts", keyword.Intent{Kind: keyword.OptOut})
			w.GoTo(two.Add(48 * time.Hour))
			w.Wake(`{"audit":"start"}`)
		}, (*fixture).attemptJobs, 30, ""},
		"putting right": {func(w *fixture) {
			w.person("+12125550142", two.Add(-48*time.Hour), func(c *consent.Contact) {
				c.Claims = append(c.Claims, consent.Claim{
					ID: "01KB0000000000000000000001", At: two.Add(-time.Hour), Kind: message.Promotional, Program: "alerts",
					Topics: []string{"alerts"}, Campaign: "01KB3M8Y5T0QF2Z9W6R7C4X1VN",
				})
			})
			w.ask("+12125550144", two.Add(-48*time.Hour))
			w.Carrier.PutOnList(alertsList, "+12125550145", outbox.ListEntry{Since: two.Add(-24 * time.Hour)})
			w.Wake(`{"audit":"start"}`)
		}, (*fixture).attemptJobs, 40, ""},
		"reminding in the morning": {func(w *fixture) {
			w.person("+18085550142", two.Add(-80*24*time.Hour), nil)
		}, func(w *fixture) error { return w.AttemptJob(job("alerts", audience.ShardOf("+18085550142"))) }, 2, ""},
		"the beginning of reminding": {func(*fixture) {}, func(w *fixture) error { return w.Attempt(`{"audit":"remind"}`) }, 1, "Query"},
		"reminding": {func(w *fixture) {
			w.person("+12125550142", two.Add(-80*24*time.Hour), nil)
			w.person("+18085550142", two.Add(-80*24*time.Hour), nil)
		}, func(w *fixture) error { return w.AttemptJob(job("alerts", audience.ShardOf("+12125550142"))) }, 6, ""},
		"a round whose reminder was lost": {func(w *fixture) {
			w.person("+12125550142", two.Add(-day), remindedAt(two))
			w.GoTo(two.Add(outbox.LostAfter))
		}, func(w *fixture) error { return w.AttemptJob(job("alerts", audience.ShardOf("+12125550142"))) }, 5, ""},
		"reminding whose text was lost": {func(w *fixture) {
			w.person("+12125550142", two.Add(-80*day), texted(40*day))
		}, func(w *fixture) error { return w.AttemptJob(job("alerts", audience.ShardOf("+12125550142"))) }, 8, ""},
		"moving who shows no sign": {func(w *fixture) {
			w.silent("+12125550142", consent.Regular, 200, 20)
		}, func(w *fixture) error { return w.AttemptJob(job("alerts", audience.ShardOf("+12125550142"))) }, 6, ""},
		"following up": {func(w *fixture) {
			w.ask("+12125550142", two.Add(-48*time.Hour))
			w.Subscribe("+12125550143", two.Add(-48*time.Hour), "alerts")
			w.Change("+12125550143", func(c consent.Contact) consent.Change {
				brand, _ := w.Catalog.Brand("example")
				return c.StopEverything(brand, w.Clock(), nil)
			})
			w.GoTo(two.Add(2 * time.Hour))
		}, func(w *fixture) error { return w.Attempt(`{"audit":"follow-up"}`) }, 8, ""},
	} {
		t.Run(name, func(t *testing.T) {
			world.EachUnanswered(t, tc.calls, func(t *testing.T) (*world.World, func() error) {
				w := newWorld(t)
				tc.ready(w)
				return w.World, func() error { return tc.do(w) }
			}, tc.but)
		})
	}
}

// attemptJobs does all jobs that are queued, and those they queue, up to the first that fails.
func (w *fixture) attemptJobs() error {
	for job, ok := w.Queue.Take(0); ok; job, ok = w.Queue.Take(0) {
		if err := w.AttemptJob(job); err != nil {
			return err
		}
	}
	return nil
}
