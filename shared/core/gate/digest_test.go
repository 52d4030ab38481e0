package gate_test

import (
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

// Whoever shows no sign of reading gets one digest of the topic a calendar month, and none within a fortnight of the
// last, whatever the topic promised; neither others' topics nor regular texts count.
func TestTheDigest(t *testing.T) {
	for _, c := range []struct {
		name   string
		tier   consent.Tier
		now    time.Time
		ago    time.Duration
		topic  string
		digest bool
		rule   string
		until  time.Duration
	}{
		{"yesterday, last month", consent.Digest, noon, 24 * time.Hour, "hourly", true, "engagement-tier", 13 * 24 * time.Hour},
		{"a fortnight ago, last month", consent.Digest, noon, 14 * 24 * time.Hour, "hourly", true, "", 0},
		{
			"a fortnight ago, this month", consent.Digest, noon.Add(20 * 24 * time.Hour), 15 * 24 * time.Hour, "hourly", true,
			"engagement-tier", 10*24*time.Hour + 4*time.Hour,
		},
		{"the regular text of yesterday", consent.Digest, noon, 25 * time.Hour, "hourly", false, "", 0},
		{"another topic's", consent.Digest, noon, 25 * time.Hour, "alerts", true, "", 0},
		{"regular", consent.Regular, noon, 25 * time.Hour, "hourly", true, "", 0},
		{"no tier", "", noon, 25 * time.Hour, "hourly", true, "", 0},
	} {
		s := newScene(t)
		s.now = c.now
		s.text.Topics, s.text.Digest = []string{"hourly"}, true
		s.sub("hourly", func(b *consent.Subscription) { b.Tier = c.tier })
		s.texted(c.ago, message.Promotional, c.topic)
		s.contact.Claims[0].Digest = c.digest
		d := s.decide(t)
		if d.Rule != c.rule || c.rule != "" && !d.Until.Equal(s.now.Add(c.until)) {
			t.Errorf("%s: %s by %q until %s", c.name, d.Verdict, d.Rule, d.Until)
		}
	}
}

// A monthly digest on the first of each month always goes, at whatever hour of the day it went the month before.
func TestADigestOnTheFirstOfEachMonth(t *testing.T) {
	for month := range 24 {
		for _, hour := range []int{17, 23} { // in Seattle 9 or 10 in the morning, 15 or 16 in the afternoon
			s := newScene(t)
			s.now = time.Date(2027, time.February+time.Month(month), 1, 17, 0, 0, 0, time.UTC)
			last := time.Date(2027, time.January+time.Month(month), 1, hour, 0, 0, 0, time.UTC)
			s.text.Topics, s.text.Digest = []string{"hourly"}, true
			s.sub("hourly", func(b *consent.Subscription) { b.Tier = consent.Digest })
			s.texted(s.now.Sub(last), message.Promotional, "hourly")
			s.contact.Claims[0].Digest = true
			if d := s.decide(t); d.Rule == "engagement-tier" {
				t.Errorf("%s after %s: %s until %s", s.now, last, d.Verdict, d.Until)
			}
		}
	}
}

// Of two digests the later counts, in whatever order they are kept.
func TestTheLaterOfTwoDigests(t *testing.T) {
	s := newScene(t)
	s.text.Digest = true
	s.sub("alerts", func(b *consent.Subscription) { b.Tier = consent.Digest })
	for _, days := range []int{1, 40} {
		s.texted(time.Duration(days)*24*time.Hour, message.Promotional, "alerts")
		s.contact.Claims[len(s.contact.Claims)-1].Digest = true
	}
	if d := s.decide(t); d.Rule != "engagement-tier" || !d.Until.Equal(s.now.Add(13*24*time.Hour)) {
		t.Errorf("%s by %q until %s", d.Verdict, d.Rule, d.Until)
	}
}
