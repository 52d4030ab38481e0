package plan

import (
	"slices"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
)

// Beside is another campaign whose texts may keep this one from people.
type Beside struct {
	ID     string    `json:"id"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	Until  time.Time `json:"until"`
	People int       `json:"people"` // people of this campaign's list who are expected to get that one
}

// other is a campaign beside the planned one, and how the gate is asked about it.
type other struct {
	Beside
	of    campaign.Campaign
	draft *Draft
}

// Meet has the plan count the texts that another campaign is going to send, as if its line took no time. The other one
// is taken to come first where both may text a person at the same time. Only promotional campaigns keep each other
// from people. Call it before Add, in the order in which the others begin.
func (d *Draft) Meet(of campaign.Campaign, asked Campaign) {
	if d.Text.Kind != message.Promotional || asked.Text.Kind != message.Promotional {
		return
	}
	asked.Gate = d.Gate // which has worked out the hours
	d.others = append(d.others, &other{
		Beside: Beside{ID: of.ID, Text: of.Text, At: of.At.UTC(), Until: of.Expires.UTC()}, of: of, draft: New(asked),
	})
}

// afterOthers returns the person with the texts that the other campaigns are going to send.
func (d *Draft) afterOthers(p gate.Person, attributes map[string]string) gate.Person {
	for _, o := range d.others {
		if outside(&o.of, &consent.Record{Contact: *p.Contact, Attributes: attributes}) != "" {
			continue
		}
		f, worded := o.draft.ask(p, o.of.Words(o.draft.Topic, p.Contact.Locale, attributes))
		if f.Verdict != gate.Allow {
			continue
		}
		o.People++
		c := *p.Contact
		c.Claims = append(slices.Clone(c.Claims), consent.Claim{
			ID: o.ID, At: f.at, Kind: worded.Text.Kind, Program: o.draft.Program.ID, Topics: worded.Text.Topics,
			Campaign: o.ID, Digest: worded.Text.Digest, OptOut: worded.Text.OptOut,
		})
		slices.SortStableFunc(c.Claims, func(a, b consent.Claim) int { return a.At.Compare(b.At) })
		p.Contact = &c
	}
	return p
}

// expected reports whether a text is one that afterOthers adds: one on record has an ID of its own.
func expected(cl *consent.Claim) bool { return cl.ID != "" && cl.ID == cl.Campaign }

// beside returns the other campaigns that somebody on the list is expected to get.
func (d *Draft) beside() (all []Beside) {
	for _, o := range d.others {
		if o.People > 0 {
			all = append(all, o.Beside)
		}
	}
	return all
}
