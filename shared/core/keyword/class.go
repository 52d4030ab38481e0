package keyword

import "math/bits"

// class is a set of the roles a word may have in a sentence. The files of lang give classes to words by name, and
// rules name classes in capitals.
type class uint64

const (
	// Words that alone may end the texts.
	stop   class = 1 << iota // stop, quit: said of many things, above all of texts
	unsub                    // unsubscribe, opt out: hardly said of anything else
	gone                     // unsubscribed, opted out: already done
	cancel                   // cancel, end: said of orders and weekends too
	remove                   // remove, delete: done to an entry in a list
	take                     // take, get: the same with "off" or "out" after it

	// What should end.
	contact // text, message, write to: done to a person
	send    // send: done with texts, and with parcels
	call    // call, ring
	bother  // harass, annoy
	message // texts, messages, ads
	crap    // what angry people call texts
	receive // get, receive, hear
	list    // list, database
	number  // number, phone, data

	// Who, what and how.
	me          // me, us
	my          // my, your, this
	self        // I, we
	you         // you, you people
	third       // he, she, my boss: somebody else
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
	and         // and, but, because: begins another thought
	det         // a, the, next: makes "stop" a place
	thing       // order, appointment: other things that are stopped, cancelled and removed
	when        // before, Monday, night
	signup      // signed up, agreed, asked for
	consent     // consent, permission
	tired       // tired, sick of
	spam        // spam, junk
	leave       // leave, let
	away        // go away, enough already: means "stop"
	less        // less, fewer
	keen        // interested, interest
	wrong       // wrong
	person      // person, guy
	name        // John, Maria
	threat      // sue, report
	law         // lawyer, FCC

	// Words that may stand beside anything.
	please // please, thanks, 🙏
	hello  // hi, ok, bro: begins a message
	filler // now, damn, 😡
	joy    // lol, 😂, cute: shows that STOP was a joke

	// The keywords of the other kinds.
	yes
	help
	start
	join
	prefs

	act // talk, go, buy: what people do; what follows is then about something else

	// Classes that come from the text itself.
	unknown // in none of the languages
	gerund  // unknown, in English, and ends in -ing
	digits  // a number
	shouted // in capitals, unlike the rest of the message
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
