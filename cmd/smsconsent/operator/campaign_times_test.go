package operator

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// At 14:00 on each person's own clock each gets it when theirs shows that; where it has passed, at once.
func TestACampaignOnEachPersonsOwnClock(t *testing.T) {
	w := newWorld(t)
	const east, hawaii = "+12125550142", "+18085550142"
	for _, phone := range []string{her, east, hawaii} {
		w.subscribes(phone)
	}
	w.goTo(tuesday.Add(2 * time.Hour)) // noon in Seattle, 15:00 in New York, 10:00 in Hawaii
	local := []string{"--at", "today 14:00", "--local-time", "--zone", "America/Los_Angeles"}
	p := planOf(t, local...)
	words, _ := execute(t, 0, append([]string{"campaign", "plan", "--topic", "alerts", "--text", "Example Corp.: hi.", "--json"}, local...)...)
	if !strings.Contains(words, `"from": "2027-01-05T14:00:00"`) || !strings.Contains(words, `"until": "2027-01-08T14:00:00"`) {
		t.Errorf("the span is not told as clocks show it:\n%s", words)
	}
	at := map[string]time.Time{}
	for _, h := range p.Hours {
		at[h.Zone] = h.At
	}
	for zone, hours := range map[string]int{"America/New_York": 2, "America/Los_Angeles": 4, "Pacific/Honolulu": 6} {
		if want := tuesday.Add(time.Duration(hours) * time.Hour); !at[zone].Equal(want) {
			t.Errorf("planned in %s for %s, want %s", zone, at[zone], want)
		}
	}
	if p.Passed != 1 || p.Later != 0 || p.Will != 3 {
		t.Errorf("planned: %+v", p)
	}
	id := create(t, "Example Corp.: open today.", local...)
	if _, says := execute(t, 0, append([]string{"campaign", "create", "--again", "--topic", "orders", "--text", "Example Corp.: news."}, local...)...); !strings.Contains(says, "on each person's own clock") {
		t.Errorf("create says %q", says)
	}
	for hour := 2; hour <= 6; hour++ {
		w.goTo(tuesday.Add(time.Duration(hour)*time.Hour + 2*time.Minute))
		for phone, from := range map[string]int{east: 2, her: 4, hawaii: 6} {
			if got, want := w.got(phone, "open today"), hour >= from; (got == 1) != want {
				t.Errorf("%d hours later %s has it %d times", hour, phone, got)
			}
		}
	}
	if s := status(t, id); s.State != "done" || s.Counts.Sent != 3 {
		t.Errorf("in the end: %+v", s)
	}
}

// Who has had the whole of its span behind them never gets it, and the plan says so.
func TestAnOwnSpanThatIsOver(t *testing.T) {
	w := newWorld(t)
	const east = "+12125550142"
	for _, phone := range []string{her, east} {
		w.subscribes(phone)
	}
	w.goTo(tuesday.Add(3 * time.Hour)) // 13:00 in Seattle, 16:00 in New York
	local := []string{"--at", "2027-01-05 14:00", "--expires", "2027-01-05 16:00", "--local-time"}
	if p := planOf(t, local...); p.Will != 1 || p.Not["campaign-window"] != 1 {
		t.Errorf("planned: %+v", p)
	}
	id := create(t, "Example Corp.: open today.", local...)
	w.goTo(tuesday.Add(48 * time.Hour))
	if s := status(t, id); s.State != "done" || s.Counts.Sent != 1 || s.Counts.Expired != 1 || w.got(east, "open today") != 0 {
		t.Errorf("in the end: %+v", s)
	}
	out, _ := execute(t, 0, "campaign", "copy", id, "--at", "2027-01-08 09:30", "--json")
	c := campaignStored(t, strictly[created](t, out).ID)
	if from := time.Date(2027, 1, 8, 9, 30, 0, 0, time.UTC); !c.Local.From.Equal(from) || !c.Local.Until.Equal(from.Add(2*time.Hour)) {
		t.Errorf("its copy is on %+v", c.Local)
	}
	execute(t, 0, "campaign", "edit", c.ID, "--expires", "2027-01-08 12:00", "--yes")
	if edited := campaignStored(t, c.ID); edited.Local.Until.Hour() != 12 || !edited.Local.From.Equal(c.Local.From) {
		t.Errorf("edited it is on %+v", edited.Local)
	}
}

// A browser on a machine that is set to UTC offers that zone; commands take it for a time and for a schedule.
func TestUTCIsATimeZone(t *testing.T) {
	newWorld(t)
	ten := time.Date(2027, time.January, 6, 10, 0, 0, 0, time.UTC)
	for n, zone := range []string{"UTC", "Etc/UTC", "GMT"} {
		for _, when := range [][]string{{"--at", "2027-01-06 10:00"}, {"--repeat", "0 10 * * 3"}} {
			args := append([]string{"campaign", "create", "--topic", "alerts", "--text", fmt.Sprintf("Example Corp.: %d.", n), "--zone", zone, "--again"}, when...)
			if out, _ := execute(t, 0, append(args, "--yes")...); !strings.Contains(out, ten.Format(time.RFC3339)) {
				t.Errorf("%s %s: %s", when, zone, out)
			}
		}
	}
	for _, when := range [][]string{{"--at", "2027-01-06 10:00"}, {"--repeat", "0 10 * * 3"}} {
		args := append([]string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: hi.", "--zone", "Mars/Base"}, when...)
		if _, says := execute(t, exitUsage, args...); !strings.Contains(says, `--zone: "Mars/Base" is no time zone, such as America/Los_Angeles`) {
			t.Errorf("%s: %s", when, says)
		}
	}
}

func TestMistakesInLocalTime(t *testing.T) {
	newWorld(t)
	for _, tc := range []struct {
		says string
		args []string
	}{
		{"--local-time: ", nil},
		{"--at: ", []string{"--at", "2027-01-06T10:00:00Z"}},
		{"--zone America/Los_Angeles", []string{"--at", "tomorrow 10:00"}},
		{"--at: ", []string{"--at", "2027-01-04 10:00"}},
		{"--expires: ", []string{"--at", "2027-01-06 10:00", "--expires", "2027-01-06 10:00"}},
		{"--far", []string{"--at", "2099-01-06 10:00"}},
	} {
		args := append([]string{"campaign", "create", "--topic", "alerts", "--text", "Hi.", "--local-time"}, tc.args...)
		if _, says := execute(t, exitUsage, args...); !strings.Contains(says, tc.says) {
			t.Errorf("%v: %q, want %q", tc.args, says, tc.says)
		}
	}
}
