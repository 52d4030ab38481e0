package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// Outcome is what a campaign came to for one person.
type Outcome string

// The outcomes of a campaign for one person.
const (
	Sent     Outcome = "sent"     // on record
	Unsure   Outcome = "unsure"   // on record, and nobody knows whether the carrier took it
	Failed   Outcome = "failed"   // on record, and it did not arrive
	Waiting  Outcome = "waiting"  // a rule has the person wait, or their turn
	Refused  Outcome = "refused"  // by a rule, or by the carrier
	Expired  Outcome = "expired"  // the campaign ended while a rule had the person wait
	Canceled Outcome = "canceled" // before the person's turn
	Unknown  Outcome = "unknown"  // nothing on record kept it from the person
)

// byCarrier and other rules of our own stand in Why where no rule of the gate decided.
const (
	byCarrier    = campaign.Carrier
	byLine       = "line"
	byPause      = "campaign-paused"
	byCancel     = "campaign-canceled"
	byApproval   = "campaign-unapproved"
	onRecord     = "on-record"
	nothingKnown = "nothing-on-record"
)

// Why answers why a person got a campaign, or did not.
type Why struct {
	Verdict string    `json:"verdict"` // of the rule: allow, defer or refuse
	Outcome Outcome   `json:"outcome"`
	Rule    string    `json:"rule"` // that decided
	Because string    `json:"because"`
	Until   time.Time `json:"until,omitzero"` // when they may have it; zero where that is never, or they have it
	At      time.Time `json:"at"`             // the instant it was decided for, or the text's

	Status  consent.Status `json:"status,omitempty"`  // of the text on record
	Counted []Counted      `json:"counted,omitempty"` // the texts the rule counted
	Rebuilt bool           `json:"rebuilt"`           // the answer is worked out from the record, for none was kept
	Policy  string         `json:"policy"`            // the rules that answer, or those the text was decided under
	Rules   []gate.Line    `json:"rules,omitempty"`   // every rule's answer at that instant
}

// Counted is one of the texts that kept a campaign's back.
type Counted struct {
	At       time.Time    `json:"at"`
	Kind     message.Kind `json:"kind"`
	Campaign string       `json:"campaign,omitempty"`
}

// Why answers why the person of the record got the campaign, or did not, as is known at now. walked is when the last of
// its people were looked at, or now where that is to come.
//
// A text on record is the answer. No refusal is on record, so without a text the gate is asked again, at the instants
// at which the walk asks, about the contact as the record says that it stood then. The walk comes to a person some time
// after it begins; so where every rule would have let them have it, it is asked again after whatever happened until
// then.
func (c *Campaign) Why(of *campaign.Campaign, r *consent.Record, walked, now time.Time) (Why, error) {
	for i := range r.Messages {
		if m := &r.Messages[i]; m.Campaign == of.ID {
			return OnRecord(m), nil
		}
	}
	if cl, ok := r.Contact.CampaignClaim(of.ID); ok {
		return Why{
			Verdict: gate.Allow.String(), Outcome: Unsure, Rule: onRecord, At: cl.At.UTC(), Status: consent.Unconfirmed,
			Because: "it was claimed, and nobody knows yet what became of it",
		}, nil
	}
	if because := outside(of, r); because != "" {
		return Why{
			Verdict: gate.Refuse.String(), Outcome: Refused, Rule: campaign.Segment, At: latest(of.At, of.Created).UTC(),
			Because: because, Policy: c.Gate.Policy(),
		}, nil
	}
	first, err := c.followRecord(r, earliest(latest(of.At, of.Created), now), now)
	if err != nil {
		return Why{}, err
	}
	f := first
	for _, at := range changes(r, first.at, earliest(walked, of.Expires)) {
		if f.Verdict != gate.Allow || f.at.After(now) {
			break
		}
		if f, err = c.followRecord(r, at, now); err != nil {
			return Why{}, err
		}
	}
	if f.Verdict == gate.Allow {
		f = first
	}
	return c.whyAsked(of, r, f, now)
}

// outside tells why the campaign is not for the person of a record; empty where it is.
func outside(of *campaign.Campaign, r *consent.Record) string {
	area, err := phone.Locate(r.Contact.Phone, r.Contact.Told)
	if len(of.In) > 0 && (err != nil || !of.Includes(area)) {
		return "the campaign is for people in " + strings.Join(of.In, ", ") + ", and their phone may be elsewhere"
	}
	if because := of.Excludes(r.Attributes); because != "" {
		return "the person is not in the segment: " + because
	}
	return ""
}

// followRecord asks about the person of a record from an instant on.
func (c *Campaign) followRecord(r *consent.Record, from, now time.Time) (followed, error) {
	var failed error
	f := follow(from.UTC(), func(at time.Time) gate.Decision {
		if !at.Before(c.Expires) {
			return gate.Decision{Verdict: gate.Refuse, Rule: gate.CampaignWindow, Because: "the campaign has ended"}
		}
		contact, err := stoodAt(r, at, now)
		if err != nil {
			failed = err
			return gate.Decision{Verdict: gate.Refuse}
		}
		_, d := c.Gate.Would(&contact, c.Text, "", at)
		return d.Lasting()
	})
	return f, failed
}

// changes returns the instants after which the record says another thing of the person, between two others.
func changes(r *consent.Record, from, to time.Time) []time.Time {
	var all []time.Time
	add := func(at time.Time) {
		if after := at.Add(time.Millisecond); after.After(from) && after.Before(to) {
			all = append(all, after.UTC())
		}
	}
	for i := range r.Events {
		add(r.Events[i].Recorded)
	}
	for i := range r.Messages {
		add(r.Messages[i].At)
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// stoodAt returns the contact as it stood at an instant; what comes is asked about as it stands now.
func stoodAt(r *consent.Record, at, now time.Time) (consent.Contact, error) {
	if !at.Before(now) {
		return r.Contact, nil
	}
	return r.Before(at.Add(time.Millisecond)) // records know milliseconds
}

// WentOut reports whether the carrier took a text, or may have taken it.
func (o Outcome) WentOut() bool { return o == Sent || o == Unsure || o == Failed }

// OnRecord answers for a text on record, or one that was kept back on record.
func OnRecord(m *consent.Message) Why {
	w := Why{
		Verdict: gate.Allow.String(), Outcome: Sent, Rule: onRecord, At: m.At.UTC(), Status: m.Status, Policy: m.Policy,
		Because: "it went out, and is " + string(m.Status),
	}
	said := Detail(m)
	detail := cmp.Or(said, "no reason was given")
	switch m.Status {
	case consent.Rejected, consent.Withheld:
		w.Verdict, w.Outcome, w.Rule = gate.Refuse.String(), Refused, byCarrier
		w.Because = "it did not go out: " + detail
	case consent.Undelivered:
		w.Verdict, w.Outcome, w.Rule = gate.Refuse.String(), Failed, byCarrier
		w.Because = "it went out, and did not arrive: " + detail
	case consent.Unconfirmed:
		w.Outcome, w.Because = Unsure, "nobody knows whether it went out"
	default:
	}
	if said != "" && w.Rule == onRecord {
		w.Because += ": " + said
	}
	return w
}

// Detail returns what was said of the text's status; empty where nothing was.
func Detail(m *consent.Message) string {
	detail := ""
	for _, step := range m.History {
		if step.Status == m.Status {
			detail = step.Detail
		}
	}
	return detail
}

// whyAsked answers by what the gate said.
func (c *Campaign) whyAsked(of *campaign.Campaign, r *consent.Record, f followed, now time.Time) (Why, error) {
	ended := of.State == campaign.Done || of.State == campaign.Canceled || !now.Before(of.Expires)
	said, at, outcome := f.Decision, f.at, Refused
	switch {
	case f.Verdict == gate.Allow && f.at.After(now) && f.waits.Rule != "" && !ended:
		said, at, outcome = f.waits, f.waited, Waiting
		said.Until = f.at
	case f.Verdict == gate.Allow:
		return c.whyNotReached(of, r, f.at, now)
	case f.isOver() && ended:
		said, at, outcome = f.waits, f.waited, Expired
	case f.isOver():
		said, at, outcome = f.waits, f.waited, Waiting
	case f.Rule == gate.CampaignWindow:
		outcome = Expired
	}
	if of.State == campaign.Canceled && outcome == Expired {
		outcome = Canceled
	}
	return c.why(said, r, at, outcome, now)
}

// why tells a decision of the gate's, with what it looked at.
func (c *Campaign) why(said gate.Decision, r *consent.Record, at time.Time, outcome Outcome, now time.Time) (Why, error) {
	contact, err := stoodAt(r, at, now)
	if err != nil {
		return Why{}, err
	}
	w := Asked(c.Gate, c.Gate.Person(&contact), c.Text, said, at)
	w.Outcome, w.Rebuilt = outcome, at.Before(now)
	return w, nil
}

// Asked tells a decision of the gate's about a person at an instant, with what it looked at.
func Asked(g *gate.Gate, p gate.Person, about gate.Text, said gate.Decision, at time.Time) Why {
	w := Why{
		Verdict: said.Verdict.String(), Rule: said.Rule, Because: said.Because, At: at, Policy: g.Policy(),
		Rules: said.Lines(p, about.Kind, at),
	}
	if !said.Until.IsZero() {
		w.Until = said.Until.UTC()
	}
	for _, cl := range g.Counted(said.Rule, p, about, at) {
		w.Counted = append(w.Counted, Counted{cl.At.UTC(), cl.Kind, cl.Campaign})
	}
	return w
}

// whyNotReached answers for somebody whom every rule let have it from an instant on, and of whom no text is on record.
func (c *Campaign) whyNotReached(of *campaign.Campaign, r *consent.Record, at, now time.Time) (Why, error) {
	// What carriers said of the phone is known as of now only.
	_, present := c.Gate.Would(&r.Contact, c.Text, "", at)
	if present.Verdict == gate.Refuse && present.Rule == "deliverable" {
		w, err := c.why(present, r, at, Refused, now)
		w.Because += " (as is known today)"
		return w, err
	}
	person := c.Gate.Person(&r.Contact)
	w := Why{
		Verdict: gate.Allow.String(), At: at, Rebuilt: at.Before(now), Policy: c.Gate.Policy(), Until: at,
		Rules: present.Lines(person, c.Text.Kind, at),
	}
	switch {
	case of.State == campaign.Canceled:
		w.Outcome, w.Rule, w.Until = Canceled, byCancel, time.Time{}
		w.Because = "every rule allowed it, and the campaign was canceled before their turn"
	case of.State == campaign.Paused:
		w.Outcome, w.Rule, w.Because = Waiting, byPause, "every rule allows it, and the campaign is paused"
	case c.Unapproved != "" && of.State != campaign.Done && now.Before(of.Expires):
		w.Outcome, w.Rule = Waiting, byApproval
		w.Because = "every rule allows it, and the campaign waits for approval: " + c.Unapproved
	case of.State == campaign.Done || !now.Before(of.Expires):
		w.Outcome, w.Rule, w.Until = Unknown, nothingKnown, time.Time{}
		w.Because = "nothing on record kept it from them; they may have joined the list after their turn, " +
			"been in line when the campaign ended, or been kept back by what carriers then said of the phone"
	default:
		w.Outcome, w.Rule, w.Because = Waiting, byLine, "every rule allows it; they are in line, or the campaign is about to look at them"
	}
	return w, nil
}
