package optin

import (
	"strings"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/page"
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

// often returns a promised frequency as people say it.
func (w *words) often(f program.Frequency) string { return page.Often(f, w.Often, w.Varies) }

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
			pieces = append(pieces, piece{Text: page.Fill(part, namesAndValues...), Strong: i%2 == 1})
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
