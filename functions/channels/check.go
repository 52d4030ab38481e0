package channels

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/strict"
)

const (
	maxName     = 16  // bytes of a channel or a kind
	maxID       = 64  // bytes of an ID, a content or a source
	maxEvidence = 10  // entries
	maxValue    = 512 // bytes of an entry

	slack = 5 * time.Minute // how far two clocks may differ

	lower   = "abcdefghijklmnopqrstuvwxyz0123456789-"
	visible = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ._/:=+@#"
)

func wrong(field, format string, args ...any) *phone.FieldError {
	return &phone.FieldError{Field: field, Message: fmt.Sprintf(format, args...)}
}

// touch is a message that another channel sent to a person.
type touch struct {
	Brand   string `json:"brand"`
	Phone   string `json:"phone"` // as a person types it; without country code it is one of the brand's region
	Channel string `json:"channel"`
	Content string `json:"content"` // the same as --content of a campaign with the same content
	At      string `json:"at"`
}

func (h *Handler) touch(body []byte, from teller) (told, error) {
	in, err := strict.Decode[touch](
		body,
		`{"brand":"…","phone":"+12065550142","channel":"email","content":"spring-sale","at":"2026-12-01T20:00:00Z"}`,
	)
	if err != nil {
		return told{}, err
	}
	_, key, at, err := h.event(in.Brand, in.Phone, in.At, from.now)
	if err != nil {
		return told{}, err
	}
	if !madeOf(in.Channel, lower, maxName) {
		return told{}, wrong("channel", "write up to %d lower-case letters, digits and hyphens, such as email", maxName)
	}
	if !madeOf(in.Content, visible, maxID) {
		return told{}, wrong("content", "write up to %d letters and digits without spaces, as campaign create --content", maxID)
	}
	keep := h.Catalog.OtherChannels.Within
	return told{key: key, change: func(c consent.Contact) consent.Change {
		if from.now.Sub(at) >= keep {
			return consent.Change{Next: c} // no text has to wait for it any more
		}
		return c.Touch(consent.Touch{At: at, Channel: in.Channel, Content: in.Content}, keep)
	}}, nil
}

// engagement is a sign, seen by a site or a shop, that the person reads us.
type engagement struct {
	Brand string `json:"brand"`
	Phone string `json:"phone"`
	Kind  string `json:"kind"` // in the system's own words, such as purchase
	Topic string `json:"topic"`
	At    string `json:"at"`
	ID    string `json:"id"` // the system's own; a repeated sign changes nothing
}

func (h *Handler) engagement(body []byte, from teller) (told, error) {
	in, err := strict.Decode[engagement](
		body,
		`{"brand":"…","phone":"+12065550142","kind":"purchase","at":"2026-12-01T20:00:00Z"}`,
	)
	if err != nil {
		return told{}, err
	}
	brand, key, at, err := h.event(in.Brand, in.Phone, in.At, from.now)
	if err != nil {
		return told{}, err
	}
	if !madeOf(in.Kind, lower, maxName) {
		return told{}, wrong("kind", "write up to %d lower-case letters, digits and hyphens, such as purchase", maxName)
	}
	if in.Topic != "" {
		if _, _, ok := brand.Topic(in.Topic); !ok {
			return told{}, wrong("topic", "brand %s has no topic %.40q", brand.ID, in.Topic)
		}
	}
	if in.ID != "" && !madeOf(in.ID, visible, maxID) {
		return told{}, wrong("id", "write up to %d letters and digits without spaces", maxID)
	}
	return told{key: key, change: func(c consent.Contact) consent.Change {
		return c.Engage(consent.Signal{
			At: at, Kind: consent.SignalEvent, Topic: in.Topic, Brand: brand,
			Source: cmp.Or(from.source, consent.SourceAPI) + ":" + in.Kind,
		})
	}}, nil
}

// optout is somebody who told another system that they want no more texts.
type optout struct {
	Brand      string            `json:"brand"`
	Phone      string            `json:"phone"`
	Topic      string            `json:"topic"` // exactly one of Topic, Program and Everything is required
	Program    string            `json:"program"`
	Everything bool              `json:"everything"`
	Source     string            `json:"source"` // the system; for an event, the event's source
	At         string            `json:"at"`     // when the person said it; an unknown or future time counts as now
	ID         string            `json:"id"`     // the system's own, by which a repeated report is recognized; for an event, the event's
	Evidence   map[string]string `json:"evidence"`
}

// optout also accepts an opt-out of an unknown phone, because somebody may sign it up tomorrow.
func (h *Handler) optout(body []byte, from teller) (told, error) {
	in, err := strict.Decode[optout](
		body,
		`{"brand":"…","phone":"+12065550142","everything":true,"source":"crm","at":"2026-12-01T20:00:00Z","id":"4711"}`,
	)
	if err != nil {
		return told{}, err
	}
	brand, key, err := h.about(in.Brand, in.Phone)
	if err == nil {
		err = in.checkReach(brand)
	}
	in.Source = cmp.Or(in.Source, from.source)
	if err == nil {
		err = in.checkProof()
	}
	now := from.now.UTC().Truncate(time.Millisecond)
	at := now
	if err == nil && in.At != "" {
		at, err = instant(in.At)
	}
	if err != nil {
		return told{}, err
	}
	evidence := map[string]string{"id": in.ID}
	maps.Copy(evidence, in.Evidence)
	if from.caller != "" {
		evidence["caller"] = from.caller
	}
	if at.After(now) {
		evidence["said_at"], at = in.At, now
	}
	return told{key: key, change: func(c consent.Contact) consent.Change {
		return c.Revoke(consent.Revocation{
			At: at, Source: in.Source, ID: in.ID, Program: in.Program, Topic: in.Topic, Evidence: evidence, Brand: brand,
		})
	}}, nil
}

// checkReach checks that the opt-out says exactly once how far it reaches.
func (in *optout) checkReach(brand *program.Brand) error {
	named := 0
	for _, is := range []bool{in.Topic != "", in.Program != "", in.Everything} {
		if is {
			named++
		}
	}
	if named != 1 {
		return wrong("everything", `say one of "topic", "program" and "everything":true: how far the opt-out reaches`)
	}
	if _, _, ok := brand.Topic(in.Topic); in.Topic != "" && !ok {
		return wrong("topic", "brand %s has no topic %.40q", brand.ID, in.Topic)
	}
	if _, ok := brand.Program(in.Program); in.Program != "" && !ok {
		return wrong("program", "brand %s has no program %.40q", brand.ID, in.Program)
	}
	return nil
}

// checkProof checks that the opt-out says who reports it, in nobody else's name, and what proves it.
func (in *optout) checkProof() error {
	ours := []string{
		consent.SourceForm, consent.SourceImport, consent.SourcePage, consent.SourceSMS, consent.SourceCarrier,
		consent.SourceAudit,
	}
	switch {
	case !madeOf(in.Source, visible, maxID):
		return wrong("source", "write which system tells of it, up to %d letters and digits, such as crm", maxID)
	case slices.Contains(ours, in.Source):
		return wrong("source", "%q is what we ourselves heard; write which system tells of it, such as crm", in.Source)
	case !madeOf(in.ID, visible, maxID):
		return wrong("id", "write the system's own ID of the opt-out, up to %d letters and digits without spaces", maxID)
	case len(in.Evidence) > maxEvidence:
		return wrong("evidence", "has %d entries; leave at most %d", len(in.Evidence), maxEvidence)
	}
	for _, name := range slices.Sorted(maps.Keys(in.Evidence)) {
		value := in.Evidence[name]
		switch {
		case !madeOf(name, lower+"_", maxID) || slices.Contains(ourEvidence(), name):
			return wrong("evidence", "%.40q is no name for evidence; write up to %d lower-case letters and digits", name, maxID)
		case len(value) > maxValue || strings.ContainsFunc(value, unicode.IsControl):
			return wrong("evidence."+name, "write up to %d bytes without control characters", maxValue)
		}
	}
	return nil
}

// known is values that another system has for the fields in the brand's texts to a person.
type known struct {
	Brand      string            `json:"brand"`
	Phone      string            `json:"phone"`
	Attributes map[string]string `json:"attributes"` // an empty value removes the attribute
}

func (h *Handler) known(body []byte, _ teller) (told, error) {
	in, err := strict.Decode[known](body, `{"brand":"…","phone":"+12065550142","attributes":{"first_name":"Ana"}}`)
	if err != nil {
		return told{}, err
	}
	_, key, err := h.about(in.Brand, in.Phone)
	if err != nil {
		return told{}, err
	}
	if len(in.Attributes) == 0 {
		return told{}, wrong("attributes", `write some, such as {"first_name":"Ana"}; one without a value is taken away`)
	}
	_, err = placeholder.Add(nil, in.Attributes)
	return told{key: key, attributes: in.Attributes}, err
}

// ourEvidence returns the names of evidence that we add ourselves.
func ourEvidence() []string { return []string{"id", "caller", "said_at", consent.EvidenceSuperseded} }

// about returns the brand and the key of the person that a report is about.
func (h *Handler) about(brandID, number string) (*program.Brand, consent.Key, error) {
	brand, ok := h.Catalog.Brand(brandID)
	if !ok {
		return nil, consent.Key{}, wrong("brand", "there is no brand %.40q in programs.yaml", brandID)
	}
	parsed, err := typed.Number(number, brand.Region)
	if bad, ok := errors.AsType[*phone.FieldError](err); ok {
		return nil, consent.Key{}, bad
	}
	if err != nil {
		return nil, consent.Key{}, wrong(phone.FieldPhone, "%s", err)
	}
	return brand, consent.Key{Brand: brand.ID, Phone: parsed}, nil
}

// event returns the brand and the key of the person that a report is about, and when it happened, which is not in the
// future.
func (h *Handler) event(brandID, number, when string, now time.Time) (*program.Brand, consent.Key, time.Time, error) {
	brand, key, err := h.about(brandID, number)
	if err != nil {
		return nil, key, time.Time{}, err
	}
	at, err := past(when, now)
	return brand, key, at, err
}

// instant parses the time of a report.
func instant(when string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, when)
	if err != nil {
		return time.Time{}, wrong("at", "write when it was, such as 2026-12-01T20:00:00Z")
	}
	return at.UTC().Truncate(time.Millisecond), nil
}

// past parses the time of a report, which must not be in the future.
func past(when string, now time.Time) (time.Time, error) {
	at, err := instant(when)
	if err == nil && at.After(now.Add(slack)) {
		err = wrong("at", "lies in the future; write when it was")
	}
	return at, err
}

// madeOf reports whether a text is not empty, has only characters of a set, and has at most that many bytes.
func madeOf(text, set string, most int) bool {
	return text != "" && len(text) <= most && strings.Trim(text, set) == ""
}
