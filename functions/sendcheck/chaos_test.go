package sendcheck_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
)

const squashes = "01KB00000000000000000000A2"

// chaos is a few days in which everything goes wrong that may: calls fail with and without effect, functions are killed
// anywhere, jobs and schedules come twice, late and in any order, time runs out, and people say STOP.
type chaos struct {
	*bench
	t    *testing.T
	seed uint64
	r    *rand.Rand

	people  []consent.Key
	faults  int  // how many are left
	stops   int  // how many people still say STOP
	overlap bool // jobs begin while others are under way
	depth   int
	done    []string // jobs that were done, which may come again
	audited time.Time
}

func newChaos(t *testing.T, seed uint64) *chaos {
	c := &chaos{bench: newBench(t), t: t, seed: seed, r: rand.New(rand.NewPCG(seed, 7)), faults: 25, audited: tuesday}
	if seed%2 == 0 {
		c.stops = 10
	}
	c.overlap = seed%3 == 0
	for i := range 60 {
		n := phone.Number(fmt.Sprintf("+1%s555%04d", [...]string{"206", "212", "808"}[i%3], c.r.IntN(10000)))
		if i%4 == 3 {
			n = phone.Number(fmt.Sprintf("+447700900%03d", i))
		}
		c.people = append(c.people, consent.Key{Brand: "example", Phone: n})
		switch i {
		case 10, 11:
			c.subscribe(full(tuesday.Add(c.upTo(48*time.Hour))), n)
		case 12:
			c.subscribe(func(p *consent.Contact) { p.Health.Undeliverable = true }, n)
		case 13:
			c.subscribe(nil, n)
			c.store.poisoned[consent.Key{Brand: "example", Phone: n}] = true
		default:
			c.subscribe(nil, n)
		}
	}
	for _, id := range []string{pumpkins, squashes} {
		at := tuesday.Add(c.upTo(24 * time.Hour)).Truncate(time.Second)
		c.campaign(id, at, at.Add(2*time.Hour+c.upTo(48*time.Hour)).Truncate(time.Second))
		if err := c.schedules.Once(t.Context(), "campaign-"+id, at, fmt.Sprintf(`{"campaign":%q}`, id)); err != nil {
			t.Fatal(err)
		}
	}
	c.store.fault = c.fault
	c.air.landed = func() { _ = c.fault("carrier", true) }
	c.air.answer = c.answer
	c.outbox.Pacer = pacer(func() error {
		if c.chance(60) {
			return queue.ErrShortOfTime
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
		panic(killed{})
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
	name, a, due := c.schedules.first()
	due = due && !a.at.After(c.now)
	switch {
	case c.chance(15):
		c.goTo(c.now.Add(c.upTo(10 * time.Minute)))
	case c.stops > 0 && c.chance(20):
		c.stop()
	case len(c.done) > 0 && c.chance(10):
		c.job(c.done[c.r.IntN(len(c.done))])
	case due && (len(c.queue.jobs) == 0 || c.chance(3)):
		if !c.chance(10) {
			c.schedules.fire(name)
		}
		c.invoke(name, a)
	case len(c.queue.jobs) > 0:
		body, _ := c.queue.take(c.r.IntN(len(c.queue.jobs)))
		c.job(body)
	case c.depth == 1 && a.input != "":
		c.goTo(a.at)
	}
}

func (c *chaos) invoke(name string, a alarm) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(killed); !is {
				panic(r)
			}
			c.schedules.pending[name] = a // Lambda tries again
		}
	}()
	if _, err := c.Handle(context.Background(), json.RawMessage(a.input)); err != nil {
		c.schedules.pending[name] = a
	}
}

func (c *chaos) job(body string) {
	short := false
	ctx := shrinking{context.Background(), func() bool { short = short || c.chance(25); return short }}
	if dead, ok := c.deliverKilled(ctx, body); dead || !ok {
		c.queue.jobs = append(c.queue.jobs, body)
		return
	}
	c.done = append(c.done, body)
}

// calm does something that does not fail.
func (c *chaos) calm(do func()) {
	fault := c.store.fault
	c.store.fault = nil
	do()
	c.store.fault = fault
}

func (c *chaos) stop() {
	c.stops--
	key := c.people[c.r.IntN(len(c.people))]
	c.calm(func() {
		if _, err := c.outbox.Change(context.Background(), key, func(p consent.Contact) consent.Change {
			return p.CarrierOptOut("alerts", c.clock(), "test")
		}); err != nil {
			c.t.Fatal(err)
		}
	})
}

// audit is what finds texts nobody recorded.
func (c *chaos) audit() {
	c.audited = c.now
	c.calm(func() {
		for _, p := range c.store.contacts {
			if err := c.outbox.Reconcile(context.Background(), p); err != nil {
				c.t.Fatal(err)
			}
		}
	})
}

func (c *chaos) over() bool {
	return c.store.campaigns[pumpkins].State == campaign.Done && c.store.campaigns[squashes].State == campaign.Done
}

func (c *chaos) live() {
	for steps := 0; !c.over(); steps++ {
		if steps > 20000 {
			c.t.Fatalf("seed %d: it never ends", c.seed)
		}
		if len(c.queue.jobs) == 0 && len(c.schedules.pending) == 0 {
			c.t.Fatalf("seed %d: nobody will come back to the campaigns", c.seed)
		}
		if c.now.Sub(c.audited) > 12*time.Hour {
			c.audit()
		}
		c.step()
	}
	for _, body := range c.done {
		c.job(body) // late repeats change nothing
	}
	c.goTo(c.now.Add(20 * time.Minute))
	c.audit()
}

func TestChaos(t *testing.T) {
	book, err := jurisdiction.New(jurisdiction.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	var sent, expired int
	for seed := range uint64(150) {
		c := newChaos(t, seed)
		c.live()
		c.checkTexts(book)
		for _, id := range []string{pumpkins, squashes} {
			c.air.once(t, id)
			counts := c.checkCounts(id)
			sent, expired = sent+counts.Sent, expired+counts.Expired
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if sent < 1000 || expired < 100 {
		t.Errorf("%d sent and %d expired: too few to have proved anything", sent, expired)
	}
}

// checkTexts looks at all that may have reached a phone: not claimed after STOP nor long before it was sent (I1), not
// outside the permitted hours (I6), and on record (I3).
func (c *chaos) checkTexts(book *jurisdiction.Book) {
	for _, f := range c.air.out {
		key := consent.Key{Brand: "example", Phone: f.text.To}
		p := c.store.contacts[key]
		m, ok := c.store.messages[key][f.text.Context[outbox.ContextMessage]]
		if !ok || (m.Status != consent.Sent && m.Status != consent.Unconfirmed) || m.Body == "" && m.Status == consent.Sent {
			c.t.Errorf("I3: a text of %s is on record as %q", f.at, m.Status)
		}
		if at, stopped := p.Stopped["alerts"]; stopped && m.At.After(at) {
			c.t.Errorf("I1: claimed at %s after STOP at %s", m.At, at)
		}
		if f.at.Sub(m.At) > 10*time.Second {
			c.t.Errorf("I1: sent %s after its claim", f.at.Sub(m.At))
		}
		area, err := phone.Locate(f.text.To, p.Told)
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
		if !hours.Permitted(f.at) {
			c.t.Errorf("I6: texted in %s at %s", area, f.at)
		}
	}
}

// checkCounts adds up who is where. Somebody who left the list may be counted or not, as they were met before or after;
// of all others each is in exactly one count. Where two walks overlap and the carrier gives each another answer about
// the same person, the count is of one of the two.
func (c *chaos) checkCounts(id string) campaign.Counts {
	_, counts := c.status(id)
	var texted, others, textedLeft, othersLeft int
	for _, p := range c.store.contacts {
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
	if all := counts.Sent + rest; counts.Deferred != 0 || !sentRight || all < texted+others || all > len(c.store.contacts) {
		c.t.Errorf("%+v of %d texted and %d others, and of %d and %d who left", counts, texted, others, textedLeft, othersLeft)
	}
	return counts
}
