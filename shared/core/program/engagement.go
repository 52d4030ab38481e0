package program

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Sign is an action that shows that a person reads the texts of a topic.
type Sign string

// The signs a topic may count.
const (
	SignReply Sign = "reply" // a text from the person that is no opt-out
	SignClick Sign = "click" // a click on a link in a text
	SignEvent Sign = "event" // an action that a web site or shop reported
)

// Signs returns all signs.
func Signs() []Sign { return []Sign{SignReply, SignClick, SignEvent} }

// Engagement says when a person who shows no sign of reading a promotional topic gets less of it: first only digests,
// then a question whether they still want them, then nothing. The zero Engagement changes nothing for anybody.
type Engagement struct {
	Signs       []Sign        // the signs that count; nil for all
	Digest      Patience      // with regular texts, until only digests are sent
	Ask         Patience      // with digests, until the person is asked
	RemoveAfter time.Duration // time to answer the question, until the person is removed
}

// Patience is how long, and for how many chances to show a sign, a person may show none. Both must have passed.
type Patience struct {
	Chances int
	For     time.Duration
}

// IsOff reports whether a missing sign changes nothing.
func (e *Engagement) IsOff() bool { return e.Digest.For == 0 }

// Counts reports whether the sign counts for the topic.
func (e *Engagement) Counts(s Sign) bool { return e.Signs == nil || slices.Contains(e.Signs, s) }

// UsedUp reports whether a person had all the chances, and all the time since since.
func (p Patience) UsedUp(chances int, since, now time.Time) bool {
	return chances >= p.Chances && now.Sub(since) >= p.For
}

// String returns the patience as programs.yaml writes it, such as "6 chances and 90 days".
func (p Patience) String() string {
	if p.Chances == 1 {
		return "1 chance and " + Days(p.For)
	}
	return strconv.Itoa(p.Chances) + " chances and " + Days(p.For)
}

// Days formats a duration of whole days, such as "90 days".
func Days(d time.Duration) string {
	if d == day {
		return "1 day"
	}
	return strconv.Itoa(int(d/day)) + " days"
}

// The values where programs.yaml gives none.
const (
	day = 24 * time.Hour

	defaultWithin      = day
	defaultGap         = 4 * time.Hour
	defaultRemoveAfter = 30 * day
)

func defaultDigest() Patience { return Patience{Chances: 6, For: 90 * day} }

func defaultAsk() Patience { return Patience{Chances: 3, For: 90 * day} }

// engagement reads an Engagement. A field that is left out has its default. A topic that is not promotional has none.
func (d *decoder) engagement(f field, class Class) Engagement {
	if class != Promotional {
		d.rejectField(f, "only a promotional topic has it: nobody gets fewer texts about their own orders")
		return Engagement{}
	}
	if _, word := f.node.(*ast.StringNode); word {
		if text := d.text(f); text != "off" {
			d.fail(f, "%q: write off, or the fields signs, digest_after, ask_after and remove_after", text)
		}
		return Engagement{}
	}
	o := d.object(f, "signs", "digest_after", "ask_after", "remove_after")
	return Engagement{
		Signs:       d.signs(o.get("signs")),
		Digest:      d.patience(o.get("digest_after"), defaultDigest()),
		Ask:         d.patience(o.get("ask_after"), defaultAsk()),
		RemoveAfter: d.days(o.get("remove_after"), defaultRemoveAfter, 7, 30),
	}
}

func (d *decoder) signs(f field) []Sign {
	var signs []Sign
	for _, at := range d.list(f) {
		sign := Sign(d.text(at))
		if !slices.Contains(Signs(), sign) || slices.Contains(signs, sign) {
			d.fail(at, "%q: write each of reply, click and event once at most", sign)
		}
		signs = append(signs, sign)
	}
	if f.node != nil && len(signs) == 0 {
		d.fail(f, "names no sign; write for example [reply, click, event], or engagement: off")
	}
	return signs
}

// patience reads a Patience such as "6 chances and 90 days".
func (d *decoder) patience(f field, fallback Patience) Patience {
	text := d.text(f)
	if text == "" {
		return fallback
	}
	var p Patience
	chances, span, found := strings.Cut(text, " and ")
	count, ok := numberBefore(chances, " chances", " chance")
	p.Chances = count
	days, isDays := numberBefore(span, " days", " day")
	p.For = time.Duration(days) * day
	if !found || !ok || !isDays || count < 1 || count > 100 || days < 7 || days > 730 {
		d.fail(f, `%q: write "6 chances and 90 days": 1 to 100 chances, 7 to 730 days`, text)
	}
	return p
}

// days reads a number of days such as "30 days", from least to most.
func (d *decoder) days(f field, fallback time.Duration, least, most int) time.Duration {
	text := d.text(f)
	if text == "" {
		return fallback
	}
	n, ok := numberBefore(text, " days", " day")
	if !ok || n < least || n > most {
		d.fail(f, `%q: write %d to %d days, such as "%d days"`, text, least, most, int(fallback/day))
	}
	return time.Duration(n) * day
}

// numberBefore reads a whole number that is followed by one of the words.
func numberBefore(text string, words ...string) (int, bool) {
	for _, w := range words {
		if digits, ok := strings.CutSuffix(text, w); ok {
			n, err := strconv.Atoi(digits)
			return n, err == nil
		}
	}
	return 0, false
}
