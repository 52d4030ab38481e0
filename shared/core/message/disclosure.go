package message

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// Disclosure returns the text to show next to a sign-up form for topics (IDs) of the brand, and its version, a short
// hash of the text. Both prove what a person agreed to, so a page must show the text unchanged. It is in the given
// language (BCP 47) where that is one of ours, otherwise in that of the first topic, otherwise in English. The law
// says what is in it, so a brand cannot word it.
//
// It says what carriers and the FCC require: who texts, what and how often, from which number, that message rates
// apply, how to get help and to stop, where the terms are (CTIA, Messaging Principles and Best Practices, May 2023),
// that marketing texts are sent automatically, and that nobody must agree in order to buy (47 CFR 64.1200(f)(9)).
func Disclosure(b *program.Brand, topics []string, language string) (text, version string) {
	locale := ""
	for _, id := range topics {
		if _, t, ok := b.Topic(id); ok {
			locale = t.Locale
			break
		}
	}
	voice := wording.Choose(b.Texts, wording.Disclosure, language, locale)
	var items []string
	for _, id := range topics {
		if p, t, ok := b.Topic(id); ok {
			items = append(items, describeTopic(voice, p, t))
		}
	}
	// No full stop follows an address, because it would become part of the link.
	text = wording.Fill(voice.Text(wording.Disclosure), lookup(map[string]string{
		"brand": b.Name, "topics": strings.Join(items, "; "), "terms": b.Terms, "privacy": b.Privacy,
	}))
	return text, shortHash([]byte(text))
}

// describeTopic describes one topic: "alerts (recurring automated marketing texts, 2 msgs/month, from +12065550100)".
func describeTopic(voice wording.Voice, p *program.Program, t *program.Topic) string {
	kind := wording.Service
	if t.Class == program.Promotional {
		kind = wording.Marketing
	}
	return wording.Fill(voice.Text(kind), lookup(map[string]string{
		"topic": t.Name, "frequency": inSentence(voice.Often(t.Fact())), "sender": sender(voice, p.Identity),
	}))
}

func lookup(values map[string]string) func(string) string {
	return func(placeholder string) string { return values[placeholder] }
}

// inSentence makes the first letter of a sentence lower case.
func inSentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}

// sender returns the identity as a phone shows it.
func sender(voice wording.Voice, id program.Identity) string {
	if id.Pool == "" {
		return id.String()
	}
	numbers := make([]string, len(id.Numbers))
	for i, n := range id.Numbers {
		numbers[i] = string(n)
	}
	return voice.Or(numbers)
}
