package jurisdiction

import (
	"slices"
	"time"

	"smsconsent/shared/core/zoneinfo"
)

// The engine answers for instants in [begin, end). The margin of two days keeps local days inside the tables, whatever
// the zone.
var (
	begin = (firstDay + 2).unix()
	end   = (dayOf(LastYear+1, time.January, 1) - 2).unix()
)

func (d day) unix() int64 { return int64(d) * daySeconds }

// zone is a time zone as a plain table of offsets: looking one up takes a few nanoseconds where time.Location reparses
// its rule for every instant beyond its last listed transition.
type zone struct {
	name    string
	starts  []int64 // Unix seconds from which the offset of the same index holds; ascending
	offsets []int64 // seconds east of UTC
}

func loadZone(name string) (*zone, error) {
	loc, err := zoneinfo.Load(name)
	if err != nil {
		return nil, err
	}
	z := &zone{name: name}
	for unix := begin; unix < end; {
		at := time.Unix(unix, 0).In(loc)
		_, offset := at.Zone()
		if n := len(z.offsets); n == 0 || z.offsets[n-1] != int64(offset) {
			z.starts = append(z.starts, unix)
			z.offsets = append(z.offsets, int64(offset))
		}
		_, next := at.ZoneBounds()
		if next.IsZero() {
			break
		}
		if unix = next.Unix(); unix > at.Unix() {
			continue
		}
		// Where a zone goes by a rule, ZoneBounds ends each span after 365 days, which on 31 December of a leap year is
		// an end that has already passed.
		unix = at.Unix() + 3600
	}
	return z, nil
}

// offset is the zone's distance from UTC at an instant, and the first instant at which another may hold.
func (z *zone) offset(unix int64) (offset, until int64) {
	lo, hi := 0, len(z.starts) // starts[lo] <= unix < starts[hi]
	for hi-lo > 1 {
		if mid := int(uint(lo+hi) / 2); z.starts[mid] <= unix {
			lo = mid
		} else {
			hi = mid
		}
	}
	if hi < len(z.starts) {
		return z.offsets[lo], z.starts[hi]
	}
	return z.offsets[lo], end
}

// sameAs says whether the clocks of both zones have always shown the same time, since the tables begin.
func (z *zone) sameAs(o *zone) bool {
	return z == o || slices.Equal(z.starts, o.starts) && slices.Equal(z.offsets, o.offsets)
}
