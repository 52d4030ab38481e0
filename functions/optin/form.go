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
	"time"

	"smsconsent/shared/consent"
	"smsconsent/shared/phone"
	"smsconsent/shared/phone/typed"
	"smsconsent/shared/program"
)

const (
	maxBody   = 16 << 10
	maxTopics = 10
	maxHeader = 256 // bytes kept of a header: evidence has to fit into an item for years
)

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
	Disclosed disclosed
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
	if why := h.Gate.Person(&consent.Contact{Key: up.Key, Told: up.Told}).Unserved; why != "" {
		return up, invalid("phone", "we cannot text this phone: "+why)
	}
	up.Disclosed = disclosure(brand, up.Topics)
	if in.Version != "" && !up.Disclosed.within(in.Version) {
		return up, &refusal{Status: http.StatusConflict, Field: "disclosure_version", Message: "what you agree to has changed since; please read it and send the form again"}
	}
	return up, nil
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

// told checks what the person said about where they are. It can only narrow the hours, so nothing depends on it being
// true, but it is stored.
func told(in posted) error {
	if in.State != "" && (len(in.State) > 3 || strings.Trim(in.State, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		return invalid("state", "must be a code such as WA")
	}
	if len(in.ZIP) > 12 || strings.Trim(in.ZIP, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -") != "" {
		return invalid("zip", "must be a postal code such as 98101")
	}
	if in.Zone != "" {
		if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "Local" {
			return invalid("zone", "must be an IANA time zone such as America/Los_Angeles")
		}
	}
	if len(in.Locale) > 35 || strings.Trim(in.Locale, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return invalid("locale", "must be a language tag such as en-US")
	}
	return nil
}

// evidence is what proves the request later: where it came from and exactly what the person was shown.
func (up signUp) evidence(r *http.Request) map[string]string {
	page := r.Referer()
	if page == "" {
		page = r.Host + r.URL.Path
	}
	ids := make([]string, len(up.Topics))
	for i, t := range up.Topics {
		ids[i] = t.ID
	}
	return map[string]string{
		"page": cut(page), "ip": r.RemoteAddr, "agent": cut(r.UserAgent()), "channel": up.Channel, "topics": strings.Join(ids, " "),
		"disclosure": up.Disclosed.Text, "version": up.Disclosed.Version(),
	}
}

// cut keeps the beginning of what a client may send at any length, as valid UTF-8.
func cut(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), maxHeader)], "")
}
