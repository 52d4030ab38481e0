package campaign

// A list has changed much since the plan where it has more people or fewer than counted then by both of these.
const (
	muchPeople  = 20
	muchPercent = 10
)

// Change is a list that has other people than were planned for.
type Change struct {
	Planned int `json:"planned"`
	People  int `json:"people"`
}

// IsWalked reports whether the shard was walked to its end, and is not being walked again.
func (s Shard) IsWalked() bool { return s.Version > 0 && (s.Next.IsZero() || s.Next.After(s.Saved)) }

// Changed reports that the list has changed much since the plan, once all of its shards were walked; nil where it has
// not, and where nobody can tell: there is no plan, or a campaign for some attributes has yet to look at some people.
func (c *Campaign) Changed(shards []Shard, of int) *Change {
	if c.Plan.Hash == "" || len(shards) < of {
		return nil
	}
	people := 0
	for _, s := range shards {
		if !s.IsWalked() {
			return nil
		}
		for _, g := range s.Groups {
			if g.Waiting > 0 && len(c.Attributes) > 0 {
				return nil
			}
			people += g.Sent + g.Deferred + g.Refused + g.Expired + g.Unreadable + g.Waiting
		}
	}
	off := max(people-c.Plan.People, c.Plan.People-people)
	if off <= muchPeople || off*100 <= c.Plan.People*muchPercent {
		return nil
	}
	return &Change{c.Plan.People, people}
}
