package campaign

import (
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

// minPeople is the least number of people for any share. One blocked phone, or one person who complains, pauses no
// campaign.
const minPeople = 3

// Fates is the known outcomes of a campaign's texts. Each text went to another person (I2).
type Fates struct {
	Delivered   int `json:"delivered"`
	Undelivered int `json:"undelivered"`
	Complaints  int `json:"complaints"` // undelivered texts that a carrier called spam
	OptOuts     int `json:"optouts"`    // people who answered STOP
}

// FatesOf returns the outcome of one text as Fates, all zero while it is unknown.
func FatesOf(f consent.Fate) Fates {
	var one Fates
	switch f.Status {
	case consent.Delivered:
		one.Delivered = 1
	case consent.Undelivered:
		one.Undelivered = 1
	default:
	}
	if f.Spam {
		one.Complaints = 1
	}
	return one
}

// Add returns the sum of both.
func (f Fates) Add(o Fates) Fates {
	return Fates{
		f.Delivered + o.Delivered, f.Undelivered + o.Undelivered, f.Complaints + o.Complaints, f.OptOuts + o.OptOuts,
	}
}

// Tally is the outcomes of a campaign's texts. Answered is how many of them an earlier pause has dealt with.
type Tally struct {
	All      Fates
	Answered Fates
}

// Exceeds reports whether more of the campaign's texts went wrong, since its last pause, than the topic's limits
// allow. why describes the limit that was exceeded.
func (t Tally) Exceeds(l program.Limits) (why string, exceeds bool) {
	f := t.All.Add(Fates{-t.Answered.Delivered, -t.Answered.Undelivered, -t.Answered.Complaints, -t.Answered.OptOuts})
	known := f.Delivered + f.Undelivered
	if l.Least == 0 || known < l.Least {
		return "", false
	}
	for _, of := range []struct {
		what  string
		n     int
		limit program.Share
	}{
		{"complaints of spam", f.Complaints, l.Complaints},
		{"opt-outs", f.OptOuts, l.OptOuts},
		{"undelivered", f.Undelivered, l.Undelivered},
	} {
		if of.n >= minPeople && of.limit.Exceeded(of.n, known) {
			return of.limit.Why(of.what, of.n, known), true
		}
	}
	return "", false
}
