package campaign

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever breaks off, is walked again, or is found closed, each person is in exactly one count: those who were texted
// in Sent, though they have left the list since, and of the others those still on it.
func TestNobodyCountsTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const people, page = 7, 2
		var texted [people]time.Time // by this campaign; zero for not
		var left [people]bool
		var g Group
		clock := now
		tick := func() time.Time { clock = clock.Add(time.Second); return clock }
		list := func() (on []int) {
			for i := range people {
				if !left[i] {
					on = append(on, i)
				}
			}
			return on
		}
		check := func(want int) {
			sent, gone := 0, 0
			for i := range people {
				if !texted[i].IsZero() {
					sent++
				}
				if left[i] && texted[i].IsZero() {
					gone++
				}
			}
			if g.Sent != sent || g.Sent+g.Deferred+g.Refused+g.Expired+g.Unreadable+g.Waiting != want-gone {
				t.Fatalf("%d of %d were texted and %d left unasked, and the counts say %+v, %d waiting", sent, people, gone, g.Counts, g.Waiting)
			}
		}
		for walks := rapid.IntRange(1, 6).Draw(t, "walks"); walks > 0 && !g.Done; walks-- {
			if rapid.Bool().Draw(t, "closed") {
				if !g.Walked && g.Cursor == "" {
					g.Waiting = g.Left(len(list()))
					check(people)
				}
				continue
			}
			g = g.Begin()
			for !g.Walked {
				var c Counts
				var next time.Time
				on := list()
				start := len(g.Cursor) * page // the cursor of this list is one letter a page
				end := min(start+page, len(on))
				for _, i := range on[start:end] {
					switch {
					case !texted[i].IsZero() && g.AlreadyCounted(texted[i]):
					case !texted[i].IsZero():
						c.Sent++
					default:
						switch rapid.IntRange(0, 3).Draw(t, "outcome") {
						case 0:
							texted[i] = tick()
							c.Sent++
						case 1:
							c.Deferred++
							next = tick()
						case 2:
							c.Unreadable++
						default:
							c.Refused++
						}
					}
				}
				if rapid.IntRange(0, 3).Draw(t, "ended before it could save") == 0 {
					g = g.Begin() // what a new job reads is what was saved last
					continue
				}
				cursor := ""
				if end < len(on) {
					cursor = g.Cursor + "x"
				}
				g = g.Page(c, next, cursor, tick())
			}
			check(people)
			if g.Done != (g.Deferred == 0) || g.Next.IsZero() != g.Done {
				t.Fatalf("after a whole walk %+v", g)
			}
			for i := range people {
				if !left[i] && !g.Done && rapid.IntRange(0, 4).Draw(t, "leaves") == 0 {
					left[i] = true
				}
			}
		}
	})
}

// Where hours close half way, those wait whom the walk has not come to; never less than nobody, though people left
// since.
func TestLeft(t *testing.T) {
	g := Group{Counts: Counts{Sent: 16, Deferred: 8, Refused: 4, Expired: 2, Unreadable: 1}}
	for on, want := range map[int]int{50: 19, 31: 0, 20: 0} {
		if got := g.Left(on); got != want {
			t.Errorf("of %d on the list %d wait, want %d", on, got, want)
		}
	}
}

func TestTotalCountsThoseWhoWait(t *testing.T) {
	shards := []Shard{
		{Groups: map[string]Group{"a": {Counts: Counts{Sent: 1, Refused: 2}, Waiting: 4}, "b": {Counts: Counts{Expired: 3}}}},
		{Groups: map[string]Group{"a": {Counts: Counts{Sent: 10, Deferred: 1, Unreadable: 2}}}},
	}
	if got, want := Total(shards), (Counts{Sent: 11, Deferred: 5, Refused: 2, Expired: 3, Unreadable: 2}); got != want {
		t.Errorf("Total = %+v, want %+v", got, want)
	}
}

// When the people of a campaign were looked at: now, until it is over.
func TestWalked(t *testing.T) {
	at := func(h int) time.Time { return now.Add(time.Duration(h) * time.Hour) }
	shards := []Shard{
		{Saved: at(-1), Groups: map[string]Group{"a": {Counted: at(-3)}, "b": {Counted: at(-2)}, "c": {}}},
		{Saved: at(-4), Groups: map[string]Group{"a": {Counted: at(-4)}}},
	}
	for state, want := range map[State]time.Time{Scheduled: now, Running: now, Paused: now, Canceled: at(-1), Done: at(-2)} {
		if got := (Campaign{State: state}).Walked(shards, now); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
	}
}

// Why people were left out adds up over pages, groups and shards, and adding alters none of the parts.
func TestReasonsAddUp(t *testing.T) {
	var page Reasons
	for range 2 {
		page.Refuse("opted-out")
		page.Expire("permitted-hours")
	}
	page.Refuse(Carrier)
	want := Reasons{map[string]int{"opted-out": 2, Carrier: 1}, map[string]int{"permitted-hours": 2}}
	if !reflect.DeepEqual(page, want) {
		t.Fatalf("%+v", page)
	}
	g := Group{}.WithReasons(page)
	if !reflect.DeepEqual(g.Reasons, want) || !reflect.DeepEqual(Group{}.WithReasons(Reasons{}).Reasons, Reasons{}) {
		t.Errorf("a first page: %+v", g.Reasons)
	}
	twice := g.WithReasons(page)
	only := Group{Reasons: Reasons{RefusedBy: map[string]int{"paused": 1}}}
	all := AllReasons([]Shard{{Groups: map[string]Group{"a": g, "b": only}}, {Groups: map[string]Group{"a": twice}}})
	sum := Reasons{map[string]int{"opted-out": 6, Carrier: 3, "paused": 1}, map[string]int{"permitted-hours": 6}}
	if !reflect.DeepEqual(all, sum) || !reflect.DeepEqual(page, want) || !reflect.DeepEqual(g.Reasons, want) {
		t.Errorf("%+v of %+v", all, g.Reasons)
	}
}
