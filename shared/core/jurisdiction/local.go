package jurisdiction

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

const (
	// earliestClock and latestClock are how far before and behind Greenwich some place's clock is: that of the Line
	// Islands, and that of ships behind which no place's is.
	earliestClock = 14 * time.Hour
	latestClock   = 12 * time.Hour
)

// Local is a span on each person's own clock, such as from 10:00 to 20:00 of a day wherever they are. Both ends are
// what the clock shows, written as if it hung in Greenwich. The zero Local is none.
type Local struct{ From, Until time.Time }

// localJSON is a span as JSON has it: what clocks show has no zone.
type localJSON struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// clockFace writes what a clock shows.
const clockFace = "2006-01-02T15:04:05"

// MarshalJSON writes the span as {"from":"2026-12-01T10:00:00","until":…}.
func (l Local) MarshalJSON() ([]byte, error) {
	return json.Marshal(localJSON{l.From.UTC().Format(clockFace), l.Until.UTC().Format(clockFace)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (l *Local) UnmarshalJSON(text []byte) error {
	var shown localJSON
	if err := json.Unmarshal(text, &shown); err != nil {
		return fmt.Errorf("a span on people's own clocks: %w", err)
	}
	from, failed := time.Parse(clockFace, shown.From)
	until, err := time.Parse(clockFace, shown.Until)
	if err := errors.Join(failed, err); err != nil {
		return fmt.Errorf("a span on people's own clocks: %w", err)
	}
	*l = Local{from, until}
	return nil
}

// IsZero reports whether there is no span.
func (l Local) IsZero() bool { return l == Local{} }

// Around returns the instants between which the span is on some clock of the earth.
func (l Local) Around() (from, until time.Time) {
	return l.From.Add(-earliestClock), l.Until.Add(latestClock)
}

// Own returns the span for a phone that may be in any of the places: from the instant at which the last of their clocks
// shows the beginning, until that at which the first shows the end; in UTC. So it is within the span on each of the
// clocks. Where they are further apart than the span is long it ends before it begins.
//
// A clock that is put forward past a time shows it at that moment; of one that is put back, the first time counts.
func (h *Hours) Own(l Local) (from, until time.Time) {
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for i := range h.zones {
		last = max(last, h.zones[i].zone.shows(l.From.Unix()))
		first = min(first, h.zones[i].zone.shows(l.Until.Unix()))
	}
	if len(h.zones) == 0 {
		return l.From, l.From
	}
	return time.Unix(last, 0).UTC(), time.Unix(first, 0).UTC()
}

// shows returns the first instant at which the zone's clock shows a time or a later one, and the end of the tables for
// one beyond them.
func (z *zone) shows(local int64) int64 {
	for unix := local - int64((earliestClock+time.Hour)/time.Second); unix < end; {
		offset, change := z.offset(unix)
		if at := max(unix, local-offset); at < change {
			return at
		}
		unix = change
	}
	return end
}
