package message

import (
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// Wording is what else the words of our own texts depend on.
type Wording struct {
	Language   string // BCP 47; without texts in it, the topics' language is used, and then English
	Everything bool   // AnswerStop answers a STOP to everything the brand sends
	Link       string // address of the person's preference page; empty where there is none
}

// Compose returns one of our own texts about topics (IDs) of the program, or about all its topics where none are
// named. A brand's own wording comes before ours, and English replaces a language that lacks the text. It is empty
// for an unknown Answer.
func Compose(b *program.Brand, p *program.Program, a Answer, topics []string, w Wording) string {
	facts := b.Facts(p, topics)
	facts.Everything = w.Everything && a == AnswerStop
	facts.Link = w.Link
	t := wording.Text(a)
	return wording.Choose(b.Texts, t, w.Language, facts.Locale).Write(t, facts)
}

// Languages returns the languages in which the brand has texts, ISO 639-1, sorted. Compose writes in one of them,
// whatever language it is asked for.
func Languages(b *program.Brand) []string { return wording.Languages(b.Texts) }

// OptOutNotice returns what is added, after a space, to a campaign's text that does not say how to opt out, in the
// language (BCP 47) or otherwise in English. It is the same each time.
func OptOutNotice(b *program.Brand, language string) string {
	return " " + wording.Choose(b.Texts, wording.Notice, language).Text(wording.Notice)
}

// HasOptOut reports whether a text says how to opt out of it, in any language we know; see wording.HasOptOut.
func HasOptOut(body string) bool { return wording.HasOptOut(body) }
