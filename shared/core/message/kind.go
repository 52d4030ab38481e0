// Package message composes the texts that smsconsent itself sends, and checks and measures those that people write.
package message

import (
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// Kind is why a text is sent. The gate applies other rules to each kind.
type Kind string

// The kinds of text.
const (
	Confirmation  Kind = "confirmation"  // "Text YES to join": asked for a moment ago, sent once
	Reply         Kind = "reply"         // an answer to what the person just texted
	Reminder      Kind = "reminder"      // "You're subscribed": the audit's periodic notice
	Renewal       Kind = "renewal"       // "Still want these?": the audit's question to whoever shows no sign of reading
	Promotional   Kind = "promotional"   // a campaign of a promotional program
	Transactional Kind = "transactional" // a campaign of a transactional program
)

// KindOf returns the kind of what somebody writes for topics of a class.
func KindOf(class program.Class) Kind {
	if class == program.Transactional {
		return Transactional
	}
	return Promotional
}

// Answer is which of the texts smsconsent writes itself is meant.
type Answer wording.Text

// The texts smsconsent writes itself.
const (
	AskConfirmation   = Answer(wording.Confirmation) // to a request
	AnswerWelcome     = Answer(wording.Welcome)      // to the YES or START that subscribed them
	AnswerHelp        = Answer(wording.Help)         // to HELP
	AnswerStop        = Answer(wording.Stop)         // to the first STOP
	AnswerExpired     = Answer(wording.Expired)      // to a YES that came too late
	AnswerNearly      = Answer(wording.Nearly)       // to what is almost a YES
	AnswerClarify     = Answer(wording.Clarify)      // to a STOP nobody can be sure of
	AnswerPreferences = Answer(wording.Preferences)  // to PREFS
	RemindOfTopics    = Answer(wording.Reminder)     // from the audit
	AskStillWanted    = Answer(wording.Renewal)      // the same
)

// Answers lists them all.
func Answers() []Answer {
	return []Answer{
		AskConfirmation,
		AnswerWelcome,
		AnswerHelp,
		AnswerStop,
		AnswerExpired,
		AnswerNearly,
		AnswerClarify,
		AnswerPreferences,
		RemindOfTopics,
		AskStillWanted,
	}
}
