package keyword

// What a word or phrase may mean besides the intents; none is one without a meaning, which makes the message none of ours unless
// it stops all the same.
const (
	courtesy meaning = -1 - iota // beside any keyword
	aside                        // beside STOP and HELP, where it changes nothing
	greeting                     // an aside that a STOP may follow as if it came first
	weakStop                     // STOP where everything up to there is understood
	refusal                      // STOP wherever it stands
	other                        // what holds a STOP and means something else
)

// language is the vocabulary of one language by meaning, written as fold leaves it: lower case, no accents, no apostrophes; an
// emoji is a word. Words are separated by spaces. A line of phrases is up to longestPhrase words, "|" between words of which any
// will do; of phrases that end with the same word the longest counts. A word or phrase may not mean different things in two languages.
type language struct {
	words   map[meaning]string
	phrases map[meaning][]string
}

// english holds what law, carriers and AWS ask to be understood, and what people say for it.
var english = language{
	words: map[meaning]string{
		// A YES is the evidence that keeps the next texts legal, so only the answer the confirmation request asks for counts,
		// and its initial. Sure, OK, yep, 👍 do not: asking again costs one text.
		yes: "yes y",

		// "stop," "quit," "end," "revoke," "opt out," "cancel" and "unsubscribe" are opt-outs by law (47 CFR 64.1200(a)(10)).
		// AWS adds ARRET, OPT-OUT, OPTOUT, REMOVE and TD (AWS End User Messaging SMS User Guide, "Required opt-out keywords",
		// https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html), carriers know STOPALL. Capitals and
		// punctuation must not matter (CTIA, Messaging Principles and Best Practices, May 2023, "Consumer Opt-Out"). Slips of the
		// finger on STOP count because an operators' rule in Belgium (GOF guidelines) demands it and because no other word is
		// meant by them.
		stop: "stop stopall quit unsubscribe optout revoke arret 🛑 sotp stpo tsop stopp stopit stopnow stoptexting " +
			"unsub unsuscribe unsubcribe",

		// The opt-out words people also use of orders, days and banks.
		weakStop: "cancel end remove td",

		// HELP is the keyword carriers require, INFO its usual twin, AIDE the French word used in Canada.
		help: "help info aide",

		// The two words that undo STOP on US toll-free numbers (AWS, "Required opt-out keywords").
		start: "start unstop",

		courtesy: "please pls plz thanks thx ty 👍 🙏 🙂 😊",

		greeting: "hi hello hey yo ok okay no nope just kindly sorry so well and but",

		aside: "me us my your you all any every it this the these those from off more again now immediately asap right away already anymore " +
			"forever text texts texting message messages messaging msg msgs sms send sending contacting notifying notifications alert " +
			"alerts ads promos promotions spam spamming bothering subscription subscriptions list number phone opt thank",
	},
	phrases: map[meaning][]string{
		courtesy: {"thank you|u"},

		stop: {
			"opt|opting out",
			"no more text|texts|texting|message|messages|msg|msgs|sms|alerts|notifications|ads|promos|promotions|spam",
			"not interested", "no longer interested", "im|were not interested", "i|we am|are not interested",
			"stop at once",
		},

		weakStop: {"no more", "go away"},

		refusal: {
			"please|pls|plz|kindly|said stop", "how do|can i stop", "can|could|will|would you stop", "you to|must|should stop", "you need|have to stop",
			"stop|quit text|texting|txting|sending|messaging|contacting|notifying|spamming|bothering|harassing",
			"stop|end|cancel the|these|those|this|your|all texts|messages|msgs|sms|alerts|notifications|ads|promos|promotions|spam",
			"you dont|wont stop", "you do|will not stop",
			"dont text|txt|message|msg|contact|bother", "do not text|txt|message|msg|contact|bother", "never text|message|contact me",
			"dont send me|us", "do not send me|us", "dont|not|longer want|wish to receive",
			"dont|not|longer want texts|messages|msgs|sms|alerts|notifications|ads|promos|promotions|spam",
			"dont|not|longer want any|these|your|more texts|messages|msgs|sms|alerts|notifications|ads|promos|promotions|spam",
			"want|like|wish|need|how to unsubscribe", "want|like|wish|need to opt out", "do|can i unsubscribe", "do|can i opt out",
			"i|already opted out", "i|already unsubscribed",
			"please|pls|plz|kindly|you unsubscribe", "to be removed|unsubscribed", "i|hereby revoke|withdraw", "revoke|withdraw my|all|any consent",
			"take|get me|us off", "take my|our|the|this number|phone|name off",
			"remove|delete|unsubscribe me|us", "remove|delete|unsubscribe my|our|this number|phone|name|info",
			"opt me|us out", "opt my|our|this number|phone out",
			"end|cancel my|the|this|your subscription",
			"leave me|us alone", "lose|forget my|this number", "do not call list|registry",

			// The consent belongs to somebody else, and who holds the phone now never gave one.
			"wrong number|person", "never signed up",
		},

		other: {
			"dont|never stop", "do not stop",
			"stop by|in|at|over|sign|light|watch", "stop shop", "stop and|n shop",
			"wrong number of",
		},
	},
}

// awsKeywords are the keywords AWS requires on every number, as fold leaves them.
var awsKeywords = []string{"arret", "cancel", "end", "help", "optout", "quit", "remove", "stop", "td", "unsubscribe"}

// vocabulary is every language at once: who texts in which language is not known. It is never written to after start-up.
var vocabulary = compile(english)
