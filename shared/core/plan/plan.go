// Package plan predicts what a campaign will do: who gets it and when, who does not and why, in how many message parts
// and at what cost. It also explains afterwards why one person got a campaign or did not (Why).
//
// To begin, read New, Draft.Add and Draft.Finish. A Draft gets the people of the audience one by one, and asks the
// gate about each at the times at which functions/sendcheck would. It keeps only sums, so it needs as much memory for
// a million people as for ten.
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

// Unreadable is the name, among those of the gate's rules, for people whose stored contact cannot be decoded.
const Unreadable = "unreadable"

// maxWaits is how often the gate is asked about one person. Each wait is for another rule, and there are fewer
// rules.
const maxWaits = 32

// Campaign is the campaign that is planned.
type Campaign struct {
	Gate    *gate.Gate
	Program *program.Program
	Topic   *program.Topic
	Begins  time.Time // not before
	Expires time.Time // not at or after
	Rate    float64   // message parts per second that campaigns may send from the program's number
	ByHours bool      // it may only text at permitted hours

	Text gate.Text // as the outbox passes it to the gate

	// Unapproved is why it waits for approval, empty where it does not.
	Unapproved string

	// Links is the start of short links, empty where the text has none.
	Links string
}

// Reason is a rule that keeps the campaign from people for all of its time, and how many they are.
type Reason struct {
	Rule    string    `json:"rule"`
	People  int       `json:"people"`
	Because string    `json:"because"`              // the reason in words, for one of them
	First   time.Time `json:"until_first,omitzero"` // when the rule would let the first of them have it; zero for never
	Last    time.Time `json:"until_last,omitzero"`  // likewise for the last of them
	Refused int       `json:"refused,omitempty"`    // those of them the rule refuses; the others wait beyond the end
}

// Tiers is the number of people of the audience in each tier (docs/engagement.md).
type Tiers struct {
	Regular int `json:"regular"`
	Digest  int `json:"digest"`
	Asked   int `json:"asked"`
}

// Longest is the longest text that anybody gets.
type Longest struct {
	Text       string `json:"text"`
	Characters int    `json:"characters"`
	Parts      int    `json:"parts"`
	Encoding   string `json:"encoding"`
}

// Draft collects the people of an audience. It is not safe for concurrent use.
type Draft struct {
	Campaign

	audience int
	passed   int // people who get it although their local time had passed its beginning
	tiers    Tiers
	longest  Longest
	reasons  map[string]*Reason
	slots    map[slot]int // number of people

	others   []*other
	openings map[*jurisdiction.Hours]time.Time // see opening
	zones    map[*jurisdiction.Hours]string
}

// slot is a group of people with the same hour of their text, permitted hours, message parts and country.
type slot struct {
	from    time.Time // when they may be texted: a whole hour, or the campaign's beginning within it
	hours   *jurisdiction.Hours
	parts   int
	country string // ISO 3166-1 alpha-2
	later   bool   // they had to wait when it began for them
}

// New begins the plan of a campaign.
func New(c Campaign) *Draft {
	return &Draft{
		Campaign: c, reasons: map[string]*Reason{}, slots: map[slot]int{},
		openings: map[*jurisdiction.Hours]time.Time{}, zones: map[*jurisdiction.Hours]string{},
	}
}

// AddUnreadable counts n people of the audience whose stored contact cannot be decoded.
func (d *Draft) AddUnreadable(n int) {
	if n == 0 {
		return
	}
	d.audience += n
	r := d.reason(gate.Decision{Rule: Unreadable, Because: "their stored contact cannot be read"})
	r.People += n
	r.Refused += n
}

// Add asks the gate about one person of the audience: first when the hours of their area open, and then each time a
// rule that made them wait would let the text go.
//
// body is what they would read, with its fields filled in and links in the form that message.Links reads. attributes
// are theirs, as far as they are known: another campaign may be for people with certain ones.
func (d *Draft) Add(c *consent.Contact, body string, attributes map[string]string) {
	d.audience++
	d.countTier(c)
	person := d.afterOthers(d.Gate.Person(c), attributes)
	f, worded := d.ask(person, body)
	switch {
	case f.Verdict == gate.Allow:
		d.send(person, worded.Body, f.at)
	case f.Rule == gate.CampaignWindow:
		d.keep(f.Waited())
	default:
		d.keep(f.Decision)
	}
}

// ask asks the gate about a person whose texts to come are among those they had.
func (d *Draft) ask(p gate.Person, body string) (f followed, worded gate.Worded) {
	f = follow(d.opening(p), func(at time.Time) gate.Decision {
		then := p.WithClaims(func(cl *consent.Claim) bool { return !expected(cl) || !cl.At.After(at) })
		worded = d.Gate.Word(then, d.Text, body, at)
		return d.Gate.Decide(then, worded.Text, at).Lasting()
	})
	return f, worded
}

// followed is the last answer of the gate, and the last one before it that made the person wait.
type followed struct {
	gate.Decision
	at     time.Time     // time of the last answer
	waits  gate.Decision // the last answer to wait
	waited time.Time     // time of that answer
}

// isOver reports whether the campaign ended while the person waited.
func (f followed) isOver() bool {
	return f.waits.Rule != "" && (f.Verdict == gate.Defer || f.Rule == gate.CampaignWindow)
}

// follow asks the gate at at, and again when each wait is over, until the text may go or is refused. It asks at the
// whole minutes at which functions/sendcheck looks.
func follow(at time.Time, ask func(at time.Time) gate.Decision) followed {
	var f followed
	for range maxWaits {
		f.Decision, f.at = ask(at), at
		if f.Verdict != gate.Defer {
			return f
		}
		f.waits, f.waited = f.Decision, at
		at = wholeMinute(f.Until)
	}
	return f
}

// window returns when the campaign begins and ends for people with those hours.
func (c *Campaign) window(h *jurisdiction.Hours) (begins, ends time.Time) {
	if c.Text.Local.IsZero() {
		return c.Begins, c.Expires
	}
	begins, ends = c.Text.Window(h)
	return latest(begins, c.Begins), ends
}

// opening returns when the gate is first asked about people of an area. That is the campaign's beginning where their
// hours do not open during the campaign, so that the gate gives the reason.
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

// wholeMinute returns the whole minute, at or after t, at which functions/sendcheck looks again.
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
		if own, _ := p.Hours.Span(d.Text.Local); own.Before(d.Begins) {
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

// severalZones is the zone of people who may be in more than one.
const severalZones = "several"

// Zone returns the IANA time zone of a phone, such as "America/New_York", or "several" where it may be in more than
// one.
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

// keep counts a person who does not get the campaign.
func (d *Draft) keep(says gate.Decision) {
	r := d.reason(says)
	r.People++
	if says.Verdict == gate.Refuse {
		if says.Rule != gate.CampaignWindow { // by the person's own clock the campaign is over
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

// sortedReasons returns the reasons, those of most people first.
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
