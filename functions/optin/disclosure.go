package optin

import (
	"slices"
	"strings"

	"smsconsent/shared/message"
	"smsconsent/shared/program"
)

// disclosed is what a person is shown before they sign up: one paragraph a topic, each complete by itself, so that
// what they agreed to is no more than what they ticked.
type disclosed struct {
	Text     string
	Versions []string // one a topic, in order
}

func disclosure(b *program.Brand, topics []program.Topic) disclosed {
	paragraphs, versions := make([]string, len(topics)), make([]string, len(topics))
	for i, t := range topics {
		paragraphs[i], versions[i] = message.Disclosure(b, []string{t.ID}, "en")
	}
	return disclosed{strings.Join(paragraphs, "\n\n"), versions}
}

// Version is how evidence and the form's hidden field spell the versions: with a space between them.
func (d disclosed) Version() string { return strings.Join(d.Versions, " ") }

// within reports whether shown, a list as Version spells it, has every version of d: it may have those of topics that
// were offered and not chosen.
func (d disclosed) within(shown string) bool {
	seen := strings.Fields(shown)
	return !slices.ContainsFunc(d.Versions, func(v string) bool { return !slices.Contains(seen, v) })
}
