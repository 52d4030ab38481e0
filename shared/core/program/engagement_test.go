package program

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A topic says in plain words when whom it bores gets less of it. What it says is read as it is meant, or refused with
// the line, the field and what to write.
func TestEngagement(t *testing.T) {
	const at = "            frequency: 2 per month\n"
	const day = 24 * time.Hour
	for _, c := range []struct {
		text string
		want Engagement
		says string
	}{
		{"", defaultEngagement, ""},
		{"engagement: off", Engagement{}, ""},
		{"engagement: {signs: [click]}", Engagement{[]Sign{SignClick}, defaultEngagement.Digest, defaultEngagement.Ask, 30 * day}, ""},
		{
			"engagement: {digest_after: 1 chance and 7 days, ask_after: 100 chances and 730 days, remove_after: 7 days}",
			Engagement{nil, Patience{1, 7 * day}, Patience{100, 730 * day}, 7 * day},
			"",
		},
		{"engagement: on", Engagement{}, `engagement: "on": write off, or the fields signs, digest_after, ask_after and remove_after`},
		{"engagement: {digest: 6 chances}", Engagement{}, "engagement.digest: unknown field; the fields here are signs, digest_after"},
		{"engagement: {digest_after: 6 chances}", Engagement{}, `engagement.digest_after: "6 chances": write "6 chances and 90 days"`},
		{"engagement: {digest_after: 0 chances and 90 days}", Engagement{}, `engagement.digest_after: "0 chances and 90 days": write`},
		{"engagement: {ask_after: 6 chances and 6 days}", Engagement{}, `engagement.ask_after: "6 chances and 6 days": write`},
		{"engagement: {ask_after: 90 days and 6 chances}", Engagement{}, `engagement.ask_after: "90 days and 6 chances": write`},
		{"engagement: {remove_after: 31 days}", Engagement{}, `engagement.remove_after: "31 days": write 7 to 30 days, such as "30 days"`},
		{"engagement: {remove_after: 4 weeks}", Engagement{}, `engagement.remove_after: "4 weeks": write 7 to 30 days`},
		{"engagement: {signs: []}", Engagement{}, "engagement.signs: names no sign"},
		{"engagement: {signs: [opened]}", Engagement{}, `engagement.signs[0]: "opened": write each of reply, click and event once at most`},
		{"engagement: {signs: [click, click]}", Engagement{}, `engagement.signs[1]: "click": write each`},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := Load([]byte(strings.Replace(base, at, at+"            "+c.text+"\n", 1)))
			if c.says != "" {
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Fatalf("%v, want %q", err, c.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Brands[0].Programs[0].Topics[0].Engagement); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Nobody gets fewer texts about their own orders.
func TestEngagementIsForPromotionalTopics(t *testing.T) {
	_, err := Load([]byte(strings.Replace(base, "            name: orders\n", "            name: orders\n            engagement: off\n", 1)))
	if err == nil || !strings.Contains(err.Error(), "engagement: only a promotional topic has it") {
		t.Errorf("%v", err)
	}
}

func TestOtherChannels(t *testing.T) {
	for _, c := range []struct {
		text string
		want OtherChannels
		says string
	}{
		{"", OtherChannels{24 * time.Hour, false}, ""},
		{"{within: 72h, then: skip}", OtherChannels{72 * time.Hour, true}, ""},
		{"{then: wait}", OtherChannels{24 * time.Hour, false}, ""},
		{"{within: 30m}", OtherChannels{}, `policy.other_channels.within: "30m": write`},
		{"{within: 3 days}", OtherChannels{}, `policy.other_channels.within: "3 days": write`},
		{"{then: drop}", OtherChannels{}, `policy.other_channels.then: "drop": write wait or skip`},
	} {
		text := base
		if c.text != "" {
			text = strings.Replace(base, "  hours: strict\n", "  other_channels: "+c.text+"\n", 1)
		}
		got, err := Load([]byte(text))
		if c.says == "" && (err != nil || got.OtherChannels != c.want) || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %+v, %v", c.text, got, err)
		}
	}
}

func TestLeastGap(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Duration
		says string
	}{
		{"", 4 * time.Hour, ""},
		{"24h", 24 * time.Hour, ""},
		{"none", 0, ""},
		{"30s", 0, `policy.least_gap: "30s": write`},
		{"169h", 0, `policy.least_gap: "169h": write`},
		{"a day", 0, `policy.least_gap: "a day": write`},
	} {
		text := base
		if c.text != "" {
			text = strings.Replace(base, "  hours: strict\n", "  least_gap: "+c.text+"\n", 1)
		}
		got, err := Load([]byte(text))
		if c.says == "" && (err != nil || got.LeastGap != c.want) || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%q: %+v, %v", c.text, got, err)
		}
	}
}
