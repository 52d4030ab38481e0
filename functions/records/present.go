package records

import (
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// record is the JSON of a person's record. Names and shape are a contract: scripts and lawyers rely on them.
type record struct {
	Phone   string               `json:"phone"`
	Brand   string               `json:"brand"`
	Topics  map[string]topic     `json:"topics"`
	Stopped map[string]time.Time `json:"stopped,omitempty"` // program, "#" and topic, "*", or "?" and program for a NO → when it was said
	Told    told                 `json:"told,omitzero"`
	Health  health               `json:"health"`

	Attributes map[string]string `json:"attributes,omitempty"` // what stands in the fields of texts

	Events   []consent.Event  `json:"events"`          // oldest first
	Messages []text           `json:"messages"`        // oldest first
	Paused   time.Time        `json:"paused,omitzero"` // nothing but answers goes out before
	Head     head             `json:"head"`
	Texts    consent.TextHead `json:"texts"`
	Verified bool             `json:"verified"`          // all of the record is whole and as it was stored (consent.Ledger.Verify)
	Fault    string           `json:"fault,omitempty"`   // the first thing that is not
	Suspect  bool             `json:"suspect,omitempty"` // the contact was altered, so nothing unasked goes to the person
}

type topic struct {
	State   consent.State `json:"state"`
	Since   time.Time     `json:"since"`
	Until   time.Time     `json:"until,omitzero"` // of a pending one: when it expires
	Program string        `json:"program"`
	Class   program.Class `json:"class"`
	Tier    consent.Tier  `json:"tier,omitempty"`
	Request int64         `json:"request,omitempty"` // seq of the event that asked, or told
	Proof   int64         `json:"proof,omitempty"`   // seq of the event that confirmed; the request itself where the person was only told
}

// told is what the person said about their place and language.
type told struct {
	State  string `json:"state,omitempty"`
	ZIP    string `json:"zip,omitempty"`
	Zone   string `json:"zone,omitempty"`
	Locale string `json:"locale,omitempty"`
}

type health struct {
	Undeliverable bool      `json:"undeliverable"`
	Failures      int       `json:"failures"`
	Heard         time.Time `json:"heard,omitzero"`    // last text from the person
	NoTexts       time.Time `json:"no_texts,omitzero"` // since when the number answers that it takes no texts
	Blocked       time.Time `json:"blocked,omitzero"`  // when its carrier last kept a text from it as unwanted
}

type head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

type text struct {
	ID       string         `json:"id"`
	Number   int64          `json:"number,omitempty"` // place in the chain of texts
	At       time.Time      `json:"at"`
	Kind     message.Kind   `json:"kind"`
	Program  string         `json:"program"`
	Topics   []string       `json:"topics,omitempty"`
	Campaign string         `json:"campaign,omitempty"`
	Ref      string         `json:"ref,omitempty"`     // of a single text: the ID its caller gave it
	Content  string         `json:"content,omitempty"` // hash of the words the chain of texts has
	Notice   string         `json:"notice,omitempty"`  // language of the opt-out notice behind them
	From     string         `json:"from"`
	Body     string         `json:"body"`
	Vouched  *vouched       `json:"vouched,omitempty"` // who answers for what no rule lets pass by itself
	Status   consent.Status `json:"status"`
	History  []step         `json:"history"` // the last detail of a withheld or rejected one is why it did not go out
	Policy   string         `json:"policy"`
	AWSID    string         `json:"aws_id,omitempty"`
}

type vouched struct {
	NotMarketing string `json:"not_marketing,omitempty"`
	Urgent       string `json:"urgent,omitempty"`
}

type step struct {
	At     time.Time      `json:"at"`
	Status consent.Status `json:"status"`
	Detail string         `json:"detail,omitempty"`
}

// tierOf returns the tier of a topic with tiers that the person is on, or was removed from because nothing showed
// that they read it.
func tierOf(s consent.Subscription) consent.Tier {
	if s.Class != program.Promotional || s.State != consent.Subscribed && s.State != consent.Removed {
		return ""
	}
	return s.TierNow()
}

// present returns the record as of now. A request that has run out shows as expired, even if that was not written
// yet.
func present(key consent.Key, p consent.Record, fault error, now time.Time) record {
	c := p.Contact
	r := record{
		Phone: string(key.Phone), Brand: key.Brand, Topics: make(map[string]topic, len(c.Subs)), Stopped: c.Stopped,
		Told: told{State: c.Told.State, ZIP: c.Told.ZIP, Zone: c.Told.Zone, Locale: c.Locale},
		Health: health{
			Undeliverable: c.Health.Undeliverable, Failures: c.Health.Failures, Heard: c.Health.Heard,
			NoTexts: c.Health.NoTexts, Blocked: c.Health.Blocked,
		},
		Events: append([]consent.Event{}, p.Events...), Messages: make([]text, len(p.Messages)),
		Head: head{Seq: c.Head.Seq, Hash: c.Head.Hash}, Texts: c.Texts, Verified: fault == nil, Suspect: c.Suspect,
	}
	if fault != nil {
		r.Fault = fault.Error()
	}
	if c.Paused.After(now) {
		r.Paused = c.Paused
	}
	for id, s := range c.Subs {
		t := topic{
			State:   s.StateAt(now),
			Since:   s.Since,
			Until:   s.Until,
			Program: s.Program,
			Class:   s.Class,
			Tier:    tierOf(s),
			Request: s.Request,
			Proof:   s.Proof,
		}
		if t.State != s.State {
			t.Since, t.Until = s.Until, time.Time{}
		}
		if s.State == consent.Removed {
			t.Since = s.Moved
		}
		r.Topics[id] = t
	}
	r.Attributes = p.Attributes
	for i, m := range p.Messages {
		t := text{
			ID:       m.ID,
			Number:   m.Number,
			At:       m.At,
			Kind:     m.Kind,
			Program:  m.Program,
			Topics:   m.Topics,
			Campaign: m.Campaign,
			Ref:      m.Ref,
			Content:  m.Content,
			Notice:   m.Notice,
			From:     m.Identity,
			Body:     m.Body,
			Status:   m.Status,
			History:  make([]step, len(m.History)),
			Policy:   m.Policy,
			AWSID:    m.AWSID,
		}
		if m.Vouched != (message.Vouched{}) {
			t.Vouched = &vouched{m.Vouched.NotMarketing, m.Vouched.Urgent}
		}
		for j, s := range m.History {
			t.History[j] = step(s)
		}
		r.Messages[i] = t
	}
	return r
}
