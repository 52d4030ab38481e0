package campaign

import "maps"

// Counts is the number of people by outcome. Each person is in exactly one of them.
type Counts struct {
	Sent     int `json:"sent"`
	Deferred int `json:"deferred"`
	Refused  int `json:"refused"`
	Expired  int `json:"expired"`

	// Unreadable is people whose stored contact cannot be decoded. That is a fault to repair, not a decision of the
	// gate.
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

// Total returns the sum over all shards of a campaign.
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

// Carrier is the name, among those of the gate's rules, for refusals by the carrier.
const Carrier = "carrier"

// Reasons is the number of people who were refused, or for whom the campaign ended too early, by the rule
// responsible.
type Reasons struct {
	RefusedBy map[string]int
	ExpiredBy map[string]int
}

// Refuse counts one person refused by a rule.
func (r *Reasons) Refuse(rule string) { r.RefusedBy = oneMore(r.RefusedBy, rule) }

// Expire counts one person whom a rule made wait until the campaign was over.
func (r *Reasons) Expire(rule string) { r.ExpiredBy = oneMore(r.ExpiredBy, rule) }

func oneMore(by map[string]int, rule string) map[string]int {
	if by == nil {
		by = map[string]int{}
	}
	by[rule]++
	return by
}

// WithReasons returns the group with the reasons of one more page. A new walk begins without reasons, as with Counts.
func (g Group) WithReasons(page Reasons) Group {
	g.Reasons = g.Reasons.and(page)
	return g
}

// and returns the sum of both in new maps.
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

// AllReasons returns the sum over all shards of a campaign.
func AllReasons(shards []Shard) Reasons {
	var all Reasons
	for _, s := range shards {
		for _, g := range s.Groups {
			all = all.and(g.Reasons)
		}
	}
	return all
}
