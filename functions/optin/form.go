package optin

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"smsconsent/shared/edge/gateway"
)

// maxBody is the most bytes of a sign-up. One with ten topics and the longest solution of any CAPTCHA has about half.
const maxBody = 8 << 10

// posted is a sign-up as it was sent, by a form or as JSON.
type posted struct {
	Brand    string   `json:"brand"`
	Topics   []string `json:"topics"`
	Phone    string   `json:"phone"`
	Country  string   `json:"country"` // of a number without country code, ISO 3166-1 alpha-2
	State    string   `json:"state"`
	ZIP      string   `json:"zip"`
	Zone     string   `json:"zone"`
	Locale   string   `json:"locale"` // the language the person reads, BCP 47
	Version  string   `json:"disclosure_version"`
	Form     string   `json:"form_version"`
	Page     string   `json:"page"`     // where the form stood
	Referrer string   `json:"referrer"` // what led there
	Homepage string   `json:"homepage"` // a trap: nobody sees the field, so who fills it in is a script

	solved string // by the CAPTCHA, from the field its provider names
	form   bool   // sent by a form, so the answer is a page
}

// decode reads the body according to its content type. field has the CAPTCHA's solution.
func decode(w http.ResponseWriter, r *http.Request, field string) (posted, error) {
	body, kind, err := gateway.ReadBody(w, r, maxBody, gateway.JSONType, gateway.FormType)
	form := kind == gateway.FormType
	if err != nil {
		return posted{form: form}, err
	}
	if form {
		return decodeForm(body, field)
	}
	return decodeJSON(body, field)
}

func decodeJSON(body []byte, field string) (posted, error) {
	var in posted
	var all map[string]json.RawMessage
	err := json.Unmarshal(body, &in)
	if err == nil {
		err = json.Unmarshal(body, &all)
	}
	if solved, ok := all[field]; ok && err == nil && json.Unmarshal(solved, &in.solved) != nil {
		return in, malformed(field, "must be a string")
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		name, _, _ := strings.Cut(wrong.Field, ".")
		return in, malformed(name, "must be a "+jsonName(name)+", not a "+wrong.Value)
	}
	if err != nil || all == nil {
		return in, malformed(
			"",
			`the body is not a JSON object such as {"brand":"…","topics":["…"],"phone":"+12065550142","`+field+`":"…"}`,
		)
	}
	return in, nil
}

func jsonName(field string) string {
	if field == "topics" {
		return "list of strings"
	}
	return "string"
}

func decodeForm(body []byte, field string) (posted, error) {
	v, err := url.ParseQuery(string(body))
	if err != nil {
		return posted{form: true}, malformed("", "the form is not properly encoded")
	}
	return posted{
		Brand: v.Get("brand"), Topics: v["topics"], Phone: v.Get("phone"), Country: v.Get("country"),
		State: v.Get("state"), ZIP: v.Get("zip"), Zone: v.Get("zone"), Locale: v.Get("locale"),
		Version: v.Get("disclosure_version"), Form: v.Get("form_version"), Page: v.Get("page"), Referrer: v.Get("referrer"),
		Homepage: v.Get("homepage"), solved: v.Get(field), form: true,
	}, nil
}
