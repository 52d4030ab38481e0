package plan

import (
	"cmp"
	"container/heap"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
)

// Plan is what a campaign is expected to do. Will, Expire and the sum of Not add up to Audience.
type Plan struct {
	Audience int            `json:"audience"`
	Will     int            `json:"will"`             // people who get it
	Later    int            `json:"later"`            // of those, people who have to wait when it begins for them
	Passed   int            `json:"passed,omitempty"` // of those, people whose local time had passed its beginning
	Not      map[string]int `json:"not"`              // people who do not get it, by the rule responsible
	Expire   int            `json:"expire"`           // people for whom the number's rate leaves no time, though no rule is against it
	Parts    int            `json:"parts"`            // message parts of all texts
	Cost     float64        `json:"cost"`             // US dollars, without countries that have no price
	Minutes  int            `json:"minutes"`
	Hours    []Hour         `json:"hours"`

	Began    time.Time `json:"begins"`
	Ends     time.Time `json:"expires"`
	Rate     float64   `json:"parts_a_second"` // what campaigns may use of the number's rate
	First    time.Time `json:"first,omitzero"` // when the first text goes
	Last     time.Time `json:"last,omitzero"`  // when the last text goes
	Reasons  []Reason  `json:"reasons"`
	Tiers    Tiers     `json:"tiers"`
	Longest  Longest   `json:"longest"`
	Costs    []Cost    `json:"costs"`
	Unpriced []string  `json:"unpriced,omitempty"` // countries without a price
	Closed   []Closed  `json:"closed"`

	Beside []Beside `json:"beside,omitempty"` // other campaigns that may keep this one from people

	// Local is the time it runs by each person's own clock, zero for none.
	Local jurisdiction.Local `json:"local,omitzero"`

	Hash string `json:"hash"`
}

// Hour is how many people of a time zone get the text within an hour.
type Hour struct {
	At     time.Time `json:"at"`   // beginning of the hour, UTC
	Zone   string    `json:"zone"` // IANA name; "several" for people who may be in more than one
	People int       `json:"people"`
}

// Cost is what the texts to one country cost.
type Cost struct {
	Country string  `json:"country"` // ISO 3166-1 alpha-2
	People  int     `json:"people"`
	Parts   int     `json:"parts"`
	Cost    float64 `json:"cost"`
	Price
}

// Closed is a time in which none of the people who get it may be texted.
type Closed struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// timing is a plan while the texts are put in time.
type timing struct {
	Plan
	draft *Draft
	hours map[Hour]int // number of people; People in the key is zero
	costs map[string]Cost
}

// Finish returns the plan. It computes when each text goes at the rate of the program's number, first come, first
// served, and what they cost.
func (d *Draft) Finish(prices Prices) Plan {
	e := timing{draft: d, hours: map[Hour]int{}, costs: map[string]Cost{}, Plan: Plan{
		Audience: d.audience, Passed: d.passed, Local: d.Text.Local, Not: map[string]int{}, Hours: []Hour{},
		Began: d.Begins.UTC(), Ends: d.Expires.UTC(), Rate: d.Rate,
		Reasons: d.sortedReasons(), Tiers: d.tiers, Longest: d.longest, Closed: d.closed(),
		Beside: d.beside(),
	}}
	for _, r := range e.Reasons {
		e.Not[r.Rule] = r.People
	}
	e.serve(d.slots)
	for h, people := range e.hours {
		e.Hours = append(e.Hours, Hour{h.At, h.Zone, people})
	}
	slices.SortFunc(e.Hours, func(a, b Hour) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Zone, b.Zone)) })
	e.price(prices, SenderOf(d.Program.Identity))
	e.Minutes = int(math.Ceil(float64(e.Parts) / e.Rate / 60))
	e.Hash = e.hash()
	return e.Plan
}

// serve sends to the people of all slots, in the order in which they may be texted.
func (e *timing) serve(slots map[slot]int) {
	line := make(line, 0, len(slots))
	for s, people := range slots {
		line = append(line, waiting{slot: s, people: people, zone: e.draft.zones[s.hours]})
	}
	heap.Init(&line)
	now := e.Began
	for len(line) > 0 {
		next := heap.Pop(&line).(waiting) //nolint:forcetypeassert // it is what was pushed
		if next.from.After(now) {
			now = next.from
		}
		_, ends := e.draft.window(next.hours)
		closes := ends
		if e.draft.ByHours {
			closes = earliest(closes, next.hours.ClosesAt(next.from))
		}
		each := time.Duration(float64(next.parts) * float64(time.Second) / e.Rate)
		served := min(next.people, countWithin(gate.LastTime(closes).Sub(now)+1, each)) // one may go at the last time
		e.send(next, served, now, each)
		now = now.Add(time.Duration(served) * each)
		if next.people -= served; next.people == 0 {
			continue
		}
		opens, err := next.hours.NextOpening(closes)
		if !e.draft.ByHours || err != nil || !opens.Before(ends) {
			e.Expire += next.people
			continue
		}
		next.from = opens.UTC()
		heap.Push(&line, next)
	}
}

// countWithin returns how many texts begin within span, one every each.
func countWithin(span, each time.Duration) int {
	if span <= 0 {
		return 0
	}
	return int((span + each - 1) / each)
}

// send counts people of one slot whose texts go one after another, from now on.
func (e *timing) send(w waiting, people int, now time.Time, each time.Duration) {
	if people == 0 {
		return
	}
	e.Will += people
	e.Parts += people * w.parts
	if w.later {
		e.Later += people
	}
	c := e.costs[w.country]
	c.People, c.Parts = c.People+people, c.Parts+people*w.parts
	e.costs[w.country] = c
	if e.First.IsZero() {
		e.First = now
	}
	e.Last = now.Add(time.Duration(people-1) * each)
	for people > 0 {
		hour := now.Truncate(time.Hour)
		n := min(people, countWithin(hour.Add(time.Hour).Sub(now), each))
		e.hours[Hour{At: hour, Zone: w.zone}] += n
		people -= n
		now = now.Add(time.Duration(n) * each)
	}
}

// price adds what each country costs.
func (e *timing) price(prices Prices, sender Sender) {
	e.Closed = append([]Closed{}, e.Closed...)
	e.Costs, e.Unpriced, e.Cost = prices.Costs(e.costs, sender)
}

// Costs returns what the texts to each country cost, and the total, in US dollars. Countries without a price come in
// unpriced and cost nothing here.
func (p Prices) Costs(by map[string]Cost, sender Sender) (costs []Cost, unpriced []string, total float64) {
	costs = []Cost{}
	for _, country := range slices.Sorted(maps.Keys(by)) {
		c := by[country]
		c.Country = country
		var known bool
		if c.Price, known = p.Of(country, sender); known {
			c.Cost = float64(c.Parts) * (c.AWS + c.Carrier)
			total += c.Cost
		} else {
			unpriced = append(unpriced, country)
		}
		c.Cost = cents(c.Cost)
		costs = append(costs, c)
	}
	return costs, unpriced, cents(total)
}

func cents(x float64) float64 { return math.Round(100*x) / 100 }

// hash identifies a plan. The same people, texts and rules give the same hash at any time.
func (p *Plan) hash() string {
	sum := sha256.New()
	// All fields are numbers, strings and times, so this cannot fail.
	_ = json.NewEncoder(sum).Encode(p)
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// closed returns the times in which none of the people who get the campaign may be texted.
func (d *Draft) closed() []Closed {
	all := []Closed{}
	if !d.ByHours || len(d.slots) == 0 {
		return all
	}
	areas := map[*jurisdiction.Hours]bool{}
	for s := range d.slots {
		areas[s.hours] = true
	}
	for at := d.Begins.UTC(); at.Before(d.Expires); {
		var open, next time.Time
		for h := range areas {
			begins, ends := d.window(h)
			opens, err := h.NextOpening(latest(at, begins))
			switch {
			case err != nil || !opens.Before(ends):
			case opens.After(at):
				if next.IsZero() || opens.Before(next) {
					next = opens
				}
			default:
				open = latest(open, earliest(h.ClosesAt(at), ends))
			}
		}
		if !open.IsZero() {
			at = open.UTC()
			continue
		}
		if next.IsZero() || next.After(d.Expires) {
			next = d.Expires
		}
		all = append(all, Closed{at, next.UTC()})
		at = next.UTC()
	}
	return all
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// waiting is the people of a slot who have not been texted.
type waiting struct {
	slot
	people int
	zone   string
}

// line is a heap with those who may be texted first on top. Ties have a fixed order, so that a plan comes out the
// same each time.
type line []waiting

func (l line) Len() int { return len(l) }

func (l line) Less(i, j int) bool {
	a, b := &l[i], &l[j]
	return cmp.Or(
		a.from.Compare(b.from), cmp.Compare(a.zone, b.zone), cmp.Compare(a.country, b.country), cmp.Compare(a.parts, b.parts),
		cmp.Compare(a.people, b.people), cmp.Compare(strconv.FormatBool(a.later), strconv.FormatBool(b.later)),
	) < 0
}

func (l line) Swap(i, j int) { l[i], l[j] = l[j], l[i] }

// Push implements heap.Interface.
func (l *line) Push(x any) { *l = append(*l, x.(waiting)) } //nolint:forcetypeassert // nothing else is pushed

// Pop implements heap.Interface.
func (l *line) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}
