// Package message composes the texts smsconsent writes itself and measures those others write.
package message

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
	AskConfirmation Answer = "ask-confirmation" // to a request
	AnswerWelcome   Answer = "welcome"          // to the YES or START that subscribed them
	AnswerHelp      Answer = "help"             // to HELP
	AnswerStop      Answer = "stop"             // to the first STOP
	RemindOfTopics  Answer = "remind"           // from the audit
)
