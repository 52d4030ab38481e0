package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// network is a carrier that keeps an opt-out list as AWS does.
type network struct {
	w *world

	onSend  func(outbox.SMS) error // an error is the outcome; nil takes the text
	onOptIn func() error           // likewise

	mu       sync.Mutex
	optedOut map[string]outbox.ListEntry // list and number
	sent     []outbox.SMS
}

func (n *network) Send(ctx context.Context, t outbox.SMS) (id string, err error) {
	err = n.w.faults.strike("send", func() error { id, err = n.send(ctx, t); return err })
	return id, err
}

func (n *network) send(_ context.Context, t outbox.SMS) (string, error) {
	n.w.note("send %s", t.Body)
	n.mu.Lock()
	n.sent = append(n.sent, t)
	id := fmt.Sprintf("aws-%d", len(n.sent))
	p := n.w.program("alerts")
	_, listed := n.optedOut[p.OptOutList+" "+string(t.To)]
	listed = listed && t.From == p.Identity.String()
	n.mu.Unlock()
	if n.onSend != nil {
		if err := n.onSend(t); err != nil {
			return "", err
		}
	}
	if listed {
		return "", &outbox.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}
	}
	return id, nil
}

// OptOut keeps the first time a number was put on the list, as AWS does.
func (n *network) OptOut(_ context.Context, list string, p phone.Number) error {
	return n.w.faults.strike("put on list", func() error {
		n.w.note("put on %s", list)
		n.mu.Lock()
		defer n.mu.Unlock()
		if _, on := n.optedOut[list+" "+string(p)]; !on {
			n.optedOut[list+" "+string(p)] = outbox.ListEntry{Since: n.w.now()}
		}
		return nil
	})
}

func (n *network) Listed(_ context.Context, list string, p phone.Number) (e outbox.ListEntry, on bool, err error) {
	err = n.w.faults.strike("look on list", func() error {
		n.w.note("look on %s", list)
		n.mu.Lock()
		defer n.mu.Unlock()
		e, on = n.optedOut[list+" "+string(p)]
		return nil
	})
	return e, on, err
}

func (n *network) List(_ context.Context, list, token string) ([]outbox.OnList, string, error) {
	n.w.note("read %s behind %q", list, token)
	var next string
	if token == "" {
		next = "more"
	}
	return nil, next, nil
}

func (n *network) OptIn(_ context.Context, list string, p phone.Number) error {
	return n.w.faults.strike("take off list", func() error {
		n.w.note("take off %s", list)
		if n.onOptIn != nil {
			if err := n.onOptIn(); err != nil {
				return err
			}
		}
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.optedOut, list+" "+string(p))
		return nil
	})
}

func (n *network) lists() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Sorted(maps.Keys(n.optedOut))
}

// faults is the table with a hook before and after each call, of the table and of AWS's texting. An error of a hook is
// the call's, and a hook may panic, as a function does that is ended on the spot.
type faults struct {
	*table.Table
	w             *world
	before, after func(op string) error
}

// strike does a call between the hooks.
func (f *faults) strike(op string, do func() error) error {
	if f.before != nil {
		if err := f.before(op); err != nil {
			return err
		}
	}
	if err := do(); err != nil {
		return err
	}
	if f.after != nil {
		return f.after(op)
	}
	return nil
}

// call is strike for a write of the table, which is noted.
func (f *faults) call(op string, do func() error) error {
	return f.strike(op, func() error {
		err := do()
		if err == nil {
			f.w.note("%s", op)
		}
		return err
	})
}

func (f *faults) Commit(ctx context.Context, ch consent.Change, now time.Time) (c consent.Contact, err error) {
	err = f.call("commit", func() (err error) { c, err = f.Table.Commit(ctx, ch, now); return err })
	return c, err
}

func (f *faults) Claim(ctx context.Context, before consent.Contact, cl consent.Claim, keep time.Duration) (c consent.Contact, err error) {
	err = f.call("claim", func() (err error) { c, err = f.Table.Claim(ctx, before, cl, keep); return err })
	return c, err
}

func (f *faults) UpdateBookkeeping(ctx context.Context, c consent.Contact, change func(consent.Contact) consent.Contact) (stored consent.Contact, err error) {
	err = f.call("bookkeeping", func() (err error) { stored, err = f.Table.UpdateBookkeeping(ctx, c, change); return err })
	return stored, err
}

func (f *faults) Record(ctx context.Context, sent ...table.Sent) error {
	return f.call("record", func() error { return f.Table.Record(ctx, sent...) })
}

func (f *faults) Heard(ctx context.Context, k consent.Key, inbound string) (known bool, err error) {
	err = f.strike("heard", func() (err error) { known, err = f.Table.Heard(ctx, k, inbound); return err })
	return known, err
}

func (f *faults) Contact(ctx context.Context, k consent.Key) (c consent.Contact, err error) {
	err = f.strike("read", func() (err error) { c, err = f.Table.Contact(ctx, k); return err })
	return c, err
}

func (f *faults) Statuses(ctx context.Context, texts ...table.Text) (on map[table.Text]consent.Status, err error) {
	err = f.strike("look for texts", func() (err error) { on, err = f.Table.Statuses(ctx, texts...); return err })
	return on, err
}

func (f *faults) Campaign(ctx context.Context, id string) (c campaign.Campaign, err error) {
	err = f.strike("read campaign", func() (err error) { c, err = f.Table.Campaign(ctx, id); return err })
	return c, err
}

func (f *faults) Attributes(ctx context.Context, k consent.Key) (values map[string]string, err error) {
	err = f.strike("read attributes", func() (err error) { values, err = f.Table.Attributes(ctx, k); return err })
	return values, err
}

func (f *faults) RecordUnconfirmed(ctx context.Context, k consent.Key, m consent.Message) error {
	return f.call("record unconfirmed", func() error { return f.Table.RecordUnconfirmed(ctx, k, m) })
}

// once makes a hook that acts at its first call; act may call what is hooked.
func once(act func() error) func() error {
	var done atomic.Bool
	return func() error {
		if done.Swap(true) {
			return nil
		}
		return act()
	}
}

// at makes a hook that acts at the first call of op.
func at(op string, act func() error) func(string) error {
	first := once(act)
	return func(called string) error {
		if called != op {
			return nil
		}
		return first()
	}
}

// killed is what a function that is ended on the spot panics with in these tests.
type killed struct{}

func kill() error { panic(killed{}) }

var errInjected = errors.New("injected")

func fail() error { return errInjected }

// survive runs f, which may be killed, and reports whether it was.
func survive(f func() error) (wasKilled bool, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case killed:
			wasKilled = true
		default:
			panic(r)
		}
	}()
	return false, f()
}
