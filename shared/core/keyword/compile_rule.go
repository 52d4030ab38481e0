package keyword

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// addRules compiles a line such as "stop texting: ^ * STOP ..2 CONTACT|SEND me? $".
func (l *compiler) addRules(section int, lang int, title, pattern string) error {
	fields := strings.Fields(pattern)
	if !strings.ContainsAny(pattern, "_?") {
		return l.addRule(section, lang, title, fields)
	}
	for _, fields := range l.spellOut(fields) {
		if err := l.addRule(section, lang, title, fields); err != nil {
			return fmt.Errorf("%s: %w", title, err)
		}
	}
	return nil
}

// spellOut returns the patterns that one pattern with alternatives of several words stands for: "stop|knock_it_off
// CONTACT" is "stop CONTACT" and "knock it off CONTACT". An alternative that the vocabulary has as one word stays
// one.
func (l *compiler) spellOut(fields []string) [][]string {
	for n, field := range fields {
		var single []string
		var spelt [][]string
		for alternative := range strings.SplitSeq(strings.TrimSuffix(field, "?"), "|") {
			key := fold(strings.ReplaceAll(alternative, "_", " "))
			e, known := l.index[key]
			if len(alternative) == 1 || !strings.Contains(alternative, "_") || known && l.entries[e].sense > 0 {
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

func (l *compiler) addRule(section int, lang int, name string, fields []string) error {
	if l.last.section != section || l.last.name != name || l.last.why == "" {
		l.last = title{section: section, name: name, why: prefix(section) + name}
	}
	r := rule{why: l.last.why, section: section, lang: lang, elements: make([]element, 0, len(fields))}
	for _, field := range fields {
		e, err := l.element(field, lang)
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
	if len(r.elements) == 0 || r.elements[0].kind != word { // optional words were spelt out
		return errors.New("a rule begins with a word that must be there")
	}
	for i, e := range r.elements {
		if e.kind == closed && (i+1 == len(r.elements) || r.elements[i+1].kind < endClause) {
			return errors.New("a * stands after ^ or ^^, or before $, $. or $$")
		}
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

// note records what the rule needs. For most messages that is enough to rule it out.
func (r *rule) note() {
	const most = 3
	for i := len(r.elements) - 1; i > 0 && len(r.needs) < most; i-- {
		e := &r.elements[i]
		if e.kind != word || e.optional {
			continue
		}
		n := need{classes: e.classes}
		for _, entry := range e.literals {
			n.literals |= traceOf(entry)
		}
		r.needs = append(r.needs, n)
	}
}

// title is what a file calls a rule, and what Why says of it.
type title struct {
	section   int
	name, why string
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

func (l *compiler) element(field string, lang int) (element, error) {
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
	for alternative := range strings.SplitSeq(field, "|") {
		if strings.Trim(alternative, "$?*^,;.") == "" {
			return element{}, fmt.Errorf("%s is no word", field)
		}
		if alternative[0] < 'A' || alternative[0] > 'Z' {
			n := l.entry(alternative)
			if l.classesIn(n, international) == 0 {
				l.add(n, lang, 0, alternative) // known from now on, even if only from this rule
			}
			e.literals = append(e.literals, n)
			continue
		}
		n := -1
		for part := range strings.SplitSeq(alternative, "+") {
			n++
			c, known := l.names[part]
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
