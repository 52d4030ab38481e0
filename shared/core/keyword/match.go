package keyword

import (
	"math/bits"
	"strings"
)

// find returns the first rule of a section that matches from a word on, and the words it covers; nil where none does.
func (t *text) find(section, at int) (r *rule, from, to int) {
	if t.trace != nil {
		t.trace.asks(strings.Trim(sectionNames[section], "[]"))
	}
	l := t.lexicon
	common, own := &l.grammars[international], &l.grammars[t.lang]
	starts := common.starts[section] | own.starts[section]
	if t.classes&starts == 0 && t.sections>>section&1 == 0 {
		return nil, 0, 0
	}
	for ; at < len(t.words); at++ {
		t.steps++
		w := &t.words[at]
		literal := w.sections>>section&1 == 1
		if w.taken || !literal && w.class&starts == 0 {
			continue
		}
		if r, to := t.startsAt(common, section, at); r != nil {
			return r, at, to
		}
		if own != common {
			if r, to := t.startsAt(own, section, at); r != nil {
				return r, at, to
			}
		}
		if !literal {
			continue
		}
		for _, n := range l.beginning[l.entries[w.entry].rules.first:l.entries[w.entry].rules.last] {
			if r := &l.rules[n]; r.section == section && (r.lang == t.lang || r.lang == international) {
				if to := t.match(r, at); to >= 0 {
					return r, at, to
				}
			}
		}
	}
	return nil, 0, 0
}

// startsAt returns the first rule of a grammar that begins with a class of the word and matches, and where it ends.
func (t *text) startsAt(g *grammar, section, at int) (*rule, int) {
	l := t.lexicon
	for c := t.words[at].class & g.starts[section]; c != 0; c &= c - 1 {
		for n := g.rules[section][bits.TrailingZeros64(uint64(c))].first; n != 0; n = l.links[n-1].next {
			r := &l.rules[l.links[n-1].rule]
			if to := t.match(r, at); to >= 0 {
				return r, to
			}
		}
	}
	return nil, 0
}

// nowhere is the end of a rule that does not match.
const nowhere = -1

// match returns where a rule that begins at a word ends.
func (t *text) match(r *rule, at int) int {
	for i := range r.needs {
		need := &r.needs[i]
		if need.classes&t.classes == 0 && need.literals&t.entries == 0 {
			return nowhere
		}
	}
	switch r.begin {
	case clause:
		if t.words[at].gap == joined && (!r.open || !t.words[at].open) {
			return nowhere
		}
	case whole:
		if at > 0 && (!r.open || !t.words[at].openWhole) {
			return nowhere
		}
	case anywhere:
	}
	if t.trace != nil {
		t.trace.tries(r)
	}
	if e := &r.elements[0]; e.every&t.words[at].class != e.every {
		return nowhere
	}
	return t.rest(r.elements[1:], at+1, joined)
}

// rest matches the elements from a word on. crossing is the widest gap allowed before that word.
func (t *text) rest(elements []element, at int, crossing space) int {
	t.steps++
	if len(elements) == 0 {
		return at
	}
	e, others := &elements[0], elements[1:]
	over := at == len(t.words) || t.words[at].gap > crossing
	switch e.kind {
	case endClause:
		if at < len(t.words) && t.words[at].gap == joined {
			return nowhere
		}
		return t.rest(others, at, crossing)
	case endSentence:
		if at < len(t.words) && t.words[at].gap != ended {
			return nowhere
		}
		return t.rest(others, at, crossing)
	case endWhole:
		if at < len(t.words) {
			return nowhere
		}
		return t.rest(others, at, crossing)
	case asked:
		if !t.words[at-1].question {
			return nowhere
		}
		return t.rest(others, at, crossing)
	case without:
		for i := at; i < len(t.words) && t.words[i].gap == joined; i++ {
			t.steps++
			if e.takes(&t.words[i]) {
				return nowhere
			}
		}
		return t.rest(others, at, crossing)
	case comma:
		return t.rest(others, at, e.crossing)
	case gap:
		for i := at; ; i++ {
			if to := t.rest(others, i, joined); to >= 0 || i == at+e.upTo {
				return to
			}
			if i == len(t.words) || t.words[i].gap > joined || t.words[i].taken || t.words[i].class&e.barred != 0 {
				return nowhere
			}
		}
	case closed:
		return t.closedRun(others, at)
	case word, anyWord:
		if !over && !t.words[at].taken && (e.kind == anyWord || e.takes(&t.words[at])) {
			if to := t.rest(others, at+1, joined); to >= 0 {
				return to
			}
		}
		if e.optional {
			return t.rest(others, at, crossing)
		}
	}
	return nowhere
}

// closedRun matches the elements after a run of closed words, the first of which is an end. What closes to the end is
// computed beforehand, so that reading many STOPs in a row takes linear time.
func (t *text) closedRun(others []element, at int) int {
	switch more := at < len(t.words); {
	case others[0].kind == endWhole && more:
		if !t.words[at].closedWhole {
			return nowhere
		}
		at = len(t.words)
	case more && t.words[at].gap == joined:
		if !t.words[at].closedEnd {
			return nowhere
		}
		at = t.words[at].end
	}
	return t.rest(others[1:], at, joined)
}

func (e *element) takes(w *spoken) bool {
	if e.classes&w.class != 0 {
		return e.every&w.class == e.every
	}
	for _, n := range e.literals {
		if n == w.entry {
			return true
		}
	}
	return false
}
