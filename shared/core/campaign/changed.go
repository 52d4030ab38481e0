package campaign

// A list has changed much since the plan where it grew or shrank by more than both of these.
const (
	minListChange        = 20
	minListChangePercent = 10
)

// Change says that the list has another length than planned.
type Change struct {
	Planned int `json:"planned"`
	People  int `json:"people"`
}

// IsWalked reports whether the shard was completely walked, and no new walk has begun.
func (s Shard) IsWalked() bool { return s.Version > 0 && (s.Next.IsZero() || s.Next.After(s.Saved)) }

// Changed returns how much the list has changed since the plan, or nil where that is little or unknown. It is known
// once all of shards were walked; it stays unknown without a plan, and while a campaign for some attributes has
// people it has not looked at. of is the number of shards.
func (c *Campaign) Changed(shards []Shard, of int) *Change {
	people, known := c.counted(shards, of)
	if !known {
		return nil
	}
	return c.ChangedTo(people)
}

// ChangedTo returns how much a list of so many people has changed since the plan, or nil where that is little, or there
// was no plan.
func (c *Campaign) ChangedTo(people int) *Change {
	off := max(people-c.Plan.People, c.Plan.People-people)
	if c.Plan.Hash == "" || off <= minListChange || off*100 <= c.Plan.People*minListChangePercent {
		return nil
	}
	return &Change{c.Plan.People, people}
}

// Moved is by how many people the list has become shorter or longer since the plan. One of them is zero, because a
// person who joined makes up for one who left.
type Moved struct {
	Left   int `json:"left,omitempty"`
	Joined int `json:"joined,omitempty"`
}

// Moved returns how the length of the list has changed since the plan, zero where that is unknown. See Changed.
func (c *Campaign) Moved(shards []Shard, of int) Moved {
	people, known := c.counted(shards, of)
	if !known {
		return Moved{}
	}
	return c.MovedTo(people)
}

// MovedTo returns how the length of a list of so many people has changed since the plan, zero where there was none.
func (c *Campaign) MovedTo(people int) Moved {
	if c.Plan.Hash == "" {
		return Moved{}
	}
	return Moved{Left: max(c.Plan.People-people, 0), Joined: max(people-c.Plan.People, 0)}
}

// counted returns how many people the campaign has counted, and false where that is not comparable with the plan. of
// is the number of shards.
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
