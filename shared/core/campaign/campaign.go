// Package campaign is one text for everybody on a topic, and how far it has come.
//
// A campaign's audience is walked in shards, and within a shard in groups of people who may be in the same places, so
// that the permitted hours are worked out once a group. What has been done is counted per group and recounted when
// a group is walked again, so no retry counts anybody twice.
package campaign

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
)

// maxDuration is how long a campaign may run. Claims are kept longer than this, which is what makes "not this campaign
// already" hold to its end (I2).
const maxDuration = 30 * 24 * time.Hour

// maxLateStart is how long ago a new campaign may have been due: the time it takes to write one.
const maxLateStart = time.Hour

// State is where a campaign stands.
type State string

// The states of a campaign.
const (
	Scheduled State = "scheduled" // waits for its time
	Running   State = "running"   // some of its audience has been walked
	Done      State = "done"      // nobody is left to text
	Paused    State = "paused"    // stopped by the carrier's complaint or by an operator
	Canceled  State = "canceled"  // ended by an operator; who was not texted by then never is
)

// Open returns the states a campaign may still go on from.
func Open() []State { return []State{Scheduled, Running, Paused} }

// Campaign is one text for everybody subscribed to a topic.
type Campaign struct {
	ID      string // ULID
	Brand   string
	Topic   string
	Text    string            // in the topic's language, and for whom there is none in their own
	Texts   map[string]string // in other languages, by ISO 639-1 code
	Vouched message.Vouched
	In      []string // places it is for, in order, such as "US-WA" or "FR"; everywhere where there is none

	// Attributes is whom it is for, by what is kept of a person: each attribute named has one of the values. Everybody
	// where there is none.
	Attributes map[string][]string `json:",omitempty"`

	Digest  bool      // it is for those too who show no sign of reading
	Content string    // the ID by which other channels name the same content; empty for none
	At      time.Time // not before; UTC
	Expires time.Time // not at or after; UTC

	// Local is its span on each person's own clock; zero for none. At and Expires are then around it wherever people are.
	Local jurisdiction.Local `json:",omitzero"`

	Created time.Time
	By      string // ARN of who made it as it is, where it needs an approval; empty otherwise
	Series  string `json:",omitempty"` // it is a run of; empty for none
	State   State
	Plan    Plan
	Why     string // why it was paused or canceled, or ended before its time; empty otherwise
}

// Targets returns where the links in its text lead, in the order of the text; none where one of them may not be
// followed.
func (c Campaign) Targets() []string {
	targets, _ := message.Links(c.Text)
	return targets
}

// StandstillAfter is how long something may be due before a campaign is said to stand still: longer than a job takes
// that was ended twice and came again, or waits behind those of other campaigns.
const StandstillAfter = 30 * time.Minute

// StandsStill reports whether nobody came at now for what has long been due of a campaign that is scheduled or running:
// its beginning, or a shard that is not walked to its end. A shard may wait for as long as others are walked: one job
// walks several, one after the other. shards is all of them.
func (c Campaign) StandsStill(shards []Shard, now time.Time) bool {
	since := now.Add(-StandstillAfter)
	switch c.State {
	case Scheduled:
		return c.At.Before(since)
	case Running:
		if slices.ContainsFunc(shards, func(s Shard) bool { return !s.Saved.Before(since) }) {
			return false
		}
		return slices.ContainsFunc(shards, func(s Shard) bool {
			due := s.Next
			if s.Version == 0 {
				due = c.At
			}
			return s.Unfinished() && due.Before(since)
		})
	default:
		return false
	}
}

// NextLook returns when the campaign begins, or the first of its people is looked at again; zero where nobody is.
// shards is those that were saved.
func (c Campaign) NextLook(shards []Shard) time.Time {
	var next time.Time
	switch c.State {
	case Scheduled:
		return c.At
	case Running:
		for _, s := range shards {
			if !s.Next.IsZero() && (next.IsZero() || s.Next.Before(next)) {
				next = s.Next
			}
		}
	default:
	}
	return next
}

// Walked returns when the last of the campaign's people were looked at: now, unless it is over.
func (c Campaign) Walked(shards []Shard, now time.Time) time.Time {
	if c.State != Done {
		return now
	}
	var last time.Time
	for _, s := range shards {
		for _, g := range s.Groups {
			if g.Counted.After(last) {
				last = g.Counted
			}
		}
	}
	return last
}

// Validate names everything that is wrong with a campaign somebody wants to create at now, by the arguments of
// "smsconsent campaign create". One that was due within the last hour begins at once; a beginning longer past is a slip
// of the pen, and a text sent at once by mistake can't be taken back.
func (c Campaign) Validate(now time.Time) error {
	var wrong []error
	say := func(argument, what string, args ...any) {
		wrong = append(wrong, fmt.Errorf("--%s: %s", argument, fmt.Sprintf(what, args...)))
	}
	if c.Brand == "" {
		say("brand", "is missing; write the ID of a brand of programs.yaml")
	}
	if c.Topic == "" {
		say("topic", "is missing; write the ID of a topic of programs.yaml")
	}
	if strings.TrimSpace(c.Text) == "" {
		say("text", "is empty; write what to send")
	}
	switch {
	case c.At.IsZero():
		say("at", "is missing; write when to begin, such as 2026-12-01T10:00:00-08:00")
	case c.At.Before(now.Add(-maxLateStart)):
		say("at", "%s has passed (now is %s); write a later time", stamp(c.At), stamp(now))
	}
	switch {
	case c.Expires.IsZero():
		say("expires", "is missing; write when the text is of no use any more, such as 2026-12-02T20:00:00-08:00")
	case !c.Expires.After(now):
		say("expires", "%s has passed (now is %s); write a later time", stamp(c.Expires), stamp(now))
	case c.At.IsZero():
	case !c.Expires.After(c.At):
		say("expires", "%s is not after --at %s; write a later time", stamp(c.Expires), stamp(c.At))
	case c.Expires.Sub(c.At) > maxDuration:
		say(
			"expires",
			"%s is %s after --at; a campaign runs for %s at most",
			stamp(c.Expires),
			days(c.Expires.Sub(c.At)),
			days(maxDuration),
		)
	}
	return errors.Join(wrong...)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func days(d time.Duration) string { return fmt.Sprintf("%.4g days", d.Hours()/24) }

// Shard is the progress of one shard of the audience.
type Shard struct {
	Campaign string
	Number   int
	Version  int64 // rises by one with every write; 0 where nothing is stored yet
	Groups   map[string]Group
	Next     time.Time // when to look at it again; since when it is due, while it is walked; zero when nothing is left
	Saved    time.Time // when this was written; zero where nothing is
}

// Group is the progress among the people of one shard who share an area.
type Group struct {
	Counts
	Reasons
	Cursor string // last key walked; empty at the start and when Walked

	// Counted is when the last whole walk ended; zero before. Who was texted until then is counted in Sent and on record;
	// who was texted later, by a walk that broke off before it could say so, is counted by the next.
	Counted time.Time

	// Waiting is how many people were behind the cursor when the area was last found closed. They count as deferred.
	Waiting int

	Next   time.Time // the earliest instant somebody deferred one by one may be tried again; zero for none
	Walked bool      // the walk has reached the end
	Done   bool      // nobody in the group is left to text
}

// Unfinished reports whether the shard was not walked to its end yet, or somebody in it is left to text.
func (s Shard) Unfinished() bool { return s.Version == 0 || !s.Next.IsZero() }

// Begin starts a walk, or resumes one that stopped half way. A new walk keeps who was texted, for those texts cannot be
// taken back, and counts everybody else anew.
func (g Group) Begin() Group {
	if g.Cursor != "" {
		g.Waiting = 0
		return g
	}
	return Group{Counts: Counts{Sent: g.Sent}, Counted: g.Counted}
}

// AlreadyCounted reports whether somebody texted at that instant is in Sent already.
func (g Group) AlreadyCounted(texted time.Time) bool { return !texted.After(g.Counted) }

// Left returns how many of n people in the group the walk has not come to.
func (g Group) Left(n int) int { return max(n-g.Sent-g.Deferred-g.Refused-g.Expired-g.Unreadable, 0) }

// Page adds what became of the people of one page: next is when the first of those deferred may be tried again, zero
// where none was, and cursor where the next page begins, empty where the walk ended, at now.
func (g Group) Page(c Counts, next time.Time, cursor string, now time.Time) Group {
	g.Counts, g.Cursor = g.Add(c), cursor
	if !next.IsZero() && (g.Next.IsZero() || next.Before(g.Next)) {
		g.Next = next
	}
	if cursor == "" {
		g.Walked, g.Done, g.Counted = true, g.Deferred == 0, now
	}
	return g
}
