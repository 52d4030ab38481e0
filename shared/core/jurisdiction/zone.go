package jurisdiction

import (
	"slices"
	"time"

	"smsconsent/shared/core/zoneinfo"
)

// The engine answers for instants in [begin, end), in Unix seconds. The margin of two days keeps local days inside the
// tables in every zone.
var (
	begin = (firstDay + 2).unix()
	end   = (dayOf(LastYear+1, time.January, 1) - 2).unix()
)

func (d day) unix() int64 { return int64(d) * daySeconds }

// zone is a time zone as a table of offsets. A lookup takes a few nanoseconds. time.Location is slower, because it
// parses its rule again for every instant after its last listed transition.
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
		// Where a zone follows a rule, ZoneBounds ends each span after 365 days. On 31 December of a leap year that
		// is in the past.
		unix = at.Unix() + 3600
	}
	return z, nil
}

// offset returns the zone's offset from UTC at an instant, in seconds, and the first instant at which it may differ.
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

// sameAs reports whether both zones have shown the same time ever since the tables begin.
func (z *zone) sameAs(o *zone) bool {
	return z == o || slices.Equal(z.starts, o.starts) && slices.Equal(z.offsets, o.offsets)
}
