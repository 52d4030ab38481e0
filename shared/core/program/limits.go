package program

import (
	"fmt"
	"strconv"
	"strings"
)

// Limits is how many of a topic's texts may go wrong before its campaigns are paused. The zero Limits never pauses.
type Limits struct {
	OptOuts     Share // people who answered STOP, as a share of the texts with a known outcome
	Undelivered Share // texts that did not arrive, likewise
	Complaints  Share // texts that a carrier called spam, likewise
	Least       int   // texts that must have a known outcome before any share counts
}

// defaultLimits returns limits that only clear trouble exceeds. Carriers look into senders with about 3 % opt-outs.
// Where a tenth of the texts does not arrive, the list was not kept up. Few people complain, so one complaint in 200
// is many.
func defaultLimits() Limits {
	return Limits{OptOuts: 3 * percent, Undelivered: 10 * percent, Complaints: percent / 2, Least: 50}
}

// Share is a part of a whole, in hundredths of a percent.
type Share int

const (
	percent Share = 100
	whole         = 100 * percent
)

// String returns the share in percent, such as "0.5%".
func (s Share) String() string {
	return strconv.FormatFloat(float64(s)/float64(percent), 'f', -1, 64) + "%"
}

// Exceeded reports whether part is a larger share of all.
func (s Share) Exceeded(part, all int) bool { return part*int(whole) > int(s)*all }

const maxLeast = 1_000_000 // texts

// limits reads the limits of a topic. A field that is left out has its default.
func (d *decoder) limits(f field) Limits {
	l := defaultLimits()
	if f.node == nil {
		return l
	}
	o := d.object(f, "optouts", "undeliverable", "complaints", "least")
	d.share(o.get("optouts"), &l.OptOuts)
	d.share(o.get("undeliverable"), &l.Undelivered)
	d.share(o.get("complaints"), &l.Complaints)
	if least := o.get("least"); least.node != nil {
		text := d.text(least)
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxLeast {
			d.fail(least, "%q: write from how many texts on a share counts, 1 to %d", text, maxLeast)
		}
		l.Least = n
	}
	return l
}

func (d *decoder) share(f field, to *Share) {
	if f.node == nil {
		return
	}
	text := d.text(f)
	number, ok := strings.CutSuffix(text, "%")
	p, err := strconv.ParseFloat(number, 64)
	s := Share(p*float64(percent) + 0.5) //nolint:mnd // to the nearest hundredth
	if !ok || err != nil || !consistsOf(number, digits+".", 1, 6) || s < 1 || s > whole {
		d.fail(f, "%q: write a share from 0.01%% to 100%%, such as 3%%", text)
		return
	}
	*to = s
}

// Why describes an exceeded limit, such as "opt-outs: 5 of 96 texts, limit 3%".
func (s Share) Why(what string, part, all int) string {
	return fmt.Sprintf("%s: %d of %d texts, limit %s", what, part, all, s)
}
