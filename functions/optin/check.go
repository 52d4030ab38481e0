package optin

import (
	"fmt"
	"strings"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/page"
)

const (
	maxTopics  = 10
	maxShown   = 2 << 10 // bytes of a list of disclosure versions: more than a hundred topics have
	maxVersion = 64      // bytes of the version of a form
	fewPlaces  = 4       // countries that a message names one by one

	versionLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
)

// signUp is a checked sign-up.
type signUp struct {
	signup.SignUp
	Disclosed disclosed // what was in force for the topics
	Shown     string    // the versions that the caller says were shown, or unstated
	Captcha   captcha.Result
}

// check checks that everything in a sign-up exists and that the brand serves the phone's place. It finds all mistakes
// at once.
func (h *Handler) check(in posted, w *words) (signUp, error) {
	entry := signup.Entry{
		Brand: in.Brand, Topics: in.Topics, Phone: in.Phone, Country: in.Country, Locale: in.Locale,
		Told: phone.Told{State: in.State, ZIP: in.ZIP, Zone: in.Zone},
	}
	checked, wrong := entry.Check(h.Catalog, h.Gate, signup.Limits{Topics: maxTopics, MobilesOnly: true})
	up := signUp{SignUp: checked}
	var all refusals
	for _, one := range wrong {
		all = append(all, h.reworded(up.Brand, one, w))
	}
	if len(all) > 0 {
		return up, all
	}
	if why := checkVersions(in); why != nil {
		return up, why
	}
	var why *refusal
	if up.Disclosed, up.Shown, why = h.disclosure(up.Brand, up.Topics, in, w); why != nil {
		return up, why
	}
	return up, nil
}

// reworded returns what is wrong with a field in the form's own words, where a person can correct it.
func (h *Handler) reworded(brand *program.Brand, wrong *phone.FieldError, w *words) *refusal {
	switch why := reasonOf(wrong); why {
	case "":
		return invalid(wrong.Field, wrong.Message)
	case phoneUnable:
		return mistaken("phone", phoneUnable, "places", h.places(brand, w))
	default:
		return mistaken(wrong.Field, why, "example", typed.Example(brand.Region))
	}
}

// places names the countries that the brand serves, where they are few.
func (h *Handler) places(brand *program.Brand, w *words) string {
	served := h.countries(brand, w)
	if len(served) > fewPlaces {
		return page.Fill(w.Served, "brand", brand.Name)
	}
	names := make([]string, len(served))
	for i, c := range served {
		names[i] = c.Name
	}
	return "(" + page.List(names, w.Or, "") + ")"
}

// checkVersions checks the form of the versions, which are stored as they were sent.
func checkVersions(in posted) *refusal {
	switch {
	case len(in.Form) > maxVersion || strings.Trim(in.Form, versionLetters) != "":
		return invalid(
			"form_version",
			fmt.Sprintf("must be at most %d letters, digits, dots, hyphens and underscores", maxVersion),
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
