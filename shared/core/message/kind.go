// Package message composes the texts that smsconsent itself sends, and checks and measures those that people write.
package message

import (
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// Kind is why a text is sent. Different rules of the gate apply to each kind.
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

// KindOf returns the kind of a text that people write for topics of a class.
func KindOf(class program.Class) Kind {
	if class == program.Transactional {
		return Transactional
	}
	return Promotional
}

// Answer names one of the texts that smsconsent writes itself.
type Answer wording.Text

// The texts that smsconsent writes itself.
const (
	AskConfirmation   = Answer(wording.Confirmation) // asks for a YES to a request
	AnswerWelcome     = Answer(wording.Welcome)      // answers the YES or START that subscribed the person
	AnswerHelp        = Answer(wording.Help)         // answers HELP
	AnswerStop        = Answer(wording.Stop)         // answers the first STOP
	AnswerExpired     = Answer(wording.Expired)      // answers a YES that came too late
	AnswerNearly      = Answer(wording.Nearly)       // answers what is almost a YES
	AnswerClarify     = Answer(wording.Clarify)      // answers what may have meant STOP
	AnswerPreferences = Answer(wording.Preferences)  // answers PREFS
	RemindOfTopics    = Answer(wording.Reminder)     // sent by the audit: the person is subscribed
	AskStillWanted    = Answer(wording.Renewal)      // sent by the audit: are the texts still wanted?
)

// Answers returns all of them.
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
