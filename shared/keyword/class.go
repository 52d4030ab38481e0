package keyword

import "math/bits"

// class is a set of what a word may be in a sentence. The files of lang give words their classes by name; a rule names them in
// capitals.
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
	contact // text, message, write to: done to a person
	send    // send: done with texts and with parcels
	call    // call, ring
	bother  // harass, annoy: nobody asks for it
	message // texts, messages, ads
	crap    // what angry people call them
	receive // get, receive, hear
	list    // list, database
	number  // number, phone, name

	// Who, what and how.
	me
	my
	self // I, we
	you
	third // he, she, my boss: somebody we are told about
	this
	all
	more
	neg // goes with verbs
	no  // goes with things
	want
	ask // can, could, would
	must
	said
	conditional // if
	how
	aux   // do, does, will, when
	and   // what begins another thought
	det   // a, the, next: what makes "stop" a place
	thing // order, appointment: what else is cancelled and removed
	when  // before, Monday, night
	signup
	consent
	tired
	spam
	leave
	away // go away, enough: what is said for "stop"
	less
	wrong
	person
	name
	threat
	law

	// What may stand beside anything.
	please
	hello
	filler
	joy

	// The keywords of the other kinds.
	yes
	help
	start
	join
	prefs

	signature // begins what a mail program adds

	// What is seen in the text itself.
	unknown // in none of the languages
	gerund  // unknown, and ends in -ing
	digits  // a number
	shouted // in capitals, where the rest of the message is not
	topical // the name of a topic
)

// classNames are the names of the classes, in the order of their bits.
var classNames = [...]string{
	"stop", "unsub", "gone", "cancel", "remove", "take", "contact", "send", "call", "bother", "message", "crap", "receive", "list",
	"number", "me", "my", "self", "you", "third", "this", "all", "more", "neg", "no", "want", "ask", "must", "said", "if", "how", "aux",
	"and", "det", "thing", "when", "signup", "consent", "tired", "spam", "leave", "away", "less", "wrong", "person", "name", "threat",
	"law", "please", "hello", "filler", "joy", "yes", "help", "start", "join", "prefs", "signature", "unknown", "gerund", "digits",
	"shouted", "topic",
}

// closing are the classes of words that change nothing about a STOP beside them.
const closing = stop | unsub | cancel | remove | me | my | this | all | more | message | crap | please | hello | filler | number |
	topical | yes | help | start | join | prefs

// each calls f with the number of each class in the set.
func (c class) each(f func(int)) {
	for ; c != 0; c &= c - 1 {
		f(bits.TrailingZeros64(uint64(c)))
	}
}
