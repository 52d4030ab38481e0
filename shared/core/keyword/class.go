package keyword

import "math/bits"

// class is a set of what a word may be in a sentence. The files of lang give words their classes by name; a rule
// names them in capitals.
type class uint64

const (
	// What by itself ends the texts.
	stop   class = 1 << iota // stop, quit: said of many things, above all of texts
	unsub                    // unsubscribe, opt out: said of little else
	gone                     // unsubscribed, opted out: what is done already
	cancel                   // cancel, end: said of orders and weekends too
	remove                   // remove, delete: what is done to an entry in a list
	take                     // take, get: the same with "off" or "out" behind it

	// What is to end.
	contact // text, message, write to: what is done to a person
	send    // send: what is done with texts, and with parcels
	call    // call, ring
	bother  // harass, annoy: what nobody asks for
	message // texts, messages, ads
	crap    // what angry people call them
	receive // get, receive, hear
	list    // list, database
	number  // number, phone, data

	// Who, what and how.
	me          // me, us
	my          // my, your, this: what stands before a thing of somebody
	self        // I, we
	you         // you, you people
	third       // he, she, my boss: somebody we are told about
	this        // this, it, these
	all         // all, everything
	more        // more, again, ever
	neg         // not, never: goes with verbs
	no          // no: goes with things
	want        // want, wish, need
	ask         // can, could, would
	must        // must, should, going to
	said        // said, told, replied
	conditional // if, when
	how         // how, where
	aux         // do, does, will
	and         // and, but, because: what begins another thought
	det         // a, the, next: what makes "stop" a place
	thing       // order, appointment: what else is stopped, cancelled and removed
	when        // before, Monday, night
	signup      // signed up, agreed, asked for
	consent     // consent, permission
	tired       // tired, sick of
	spam        // spam, junk
	leave       // leave, let
	away        // go away, enough already: what is said for "stop"
	less        // less, fewer
	keen        // interested, interest
	wrong       // wrong
	person      // person, guy
	name        // John, Maria
	threat      // sue, report
	law         // lawyer, FCC

	// What may stand beside anything.
	please // please, thanks, 🙏
	hello  // hi, ok, bro: what comes first
	filler // now, damn, 😡
	joy    // lol, 😂, cute: what says that STOP was a joke

	// The keywords of the other kinds.
	yes
	help
	start
	join
	prefs

	act // talk, go, buy: what people do, and makes what follows about something else

	// What is seen in the text itself.
	unknown // in none of the languages
	gerund  // unknown, English, and ends in -ing
	digits  // a number
	shouted // in capitals, where the rest of the message is not
	topical // the name of a topic
)

// classNames are the names of the classes, in the order of their bits.
var classNames = [...]string{
	"stop", "unsub", "gone", "cancel", "remove", "take", "contact", "send", "call", "bother", "message", "crap",
	"receive", "list",
	"number", "me", "my", "self", "you", "third", "this", "all", "more", "neg", "no", "want", "ask", "must", "said",
	"if", "how", "aux",
	"and", "det", "thing", "when", "signup", "consent", "tired", "spam", "leave", "away", "less", "keen", "wrong",
	"person", "name", "threat",
	"law", "please", "hello", "filler", "joy", "yes", "help", "start", "join", "prefs", "act", "unknown", "gerund",
	"digits",
	"shouted", "topic",
}

// closing are the classes of words that change nothing about a STOP beside them.
const closing = stop | unsub | cancel | remove | me | my | this | all | more | message | crap |
	please | hello | filler | number | topical | yes | help | start | join | prefs

// each calls f with the number of each class in the set.
func (c class) each(f func(int)) {
	for ; c != 0; c &= c - 1 {
		f(bits.TrailingZeros64(uint64(c)))
	}
}
