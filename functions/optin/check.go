package optin

import (
	"fmt"
	"slices"
	"strings"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
)

const (
	maxTopics  = 10
	maxShown   = 2 << 10 // bytes of a list of disclosure versions: more than a hundred topics have
	maxVersion = 64      // bytes of the version of a form
	fewPlaces  = 4       // countries that a message names one by one

	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	digits  = "0123456789"
)

// signUp is a sign-up that may be recorded.
type signUp struct {
	consent.Key
	Brand     *program.Brand
	Topics    []program.Topic
	Told      phone.Told
	Locale    string
	Disclosed disclosed // what was in force for the topics
	Shown     string    // the versions the caller says were shown, or unstated
	Captcha   captcha.Result
}

// check makes sure that all the sign-up names exists and that the phone is in a place the brand serves. What a person
// may mend is found all at once.
func (h *Handler) check(in posted, w *words) (signUp, error) {
	brand, ok := h.Catalog.Brand(in.Brand)
	if !ok {
		return signUp{}, invalid("brand", "there is no such brand")
	}
	up := signUp{Brand: brand, Locale: in.Locale, Told: phone.Told{State: in.State, ZIP: in.ZIP, Zone: in.Zone}}
	if err := plain(in); err != nil {
		return up, err
	}
	var wrong refused
	var why *refusal
	if up.Topics, why = topics(brand, in.Topics); why != nil {
		wrong = append(wrong, why)
	}
	if up.Key, why = h.key(brand, in, w); why != nil {
		wrong = append(wrong, why)
	} else if why = h.told(up, w); why != nil {
		wrong = append(wrong, why)
	}
	if len(wrong) > 0 {
		return up, wrong
	}
	up.Disclosed, up.Shown, why = h.disclosure(brand, up.Topics, in, w)
	if why != nil {
		return up, why
	}
	return up, nil
}

// key reads the number, and lets in only what may be a mobile of a country the brand serves. Whatever else it is, and
// whoever has it, the answer is the same.
func (h *Handler) key(brand *program.Brand, in posted, w *words) (consent.Key, *refusal) {
	region := brand.Region
	if in.Country != "" {
		region = in.Country
	}
	example := []string{"example", typed.Example(brand.Region)}
	number, err := typed.Number(in.Phone, region)
	if err != nil {
		if why := mistyped(err); why != phoneUnable {
			return consent.Key{}, mistaken("phone", why, example...)
		}
		return consent.Key{}, h.unable(brand, w)
	}
	key := consent.Key{Brand: brand.ID, Phone: number}
	if !typed.MayBeMobile(number) || !brand.Serves(number.Country()) ||
		h.Gate.Person(&consent.Contact{Key: key}).Unserved != "" {
		return consent.Key{}, h.unable(brand, w)
	}
	return key, nil
}

func (h *Handler) unable(brand *program.Brand, w *words) *refusal {
	places := fill(w.Served, "brand", brand.Name)
	if served := h.countries(brand, w); len(served) <= fewPlaces {
		names := make([]string, len(served))
		for i, c := range served {
			names[i] = c.Name
		}
		places = "(" + list(names, w.Or, "") + ")"
	}
	return mistaken("phone", phoneUnable, "places", places)
}

// told makes sure that what the person told of where they are exists, and that the brand texts there. It names the
// field to correct. Nobody can check that it is true: it is kept as evidence, and moves the hours of the phone only
// once that phone itself confirms.
func (h *Handler) told(up signUp, w *words) *refusal {
	if _, err := phone.Locate(up.Phone, up.Told); err != nil {
		// The error begins with the name of what is wrong.
		switch field, _, _ := strings.Cut(err.Error(), " "); strings.TrimSuffix(field, ":") {
		case "state":
			return mistaken("state", stateUnknown)
		case "zip":
			return mistaken("zip", zipUnknown)
		case "zone":
			return invalid("zone", err.Error())
		default:
			return h.unable(up.Brand, w)
		}
	}
	// States and postal codes are those of served countries; only a zone leads elsewhere.
	if h.Gate.Person(&consent.Contact{Key: up.Key, Told: up.Told}).Unserved != "" {
		return invalid("zone", "zone puts the phone where "+up.Brand.Name+" sends no texts: correct it, or leave it empty")
	}
	return nil
}

func topics(brand *program.Brand, ids []string) ([]program.Topic, *refusal) {
	if len(ids) == 0 {
		return nil, mistaken("topics", noTopic)
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

// plain looks at the form of what nothing else looks at.
func plain(in posted) error {
	made := func(text, set string, most int) bool { return len(text) <= most && strings.Trim(text, set) == "" }
	switch {
	case !made(in.ZIP, letters+digits+" -", 12):
		return mistaken("zip", zipUnknown)
	case !made(in.Locale, letters+digits+"-", 35):
		return invalid("locale", "locale must be a language tag such as en-US")
	case !made(in.Country, letters[:26], len("US")) || len(in.Country) == 1:
		return invalid("country", "country must be an ISO 3166-1 code such as US, or empty")
	case !made(in.Form, letters+digits+"._-", maxVersion):
		return invalid(
			"form_version",
			fmt.Sprintf("form_version must be at most %d letters, digits, dots, hyphens and underscores", maxVersion),
		)
	case len(in.Version) > maxShown:
		return invalid(
			"disclosure_version",
			fmt.Sprintf("longer than %d bytes; send the versions of what was shown, with spaces between", maxShown),
		)
	default:
		return nil
	}
}
