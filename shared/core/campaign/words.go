package campaign

import (
	"maps"
	"slices"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// HasFields reports whether the text differs from person to person, in any language.
func (c *Campaign) HasFields() bool {
	return slices.ContainsFunc(c.texts(), placeholder.HasAny)
}

// Words returns the text for one person: in the language of their locale (BCP 47) or, where that is empty, of the
// topic, with their values in its fields. Links are not replaced.
//
// Values are left out where they would turn a transactional text into an advertisement that nobody vouched for.
func (c *Campaign) Words(t *program.Topic, locale string, values map[string]string) string {
	text := message.InLanguage(c.Text, c.Texts, t, locale)
	words := placeholder.For(text, values)
	if t.Class == program.Transactional && c.Vouched.NotMarketing == "" && wording.Advertises(words) != "" {
		return placeholder.For(text, nil)
	}
	return words
}

// AllWords returns every text that the campaign may have sent to a person with these values: in each language, with
// the values and without.
func (c *Campaign) AllWords(values map[string]string) []string {
	var all []string
	for _, text := range c.texts() {
		all = append(all, placeholder.For(text, values), placeholder.For(text, nil))
	}
	return slices.Compact(all)
}

// texts returns the text in each language.
func (c *Campaign) texts() []string {
	all := []string{c.Text}
	for _, language := range slices.Sorted(maps.Keys(c.Texts)) {
		all = append(all, c.Texts[language])
	}
	return all
}
