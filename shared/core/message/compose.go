package message

import (
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// Wording is what else the words of a text of ours depend on.
type Wording struct {
	Language   string // BCP 47; where there are no texts in it, the language of the topics, and English after that
	Everything bool   // of AnswerStop: it was a STOP to all the brand sends
	Link       string // address of the person's preference page; empty where there is none
}

// Compose writes one of our own texts about topics (by ID) of the program; without topics it is about all of them. A
// brand's own words win over ours, and a language that lacks the text is replaced by English.
//
// An answer that is none of ours is empty.
func Compose(b *program.Brand, p *program.Program, a Answer, topics []string, w Wording) string {
	facts := b.Facts(p, topics)
	facts.Everything = w.Everything && a == AnswerStop
	facts.Link = w.Link
	t := wording.Text(a)
	return wording.Choose(b.Texts, t, w.Language, facts.Locale).Write(t, facts)
}

// Languages lists the languages there are texts in for the brand, ISO 639-1, sorted. In one of them Compose writes what
// it wrote, whatever the language it was asked for.
func Languages(b *program.Brand) []string { return wording.Languages(b.Texts) }

// OptOutNotice returns what is put behind a campaign's text that does not say how to opt out, a space before it, in the
// language (BCP 47) or else in English. It is the same each time.
func OptOutNotice(b *program.Brand, language string) string {
	return " " + wording.Choose(b.Texts, wording.Notice, language).Text(wording.Notice)
}

// HasOptOut reports whether a text tells how to opt out of it, in words of any language we know; see wording.HasOptOut.
func HasOptOut(body string) bool { return wording.HasOptOut(body) }
