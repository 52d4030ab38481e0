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
	Automatic   Kind = "automatic"    // written by a phone, an office or a carrier: never answered
	Other       Kind = "other"        // anything else
)

// Kinds returns all of them.
func Kinds() []Kind {
	return []Kind{OptOut, OptIn, Confirm, Decline, Help, WrongNumber, Preferences, Automatic, Other}
}

// Scope is what an opt-out reaches.
type Scope string

// The scopes.
const (
	Program    Scope = ""           // the program of the number texted
	Everything Scope = "everything" // all the brand sends
	OneTopic   Scope = "topic"      // one topic
)

// Intent is what a person wants, and why we think so.
type Intent struct {
	Kind Kind
	// Why names the rule that decided, for records and for whoever asks: `keyword "stop"`, `typo of "stop"`, "phrase:
	// stop texting", "innocent: stop by". It holds none of the person's words but those of the vocabulary.
	Why        string
	Confidence float64 // 0 to 1, the same for all rules of a kind: see the constants certain to torn
	Scope      Scope   // of an OptOut
	Topic      string  // ID of the topic that an OptIn or a OneTopic OptOut names, else ""
	Language   string  // ISO 639-1 code of the vocabulary that decided; "" for international words (STOP, HELP, START)
	Restart    bool    // an OptIn that undoes a STOP: START, UNSTOP
	Unclear    bool    // an Other that holds an opt-out word and was not understood: worth one polite clarification
	// Nearly marks an Other that sounds like yes and is none ("Yes?", "yes but who is this", "sure", 👍). It confirms
	// nothing. While a question is pending it is worth one answer: "Reply YES to confirm"; while none is, it needs no
	// answer. It is never Unclear.
	Nearly bool
	// Wordless marks an Other in which the person said nothing: a tap on one of our texts, an empty message.
	Wordless bool
	// NoTexts marks an Automatic that says that this number takes no texts: a mailbox, a landline, a line the carrier
	// blocks. It tells of the number, not of consent.
	NoTexts bool
}

// Topic is a topic that a person may name. Keyword may be empty. Names are as in programs.yaml; longer ones than
// longestName bytes are not recognised.
type Topic struct{ ID, Keyword, Name string }

// Vocabulary is what is understood.
type Vocabulary struct {
	Languages []string // ISO 639-1 codes; nil: all there are. The international words are always understood
	// Place are the languages spoken where the person lives, by ISO 639-1 code; nil: English. An everyday word of one
	// of them is not the keyword of a language spoken elsewhere: "Fine" ends texts in Italy, not in Texas.
	Place []string
	// OptOut are words that the law where the person lives takes for an opt-out. One of them, in capitals or not, with
	// marks around it or not, counts like STOP where it is all that is said.
	OptOut []string
	Topics []Topic // of the program texted. Their keywords must not be Reserved
}
