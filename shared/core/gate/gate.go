// Package gate decides whether one text may go to one person now.
//
// The decision is a pure function of the programs and rule tables, the contact, the text and the time. Every rule
// gives its own answer, and the strictest one counts. The kinds of texts differ only in which rules apply to them. To
// begin, read rules (the table of all rules), Decide and Decision.
package gate

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// Verdict is the answer of a rule or of the gate. A greater verdict is stricter.
type Verdict uint8

// The verdicts. Each is stricter than the one before.
const (
	Allow  Verdict = iota // may be sent now
	Defer                 // not before Until
	Refuse                // may not be sent as things are; see Until
)

// String returns the verdict as records and explanations spell it.
func (v Verdict) String() string {
	switch v {
	case Allow:
		return "allow"
	case Defer:
		return "defer"
	default:
		return "refuse"
	}
}

// Text is what somebody wants to send.
type Text struct {
	Kind     message.Kind
	Program  *program.Program
	Topics   []string // topic IDs; may be empty for a reply
	Campaign string
	Ref      string    // the caller's ID of a single text
	Urgent   bool      // a transactional campaign that cannot wait for permitted hours; ignored for other kinds
	Digest   bool      // the campaign also goes to people who show no sign of reading
	Content  string    // message.ContentHash of the body, before its fields are filled in
	Shared   string    // ID of the same content on other channels; empty for none
	Invited  bool      // a confirmation request that the phone itself asked for by text
	Change   bool      // a reply that confirms a change the person made
	By       time.Time // a reply or confirmation request must not reach the phone after this; zero for no end
	Expected time.Time // until then somebody waits for a confirmation request, so it may be sent at any hour
	Branded  bool      // the body begins with the brand's name
	OptOut   bool      // the body says how to opt out
	Opens    time.Time // the campaign's start; zero for none
	Expires  time.Time // the campaign's end; zero for none

	Local jurisdiction.Local // for a campaign, the time it runs by each person's own clock; zero for none
}

// Window returns the time within which the text may reach a phone with those hours: the campaign's beginning and end,
// or its local times for those hours. Zero times mean no limit. h is nil where the hours are unknown.
func (t *Text) Window(h *jurisdiction.Hours) (opens, expires time.Time) {
	if t.Local.IsZero() || h == nil {
		return t.Opens, t.Expires
	}
	opens, expires = h.Span(t.Local)
	if opens.Before(t.Opens) {
		opens = t.Opens
	}
	return opens, earliest(expires, t.Expires)
}

// Person is a contact with the permitted hours of every place the phone may be in. Hours is nil where the place is
// unknown or not served; Unserved then says why.
type Person struct {
	Contact  *consent.Contact
	Hours    *jurisdiction.Hours
	Unserved string

	// Abroad says why the person only gets replies: the brand does not serve the phone's country. It is empty where
	// it does.
	Abroad string
}

// Answer is the answer of one rule. Until is set on Defer, and on a refusal that ends by itself. Because is empty on
// Allow.
type Answer struct {
	Verdict Verdict
	Until   time.Time
	Because string
}

// stricter reports whether a is stricter than b: by its verdict, or by deferring longer.
func stricter(a, b Answer) bool {
	if a.Verdict != b.Verdict {
		return a.Verdict > b.Verdict
	}
	return a.Verdict == Defer && a.Until.After(b.Until)
}

// Decision is the gate's answer, and that of every rule.
type Decision struct {
	// Verdict is the strictest of all rules' verdicts. Only Allow permits sending, and only to this contact.
	Verdict Verdict

	// Until is when to ask again about a deferred text, or about a refused one where a limit will have room again.
	// UTC; zero otherwise.
	Until time.Time

	// Closes is when an allowed text must have reached the phone. The sender must have the carrier drop it then. Zero
	// for no such time.
	Closes time.Time

	// Rule is the name of the rule that decided, and Because its reason in words a person can check, without phone
	// number or body. Both are empty on Allow.
	Rule    string
	Because string

	// Policy is the hash of the programs.yaml and of the rule tables of the decision, as Gate.Policy returns them. It
	// must be recorded with the text.
	Policy string

	never   bool             // the campaign has no time for the person
	answers [maxRules]Answer // in the order of rules; zero where a rule does not apply
}

// Explained is one rule's answer for people to read.
type Explained struct {
	Rule    Rule
	Applies bool
	Answer  Answer
}

// Gate decides by one catalog. It is safe for concurrent use.
type Gate struct {
	catalog *program.Catalog
	policy  string
	books   map[string]*jurisdiction.Book // by brand ID

	mu    sync.Mutex
	hours map[place]*jurisdiction.Hours
}

type place struct {
	brand string
	area  phone.Area
	also  phone.Area // a second area whose hours must permit the text too; empty for none
}

// New makes a Gate for the catalog's brands, each with its own hours where it has some.
func New(c *program.Catalog) (*Gate, error) {
	g := &Gate{
		catalog: c,
		policy:  c.Hash() + "." + jurisdiction.TablesHash(),
		books:   map[string]*jurisdiction.Book{},
		hours:   map[place]*jurisdiction.Hours{},
	}
	for i := range c.Brands {
		policy := c.Policy
		if own := c.Brands[i].Hours; own != nil {
			policy = *own
		}
		book, err := jurisdiction.New(policy)
		if err != nil {
			return nil, fmt.Errorf("hours of brand %s: %w", c.Brands[i].ID, err)
		}
		g.books[c.Brands[i].ID] = book
	}
	return g, nil
}

// Policy returns the hash of programs.yaml and that of the rule tables, joined by a dot.
func (g *Gate) Policy() string { return g.policy }

// Person returns the contact with the hours of every place its phone may be in, and whether its country is served.
func (g *Gate) Person(c *consent.Contact) Person {
	p := g.placed(c)
	if b, ok := g.catalog.Brand(c.Brand); ok {
		if country := c.Phone.Country(); country != "" && !b.Serves(country) {
			p.Abroad = "the brand does not serve " + country
		}
	}
	return p
}

func (g *Gate) placed(c *consent.Contact) Person {
	area, err := phone.Locate(c.Phone, c.Told)
	if err != nil {
		return Person{Contact: c, Unserved: "nobody knows where this phone is"}
	}
	hours, err := g.Hours(c.Brand, area)
	switch {
	case errors.Is(err, jurisdiction.ErrUnserved):
		return Person{Contact: c, Unserved: "programs.yaml lists no hours for a country this phone may be in"}
	case err != nil:
		return Person{Contact: c, Unserved: "the hours of a place this phone may be in are unknown"}
	}
	return Person{Contact: c, Hours: hours}
}

// Asking is Person for a confirmation request. The hours must permit the text in the places by what the person told,
// and in those by what was told with the request, which is not confirmed yet.
func (g *Gate) Asking(c *consent.Contact, told phone.Told) Person {
	p := g.Person(c)
	if p.Hours == nil || told == c.Told || told == (phone.Told{}) {
		return p
	}
	own, err := phone.Locate(c.Phone, c.Told)
	if err != nil {
		return p
	}
	said, err := phone.Locate(c.Phone, told)
	if err != nil {
		return Person{Contact: c, Unserved: "nobody knows the place that was told with the request"}
	}
	p.Hours, err = g.hoursOf(place{brand: c.Brand, area: own, also: said})
	if err != nil {
		return Person{Contact: c, Unserved: "the hours of the place that was told with the request are unknown"}
	}
	return p
}

// Opening returns when the hours of every place the phone may be in next permit a text, which is now where they do.
// The error wraps jurisdiction.ErrNeverOpen where no time suits all places. Hours must not be nil.
func (p Person) Opening(now time.Time) (time.Time, error) {
	if closes := p.Hours.ClosesAt(now); closes.Sub(now) < leastTime {
		return p.Hours.NextOpening(closes)
	}
	return now, nil
}

// Hours returns the brand's permitted hours in every place of the area, or jurisdiction.ErrUnserved where a country
// of the area has no hours.
func (g *Gate) Hours(brand string, area phone.Area) (*jurisdiction.Hours, error) {
	return g.hoursOf(place{brand: brand, area: area})
}

func (g *Gate) hoursOf(key place) (*jurisdiction.Hours, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if h, ok := g.hours[key]; ok {
		return h, nil
	}
	book, ok := g.books[key.brand]
	if !ok {
		return nil, fmt.Errorf("brand %q is not in programs.yaml", key.brand)
	}
	places, err := key.area.Places()
	if err != nil {
		return nil, err
	}
	if key.also != "" {
		also, err := key.also.Places()
		if err != nil {
			return nil, err
		}
		places = append(places, also...)
	}
	h, err := book.Hours(places)
	if err != nil {
		return nil, err
	}
	g.hours[key] = h
	return h, nil
}

// Decide asks every rule that applies to the text's kind. It allocates nothing where all of them allow the text.
func (g *Gate) Decide(p Person, t Text, now time.Time) Decision {
	opens, expires := t.Window(p.Hours)
	d := Decision{Policy: g.policy, Closes: earliest(expires, t.By)}
	q := inquiry{catalog: g.catalog, person: p, text: t, now: now}
	bits := bitsOf(&t)
	if last := LastTime(expires); bits&campaigns != 0 && !expires.IsZero() {
		d.never = opens.After(last)
		if q.over = now.After(last); q.over && !d.never {
			q = q.asOf(last)
		}
		q.never = d.never
	}
	for i := range rules {
		if !rules[i].applies(bits) {
			continue
		}
		a := rules[i].check(q)
		d.answers[i] = a
		if stricter(a, Answer{Verdict: d.Verdict, Until: d.Until}) {
			d.Verdict, d.Until, d.Rule, d.Because = a.Verdict, a.Until, rules[i].Name, a.Because
		}
	}
	if d.Verdict == Allow && bits&hourly != 0 { // allowed, so its place is served and has hours
		closes := p.Hours.ClosesAt(now)
		if t.Kind == message.Confirmation {
			closes = earliest(closes, now.Add(questionLives))
			if closes.Before(t.Expected) {
				closes = t.Expected
			}
		}
		d.Closes = earliest(d.Closes, closes)
	}
	return d
}

// LastTime returns the last time at which a text may go whose campaign ends at expires. With less, a carrier's queue
// could deliver it later.
func LastTime(expires time.Time) time.Time { return expires.Add(-leastTime) }

// asOf returns the question as it stood at the last time of a campaign that is over: the rules then tell what the
// person waited for, and no text of later counts. What this campaign sent counts whenever it was.
func (q inquiry) asOf(last time.Time) inquiry {
	q.now = last
	q.person = q.person.WithClaims(func(cl *consent.Claim) bool {
		return !cl.At.After(last) || cl.Campaign == q.text.Campaign
	})
	return q
}

// WithClaims returns the person with those of their texts that count. The contact stays as it is.
func (p Person) WithClaims(counts func(*consent.Claim) bool) Person {
	other := func(cl consent.Claim) bool { return !counts(&cl) }
	if slices.ContainsFunc(p.Contact.Claims, other) {
		c := *p.Contact
		c.Claims = slices.DeleteFunc(slices.Clone(c.Claims), other)
		p.Contact = &c
	}
	return p
}

// earliest returns the earlier of two times; a zero time does not count.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// Explain returns every rule in order, with its answer in the decision about a text of that kind.
func (d *Decision) Explain(kind message.Kind) []Explained {
	out := make([]Explained, len(rules))
	for i := range rules {
		out[i] = Explained{Rule: rules[i], Applies: rules[i].applies(bitOf(kind)), Answer: d.answers[i]}
		out[i].Applies = out[i].Applies || d.answers[i] != (Answer{})
	}
	return out
}

// Waited returns, of a decision about a campaign that is over for the person, that about the rule they waited for at
// its last time. It is the same decision where they waited for no rule, so that it was their turn only.
func (d Decision) Waited() Decision {
	if d.never {
		return d
	}
	var longest Answer
	for i := range rules {
		if a := d.answers[i]; a.Verdict == Defer && stricter(a, longest) {
			d.Verdict, d.Rule, d.Because, d.Until = Defer, rules[i].Name, a.Because, a.Until
			longest = a
		}
	}
	return d
}

// Lasting returns a decision about an ended campaign with the rule that refuses the text anyway, where there is one:
// a person who was refused while it ran stays refused by that rule.
func (d Decision) Lasting() Decision {
	if d.Verdict != Refuse || d.Rule != CampaignWindow {
		return d
	}
	for i := range rules {
		if a := d.answers[i]; a.Verdict == Refuse && rules[i].Name != CampaignWindow {
			d.Rule, d.Because = rules[i].Name, a.Because
			return d
		}
	}
	return d
}

// NeedsOptOut reports whether the text must say how to opt out: where a country requires it in every text, and
// otherwise where the person was last told more than 31 days ago, or will have been before another text can tell
// them.
func (g *Gate) NeedsOptOut(p Person, t Text, now time.Time) bool {
	q := inquiry{catalog: g.catalog, person: p, text: t, now: now}
	q.text.OptOut = false
	return optOutInstruction(q).Verdict != Allow || q.isLastForLong()
}
