package message

import (
	"maps"
	"slices"
	"strings"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// FromTemplate returns a topic's template, with its fields, in the language of a person's locale (BCP 47), or of the
// topic where that is empty. The error is a *phone.FieldError about "template".
func FromTemplate(t *program.Topic, name, locale string) (string, error) {
	template, ok := t.Templates[name]
	if !ok {
		known := "there are none for topic " + t.ID
		if len(t.Templates) > 0 {
			known = "topic " + t.ID + " has " + strings.Join(slices.Sorted(maps.Keys(t.Templates)), ", ")
		}
		return "", &phone.FieldError{Field: "template", Message: "there is no such template in programs.yaml; " + known}
	}
	return InLanguage(template.Text, template.In, t, locale), nil
}

// InLanguage returns a text in the language of a person's locale, or of the topic where that is empty. in has
// translations by ISO 639-1 code; without one it returns text.
func InLanguage(text string, in map[string]string, t *program.Topic, locale string) string {
	if locale == "" {
		locale = t.Locale
	}
	if own := in[wording.Primary(locale)]; own != "" {
		return own
	}
	return text
}
