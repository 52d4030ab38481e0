package world

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/sourcegraph/conc/panics"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
)

// Table is the consent table, with faults that tests inject.
type Table struct {
	*table.Table

	// Fault, where set, is called before each write, and again after it, before the answer is given. Its error
	// becomes the write's. It may panic with Killed, and it may do what another process does in the meantime.
	Fault func(op string, done bool) error

	// Unreadable holds the errors for reads that fail, by name, such as "Contact".
	Unreadable map[string]error

	mu     sync.Mutex
	done   map[string]int
	looked int
	people map[consent.Key]bool
}

// Killed is the value a Fault panics with to end the function at that point.
type Killed struct{}

// Survive calls do, during which the function may be killed, and reports whether it was.
func Survive(do func()) (dead bool) {
	defer func() {
		r := recover()
		if worker, ok := r.(*panics.Recovered); ok { // the panic of one of many goroutines
			r = worker.Value
		}
		if _, dead = r.(Killed); r != nil && !dead {
			panic(r)
		}
	}()
	do()
	return false
}

// Failing returns a Fault that makes the next n writes with a name fail, without writing anything.
func Failing(op string, n int, with error) func(op string, done bool) error {
	return func(asked string, done bool) error {
		if asked != op || done || n == 0 {
			return nil
		}
		n--
		return with
	}
}

// Done returns how many calls with a name were made: writes, or reads of a contact, a record or a campaign.
func (t *Table) Done(op string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.done[op]
}

// Looked returns how many contacts were read in batches.
func (t *Table) Looked() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.looked
}

// People returns everybody whose contact was ever written, ordered by number.
func (t *Table) People() []consent.Key {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.SortedFunc(maps.Keys(t.people), func(a, b consent.Key) int {
		return cmp.Or(cmp.Compare(a.Brand, b.Brand), cmp.Compare(a.Phone, b.Phone))
	})
}

func (t *Table) write(op string, do func() error) error {
	if t.Fault != nil {
		if err := t.Fault(op, false); err != nil {
			return err
		}
	}
	if err := do(); err != nil {
		return err
	}
	t.count(op)
	if t.Fault != nil {
		return t.Fault(op, true)
	}
	return nil
}

func read[Out any](t *Table, op string, do func() (Out, error)) (out Out, err error) {
	t.count(op)
	if err := t.Unreadable[op]; err != nil {
		return out, err
	}
	return do()
}

func (t *Table) count(op string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done == nil {
		t.done = map[string]int{}
	}
	t.done[op]++
}

// Contact counts as a read.
func (t *Table) Contact(ctx context.Context, key consent.Key) (consent.Contact, error) {
	return read(t, "Contact", func() (consent.Contact, error) { return t.Table.Contact(ctx, key) })
}

// Person counts as a read.
func (t *Table) Person(ctx context.Context, key consent.Key) (consent.Record, error) {
	return read(t, "Person", func() (consent.Record, error) { return t.Table.Person(ctx, key) })
}

// Campaign counts as a read.
func (t *Table) Campaign(ctx context.Context, id string) (campaign.Campaign, error) {
	return read(t, "Campaign", func() (campaign.Campaign, error) { return t.Table.Campaign(ctx, id) })
}

// Contacts reads contacts, and counts them.
func (t *Table) Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error) {
	t.mu.Lock()
	t.looked += len(keys)
	t.mu.Unlock()
	if err := t.Unreadable["Contacts"]; err != nil {
		return nil, nil, err
	}
	return t.Table.Contacts(ctx, keys)
}

// Recipients reads contacts, and counts them.
func (t *Table) Recipients(ctx context.Context, keys []consent.Key, attributes bool) (
	[]consent.Contact, map[consent.Key]map[string]string, []table.Unreadable, error,
) {
	t.mu.Lock()
	t.looked += len(keys)
	t.mu.Unlock()
	return t.Table.Recipients(ctx, keys, attributes)
}

// ContactAndDeferred counts as a read.
func (t *Table) ContactAndDeferred(ctx context.Context, key consent.Key, ref string) (c consent.Contact, d consent.Deferred, err error) {
	c, err = read(t, "ContactAndDeferred", func() (c consent.Contact, err error) {
		c, d, err = t.Table.ContactAndDeferred(ctx, key, ref)
		return c, err
	})
	return c, d, err
}

// Commit is a write.
func (t *Table) Commit(ctx context.Context, ch consent.Change, now time.Time) (c consent.Contact, err error) {
	t.mu.Lock()
	if t.people == nil {
		t.people = map[consent.Key]bool{}
	}
	t.people[ch.Next.Key] = true
	t.mu.Unlock()
	err = t.write("Commit", func() (err error) { c, err = t.Table.Commit(ctx, ch, now); return err })
	return c, err
}

// SetAttributes is a write.
func (t *Table) SetAttributes(ctx context.Context, key consent.Key, given map[string]string) (set bool, err error) {
	err = t.write("SetAttributes", func() (err error) { set, err = t.Table.SetAttributes(ctx, key, given); return err })
	return set, err
}

// Claim is a write.
func (t *Table) Claim(
	ctx context.Context, before consent.Contact, claim consent.Claim, keep time.Duration,
) (c consent.Contact, err error) {
	err = t.write("Claim", func() (err error) { c, err = t.Table.Claim(ctx, before, claim, keep); return err })
	return c, err
}

// SaveDeferred is a write.
func (t *Table) SaveDeferred(ctx context.Context, d consent.Deferred) (saved consent.Deferred, err error) {
	err = t.write("SaveDeferred", func() (err error) { saved, err = t.Table.SaveDeferred(ctx, d); return err })
	return saved, err
}

// RepairAudience is a write.
func (t *Table) RepairAudience(ctx context.Context, key consent.Key) error {
	return t.write("RepairAudience", func() error { return t.Table.RepairAudience(ctx, key) })
}

// StartAudit is a write.
func (t *Table) StartAudit(ctx context.Context, r inspect.Run) error {
	return t.write("StartAudit", func() error { return t.Table.StartAudit(ctx, r) })
}

// SaveAuditPart is a write.
func (t *Table) SaveAuditPart(ctx context.Context, p inspect.Part, now time.Time) (saved inspect.Part, err error) {
	err = t.write("SaveAuditPart", func() (err error) { saved, err = t.Table.SaveAuditPart(ctx, p, now); return err })
	return saved, err
}

// SaveListed is a write.
func (t *Table) SaveListed(ctx context.Context, run, program string, n int, numbers []uint64, now time.Time) error {
	return t.write("SaveListed", func() error { return t.Table.SaveListed(ctx, run, program, n, numbers, now) })
}

// TakeAudit is a write.
func (t *Table) TakeAudit(ctx context.Context, id string, now time.Time) (mine bool, err error) {
	err = t.write("TakeAudit", func() (err error) { mine, err = t.Table.TakeAudit(ctx, id, now); return err })
	return mine, err
}

// CloseAudit is a write.
func (t *Table) CloseAudit(ctx context.Context, id string, now time.Time) error {
	return t.write("CloseAudit", func() error { return t.Table.CloseAudit(ctx, id, now) })
}

// UpdateBookkeeping is a write.
func (t *Table) UpdateBookkeeping(
	ctx context.Context, c consent.Contact, change func(consent.Contact) consent.Contact,
) (stored consent.Contact, err error) {
	err = t.write("UpdateBookkeeping", func() (err error) { stored, err = t.Table.UpdateBookkeeping(ctx, c, change); return err })
	return stored, err
}

// Record is a write.
func (t *Table) Record(ctx context.Context, sent ...table.Sent) error {
	return t.write("Record", func() error { return t.Table.Record(ctx, sent...) })
}

// RecordUnconfirmed is a write.
func (t *Table) RecordUnconfirmed(ctx context.Context, key consent.Key, m consent.Message) error {
	return t.write("RecordUnconfirmed", func() error { return t.Table.RecordUnconfirmed(ctx, key, m) })
}

// MessageStatus is a write.
func (t *Table) MessageStatus(
	ctx context.Context, key consent.Key, id string, step consent.StatusChange,
) (isNew bool, err error) {
	err = t.write("MessageStatus", func() (err error) { isNew, err = t.Table.MessageStatus(ctx, key, id, step); return err })
	return isNew, err
}

// Click is a write.
func (t *Table) Click(
	ctx context.Context, key consent.Key, campaignID string, step consent.StatusChange,
) (first bool, err error) {
	err = t.write("Click", func() (err error) { first, err = t.Table.Click(ctx, key, campaignID, step); return err })
	return first, err
}

// CountOptOut is a write.
func (t *Table) CountOptOut(ctx context.Context, id, once string, now time.Time) (all campaign.Tally, err error) {
	err = t.write("CountOptOut", func() (err error) { all, err = t.Table.CountOptOut(ctx, id, once, now); return err })
	return all, err
}

// CountFates is a write.
func (t *Table) CountFates(ctx context.Context, id string, f campaign.Fates) (all campaign.Tally, err error) {
	err = t.write("CountFates", func() (err error) { all, err = t.Table.CountFates(ctx, id, f); return err })
	return all, err
}

// SetCampaignState is a write.
func (t *Table) SetCampaignState(
	ctx context.Context, id string, from []campaign.State, to campaign.State, why string,
) error {
	return t.write("SetCampaignState", func() error { return t.Table.SetCampaignState(ctx, id, from, to, why) })
}

// SaveShard is a write.
func (t *Table) SaveShard(ctx context.Context, s campaign.Shard) error {
	return t.write("SaveShard", func() error { return t.Table.SaveShard(ctx, s) })
}

// SaveCandidates is a write.
func (t *Table) SaveCandidates(ctx context.Context, campaign string, shard int, people, done []phone.Number) error {
	return t.write("SaveCandidates", func() error { return t.Table.SaveCandidates(ctx, campaign, shard, people, done) })
}

// SaveSeries is a write.
func (t *Table) SaveSeries(ctx context.Context, s campaign.Series) error {
	return t.write("SaveSeries", func() error { return t.Table.SaveSeries(ctx, s) })
}

// Allow is a write.
func (t *Table) Allow(
	ctx context.Context, key string, limit int, window time.Duration, now time.Time,
) (ok bool, err error) {
	err = t.write("Allow", func() (err error) { ok, err = t.Table.Allow(ctx, key, limit, window, now); return err })
	return ok, err
}
