package signup

import (
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// Opening returns from when the phone may be asked, which is the request's own time where it may be asked now. A
// person who filled in a form a moment ago waits for the text. A person who signed a sheet of paper last week does
// not, and gets it within the permitted hours of every place the phone may be in, by what its own YES confirmed and
// by what the request says. The error wraps jurisdiction.ErrNeverOpen where no time suits them all.
func (q Question) Opening(g Gate, own phone.Told) (time.Time, error) {
	p := g.Asking(&consent.Contact{Key: q.Key, Told: own}, q.Told)
	if !q.Late || p.Hours == nil {
		// In a place where the brand sends no texts, the gate refuses this one.
		return q.At, nil
	}
	return p.Opening(q.At)
}
