package optin

import "smsconsent/shared/core/program"

func english() words {
	return words{
		Tag: "en", Name: "English", Dir: "ltr",

		Title:     "Text messages from {brand}",
		Heading:   "Get our text messages",
		Lead:      "Tell us your number. We text you once to make sure that it is you, and nothing more until you answer *YES*.",
		Languages: "Language",
		Topics:    "What would you like to get?",
		Marketing: "Marketing texts",
		Service:   "Service texts",
		Country:   "Country",
		Phone:     "Mobile phone number",
		State:     "State",
		NoState:   "Not given",
		ZIP:       "ZIP code",
		Where:     "Where you live (optional)",
		Why:       "So that no text reaches you at night. It may differ from your area code.",
		Agreement: "What you agree to",
		Trap:      "Leave this field empty",
		SignUp:    "Sign up",
		Checking:  "Making sure that you are not a robot …",
		Sending:   "Sending …",
		Lost:      "That did not work. Check your connection, then try again.",
		NoScript:  "The check that keeps robots out needs JavaScript. Switch JavaScript on and load the page again.",
		ByText:    "For {topic} you can also text *{keyword}* to *{number}*.",
		Refused:   "You are not signed up yet.",
		Terms:     "Terms",
		Privacy:   "Privacy",

		Done:     "Now look at your phone",
		DoneTo:   "We are sending a text to",
		Open:     "Open the text from *{sender}*.",
		OpenEach: "Open the texts from *{sender}*: there is one for each kind of message.",
		Yes:      "Answer *YES*, and you are signed up.",
		YesEach:  "Answer *YES* to each one that you want.",
		Until:    "Until you do, you get nothing else from us.",
		Nothing: "No text within a few minutes? You may be signed up already, have an earlier text that waits for your YES, " +
			"or have been asked as often as we ask in a day.",
		Start:  "If you opted out before, text *START* to *{number}* from that phone.",
		Again:  "Wrong number? Start again",
		And:    "and",
		Or:     "or",
		Served: "of a country that {brand} texts",

		Often: map[program.Period][2]string{
			program.Day:   {"at most 1 a day", "up to {n} a day"},
			program.Week:  {"at most 1 a week", "up to {n} a week"},
			program.Month: {"at most 1 a month", "up to {n} a month"},
			program.Year:  {"at most 1 a year", "up to {n} a year"},
		},
		Varies: "frequency varies",

		Reasons: map[reason]string{
			noTopic:        "Choose at least one.",
			phoneEmpty:     "Type your mobile number, such as {example}.",
			phoneTooLong:   "Type one number only.",
			phoneSigns:     "Type digits only, such as {example}, without an extension.",
			phoneCountry:   "Choose your country, or begin with + and the country code.",
			phoneTenDigits: "A number here has ten digits: area code and number, as in {example}.",
			phoneDigits:    "There is no such number. Check the digits.",
			phoneUnable:    "This number can't be signed up here. Use a mobile number {places}.",
			stateUnknown:   "This state does not go with the number. Use a code such as FL, or leave it empty.",
			zipUnknown:     "There is no such ZIP code. Use one such as 33101, or leave it empty.",
			changed:        "What you agree to has changed since you opened the page. Read it again, then sign up.",
			unsolved:       "The check that keeps robots out was not passed. Please try again.",
			outdated:       "You took a while, and the check that keeps robots out has to be done again. Please try again.",
			unverifiable:   "The check that keeps robots out does not work just now. Please try again in a minute.",
			tooMany:        "Too many sign-ups came from your network. Please try again in an hour.",
			foreignSite:    "{brand} takes no sign-ups from the web site you come from. Use the form on its own site.",
			tryAgain:       "Something went wrong on our side. Please try again in a minute.",
		},
	}
}
