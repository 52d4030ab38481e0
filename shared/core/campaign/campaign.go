// Package campaign holds campaigns: one text for everybody on a topic, and how far its sending has come. It also holds
// the repeated campaign (Series). It sends nothing: functions/sendcheck does, and package table stores what is here.
//
// To begin, read Campaign, Shard and Group. The audience is divided into shards, each handled by one job at a time,
// and a shard into groups of people who may be in the same places, so that permitted hours are computed once per
// group. A walk goes through a group person by person. Outcomes are counted per group. A new walk counts again from
// zero, except for texts that were sent. So no retry counts a person twice.
package campaign

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
)

// maxDuration is how long a campaign may run. Claims are kept longer, so that a person who has the text is recognized
// until the campaign's end (I2).
const maxDuration = 30 * 24 * time.Hour

// leastDuration is how long a campaign must run. The gate texts nobody in its last minute, and everybody's turn takes
// some time to come.
const leastDuration = 5 * time.Minute

// maxLateStart is how far in the past the beginning of a new campaign may be, because writing one takes time.
const maxLateStart = time.Hour

// maxTexts is how many different texts a campaign may have in all languages: each is a write of the transaction that
// makes it, and DynamoDB takes 100 writes in one (API reference, TransactWriteItems).
const maxTexts = 90

// State is the stage a campaign is in.
type State string

// The states of a campaign.
const (
	Scheduled State = "scheduled" // has not begun
	Running   State = "running"   // has begun
	Done      State = "done"      // nobody is left to text
	Paused    State = "paused"    // stopped by limits, the carrier or an operator; may go on
	Canceled  State = "canceled"  // ended by an operator; nobody is texted any more
)

// Open returns the states in which a campaign may still text, now or later.
func Open() []State { return []State{Scheduled, Running, Paused} }

// Campaign is one text for everybody subscribed to a topic.
type Campaign struct {
	ID      string // ULID
	Name    string `json:",omitempty"` // that somebody gave it, for which ID stands; empty for none
	Brand   string
	Topic   string
	Text    string            // in the topic's language; also for people without a text in theirs
	Texts   map[string]string // the text in other languages, by ISO 639-1 code
	Vouched message.Vouched
	In      []string // places whose people it is for, sorted, such as "US-WA" or "FR"; nil for all

	// Attributes limits whom it is for: a person must have, for each name, one of the values. Nil is for all.
	Attributes map[string][]string `json:",omitempty"`

	Digest  bool      // people who show no sign of reading get it too
	Content string    // ID of the same content on other channels; empty for none
	At      time.Time // not before; UTC
	Expires time.Time // not at or after; UTC

	// Local is the time it runs by each person's own clock, zero for none. At and Expires then enclose it in all time
	// zones.
	Local jurisdiction.Local `json:",omitzero"`

	Created time.Time
	By      string // ARN of who made or last changed it, where it needs an approval; empty otherwise
	Series  string `json:",omitempty"` // ID of the series it is a run of; empty for none
	State   State
	Plan    Plan
	Why     string // reason for a pause, a cancellation or an early end; empty otherwise
}

// Targets returns the addresses its links lead to, in the order of the text. It returns none where one of them is not
// allowed.
func (c Campaign) Targets() []string {
	targets, _ := message.Links(c.Text)
	return targets
}

// Begins returns the first time at which it may text anybody: nobody is texted before it is made.
func (c Campaign) Begins() time.Time {
	if c.Created.After(c.At) {
		return c.Created.UTC()
	}
	return c.At
}

// StandstillAfter is how long something may be overdue before a campaign counts as stalled. It is longer than a job
// takes that is retried twice or waits for those of other campaigns.
const StandstillAfter = 30 * time.Minute

// StandsStill reports whether a campaign is stalled: its beginning, or the next look at a shard, has been overdue for
// StandstillAfter. A shard may wait while others make progress, because one job handles several in turn. shards must
// be all shards of the campaign.
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

// Resumed returns the state of the paused campaign once it is resumed: it runs, or still has to begin.
func (c *Campaign) Resumed(now time.Time) State {
	if now.Before(c.At) {
		return Scheduled
	}
	return Running
}

// NextLook returns when the campaign begins, or when it next looks at a waiting shard. It is zero where it has
// nothing left to do, waits for an approval after its time came, or looks at people now. shards may lack those that
// were never saved.
func (c Campaign) NextLook(shards []Shard, now time.Time) time.Time {
	var next time.Time
	switch c.State {
	case Scheduled:
		next = c.At
	case Running:
		for _, s := range shards {
			if !s.Next.Before(now) && (next.IsZero() || s.Next.Before(next)) {
				next = s.Next
			}
		}
	default:
	}
	if next.Before(now) {
		return time.Time{}
	}
	return next
}

// Walked returns until when the campaign looked at its people: now, or for a campaign that is done the end of its last
// walk, and for one that was canceled its last progress. It is zero for one that never looked at anybody.
func (c Campaign) Walked(shards []Shard, now time.Time) time.Time {
	if c.State != Done && c.State != Canceled {
		return now
	}
	var last time.Time
	for _, s := range shards {
		if c.State == Canceled {
			last = latest(last, s.Saved)
			continue
		}
		for _, g := range s.Groups {
			last = latest(last, g.Counted)
		}
	}
	return last
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Validate returns every mistake in a campaign that somebody wants to create at now, each with the flag of
// "smsconsent campaign create" to change. A beginning up to an hour in the past is allowed and means now. An earlier
// one is probably a typing mistake, and a text that was sent cannot be taken back.
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
	if n := len(c.Likenesses()); n > maxTexts {
		say("text", "there are %d different texts in all languages; a campaign has %d at most", n, maxTexts)
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
	case c.Expires.Sub(c.At) < leastDuration || !c.Local.IsZero() && c.Local.Until.Sub(c.Local.From) < leastDuration:
		say("expires", "a campaign needs at least %s, for nobody is texted in its last minute; write a later time", minutes(leastDuration))
	case c.Expires.Sub(now) < leastDuration:
		say("expires", "%s is less than %s from now (%s); write a later time", stamp(c.Expires), minutes(leastDuration), stamp(now))
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

func minutes(d time.Duration) string { return fmt.Sprintf("%g minutes", d.Minutes()) }

// days rounds up: a day that has begun counts.
func days(d time.Duration) string { return fmt.Sprintf("%.0f days", math.Ceil(d.Hours()/24)) }

// Shard is the progress of a campaign in one shard of the audience.
type Shard struct {
	Campaign string
	Number   int
	Version  int64            // one higher with every write; 0 where nothing is stored
	Groups   map[string]Group // by area
	Next     time.Time        // when to look at it again; in the past while it is walked; zero when nothing is left
	Saved    time.Time        // when it was stored; zero where nothing is
}

// Group is the progress among the people of one shard who share an area.
type Group struct {
	Counts
	Reasons
	Cursor string // key of the last person handled; empty at the start and the end of a walk

	// Counted is when the last complete walk ended, zero before. People texted until then are in Sent. People texted
	// later, by a walk that ended before it could save, are counted by the next walk.
	Counted time.Time

	// Waiting is how many people were after the cursor when the area was last found closed. They count as deferred.
	Waiting int

	Next   time.Time // when the first of the deferred people may be tried again; zero for none
	Walked bool      // the walk has reached the end
	Done   bool      // nobody in the group is left to text
}

// Unfinished reports whether the shard was not completely walked yet, or has people left to text.
func (s Shard) Unfinished() bool { return s.Version == 0 || !s.Next.IsZero() }

// Begin starts a walk, or goes on with one that stopped at a cursor. A new walk keeps Sent, because those texts were
// sent, and counts everybody else again.
func (g Group) Begin() Group {
	if g.Cursor != "" {
		g.Waiting = 0
		return g
	}
	return Group{Counts: Counts{Sent: g.Sent}, Counted: g.Counted}
}

// AlreadyCounted reports whether a person texted at that time is in Sent.
func (g Group) AlreadyCounted(texted time.Time) bool { return !texted.After(g.Counted) }

// Left returns how many of the n people in the group the walk has not reached.
func (g Group) Left(n int) int { return max(n-g.Sent-g.Deferred-g.Refused-g.Expired-g.Unreadable, 0) }

// Page adds the outcomes of one page of people. next is when the first deferred one may be tried again, zero for
// none. cursor is where the next page begins, empty at the end of the walk. now is when the page ended.
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
