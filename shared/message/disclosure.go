package message

import (
	"strings"

	"smsconsent/shared/program"
)

// Disclosure is the text shown beside a sign-up form for topics (by ID) of the brand, and its version, a short hash of the
// text. What a person agreed to is proved by both, so the page must show the text as it is.
//
// It says what carriers and the FCC ask a call to action to say: who texts, what and how often, from which number, that
// it costs what messages cost, how to get help and to stop, where the terms are (CTIA, Messaging Principles and Best
// Practices, May 2023), that marketing texts are sent automatically and that nobody must agree to buy (47 CFR 64.1200(f)(9)).
func Disclosure(b *program.Brand, topics []string) (text, version string) {
	var items []string
	for _, id := range topics {
		if p, t, ok := b.Topic(id); ok {
			items = append(items, offer(p, t))
		}
	}
	parts := []string{
		"By signing up, you agree to get texts from " + b.Name + " on the phone number you give: " + strings.Join(items, "; "),
		"First we send one text; unless you answer it with YES, no other follows.",
		"Consent is not a condition of any purchase.",
		rates,
		"Reply HELP for help, STOP to cancel.",
	}
	text = sentences(parts...)
	// An address is not followed by a full stop, which would become part of the link.
	if b.Terms != "" {
		text += " Terms: " + b.Terms
	}
	if b.Privacy != "" {
		text += " Privacy: " + b.Privacy
	}
	return text, shortHash([]byte(text))
}

// offer describes one topic: "alerts (recurring automated marketing texts, 2 msgs/month, from +12065550100)".
func offer(p *program.Program, t *program.Topic) string {
	kind := "automated service texts"
	if t.Class == program.Promotional {
		kind = "recurring automated marketing texts"
	}
	often := t.Frequency.String()
	if often == "" {
		often = "msg frequency varies"
	}
	return t.Name + " (" + kind + ", " + often + ", from " + sender(p.Identity) + ")"
}

// sender is the identity as a phone shows it.
func sender(id program.Identity) string {
	if id.Pool == "" {
		return id.String()
	}
	numbers := make([]string, len(id.Numbers))
	for i, n := range id.Numbers {
		numbers[i] = string(n)
	}
	return either(numbers)
}
