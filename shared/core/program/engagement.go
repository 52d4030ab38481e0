package program

import (
	"slices"
	"time"
)

// Sign is what shows that a person reads the texts of a topic.
type Sign string

// The signs a topic may count.
const (
	SignReply Sign = "reply" // a text from the phone that wants nothing to end
	SignClick Sign = "click" // a link in a text was followed
	SignEvent Sign = "event" // a site or a shop says so
)

// Signs lists them all.
func Signs() []Sign { return []Sign{SignReply, SignClick, SignEvent} }

// Engagement says when people who show no sign of reading a promotional topic get less of it, and in the end nothing.
// The zero Engagement moves nobody.
type Engagement struct {
	Signs       []Sign        // those that count; nil for all
	Digest      Patience      // with the regular texts, before only digests go out
	Ask         Patience      // with the digests, before the person is asked whether they still want them
	RemoveAfter time.Duration // the person may take to answer that
}

// Patience is how long, and with how many chances to show it, a person may show no sign. Both must be used up.
type Patience struct {
	Chances int
	For     time.Duration
}

// IsOff reports whether the topic moves nobody.
func (e *Engagement) IsOff() bool { return e.Digest.For == 0 }

// Counts reports whether the sign counts for the topic.
func (e *Engagement) Counts(s Sign) bool { return e.Signs == nil || slices.Contains(e.Signs, s) }

// UsedUp reports whether somebody has had all the chances and all the time.
func (p Patience) UsedUp(chances int, since, now time.Time) bool {
	return chances >= p.Chances && now.Sub(since) >= p.For
}
