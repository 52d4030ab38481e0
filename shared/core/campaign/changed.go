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
	people, known := c.counted(shards, of)
	off := max(people-c.Plan.People, c.Plan.People-people)
	if !known || off <= muchPeople || off*100 <= c.Plan.People*muchPercent {
		return nil
	}
	return &Change{c.Plan.People, people}
}

// Moved is by how many people the list the campaign was planned for has become shorter, or longer. One of them is zero:
// each who left is made up for by one who joined.
type Moved struct {
	Left   int `json:"left,omitempty"`
	Joined int `json:"joined,omitempty"`
}

// Moved returns how the list has moved since the plan, once all of its shards were walked; zero where nobody can tell.
func (c *Campaign) Moved(shards []Shard, of int) Moved {
	people, known := c.counted(shards, of)
	if !known {
		return Moved{}
	}
	return Moved{Left: max(c.Plan.People-people, 0), Joined: max(people-c.Plan.People, 0)}
}

// counted returns how many people the campaign has counted of those that were planned for; false where nobody can tell.
func (c *Campaign) counted(shards []Shard, of int) (people int, known bool) {
	if c.Plan.Hash == "" || len(shards) < of {
		return 0, false
	}
	for _, s := range shards {
		if !s.IsWalked() {
			return 0, false
		}
		for _, g := range s.Groups {
			if g.Waiting > 0 && len(c.Attributes) > 0 {
				return 0, false
			}
			people += g.Sent + g.Deferred + g.Refused + g.Expired + g.Unreadable + g.Waiting
		}
	}
	return people, true
}
