package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/carriercode"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
)

// Outcome is the result of a campaign for one person.
type Outcome string

// The outcomes.
const (
	Sent     Outcome = "sent"     // the text is on record
	Unsure   Outcome = "unsure"   // on record, but it is unknown whether the carrier took it
	Failed   Outcome = "failed"   // on record, but it did not arrive
	Waiting  Outcome = "waiting"  // the person waits for a rule, or for their turn
	Refused  Outcome = "refused"  // refused by a rule or by the carrier
	Expired  Outcome = "expired"  // the campaign ended while the person waited for a rule
	Canceled Outcome = "canceled" // the campaign was canceled before the person's turn
	Unknown  Outcome = "unknown"  // nothing on record explains why the person did not get it
)

// Names in Why.Rule where no rule of the gate decided.
const (
	byCarrier    = campaign.Carrier
	byLine       = "line"
	byPause      = "campaign-paused"
	byCancel     = "campaign-canceled"
	byApproval   = "campaign-unapproved"
	onRecord     = "on-record"
	nothingKnown = "nothing-on-record"
)

// Why explains why a person got a campaign or did not.
type Why struct {
	Verdict string    `json:"verdict"` // allow, defer or refuse
	Outcome Outcome   `json:"outcome"`
	Rule    string    `json:"rule"` // the rule that decided
	Because string    `json:"because"`
	Until   time.Time `json:"until,omitzero"` // when they may get it; zero for never, or where they have it
	At      time.Time `json:"at"`             // time of the decision, or of the text

	Status  consent.Status `json:"status,omitempty"`  // status of the text on record
	Counted []Counted      `json:"counted,omitempty"` // the texts the rule counted
	Rebuilt bool           `json:"rebuilt"`           // the decision was not kept and is computed from the record
	Policy  string         `json:"policy"`            // hash of the rules of the decision
	Rules   []gate.Line    `json:"rules,omitempty"`   // every rule's answer at that time
}

// Counted is one of the texts because of which a rule decided.
type Counted struct {
	At       time.Time    `json:"at"`
	Kind     message.Kind `json:"kind"`
	Campaign string       `json:"campaign,omitempty"`
	Ref      string       `json:"ref,omitempty"` // of a single text: the ID its caller gave it
}

// Why explains why the person of a record got the campaign or did not, as known at now. walked is when the campaign
// last looked at its people, or now where it still will.
//
// A text on record is the answer. Refusals are not recorded. So without a text the gate is asked again about the
// contact as it was then, at the times at which functions/sendcheck asks. The walk reaches a person some time after
// it begins. So where every rule allows the text at the beginning, the gate is asked again after each later change.
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
	return c.whyAsked(of, r, f, walked, now)
}

// outside returns why the campaign is not for the person of a record, empty where it is.
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

// followRecord asks the gate about the person of a record, beginning at from.
func (c *Campaign) followRecord(r *consent.Record, from, now time.Time) (followed, error) {
	var failed error
	last := c.lastTime(r)
	f := follow(from.UTC(), func(at time.Time) gate.Decision {
		contact, err := contactAt(r, earliest(at, last), now)
		if err != nil {
			failed = err
			return gate.Decision{Verdict: gate.Refuse}
		}
		_, d := c.Gate.Would(&contact, c.Text, "", at)
		return d.Lasting()
	})
	return f, failed
}

// lastTime returns the last time at which the campaign may text the person of a record.
func (c *Campaign) lastTime(r *consent.Record) time.Time {
	_, ends := c.window(c.Gate.Person(&r.Contact).Hours)
	return gate.LastTime(ends)
}

// changes returns the times after which the record changed, between from and to.
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

// contactAt returns the contact as it was at at. For a time after now it returns the present contact.
func contactAt(r *consent.Record, at, now time.Time) (consent.Contact, error) {
	if !at.Before(now) {
		return r.Contact, nil
	}
	return r.Before(at.Add(time.Millisecond)) // times on record are in milliseconds
}

// WentOut reports whether the carrier took the text, or may have.
func (o Outcome) WentOut() bool { return o == Sent || o == Unsure || o == Failed }

// OnRecord explains a text that is on record.
func OnRecord(m *consent.Message) Why {
	w := Why{
		Verdict: gate.Allow.String(), Outcome: Sent, Rule: onRecord, At: m.At.UTC(), Status: m.Status, Policy: m.Policy,
		Because: "it went out, and nobody has said yet whether it arrived",
	}
	said := Detail(m)
	detail := func() string { return cmp.Or(carriercode.Worded(said), "no reason was given") }
	switch m.Status {
	case consent.Delivered:
		w.Because = "it went out, and arrived"
	case consent.Rejected, consent.Withheld:
		w.Verdict, w.Outcome, w.Rule = gate.Refuse.String(), Refused, byCarrier
		w.Because = "it did not go out: " + detail()
	case consent.Undelivered:
		w.Verdict, w.Outcome, w.Rule = gate.Refuse.String(), Failed, byCarrier
		w.Because = "it went out, and did not arrive: " + detail()
	case consent.Unconfirmed:
		w.Outcome, w.Because = Unsure, "nobody knows whether it went out"
	default:
	}
	if said != "" && w.Rule == onRecord {
		w.Because += ": " + said
	}
	return w
}

// Detail returns the reason that came with the text's status, empty where there is none.
func Detail(m *consent.Message) string {
	detail := ""
	for _, step := range m.History {
		if step.Status == m.Status {
			detail = step.Detail
		}
	}
	return detail
}

// whyAsked explains what the gate answered.
func (c *Campaign) whyAsked(of *campaign.Campaign, r *consent.Record, f followed, walked, now time.Time) (Why, error) {
	ended := of.State == campaign.Done || of.State == campaign.Canceled || !now.Before(of.Expires)
	waits := f.Verdict == gate.Allow && f.at.After(earliest(walked, now)) && f.waits.Rule != ""
	said, at, outcome := f.Decision, f.at, Refused
	switch {
	case waits && of.State == campaign.Canceled && f.waits.Rule != gate.CampaignWindow:
		said, at, outcome = f.waits, f.waited, Canceled
		said.Until = time.Time{}
	case waits && !ended:
		said, at, outcome = f.waits, f.waited, Waiting
		said.Until = f.at
	case f.Verdict == gate.Allow:
		return c.whyNotReached(of, r, f.at, walked, now)
	case f.isOver() && ended:
		said, at, outcome = f.Waited(), earliest(f.at, c.lastTime(r)), Expired
	case f.isOver():
		said, at, outcome = f.waits, f.waited, Waiting
	case f.Rule == gate.CampaignWindow:
		said, outcome = f.Waited(), Expired
	}
	if of.State == campaign.Canceled && outcome == Expired {
		outcome = Canceled
	}
	return c.why(said, r, at, outcome, now)
}

// why explains a decision of the gate, with what it was based on.
func (c *Campaign) why(said gate.Decision, r *consent.Record, at time.Time, outcome Outcome, now time.Time) (Why, error) {
	contact, err := contactAt(r, at, now)
	if err != nil {
		return Why{}, err
	}
	w := Asked(c.Gate, c.Gate.Person(&contact), c.Text, said, at)
	w.Outcome, w.Rebuilt = outcome, at.Before(now)
	return w, nil
}

// Asked explains a decision of the gate about a person at at, with what it was based on.
func Asked(g *gate.Gate, p gate.Person, about gate.Text, said gate.Decision, at time.Time) Why {
	w := Why{
		Verdict: said.Verdict.String(), Rule: said.Rule, Because: said.Because, At: at, Policy: g.Policy(),
		Rules: said.Lines(p, about.Kind, at),
	}
	if !said.Until.IsZero() {
		w.Until = said.Until.UTC()
	}
	for _, cl := range g.Counted(said.Rule, p, about, at) {
		w.Counted = append(w.Counted, Counted{cl.At.UTC(), cl.Kind, cl.Campaign, cl.Ref})
	}
	return w
}

// whyNotReached explains why there is no text on record for a person whom every rule allowed it from at on.
func (c *Campaign) whyNotReached(of *campaign.Campaign, r *consent.Record, at, walked, now time.Time) (Why, error) {
	// What carriers said about the phone is only known for the present.
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
		w.Outcome, w.Rule, w.Until, w.At = Canceled, byCancel, time.Time{}, earliest(at, now)
		w.Because = "every rule allowed it, and the campaign was canceled before their turn"
	case of.State == campaign.Paused:
		w.Outcome, w.Rule, w.Because = Waiting, byPause, "every rule allows it, and the campaign is paused"
	case c.Unapproved != "" && of.State != campaign.Done && now.Before(of.Expires):
		w.Outcome, w.Rule = Waiting, byApproval
		w.Because = "every rule allows it, and the campaign waits for approval: " + c.Unapproved
	case !walked.Before(of.Expires):
		w.Verdict, w.Outcome, w.Rule, w.Until = gate.Refuse.String(), Expired, gate.CampaignWindow, time.Time{}
		w.Because = "every rule allowed it, and the campaign ended before their turn"
	case of.State == campaign.Done:
		w.Outcome, w.Rule, w.Until = Unknown, nothingKnown, time.Time{}
		w.Because = "nothing on record kept it from them; they may have joined the list after their turn, " +
			"or been kept back by what carriers then said of the phone"
	default:
		w.Outcome, w.Rule, w.Because = Waiting, byLine, "every rule allows it; they are in line, or the campaign is about to look at them"
	}
	return w, nil
}
