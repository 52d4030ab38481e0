package message

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// Disclosure returns the text shown beside a sign-up form for topics (by ID) of the brand, and its version, a short
// hash of the text. What a person agreed to is proved by both, so the page must show the text as it is. It is in the
// language (BCP 47) if that is one of ours, else in that of the first topic, else in English: what it says is law, so a
// brand can't word it.
//
// It says what carriers and the FCC ask a call to action to say: who texts, what and how often, from which number, that
// it costs what messages cost, how to get help and to stop, where the terms are (CTIA, Messaging Principles and Best
// Practices, May 2023), that marketing texts are sent automatically and that nobody must agree to buy (47 CFR
// 64.1200(f)(9)).
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
	// An address is not followed by a full stop, which would become part of the link.
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

// inSentence makes the first letter of a sentence a small one.
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
