// Package signup is what signing up takes, whoever asks: the form, a backend of the brand's own (POST /requests), or a
// list of people as a spreadsheet saves it (CSV, RFC 4180, in UTF-8, whose first line names the columns).
//
// A request is only somebody's word. The phone is asked to confirm, and until its own YES nothing else goes out (I5).
package signup

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
)

// Request is a request as it is posted.
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
}

// Error is what is wrong with one field, in words for whoever filled it in. Field is its path, such as "phone" or
// "evidence.at", and empty where the whole is to blame. It repeats no phone number.
type Error struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

func (e *Error) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

// Question is a request that may be recorded: whom to ask, what is then on record, and what was said of how the person
// asked.
type Question struct {
	Key consent.Key
	consent.Request
	Said Evidence
}

// Gate tells whether a phone is in a place the brand serves.
type Gate interface {
	Person(c *consent.Contact) gate.Person
	Asking(c *consent.Contact, told phone.Told) gate.Person
}

// Decode reads a request's JSON. It is strict, because a misspelt field would be evidence that is lost. The error is an
// *Error.
func Decode(body []byte) (Request, error) {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(body, &given); err != nil || given == nil {
		return Request{}, &Error{
			Message: `the body is not a JSON object such as {"brand":"…","topics":["…"],"phone":"+12065550142","evidence":{"at":"…"}}`,
		}
	}
	known := []string{"brand", "topics", "phone", "state", "zip", "zone", "locale", "channel", "evidence"}
	for _, field := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, field) {
			return Request{}, &Error{fmt.Sprintf("%.40s", field), "is not known; a request has " + strings.Join(known, ", ")}
		}
	}
	var r Request
	if err := json.Unmarshal(body, &r); err != nil {
		wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
		if !ok {
			return Request{}, &Error{Message: "the body is not JSON"}
		}
		field, _, _ := strings.Cut(wrong.Field, ".")
		return Request{}, &Error{field, "must be a " + kind(field) + ", not a " + wrong.Value}
	}
	return r, nil
}

func kind(field string) string {
	switch field {
	case "topics":
		return "list of strings"
	case "evidence":
		return "object of strings"
	default:
		return "string"
	}
}

// Check makes sure that all the request names exists, that the phone is in places the brand serves, and that the
// evidence is possible. The error is an *Error.
func (r Request) Check(c *program.Catalog, g Gate, now time.Time) (Question, error) {
	brand, ok := c.Brand(r.Brand)
	if !ok {
		return Question{}, &Error{"brand", "there is no such brand"}
	}
	source := cmp.Or(r.Channel, consent.SourceAPI)
	if source != consent.SourceAPI && source != consent.SourceImport {
		return Question{}, &Error{"channel", "write " + consent.SourceAPI + " or " + consent.SourceImport}
	}
	topics, err := chosen(brand, r.Topics)
	if err != nil {
		return Question{}, err
	}
	number, err := typed.Number(r.Phone, brand.Region)
	if err != nil {
		return Question{}, &Error{"phone", strings.TrimPrefix(err.Error(), "phone: ")}
	}
	key := consent.Key{Brand: brand.ID, Phone: number}
	told := phone.Told{State: r.State, ZIP: r.ZIP, Zone: r.Zone}
	if err := served(brand, g, key, told); err != nil {
		return Question{}, err
	}
	if strings.Trim(r.Locale, letters+"-") != "" || len(r.Locale) > 35 {
		return Question{}, &Error{"locale", "must be a language tag such as en-US"}
	}
	said, err := NewEvidence(r.Evidence, now)
	if err != nil {
		return Question{}, err
	}
	return Question{Key: key, Said: said, Request: consent.Request{
		At:       now,
		Source:   source,
		Topics:   topics,
		Terms:    c.SignUp,
		Told:     told,
		Locale:   r.Locale,
		Evidence: r.kept(topics, said),
		Late:     !said.JustNow(now),
	}}, nil
}

// letters are those of languages and postal codes.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// chosen finds the topics, each once.
func chosen(brand *program.Brand, ids []string) ([]program.Topic, error) {
	if len(ids) == 0 {
		return nil, &Error{"topics", "name at least one"}
	}
	var topics []program.Topic
	for _, id := range ids {
		_, t, ok := brand.Topic(id)
		if !ok {
			return nil, &Error{"topics", fmt.Sprintf("brand %s has no topic %.40q", brand.ID, id)}
		}
		if !slices.ContainsFunc(topics, func(c program.Topic) bool { return c.ID == t.ID }) {
			topics = append(topics, *t)
		}
	}
	return topics, nil
}

// served makes sure that the phone, by its number and by what is told, is in places where the brand texts.
func served(brand *program.Brand, g Gate, key consent.Key, told phone.Told) error {
	if len(told.ZIP) > 12 || strings.Trim(told.ZIP, letters+" -") != "" {
		return &Error{"zip", "must be a postal code such as 98101"}
	}
	if _, err := phone.Locate(key.Phone, told); err != nil {
		// The error begins with the name of what is wrong.
		field, message, _ := strings.Cut(err.Error(), " ")
		return &Error{field, message}
	}
	if !brand.Serves(key.Phone.Country()) {
		return &Error{"phone", brand.Name + " takes no sign-ups from the country of this number"}
	}
	if why := g.Person(&consent.Contact{Key: key, Told: told}).Unserved; why != "" {
		return &Error{"phone", why}
	}
	return nil
}

// kept is the evidence as the ledger holds it: what is said, what was expected and is not said, and what the person
// told, on which the hours of later texts rest.
func (r Request) kept(topics []program.Topic, said Evidence) map[string]string {
	ids := make([]string, len(topics))
	for i, t := range topics {
		ids[i] = t.ID
	}
	e := map[string]string{
		"missing": strings.Join(said.Missing(), ", "), "topics": strings.Join(ids, " "),
		"state": r.State, "zip": r.ZIP, "zone": r.Zone, "locale": r.Locale,
	}
	maps.Copy(e, said)
	maps.DeleteFunc(e, func(_, value string) bool { return value == "" })
	return e
}
