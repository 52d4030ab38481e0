package campaign

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Listed is what decides about the place of a campaign or a series in a list of both.
type Listed struct {
	ID     string
	State  State
	Begins time.Time // of a series, its last run that was made
	Series bool      // it is one
}

// Listed returns what decides about the campaign's place in a list.
func (c *Campaign) Listed() Listed { return Listed{c.ID, c.State, c.At, false} }

// Listed returns what decides about the series' place in a list.
func (s *Series) Listed() Listed { return Listed{s.ID, s.State, s.Last, true} }

// Compare orders a list: those that may text somebody still come before those that are over, and of each of these
// those that begin last come first. A series comes before its run.
func (l Listed) Compare(other Listed) int {
	return cmp.Or(
		yesFirst(l.open(), other.open()), other.Begins.Compare(l.Begins), yesFirst(l.Series, other.Series),
		cmp.Compare(other.ID, l.ID),
	)
}

// open reports whether somebody may be texted still.
func (l Listed) open() bool { return slices.Contains(Open(), l.State) }

// yesFirst orders what is so before what is not.
func yesFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// Called returns the ID of a campaign or a series, with its name where it has one.
func Called(id, name string) string {
	if name == "" {
		return id
	}
	return fmt.Sprintf("%s (%s)", id, name)
}
