package optin

import (
	"strings"

	"smsconsent/shared/message"
	"smsconsent/shared/program"
)

// disclosure is what a person is shown before they sign up for the topics, one paragraph a topic.
func disclosure(b *program.Brand, topics []program.Topic) string {
	paragraphs := make([]string, len(topics))
	for i := range topics {
		paragraphs[i] = message.Disclosure(b, topics[i:i+1])
	}
	return strings.Join(paragraphs, "\n\n")
}

// version identifies all the disclosures of a brand: it changes when any of them does.
func version(b *program.Brand) string {
	var all []program.Topic
	for i := range b.Programs {
		all = append(all, b.Programs[i].Topics...)
	}
	return message.ContentHash(disclosure(b, all))
}
