package sendcheck_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"

	"smsconsent/shared/edge/timeleft"
	"smsconsent/shared/testkit/world"
)

const squashes = "01KB00000000000000000000A2"

// chaos is a few days in which everything goes wrong that may: calls fail with and without effect, functions are killed
// anywhere, jobs and schedules come twice, late and in any order, time runs out, and people say STOP.
type chaos struct {
	*fixture
	t    *testing.T
	seed uint64
	r    *rand.Rand

	people  []phone.Number
	spoilt  phone.Number // of them, whose contact nobody can make sense of
	faults  int          // how many are left
	stops   int          // how many people still say STOP
	overlap bool         // jobs begin while others are under way
	depth   int
	done    []string // jobs that were done, which may come again
	audited time.Time
	moves   int  // of campaigns from state to state, when it was last asked whether they are over
	ended   bool // so they were
}

func newChaos(t *testing.T, seed uint64) *chaos {
	c := &chaos{fixture: newWorld(t), t: t, seed: seed, r: rand.New(rand.NewPCG(seed, 7)), faults: 25, audited: tuesday}
	if seed%2 == 0 {
		c.stops = 10
	}
	c.overlap = seed%3 == 0
	for i := range 24 {
		n := phone.Number(fmt.Sprintf("+1%s555%04d", [...]string{"206", "212", "808"}[i%3], c.r.IntN(10000)))
		if i%4 == 3 {
			n = phone.Number(fmt.Sprintf("+447700900%03d", i))
		}
		if slices.Contains(c.people, n) {
			continue
		}
		c.people = append(c.people, n)
		switch i {
		case 10, 11:
			c.subscribe(full(tuesday.Add(c.upTo(48*time.Hour))), n)
		case 12:
			c.subscribe(func(p *consent.Contact) { p.Health.Undeliverable = true }, n)
		case 13:
			c.subscribe(nil, n)
			c.Spoil(n)
			c.spoilt = n
		default:
			c.subscribe(nil, n)
		}
	}
	for _, id := range []string{pumpkins, squashes} {
		at := tuesday.Add(c.upTo(24 * time.Hour)).Truncate(time.Second)
		c.create(id, at, at.Add(2*time.Hour+c.upTo(48*time.Hour)).Truncate(time.Second))
		if err := c.Schedules.Once(t.Context(), "campaign-"+id, at, fmt.Sprintf(`{"campaign":%q}`, id)); err != nil {
			t.Fatal(err)
		}
	}
	c.Table.Fault = c.fault
	c.Carrier.Landed = func() { _ = c.fault("carrier", true) }
	c.Carrier.Answer = c.answer
	c.Outbox.Pacer = world.Pacer(func() error {
		if c.chance(60) {
			return timeleft.ErrShort
		}
		return nil
	})
	return c
}

func (c *chaos) chance(oneIn int) bool { return c.r.IntN(oneIn) == 0 }

func (c *chaos) upTo(d time.Duration) time.Duration { return time.Duration(c.r.Int64N(int64(d))) }

func (c *chaos) fault(_ string, done bool) error {
	switch {
	case c.overlap && c.depth < 2 && c.chance(40):
		c.step()
		return nil
	case c.faults == 0 || !c.chance(30):
		return nil
	}
	c.faults--
	if done || c.chance(2) {
		panic(world.Killed{})
	}
	return errBroken
}

func (c *chaos) answer(int, outbox.SMS) error {
	switch n := c.r.IntN(40); {
	case n == 0:
		return &outbox.Rejection{Reason: "THROTTLED", Throttled: true}
	case n == 1:
		return errBroken
	case n == 2 && c.seed%2 == 0:
		return &outbox.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}
	case n == 3:
		return &outbox.Rejection{Reason: "INVALID"}
	default:
		return nil
	}
}

// step does one thing that could happen next.
func (c *chaos) step() {
	c.depth++
	defer func() { c.depth-- }()
	name, a, due := c.Schedules.First()
	due = due && !a.At.After(c.Clock())
	switch {
	case c.chance(15):
		c.GoTo(c.Clock().Add(c.upTo(10 * time.Minute)))
	case c.stops > 0 && c.chance(20):
		c.stop()
	case len(c.done) > 0 && c.chance(10):
		c.job(c.done[c.r.IntN(len(c.done))])
	case due && (len(c.Queue.Jobs) == 0 || c.chance(3)):
		if !c.chance(10) {
			c.Schedules.Fire(name)
		}
		c.invoke(name, a)
	case len(c.Queue.Jobs) > 0:
		body, _ := c.Queue.Take(c.r.IntN(len(c.Queue.Jobs)))
		c.job(body)
	case c.depth == 1 && a.Input != "":
		c.GoTo(a.At)
	}
}

func (c *chaos) invoke(name string, a world.Alarm) {
	var err error
	dead := world.Survive(func() { _, err = c.Function(context.Background(), json.RawMessage(a.Input)) })
	if dead || err != nil {
		c.Schedules.Pending[name] = a // Lambda tries again
	}
}

func (c *chaos) job(body string) {
	short := false
	ctx := world.Shrinking(context.Background(), func() bool { short = short || c.chance(25); return short })
	if dead, ok := c.DeliverKilled(ctx, body); dead || !ok {
		c.Queue.Jobs = append(c.Queue.Jobs, body)
		return
	}
	c.done = append(c.done, body)
}

// calm does something that does not fail.
func (c *chaos) calm(do func()) {
	fault := c.Table.Fault
	c.Table.Fault = nil
	do()
	c.Table.Fault = fault
}

func (c *chaos) stop() {
	c.stops--
	if n := c.people[c.r.IntN(len(c.people))]; n != c.spoilt {
		c.calm(func() { c.fixture.stop(n) })
	}
}

// audit is what finds texts nobody recorded.
func (c *chaos) audit() {
	c.audited = c.Clock()
	c.calm(func() {
		contacts, _, err := c.Table.Contacts(c.t.Context(), c.Table.People())
		if err == nil {
			err = c.Outbox.Reconcile(c.t.Context(), contacts...)
		}
		if err != nil {
			c.t.Fatal(err)
		}
	})
}

// over reports whether both campaigns are done. It looks only where one was moved since the last look.
func (c *chaos) over() bool {
	if moves := c.Table.Done("SetCampaignState"); moves != c.moves {
		c.moves = moves
		c.ended = c.campaign(pumpkins).State == campaign.Done && c.campaign(squashes).State == campaign.Done
	}
	return c.ended
}

func (c *chaos) live() {
	for steps := 0; !c.over(); steps++ {
		if steps > 20000 {
			c.t.Fatalf("seed %d: it never ends", c.seed)
		}
		if len(c.Queue.Jobs) == 0 && len(c.Schedules.Pending) == 0 {
			c.t.Fatalf("seed %d: nobody will come back to the campaigns", c.seed)
		}
		if c.Clock().Sub(c.audited) > 12*time.Hour {
			c.audit()
		}
		c.step()
	}
	for _, body := range c.done {
		c.job(body) // late repeats change nothing
	}
	c.GoTo(c.Clock().Add(20 * time.Minute))
	c.audit()
}

func TestChaos(t *testing.T) {
	book, err := jurisdiction.New(jurisdiction.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	histories := uint64(150)
	if testing.Short() {
		histories = 30
	}
	var sent, expired atomic.Int64
	t.Run("history", func(t *testing.T) {
		for seed := range histories {
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { // each with a world of its own, which is let go of then
				t.Parallel()
				c := newChaos(t, seed)
				c.live()
				c.checkTexts(book)
				for _, id := range []string{pumpkins, squashes} {
					c.once(id)
					counts := c.checkCounts(id)
					sent.Add(int64(counts.Sent))
					expired.Add(int64(counts.Expired))
				}
			})
		}
	})
	if n := int64(histories); sent.Load() < 10*n || expired.Load() < n {
		t.Errorf("%d sent and %d expired: too few to have proved anything", sent.Load(), expired.Load())
	}
}

// checkTexts looks at all that may have reached a phone: not claimed after STOP nor long before it was sent (I1), not
// outside the permitted hours (I6), and on record (I3).
func (c *chaos) checkTexts(book *jurisdiction.Book) {
	texts, people := c.Texts(), map[phone.Number]consent.Contact{}
	contacts, _, err := c.Table.Contacts(c.t.Context(), c.Table.People())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, p := range contacts {
		people[p.Phone] = p
	}
	for _, f := range c.Carrier.Sent {
		p := people[f.To]
		m, ok := texts[f.Context[outbox.ContextMessage]]
		if !ok || (m.Status != consent.Sent && m.Status != consent.Unconfirmed) || m.Body == "" && m.Status == consent.Sent {
			c.t.Errorf("I3: a text of %s is on record as %q", f.At, m.Status)
		}
		if at, stopped := p.Stopped["alerts"]; stopped && m.At.After(at) {
			c.t.Errorf("I1: claimed at %s after STOP at %s", m.At, at)
		}
		if f.At.Sub(m.At) > 10*time.Second {
			c.t.Errorf("I1: sent %s after its claim", f.At.Sub(m.At))
		}
		area, err := phone.Locate(f.To, p.Told)
		if err != nil {
			c.t.Fatal(err)
		}
		places, err := area.Places()
		if err != nil {
			c.t.Fatal(err)
		}
		hours, err := book.Hours(places)
		if err != nil {
			c.t.Fatal(err)
		}
		if !hours.Permitted(f.At) {
			c.t.Errorf("I6: texted in %s at %s", area, f.At)
		}
	}
}

// checkCounts adds up who is where. Somebody who left the list may be counted or not, as they were met before or after;
// of all others each is in exactly one count. Where two walks overlap and the carrier gives each another answer about
// the same person, the count is of one of the two.
func (c *chaos) checkCounts(id string) campaign.Counts {
	_, counts := c.status(id)
	var texted, others, textedLeft, othersLeft int
	contacts, unreadable, err := c.Table.Contacts(c.t.Context(), c.Table.People())
	if err != nil {
		c.t.Fatal(err)
	}
	others += len(unreadable)
	for _, p := range contacts {
		_, claimed := p.CampaignClaim(id)
		switch on := p.Subs["alerts"].State == consent.Subscribed; {
		case on && claimed:
			texted++
		case on:
			others++
		case claimed:
			textedLeft++
		default:
			othersLeft++
		}
	}
	rest := counts.Refused + counts.Expired + counts.Unreadable
	sentRight := c.overlap || (counts.Sent >= texted && counts.Sent <= texted+textedLeft && rest >= others && rest <= others+othersLeft)
	if all := counts.Sent + rest; counts.Deferred != 0 || !sentRight || all < texted+others || all > len(c.people) {
		c.t.Errorf("%+v of %d texted and %d others, and of %d and %d who left", counts, texted, others, textedLeft, othersLeft)
	}
	return counts
}
