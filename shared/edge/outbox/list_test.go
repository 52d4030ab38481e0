package outbox_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
)

const listed = "Default +12065550142"

// optOuts are the opt-outs on record, by their source.
func (w *world) optOuts(t tester) []string {
	t.Helper()
	var all []string
	for _, e := range w.record(t).Events {
		if e.Type == consent.OptedOut {
			all = append(all, e.Source)
		}
	}
	return all
}

// stopAndList is a STOP whose number the follow-up is about to list when something happens.
func (w *world) stopAndList(t tester, happens func() error) {
	t.Helper()
	w.mustHear(t, w.inbound(saidStop))
	w.pass(time.Hour)
	w.faults.before = at("put on list", func() error { w.pass(time.Second); return happens() })
	w.followUp(t)
	w.faults.before = nil
}

// oneStep is alerts with a START that brings back in one step, as programs.yaml may have it.
func oneStep(w *world) *program.Program {
	p := *w.program("alerts")
	p.OneStep = true
	return &p
}

// I8: a START comes between the follow-up's look at the STOP and the list. The list says what the table says in the
// end, and no opt-out is on record that nobody said.
func TestAStartDuringAStopIsOffTheList(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		w := worldOn(t, s)
		w.subscribe(t)
		w.stopAndList(t, func() error {
			start := w.inbound(saidStart)
			start.Program = oneStep(w)
			return w.hear(start)
		})
		if diff := cmp.Diff([]string{listed}, w.carrier.lists()); diff != "" {
			t.Fatalf("the race did not come about: %s", diff)
		}
		w.finish(t)
		if lists := w.carrier.lists(); len(lists) != 0 {
			t.Errorf("AWS's list still says %q", lists)
		}
		if out := w.mustSend(t, w.campaign(autumn)); !out.Texted() {
			t.Errorf("a campaign afterwards: %+v", out)
		}
		if diff := cmp.Diff([]string{consent.SourceSMS}, w.optOuts(t)); diff != "" {
			t.Errorf("opt-outs on record: %s", diff)
		}
	})
}

// Before the next follow-up comes by, AWS refuses a text to somebody who came back. That is our own entry, so no
// opt-out goes on record; an answer waits until the list is mended, which the next delivery of its event does.
func TestAnEntryOfOurOwnIsNobodysOptOut(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.stopAndList(t, func() error { return w.hear(w.inbound(saidStart)) })
	if diff := cmp.Diff([]string{listed}, w.carrier.lists()); diff != "" {
		t.Fatalf("the race did not come about: %s", diff)
	}
	w.pass(time.Second)
	yes := w.inbound(saidYes)
	if err := w.hear(yes); err == nil {
		t.Error("the answer was refused, and the event passed for done")
	}
	w.pass(time.Minute)
	for range 2 { // the first mends the list, if not the answer
		if err := w.hear(yes); err == nil {
			break
		}
		w.pass(time.Minute)
	}
	last := w.carrier.sent[len(w.carrier.sent)-1]
	if m := w.text(t, last.Context[outbox.ContextMessage]); m.Status != consent.Sent || !strings.HasPrefix(m.Body, "You're subscribed") {
		t.Errorf("the welcome is on record as %+v", m)
	}
	if lists := w.carrier.lists(); len(lists) != 0 {
		t.Errorf("AWS's list says %q", lists)
	}
	if diff := cmp.Diff([]string{consent.SourceSMS}, w.optOuts(t)); diff != "" {
		t.Errorf("opt-outs on record: %s", diff)
	}
}

// Who put the number there, and when, tells what an entry means of somebody who came back: what the person told AWS
// itself, or somebody put there long after, is an opt-out; what we left there is lifted; and where AWS lifts nothing,
// nothing is made up.
func TestWhatAnEntryMeansOfSomebodyWhoCameBack(t *testing.T) {
	for name, tc := range map[string]struct {
		entry   func(now time.Time) outbox.ListEntry
		stays   bool
		optOuts []string
		listed  bool
	}{
		"ours": {func(now time.Time) outbox.ListEntry { return outbox.ListEntry{Since: now.Add(-time.Hour)} }, false, nil, false},
		"the person's": {func(now time.Time) outbox.ListEntry {
			return outbox.ListEntry{Since: now.Add(-time.Hour), ByPerson: true}
		}, false, []string{"carrier"}, true},
		"somebody's, long after": {func(now time.Time) outbox.ListEntry { return outbox.ListEntry{Since: now.Add(25 * time.Hour)} }, false, []string{"carrier"}, true},
		"ours, a day after the STOP": {func(now time.Time) outbox.ListEntry {
			return outbox.ListEntry{Since: now.Add(22 * time.Hour)}
		}, false, nil, false},
		"ours, and AWS keeps it":  {func(now time.Time) outbox.ListEntry { return outbox.ListEntry{Since: now.Add(-time.Hour)} }, true, nil, true},
		"gone before we can look": {nil, false, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribe(t)
			w.mustHear(t, w.inbound(saidStop))
			w.finish(t)
			start := w.inbound(saidStart)
			start.Program = oneStep(w)
			w.mustHear(t, start)
			w.finish(t)
			said := len(w.optOuts(t))

			entry := outbox.ListEntry{Since: w.now(), ByPerson: true}
			if tc.entry != nil {
				entry = tc.entry(start.At)
			}
			w.pass(24 * time.Hour)
			w.carrier.optedOut[listed] = entry
			out := w.mustSend(t, w.campaign(autumn))
			if out.Texted() || len(w.optOuts(t)) != said {
				t.Errorf("refused: %+v; opt-outs %q", out, w.optOuts(t))
			}
			if tc.entry == nil {
				delete(w.carrier.optedOut, listed)
			}
			if tc.stays {
				w.carrier.onOptIn = func() error { return outbox.ErrStaysOptedOut }
			}
			w.finish(t)
			if got := w.optOuts(t)[said:]; !slices.Equal(got, tc.optOuts) {
				t.Errorf("opt-outs on record: %q, want %q", got, tc.optOuts)
			}
			if on := len(w.carrier.lists()) > 0; on != tc.listed {
				t.Errorf("on AWS's list %t, want %t", on, tc.listed)
			}
			if counted := strings.Contains(w.metrics.String(), `"StaysOptedOut":1`); counted != tc.stays {
				t.Errorf("counted that AWS keeps it: %t", counted)
			}
			w.pass(noon.AddDate(0, 0, 7).Sub(w.now()))
			text := w.campaign(winter)
			text.Expires = w.now().Add(time.Hour)
			out = w.mustSend(t, text)
			if texted := out.Texted(); texted != !tc.listed {
				t.Errorf("the next campaign: %+v", out)
			}
		})
	}
}

// What a START took off the list is put back whichever of its tries finds the newer STOP, and whichever writes it. All
// of it comes so late that the follow-up has listed that STOP already.
func TestWhatWasLiftedIsRemembered(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.mustHear(t, w.inbound(saidStop))
	w.finish(t)
	start := w.inbound(saidStart)
	w.pass(time.Second)
	stop := w.inbound(saidStop)
	w.pass(2 * time.Hour)
	w.mustHear(t, w.inbound(saidHelp)) // whose follow-up is due when the STOP comes
	w.pass(10 * time.Minute)
	w.carrier.onOptIn = once(func() error {
		err := w.hear(stop)
		w.followUp(t)
		if diff := cmp.Diff([]string{listed}, w.carrier.lists()); diff != "" {
			t.Fatalf("the race did not come about: %s", diff)
		}
		return err
	})
	commits := 0
	w.faults.before = func(op string) error {
		if op != "commit" {
			return nil
		}
		if commits++; commits == 3 { // the first is the STOP's, the second the START's, which it makes a conflict of
			return w.hear(w.inbound(saidOther))
		}
		return nil
	}
	w.mustHear(t, start)
	w.faults.before = nil
	if _, stopped := w.stopped(t); !stopped || commits != 5 {
		t.Fatalf("stopped %t after %d commits", stopped, commits)
	}
	if lists := w.carrier.lists(); len(lists) != 0 {
		t.Fatalf("the race did not come about: still on %q", lists)
	}
	w.finish(t)
	if diff := cmp.Diff([]string{listed}, w.carrier.lists()); diff != "" {
		t.Error(diff)
	}
}

func (w *world) stopped(t tester) (time.Time, bool) {
	t.Helper()
	c := w.contact(t)
	return c.StoppedAt("alerts")
}

// STOP in two places: where the table fails it, the number goes on AWS's list all the same, and the event comes again.
func TestWhereTheTableFailsTheListStands(t *testing.T) {
	for name, tc := range map[string]struct {
		do    func(w *world) error
		lists []string
	}{
		"STOP":         {func(w *world) error { return w.hear(w.inbound(saidStop)) }, []string{listed}},
		"STOP ALL":     {func(w *world) error { return w.hear(w.inbound(saidStopAll)) }, []string{listed, "example-orders +12065550142"}},
		"wrong number": {func(w *world) error { return w.hear(w.inbound(keyword.Intent{Kind: keyword.WrongNumber})) }, []string{listed, "example-orders +12065550142"}},
		"the page": {func(w *world) error {
			_, err := w.Change(context.Background(), key, func(c consent.Contact) consent.Change { return c.StopEverything(w.brand(), w.now(), nil) })
			return err
		}, []string{listed, "example-orders +12065550142"}},
		"HELP": {func(w *world) error { return w.hear(w.inbound(saidHelp)) }, nil},
		"YES":  {func(w *world) error { return w.hear(w.inbound(saidYes)) }, nil},
	} {
		for _, op := range []string{"read", "commit"} {
			w := newWorld(t)
			w.subscribe(t)
			w.faults.before = func(called string) error {
				if called == op {
					return errInjected
				}
				return nil
			}
			if err := tc.do(w); !errors.Is(err, errInjected) {
				t.Errorf("%s: the table failed its %s, and the event passes for %v", name, op, err)
			}
			if got := w.carrier.lists(); !slices.Equal(got, tc.lists) {
				t.Errorf("%s, the table failed its %s: AWS's lists say %q, want %q", name, op, got, tc.lists)
			}
			if len(w.carrier.sent) != 0 {
				t.Errorf("%s, the table failed its %s: %d texts", name, op, len(w.carrier.sent))
			}
			w.faults.before = nil
			if _, stopped := w.stopped(t); stopped {
				t.Errorf("%s: stopped although the table failed its %s", name, op)
			}
		}
	}
}

var saidStopAll = keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}

// silent is a table that answers nothing until the caller gives up.
type silent struct{ *faults }

func (silent) Contact(ctx context.Context, _ consent.Key) (consent.Contact, error) {
	<-ctx.Done()
	return consent.Contact{}, ctx.Err()
}

// A table that does not answer leaves the function enough of its time to put the number on AWS's list. Time is virtual
// here.
func TestATableThatDoesNotAnswerLeavesTimeForTheList(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	w.Store = silent{w.faults}
	stop := w.inbound(saidStop)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		var left time.Duration
		w.faults.before = at("put on list", func() error {
			deadline, _ := ctx.Deadline()
			left = time.Until(deadline)
			return ctx.Err()
		})
		_, err := w.Change(ctx, key, func(c consent.Contact) consent.Change { return c.Hear(stop) })
		if !errors.Is(err, context.DeadlineExceeded) || left < 5*time.Second {
			t.Errorf("Change = %v, with %s left for the list", err, left)
		}
	})
	if diff := cmp.Diff([]string{listed}, w.carrier.lists()); diff != "" {
		t.Error(diff)
	}
}

// The STOP that comes again after the table failed it is written as ever. Its number is listed by then, so AWS refuses
// the answer: the person is stopped, and nothing on record says otherwise.
func TestASTOPThatTheTableFailedIsWrittenWhenItComesAgain(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	stop := w.inbound(saidStop)
	w.faults.before = at("commit", fail)
	if err := w.hear(stop); !errors.Is(err, errInjected) {
		t.Fatalf("Change = %v", err)
	}
	w.pass(time.Minute)
	w.mustHear(t, stop)
	if at, stopped := w.stopped(t); !stopped || !at.Equal(stop.At) {
		t.Errorf("stopped %t at %s", stopped, at)
	}
	if diff := cmp.Diff([]string{consent.SourceSMS}, w.optOuts(t)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"confirmation sent", "reply sent", "reply rejected"}, w.statuses(t)); diff != "" {
		t.Error(diff)
	}
}

// A STOP that was undone and comes again while the table takes no writes must not put the number back on the list: AWS
// takes it off once in 30 days. Where the table does not even say whether it heard that STOP before, it is a STOP.
func TestAnUndoneSTOPThatTheTableFailsLeavesTheList(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fails []string
		want  []string
	}{
		{"commit", []string{"commit"}, nil},
		{"read", []string{"read"}, nil},
		{"both and heard", []string{"read", "commit", "heard"}, []string{listed}},
	} {
		w := newWorld(t)
		w.subscribe(t)
		stop := w.inbound(saidStop)
		w.mustHear(t, stop)
		w.pass(time.Minute)
		w.mustHear(t, w.inbound(saidStart))
		w.faults.before = func(called string) error {
			if slices.Contains(tc.fails, called) {
				return errInjected
			}
			return nil
		}
		w.pass(time.Minute)
		if err := w.hear(stop); !errors.Is(err, errInjected) {
			t.Errorf("%s: Change = %v", tc.name, err)
		}
		if diff := cmp.Diff(tc.want, w.carrier.lists(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
}

// A STOP that comes again after she came back finds AWS's list as an earlier run may have left it, and takes our entry
// off.
func TestASTOPThatComesAgainLeavesNoEntryOfOurs(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	stop := w.inbound(saidStop)
	w.mustHear(t, stop)
	w.pass(time.Second)
	start := w.inbound(saidStart)
	start.Program = oneStep(w)
	w.mustHear(t, start)
	w.carrier.optedOut[listed] = outbox.ListEntry{Since: w.now()}
	w.pass(time.Second)
	w.mustHear(t, stop)
	if on := w.carrier.lists(); len(on) > 0 || w.contact(t).Subs["alerts"].State != consent.Subscribed {
		t.Errorf("on the lists: %q; she is %s", on, w.contact(t).Subs["alerts"].State)
	}
}
