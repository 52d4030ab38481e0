package wording

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxCharacters is the most that SendTextMessage takes as MessageBody (AWS End User Messaging SMS API Reference), in
// UTF-16 units, the strictest way to count characters.
const MaxCharacters = 1600

// Characters returns the length of a text in UTF-16 units.
func Characters(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// maxTemplate is the most characters of a text in programs.yaml, maxWord those of a word. Longer texts would be
// billed as many message parts.
const (
	maxTemplate = 320
	maxWord     = 100
)

// placeholders are the names a brand may use in its texts. Voice.value says what they stand for.
var placeholders = []string{"brand", "topics", "frequency", "contact", "help", "rates", "keyword", "link"}

// requiredPlaceholders has, for each text, the placeholders of which it must contain at least one.
var requiredPlaceholders = map[Text][]string{
	Confirmation: {"topics", "brand"},
	Welcome:      {"topics", "brand"},
	Reminder:     {"topics", "brand"},
	Renewal:      {"topics", "brand"},
	Nearly:       {"topics", "brand"},
	Clarify:      {"topics", "brand"},
	Stop:         {"topics"}, // it names what ended (47 CFR 64.1200(a)(12))
	Help:         {"contact", "help"},
	Expired:      {"keyword"},
	Preferences:  {"link"},
}

// tellsHowToStop reports whether the text must say how to opt out. People rely on it, and so does the gate.
func tellsHowToStop(t Text) bool {
	return slices.Contains([]Text{Confirmation, Welcome, Reminder, Renewal, Help, Nearly, Clarify, Notice}, t)
}

// Fill puts values into a template:
//
//	{name}  becomes value("name"); without a value the space after it is dropped too
//	[…]     is kept without the brackets where all placeholders in it have values, and dropped otherwise
//	.       is dropped after a value that ends a sentence itself, such as "Example Corp."
//
// Braces and brackets inside of values have no meaning.
func Fill(template string, value func(placeholder string) string) string {
	var out strings.Builder
	fill(&out, template, value)
	return strings.TrimRight(out.String(), " ")
}

func fill(out *strings.Builder, template string, value func(string) string) {
	for template != "" {
		before, found, rest := nextPlaceholder(template)
		if strings.HasPrefix(before, ".") && endsSentence(out.String()) {
			before = before[1:]
		}
		out.WriteString(before)
		switch {
		case found == "":
		case found[0] == '[':
			if inner := found[1 : len(found)-1]; hasAllValues(inner, value) {
				fill(out, inner, value)
			}
		default:
			v := value(found[1 : len(found)-1])
			if v == "" {
				rest = strings.TrimPrefix(rest, " ")
			}
			out.WriteString(v)
		}
		template = rest
	}
}

// nextPlaceholder splits a template around its first placeholder or group in brackets. found has its braces or
// brackets, and is empty where there is none.
func nextPlaceholder(template string) (before, found, rest string) {
	i := strings.IndexAny(template, "{[")
	if i < 0 {
		return template, "", ""
	}
	end := strings.IndexByte(template[i:], closingSign(template[i]))
	if end < 0 {
		return template, "", ""
	}
	return template[:i], template[i : i+end+1], template[i+end+1:]
}

func closingSign(opening byte) byte {
	if opening == '[' {
		return ']'
	}
	return '}'
}

func hasAllValues(group string, value func(string) string) bool {
	for group != "" {
		_, found, rest := nextPlaceholder(group)
		if found != "" && value(found[1:len(found)-1]) == "" {
			return false
		}
		group = rest
	}
	return true
}

func endsSentence(s string) bool {
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?")
}

// endSentence adds a full stop where the sentence has no end.
func endSentence(s string) string {
	if s == "" || endsSentence(s) {
		return s
	}
	return s + "."
}

// Check returns an error for a brand's wording of a text that cannot be used. The error says what to write instead.
func Check(t Text, template string) error {
	if n := utf8.RuneCountInString(template); n > maxTemplate {
		return fmt.Errorf("has %d characters; write at most %d", n, maxTemplate)
	}
	always, sometimes, err := parse(template)
	if err != nil {
		return err
	}
	if slices.Contains(always, "link") {
		return errors.New(
			"put {link} and the words that go with it in square brackets: they are left out where there is no page to link to",
		)
	}
	if Fill(template, func(p string) string { return strings.TrimPrefix(p, "link") }) == "" {
		return errors.New("says nothing where there is no page to link to; write something outside of the square brackets")
	}
	if names := requiredPlaceholders[t]; names != nil && !slices.ContainsFunc(names, func(name string) bool {
		return slices.Contains(always, name) || name == "link" && slices.Contains(sometimes, name)
	}) {
		return fmt.Errorf(
			"does not hold {%s}, outside of square brackets; without it people can't tell what the text is about",
			strings.Join(names, "} or {"),
		)
	}
	if tellsHowToStop(t) && !alwaysTells(template) {
		return errors.New(
			`does not say how to opt out in words we recognise; add for example "Reply STOP to cancel." or "STOP=end"`,
		)
	}
	return nil
}

// alwaysTells reports whether a text says how to opt out with any values: a letter, a sign, many words, or none for
// the link and the frequency.
func alwaysTells(template string) bool {
	for _, missing := range [][]string{nil, {"link"}, {"frequency"}, {"link", "frequency"}} {
		for _, v := range []string{"x", "?", "x y z w."} {
			if !HasOptOut(Fill(template, func(p string) string {
				if slices.Contains(missing, p) {
					return ""
				}
				return v
			})) {
				return false
			}
		}
	}
	return true
}

// CheckWord returns an error for a brand's word that cannot be used.
func CheckWord(w Word, text string) error {
	if n := utf8.RuneCountInString(text); n > maxWord {
		return fmt.Errorf("has %d characters; write at most %d", n, maxWord)
	}
	always, sometimes, err := parse(text)
	switch {
	case err != nil:
		return err
	case len(sometimes) > 0 || w != All && len(always) > 0:
		return errors.New("is a word without placeholders; remove the braces")
	case w == All && !slices.Equal(always, []string{"brand"}):
		return errors.New(`write all that a brand sends with {brand} for its name, such as "all {brand} messages"`)
	}
	return nil
}

// parse returns the placeholders outside of brackets, which always appear, and those inside, which appear sometimes.
// It returns an error for braces or brackets in the wrong place.
func parse(template string) (always, sometimes []string, err error) {
	for template != "" {
		before, found, rest := nextPlaceholder(template)
		if strings.ContainsAny(before, "{}[]") {
			return nil, nil, errors.New(
				"write braces only around the name of a placeholder, and square brackets only around what may be left out",
			)
		}
		switch {
		case found == "":
		case found[0] == '[':
			within, nested, err := parse(found[1 : len(found)-1])
			if err != nil {
				return nil, nil, err
			}
			if len(within) == 0 || len(nested) > 0 {
				return nil, nil, fmt.Errorf(
					"%q: write square brackets around words with a placeholder, such as [ Preferences: {link}]",
					found,
				)
			}
			sometimes = append(sometimes, within...)
		case !slices.Contains(placeholders, found[1:len(found)-1]):
			return nil, nil, fmt.Errorf("%s is no placeholder; write {%s}", found, strings.Join(placeholders, "}, {"))
		default:
			always = append(always, found[1:len(found)-1])
		}
		template = rest
	}
	return always, sometimes, nil
}
