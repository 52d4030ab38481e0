package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Plan is what was foreseen when the campaign was made; the zero Plan where nobody looked.
type Plan struct {
	Hash   string // plan.Plan.Hash
	People int    // on the list
	Will   int    // get it
	Parts  int    // of all texts
	Cents  int    // US, of those whose price is known
}

// Run is the time of one of several campaigns that are alike.
type Run struct {
	ID      string // of the campaign
	At      time.Time
	Expires time.Time
}

// Likeness identifies the campaigns that say the same to the same list: a hash of brand, topic and text.
func (c *Campaign) Likeness() string {
	sum := sha256.New()
	for _, part := range []string{c.Brand, c.Topic, c.Text} {
		sum.Write([]byte(part))
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// Run returns the campaign's own time.
func (c *Campaign) Run() Run { return Run{ID: c.ID, At: c.At, Expires: c.Expires} }

// Beside reports whether another run is at the same time as the campaign for a while.
func (c *Campaign) Beside(r Run) bool {
	return r.ID != c.ID && r.At.Before(c.Expires) && c.At.Before(r.Expires)
}

// Repeats reports whether the campaign says to some people what another says to them, whenever it does. Places can keep
// two apart; attributes cannot, for what is kept of a person may change between the two.
func (c *Campaign) Repeats(other *Campaign) bool {
	if c.Likeness() != other.Likeness() {
		return false
	}
	return len(c.In) == 0 || len(other.In) == 0 || slices.ContainsFunc(c.In, func(one string) bool {
		return slices.ContainsFunc(other.In, func(two string) bool { return within(one, two) || within(two, one) })
	})
}

// within reports whether a place is another or part of it, as US-WA is of US.
func within(place, whole string) bool { return place == whole || strings.HasPrefix(place, whole+"-") }

// With returns the runs with the campaign's own, without those that were over when it was made.
func (c *Campaign) With(alike []Run) []Run {
	kept := slices.DeleteFunc(slices.Clone(alike), func(r Run) bool { return r.ID == c.ID || !r.Expires.After(c.Created) })
	return append(kept, c.Run())
}
