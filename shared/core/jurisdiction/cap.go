package jurisdiction

import (
	"math"
	"slices"
	"time"
)

// Cap is a limit on promotional texts to one phone: no more than Limit in any Window, whatever the campaign.
type Cap struct {
	Limit     int
	Window    time.Duration
	Place     string // the entry it comes from; "*" for the default of mode strict
	From      Date   // first local day in force; zero: always
	AsOf      Date   // day on which somebody last read its source
	Citation  string
	Tier      Tier
	Certainty Certainty
	Note      string
}

// DefaultCap is what mode strict adds for everyone.
func DefaultCap() Cap { return defaultCap }

// defaultCap is the safe practice where no law names a number: "the same subject", which the states' laws count by, is
// hard to prove, so every promotional text counts.
var defaultCap = Cap{
	Limit: 3, Window: 24 * time.Hour, Place: "*", AsOf: date("2026-11-23"),
	Citation: "Default: the caps of FL, MD, OK and OR, applied to everyone", Tier: TierDefault, Certainty: Found,
}

// Caps lists the limits that bind at an instant, in every place the phone may be in. The caller must not change it.
func (h *Hours) Caps(at time.Time) []Cap {
	n := 0
	for n < len(h.since) && h.since[n] <= at.Unix() {
		n++
	}
	return h.caps[:n:n]
}

func (h *Hours) addCap(c Cap, since int64) {
	i, _ := slices.BinarySearch(h.since, since+1)
	h.caps = slices.Insert(h.caps, i, c)
	h.since = slices.Insert(h.since, i, since)
}

// since is the earliest instant at which the cap's first day begins in any of the zones.
func (c Cap) since(zones []*zone) int64 {
	if c.From.IsZero() {
		return begin
	}
	since := int64(math.MaxInt64)
	for _, z := range zones {
		midnight := c.From.day().unix()
		offset, _ := z.offset(midnight)
		since = min(since, midnight-offset)
	}
	return since
}
