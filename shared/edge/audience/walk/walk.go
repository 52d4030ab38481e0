// Package walk goes through the people on one shard of a topic's list: area by area, and page by page within an area.
//
// Two functions walk the list, one to text people and one to audit them. A Visitor says which areas are open to it and
// what it does with a page of people; everything else is the same walk. A walk that runs short of time ends between two
// people, and tells where with a Cursor.
package walk

import (
	"context"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/timeleft"
)

// List is the list of subscribed people, as audience.List reads it. Both methods read an index, which may be a second
// old.
type List interface {
	// NextArea returns the next area with people in it, after the one given (empty for the first), and false
	// where there is
	// none.
	NextArea(ctx context.Context, brand, topic string, shard int, after phone.Area) (phone.Area, bool, error)

	// Page returns up to limit people of an area after a key, in the order of the list, and the key after which the next
	// page begins. Both keys are empty at the ends of the area.
	Page(
		ctx context.Context,
		brand, topic string,
		shard int,
		area phone.Area,
		after string,
		limit int,
	) ([]consent.Key, string, error)
}

// Queue takes the jobs that walk a shard each, and those that go on where one ran out of time. Put returns nil when
// all jobs are stored in the queue. After an error some may be, so the same jobs may come twice.
type Queue interface {
	Put(ctx context.Context, work ...any) error
}

// Schedules makes one-time schedules that start the walking function with an input. A schedule with an existing name
// is not made again, so Once may be repeated.
type Schedules interface {
	Once(ctx context.Context, name string, at time.Time, input string) error
}

// Shard is the part of a topic's list that one walk goes through.
type Shard struct {
	List   List
	Brand  string
	Topic  string
	Number int
	Page   int // people per page at most
}

// Page is some people of one area, in the order of the list. It may be empty.
type Page struct {
	Area   phone.Area
	People []consent.Key
	Next   string // where the area's next page begins; empty on the last. It holds a phone number
}

// Visitor says which areas a walk enters, and what it does with people.
type Visitor interface {
	// Enter reports whether to visit the people of an area now, and after which person to begin, empty for the first.
	// It is called once for each area with people in it.
	Enter(ctx context.Context, area phone.Area) (after string, enter bool, err error)

	// Visit handles the people of a page. An error ends the walk. Where the error is that time ran out, behind is
	// the last person that was handled, empty for none of the page.
	Visit(ctx context.Context, p Page) (behind phone.Number, err error)
}

// Cursor is where a walk stopped: behind a person of an area. The areas before are done. The zero Cursor is the
// beginning. It holds a phone number: keep it out of logs.
type Cursor struct {
	Area  phone.Area `json:"area,omitempty"`
	After string     `json:"after,omitempty"` // empty for the beginning of Area
}

// Enter reports whether an area is not done yet, and behind which of its people to go on; empty for the first.
func (c Cursor) Enter(area phone.Area) (after string, left bool) {
	switch {
	case area < c.Area:
		return "", false
	case area == c.Area:
		return c.After, true
	default:
		return "", true
	}
}

// Walk visits the people of every area the visitor enters, in the order of the areas. Where time runs short it returns
// timeleft.ErrShort, and the cursor is where to go on. After any other error the cursor says nothing.
func (s Shard) Walk(ctx context.Context, v Visitor) (Cursor, error) {
	for area := phone.Area(""); ; {
		var ok bool
		var err error
		if area, ok, err = s.List.NextArea(ctx, s.Brand, s.Topic, s.Number, area); err != nil || !ok {
			return Cursor{}, err
		}
		after, enter, err := v.Enter(ctx, area)
		if err != nil {
			return Cursor{}, err
		}
		if !enter {
			continue
		}
		if at, err := s.Area(ctx, Cursor{area, after}, v); err != nil {
			return at, err
		}
	}
}

// Area visits the people of one area behind the cursor, without asking whether it may be entered. It returns what Walk
// does.
func (s Shard) Area(ctx context.Context, at Cursor, v Visitor) (Cursor, error) {
	for {
		if timeleft.Short(ctx) {
			return at, timeleft.ErrShort
		}
		people, next, err := s.List.Page(ctx, s.Brand, s.Topic, s.Number, at.Area, at.After, s.Page)
		if err != nil {
			return at, err
		}
		behind, err := v.Visit(ctx, Page{Area: at.Area, People: people, Next: next})
		if err != nil {
			if behind != "" {
				at.After = string(behind)
			}
			return at, err
		}
		if next == "" {
			return Cursor{}, nil
		}
		at.After = next
	}
}

// Areas returns the areas with people on any shard of a topic's list, in the order of bytes. It reads one entry an area
// and shard, however many people there are. Where time runs short it returns timeleft.ErrShort.
func Areas(ctx context.Context, l List, brand, topic string) ([]phone.Area, error) {
	var all []phone.Area
	for shard := range audience.Shards {
		for area := phone.Area(""); ; {
			if timeleft.Short(ctx) {
				return nil, timeleft.ErrShort
			}
			var ok bool
			var err error
			if area, ok, err = l.NextArea(ctx, brand, topic, shard, area); err != nil {
				return nil, err
			}
			if !ok {
				break
			}
			all = append(all, area)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Hours tells the permitted hours of an area, as gate.Gate does.
type Hours interface {
	Hours(brand string, area phone.Area) (*jurisdiction.Hours, error)
}

// Opening returns when the people of an area may be texted: zero where they may at that instant, else the opening that
// follows it, in UTC. The hours are asked once for all people of the area. It is zero for people of an unknown place
// too: nothing is sent to them whatever the hour, and each is told apart.
func Opening(h Hours, brand string, area phone.Area, at time.Time) time.Time {
	hours, err := h.Hours(brand, area)
	if err != nil || hours.Permitted(at) {
		return time.Time{}
	}
	opening, err := hours.NextOpening(at)
	if err != nil {
		return time.Time{}
	}
	return opening.UTC()
}
