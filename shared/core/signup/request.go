// Package signup is what signing up takes, whoever asks: the form, a backend of the brand's own (POST /requests), or a
// list of people as a spreadsheet saves it (CSV, RFC 4180, in UTF-8, whose first line names the columns).
//
// A request is only somebody's word. The phone is asked to confirm, and until its own YES nothing else goes out; only a
// transactional topic may begin with the evidence that the person was told of it (I5).
package signup

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/strict"
)

// Request is a request as posted.
type Request struct {
	Brand    string            `json:"brand"`
	Topics   []string          `json:"topics"`
	Phone    string            `json:"phone"` // as a person types it; without country code it is one of the brand's region
	State    string            `json:"state,omitempty"`
	ZIP      string            `json:"zip,omitempty"`
	Zone     string            `json:"zone,omitempty"`
	Locale   string            `json:"locale,omitempty"`
	Channel  string            `json:"channel,omitempty"` // consent.SourceAPI, which is the default, or consent.SourceImport
	Evidence map[string]string `json:"evidence,omitempty"`

	Attributes map[string]string `json:"attributes,omitempty"` // for the fields of texts
}

// Question is a request that may be recorded: whom to ask, what is recorded, and what the caller says about how the
// person asked.
type Question struct {
	Key consent.Key
	consent.Request
	Attested Evidence

	Attributes map[string]string // to be stored for the person once the request is taken
}

// CheckAttributes returns why the attributes cannot be stored, as a *phone.FieldError. The request is taken all the
// same: a person with an unusual name still wants the texts.
func (q *Question) CheckAttributes() error {
	_, err := placeholder.Add(nil, q.Attributes)
	return err
}

// Decode reads a request's JSON. It is strict, because a misspelt field would be lost evidence. The error is a
// *phone.FieldError.
func Decode(body []byte) (Request, error) {
	return strict.Decode[Request](
		body,
		`{"brand":"…","topics":["…"],"phone":"+12065550142","evidence":{"at":"…"}}`,
	)
}

// Check returns the Question of a request, or the first mistake in it or its evidence as a *phone.FieldError.
func (r Request) Check(c *program.Catalog, g Gate, now time.Time) (Question, error) {
	source := cmp.Or(r.Channel, consent.SourceAPI)
	if source != consent.SourceAPI && source != consent.SourceImport {
		return Question{}, wrong("channel", "write "+consent.SourceAPI+" or "+consent.SourceImport)
	}
	entry := Entry{
		Brand: r.Brand, Topics: r.Topics, Phone: r.Phone, Locale: r.Locale,
		Told: phone.Told{State: r.State, ZIP: r.ZIP, Zone: r.Zone},
	}
	up, all := entry.Check(c, g, Limits{})
	if len(all) > 0 {
		return Question{}, all[0]
	}
	attested, err := newEvidence(r.Evidence, now)
	if err != nil {
		return Question{}, err
	}
	toldAt, err := attested.telling(up.Topics)
	if err != nil {
		return Question{}, err
	}
	return Question{Key: up.Key, Attested: attested, Attributes: r.Attributes, Request: consent.Request{
		At:       now,
		Source:   source,
		Topics:   up.Topics,
		Terms:    c.SignUp,
		Told:     up.Told,
		Locale:   up.Locale,
		Evidence: up.kept(attested),
		Late:     !attested.justNow(now),
		ToldAt:   toldAt,
	}}, nil
}

// Asks reports whether the phone is asked to confirm any topic. It is not for topics that need no YES.
func (q *Question) Asks() bool {
	return slices.ContainsFunc(q.Topics, func(t program.Topic) bool { return !q.Tells(&t) })
}

// kept returns the evidence for the ledger: what the caller says, what was expected and is missing, and what the
// person told, on which the hours of later texts depend.
func (s SignUp) kept(attested Evidence) map[string]string {
	e := s.Evidence()
	e["missing"] = strings.Join(attested.Missing(), ", ")
	maps.Copy(e, attested)
	maps.DeleteFunc(e, func(_, value string) bool { return value == "" })
	return e
}
