package program

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
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

// OtherChannels says what becomes of a text whose content another channel sent lately.
type OtherChannels struct {
	Within time.Duration // lately
	Skip   bool          // the person does not get the text at all, rather than when that time is over
}

// IsOff reports whether the topic moves nobody.
func (e *Engagement) IsOff() bool { return e.Digest.For == 0 }

// Counts reports whether the sign counts for the topic.
func (e *Engagement) Counts(s Sign) bool { return e.Signs == nil || slices.Contains(e.Signs, s) }

// UsedUp reports whether somebody has had all the chances and all the time.
func (p Patience) UsedUp(chances int, since, now time.Time) bool {
	return chances >= p.Chances && now.Sub(since) >= p.For
}

// String returns the patience as programs.yaml spells it, such as "6 chances and 90 days".
func (p Patience) String() string {
	if p.Chances == 1 {
		return "1 chance and " + Days(p.For)
	}
	return strconv.Itoa(p.Chances) + " chances and " + Days(p.For)
}

// Days returns a span of whole days in words, such as "90 days".
func Days(d time.Duration) string {
	if d == day {
		return "1 day"
	}
	return strconv.Itoa(int(d/day)) + " days"
}

// The values where programs.yaml gives none.
const (
	day = 24 * time.Hour

	usualWithin      = day
	usualGap         = 4 * time.Hour
	usualRemoveAfter = 30 * day
)

func usualDigest() Patience { return Patience{Chances: 6, For: 90 * day} }

func usualAsk() Patience { return Patience{Chances: 3, For: 90 * day} }

// engagement reads when whom a promotional topic bores gets less of it. What is left out has its usual value.
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
		Digest:      d.patience(o.get("digest_after"), usualDigest()),
		Ask:         d.patience(o.get("ask_after"), usualAsk()),
		RemoveAfter: d.days(o.get("remove_after"), usualRemoveAfter, 7, 30),
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

// patience reads "6 chances and 90 days".
func (d *decoder) patience(f field, usual Patience) Patience {
	text := d.text(f)
	if text == "" {
		return usual
	}
	var p Patience
	chances, span, found := strings.Cut(text, " and ")
	count, ok := wholeBefore(chances, " chances", " chance")
	p.Chances = count
	days, isDays := wholeBefore(span, " days", " day")
	p.For = time.Duration(days) * day
	if !found || !ok || !isDays || count < 1 || count > 100 || days < 7 || days > 730 {
		d.fail(f, `%q: write "6 chances and 90 days": 1 to 100 chances, 7 to 730 days`, text)
	}
	return p
}

// days reads "30 days".
func (d *decoder) days(f field, usual time.Duration, least, most int) time.Duration {
	text := d.text(f)
	if text == "" {
		return usual
	}
	n, ok := wholeBefore(text, " days", " day")
	if !ok || n < least || n > most {
		d.fail(f, `%q: write %d to %d days, such as "%d days"`, text, least, most, int(usual/day))
	}
	return time.Duration(n) * day
}

// wholeBefore reads a whole number before one of the words.
func wholeBefore(text string, words ...string) (int, bool) {
	for _, w := range words {
		if digits, ok := strings.CutSuffix(text, w); ok {
			n, err := strconv.Atoi(digits)
			return n, err == nil
		}
	}
	return 0, false
}

// otherChannels reads what becomes of a text whose content another channel sent.
func (d *decoder) otherChannels(f field) OtherChannels {
	o := d.object(f, "within", "then")
	other := OtherChannels{Within: usualWithin}
	if at := o.get("within"); at.node != nil {
		text := d.text(at)
		within, err := time.ParseDuration(text)
		if err != nil || within < time.Hour || within > 7*day {
			d.fail(at, "%q: write how long what another channel sent counts as said, 1h to 168h, such as 24h", text)
		}
		other.Within = within
	}
	other.Skip = d.choice(o.get("then"), "wait", "skip") == "skip"
	return other
}

// leastGap reads how long a person is left alone between two promotional texts.
func (d *decoder) leastGap(f field) time.Duration {
	if f.node == nil {
		return usualGap
	}
	text := d.text(f)
	if text == "none" {
		return 0
	}
	gap, err := time.ParseDuration(text)
	if err != nil || gap < time.Minute || gap > 7*day {
		d.fail(f, "%q: write the least time between two promotional texts to one person, 1m to 168h such as 4h, or none", text)
	}
	return gap
}
