package wording

// english follows the examples of AWS (Amazon SNS Developer Guide, "SMS best practices",
// https://docs.aws.amazon.com/sns/latest/dg/channels-sms-best-practices.html). Apostrophes are straight, so that a
// text can be sent as GSM-7. The welcome is the reminder with the frequency.
var english = Language{
	Texts: map[Text]string{
		Confirmation: "Text YES to join {topics}. {frequency} {rates} Reply HELP for help, STOP to cancel.",
		Welcome:      "You're subscribed to {topics}. {frequency} {rates} Reply HELP for help, STOP to unsubscribe.",
		Reminder:     "You're subscribed to {topics}. {rates} Reply HELP for help, STOP to unsubscribe.",
		Renewal:      "Still want {topics}? Reply YES, or we will stop sending them. Reply HELP for help, STOP to unsubscribe.",
		Help:         "HELP: {topics}: {contact}. {frequency} {rates} Reply STOP to cancel.[ Preferences: {link}]",
		Stop:         "STOP: You're unsubscribed from {topics}. No more messages will be sent.[ For more info, {contact}.]",
		Expired:      "Your request to join {topics} has expired. Text {keyword} to ask again.",
		Nearly:       "To get {topics}, reply only YES. Reply HELP for help, STOP to cancel.",
		Clarify:      "{brand}: sorry, we did not understand. Reply STOP to unsubscribe from {topics}, HELP for help.",
		Preferences:  "{brand}:[ choose at {link} what we text you; the link works for a day.] Reply STOP to unsubscribe, HELP for help.",
		Notice:       "Reply STOP to unsubscribe.",

		Disclosure: "By signing up, you agree to get texts from {brand} on the phone number you give: {topics}. " +
			"First we send one text; unless you answer it with YES, no other follows. Consent is not a condition of any purchase. " +
			"Msg & data rates may apply. Reply HELP for help, STOP to cancel.[ Terms: {terms}][ Privacy: {privacy}]",
		Marketing: "{topic} (recurring automated marketing texts, {frequency}, from {sender})",
		Service:   "{topic} (automated service texts, {frequency}, from {sender})",
	},
	Words: map[Word]string{
		And: "and", Or: ", or", All: "all {brand} messages", HelpWord: "HELP",
		Rates: "Msg & data rates may apply.",
		// Carriers ask for this where no number can be promised, such as one text for each step of an order (CTIA,
		// Messaging Principles and Best Practices, May 2023: the message that confirms an opt-in tells the frequency).
		Varies: "Msg frequency varies", Variable: "varies",
		Message: "msg", Messages: "msgs", Day: "day", Week: "week", Month: "month", Year: "year", Each: "each",
		Email: "email", Call: "call",
	},
}
