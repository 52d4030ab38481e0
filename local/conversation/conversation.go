// Package conversation holds sample conversations of people with the programs in the shipped programs.yaml, to be
// played on the local stack.
package conversation

import (
	"cmp"
	"strings"
	"time"
)

// Conversation is one way people talk to a program, played on a phone of its own to be seen in the console.
type Conversation struct {
	Case  string // what it shows
	Phone string // E.164
	Lines []Line
}

// Line is one text of the person and the one that comes back.
type Line struct {
	Wait   time.Duration // what the clock is moved by before, a second or more: nobody says two things at once
	To     string        // the number texted
	Says   string
	Answer string // how the answer begins; empty where there is none
}

// Meets reports whether what came back on the phone is what the line says: the text that is meant, or none.
func (l Line) Meets(back []string) bool {
	if l.Answer == "" {
		return len(back) == 0
	}
	return len(back) == 1 && strings.HasPrefix(back[0], l.Answer)
}

// The numbers of the shipped programs.yaml that the conversations text.
const (
	toAlerts = "+12065550100"
	toOrders = "+12065550101"
)

// How the answers of the shipped programs begin.
const (
	asks     = "Text YES to join Example Corp. alerts."
	welcomes = "You're subscribed to Example Corp. alerts."
	stops    = "STOP: You're unsubscribed from Example Corp. alerts."
	stopsAll = "STOP: You're unsubscribed from all Example Corp. messages."
	helps    = "HELP: Example Corp. alerts: email help@example.com or call XXX-555-0199."
)

// All returns those of `smsconsent demo`: each kind of text, and each answer there is. They suit the shipped
// programs.yaml.
func All() []Conversation {
	all := conversations()
	for _, c := range all {
		for i := range c.Lines {
			c.Lines[i].To = cmp.Or(c.Lines[i].To, toAlerts)
			c.Lines[i].Wait = cmp.Or(c.Lines[i].Wait, time.Second)
		}
	}
	return all
}

func conversations() []Conversation {
	joined := func(lines ...Line) []Line {
		return append([]Line{{Says: "JOIN", Answer: asks}, {Says: "Yes please", Answer: welcomes}}, lines...)
	}
	return []Conversation{
		{"signs up by keyword", "+12065550201", joined()},
		{"says YES to nothing", "+12065550202", []Line{{Says: "YES"}}},
		{"asks for help before signing up", "+12065550203", []Line{{Says: "help", Answer: helps}}},
		{"stops, and gets one answer", "+12065550204", joined(Line{Says: "Stop. Thank you", Answer: stops}, Line{Says: "STOP"})},
		{"mistypes STOP", "+12065550205", joined(Line{Says: "SOTP", Answer: stops})},
		{"stops with an emoji", "+12065550206", joined(Line{Says: "🛑", Answer: stops})},
		{"stops in her own words", "+12065550207", joined(Line{Says: "can you please take me off this list, i dont want these anymore", Answer: stops})},
		{"stops everything", "+12065550208", joined(Line{Says: "STOP ALL", Answer: stopsAll})},
		{"threatens with a lawyer", "+12065550209", joined(Line{Says: "text me one more time and you will hear from my attorney", Answer: stopsAll})},
		{"has somebody else's number", "+12065550210", joined(Line{Says: "wrong number, I'm not Maria", Answer: stopsAll})},
		{"stops one topic of another number", "+12065550211", joined(
			Line{To: toOrders, Says: "ORDERS", Answer: "Text YES to join Example Corp. orders."},
			Line{To: toOrders, Says: "y", Answer: "You're subscribed to Example Corp. orders."},
			Line{Says: "STOP orders", Answer: "STOP: You're unsubscribed from Example Corp. orders."},
		)},
		{"comes back by START", "+12065550212", joined(Line{Says: "stop", Answer: stops}, Line{Says: "START", Answer: asks}, Line{Says: "YES", Answer: welcomes})},
		{"comes back by YES", "+12065550213", joined(Line{Says: "stop", Answer: stops}, Line{Says: "yes", Answer: asks})},
		{"uses the words and means something else", "+12065550214", joined(
			Line{Says: "I'll stop by on Sunday"}, Line{Says: "please cancel my order 4711"},
			Line{Says: "don't stop sending these!"},
		)},
		{"cannot be understood for sure", "+12065550215", joined(Line{Says: "stop it or maybe later", Answer: "Example Corp.:"}, Line{Says: "well stop maybe"})},
		{"writes Spanish", "+12065550216", joined(Line{Says: "BAJA", Answer: "STOP: "})},
		{"writes French", "+12065550217", joined(Line{Says: "ARRÊT", Answer: "STOP : "})},
		{"wants to choose", "+12065550218", joined(Line{Says: "PREFS", Answer: "Example Corp.: choose at http"})},
		{"is a robot", "+12065550219", []Line{
			{Says: "HELP", Answer: helps},
			{Says: "HELP", Answer: helps},
			{Says: "HELP", Answer: helps},
			{Says: "HELP", Answer: helps},
			{Says: "HELP", Answer: helps},
			{Says: "HELP", Answer: helps},
			{Says: "HELP"},
			{Says: "HELP"},
		}},
		{"says YES too late", "+12065550220", []Line{
			{Says: "JOIN", Answer: asks},
			{Wait: 25 * time.Hour, Says: "YES", Answer: "Your request to join Example Corp. alerts"},
			{Says: "JOIN", Answer: asks},
		}},
	}
}
