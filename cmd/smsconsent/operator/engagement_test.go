package operator

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

func engagement(t *testing.T) tiers {
	t.Helper()
	out, _ := execute(t, 0, "engagement", "--topic", "alerts", "--json")
	return strictly[tiers](t, out)
}

// The whole way of somebody who never answers: campaigns with a link, digests, one question, and off the list. A YES
// brings them back. What is said of them on the way is counted by the command.
func TestTheWayOfSomebodyWhoNeverAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulated year")
	}
	w := newWorld(t)
	w.subscribes(her)
	now := tuesday
	text := func(n int, more ...string) {
		t.Helper()
		create(t, fmt.Sprintf("Example Corp.: number %d is out. Reply MORE for more, STOP to cancel.", n), more...)
		now = now.Add(3 * 24 * time.Hour)
		w.goTo(now)
		if got := w.got(her, fmt.Sprintf("number %d ", n)); got != 1 {
			t.Fatalf("text %d came %d times", n, got)
		}
	}
	pass := func(days int) { now = now.Add(time.Duration(days) * 24 * time.Hour); w.goTo(now) }
	for i := range 6 {
		text(i)
		pass(13)
	}
	if e := engagement(t); e.Digest != 1 || e.Regular != 0 || e.Engagement != "on" {
		t.Fatalf("after six texts and more than 90 days: %+v", e)
	}
	create(t, "Example Corp.: not for her. Reply MORE for more.")
	pass(1)
	if n := w.got(her, "not for her"); n != 0 {
		t.Fatal("a campaign that is no digest reached her")
	}
	if e := engagement(t); e.Saves.Texts != 0 { // one she got, and one that reached nobody at all
		t.Errorf("saved %+v, want nothing", e.Saves)
	}
	if a, says := told(t, "engagement-tier"); a.Permitted || a.NextOpening == nil || !strings.HasPrefix(says, "refuse:") {
		t.Errorf("of a regular text explain says %q, and of a digest %v", says, a.NextOpening)
	}
	if a, says := told(t, "engagement-tier", "--digest"); a.NextOpening == nil || !strings.HasPrefix(says, "allow:") {
		t.Errorf("of a digest explain says %q until %v", says, a.NextOpening)
	}
	if out, _ := execute(t, 0, "explain", her, "--topic", "alerts"); !strings.Contains(out, "A campaign marked --digest may go now.") {
		t.Errorf("explain says\n%s", out)
	}
	for i := range 3 {
		pass(31)
		text(10+i, "--digest")
	}
	pass(32) // the question counts against the two texts a month she was promised
	if e := engagement(t); e.Asked != 1 {
		t.Fatalf("after three digests, and when there is room: %+v", e)
	}
	pass(40)
	if e := engagement(t); e.Removed != 1 || e.Asked != 0 {
		t.Fatalf("after forty days without an answer: %+v", e)
	}
	if n := w.got(her, "Still want Example Corp. alerts? Reply YES"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	w.says(her, "YES")
	if e := engagement(t); e.Regular != 1 || e.Removed != 0 {
		t.Errorf("after her YES: %+v", e)
	}
}

// What the tiers save is the texts that somebody did not get because of the tier they were in by then, and no text that
// they got.
func TestWhatTheTiersSave(t *testing.T) {
	day := func(ago int) time.Time { return tuesday.Add(-time.Duration(ago) * 24 * time.Hour) }
	topic := program.Topic{ID: "alerts", Engagement: program.Engagement{
		Digest: program.Patience{Chances: 1, For: time.Hour}, Ask: program.Patience{Chances: 1, For: 5 * 24 * time.Hour}, RemoveAfter: 7 * 24 * time.Hour,
	}}
	sent := []campaign.Campaign{
		{ID: "ten", At: day(10), Text: "one part"},
		{ID: "digest", At: day(8), Text: "one part", Digest: true},
		{ID: "two", At: day(2), Text: strings.Repeat("x", 161)},
	}
	for name, c := range map[string]struct {
		tier         consent.Tier
		moved        int // days ago
		got          string
		texts, parts int
	}{
		"regular":                      {consent.Regular, 0, "", 0, 0},
		"digest, all the time":         {consent.Digest, 20, "", 2, 3},
		"digest, since":                {consent.Digest, 5, "", 1, 2},
		"digest, whatever it was, got": {consent.Digest, 20, "ten", 1, 2},
		"asked, all the time":          {consent.Asked, 20, "", 3, 4},
		"asked, digest before":         {consent.Asked, 7, "digest", 2, 3},
		"asked, regular before":        {consent.Asked, 4, "", 1, 2},
		"removed, asked all the time":  {consent.OffList, 4, "", 3, 4},
		"removed just now":             {consent.OffList, 0, "", 1, 2},
	} {
		count := census{now: tuesday, topic: &topic, recent: sent}
		if c.tier == consent.OffList {
			count.saveRemoved(day(c.moved))
		} else {
			count.savePerson(&consent.Contact{
				Subs:   map[string]consent.Subscription{"alerts": {State: consent.Subscribed, Tier: c.tier, Moved: day(c.moved)}},
				Claims: []consent.Claim{{Campaign: c.got}},
			})
		}
		count.price(0.5)
		if count.Saves.Texts != c.texts || count.Saves.Parts != c.parts || *count.Saves.Money != float64(c.parts)/2 {
			t.Errorf("%s: %+v, want %d texts of %d parts", name, count.Saves, c.texts, c.parts)
		}
	}
}

// Each person is in one tier, and is counted for one move at most.
func TestTheCensus(t *testing.T) {
	topic := program.Topic{ID: "alerts", Engagement: program.Engagement{
		Digest: program.Patience{Chances: 1, For: time.Hour}, Ask: program.Patience{Chances: 1, For: time.Hour}, RemoveAfter: time.Hour,
	}}
	c := census{topic: &topic, now: tuesday}
	for _, p := range []struct {
		state   consent.State
		tier    consent.Tier
		chances int
	}{
		{consent.Subscribed, "", 0},
		{consent.Subscribed, "", 1},
		{consent.Subscribed, consent.Digest, 1},
		{consent.Subscribed, consent.Asked, 0},
		{consent.Unsubscribed, consent.Digest, 1},
	} {
		c.add(&consent.Contact{
			Subs:      map[string]consent.Subscription{"alerts": {State: p.state, Tier: p.tier, Since: tuesday.Add(-24 * time.Hour)}},
			Attention: map[string]consent.Attention{"alerts": {Chances: p.chances}},
		})
	}
	// Whoever was never asked goes back to the digests.
	want := tiers{Regular: 2, Digest: 1, Asked: 1, Next: moves{Digest: 2, Asked: 1}}
	if c.tiers != want {
		t.Errorf("%+v, want %+v", c.tiers, want)
	}
}

// Mistakes name the flag and what to write.
func TestEngagementMistakes(t *testing.T) {
	newWorld(t)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--topic", "orders"}, "--topic: orders is transactional"},
		{[]string{"--topic", "nothing"}, `--topic: brand example has no topic "nothing"`},
		{[]string{"--brand", "nobody"}, `--brand: "nobody"`},
		{[]string{"--price", "-1"}, "--price: -1 is less than nothing"},
	} {
		if _, says := execute(t, exitUsage, append([]string{"engagement"}, c.args...)...); !strings.Contains(says, c.says) {
			t.Errorf("%v: %q, want %q", c.args, says, c.says)
		}
	}
	if _, says := execute(t, exitUsage, "campaign", "create", "--topic", "orders", "--text", "x", "--digest"); !strings.Contains(says, "--digest: topic orders is transactional") {
		t.Errorf("%q", says)
	}
	if _, says := execute(t, exitUsage, "campaign", "create", "--topic", "alerts", "--text", "x", "--content", "spring sale"); !strings.Contains(says, `--content: "spring sale": write 1 to 40`) {
		t.Errorf("%q", says)
	}
	out, _ := execute(t, 0, "engagement", "--price", "0.01")
	if !strings.Contains(out, "example/alerts") || !strings.Contains(out, "0.00") {
		t.Errorf("%s", out)
	}
}
