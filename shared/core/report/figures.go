// Package report is what one run of the audit found among everybody there is: figures, what they were the time before,
// and what to do next.
//
// The figures of a run are counted in parts, one for each share of the people, and added up. However the people were
// shared out, and in whatever order the parts are added, the sum is the same.
package report

import (
	"maps"
	"time"

	"smsconsent/shared/core/consent"
)

// Figures is what was counted among some of the people. None of it names a person: the cases of the findings hold
// masked numbers. The zero value is nobody's.
type Figures struct {
	People      int `json:"people"`      // contacts that were looked at
	Unreadable  int `json:"unreadable"`  // contacts that are stored and cannot be read
	Subscribed  int `json:"subscribed"`  // people on one list at least
	Unreachable int `json:"unreachable"` // people whose phone takes no texts, or none for long

	Receipts  Receipts         `json:"receipts"`
	All       Tally            `json:"all"`              // each text, opt-out and sign-up once
	Topics    map[string]Topic `json:"topics,omitempty"` // by "<brand>/<topic>"; a text about two topics is in both
	Campaigns Campaigns        `json:"campaigns"`
	Findings  map[Kind]Finding `json:"findings,omitempty"`
	Done      map[Action]int   `json:"done,omitempty"` // what the run itself did
}

// Receipts is what was heard of the texts handed over one to three days before. A single text may have to wait so long
// for its receipt; where none has come for any, none comes at all.
type Receipts struct {
	Due     int `json:"due"`     // texts
	Missing int `json:"missing"` // of which no delivery event has come
}

// None reports whether there were texts and nothing was heard of any.
func (r Receipts) None() bool { return r.Due > 0 && r.Missing == r.Due }

// Topic is what was counted of one topic.
type Topic struct {
	States map[consent.State]int `json:"states,omitempty"` // people by where they stand
	Tiers  map[consent.Tier]int  `json:"tiers,omitempty"`  // subscribed people of a promotional topic by how often they are texted
	Tally
}

// Tally is texts, the opt-outs that followed them, and how the list grew.
type Tally struct {
	Texts   Texts            `json:"texts"`
	OptOuts int              `json:"optOuts"`
	Months  map[string]Month `json:"months,omitempty"` // by month in UTC, such as "2026-11"
}

// Texts is what became of texts. Sent is those handed over: Delivered, Undelivered, Waiting and Unknown add up to it.
type Texts struct {
	Sent        int            `json:"sent"`
	Delivered   int            `json:"delivered"`
	Undelivered int            `json:"undelivered"`
	Waiting     int            `json:"waiting"`           // no delivery receipt has come yet
	Unknown     int            `json:"unknown"`           // nobody can know whether they went out
	Rejected    int            `json:"rejected"`          // the carrier would not take them
	Withheld    int            `json:"withheld"`          // never handed to the carrier
	Unwanted    int            `json:"unwanted"`          // of Undelivered: the carrier took them for spam or blocked them
	Reasons     map[string]int `json:"reasons,omitempty"` // Undelivered, Unknown and Rejected by what AWS said
}

// Month is what happened in one month. All but the texts is people; one who came twice counts twice.
type Month struct {
	Requested int `json:"requested"` // asked to join
	Joined    int `json:"joined"`    // came onto the list, by YES or START, or a telling
	Left      int `json:"left"`      // left it, for whatever reason
	OptedOut  int `json:"optedOut"`  // said stop to what they were subscribed to
	Removed   int `json:"removed"`   // were taken off what they were subscribed to
	Lapsed    int `json:"lapsed"`    // did not answer the request in time
	Sent      int `json:"sent"`      // texts handed over
}

func (m Month) plus(o Month) Month {
	return Month{
		m.Requested + o.Requested, m.Joined + o.Joined, m.Left + o.Left, m.OptedOut + o.OptedOut,
		m.Removed + o.Removed, m.Lapsed + o.Lapsed, m.Sent + o.Sent,
	}
}

func (t Texts) plus(o Texts) Texts {
	return Texts{
		t.Sent + o.Sent, t.Delivered + o.Delivered, t.Undelivered + o.Undelivered, t.Waiting + o.Waiting,
		t.Unknown + o.Unknown, t.Rejected + o.Rejected, t.Withheld + o.Withheld, t.Unwanted + o.Unwanted,
		sum(t.Reasons, o.Reasons),
	}
}

func (t Tally) plus(o Tally) Tally {
	return Tally{t.Texts.plus(o.Texts), t.OptOuts + o.OptOuts, merge(t.Months, o.Months, Month.plus)}
}

func (t Topic) plus(o Topic) Topic {
	return Topic{sum(t.States, o.States), sum(t.Tiers, o.Tiers), t.Tally.plus(o.Tally)}
}

// Plus returns the figures of both, whose people must be different ones.
func (f Figures) Plus(o Figures) Figures {
	return Figures{
		People:      f.People + o.People,
		Unreadable:  f.Unreadable + o.Unreadable,
		Subscribed:  f.Subscribed + o.Subscribed,
		Unreachable: f.Unreachable + o.Unreachable,
		Receipts:    Receipts{f.Receipts.Due + o.Receipts.Due, f.Receipts.Missing + o.Receipts.Missing},
		All:         f.All.plus(o.All),
		Topics:      merge(f.Topics, o.Topics, Topic.plus),
		Campaigns:   f.Campaigns.plus(o.Campaigns),
		Findings:    merge(f.Findings, o.Findings, Finding.plus),
		Done:        sum(f.Done, o.Done),
	}
}

// Did counts what the run itself did: n times.
func (f *Figures) Did(a Action, n int) {
	if n > 0 {
		f.Done = sum(f.Done, map[Action]int{a: n})
	}
}

// Found notes a finding about one person. mended tells that the run has put it right.
func (f *Figures) Found(k Kind, c Case, mended bool) {
	one := Finding{Count: 1, Cases: []Case{c}}
	if mended {
		one.Mended = 1
	}
	f.Findings = merge(f.Findings, map[Kind]Finding{k: one}, Finding.plus)
}

// merge returns a map with the values of both, added where both have one. Neither is changed.
func merge[K comparable, V any](a, b map[K]V, plus func(V, V) V) map[K]V {
	if len(b) == 0 {
		return a
	}
	all := make(map[K]V, max(len(a), len(b)))
	maps.Copy(all, a)
	for key, v := range b {
		if before, ok := all[key]; ok {
			v = plus(before, v)
		}
		all[key] = v
	}
	return all
}

func sum[K comparable](a, b map[K]int) map[K]int {
	return merge(a, b, func(x, y int) int { return x + y })
}

func month(at time.Time) string { return at.UTC().Format("2006-01") }
