// Package result reports afterwards what a campaign did: who got it and when, who did not and by which rule, in how
// many message parts and at what cost.
//
// A Draft is given the texts on record one by one. It keeps sums only, so it is as small for a million people as for
// ten.
package result

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/report"
)

// notKept stands among the rules for people whose rule was not counted.
const notKept = "not-kept"

// Result is what became of a campaign so far.
type Result struct {
	ID      string         `json:"id"`
	Brand   string         `json:"brand"`
	Topic   string         `json:"topic"`
	State   campaign.State `json:"state"`
	Text    string         `json:"text"`
	At      time.Time      `json:"at"`
	Expires time.Time      `json:"expires"`

	Local jurisdiction.Local `json:"local,omitzero"` // the time it runs by each person's own clock; zero for none
	Name  string             `json:"name,omitempty"` // that somebody gave it

	Sent      int `json:"sent"`      // texts the carrier took, or may have taken
	Delivered int `json:"delivered"` // of those
	Failed    int `json:"failed"`    // of those
	Unknown   int `json:"unknown"`   // of those, those nobody has told of

	Deferred   int            `json:"deferred"`             // people who wait for a rule, or for their turn
	Refused    map[string]int `json:"refused"`              // people, by rule
	Expired    map[string]int `json:"expired"`              // people, by the rule they waited for
	Canceled   map[string]int `json:"canceled"`             // people who did not have it by then, by what they waited for
	Unreadable int            `json:"unreadable,omitempty"` // people whose stored contact cannot be understood

	Audience int `json:"audience"` // all those people together

	campaign.Moved // since the plan, where everybody was looked at

	OptOuts    int `json:"optouts"`    // people who answered STOP, or left by a click or otherwise
	Complaints int `json:"complaints"` // texts a carrier called spam
	Clicks     int `json:"clicks"`     // people who followed a link

	Replies map[string]int `json:"replies"` // what people texted within three days of it, by what we understood

	Parts    int         `json:"parts"`
	Cost     float64     `json:"cost"` // in US dollars, of the countries the price table has
	Costs    []plan.Cost `json:"costs"`
	Unpriced []string    `json:"unpriced,omitempty"` // countries

	Hours    []plan.Hour    `json:"hours"`          // texts by the hour they went out and the zone of the number
	Failures map[string]int `json:"failures"`       // texts that failed, by what was said
	First    time.Time      `json:"first,omitzero"` // text
	Last     time.Time      `json:"last,omitzero"`  // text

	Changed *campaign.Change `json:"changed,omitempty"` // where the list changed much since the plan
	Plan    *Planned         `json:"plan,omitempty"`    // where somebody looked before it was made
	Page    int              `json:"page,omitempty"`    // of the people, from 1, where one was asked for
	Pages   int              `json:"pages,omitempty"`   // there are
	People  []Person         `json:"people,omitzero"`   // where asked for
}

// Planned is what was foreseen when the campaign was made.
type Planned struct {
	Hash   string  `json:"hash"`
	People int     `json:"people"` // on the list
	Will   int     `json:"will"`   // get it
	Parts  int     `json:"parts"`
	Cost   float64 `json:"cost"`
}

// Person is what the campaign came to for one person.
type Person struct {
	Phone   string         `json:"phone"` // masked unless asked for
	Outcome plan.Outcome   `json:"outcome"`
	Rule    string         `json:"rule,omitempty"`
	Because string         `json:"because,omitempty"`
	Until   time.Time      `json:"until,omitzero"`
	At      time.Time      `json:"at"`
	Status  consent.Status `json:"status,omitempty"`
	Parts   int            `json:"parts,omitempty"`
}

// Draft sums up the texts of one campaign. It is not safe for concurrent use.
type Draft struct {
	Links string // the address that short links begin with; empty where the text has none

	sent, delivered, failed int
	parts                   int
	costs                   map[string]plan.Cost
	hours                   map[plan.Hour]int // with no people in the key
	failures                map[string]int
	replies                 map[string]int
	first, last             time.Time

	counts   campaign.Counts // of the people to whom nothing went out
	why      campaign.Reasons
	canceled map[string]int
}

// answersWithin is how long after a text what its reader texts is taken for an answer.
const answersWithin = 72 * time.Hour

// Add counts one text on record, and what its reader ever texted, and returns what it came to.
func (d *Draft) Add(n phone.Number, m *consent.Message, heard []consent.Event) Person {
	why := plan.OnRecord(m)
	p := of(n, why)
	if !why.Outcome.WentOut() {
		return d.Without(n, why)
	}
	if d.costs == nil {
		d.costs, d.hours, d.failures = map[string]plan.Cost{}, map[plan.Hour]int{}, map[string]int{}
		d.replies = map[string]int{}
	}
	p.Parts = message.Segments(message.WithLinks(m.Body, message.SampleLink(d.Links))).Parts
	d.sent++
	d.parts += p.Parts
	country := d.costs[n.Country()]
	country.People++
	country.Parts += p.Parts
	d.costs[n.Country()] = country
	d.hours[plan.Hour{At: m.At.UTC().Truncate(time.Hour), Zone: plan.Zone(n, phone.Told{})}]++
	if d.first.IsZero() || m.At.Before(d.first) {
		d.first = m.At.UTC()
	}
	if m.At.After(d.last) {
		d.last = m.At.UTC()
	}
	for i := range heard {
		if after := heard[i].At.Sub(m.At); after >= 0 && after < answersWithin {
			d.replies[cmp.Or(heard[i].Evidence["understood"], string(heard[i].Type))]++
		}
	}
	switch m.Status {
	case consent.Delivered:
		d.delivered++
	case consent.Undelivered:
		d.failed++
		d.failures[cmp.Or(plan.Detail(m), "no reason was given")]++
	default:
	}
	return p
}

// Known is what is counted of a campaign beside its texts on record.
type Known struct {
	Shards []campaign.Shard
	Fates  campaign.Fates
	Clicks int

	Changed *campaign.Change
	Moved   campaign.Moved

	// Everybody says that each person on the list was added. Then the figures are theirs. Otherwise they are those of
	// Shards, which count whom the campaign has looked at.
	Everybody bool
}

// Finish returns what became of the campaign.
func (d *Draft) Finish(c *campaign.Campaign, k Known, prices plan.Prices, sender plan.Sender) Result {
	counts, why := campaign.Total(k.Shards), campaign.AllReasons(k.Shards)
	if k.Everybody {
		counts, why = d.counts, d.why
	}
	r := Result{
		ID: c.ID, Brand: c.Brand, Topic: c.Topic, State: c.State, Text: c.Text, At: c.At.UTC(), Expires: c.Expires.UTC(),
		Local: c.Local, Name: c.Name,
		Sent: d.sent, Delivered: d.delivered, Failed: d.failed, Unknown: d.sent - d.delivered - d.failed,
		Deferred: counts.Deferred, Unreadable: counts.Unreadable,
		Refused: byRule(why.RefusedBy, counts.Refused), Expired: byRule(why.ExpiredBy, counts.Expired),
		Canceled: map[string]int{},
		OptOuts:  k.Fates.OptOuts, Complaints: k.Fates.Complaints, Clicks: k.Clicks, Parts: d.parts, Failures: d.failures,
		Replies: d.replies, Changed: k.Changed, Moved: k.Moved,
		Hours: []plan.Hour{}, First: d.first, Last: d.last,
	}
	r.Audience = d.sent + counts.Deferred + counts.Refused + counts.Expired + counts.Unreadable
	if k.Everybody {
		for rule, people := range d.canceled {
			r.Canceled[rule] = people
			r.Audience += people
		}
		r.Changed, r.Moved = c.ChangedTo(r.Audience), c.MovedTo(r.Audience)
	}
	if d.costs == nil {
		r.Failures, r.Replies = map[string]int{}, map[string]int{}
	}
	for h, people := range d.hours {
		r.Hours = append(r.Hours, plan.Hour{At: h.At, Zone: h.Zone, People: people})
	}
	slices.SortFunc(r.Hours, func(a, b plan.Hour) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Zone, b.Zone))
	})
	r.Costs, r.Unpriced, r.Cost = prices.Costs(d.costs, sender)
	if c.Plan.Hash != "" {
		r.Plan = &Planned{c.Plan.Hash, c.Plan.People, c.Plan.Will, c.Plan.Parts, float64(c.Plan.Cents) / 100}
	}
	return r
}

// byRule returns how many people each rule kept from it, of all there are.
func byRule(by map[string]int, all int) map[string]int {
	out := map[string]int{}
	for rule, n := range by {
		out[rule] = n
		all -= n
	}
	if all > 0 {
		out[notKept] = all
	}
	return out
}

// Without counts somebody to whom no text went out, and returns what the campaign came to for them.
func (d *Draft) Without(n phone.Number, w plan.Why) Person {
	switch {
	case w.Outcome == plan.Waiting:
		d.counts.Deferred++
	case w.Outcome == plan.Expired:
		d.counts.Expired++
		d.why.Expire(w.Rule)
	case w.Outcome == plan.Canceled:
		if d.canceled == nil {
			d.canceled = map[string]int{}
		}
		d.canceled[w.Rule]++
	case w.Rule == plan.Unreadable:
		d.counts.Unreadable++
	default:
		d.counts.Refused++
		d.why.Refuse(w.Rule)
	}
	return of(n, w)
}

func of(n phone.Number, w plan.Why) Person {
	return Person{
		Phone: string(n), Outcome: w.Outcome, Rule: w.Rule, Because: w.Because, Until: w.Until, At: w.At, Status: w.Status,
	}
}

// Masked returns the person with a number that names nobody (report.Mask).
func (p Person) Masked() Person {
	p.Phone = report.Mask(phone.Number(p.Phone))
	return p
}
