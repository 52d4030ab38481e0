package campaign

import "maps"

// Counts is people by outcome. A person is in exactly one of them.
type Counts struct {
	Sent     int `json:"sent"`
	Deferred int `json:"deferred"`
	Refused  int `json:"refused"`
	Expired  int `json:"expired"`

	// Unreadable is people whose stored contact cannot be understood: a fault to mend, and no answer of the gate's.
	Unreadable int `json:"unreadable,omitempty"`
}

// Add returns the sum of both.
func (c Counts) Add(o Counts) Counts {
	return Counts{
		c.Sent + o.Sent,
		c.Deferred + o.Deferred,
		c.Refused + o.Refused,
		c.Expired + o.Expired,
		c.Unreadable + o.Unreadable,
	}
}

// Total adds up the shards of a campaign.
func Total(shards []Shard) Counts {
	var sum Counts
	for _, s := range shards {
		for _, g := range s.Groups {
			sum = sum.Add(g.Counts)
			sum.Deferred += g.Waiting
		}
	}
	return sum
}

// Carrier stands among the rules for what the carrier refused.
const Carrier = "carrier"

// Reasons is the people who were refused, and for whom the campaign ended too soon, by the rule that kept it from them.
type Reasons struct {
	RefusedBy map[string]int
	ExpiredBy map[string]int
}

// Refuse counts somebody whom a rule refuses.
func (r *Reasons) Refuse(rule string) { r.RefusedBy = oneMore(r.RefusedBy, rule) }

// Expire counts somebody whom a rule had wait until it was too late.
func (r *Reasons) Expire(rule string) { r.ExpiredBy = oneMore(r.ExpiredBy, rule) }

func oneMore(by map[string]int, rule string) map[string]int {
	if by == nil {
		by = map[string]int{}
	}
	by[rule]++
	return by
}

// Because returns the group with the reasons of one page. Those of a walk begin anew with it, as Counts do.
func (g Group) Because(page Reasons) Group {
	g.Reasons = g.Reasons.and(page)
	return g
}

// and returns the sum of both, and leaves both as they are.
func (r Reasons) and(o Reasons) Reasons {
	return Reasons{sum(r.RefusedBy, o.RefusedBy), sum(r.ExpiredBy, o.ExpiredBy)}
}

func sum(a, b map[string]int) map[string]int {
	if len(a) == 0 && len(b) == 0 {
		return nil
	}
	all := make(map[string]int, len(a)+len(b))
	maps.Copy(all, a)
	for rule, n := range b {
		all[rule] += n
	}
	return all
}

// AllReasons adds up the shards of a campaign.
func AllReasons(shards []Shard) Reasons {
	var all Reasons
	for _, s := range shards {
		for _, g := range s.Groups {
			all = all.and(g.Reasons)
		}
	}
	return all
}
