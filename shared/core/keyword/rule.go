package keyword

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The sections of a file of lang, in the order in which they are asked.
const (
	mailbox      = iota // a number that takes no texts
	automatic           // other words of a phone, an office or a carrier
	collocations        // an opt-out word that is part of something else whatever stands around it
	sure                // opts out whatever the sections behind say
	denied              // an opt-out word that is denied, told about somebody else, or only mentioned
	explicit            // opts out whatever stands around it
	innocent            // an opt-out word that seems to mean something else
	wrongNumbers
	everything // opts out of all the brand sends
	optOuts
	bare    // opts out unless the person is joking
	wanted  // takes an opt-out back: the person says that our texts are welcome
	unclear // asks for a clarification
	preferences
	optIns
	confirms
	helps
	nearly    // sounds like yes, and is none
	questions // means nothing we act on, and is known to
	sections
	words = sections
)

var sectionNames = [...]string{
	"[no-texts]", "[automatic]", "[collocation]", "[sure]", "[denied]", "[explicit]", "[innocent]", "[wrong-number]",
	"[everything]", "[opt-out]", "[bare]", "[wanted]", "[unclear]", "[preferences]", "[opt-in]",
	"[confirm]", "[help]", "[nearly]", "[question]", "[words]", "[words unreviewed]",
}

func sectionNamed(line string) int {
	for i, name := range sectionNames {
		if name == line {
			return min(i, words)
		}
	}
	return -1
}

// rule is a sequence of words and classes to look for.
type rule struct {
	why      string
	open     bool // closed words may stand between the beginning asked for and the first word
	begin    edge // where it must begin
	section  int
	lang     int // in which language; international is in all
	needs    [3]need
	elements []element
}

// need is what some word of a message must be for a rule to match: of one of the classes, or perhaps one of the
// literals.
type need struct {
	classes  class
	literals trace
}

// trace is a set of entries, not quite told apart: one of 64 bits for each.
type trace uint64

func traceOf(entry int) trace { return 1 << (uint(entry) % 64) }

// edge is what a rule asks of the place before its first word or behind its last.
type edge uint8

const (
	anywhere edge = iota
	clause
	whole // message
)

// element is one step of a rule.
type element struct {
	classes  class // any of them
	every    class // all of them
	barred   class // words that a gap may not cross
	literals []int
	upTo     int // words in a gap
	kind     step
	optional bool
	crossing space // what a comma may be
}

type step uint8

const (
	word        step = iota
	anyWord          // _
	gap              // ..3
	closed           // *
	comma            // , or ;
	asked            // ?
	without          // !WORD
	endClause        // $
	endSentence      // $.
	endWhole         // $$
)

// addRules compiles a line such as "stop texting: ^ * STOP ..2 CONTACT|SEND me? $".
func (l *lexicon) addRules(section int, lang int, title, pattern string, names map[string]int) error {
	fields := strings.Fields(pattern)
	if !strings.ContainsAny(pattern, "_?") {
		return l.addRule(section, lang, title, fields, names)
	}
	for _, fields := range l.spellOut(fields) {
		if err := l.addRule(section, lang, title, fields, names); err != nil {
			return fmt.Errorf("%s: %w", title, err)
		}
	}
	return nil
}

// spellOut lists the patterns that one stands for, where some of its alternatives are several words:
// "stop|knock_it_off CONTACT" is "stop CONTACT" and "knock it off CONTACT". What is one word in the vocabulary stays
// one.
func (l *lexicon) spellOut(fields []string) [][]string {
	for n, field := range fields {
		var single []string
		var spelt [][]string
		for alternative := range strings.SplitSeq(strings.TrimSuffix(field, "?"), "|") {
			key := fold(strings.ReplaceAll(alternative, "_", " "))
			e, known := l.index[key]
			if len(alternative) == 1 || !strings.Contains(alternative, "_") || known && l.entries[e].sense >= 0 {
				single = append(single, alternative)
			} else {
				spelt = append(spelt, strings.Split(alternative, "_"))
			}
		}
		leading := len(field) > 1 && strings.HasSuffix(field, "?") &&
			strings.Trim(strings.Join(fields[:n], ""), "^*") == ""
		if spelt == nil && !leading {
			continue
		}
		if single != nil {
			spelt = append(spelt, []string{strings.Join(single, "|")})
		}
		var all [][]string
		for _, others := range l.spellOut(fields[n+1:]) {
			for _, words := range spelt {
				all = append(all, slices.Concat(fields[:n], words, others))
			}
			if strings.HasSuffix(field, "?") {
				all = append(all, slices.Concat(fields[:n], others))
			}
		}
		return all
	}
	return [][]string{fields}
}

func (l *lexicon) addRule(section int, lang int, name string, fields []string, names map[string]int) error {
	if l.last.section != section || l.last.name != name || l.last.why == "" {
		l.last = title{section: section, name: name, why: prefix(section) + name}
	}
	r := rule{why: l.last.why, section: section, lang: lang, elements: room(&l.elements, len(fields))}
	for _, field := range fields {
		e, err := l.element(field, lang, names)
		if err != nil {
			return err
		}
		switch {
		case field == "^":
			r.begin = clause
		case field == "^^":
			r.begin = whole
		case field == "*" && len(r.elements) == 0:
			r.open = true
		default:
			r.elements = append(r.elements, e)
		}
	}
	if len(r.elements) == 0 || r.elements[0].kind != word || r.elements[0].optional {
		return errors.New("a rule begins with a word that must be there")
	}
	r.note()
	l.rules = append(l.rules, r)
	number := len(l.rules) - 1
	l.grammars[lang].starts[section] |= r.elements[0].classes
	r.elements[0].classes.each(func(c int) {
		l.append(&l.grammars[lang].rules[section][c], number)
	})
	for _, e := range r.elements[0].literals {
		l.append(&l.entries[e].rules, number)
		l.entries[e].sections |= 1 << section
	}
	return nil
}

// title is what a rule is called in its file, and what Why says of it.
type title struct {
	section   int
	name, why string
}

// room is an empty slice for so many, cut from a larger one: there are thousands of them.
func room[T any](of *[]T, n int) []T {
	const most = 4096
	if cap(*of)-len(*of) < n {
		*of = make([]T, 0, max(most, n))
	}
	at := len(*of)
	*of = (*of)[:at+n]
	return (*of)[at : at : at+n]
}

func prefix(section int) string {
	switch section {
	case collocations, denied, innocent, wanted:
		return "innocent: "
	case unclear:
		return "unclear: "
	case questions:
		return "question: "
	case nearly:
		return "nearly yes: "
	default:
		return "phrase: "
	}
}

func (l *lexicon) element(field string, lang int, names map[string]int) (element, error) {
	switch field {
	case "^", "^^", "*":
		return element{kind: closed}, nil
	case "_":
		return element{kind: anyWord}, nil
	case ",":
		return element{kind: comma, crossing: divided}, nil
	case ";":
		return element{kind: comma, crossing: ended}, nil
	case "$":
		return element{kind: endClause}, nil
	case "$.":
		return element{kind: endSentence}, nil
	case "$$":
		return element{kind: endWhole}, nil
	case "?":
		return element{kind: asked}, nil
	}
	if n, isGap := strings.CutPrefix(field, ".."); isGap {
		n, strict := strings.CutSuffix(n, "!")
		upTo, err := strconv.Atoi(n)
		if err != nil {
			return element{}, fmt.Errorf("gap %s: want a number", field)
		}
		barred := and | act
		if strict {
			barred |= message | contact | send | list | please
		}
		return element{kind: gap, upTo: upTo, barred: barred}, nil
	}
	e := element{kind: word}
	if others, barred := strings.CutPrefix(field, "!"); barred {
		field, e.kind = others, without
	}
	field, e.optional = strings.CutSuffix(field, "?")
	e.literals = room(&l.numbers, strings.Count(field, "|")+1)
	for alternative := range strings.SplitSeq(field, "|") {
		if strings.Trim(alternative, "$?*^,;.") == "" {
			return element{}, fmt.Errorf("%s is no word", field)
		}
		if alternative[0] < 'A' || alternative[0] > 'Z' {
			n := l.entry(alternative)
			if l.classesIn(n, international) == 0 {
				l.add(n, lang, 0, alternative) // known from now on, if only from this rule
			}
			e.literals = append(e.literals, n)
			continue
		}
		n := -1
		for part := range strings.SplitSeq(alternative, "+") {
			n++
			c, known := names[part]
			if !known {
				return element{}, fmt.Errorf("no class %s", part)
			}
			if n == 0 {
				e.classes |= 1 << c
			} else {
				e.every |= 1 << c
			}
		}
	}
	return e, nil
}
