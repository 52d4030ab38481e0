package page

import (
	"strconv"
	"strings"

	"smsconsent/shared/core/program"
)

// Phrasebook holds a page's words in each of its languages.
type Phrasebook[Words any] struct {
	Words     []Words // the first is for people who read none of the languages
	languages languages
}

// NewPhrasebook returns a phrasebook. tag returns the BCP 47 tag of the language of some words.
func NewPhrasebook[Words any](tag func(*Words) string, words ...Words) Phrasebook[Words] {
	tags := make([]string, len(words))
	for i := range words {
		tags[i] = tag(&words[i])
	}
	return Phrasebook[Words]{words, newLanguages(tags...)}
}

// Best returns the words in the first requested language that exists; found is false where none does. Each wish is a
// language tag or a whole Accept-Language header. Empty ones are skipped.
func (p *Phrasebook[Words]) Best(wishes ...string) (words *Words, found bool) {
	i, found := p.languages.best(wishes...)
	return &p.Words[i], found
}

// isolateEnd ends a name from Isolated.
const isolateEnd = "\u2069"

// Isolated marks a name, so that one in a script of the other direction does not reorder the words around it (Unicode
// Standard Annex 9: first strong isolate).
func Isolated(name string) string { return "\u2068" + name + isolateEnd }

// Fill replaces names in braces by values. It takes them in turn: a name, its value, the next name.
func Fill(text string, namesAndValues ...string) string {
	pairs := make([]string, len(namesAndValues))
	for i, s := range namesAndValues {
		pairs[i] = s
		if i%2 == 0 {
			pairs[i] = "{" + s + "}"
		}
	}
	// An isolated name such as "Example Corp." has its own period.
	return strings.ReplaceAll(strings.NewReplacer(pairs...).Replace(text), "."+isolateEnd+".", "."+isolateEnd)
}

// List joins names: "a, b or c", where word is "or". mark is put on both sides of each separator: an asterisk where the
// names are emphasized, and else empty.
func List(names []string, word, mark string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], mark+", "+mark) + mark + " " + word + " " + mark + names[last]
}

// Often says a promised frequency in words. For each period, the words are those for one text and those for {n}
// texts. varies is for a topic that promises nothing.
func Often(f program.Frequency, each map[program.Period][2]string, varies string) string {
	switch {
	case f.IsZero():
		return varies
	case f.Count == 1:
		return each[f.Period][0]
	default:
		return Fill(each[f.Period][1], "n", strconv.Itoa(f.Count))
	}
}
