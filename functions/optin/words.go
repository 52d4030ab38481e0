package optin

import (
	"strconv"
	"strings"

	"smsconsent/shared/core/program"
)

// words are what the form says in one language. Names in braces stand for something, as in {brand}, and what stands
// between asterisks is emphasised.
type words struct {
	Tag  string // BCP 47
	Name string // of the language, in itself
	Dir  string // how it is written: ltr or rtl

	Title, Heading, Lead            string
	Languages                       string // what the links to other languages are
	Topics, Marketing, Service      string
	Country, Phone                  string
	Where, Why, State, NoState, ZIP string
	Agreement                       string // the heading of the disclosure
	Trap                            string // the label of a field nobody sees
	SignUp, Checking, Sending, Lost string // the button, and what is said once it is pressed
	NoScript, ByText                string
	Refused                         string // stands before what is wrong
	Terms, Privacy                  string

	Done, DoneTo, Open, OpenEach, Yes, YesEach, Until string
	Nothing, Start                                    string // why no text may have come
	Again                                             string
	And, Or                                           string
	Served                                            string // whose number may sign up, where countries are too many

	Often   map[program.Period][2]string // at most one; at most {n}
	Varies  string
	Reasons map[reason]string
}

// often is a promised frequency as people say it.
func (w *words) often(f program.Frequency) string {
	switch {
	case f.IsZero():
		return w.Varies
	case f.Count == 1:
		return w.Often[f.Period][0]
	default:
		return fill(w.Often[f.Period][1], "n", strconv.Itoa(f.Count))
	}
}

// list joins names: "a, b or c", where the word is "or". mark stands at both ends of what is between them, an asterisk
// where the names are emphasised.
func list(names []string, word, mark string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], mark+", "+mark) + mark + " " + word + " " + mark + names[last]
}

// fill puts values in the place of names in braces, given in turn.
func fill(text string, namesAndValues ...string) string {
	pairs := make([]string, len(namesAndValues))
	for i, s := range namesAndValues {
		pairs[i] = s
		if i%2 == 0 {
			pairs[i] = "{" + s + "}"
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// piece is a part of a text.
type piece struct {
	Text   string
	Strong bool   // it is emphasised
	Link   string // address it leads to; empty for none
}

// emphasised cuts a text at its asterisks and then fills in the values, whose own asterisks mean nothing.
func emphasised(text string, namesAndValues ...string) []piece {
	var pieces []piece
	for i, part := range strings.Split(text, "*") {
		if part != "" {
			pieces = append(pieces, piece{Text: fill(part, namesAndValues...), Strong: i%2 == 1})
		}
	}
	return pieces
}

// linked makes links of the addresses in a text. Put together the pieces are the text as it was.
func linked(text string, addresses ...string) []piece {
	var pieces []piece
	for _, address := range addresses {
		before, after, found := strings.Cut(text, address)
		if address == "" || !found {
			continue
		}
		pieces = append(pieces, piece{Text: before}, piece{Text: address, Link: address})
		text = after
	}
	return append(pieces, piece{Text: text})
}
