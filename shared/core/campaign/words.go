package campaign

import (
	"maps"
	"slices"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// HasFields reports whether the campaign says another thing to each person, in any language.
func (c *Campaign) HasFields() bool {
	return slices.ContainsFunc(c.texts(), placeholder.HasAny)
}

// Words returns what the campaign says to one person: its text in the language of their locale (BCP 47), or of the
// topic where that is empty, with the values that are known of them by the names of fields. Links stay as they are.
//
// Values that make an advertisement of a transactional text, for which nobody answers, are left out.
func (c *Campaign) Words(t *program.Topic, locale string, values map[string]string) string {
	text := message.InLanguage(c.Text, c.Texts, t, locale)
	words := placeholder.For(text, values)
	if t.Class == program.Transactional && c.Vouched.NotMarketing == "" && wording.Advertises(words) != "" {
		return placeholder.For(text, nil)
	}
	return words
}

// AllWords returns everything that the campaign may have said to one person of whom these values are known: in whatever
// language, and where the values were left out.
func (c *Campaign) AllWords(values map[string]string) []string {
	var all []string
	for _, text := range c.texts() {
		all = append(all, placeholder.For(text, values), placeholder.For(text, nil))
	}
	return slices.Compact(all)
}

// texts returns its text in each language.
func (c *Campaign) texts() []string {
	all := []string{c.Text}
	for _, language := range slices.Sorted(maps.Keys(c.Texts)) {
		all = append(all, c.Texts[language])
	}
	return all
}
