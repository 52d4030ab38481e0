package keyword

import (
	"slices"
	"strings"
)

// wordID stands for a word that is part of a phrase; 0 is every other word.
type wordID uint16

// longestPhrase is the most words a phrase has.
const longestPhrase = 4

// lexicon is a compiled vocabulary.
type lexicon struct {
	words  map[string]entry
	lastID wordID
}

// entry is what is known of a word.
type entry struct {
	id      wordID
	meaning meaning  // beside other words
	begins  bool     // a phrase begins with it
	phrases []phrase // that end with it, the longest first
}

// phrase is what stands before the last word of a phrase.
type phrase struct {
	ids     [longestPhrase - 1]wordID // the last of them last
	before  int                       // how many of them there are
	meaning meaning
}

// ends finds the longest phrase that the word ends, the words before it being those.
func (e *entry) ends(before *[longestPhrase - 1]spoken) (*phrase, bool) {
next:
	for i := range e.phrases {
		p := &e.phrases[i]
		for j := len(p.ids) - 1; j >= len(p.ids)-p.before; j-- {
			if p.ids[j] != before[j].id {
				continue next
			}
		}
		return p, true
	}
	return nil, false
}

func compile(languages ...language) lexicon {
	l := lexicon{words: make(map[string]entry, 256)}
	for _, in := range languages {
		for meaning, words := range in.words {
			for word := range strings.FieldsSeq(words) {
				e := l.words[word]
				e.meaning = meaning
				l.words[word] = e
			}
		}
		for meaning, lines := range in.phrases {
			for _, line := range lines {
				for _, words := range spellOut(line) {
					l.add(words, meaning)
				}
			}
		}
	}
	return l
}

// spellOut lists the phrases a line stands for: "a|b c" is "a c" and "b c".
func spellOut(line string) [][]string {
	phrases := [][]string{nil}
	for alternatives := range strings.FieldsSeq(line) {
		var longer [][]string
		for word := range strings.SplitSeq(alternatives, "|") {
			for _, p := range phrases {
				longer = append(longer, append(slices.Clip(p), word))
			}
		}
		phrases = longer
	}
	return phrases
}

func (l *lexicon) add(words []string, meaning meaning) {
	p := phrase{before: len(words) - 1, meaning: meaning}
	for i, word := range words {
		e := l.words[word]
		if e.id == 0 {
			l.lastID++
			e.id = l.lastID
		}
		e.begins = e.begins || i == 0
		if i < p.before {
			p.ids[len(p.ids)-p.before+i] = e.id
		} else {
			e.phrases = append(slices.Clip(e.phrases), p)
			slices.SortStableFunc(e.phrases, func(a, b phrase) int { return b.before - a.before })
		}
		l.words[word] = e
	}
}
