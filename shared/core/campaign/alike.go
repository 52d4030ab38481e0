package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
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

// Likeness identifies the campaigns that say the same to the same people: a hash of brand, topic, text, places and
// attributes.
func (c *Campaign) Likeness() string {
	sum := sha256.New()
	for _, part := range slices.Concat([]string{c.Brand, c.Topic, c.Text}, c.In, c.Wanted()) {
		sum.Write([]byte(part))
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// Run returns the campaign's own time.
func (c *Campaign) Run() Run { return Run{ID: c.ID, At: c.At, Expires: c.Expires} }

// Twin finds another campaign of those alike that runs at the same time as this one for a while.
func (c *Campaign) Twin(alike []Run) (Run, bool) {
	i := slices.IndexFunc(alike, func(r Run) bool {
		return r.ID != c.ID && r.At.Before(c.Expires) && c.At.Before(r.Expires)
	})
	if i < 0 {
		return Run{}, false
	}
	return alike[i], true
}

// With returns the runs with the campaign's own, without those that were over when it was made.
func (c *Campaign) With(alike []Run) []Run {
	kept := slices.DeleteFunc(slices.Clone(alike), func(r Run) bool { return r.ID == c.ID || !r.Expires.After(c.Created) })
	return append(kept, c.Run())
}
