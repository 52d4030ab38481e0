// Package plan says beforehand what a campaign will do: who gets it and when, who does not and why, in how many parts
// and for what money.
//
// A Draft is given the people of the audience one by one and asks the gate about each, at the instants at which the
// walk would ask it. It keeps sums only, so it is as small for a million people as for ten.
package plan

import (
	"cmp"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// Unreadable is why somebody gets nothing whose stored contact cannot be understood. It stands among the rules.
const Unreadable = "unreadable"

// mostWaits is how often one person is asked about. Each time they wait for another rule, and there are not as many.
const mostWaits = 32

// Campaign is what is planned.
type Campaign struct {
	Gate    *gate.Gate
	Program *program.Program
	Topic   *program.Topic
	Begins  time.Time // the first instant at which somebody may be texted
	Expires time.Time // not at or after
	Rate    float64   // message parts a second that campaigns may send from the program's number
	ByHours bool      // the permitted hours of each place bind it

	Text gate.Text // as the outbox describes it to the gate

	// Unapproved is why it waits for approval; empty where it does not.
	Unapproved string

	// Links is the address that short links begin with; empty where the text has none.
	Links string
}

// Reason is a rule and the people it keeps the campaign from for all of its time.
type Reason struct {
	Rule    string    `json:"rule"`
	People  int       `json:"people"`
	Because string    `json:"because"`              // of one of them
	First   time.Time `json:"until_first,omitzero"` // when the first of them could have got it; zero where nobody ever can
	Last    time.Time `json:"until_last,omitzero"`  // and when the last
	Refused int       `json:"refused,omitempty"`    // of them, those it can never reach; the others wait beyond its end
}

// Tiers is the audience by tier (docs/engagement.md).
type Tiers struct {
	Regular int `json:"regular"`
	Digest  int `json:"digest"`
	Asked   int `json:"asked"`
}

// Longest is the longest text somebody gets.
type Longest struct {
	Text       string `json:"text"`
	Characters int    `json:"characters"`
	Parts      int    `json:"parts"`
	Encoding   string `json:"encoding"`
}

// Draft sums up the people of an audience. It is not safe for concurrent use.
type Draft struct {
	Campaign

	audience int
	passed   int // people who get it and whose clock showed the beginning before Begins
	tiers    Tiers
	longest  Longest
	reasons  map[string]*Reason
	slots    map[slot]int // people

	openings map[*jurisdiction.Hours]time.Time // the first from Begins on
	zones    map[*jurisdiction.Hours]string
}

// slot is people who may be texted from the same hour on and until the same, with as many parts each.
type slot struct {
	from    time.Time // a whole hour, or the campaign's beginning within it
	hours   *jurisdiction.Hours
	parts   int
	country string // ISO 3166-1 alpha-2
	later   bool   // they could not get it when it began for them
}

// New begins the plan of a campaign.
func New(c Campaign) *Draft {
	return &Draft{
		Campaign: c, reasons: map[string]*Reason{}, slots: map[slot]int{},
		openings: map[*jurisdiction.Hours]time.Time{}, zones: map[*jurisdiction.Hours]string{},
	}
}

// AddUnreadable counts people of the audience whose stored contact cannot be understood.
func (d *Draft) AddUnreadable(n int) {
	if n == 0 {
		return
	}
	d.audience += n
	r := d.reason(gate.Decision{Rule: Unreadable, Because: "their stored contact cannot be read"})
	r.People += n
	r.Refused += n
}

// Add asks the gate about one person of the audience: first when the hours of their area open, and whenever a rule has
// them wait, again when it would let the text go.
//
// The body is what they would read, with its fields filled in and links as message.Links reads them.
func (d *Draft) Add(c *consent.Contact, body string) {
	d.audience++
	d.countTier(c)
	person := d.Gate.Person(c)
	var worded gate.Worded
	f := follow(d.opening(person), func(at time.Time) gate.Decision {
		worded = d.Gate.Word(person, d.Text, body, at)
		return d.Gate.Decide(person, worded.Text, at).Lasting()
	})
	switch {
	case f.Verdict == gate.Allow:
		d.send(person, worded.Body, f.at)
	case f.isOver():
		d.keep(f.waits)
	default:
		d.keep(f.Decision)
	}
}

// followed is the answer that was the last, and the last that had the person wait.
type followed struct {
	gate.Decision
	at     time.Time // of that answer
	waits  gate.Decision
	waited time.Time // since when
}

// isOver reports whether the campaign ended while the person waited for something else.
func (f followed) isOver() bool {
	return f.waits.Rule != "" && (f.Verdict == gate.Defer || f.Rule == gate.CampaignWindow)
}

// follow asks from an instant on, and again whenever the answer has the person wait, at the instants at which the walk
// does, until the text may go or never may.
func follow(at time.Time, ask func(at time.Time) gate.Decision) followed {
	var f followed
	for range mostWaits {
		f.Decision, f.at = ask(at), at
		if f.Verdict != gate.Defer {
			return f
		}
		f.waits, f.waited = f.Decision, at
		at = wholeMinute(f.Until)
	}
	return f
}

// window returns when the campaign begins and ends for people of those hours.
func (c *Campaign) window(h *jurisdiction.Hours) (begins, ends time.Time) {
	if c.Text.Local.IsZero() {
		return c.Begins, c.Expires
	}
	begins, ends = c.Text.Window(h)
	return latest(begins, c.Begins), ends
}

// opening returns when the walk first asks about the people of an area. Where that is after the campaign, its beginning
// tells why.
func (d *Draft) opening(p gate.Person) time.Time {
	if p.Hours == nil {
		return d.Begins
	}
	at, known := d.openings[p.Hours]
	if !known {
		begins, ends := d.window(p.Hours)
		at = begins
		if d.ByHours {
			if opens, err := p.Hours.NextOpening(begins); err == nil && opens.Before(ends) && opens.After(begins) {
				at = wholeMinute(opens)
			}
		}
		d.openings[p.Hours] = at
	}
	return at
}

// wholeMinute returns when the walk looks again at whoever waits until then: at a whole minute.
func wholeMinute(t time.Time) time.Time { return t.Add(time.Minute - 1).Truncate(time.Minute).UTC() }

func (d *Draft) countTier(c *consent.Contact) {
	sub := c.Subs[d.Topic.ID]
	if sub.State != consent.Subscribed {
		return
	}
	switch sub.TierNow() {
	case consent.Digest:
		d.tiers.Digest++
	case consent.Asked:
		d.tiers.Asked++
	default:
		d.tiers.Regular++
	}
}

func (d *Draft) send(p gate.Person, body string, at time.Time) {
	body = message.WithLinks(body, message.SampleLink(d.Links))
	size := message.Segments(body)
	if n := len([]rune(body)); size.Parts > d.longest.Parts || size.Parts == d.longest.Parts && n > d.longest.Characters {
		d.longest = Longest{Text: body, Characters: n, Parts: size.Parts, Encoding: size.Encoding}
	}
	begins, _ := d.window(p.Hours)
	if !d.Text.Local.IsZero() {
		if own, _ := p.Hours.Own(d.Text.Local); own.Before(d.Begins) {
			d.passed++
		}
	}
	from := latest(at.Truncate(time.Hour), begins)
	if _, known := d.zones[p.Hours]; !known {
		d.zones[p.Hours] = Zone(p.Contact.Phone, p.Contact.Told)
	}
	d.slots[slot{
		from: from.UTC(), hours: p.Hours, parts: size.Parts, country: p.Contact.Phone.Country(), later: at.After(begins),
	}]++
}

// severalZones stands for the zone of people who may be in any of several.
const severalZones = "several"

// Zone returns the time zone of a phone, such as "America/New_York", and "several" where it may be in any of several.
func Zone(n phone.Number, told phone.Told) string {
	area, err := phone.Locate(n, told)
	if err != nil {
		return severalZones
	}
	places, err := area.Places()
	if err != nil {
		return severalZones
	}
	zone := ""
	for _, p := range places {
		for _, z := range p.Zones {
			if zone != "" && z != zone {
				return severalZones
			}
			zone = z
		}
	}
	return zone
}

func (d *Draft) reason(says gate.Decision) *Reason {
	r, known := d.reasons[says.Rule]
	if !known {
		r = &Reason{Rule: says.Rule, Because: says.Because}
		d.reasons[says.Rule] = r
	}
	return r
}

// keep counts somebody the campaign does not reach.
func (d *Draft) keep(says gate.Decision) {
	r := d.reason(says)
	r.People++
	if says.Verdict == gate.Refuse {
		if says.Rule != gate.CampaignWindow { // whose own clock shows that it is over
			r.Refused++
		}
		return
	}
	until := says.Until.UTC()
	if r.First.IsZero() || until.Before(r.First) {
		r.First = until
	}
	if until.After(r.Last) {
		r.Last = until
	}
}

// sortedReasons returns them with those of most people first.
func (d *Draft) sortedReasons() []Reason {
	all := make([]Reason, 0, len(d.reasons))
	for _, r := range d.reasons {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Rule, b.Rule))
	})
	return all
}
