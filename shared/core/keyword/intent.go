package keyword

// Kind is what a person wants.
type Kind string

// The kinds.
const (
	OptOut      Kind = "opt-out"      // no more texts
	OptIn       Kind = "opt-in"       // START, UNSTOP, JOIN or the keyword of a topic
	Confirm     Kind = "confirm"      // YES to what is pending
	Decline     Kind = "decline"      // NO to what is pending
	Help        Kind = "help"         // who are you, and how do I stop this
	WrongNumber Kind = "wrong-number" // whoever holds this phone never agreed
	Preferences Kind = "preferences"  // wants to choose what and how often
	Automatic   Kind = "automatic"    // written by a phone, an office or a carrier; never answered
	Other       Kind = "other"        // anything else
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{OptOut, OptIn, Confirm, Decline, Help, WrongNumber, Preferences, Automatic, Other}
}

// Scope is how far an opt-out reaches.
type Scope string

// The scopes.
const (
	Program    Scope = ""           // the program of the number that was texted
	Everything Scope = "everything" // everything the brand sends
	OneTopic   Scope = "topic"      // one topic
)

// Intent is what a person wants, and why we think so.
type Intent struct {
	Kind Kind
	// Why names the rule that decided, for records and explanations: `keyword "stop"`, `typo of "stop"`, "phrase:
	// stop texting", "innocent: stop by". It holds none of the person's words except those of the vocabulary.
	Why        string
	Confidence float64 // 0 to 1; see the constants certain to torn
	Scope      Scope   // of an OptOut
	Topic      string  // ID of the topic that an OptIn or a OneTopic OptOut names; else empty
	Language   string  // ISO 639-1 code of the vocabulary that decided; empty for international words (STOP, HELP, START)
	Restart    bool    // an OptIn that undoes a STOP: START, UNSTOP
	Unclear    bool    // an Other with an opt-out word that was not understood; one polite question should clear it up
	// Nearly marks an Other that sounds like yes, but is not one ("Yes?", "yes but who is this", "sure", 👍). It
	// confirms nothing. While a question is pending it deserves one answer: "Reply YES to confirm". Otherwise it
	// needs none. It is never Unclear.
	Nearly bool
	// Wordless marks an Other without words: a tap on one of our texts, or an empty message.
	Wordless bool
	// NoTexts marks an Automatic that says that the number takes no texts: a mailbox, a landline, a line that the
	// carrier blocks. It says something about the number, not about consent.
	NoTexts bool
}

// Topic is a topic that a person may name. Keyword may be empty. Names are as in programs.yaml; a name of more than
// longestName bytes is not recognised.
type Topic struct{ ID, Keyword, Name string }

// Vocabulary is what is understood in a message.
type Vocabulary struct {
	Languages []string // ISO 639-1 codes; nil for all. The international words are always understood.
	// Place are the languages spoken where the person lives, by ISO 639-1 code; nil for English. An everyday word in
	// one of them is not taken for a keyword in another language: "Fine" ends texts in Italy, not in Texas.
	Place []string
	// OptOut are words that count as an opt-out by the law where the person lives. Such a word counts like STOP where
	// it is the whole message, in capitals or not, with signs around it or not.
	OptOut []string
	Topics []Topic // of the program that was texted. Their keywords must not be Reserved.
}
