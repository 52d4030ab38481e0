package program

import (
	"fmt"
	"strconv"
	"strings"
)

// Limits is how many of a topic's texts may go wrong before its campaigns are paused. The zero Limits pauses nothing.
type Limits struct {
	OptOuts     Share // of the texts whose fate is known: people who answered STOP
	Undelivered Share // texts that did not arrive
	Complaints  Share // texts a carrier called spam
	Least       int   // texts whose fate must be known before any share says anything
}

// usualLimits stop what is plainly wrong and leave alone what is not. Carriers look into a sender from some 3 % of
// opt-outs on; a list of which a tenth is dead was not kept; one complaint in two hundred is many, for few complain.
func usualLimits() Limits {
	return Limits{OptOuts: 3 * percent, Undelivered: 10 * percent, Complaints: percent / 2, Least: 50}
}

// Share is a part of a whole, in hundredths of a percent.
type Share int

const (
	percent Share = 100
	whole         = 100 * percent
)

// String returns the share as people write it, such as "0.5%".
func (s Share) String() string {
	return strconv.FormatFloat(float64(s)/float64(percent), 'f', -1, 64) + "%"
}

// Exceeded reports whether part of all is more than the share.
func (s Share) Exceeded(part, all int) bool { return part*int(whole) > int(s)*all }

const mostLeast = 1_000_000 // texts

// limits reads how many of a topic's texts may go wrong; the usual ones for what is left out.
func (d *decoder) limits(f field) Limits {
	l := usualLimits()
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
		if err != nil || n < 1 || n > mostLeast {
			d.fail(least, "%q: write from how many texts on a share counts, 1 to %d", text, mostLeast)
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
	if !ok || err != nil || !madeOf(number, digits+".", 1, 6) || s < 1 || s > whole {
		d.fail(f, "%q: write a share from 0.01%% to 100%%, such as 3%%", text)
		return
	}
	*to = s
}

// Why tells what is above which limit, such as "opt-outs: 5 of 96 texts, limit 3%".
func (s Share) Why(what string, part, all int) string {
	return fmt.Sprintf("%s: %d of %d texts, limit %s", what, part, all, s)
}
