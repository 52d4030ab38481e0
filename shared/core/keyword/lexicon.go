package keyword

import "cmp"

//go:generate sh -c "printf 'package keyword\\n\\nvar table lexicon\\n' >table.go && go test -count=1 -run Table$ -update ."
//go:generate go test -count=1 -run HowMessagesAreRead -update .

// vocabulary returns the compiled words and rules of all languages. It is never written to.
func vocabulary() *lexicon { return &table }

// international is the number of the pseudo-language of words that belong to no language.
const international = 0

// lexicon is the compiled vocabulary.
type lexicon struct {
	codes           []string // of the languages by number; empty for international
	english, german int
	romance, czech  langSet
	entries         []entry
	senses          []sense
	rules           []rule
	grammars        [languages]grammar
	links           []link
	beginning       []uint16 // rules that begin with a literal word, those with the same word side by side
	typos           []typo   // keywords whose typos are recognised in messages of one or two words
	slips           []typo   // words whose typos are recognised in phrases
	slots           []uint16 // hash table: 1 + the number of an entry, at or after the slot of its key; 0 for none
}

// languages is how many languages there may be, including the international one.
const languages = 32

// grammar holds the rules of a language by section and by the class of their first word.
type grammar struct {
	starts [sections]class     // the classes with which rules begin
	rules  [sections][64]chain // by the class with which they begin
}

// chain is a list of rules: 1 + the numbers of its first and last link; 0 for none.
type chain struct{ first, last uint16 }

// link is one rule in a chain.
type link struct {
	rule uint16
	next uint16 // 1 + the number of the next link; 0 for none
}

// entry is a word, or several that count as one ("opt out").
type entry struct {
	key      string  // folded, with spaces for underscores
	word     string  // as the file spells it; empty where that is the key
	listed   bool    // a section of words has it in the spelling of its key
	why      string  // the name of its rule, where it is a keyword
	sense    int     // the first of its senses; 0 for none
	foreign  bool    // not in Latin script
	begins   bool    // a longer entry begins with it
	ends     bool    // begins a mail program's footer: "Sent from my"
	real     langSet // the languages whose dictionaries have it, where it is not a typo of another word
	declines langSet // the languages in which it means no
	rules    chain   // rules that begin with this word; after compiling, their range in beginning
	sections uint32  // the sections of those rules, a bit for each
}

// sense is the classes of an entry in one language.
type sense struct {
	classes  class
	next     int
	lang     int
	plain    bool // spelled without accents in a file
	accented bool // spelled with accents in a file
	everyday bool // has its classes only in phrases: "haal" alone ends nothing, "haal me van de lijst" does
}

// spelling returns the word as the file spells it.
func (e *entry) spelling() string { return cmp.Or(e.word, e.key) }

// find returns the number of the entry with a key.
func find[T string | []byte](l *lexicon, key T) (int, bool) {
	for at := hash(key); ; at++ {
		n := l.slots[at%uint32(len(l.slots))] //nolint:gosec // a power of two below 1 << 17
		if n == 0 || l.entries[n-1].key == string(key) {
			return int(n) - 1, n != 0
		}
	}
}

// hash returns the FNV-1a hash of a key.
func hash[T string | []byte](key T) uint32 {
	const offset, prime = 2166136261, 16777619
	h := uint32(offset)
	for i := range len(key) {
		h = (h ^ uint32(key[i])) * prime
	}
	return h
}

// typo is a keyword that is recognised despite a typo.
type typo struct {
	word  string
	why   string
	entry int
	lang  int
}

// spelt reports whether an entry has this spelling in a language, with accents or without.
func (l *lexicon) spelt(e, lang int, accented bool) bool {
	for s := l.entries[e].sense; s > 0; s = l.senses[s].next {
		o := &l.senses[s]
		if (o.lang == lang || o.lang == international) && (accented && o.accented || !accented && o.plain) {
			return true
		}
	}
	return false
}

// classesIn returns an entry's classes in a language, including the international ones.
func (l *lexicon) classesIn(e int, lang int) class {
	var c class
	for s := l.entries[e].sense; s > 0; s = l.senses[s].next {
		if l.senses[s].lang == lang || l.senses[s].lang == international {
			c |= l.senses[s].classes
		}
	}
	return c
}

// everywhere returns an entry's classes in any of the languages.
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

// set returns the set of the languages with those codes; of all languages where there are none. Unknown codes are
// ignored.
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

// place returns the set of the languages spoken where a person lives; of English alone where there are no codes.
func (l *lexicon) place(codes []string) langSet {
	if codes == nil {
		return 1 << l.english
	}
	return l.set(codes) &^ (1 << international)
}

// spokenBy returns the set of the languages that have an entry: all of them where it is international.
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

// isEveryday reports whether an entry has its classes in a language only in phrases.
func (l *lexicon) isEveryday(e, lang int) bool {
	for s := l.entries[e].sense; s > 0; s = l.senses[s].next {
		if l.senses[s].lang == lang {
			return l.senses[s].everyday
		}
	}
	return false
}
