package keyword

import (
	"slices"
	"strings"
	"sync"
	"unicode"
)

// MaxRunes is how many characters of a message are read: as many as one text can have at AWS. The rest is ignored,
// and such a message can stop texts, but not start them.
const MaxRunes = 1600

// texts holds the buffers of texts that were read, for reuse.
var texts = sync.Pool{New: func() any { return new(text) }}

// Classify returns what a message means. It is safe for concurrent use.
func (v Vocabulary) Classify(message string) Intent {
	t := texts.Get().(*text)
	defer texts.Put(t)
	return v.applyLaw(t.classify(v, message), message)
}

// applyLaw returns an opt-out where the message is one of the words in v.OptOut, and read otherwise.
func (v Vocabulary) applyLaw(read Intent, message string) Intent {
	if read.Kind == OptOut {
		return read
	}
	said := strings.TrimFunc(message, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	if !slices.ContainsFunc(v.OptOut, func(word string) bool { return strings.EqualFold(word, said) }) {
		return read
	}
	stop := v.Classify("STOP")
	stop.Why = "opt-out word of the law"
	return stop
}

// classify returns what a message means. t may have been used before.
func (t *text) classify(v Vocabulary, message string) Intent {
	body, cut := head(message)
	if reaction(body) {
		return Intent{Kind: Other, Why: "reaction to a text of ours", Confidence: likely, Wordless: true}
	}
	l := vocabulary()
	*t = text{
		lexicon: l, langs: l.set(v.Languages), place: l.place(v.Place), topics: v.Topics, cut: cut, trace: t.trace,
		buf: t.buf[:0], words: t.words[:0],
	}
	if !isASCII(body) {
		t.marked = true
		body = t.mark(body)
	}
	t.scan(body)
	if len(t.words) == 0 {
		return Intent{Kind: Other, Why: "empty", Confidence: certain, Wordless: true}
	}
	t.merge()
	t.name()
	t.mend()
	return t.meaning()
}

// Languages returns the ISO 639-1 codes of the known languages, sorted.
func Languages() []string { return slices.Clone(vocabulary().codes[1:]) }
