package vouched

import (
	"slices"
	"time"

	"smsconsent/shared/consent"
	"smsconsent/shared/gate"
	"smsconsent/shared/jurisdiction"
	"smsconsent/shared/phone"
)

// horizon is how far ahead an opening is looked for.
const horizon = 14 * 24 * time.Hour

// Opening is from when the phone may be asked, which is the request's own time where it may be now, and until when; zero for no end.
// Whoever filled in a form a moment ago waits for the text. Whoever signed a sheet of paper last week does not, and gets it within the
// permitted hours of every place the phone may be in, by what its own YES stands behind and by what the request says. The error wraps
// jurisdiction.ErrNeverOpen where no hour suits them all.
func (q Question) Opening(g Gate, own phone.Told) (opens, closes time.Time, err error) {
	opens = q.At
	if q.Said.JustNow(q.At) {
		return opens, closes, nil
	}
	var people []gate.Person
	for _, told := range slices.Compact([]phone.Told{own, q.Told}) {
		// Where the brand sends no texts the gate refuses this one.
		if p := g.Person(&consent.Contact{Key: q.Key, Told: told}); p.Hours != nil {
			people = append(people, p)
		}
	}
	for opens.Sub(q.At) < horizon {
		at := opens
		for _, p := range people {
			if at, err = p.Opening(at); err != nil {
				return opens, closes, err
			}
		}
		if at.Equal(opens) {
			return opens, earliestClose(people, opens), nil
		}
		opens = at
	}
	return opens, closes, jurisdiction.ErrNeverOpen
}

func earliestClose(people []gate.Person, opens time.Time) (closes time.Time) {
	for _, p := range people {
		if at := p.Hours.ClosesAt(opens); closes.IsZero() || at.Before(closes) {
			closes = at
		}
	}
	return closes
}
