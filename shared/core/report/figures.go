// Package report makes the report of one audit: figures, findings, a comparison with the audit before, and what to do
// next. It looks at nobody: functions/audit reads the people and counts them here, with Figures.Add, Found and Did.
// New then makes the report, package reports stores it, and package reportpage shows it.
//
// An audit has parts, one for each share of the people, whose figures are added up by Plus. The sum does not depend
// on how the people are divided, nor on the order of the parts.
package report

import (
	"maps"
	"time"

	"smsconsent/shared/core/consent"
)

// Figures is what was counted among some people. It names nobody: findings have masked numbers. The zero value is for
// no people.
type Figures struct {
	People      int `json:"people"`      // contacts
	Unreadable  int `json:"unreadable"`  // contacts that cannot be decoded
	Subscribed  int `json:"subscribed"`  // people on at least one list
	Unreachable int `json:"unreachable"` // people whose phone takes no texts, or has not for a long time

	Receipts  Receipts         `json:"receipts"`
	All       Tally            `json:"all"`              // each text, opt-out and sign-up once
	Topics    map[string]Topic `json:"topics,omitempty"` // by "<brand>/<topic>"; a text about two topics is in both
	Campaigns Campaigns        `json:"campaigns"`
	Findings  map[Kind]Finding `json:"findings,omitempty"`
	Done      map[Action]int   `json:"done,omitempty"` // what the audit itself did
}

// Receipts is how many texts sent one to three days ago have a receipt. A single receipt may be that late. Where none
// has come for any text, something is wrong.
type Receipts struct {
	Due     int `json:"due"`     // texts sent one to three days ago
	Missing int `json:"missing"` // of those, texts without any delivery event
}

// None reports whether there were texts and none of them has a receipt.
func (r Receipts) None() bool { return r.Due > 0 && r.Missing == r.Due }

// Topic is what was counted for one topic.
type Topic struct {
	States map[consent.State]int `json:"states,omitempty"` // people by state
	Tiers  map[consent.Tier]int  `json:"tiers,omitempty"`  // subscribed people of a promotional topic by how often they are texted
	Tally
}

// Tally counts texts, the opt-outs that followed them, and how the list grew.
type Tally struct {
	Texts   Texts            `json:"texts"`
	OptOuts int              `json:"optOuts"`
	Months  map[string]Month `json:"months,omitempty"` // by month in UTC, such as "2026-11"
}

// Texts is the outcomes of texts. Sent is the sum of Delivered, Undelivered, Waiting and Unknown.
type Texts struct {
	Sent        int            `json:"sent"`
	Delivered   int            `json:"delivered"`
	Undelivered int            `json:"undelivered"`
	Waiting     int            `json:"waiting"`           // no delivery receipt has come yet
	Unknown     int            `json:"unknown"`           // it cannot be known whether they were sent
	Rejected    int            `json:"rejected"`          // the carrier did not accept them
	Withheld    int            `json:"withheld"`          // never handed to the carrier
	Unwanted    int            `json:"unwanted"`          // of Undelivered: the carrier called them spam or blocked them
	Reasons     map[string]int `json:"reasons,omitempty"` // Undelivered, Unknown and Rejected by AWS's reason
}

// Month is what happened in one month (UTC). All but Sent count people, and a person who joins twice counts twice.
type Month struct {
	Requested int `json:"requested"` // asked to join
	Joined    int `json:"joined"`    // came onto the list, by YES, START or being told
	Left      int `json:"left"`      // left it, for whatever reason
	OptedOut  int `json:"optedOut"`  // said STOP while subscribed
	Removed   int `json:"removed"`   // were removed while subscribed
	Lapsed    int `json:"lapsed"`    // did not answer the request in time
	Sent      int `json:"sent"`      // texts handed to the carrier
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

// Plus returns the sum. No person may be in both.
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

// Did counts n actions of the audit itself.
func (f *Figures) Did(a Action, n int) {
	if n > 0 {
		f.Done = sum(f.Done, map[Action]int{a: n})
	}
}

// Found adds a finding about one person. mended says that the audit has repaired it.
func (f *Figures) Found(k Kind, c Case, mended bool) {
	one := Finding{Count: 1, Cases: []Case{c}}
	if mended {
		one.Mended = 1
	}
	f.Findings = merge(f.Findings, map[Kind]Finding{k: one}, Finding.plus)
}

// merge returns a new map with the values of both, added by plus where both have one.
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
