package jurisdiction

import (
	"math"
	"slices"
	"time"
)

// Cap is a limit on promotional texts to one phone: at most Limit in any Window, counted over all campaigns.
type Cap struct {
	Limit     int
	Window    time.Duration
	Place     string // the entry it comes from; "*" for the default of mode strict
	From      Date   // first local day in force; zero means always
	AsOf      Date   // when somebody last read its source
	Citation  string
	Tier      Tier
	Certainty Certainty
	Note      string
}

// DefaultCap returns the cap that mode strict adds for everyone.
func DefaultCap() Cap { return defaultCap }

// defaultCap is a safe practice where no law names a number. The states' laws count texts on "the same subject",
// which is hard to prove, so every promotional text counts.
var defaultCap = Cap{
	Limit: 3, Window: 24 * time.Hour, Place: "*", AsOf: date("2026-11-23"),
	Citation: "Default: the caps of FL, MD, OK and OR, applied to everyone", Tier: TierDefault, Certainty: Found,
}

// Caps returns the caps in force at an instant, of every place the phone may be in. The caller must not change them.
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

// since returns the earliest instant, in Unix seconds, at which the cap's first day begins in any of the zones.
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
