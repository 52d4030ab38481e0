// Package conversation holds sample conversations with the programs of the shipped programs.yaml, to be played on the
// local stack.
package conversation

import (
	"cmp"
	"strings"
	"time"
)

// Conversation is one way in which people talk to a program. Each is played on its own phone, so that the console
// shows it.
type Conversation struct {
	Case  string // what it shows
	Phone string // E.164
	Lines []Line
}

// Line is one text from the person, and the answer to it.
type Line struct {
	Wait   time.Duration // how far the clock is moved before the text; at least a second
	To     string        // the number texted
	Says   string
	Answer string // how the answer begins; empty where there is none
}

// Matches reports whether the texts that came back are the expected answer, or none where none is expected.
func (l Line) Matches(back []string) bool {
	if l.Answer == "" {
		return len(back) == 0
	}
	return len(back) == 1 && strings.HasPrefix(back[0], l.Answer)
}

// The numbers that the conversations text, from the shipped programs.yaml.
const (
	toAlerts = "+12065550100"
	toOrders = "+12065550101"
)

// The beginnings of the answers of the shipped programs.
const (
	asks     = "Text YES to join Example Corp. alerts."
	welcomes = "You're subscribed to Example Corp. alerts."
	stops    = "STOP: You're unsubscribed from Example Corp. alerts."
	stopsAll = "STOP: You're unsubscribed from all Example Corp. messages."
	helps    = "HELP: Example Corp. alerts: email help@example.com or call XXX-555-0199."
)

// All returns the conversations of `smsconsent demo`. There is one for each kind of text and each answer.
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
