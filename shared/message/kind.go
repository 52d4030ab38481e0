// Package message composes the texts smsconsent writes itself and measures those others write.
package message

import "smsconsent/shared/program"

// Kind is why a text is sent. The gate applies other rules to each kind.
type Kind string

// The kinds of text.
const (
	Confirmation  Kind = "confirmation"  // "Text YES to join": asked for a moment ago, sent once
	Reply         Kind = "reply"         // an answer to what the person just texted
	Reminder      Kind = "reminder"      // "You're subscribed": the audit's periodic notice
	Promotional   Kind = "promotional"   // a campaign of a promotional program
	Transactional Kind = "transactional" // a campaign of a transactional program
)

// Answer is which of the texts smsconsent writes itself is meant.
type Answer string

// The texts smsconsent writes itself.
const (
	AskConfirmation   Answer = "confirmation" // to a request
	AnswerWelcome     Answer = "welcome"      // to the YES or START that subscribed them
	AnswerHelp        Answer = "help"         // to HELP
	AnswerStop        Answer = "stop"         // to the first STOP
	AnswerExpired     Answer = "expired"      // to a YES that came too late
	AnswerClarify     Answer = "clarify"      // to a STOP nobody can be sure of
	AnswerPreferences Answer = "preferences"  // to PREFS
	RemindOfTopics    Answer = "reminder"     // from the audit
)

// Wording is what else the words of such a text depend on.
type Wording struct {
	Language   string // BCP 47; where there are no texts in it, the language of the topics, and English after that
	Everything bool   // of AnswerStop: it was a STOP to all the brand sends
	Link       string // address of the person's preference page; empty where there is none
}

// Answers lists them all.
func Answers() []Answer {
	return []Answer{AskConfirmation, AnswerWelcome, AnswerHelp, AnswerStop, AnswerExpired, AnswerClarify, AnswerPreferences, RemindOfTopics}
}

// Languages lists the languages there are texts in for the brand, ISO 639-1, sorted.
func Languages(_ *program.Brand) []string { return []string{"en"} }
