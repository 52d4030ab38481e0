package optin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smsconsent/shared/consent"
	"smsconsent/shared/phone"
	"smsconsent/shared/phone/typed"
	"smsconsent/shared/program"
)

const (
	maxBody   = 16 << 10
	maxTopics = 10
	maxHeader = 256     // bytes kept of a header: evidence has to fit into an item for years
	maxShown  = 2 << 10 // bytes of a list of disclosure versions: more than a hundred topics have
)

// unstated stands in the evidence of a caller who did not say which disclosure the person was shown.
const unstated = "unstated"

// refusal is why a sign-up was not taken, in words for the person who sent it.
type refusal struct {
	Status  int    `json:"-"`
	Field   string `json:"field"` // empty where no single field is to blame
	Message string `json:"message"`
}

func (r *refusal) Error() string { return "sign-up refused: " + r.Field + ": " + r.Message }

func malformed(field, message string) error {
	return &refusal{Status: http.StatusBadRequest, Field: field, Message: message}
}

func invalid(field, message string) error {
	return &refusal{Status: http.StatusUnprocessableEntity, Field: field, Message: message}
}

// posted is a sign-up as it was sent, by the form or as JSON.
type posted struct {
	Brand   string   `json:"brand"`
	Topics  []string `json:"topics"`
	Phone   string   `json:"phone"`
	Altcha  string   `json:"altcha"`
	State   string   `json:"state"`
	ZIP     string   `json:"zip"`
	Zone    string   `json:"zone"`
	Locale  string   `json:"locale"`
	Version string   `json:"disclosure_version"`

	page bool // sent by the form, whose sender wants a page back
}

// signUp is a sign-up that may be recorded.
type signUp struct {
	consent.Key
	Brand     *program.Brand
	Topics    []program.Topic
	Told      phone.Told
	Locale    string
	Disclosed disclosed // what was in force for the topics
	Shown     string    // the versions the caller says were shown, or unstated
	Channel   string
}

// decode reads the body by its content type and no other way.
func decode(w http.ResponseWriter, r *http.Request) (posted, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	page := kind == "application/x-www-form-urlencoded"
	if err != nil || (!page && kind != "application/json") {
		return posted{}, &refusal{Status: http.StatusUnsupportedMediaType, Message: "send application/json or application/x-www-form-urlencoded"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return posted{page: page}, &refusal{Status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("the body is longer than %d bytes", maxBody)}
	}
	if page {
		return decodeForm(body)
	}
	var in posted
	if err := json.Unmarshal(body, &in); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
			field, _, _ := strings.Cut(wrong.Field, ".")
			return in, malformed(field, "must be a "+jsonName(field)+", not a "+wrong.Value)
		}
		return in, malformed("", `the body is not a JSON object such as {"brand":"…","topics":["…"],"phone":"+12065550142","altcha":"…"}`)
	}
	return in, nil
}

func jsonName(field string) string {
	if field == "topics" {
		return "list of strings"
	}
	return "string"
}

func decodeForm(body []byte) (posted, error) {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return posted{page: true}, malformed("", "the form is not properly encoded")
	}
	return posted{
		Brand: values.Get("brand"), Topics: values["topics"], Phone: values.Get("phone"), Altcha: values.Get("altcha"),
		State: values.Get("state"), ZIP: values.Get("zip"), Zone: values.Get("zone"), Locale: values.Get("locale"),
		Version: values.Get("disclosure_version"), page: true,
	}, nil
}

// check makes sure that all the sign-up names exists and that the phone is in a place the brand serves.
func (h *Handler) check(in posted) (signUp, error) {
	brand, ok := h.Catalog.Brand(in.Brand)
	if !ok {
		return signUp{}, invalid("brand", "there is no such brand")
	}
	up := signUp{Brand: brand, Locale: in.Locale, Told: phone.Told{State: in.State, ZIP: in.ZIP, Zone: in.Zone}, Channel: "json"}
	if in.page {
		up.Channel = "form"
	}
	var err error
	if up.Topics, err = topics(brand, in.Topics); err != nil {
		return up, err
	}
	number, err := typed.Number(in.Phone, brand.Region)
	if err != nil {
		return up, invalid("phone", strings.TrimPrefix(err.Error(), "phone: "))
	}
	up.Key = consent.Key{Brand: brand.ID, Phone: number}
	if err := told(in); err != nil {
		return up, err
	}
	if err := h.served(up); err != nil {
		return up, err
	}
	up.Disclosed = disclosure(brand, up.Topics)
	up.Shown, err = shown(in.Version, up.Disclosed)
	return up, err
}

// served makes sure that the phone, from its number and from what the person told, is in places where the brand texts.
// It names the field to correct, for whoever told a wrong state has typed the right phone.
func (h *Handler) served(up signUp) error {
	if _, err := phone.Locate(up.Phone, up.Told); err != nil {
		// The error begins with the name of what is wrong.
		field, _, _ := strings.Cut(err.Error(), " ")
		return invalid(field, err.Error())
	}
	unserved := func(told phone.Told) bool {
		return h.Gate.Person(&consent.Contact{Key: up.Key, Told: told}).Unserved != ""
	}
	switch {
	case !unserved(up.Told):
		return nil
	// States and postal codes are those of served countries; only a zone leads elsewhere.
	case !unserved(phone.Told{State: up.Told.State, ZIP: up.Told.ZIP}):
		return invalid("zone", "zone puts the phone where "+up.Brand.Name+" sends no texts: correct it, or leave it empty")
	default:
		return invalid("phone", up.Brand.Name+" sends no texts to where this phone may be")
	}
}

// shown is what the evidence holds of the versions a caller posts: the form posts those of all it offers. Who posts none
// may have shown anything, and the record must not swear to more than is known.
func shown(versions string, inForce disclosed) (string, error) {
	switch {
	case versions == "":
		return unstated, nil
	case len(versions) > maxShown:
		return "", invalid("disclosure_version", fmt.Sprintf("longer than %d bytes; send the versions of what was shown, with spaces between", maxShown))
	case !inForce.within(versions):
		return "", &refusal{Status: http.StatusConflict, Field: "disclosure_version", Message: "what you agree to has changed since; please read it and send the form again"}
	}
	return strings.ToValidUTF8(versions, ""), nil
}

func topics(brand *program.Brand, ids []string) ([]program.Topic, error) {
	if len(ids) == 0 {
		return nil, invalid("topics", "choose at least one")
	}
	if len(ids) > maxTopics {
		return nil, invalid("topics", fmt.Sprintf("choose at most %d", maxTopics))
	}
	var chosen []program.Topic
	for _, id := range ids {
		_, t, ok := brand.Topic(id)
		if !ok {
			return nil, invalid("topics", "there is no such topic")
		}
		if !slices.ContainsFunc(chosen, func(c program.Topic) bool { return c.ID == t.ID }) {
			chosen = append(chosen, *t)
		}
	}
	return chosen, nil
}

// told checks what phone.Locate does not look at: a postal code outside North America and the language. Nobody can check
// that any of it is true. It is kept as evidence, and moves the hours of the phone only once that phone itself confirms.
func told(in posted) error {
	if len(in.ZIP) > 12 || strings.Trim(in.ZIP, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -") != "" {
		return invalid("zip", "zip must be a postal code such as 98101")
	}
	if len(in.Locale) > 35 || strings.Trim(in.Locale, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return invalid("locale", "locale must be a language tag such as en-US")
	}
	return nil
}

// evidence is what proves the request later: where it came from, what the disclosure said and whether it was shown, and
// what the person told, on which the hours of later texts rest.
func (up signUp) evidence(r *http.Request) map[string]string {
	page := r.Referer()
	if page == "" {
		page = r.Host + r.URL.Path
	}
	ids := make([]string, len(up.Topics))
	for i, t := range up.Topics {
		ids[i] = t.ID
	}
	e := map[string]string{
		"page": cut(page), "ip": r.RemoteAddr, "agent": cut(r.UserAgent()), "channel": up.Channel, "topics": strings.Join(ids, " "),
		"disclosure": up.Disclosed.Text, "version": up.Disclosed.Version(), "shown": up.Shown,
		"state": up.Told.State, "zip": up.Told.ZIP, "zone": up.Told.Zone, "locale": up.Locale,
	}
	for _, told := range []string{"state", "zip", "zone", "locale"} {
		if e[told] == "" {
			delete(e, told)
		}
	}
	return e
}

// cut keeps the beginning of what a client may send at any length, as valid UTF-8.
func cut(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), maxHeader)], "")
}
