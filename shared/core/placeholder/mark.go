// Package placeholder fills in the parts of a text that differ from person to person: fields such as
// {first_name|there}, and links such as {link:https://example.com}.
package placeholder

import "strings"

// Mark is a link or a field in a text, written in braces.
type Mark struct {
	Link     string // address of a link; empty for a field
	Name     string // of a field; empty for a link
	Fallback string // of a field: what is filled in where no value is known; empty for none

	written   string
	preceding byte // the byte before it in the text; 0 for none
}

const (
	opens     = "{"
	closes    = "}"
	linkOpens = "{link:"
)

const (
	maxName  = 20  // characters of the name of a field
	maxField = 400 // bytes of a field with its fallback; anything longer is not a field
)

// Cut splits a text at its first link or field. Without one, before is the whole text. Other braces belong to the
// text, such as those of another tool's {{first_name}}.
func Cut(text string) (before string, m Mark, after string, found bool) {
	for i := 0; i < len(text); i++ {
		next := strings.Index(text[i:], opens)
		if next < 0 {
			break
		}
		i += next
		if m, found = readLink(text[i:]); !found {
			doubled := i > 0 && text[i-1:i] == opens
			m, found = readField(text[i:])
			found = found && !doubled && !strings.HasPrefix(text[i+len(m.written):], closes)
		}
		if found {
			if i > 0 {
				m.preceding = text[i-1]
			}
			return text[:i], m, text[i+len(m.written):], true
		}
	}
	return text, Mark{}, "", false
}

// Replace returns a text with each link and field replaced by what with returns for it.
func Replace(text string, with func(m Mark) string) string {
	var out strings.Builder
	for {
		before, m, after, found := Cut(text)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		out.WriteString(with(m))
		text = after
	}
}

// IsField reports whether the mark is a field.
func (m Mark) IsField() bool { return m.Name != "" }

// String returns the mark as it is written in the text.
func (m Mark) String() string { return m.written }

// readLink parses a link at the beginning of text.
func readLink(text string) (Mark, bool) {
	rest, opened := strings.CutPrefix(text, linkOpens)
	target, _, closed := strings.Cut(rest, closes)
	if !opened || !closed {
		return Mark{}, false
	}
	return Mark{Link: target, written: linkOpens + target + closes}, true
}

// readField parses a field at the beginning of text.
func readField(text string) (Mark, bool) {
	text = text[len(opens):min(len(text), maxField)]
	inner, _, closed := strings.Cut(text, closes)
	name, fallback, _ := strings.Cut(inner, "|")
	if !closed || CheckName(name) != nil || strings.ContainsAny(fallback, "{|") {
		return Mark{}, false
	}
	return Mark{Name: name, Fallback: fallback, written: opens + inner + closes}, true
}
