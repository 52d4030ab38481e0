package console

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// PersonState is what can be said about a person without opening their record.
type PersonState struct {
	Person
	Place   PlaceState `json:"place"`
	Silence []Silence  `json:"silence"`
}

// Silence is whether a campaign for a topic may text a person now and, where not, why.
type Silence struct {
	Topic   string      `json:"topic"`
	Verdict string      `json:"verdict"` // allow, defer or refuse
	Because string      `json:"because"`
	Until   *time.Time  `json:"until,omitempty"`   // when the answer may change
	Counted []time.Time `json:"counted,omitempty"` // the texts that count towards a limit
}

// who returns the person in the address of a request.
func (c *Console) who(r *http.Request) (key consent.Key, err error) {
	if !c.seal.open(r.PathValue("id"), &key) {
		return key, badRequest("id", "the console was started anew since; look the person up again")
	}
	return key, nil
}

func (c *Console) getPerson(r *http.Request) (any, error) {
	key, err := c.who(r)
	if err != nil {
		return nil, err
	}
	return c.Look(r.Context(), key)
}

// Look returns what can be said about a person. For a phone that is not on record that is where it may be.
func (c *Console) Look(ctx context.Context, key consent.Key) (st PersonState, err error) {
	stored, err := c.table.Contact(ctx, key)
	if err != nil {
		return st, err
	}
	contact := &stored
	st = PersonState{Person: c.person(contact), Silence: []Silence{}}
	if st.Place, err = c.Place(contact); err != nil {
		return st, err
	}
	brand, ok := c.Programs().Brand(contact.Brand)
	if !ok {
		return st, nil // the brand is no longer in programs.yaml and texts nobody
	}
	for i := range brand.Programs {
		p := &brand.Programs[i]
		for j := range p.Topics {
			t := &p.Topics[j]
			_, asked := contact.Subs[t.ID]
			if _, stopped := contact.TopicStoppedAt(p.ID, t.ID); asked || stopped {
				st.Silence = append(st.Silence, c.silence(contact, p, t))
			}
		}
	}
	return st, nil
}

// silence asks the gate about a text of the topic's class, as "smsconsent explain" does.
func (c *Console) silence(contact *consent.Contact, p *program.Program, t *program.Topic) Silence {
	now := c.Stack.Now()
	about := gate.Text{Kind: message.KindOf(p.Class), Program: p, Topics: []string{t.ID}}
	person, d := c.rules().gate.Would(contact, about, "", now)
	s := Silence{Topic: t.ID, Verdict: d.Verdict.String(), Because: d.Because}
	if !d.Until.IsZero() {
		s.Until = &d.Until
	}
	for _, cl := range c.rules().gate.Counted(d.Rule, person, about, now) {
		s.Counted = append(s.Counted, cl.At.UTC())
	}
	if n := len(s.Counted); d.Rule == gate.PromisedFrequency && n > 0 {
		s.Because = fmt.Sprintf("they had their %d texts this %s, as was promised", n, t.Frequency.Period)
		if n == 1 {
			s.Because = fmt.Sprintf("they had their one text this %s, as was promised", t.Frequency.Period)
		}
	}
	return s
}

// openRecord reads a person's record. The function that answers logs who asked.
func (c *Console) openRecord(r *http.Request) (any, error) {
	key, err := c.who(r)
	if err != nil {
		return nil, err
	}
	if c.Record == nil {
		return nil, badRequest("id", "this console reads no records")
	}
	return c.Record(r.Context(), key)
}
