package keyword

// Kind is what a person wants.
type Kind string

// The kinds.
const (
	OptOut      Kind = "opt-out"      // no more texts
	OptIn       Kind = "opt-in"       // START, UNSTOP, JOIN or the keyword of a topic
	Confirm     Kind = "confirm"      // YES to what is pending
	Help        Kind = "help"         // who are you, and how do I stop this
	WrongNumber Kind = "wrong-number" // whoever holds this phone never agreed
	Preferences Kind = "preferences"  // wants to choose what and how often
	Other       Kind = "other"        // anything else
)

// Scope is what an opt-out reaches.
type Scope string

// The scopes.
const (
	Program    Scope = ""           // the program of the number texted
	Everything Scope = "everything" // all the brand sends
	OneTopic   Scope = "topic"      // one topic
)

// Intent is what a person wants and why we think so.
type Intent struct {
	Kind       Kind
	Why        string  // the rule that decided, with no more of the person's text than words of the vocabulary
	Confidence float64 // 0 to 1, fixed for each class of rules
	Scope      Scope   // of an OptOut
	Topic      string  // ID of the topic an OptIn or a OneTopic OptOut names
	Language   string  // ISO 639-1 of the vocabulary that decided; "" for international words
	Restart    bool    // an OptIn that undoes a STOP: START, UNSTOP
	Unclear    bool    // an Other that holds an opt-out word and was not understood
}

// Topic is a topic a person may name. Keyword may be empty.
type Topic struct{ ID, Keyword, Name string }

// Vocabulary is what is understood: languages (nil: all) and topics.
type Vocabulary struct {
	Languages []string
	Topics    []Topic
}
