package page

import (
	"strconv"
	"strings"

	"smsconsent/shared/core/program"
)

// Phrasebook holds what a page says, in each language it can be in.
type Phrasebook[Words any] struct {
	Words     []Words // the first serves whoever reads none of the languages
	languages languages
}

// NewPhrasebook makes a phrasebook; tag returns the BCP 47 tag of the language that words are in.
func NewPhrasebook[Words any](tag func(*Words) string, words ...Words) Phrasebook[Words] {
	tags := make([]string, len(words))
	for i := range words {
		tags[i] = tag(&words[i])
	}
	return Phrasebook[Words]{words, newLanguages(tags...)}
}

// Best returns the words in the first language asked for that there is; found is false where there is none of them.
// Each wish is a language tag or a whole Accept-Language header; an empty one is passed over.
func (p *Phrasebook[Words]) Best(wishes ...string) (words *Words, found bool) {
	i, found := p.languages.best(wishes...)
	return &p.Words[i], found
}

// isolateEnd ends what Isolated marks.
const isolateEnd = "\u2069"

// Isolated keeps a name in another script from turning the words around it about (Unicode Standard Annex 9: first
// strong isolate).
func Isolated(name string) string { return "\u2068" + name + isolateEnd }

// Fill puts values in the place of names in braces. They are given in turn: a name, its value, the next name.
func Fill(text string, namesAndValues ...string) string {
	pairs := make([]string, len(namesAndValues))
	for i, s := range namesAndValues {
		pairs[i] = s
		if i%2 == 0 {
			pairs[i] = "{" + s + "}"
		}
	}
	// An isolated name such as "Example Corp." brings its own full stop.
	return strings.ReplaceAll(strings.NewReplacer(pairs...).Replace(text), "."+isolateEnd+".", "."+isolateEnd)
}

// List joins names: "a, b or c", where the word is "or". The mark stands at both ends of what is between them: an
// asterisk where the names are emphasised, else nothing.
func List(names []string, word, mark string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], mark+", "+mark) + mark + " " + word + " " + mark + names[last]
}

// Often says a promised frequency as people do. Of each period, the words are those for one text and those for {n};
// varies is for a topic that promised nothing.
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
