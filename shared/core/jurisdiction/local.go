package jurisdiction

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

const (
	// earliestClock and latestClock are how far clocks on earth are ahead of UTC and behind it: on the Line Islands,
	// and on ships at the date line, for no place is as late.
	earliestClock = 14 * time.Hour
	latestClock   = 12 * time.Hour
)

// Local is a span of time on each person's own clock, such as from 10:00 to 20:00 on a day, wherever they are. Both
// ends are clock times, stored as if they were UTC. The zero Local means no span.
type Local struct{ From, Until time.Time }

// localJSON is a span in JSON. Its times have no zone.
type localJSON struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// clockFace is the format of a clock time without a zone.
const clockFace = "2006-01-02T15:04:05"

// MarshalJSON returns the span as {"from":"2026-12-01T10:00:00","until":…}.
func (l Local) MarshalJSON() ([]byte, error) {
	return json.Marshal(localJSON{l.From.UTC().Format(clockFace), l.Until.UTC().Format(clockFace)})
}

// UnmarshalJSON parses what MarshalJSON returns.
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

// Around returns the time from when the span begins on the first clock on earth until it ends on the last.
func (l Local) Around() (from, until time.Time) {
	return l.From.Add(-earliestClock), l.Until.Add(latestClock)
}

// Span returns the span for a phone that may be in any of the places, in UTC. It begins when the last of their clocks
// shows From, and ends when the first shows Until, so it is within the span on each clock. Where the clocks are
// further apart than the span is long, it ends before it begins.
//
// Where a clock is put forward past a time, that moment counts as the time. Where it is put back, the first time
// counts.
func (h *Hours) Span(l Local) (from, until time.Time) {
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

// shows returns the first instant, in Unix seconds, at which the zone's clock shows a time or a later one. It is the
// end of the tables for a time beyond them.
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
