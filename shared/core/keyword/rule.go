package keyword

// The sections of a file of lang, in the order in which they are asked.
const (
	mailbox      = iota // a number that takes no texts
	automatic           // other words of a phone, an office or a carrier
	collocations        // an opt-out word that is part of something else, whatever stands around it
	sure                // opts out, whatever the later sections say
	denied              // an opt-out word that is denied, told about somebody else, or only mentioned
	explicit            // opts out, whatever stands around it
	innocent            // an opt-out word that seems to mean something else
	wrongNumbers
	everything // opts out of everything the brand sends
	optOuts
	bare    // opts out unless the person is joking
	wanted  // takes an opt-out back: the person says that our texts are welcome
	unclear // asks for a clarification
	preferences
	optIns
	confirms
	helps
	nearly    // sounds like yes, but is not one
	questions // is known to mean nothing we act on
	sections
	words = sections
)

var sectionNames = [...]string{
	"[no-texts]", "[automatic]", "[collocation]", "[sure]", "[denied]", "[explicit]", "[innocent]", "[wrong-number]",
	"[everything]", "[opt-out]", "[bare]", "[wanted]", "[unclear]", "[preferences]", "[opt-in]",
	"[confirm]", "[help]", "[nearly]", "[question]", "[words]", "[words unreviewed]",
}

func sectionNamed(line string) int {
	for i, name := range sectionNames {
		if name == line {
			return min(i, words)
		}
	}
	return -1
}

// rule is a sequence of words and classes to search for.
type rule struct {
	why      string
	open     bool // closed words may stand between begin and the first word
	begin    edge // where the rule must begin
	section  int
	lang     int    // the rule's language; international rules count in all
	needs    []need // of its last words, at most three
	elements []element
}

// need is what a message must contain for a rule to match: a word with one of the classes, or perhaps one of the
// literals.
type need struct {
	classes  class
	literals trace
}

// trace is an approximate set of entries, with one of 64 bits for each.
type trace uint64

func traceOf(entry int) trace { return 1 << (uint(entry) % 64) }

// edge is what a rule requires at its beginning or end.
type edge uint8

const (
	anywhere edge = iota
	clause
	whole // message
)

// element is one step of a rule.
type element struct {
	classes  class // any of these
	every    class // all of these
	barred   class // words that a gap may not cross
	literals []int
	upTo     int // words in a gap
	kind     step
	optional bool
	crossing space // what a comma element accepts
}

type step uint8

const (
	word        step = iota
	anyWord          // _
	gap              // ..3
	closed           // *
	comma            // , or ;
	asked            // ?
	without          // !WORD
	endClause        // $
	endSentence      // $.
	endWhole         // $$
)
