package keyword

import (
	"embed"
	"fmt"
	"math/bits"
	"path"
	"slices"
	"strings"
)

// files holds every word and every rule. docs/keywords.md explains how to read and change them.
//
//go:embed lang/*.txt
var files embed.FS

// compiler makes the table from the files of lang.
type compiler struct {
	lexicon
	index   map[string]int // the numbers of entries by key
	names   map[string]int // the numbers of classes, by name in small letters and in capitals
	scratch []byte         // a buffer for entry
	last    title          // title of the last rule
}

// compile reads every file.
func compile() *lexicon {
	l := &compiler{index: map[string]int{}, names: map[string]int{}}
	l.senses = append(l.senses, sense{}) // number 0 means none
	for i, name := range classNames {
		l.names[name], l.names[strings.ToUpper(name)] = i, i
	}
	for _, file := range listed() {
		// en_innocent.txt and en_rules.txt continue en.txt.
		code, _, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".txt"), "_")
		if code == "any" {
			code = ""
		}
		lang := slices.Index(l.codes, code)
		if lang < 0 {
			lang = len(l.codes)
			l.codes = append(l.codes, code)
		}
		l.load(file, read(file), lang)
	}
	l.english, l.german = slices.Index(l.codes, "en"), slices.Index(l.codes, "de")
	l.romance, l.czech = l.set([]string{"es", "it", "pt"})&^1, l.set([]string{"cs"})&^1
	l.explain()
	l.sort()
	l.hash()
	return &l.lexicon
}

// hash puts each entry into the hash table.
func (l *compiler) hash() {
	l.slots = make([]uint16, 1<<bits.Len(uint(2*len(l.entries))))
	for n := range l.entries {
		at := hash(l.entries[n].key) % uint32(len(l.slots)) //nolint:gosec // about 1 << 15
		for l.slots[at] != 0 {
			at = (at + 1) % uint32(len(l.slots)) //nolint:gosec // the same
		}
		l.slots[at] = uint16(n + 1)
	}
}

// sort puts the rules that begin with the same word side by side. They are searched in that order.
func (l *compiler) sort() {
	l.beginning = make([]uint16, 0, len(l.links))
	for n := range l.entries {
		e := &l.entries[n]
		from := len(l.beginning)
		for at := e.rules.first; at != 0; at = l.links[at-1].next {
			l.beginning = append(l.beginning, l.links[at-1].rule)
		}
		e.rules = chain{}
		if to := len(l.beginning); to > from {
			e.rules = chain{first: uint16(from), last: uint16(to)} //nolint:gosec // a tenth of what fits
		}
	}
}

// listed returns the names of the files: that of the international words first, and the others by language.
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

// explain gives every keyword the name of its rule.
func (l *compiler) explain() {
	const keywords = stop | unsub | cancel | remove | yes | help | start | join | prefs
	for n := range l.entries {
		if l.everywhere(n, ^langSet(0))&keywords != 0 || l.entries[n].declines != 0 {
			l.entries[n].why = `keyword "` + l.entries[n].spelling() + `"`
		}
	}
}

// load compiles the text of one file. It panics on a mistake, which is ours, and which every test would meet.
func (l *compiler) load(file, text string, lang int) {
	section := -1
	number := 0
	for line := range strings.Lines(text) {
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
		if section == words && name != "typos" {
			l.list(rest)
		}
		switch {
		case !found || section < 0:
			panic(fmt.Sprintf("%s:%d: want NAME: WORDS under a section", file, number))
		case section < words:
			if err := l.addRules(section, lang, name, rest); err != nil {
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
			c, known := l.names[name]
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

// list notes the words of a section of words.
func (l *compiler) list(words string) {
	for word := range strings.FieldsSeq(words) {
		e := &l.entries[l.entry(word)]
		e.listed = e.listed || e.key == word
	}
}

func (l *compiler) addSlips(to []typo, list string, lang int) []typo {
	for word := range strings.FieldsSeq(list) {
		to = append(to, typo{word: fold(word), why: `typo of "` + word + `"`, entry: l.entry(word), lang: lang})
	}
	return to
}

// entry returns the number of a word, and adds the word where it is new. An underscore joins words that count as one.
func (l *compiler) entry(spelt string) int {
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

func (l *compiler) newEntry(key, spelt string) int {
	e := len(l.entries)
	l.entries = append(l.entries, entry{key: key, foreign: !isASCII(key)})
	if spelt != key {
		l.entries[e].word = spelt
	}
	l.index[key] = e
	return e
}

// add gives an entry a class in a language, in the given spelling. It returns the number of the sense.
func (l *compiler) add(e int, lang int, c class, spelt string) int {
	at := l.entries[e].sense
	for at > 0 && l.senses[at].lang != lang {
		at = l.senses[at].next
	}
	if at == 0 {
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

// append adds a rule to a chain.
func (l *compiler) append(to *chain, rule int) {
	l.links = append(l.links, link{rule: uint16(rule)}) //nolint:gosec // a tenth of what fits
	added := uint16(len(l.links))                       //nolint:gosec // a tenth of what fits
	if to.last == 0 {
		to.first = added
	} else {
		l.links[to.last-1].next = added
	}
	to.last = added
}
