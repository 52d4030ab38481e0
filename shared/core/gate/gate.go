// Package gate decides whether one text may go to one person now.
//
// The decision is a pure function of the programs and rule tables, the contact, the text and the instant. Every rule
// gives its own answer and the strictest wins. The kinds of text differ only in which rules apply to them (see rules).
package gate

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// Verdict is what a rule, and in the end the gate, says of a text. A greater verdict is stricter.
type Verdict uint8

// The verdicts, from mild to strict.
const (
	Allow  Verdict = iota // may go now
	Defer                 // not before Until
	Refuse                // never, as things stand
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
	Topics   []string // topic IDs; those of a reply may be empty
	Campaign string
	Ref      string    // of a single text: the ID its caller knows it by
	Urgent   bool      // of a transactional campaign: it can't wait for the permitted hours; no other kind heeds it
	Digest   bool      // the campaign is for those too who show no sign of reading
	Content  string    // message.ContentHash of the body, before its fields are filled in
	Shared   string    // the ID by which other channels name the same content; empty for none
	Invited  bool      // of a confirmation request: the phone itself asked for it by text
	Change   bool      // of a reply: it tells the person of a change they made
	By       time.Time // of a reply or confirmation request: later it must not reach the phone; zero for no end
	Expected time.Time // of a confirmation request: until then somebody waits for it, so that it may go at any hour
	Branded  bool      // the body begins with the brand's name
	OptOut   bool      // the body says how to opt out
	Opens    time.Time // the campaign's start; zero for none
	Expires  time.Time // the campaign's end; zero for none

	Local jurisdiction.Local // of a campaign: its span on each person's own clock; zero for none
}

// Window returns from when on and until when the text may reach a phone of those hours: the campaign's beginning and
// end, and where it has a span on each person's own clock, that. Zero is none. h is nil where the hours are unknown.
func (t *Text) Window(h *jurisdiction.Hours) (opens, expires time.Time) {
	if t.Local.IsZero() || h == nil {
		return t.Opens, t.Expires
	}
	opens, expires = h.Own(t.Local)
	if opens.Before(t.Opens) {
		opens = t.Opens
	}
	return opens, earliest(expires, t.Expires)
}

// Person is a contact together with the hours of every place the phone may be in. Hours is nil where the place is
// unknown or not served; Unserved then says why.
type Person struct {
	Contact  *consent.Contact
	Hours    *jurisdiction.Hours
	Unserved string

	// Abroad says why the person is only answered: the brand does not serve the country of the phone. Empty where it does.
	Abroad string
}

// Answer is what one rule said. Until is set on Defer, and on a refusal that a limit ends. Because is empty on Allow.
type Answer struct {
	Verdict Verdict
	Until   time.Time
	Because string
}

// stricter reports whether a keeps a text back more than b does: by its verdict, or by deferring longer.
func stricter(a, b Answer) bool {
	if a.Verdict != b.Verdict {
		return a.Verdict > b.Verdict
	}
	return a.Verdict == Defer && a.Until.After(b.Until)
}

// Decision is the gate's answer with every rule's own.
type Decision struct {
	// Verdict is the strictest of all rules. Only Allow lets the text go, and only for the contact it was asked about.
	Verdict Verdict

	// Until is the instant to ask again about a deferred text; a refused one has it where a limit will have room again.
	// UTC; zero otherwise.
	Until time.Time

	// Closes is the instant by which an allowed text must have reached the phone: whoever hands it over must have the
	// carrier give it up then. Zero where nothing closes.
	Closes time.Time

	// Rule is the name of the rule that decided, and Because its reason in words a person can check, without phone
	// number or body. Both are empty on Allow.
	Rule    string
	Because string

	// Policy is the hash of programs.yaml and that of the rule tables it was decided under, as Gate.Policy returns them.
	// It must go on record with the text.
	Policy string

	answers [maxRules]Answer // in the order of rules; zero for one that does not apply
}

// Explained is one rule's answer in words a person can check.
type Explained struct {
	Rule    Rule
	Applies bool
	Answer  Answer
}

// Gate decides under one catalog. It is safe for concurrent use.
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
	also  phone.Area // a second area, whose hours must suit as well; empty for none
}

// New makes a gate for the catalog's brands, each with its own hours where it has narrower ones.
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

// Policy identifies the rules decided under: the hash of programs.yaml and that of the rule tables, joined by a dot.
func (g *Gate) Policy() string { return g.policy }

// Person finds the hours of every place the contact's phone may be in, and whether its country is served.
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

// Asking does what Person does, for a question that is to be put to the phone: the hours suit the places the phone may
// be in by what the person told, and those it may be in by what is told with the question, which nobody has confirmed
// yet.
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

// Opening returns when the permitted hours of every place the phone may be in next leave time for a text: now itself
// where they do. The error wraps jurisdiction.ErrNeverOpen where no hour suits all the places. Hours must not be nil.
func (p Person) Opening(now time.Time) (time.Time, error) {
	if closes := p.Hours.ClosesAt(now); closes.Sub(now) < leastTime {
		return p.Hours.NextOpening(closes)
	}
	return now, nil
}

// Hours returns the brand's permitted hours in every place of the area. The error is jurisdiction.ErrUnserved where the
// area has a country nobody listed.
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

// Decide asks every rule that applies to the text's kind. It allocates nothing where all of them allow.
func (g *Gate) Decide(p Person, t Text, now time.Time) Decision {
	_, expires := t.Window(p.Hours)
	d := Decision{Policy: g.policy, Closes: earliest(expires, t.By)}
	q := inquiry{catalog: g.catalog, person: p, text: t, now: now}
	bits := bitsOf(&t)
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
	if d.Verdict == Allow && bits&hourly != 0 { // so its place is served, and has hours
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

// earliest returns the earlier of two times; a zero one is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// Explain lists every rule in order with the answer it gave in the decision about a text of that kind.
func (d *Decision) Explain(kind message.Kind) []Explained {
	out := make([]Explained, len(rules))
	for i := range rules {
		out[i] = Explained{Rule: rules[i], Applies: rules[i].applies(bitOf(kind)), Answer: d.answers[i]}
		out[i].Applies = out[i].Applies || d.answers[i] != (Answer{})
	}
	return out
}

// Waited returns the rule that had the text wait when its campaign ended, and CampaignWindow where none did.
func (d *Decision) Waited() string {
	waited := CampaignWindow
	var longest Answer
	for i := range rules {
		if a := d.answers[i]; a.Verdict == Defer && stricter(a, longest) {
			waited, longest = rules[i].Name, a
		}
	}
	return waited
}

// Lasting returns a decision that names the end of a campaign as one of the rule that refuses the text whether it has
// ended or not, where there is one: who was refused while it ran stays refused by that rule.
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

// NeedsOptOut reports whether the text must say how to opt out before it may go: where a country demands it in every
// text, and otherwise when the person was last told more than 31 days ago, or will be before another text may tell
// them.
func (g *Gate) NeedsOptOut(p Person, t Text, now time.Time) bool {
	q := inquiry{catalog: g.catalog, person: p, text: t, now: now}
	q.text.OptOut = false
	return optOutInstruction(q).Verdict != Allow || q.isLastForLong()
}
