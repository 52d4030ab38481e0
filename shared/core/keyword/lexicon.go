package keyword

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
)

// The files of lang hold every word and every rule; docs/keywords.md says how to read and change them.
//
//go:embed lang/*.txt
var files embed.FS

// vocabulary is every language at once, made when first asked for: most functions never read a message. It is never
// written to.
var vocabulary = sync.OnceValue(compile)

// international is the number of the language of words that belong to none.
const international = 0

// lexicon is the compiled vocabulary.
type lexicon struct {
	codes           []string // of the languages by number; "" is international
	english, german int
	romance, czech  langSet
	index           map[string]int
	entries         []entry
	senses          []sense
	rules           []rule
	grammars        [languages]grammar
	links           []link
	beginning       []uint16  // the rules that begin with a word itself, those of one word side by side
	typos           []typo    // of the keywords, for messages of a word or two
	slips           []typo    // of the words of phrases
	scratch         []byte    // of entry
	elements        []element // room for those of the rules
	numbers         []int     // room for the words of elements
	last            title     // of the rules
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

// append adds a rule to a chain.
func (l *lexicon) append(to *chain, rule int) {
	l.links = append(l.links, link{rule: uint16(rule)}) //nolint:gosec // a tenth of what fits
	added := uint16(len(l.links))                       //nolint:gosec // a tenth of what fits
	if to.last == 0 {
		to.first = added
	} else {
		l.links[to.last-1].next = added
	}
	to.last = added
}

// link is one rule in a chain.
type link struct {
	rule uint16
	next uint16 // 1 + number of the next; 0 for none
}

// entry is a word or several that make one ("opt out").
type entry struct {
	word     string  // as the file spells it
	why      string  // the rule it is, where it is a keyword
	sense    int     // the first of its senses, or -1
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

// typo is a main keyword that is recognised with a slip of the finger.
type typo struct {
	word  string
	why   string
	entry int
	lang  int
}

func compile() *lexicon {
	const words, rules = 12_000, 3_000 // about
	l := &lexicon{
		links: make([]link, 0, 2*rules), index: make(map[string]int, words), entries: make([]entry, 0, words),
		senses: make([]sense, 0, words), rules: make([]rule, 0, rules),
	}
	names := make(map[string]int, 2*len(classNames))
	for i, name := range classNames {
		names[name], names[strings.ToUpper(name)] = i, i
	}
	for _, file := range listed() {
		// en_innocent.txt and en_rules.txt go on with what en.txt began.
		code, _, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".txt"), "_")
		if code == "any" {
			code = ""
		}
		lang := slices.Index(l.codes, code)
		if lang < 0 {
			lang = len(l.codes)
			l.codes = append(l.codes, code)
		}
		l.load(file, lang, names)
	}
	l.english, l.german = slices.Index(l.codes, "en"), slices.Index(l.codes, "de")
	l.romance, l.czech = l.set([]string{"es", "it", "pt"})&^1, l.set([]string{"cs"})&^1
	l.explain()
	l.sort()
	return l
}

// sort brings the rules that begin with a word side by side, which is how they are looked through.
func (l *lexicon) sort() {
	l.beginning = make([]uint16, 0, len(l.links))
	for n := range l.entries {
		e := &l.entries[n]
		from := len(l.beginning)
		for at := e.rules.first; at != 0; at = l.links[at-1].next {
			l.beginning = append(l.beginning, l.links[at-1].rule)
		}
		e.rules = chain{first: uint16(from), last: uint16(len(l.beginning))} //nolint:gosec // a tenth of what fits
	}
}

// listed is the files, that of the international words first, the others by language.
func listed() []string {
	entries, err := files.ReadDir("lang")
	if err != nil {
		panic(err) // it is embedded
	}
	names := []string{"lang/any.txt"}
	for _, e := range entries {
		if e.Name() != "any.txt" {
			names = append(names, path.Join("lang", e.Name()))
		}
	}
	return names
}

func read(file string) string {
	raw, err := files.ReadFile(file)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(raw)
}

// explain gives every keyword the name of its rule: all in one string, since they are hundreds.
func (l *lexicon) explain() {
	const keywords = stop | unsub | cancel | remove | yes | help | start | join | prefs
	var all strings.Builder
	all.Grow(16 << 10)
	for n := range l.entries {
		if l.everywhere(n, ^langSet(0))&keywords != 0 || l.entries[n].declines != 0 {
			from := all.Len()
			all.WriteString(`keyword "`)
			all.WriteString(l.entries[n].word)
			all.WriteByte('"')
			l.entries[n].why = all.String()[from:]
		}
	}
}

// load reads one file. A mistake in it is a mistake of ours that every test would meet, hence the panic.
func (l *lexicon) load(file string, lang int, names map[string]int) {
	section := -1
	number := 0
	for line := range strings.Lines(read(file)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			section = sectionNamed(line)
			if section < 0 {
				panic(fmt.Sprintf("%s:%d: no section %s", file, number, line))
			}
			continue
		}
		name, rest, found := strings.Cut(line, ": ")
		switch {
		case !found || section < 0:
			panic(fmt.Sprintf("%s:%d: want NAME: WORDS under a section", file, number))
		case section < words:
			if err := l.addRules(section, lang, name, rest, names); err != nil {
				panic(fmt.Sprintf("%s:%d: %v", file, number, err))
			}
		case name == "typos":
			l.typos = l.addSlips(l.typos, rest, lang)
		case name == "slips":
			l.slips = l.addSlips(l.slips, rest, lang)
		case name == "real":
			for word := range strings.FieldsSeq(rest) {
				l.entries[l.entry(word)].real |= 1 << lang
			}
		case name == "decline":
			for word := range strings.FieldsSeq(rest) {
				e := l.entry(word)
				l.add(e, lang, 0, word)
				l.entries[e].declines |= 1 << lang
			}
		case name == "everyday":
			for word := range strings.FieldsSeq(rest) {
				l.senses[l.add(l.entry(word), lang, 0, word)].everyday = true
			}
		case name == "signature":
			for word := range strings.FieldsSeq(rest) {
				e := l.entry(word)
				l.add(e, lang, 0, word)
				l.entries[e].ends = true
			}
		default:
			c, known := names[name]
			if !known && name != "word" {
				panic(fmt.Sprintf("%s:%d: no class %s", file, number, name))
			}
			meaning := class(0)
			if known {
				meaning = 1 << c
			}
			for word := range strings.FieldsSeq(rest) {
				l.add(l.entry(word), lang, meaning, word)
			}
		}
	}
}

func (l *lexicon) addSlips(to []typo, list string, lang int) []typo {
	for word := range strings.FieldsSeq(list) {
		to = append(to, typo{word: fold(word), why: `typo of "` + word + `"`, entry: l.entry(word), lang: lang})
	}
	return to
}

// entry is the number of a word, made where it is new. An underscore joins words that make one.
func (l *lexicon) entry(spelt string) int {
	natural, several := true, false
	for i := range len(spelt) {
		c := spelt[i]
		natural = natural && c >= 'a' && c <= 'z'
		several = several || c == '_' || c == '-' || c == ' '
	}
	if natural {
		if e, known := l.index[spelt]; known {
			return e
		}
		return l.newEntry(spelt, spelt)
	}
	l.scratch = appendFolded(l.scratch[:0], spelt)
	for i, c := range l.scratch {
		if c == '_' {
			l.scratch[i] = ' '
		}
	}
	if e, known := l.index[string(l.scratch)]; known {
		return e
	}
	key := spelt
	if string(l.scratch) != spelt {
		key = string(l.scratch)
	}
	e := l.newEntry(key, spelt)
	for i := range len(key) {
		if several && key[i] == ' ' {
			l.entries[l.entry(key[:i])].begins = true
		}
	}
	return e
}

func (l *lexicon) newEntry(key, spelt string) int {
	e := len(l.entries)
	l.entries = append(l.entries, entry{word: spelt, sense: -1, foreign: !isASCII(key)})
	l.index[key] = e
	return e
}

// add gives an entry a class in a language, as it is spelt there, and returns the number of the sense.
func (l *lexicon) add(e int, lang int, c class, spelt string) int {
	at := l.entries[e].sense
	for at >= 0 && l.senses[at].lang != lang {
		at = l.senses[at].next
	}
	if at < 0 {
		at = len(l.senses)
		l.senses = append(l.senses, sense{lang: lang, next: l.entries[e].sense})
		l.entries[e].sense = at
	}
	s := &l.senses[at]
	s.classes |= c
	plain := isASCII(spelt)
	s.plain = s.plain || plain || l.entries[e].foreign // other scripts have no plain spelling
	s.accented = s.accented || !plain
	return at
}

// spelt tells whether an entry is written so, with accents or without, in a language.
func (l *lexicon) spelt(e, lang int, accented bool) bool {
	for s := l.entries[e].sense; s >= 0; s = l.senses[s].next {
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
	for s := l.entries[e].sense; s >= 0; s = l.senses[s].next {
		if l.senses[s].lang == lang || l.senses[s].lang == international {
			c |= l.senses[s].classes
		}
	}
	return c
}

// everywhere is what an entry may be in any of the languages.
func (l *lexicon) everywhere(e int, langs langSet) class {
	var c class
	for s := l.entries[e].sense; s >= 0; s = l.senses[s].next {
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
	for s := l.entries[e].sense; s >= 0; s = l.senses[s].next {
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
	for s := l.entries[e].sense; s >= 0; s = l.senses[s].next {
		if l.senses[s].lang == lang {
			return l.senses[s].everyday
		}
	}
	return false
}
