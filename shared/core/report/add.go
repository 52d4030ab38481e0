package report

import (
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

// Add counts one person, from their complete record as it stands at now. Events that contradict each other are
// counted as far as possible; the contradiction is reported as a finding.
func (f *Figures) Add(r *consent.Record, now time.Time) {
	one := Figures{People: 1, Topics: map[string]Topic{}, Campaigns: Campaigns{Newest: map[string]Campaign{}}}
	p := person{Figures: &one, record: r}
	p.states(now)
	p.messages(now)
	p.events()
	// Plus would copy all the campaigns for each person.
	campaigns := f.Campaigns
	campaigns.add(one.Campaigns)
	f.Campaigns, one.Campaigns = Campaigns{}, Campaigns{}
	*f = f.Plus(one)
	f.Campaigns = campaigns
}

// person is the figures of one person while they are counted.
type person struct {
	*Figures
	record *consent.Record
}

// topic changes the figures of a topic.
func (p *person) topic(id string, change func(*Topic)) {
	key := p.record.Contact.Brand + "/" + id
	t := p.Topics[key]
	change(&t)
	p.Topics[key] = t
}

// states counts the state of each topic.
func (p *person) states(now time.Time) {
	c := &p.record.Contact
	on := false
	for id, s := range c.Subs {
		state := s.StateAt(now)
		on = on || state == consent.Subscribed
		p.topic(id, func(t *Topic) {
			t.States = sum(t.States, map[consent.State]int{state: 1})
			if state == consent.Subscribed && s.Class == program.Promotional {
				tier := s.Tier
				if tier == "" {
					tier = consent.Regular
				}
				t.Tiers = sum(t.Tiers, map[consent.Tier]int{tier: 1})
			}
		})
	}
	if on {
		p.Subscribed = 1
	}
	if c.Health.Undeliverable || !c.Health.NoTexts.IsZero() {
		p.Unreachable = 1
	}
}

// day is after how long a missing receipt counts. AWS waits for one for three days.
const day = 24 * time.Hour

// messages counts the outcomes of the person's texts.
func (p *person) messages(now time.Time) {
	for i := range p.record.Messages {
		m := &p.record.Messages[i]
		texts := textsOf(m)
		each := Tally{Texts: texts}
		if texts.Sent > 0 {
			each.Months = map[string]Month{month(m.At): {Sent: 1}}
		}
		if ago := now.Sub(m.At); texts.Sent > 0 && texts.Unknown == 0 && ago >= day && ago < 3*day {
			p.Receipts.Due++
			p.Receipts.Missing += texts.Waiting
		}
		p.All = p.All.plus(each)
		for _, id := range m.Topics {
			p.topic(id, func(t *Topic) { t.Tally = t.plus(Topic{Tally: each}).Tally })
		}
		if m.Campaign != "" {
			c := Campaign{Brand: p.record.Contact.Brand, Topic: strings.Join(m.Topics, " "), First: m.At.UTC(), Texts: texts}
			if slices.ContainsFunc(m.History, func(s consent.StatusChange) bool { return s.Status == consent.Clicked }) {
				c.Clicks = 1
			}
			p.Campaigns.Newest[m.Campaign] = p.Campaigns.Newest[m.Campaign].plus(c)
		}
	}
}

// textsOf returns the outcome of one text.
func textsOf(m *consent.Message) Texts {
	t := Texts{Sent: 1}
	reason := ""
	if i := lastStep(m); i >= 0 {
		reason = m.History[i].Detail
	}
	why := func() { t.Reasons = map[string]int{reason: 1} }
	switch m.Status {
	case consent.Delivered:
		t.Delivered = 1
	case consent.Undelivered:
		t.Undelivered = 1
		why()
		if fate, ok := consent.FateOf(reason); ok && fate.Unwanted {
			t.Unwanted = 1
		}
	case consent.Unconfirmed:
		t.Unknown = 1
		why()
	case consent.Rejected:
		t.Sent, t.Rejected = 0, 1
		why()
	case consent.Withheld:
		t.Sent, t.Withheld = 0, 1
	default:
		t.Waiting = 1
	}
	return t
}

// lastStep returns the index of the step that gave the text its status, or -1.
func lastStep(m *consent.Message) int {
	for i, s := range slices.Backward(m.History) {
		if s.Status == m.Status {
			return i
		}
	}
	return -1
}

// events counts how the person joined and left topics.
func (p *person) events() {
	was := map[string]consent.State{}
	for e, stands := range consent.Steps(p.record.Events) {
		before, month, said := onList(was), month(e.At), Month{}
		for _, id := range e.Topics {
			one := moved(was[id], stands.Subs[id].State, e)
			was[id] = stands.Subs[id].State
			each := Topic{Tally: Tally{OptOuts: one.OptedOut, Months: map[string]Month{month: one}}}
			p.topic(id, func(t *Topic) { t.Tally = t.plus(each).Tally })
			said = Month{
				Requested: max(said.Requested, one.Requested), OptedOut: max(said.OptedOut, one.OptedOut),
				Removed: max(said.Removed, one.Removed), Lapsed: max(said.Lapsed, one.Lapsed),
			}
		}
		switch after := onList(was); {
		case after && !before:
			said.Joined = 1
		case before && !after:
			said.Left = 1
		}
		if said != (Month{}) {
			p.All = p.All.plus(Tally{OptOuts: said.OptedOut, Months: map[string]Month{month: said}})
		}
		if said.OptedOut > 0 {
			p.answered(e.At)
		}
	}
}

func onList(states map[string]consent.State) (on bool) {
	for _, s := range states {
		on = on || s == consent.Subscribed
	}
	return on
}

// moved returns what one event changed for one topic.
func moved(before, after consent.State, e *consent.Event) (m Month) {
	switch {
	case before != consent.Subscribed || after == consent.Subscribed:
	case after == consent.Unsubscribed && e.Type != consent.Voided:
		m.Left, m.OptedOut = 1, 1
	default:
		m.Left, m.Removed = 1, 1
	}
	switch {
	case e.Type == consent.Requested:
		m.Requested = 1
	case after == consent.Subscribed && before != consent.Subscribed:
		m.Joined = 1
	case after == consent.Expired && before != consent.Expired:
		m.Lapsed = 1
	}
	return m
}

// answered counts an opt-out for the last campaign that texted the person within OptOutWithin before it.
func (p *person) answered(at time.Time) {
	var latest *consent.Message
	for i := range p.record.Messages {
		m := &p.record.Messages[i]
		if m.Campaign == "" || m.At.After(at) || at.Sub(m.At) > OptOutWithin || m.Status == consent.Rejected || m.Status == consent.Withheld {
			continue
		}
		if latest == nil || m.At.After(latest.At) {
			latest = m
		}
	}
	if latest != nil {
		p.Campaigns.Newest[latest.Campaign] = p.Campaigns.Newest[latest.Campaign].plus(Campaign{OptOuts: 1})
	}
}
