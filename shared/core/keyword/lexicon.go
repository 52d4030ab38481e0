package keyword

import "cmp"

//go:generate sh -c "printf 'package keyword\\n\\nvar table lexicon\\n' >table.go && go test -count=1 -run Table$ -update ."
//go:generate go test -count=1 -run HowMessagesAreRead -update .

// vocabulary is every language at once, compiled. It is never written to.
func vocabulary() *lexicon { return &table }

// international is the number of the language of words that belong to none.
const international = 0

// lexicon is the compiled vocabulary.
type lexicon struct {
	codes           []string // of the languages by number; "" is international
	english, german int
	romance, czech  langSet
	entries         []entry
	senses          []sense
	rules           []rule
	grammars        [languages]grammar
	links           []link
	beginning       []uint16 // the rules that begin with a word itself, those of one word side by side
	typos           []typo   // of the keywords, for messages of a word or two
	slips           []typo   // of the words of phrases
	slots           []uint16 // 1 + the numbers of entries, each at or behind the place its key hashes to; 0 for none
}

// languages is how many languages there may be, the international words counted as one.
const languages = 32

// grammar finds the rules of a language by section and by the class of the word they begin with.
type grammar struct {
	starts [sections]class     // the classes with which rules begin
	rules  [sections][64]chain // by the class with which they begin
}

// chain is a list of rules: 1 + the numbers of its first and last link, 0 for none.
type chain struct{ first, last uint16 }

// link is one rule in a chain.
type link struct {
	rule uint16
	next uint16 // 1 + number of the next; 0 for none
}

// entry is a word or several that make one ("opt out").
type entry struct {
	key      string  // folded, with spaces for underscores
	word     string  // as the file spells it; empty where that is its key
	listed   bool    // a section of words has it as its key spells it
	why      string  // the rule it is, where it is a keyword
	sense    int     // the first of its senses; 0 for none
	foreign  bool    // is in another script than the Latin one
	begins   bool    // a longer entry begins with it
	ends     bool    // what a mail program adds begins with it: "Sent from my"
	real     langSet // the languages whose dictionaries have it: there it is no slip of another word
	declines langSet // the languages in which it is no to a question
	rules    chain   // that begin with the word itself; once all are read, where they stand in beginning
	sections uint32  // a bit for each of theirs
}

// sense is what an entry may be in one language.
type sense struct {
	classes  class
	next     int
	lang     int
	plain    bool // a file spells it without accents
	accented bool // a file spells it with accents
	everyday bool // means that in phrases only: "haal" alone ends nothing, "haal me van de lijst" does
}

// spelling is the word as the file spells it.
func (e *entry) spelling() string { return cmp.Or(e.word, e.key) }

// find is the number of the entry with a key.
func find[T string | []byte](l *lexicon, key T) (int, bool) {
	for at := hash(key); ; at++ {
		n := l.slots[at%uint32(len(l.slots))] //nolint:gosec // a power of two below 1 << 17
		if n == 0 || l.entries[n-1].key == string(key) {
			return int(n) - 1, n != 0
		}
	}
}

// hash is the FNV-1a hash of a key.
func hash[T string | []byte](key T) uint32 {
	const offset, prime = 2166136261, 16777619
	h := uint32(offset)
	for i := range len(key) {
		h = (h ^ uint32(key[i])) * prime
	}
	return h
}

// typo is a main keyword that is recognised with a slip of the finger.
type typo struct {
	word  string
	why   string
	entry int
	lang  int
}

// spelt tells whether an entry is written so, with accents or without, in a language.
func (l *lexicon) spelt(e, lang int, accented bool) bool {
	for s := l.entries[e].sense; s > 0; s = l.senses[s].next {
		o := &l.senses[s]
		if (o.lang == lang || o.lang == international) && (accented && o.accented || !accented && o.plain) {
			return true
		}
	}
	return false
}

// classesIn is what an entry may be in a language, the international meaning included.
func (l *lexicon) classesIn(e int, lang int) class {
	var c class
	for s := l.entries[e].sense; s > 0; s = l.senses[s].next {
		if l.senses[s].lang == lang || l.senses[s].lang == international {
			c |= l.senses[s].classes
		}
	}
	return c
}

// everywhere is what an entry may be in any of the languages.
func (l *lexicon) everywhere(e int, langs langSet) class {
	var c class
	for s := l.entries[e].sense; s > 0; s = l.senses[s].next {
		if langs.has(l.senses[s].lang) {
			c |= l.senses[s].classes
		}
	}
	return c
}

// langSet is a set of languages by number.
type langSet uint32

func (s langSet) has(lang int) bool { return s>>lang&1 == 1 }

// languages is the set of those codes; none means all. Codes unknown are left out.
func (l *lexicon) set(codes []string) langSet {
	if codes == nil {
		return 1<<len(l.codes) - 1
	}
	set := langSet(1 << international)
	for _, code := range codes {
		for i, known := range l.codes {
			if known == code {
				set |= 1 << i
			}
		}
	}
	return set
}

// place is the set of the languages spoken where a person lives: those codes, or English.
func (l *lexicon) place(codes []string) langSet {
	if codes == nil {
		return 1 << l.english
	}
	return l.set(codes) &^ (1 << international)
}

// spokenBy is the set of the languages that have an entry: all of them if it is international.
func (l *lexicon) spokenBy(e int) langSet {
	var set langSet
	for s := l.entries[e].sense; s > 0; s = l.senses[s].next {
		if l.senses[s].lang == international && l.senses[s].classes != 0 {
			return ^langSet(0)
		}
		if l.senses[s].classes != 0 {
			set |= 1 << l.senses[s].lang
		}
	}
	return set | 1<<international
}

// isEveryday tells whether an entry means in phrases only what it means in a language.
func (l *lexicon) isEveryday(e, lang int) bool {
	for s := l.entries[e].sense; s > 0; s = l.senses[s].next {
		if l.senses[s].lang == lang {
			return l.senses[s].everyday
		}
	}
	return false
}
