package placeholder

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/wording"
)

// HasAny reports whether a text has a field.
func HasAny(text string) bool { return len(All(text)) > 0 }

// All returns the fields of a text in their order.
func All(text string) []Mark {
	var all []Mark
	Replace(text, func(m Mark) string {
		if m.IsField() {
			all = append(all, m)
		}
		return ""
	})
	return all
}

// For returns a campaign's text for one person, whose values are given by the names of fields. A field without a
// value, or with one that must not be filled in, gets its fallback. Where the values together make a link that the
// text does not have, all fields get their fallbacks. Links are left as they are.
func For(text string, values map[string]string) string {
	filled := fill(text, values)
	if addedLink(text, filled) != "" {
		return fill(text, nil)
	}
	return filled
}

func fill(text string, values map[string]string) string {
	return replaceFields(text, func(m Mark) string {
		if v := Clean(values[m.Name]); m.check(v) == nil {
			return v
		}
		return m.Fallback
	})
}

// check returns why a clean value must not be filled into the field; nil where it may.
func (m *Mark) check(value string) error {
	if err := CheckValue(value); err != nil {
		return err
	}
	if m.preceding == '$' && (value[0] < '0' || value[0] > '9') {
		return errors.New("stands after a $ and is not an amount, such as 12.50")
	}
	return nil
}

// Fill returns a text to one person, with the values given by its sender. Fields without one get the values stored
// for the person. The error is a *phone.FieldError. It names the entry of "fields" that is missing, useless or must
// not be filled in, or "fields" itself where the values together make a link that the text does not have.
func Fill(text string, given, kept map[string]string) (string, error) {
	values, err := choose(text, given, kept)
	if err != nil {
		return "", err
	}
	filled := fill(text, values)
	if addedLink(text, filled) == "" {
		return filled, nil
	}
	// The person's stored values are dropped, so that a strange name cannot keep a sender from texting them.
	if values, err = choose(text, given, nil); err != nil {
		return "", err
	}
	filled = fill(text, values)
	if link := addedLink(text, filled); link != "" {
		return "", &phone.FieldError{Field: "fields", Message: fmt.Sprintf(
			"make %.60q together, which looks like a link that is not in the text; leave a space between, or write other values", link,
		)}
	}
	return filled, nil
}

// choose returns the value of each field of a text: the given one, or else the stored one where it may be filled in.
func choose(text string, given, kept map[string]string) (map[string]string, error) {
	named, values := map[string]bool{}, maps.Clone(given)
	if values == nil {
		values = map[string]string{}
	}
	for _, m := range All(text) {
		named[m.Name] = true
		if value, known := given[m.Name]; known {
			if err := m.check(Clean(value)); err != nil {
				return nil, fieldError(m.Name, "%s", withAdvice(err))
			}
			continue
		}
		value := Clean(kept[m.Name])
		if m.check(value) != nil || wording.Advertises(value) != "" {
			value = ""
		}
		if values[m.Name] = value; value == "" && m.Fallback == "" {
			return nil, fieldError(m.Name, "is missing, and not known of the person; the text has %s", m)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !named[name] {
			return nil, fieldError(name, "has no place in the text; its fields are %s", spelling(All(text)))
		}
	}
	return values, nil
}

// addedLink returns a link that the text only has once it is filled in; empty where there is none. Each field may be
// harmless alone, as in {a|x}/{b|y} with "http:" and "/evil".
func addedLink(text, filled string) string {
	if filled == text {
		return ""
	}
	before := wording.Links(replaceFields(text, func(Mark) string { return "\x00" }))
	for _, link := range wording.Links(filled) {
		if !slices.Contains(before, link) {
			return link
		}
	}
	return ""
}

// Lacks reports whether a text has a field for which its sender gives no value.
func Lacks(text string, given map[string]string) bool {
	return slices.ContainsFunc(All(text), func(m Mark) bool {
		_, known := given[m.Name]
		return !known
	})
}

// Assumed returns values for all fields of a text without a fallback. With them a text can be checked before anybody
// knows whom it is for.
func Assumed(text string) map[string]string {
	values := map[string]string{}
	for _, m := range All(text) {
		if m.Fallback == "" {
			values[m.Name] = neutral
		}
	}
	return values
}

func fieldError(name, what string, args ...any) *phone.FieldError {
	return &phone.FieldError{Field: fmt.Sprintf("fields.%.40s", name), Message: fmt.Sprintf(what, args...)}
}

func spelling(fields []Mark) string {
	if len(fields) == 0 {
		return "none"
	}
	all := make([]string, len(fields))
	for i, m := range fields {
		all[i] = m.String()
	}
	return strings.Join(all, ", ")
}

func replaceFields(text string, with func(m Mark) string) string {
	return Replace(text, func(m Mark) string {
		if m.IsField() {
			return with(m)
		}
		return m.String()
	})
}

// Longest returns a text with each of its fields as long as possible, in characters of the more expensive encoding.
// No person gets a longer text.
func Longest(text string) string {
	return replaceFields(text, func(Mark) string { return strings.Repeat("ж", MaxValue) })
}

// Use says for whom a text with fields is.
type Use bool

// The uses of a text.
const (
	ForMany Use = true  // for people without stored values too, so each field needs a fallback
	ForOne  Use = false // for one person; the sender gives the values
)

// Check returns what is wrong with the fields of a text. It also refuses anything that looks like another tool's
// placeholder, which nobody would fill in.
//
// A field must not touch letters, digits or links, so that its value cannot become part of a link.
func Check(text string, use Use) error {
	names := map[string]bool{}
	for _, m := range All(text) {
		names[m.Name] = true
		switch err := m.check(m.Fallback); {
		case m.preceding == '%' || m.preceding == '$' && m.Fallback != "" && err != nil:
			return fmt.Errorf("%c%s is a placeholder of another tool; write a field without the %[1]c in front", m.preceding, m)
		case m.Fallback == "" && (use == ForMany || strings.Contains(m.written, "|")):
			return fmt.Errorf("%s needs words for whom it is not known: write it as {%s|there}", m, m.Name)
		case m.Fallback == "":
		case err != nil:
			return fmt.Errorf("%s: what stands after the | %w", m, err)
		case Clean(m.Fallback) != m.Fallback:
			return fmt.Errorf("%s: leave out the space around the words after the |", m)
		}
	}
	if len(names) > MaxFields {
		return fmt.Errorf("the text has %d fields; a person has at most %d", len(names), MaxFields)
	}
	if err := checkSpacing(text); err != nil {
		return err
	}
	if link := addedLink(text, fill(text, nil)); link != "" {
		return fmt.Errorf("%.60q: fields can't make a link; write other words after the |", link)
	}
	plain := Replace(text, func(m Mark) string {
		if m.IsField() {
			return neutral
		}
		return "https://a.example"
	})
	if use == ForMany { // campaigns may have links; their own check reports broken ones
		plain = strings.ReplaceAll(plain, linkOpens, "")
	}
	if found := wording.Unfilled(plain); found != "" {
		return fmt.Errorf(
			"%q looks like a placeholder that nobody fills in; write a field as {first_name|there}, with the words for whom it is not known",
			found,
		)
	}
	return nil
}

// neutral is a value that changes nothing about a text. It makes the amount in "${total}" valid.
const neutral = "1"

// sample is the value of a field while the text around it is checked. As a word before or after a dot it is the
// likeliest to make a link.
const sample = "www"

// checkSpacing returns an error that names a field whose value could become part of a word or a link.
func checkSpacing(text string) error {
	for _, token := range tokens(text) {
		for rest, last := token, ""; ; {
			before, m, after, found := Cut(rest)
			if !found {
				break
			}
			end, _ := utf8.DecodeLastRuneInString(last + before)
			start, _ := utf8.DecodeRuneInString(after)
			if m.IsField() && (isWordy(end) || isWordy(start)) || strings.HasPrefix(after, opens) {
				return fmt.Errorf("%s touches what stands before or after it; leave a space between", m)
			}
			rest, last = after, closes
		}
		if bare := replaceFields(token, func(Mark) string { return sample }); bare != token && holdsLink(bare) {
			return fmt.Errorf("%.60q: a field can't be part of a link; leave a space between", token)
		}
	}
	return nil
}

// tokens splits a text at white space outside of its marks.
func tokens(text string) []string {
	var marks []Mark
	const stand = "\x00"
	bare := Replace(text, func(m Mark) string {
		marks = append(marks, m)
		return stand
	})
	all := strings.Fields(bare)
	for i := range all {
		for strings.Contains(all[i], stand) && len(marks) > 0 {
			all[i], marks = strings.Replace(all[i], stand, marks[0].String(), 1), marks[1:]
		}
	}
	return all
}

func isWordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// Add returns a person's stored values with those given added. They replace values with the same name; an empty one
// removes it. The error is a *phone.FieldError that names the first bad value, as an entry of "attributes".
func Add(kept, given map[string]string) (map[string]string, error) {
	all := make(map[string]string, len(kept)+len(given))
	maps.Copy(all, kept)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := Clean(given[name])
		err := CheckName(name)
		if err == nil && value != "" {
			err = checkStorable(value)
		}
		if err != nil {
			return nil, &phone.FieldError{Field: fmt.Sprintf("attributes.%.40s", name), Message: err.Error()}
		}
		if all[name] = value; value == "" {
			delete(all, name)
		}
	}
	if len(all) > MaxFields {
		return nil, &phone.FieldError{Field: "attributes", Message: fmt.Sprintf(
			"would be %d; a person has at most %d: take one away by giving it without a value", len(all), MaxFields,
		)}
	}
	return all, nil
}

// checkStorable returns why a clean value must not be stored for a person, and what to write instead; nil where it
// may. A stored value may appear in any text to the person, so it must not advertise anything.
func checkStorable(value string) error {
	err := CheckValue(value)
	if words := wording.Advertises(value); err == nil && words != "" {
		err = fmt.Errorf("holds words of an advertisement (%s)", words)
	}
	return withAdvice(err)
}

// withAdvice adds what to write instead of a value to an error.
func withAdvice(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w; write up to %d plain characters on one line", err, MaxValue)
}
