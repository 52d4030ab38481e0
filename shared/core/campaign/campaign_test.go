package campaign

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/jurisdiction"
)

var now = time.Date(2026, time.March, 2, 18, 0, 0, 0, time.UTC)

// texts returns that many different texts.
func texts(n int) map[string]string {
	all := map[string]string{}
	for i := range n {
		all[fmt.Sprint(i)] = fmt.Sprint(i)
	}
	return all
}

func TestValidateNamesTheArgument(t *testing.T) {
	good := Campaign{Brand: "example", Topic: "alerts", Text: "Example Corp.: sale", At: now.Add(time.Hour), Expires: now.Add(2 * time.Hour)}
	for _, c := range []struct {
		name   string
		change func(*Campaign)
		want   []string // the start of each line of the error
	}{
		{"good", func(*Campaign) {}, nil},
		{"due this moment", func(c *Campaign) { c.At = now }, nil},
		{"due an hour ago", func(c *Campaign) { c.At = now.Add(-maxLateStart) }, nil},
		{"due longer ago", func(c *Campaign) { c.At = now.Add(-maxLateStart - time.Second) }, []string{"--at: 2026-03-02T16:59:59Z has passed (now is 2026-03-02T18:00:00Z)"}},
		{"another year meant", func(c *Campaign) { c.At = c.At.AddDate(-1, 0, 0) }, []string{"--at: 2025-", "--expires: 2026-03-02T20:00:00Z is 366 days after --at"}},
		{"expired", func(c *Campaign) { c.Expires = now }, []string{"--expires: 2026-03-02T18:00:00Z has passed"}},
		{"ends as it begins", func(c *Campaign) { c.Expires = c.At }, []string{"--expires: 2026-03-02T19:00:00Z is not after --at"}},
		{"as long as can be", func(c *Campaign) { c.Expires = c.At.Add(maxDuration) }, nil},
		{"another century", func(c *Campaign) { c.Expires = c.At.AddDate(0, 0, 26330).Add(time.Hour) }, []string{"--expires: 2098-04-03T20:00:00Z is 26331 days after --at"}},
		{"too long", func(c *Campaign) { c.Expires = c.At.Add(maxDuration + time.Hour) }, []string{"--expires: 2026-04-01T20:00:00Z is 31 days after --at; a campaign runs for 30 days at most"}},
		{"offset of another zone", func(c *Campaign) { c.Expires = c.At.In(time.FixedZone("", -8*3600)).Add(time.Hour) }, nil},
		{"as short as can be", func(c *Campaign) { c.Expires = c.At.Add(leastDuration) }, nil},
		{"over before anybody's turn comes", func(c *Campaign) { c.Expires = c.At.Add(leastDuration - time.Second) }, []string{"--expires: a campaign needs at least 5 minutes"}},
		{"as good as over", func(c *Campaign) { c.At, c.Expires = now.Add(-time.Hour), now.Add(leastDuration-time.Second) }, []string{"--expires: 2026-03-02T18:04:59Z is less than 5 minutes from now"}},
		{"over on each clock", func(c *Campaign) { c.Local = jurisdiction.Local{From: now, Until: now.Add(time.Minute)} }, []string{"--expires: a campaign needs at least 5 minutes"}},
		{"nothing", func(c *Campaign) { *c = Campaign{} }, []string{"--brand: ", "--topic: ", "--text: ", "--at: ", "--expires: "}},
		{"as many texts as can be", func(c *Campaign) { c.Texts = texts(maxTexts - 1) }, nil},
		{"more texts than can be written at once", func(c *Campaign) { c.Texts = texts(maxTexts) }, []string{"--text: there are 91 different texts"}},
		{"blank text", func(c *Campaign) { c.Text = " \n" }, []string{"--text: is empty"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			campaign := good
			c.change(&campaign)
			err := campaign.Validate(now)
			if len(c.want) == 0 {
				if err != nil {
					t.Fatalf("Validate: %v, want no error", err)
				}
				return
			}
			if err == nil {
				t.Fatal("Validate: no error")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(c.want) {
				t.Fatalf("Validate: %d lines, want %d:\n%v", len(lines), len(c.want), err)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(lines[i], want) {
					t.Errorf("line %d is %q, want it to start %q", i, lines[i], want)
				}
			}
		})
	}
}

// What campaigns that are alike are stored by tells the same ones apart as ever: by brand, topic and text, and by
// where one of these ends and the next begins.
func TestLikeness(t *testing.T) {
	c := Campaign{ID: "x", Brand: "example", Topic: "alerts", Text: "Example Corp.: sale", In: []string{"FR", "US-WA"}, At: now, Expires: now.Add(1)}
	const want = "e00f0904f710e3486a09848d2269a64d"
	if got := c.Likenesses(); !slices.Equal(got, []string{want}) {
		t.Errorf("stored as %s, want %s", got, want)
	}
	several := c
	several.Texts = map[string]string{"de": c.Text, "es": "Oferta", "fr": "Oferta ", "pl": "Promocja"}
	if got := several.Likenesses(); len(got) != 3 || got[0] != want {
		t.Errorf("with three different texts it is stored as %q", got)
	}
	for name, change := range map[string]func(*Campaign){
		"brand": func(c *Campaign) { c.Brand = "x" }, "topic": func(c *Campaign) { c.Topic = "x" }, "text": func(c *Campaign) { c.Text = "x" },
		"its first letter of the topic": func(c *Campaign) { c.Brand, c.Topic = "examplea", "lerts" },
	} {
		other := c
		if change(&other); slices.Contains(other.Likenesses(), want) {
			t.Errorf("alike with another %s", name)
		}
	}
	other := Campaign{
		ID: "y", Brand: c.Brand, Topic: c.Topic, Text: c.Text, At: now.Add(2), State: Running,
		Attributes: map[string][]string{"city": {"Dallas"}},
	}
	if !slices.Contains(other.Likenesses(), want) {
		t.Error("another time or other people make another campaign of it")
	}
	if run := c.Run(); run != (Run{ID: "x", At: now, Expires: now.Add(1)}) {
		t.Errorf("runs %+v", run)
	}
}

// A campaign may go on from any state but the last two.
func TestOpen(t *testing.T) {
	if open := Open(); !slices.Equal(open, []State{Scheduled, Running, Paused}) {
		t.Errorf("%v", open)
	}
}

// Where the links of a text lead is told in their order, and of a text with one that may not be followed nothing.
func TestTargets(t *testing.T) {
	for text, want := range map[string][]string{
		"Sale.": nil,
		"Sale {link:https://example.com/a} and {link:https://example.com/b}": {"https://example.com/a", "https://example.com/b"},
		"Sale {link:ftp://example.com/a} and {link:https://example.com/b}":   nil,
	} {
		if got := (Campaign{Text: text}).Targets(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// I2 needs every claim of a campaign to be remembered until it ends, which a campaign longer than maxDuration would
// outlive.
func TestNoCampaignOutlivesItsClaims(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := func(name string) time.Duration {
			return time.Duration(rapid.Int64Range(-int64(60*24*time.Hour), int64(60*24*time.Hour)).Draw(t, name))
		}
		c := Campaign{Brand: "b", Topic: "t", Text: "x", At: now.Add(span("at")), Expires: now.Add(span("expires"))}
		runs := c.Expires.Sub(c.At)
		want := runs >= leastDuration && runs <= maxDuration && c.Expires.Sub(now) >= leastDuration && now.Sub(c.At) <= maxLateStart
		if err := c.Validate(now); (err == nil) != want {
			t.Fatalf("campaign from %s to %s at %s: %v", c.At, c.Expires, now, err)
		}
	})
}

// A retry walks a group again: who was texted stays counted, everybody else is counted anew, so nobody counts twice.
func TestBegin(t *testing.T) {
	half := Group{Counts: Counts{Sent: 3, Deferred: 2, Refused: 1, Unreadable: 1}, Cursor: "k", Counted: now, Waiting: 5, Next: now}
	if got := half.Begin(); got.Counts != half.Counts || got.Cursor != "k" || !got.Counted.Equal(now) || !got.Next.Equal(now) || got.Waiting != 0 {
		t.Errorf("a walk that stopped half way resumed as %+v", got)
	}
	whole := half
	whole.Cursor, whole.Walked = "", true
	whole.Refuse("opted-out")
	if got := whole.Begin(); !reflect.DeepEqual(got, Group{Counts: Counts{Sent: 3}, Counted: now}) {
		t.Errorf("a new walk began as %+v", got)
	}
}

// A walk is told of by its end: who was texted until that very instant is counted, who was texted later is not.
func TestHas(t *testing.T) {
	g := Group{Counted: now}
	for _, c := range []struct {
		texted time.Time
		want   bool
	}{{now.Add(-time.Second), true}, {now, true}, {now.Add(time.Nanosecond), false}} {
		if got := g.AlreadyCounted(c.texted); got != c.want {
			t.Errorf("texted at %s, counted until %s: %t, want %t", c.texted, g.Counted, got, c.want)
		}
	}
	if (Group{}).AlreadyCounted(now) {
		t.Error("somebody texted is counted before anybody was")
	}
}

// The group is looked at again when the first of those deferred may be texted, on whichever page they stood.
func TestTheFirstOfThoseDeferredDecides(t *testing.T) {
	soon, later := now.Add(time.Hour), now.Add(2*time.Hour)
	for _, c := range []struct {
		name  string
		pages []time.Time
		want  time.Time
	}{
		{"on the first page", []time.Time{soon, later}, soon},
		{"on the second", []time.Time{later, soon}, soon},
		{"and nobody after", []time.Time{soon, {}}, soon},
		{"and nobody before", []time.Time{{}, later}, later},
		{"nobody", []time.Time{{}, {}}, time.Time{}},
	} {
		var g Group
		for _, next := range c.pages {
			g = g.Page(Counts{Deferred: 1}, next, "k", now)
		}
		if !g.Next.Equal(c.want) {
			t.Errorf("%s: looked at again at %s, want %s", c.name, g.Next, c.want)
		}
	}
}

// A campaign stands still where its beginning, or any shard of it, has been due for longer than the patience. What
// waits for its hours, was paused, or is over does not.
func TestStandsStill(t *testing.T) {
	long, just := now.Add(-StandstillAfter-time.Second), now.Add(-StandstillAfter)
	done := Shard{Version: 3}
	for _, c := range []struct {
		name   string
		state  State
		at     time.Time
		shards []Shard
		want   bool
	}{
		{"not due yet", Scheduled, now.Add(time.Hour), nil, false},
		{"about to begin", Scheduled, just, nil, false},
		{"never began", Scheduled, long, nil, true},
		{"a shard nobody walked", Running, long, []Shard{done, {}}, true},
		{"a shard nobody walked yet", Running, just, []Shard{done, {}}, false},
		{"behind one that is walked", Running, long, []Shard{{Version: 1, Next: long, Saved: just}, {}}, false},
		{"behind one that was walked long ago", Running, long, []Shard{{Version: 1, Saved: long}, {}}, true},
		{"walked a moment ago", Running, long, []Shard{{Version: 5, Next: just}}, false},
		{"walked long ago", Running, long, []Shard{{Version: 5, Next: long}, done}, true},
		{"waits for its hours", Running, long, []Shard{{Version: 5, Next: now.Add(time.Hour)}, done}, false},
		{"all walked", Running, long, []Shard{done, done}, false},
		{"paused", Paused, long, []Shard{{Version: 5, Next: long}}, false},
		{"over", Done, long, []Shard{{Version: 5, Next: long}}, false},
	} {
		if got := (Campaign{State: c.state, At: c.at}).StandsStill(c.shards, now); got != c.want {
			t.Errorf("%s: stands still %t, want %t", c.name, got, c.want)
		}
	}
}

// What has not been walked to its end is not finished, so no other shard may end the campaign.
func TestUnfinished(t *testing.T) {
	for _, c := range []struct {
		name  string
		shard Shard
		want  bool
	}{
		{"nothing stored", Shard{}, true},
		{"saved on the way", Shard{Version: 1, Next: now}, true},
		{"somebody waits", Shard{Version: 2, Next: now.Add(time.Hour)}, true},
		{"done", Shard{Version: 2}, false},
	} {
		if got := c.shard.Unfinished(); got != c.want {
			t.Errorf("%s: unfinished %t, want %t", c.name, got, c.want)
		}
	}
}

func TestBeside(t *testing.T) {
	at := func(h int) time.Time { return now.Add(time.Duration(h) * time.Hour) }
	alike := []Run{{"early", at(-5), at(2)}, {"late", at(10), at(20)}, {"itself", at(0), at(10)}}
	for _, c := range []struct {
		from, to int
		want     string
	}{
		{2, 10, ""}, {1, 10, "early"}, {2, 11, "late"}, {-9, -5, ""}, {20, 30, ""}, {-9, 30, "early, late"}, {12, 13, "late"},
	} {
		one := Campaign{ID: "itself", At: at(c.from), Expires: at(c.to)}
		var got []string
		for _, r := range alike {
			if one.Overlaps(r) {
				got = append(got, r.ID)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("from %d to %d: %q, want %q", c.from, c.to, got, c.want)
		}
	}
	one := Campaign{ID: "itself", At: at(3), Expires: at(4), Created: at(2)}
	if got := one.With(alike); len(got) != 2 || got[0].ID != "late" || got[1] != one.Run() {
		t.Errorf("%+v are kept", got)
	}
}

// Two campaigns have nobody in common where their places exclude each other, and only there.
func TestRepeats(t *testing.T) {
	for _, c := range []struct {
		one, two []string
		want     bool
	}{
		{nil, nil, true},
		{nil, []string{"US-WA"}, true},
		{[]string{"US"}, []string{"US-WA"}, true},
		{[]string{"US-OR", "US-WA"}, []string{"FR", "US-WA"}, true},
		{[]string{"US-OR"}, []string{"US-WA"}, false},
		{[]string{"CA"}, []string{"FR", "US-CA"}, false},
	} {
		one, two := Campaign{Text: "x", In: c.one}, Campaign{Text: "x", In: c.two}
		two.Attributes = map[string][]string{"city": {"Dallas"}}
		if one.Repeats(&two) != c.want || two.Repeats(&one) != c.want {
			t.Errorf("%v and %v: %t and %t, want %t", c.one, c.two, one.Repeats(&two), two.Repeats(&one), c.want)
		}
		if two.Text = "y"; one.Repeats(&two) {
			t.Errorf("%v and %v repeat each other with other texts", c.one, c.two)
		}
		for _, texts := range []map[string]string{{"es": "x"}, {"es": "x", "de": "z"}} {
			if two.Texts = texts; one.Repeats(&two) != c.want || two.Repeats(&one) != c.want {
				t.Errorf("%v and %v with %v do not share a text", c.one, c.two, texts)
			}
		}
	}
}

// Half an hour is what may be due without anybody coming.
func TestWhenACampaignStandsStill(t *testing.T) {
	for since, stands := range map[time.Duration]bool{30 * time.Minute: false, 30*time.Minute + time.Second: true} {
		if got := (Campaign{State: Scheduled, At: now.Add(-since)}).StandsStill(nil, now); got != stands {
			t.Errorf("due for %s: stands still %t", since, got)
		}
	}
}

func TestNextLook(t *testing.T) {
	past, soon, later := now.Add(-time.Hour), now.Add(time.Hour), now.Add(2*time.Hour)
	shards := []Shard{{Version: 2}, {Version: 3, Next: later}, {Version: 1, Next: soon}, {Version: 3, Next: past}, {Version: 4}}
	for state, want := range map[State]time.Time{Scheduled: now, Running: soon, Paused: {}, Done: {}, Canceled: {}} {
		if got := (Campaign{State: state, At: now}).NextLook(shards, now); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
	}
	// What is past is no next look: one that waits for an approval, or looks at people at the moment.
	for state, c := range map[State]Campaign{Scheduled: {At: past}, Running: {}} {
		if c.State = state; !c.NextLook([]Shard{{Version: 1, Next: past}}, now).IsZero() {
			t.Errorf("%s: the next look is past", state)
		}
	}
}
