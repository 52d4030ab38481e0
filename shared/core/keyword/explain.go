package keyword

import (
	"math/bits"
	"slices"
	"strings"
)

// Explanation is how a message was read: the result of Classify, and the steps to it.
type Explanation struct {
	Intent   Intent
	Cut      bool      // the message is longer than MaxRunes
	Spoken   []string  // ISO 639-1 codes of the languages that know most of its words; of equals, those of the place first
	Readings []Reading // in the order in which they were made; all of them decide the meaning
}

// Reading is a message as it was read in one language.
type Reading struct {
	Language string    `json:"language"` // ISO 639-1 code; empty for international words only
	Mended   bool      `json:"mended"`   // typos inside phrases were corrected first
	Words    []Word    `json:"words"`
	Sections []Section `json:"sections"` // the sections that were asked, in their order
	Kind     Kind      `json:"kind"`     // what it means in that language
	Why      string    `json:"why"`
}

// Word is a word of a message as it was read.
type Word struct {
	Written  string   `json:"written"`         // as the person wrote it, without accents; the whole word where it was split
	Read     string   `json:"read"`            // with its letters in their standard form
	Known    string   `json:"known,omitempty"` // the word in the vocabulary; empty for none
	Classes  []string `json:"classes"`         // as the files of lang name them
	Accented bool     `json:"accented,omitempty"`
	Guessed  bool     `json:"guessed,omitempty"` // was not written in the form that was found
	Topic    string   `json:"topic,omitempty"`   // ID of the topic that it names
}

// Section says which rules of a section were tried. Rules are not tried where the message lacks a word they need.
type Section struct {
	Name  string   `json:"name"` // as in the files of lang; "keywords" for the check whether the message is only keywords
	Tried []string `json:"tried,omitempty"`
	Fits  []Fit    `json:"fits,omitempty"`
}

// Fit is a rule that fits, and the words it explains.
type Fit struct {
	Rule  string `json:"rule"`
	Words string `json:"words"`
}

// Explain returns what a message means, as Classify does, and how it was read. It is safe for concurrent use.
func (v Vocabulary) Explain(message string) Explanation {
	t := &text{trace: new(trail)}
	in := v.applyLaw(t.classify(v, message), message)
	return Explanation{Intent: in, Cut: t.cut, Spoken: t.trace.spoken, Readings: t.trace.readings}
}

// trail records how a text is read. Classify has none, and then nothing is recorded.
type trail struct {
	spoken   []string
	readings []Reading
	spans    []span
}

// span is a word as the message has it, and the part of buf that was made from it.
type span struct {
	from, to int
	written  string
}

func (tr *trail) wrote(written string, from, to int) {
	written = strings.Map(func(r rune) rune {
		if r < ' ' { // a mark
			return -1
		}
		return r
	}, written)
	tr.spans = append(tr.spans, span{from: from, to: to, written: written})
}

// written returns the message's own spelling of those bytes of buf.
func (tr *trail) written(from, to int) string {
	var all []string
	for _, s := range tr.spans {
		if s.from < to && from < s.to {
			all = append(all, s.written)
		}
	}
	return strings.Join(all, " ")
}

// speaks records the languages that know most of the words. It does so once, for the first sentence is looked at
// again.
func (tr *trail) speaks(t *text, langs langSet) {
	for ; tr.readings == nil && langs != 0; langs &= langs - 1 {
		tr.spoken = append(tr.spoken, t.lexicon.codes[bits.TrailingZeros32(uint32(langs))])
	}
}

// reads begins a reading, in the language in which the text has just been read.
func (tr *trail) reads(t *text) {
	r := Reading{Language: t.lexicon.codes[t.lang], Mended: t.mended}
	for at := range t.words {
		w := &t.words[at]
		word := Word{
			Written: tr.written(w.from, w.to), Read: string(t.buf[w.from:w.to]), Classes: []string{},
			Accented: w.accented, Guessed: w.guessed,
		}
		if w.entry >= 0 {
			word.Known = strings.ReplaceAll(t.lexicon.entries[w.entry].spelling(), "_", " ")
		}
		if w.topic > 0 {
			word.Topic = t.topics[w.topic-1].ID
		}
		w.class.each(func(c int) { word.Classes = append(word.Classes, classNames[c]) })
		r.Words = append(r.Words, word)
	}
	tr.readings = append(tr.readings, r)
}

func (tr *trail) reading() *Reading { return &tr.readings[len(tr.readings)-1] }

// asks records that a section is asked. Where all words of a section are searched for, it is asked many times.
func (tr *trail) asks(section string) {
	r := tr.reading()
	if n := len(r.Sections); n == 0 || r.Sections[n-1].Name != section {
		r.Sections = append(r.Sections, Section{Name: section})
	}
}

func (tr *trail) section() *Section {
	r := tr.reading()
	return &r.Sections[len(r.Sections)-1]
}

func (tr *trail) tries(r *rule) {
	if s := tr.section(); !slices.Contains(s.Tried, r.why) {
		s.Tried = append(s.Tried, r.why)
	}
}

func (tr *trail) fits(t *text, rule string, from, to int) {
	s := tr.section()
	s.Fits = append(s.Fits, Fit{Rule: rule, Words: string(t.buf[t.words[from].from:t.words[to-1].to])})
}

func (tr *trail) means(in Intent) {
	r := tr.reading()
	r.Kind, r.Why = in.Kind, in.Why
}
