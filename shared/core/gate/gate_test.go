package gate_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

var (
	seattle = phone.Place{Country: "US", State: "WA", Zones: []string{"America/Los_Angeles"}}
	miami   = phone.Place{Country: "US", State: "FL", Zones: []string{"America/New_York"}}

	// noon in Seattle, on a Tuesday that is no holiday anywhere near.
	noon = time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
)

func TestEachRule(t *testing.T) {
	for _, tc := range []struct {
		name    string
		change  func(*scene)
		verdict gate.Verdict
		rule    string
		until   time.Duration // after now; only where deferred
	}{
		{name: "everything in order", change: func(*scene) {}},

		{name: "stopped", verdict: gate.Refuse, rule: "opted-out", change: func(s *scene) { s.contact.Stopped = map[string]time.Time{"alerts": s.now.Add(-time.Hour)} }},
		{name: "stopped everything", verdict: gate.Refuse, rule: "opted-out", change: func(s *scene) { s.contact.Stopped = map[string]time.Time{consent.Everything: s.now.Add(-time.Hour)} }},
		{name: "stopped, and the text names no topic", verdict: gate.Refuse, rule: "opted-out", change: func(s *scene) {
			s.text.Topics, s.contact.Stopped = nil, map[string]time.Time{"alerts": s.now.Add(-time.Hour)}
		}},
		{name: "stopped another program", change: func(s *scene) { s.contact.Stopped = map[string]time.Time{"orders": s.now.Add(-time.Hour)} }},
		{name: "transactional after its own STOP", verdict: gate.Refuse, rule: "opted-out", change: func(s *scene) {
			s.transactional()
			s.contact.Stopped = map[string]time.Time{"orders": s.now.Add(-time.Hour)}
		}},

		{name: "never asked for", verdict: gate.Refuse, rule: "topic-consent", change: func(s *scene) { delete(s.contact.Subs, "alerts") }},
		{name: "no topic", verdict: gate.Refuse, rule: "topic-consent", change: func(s *scene) { s.text.Topics = nil }},
		{name: "pending", verdict: gate.Refuse, rule: "topic-consent", change: func(s *scene) { s.sub("alerts", func(b *consent.Subscription) { b.State = consent.Pending }) }},
		{name: "suspended", verdict: gate.Refuse, rule: "topic-consent", change: func(s *scene) { s.sub("alerts", func(b *consent.Subscription) { b.State = consent.Suspended }) }},
		{name: "consent for transactional only", verdict: gate.Refuse, rule: "topic-consent", change: func(s *scene) {
			s.sub("alerts", func(b *consent.Subscription) { b.Class = program.Transactional })
		}},

		{name: "another brand's identity", verdict: gate.Refuse, rule: "origination-identity", change: func(s *scene) { s.text.Program = &s.catalog.Brands[1].Programs[0] }},
		{name: "promotional text from the transactional identity", verdict: gate.Refuse, rule: "topic-consent", change: func(s *scene) { s.text.Program = &s.catalog.Brands[0].Programs[1] }},
		{name: "topic of another identity", verdict: gate.Refuse, rule: "origination-identity", change: func(s *scene) {
			s.transactional()
			s.text.Kind, s.text.Topics = message.Promotional, []string{"orders"}
		}},

		{name: "no confirmation on record", verdict: gate.Refuse, rule: "evidence", change: func(s *scene) { s.sub("alerts", func(b *consent.Subscription) { b.Proof = 0 }) }},
		{name: "no request on record", verdict: gate.Refuse, rule: "evidence", change: func(s *scene) { s.sub("alerts", func(b *consent.Subscription) { b.Request = 0 }) }},
		{name: "only told of the texts, where the topic begins so", change: func(s *scene) { s.told(true) }},
		{name: "only told of the texts, where the topic asks for a YES", verdict: gate.Refuse, rule: "evidence", change: func(s *scene) { s.told(false) }},

		{name: "a consent yet to come", verdict: gate.Refuse, rule: "evidence", change: func(s *scene) {
			s.sub("alerts", func(b *consent.Subscription) { b.Since = s.now.Add(time.Millisecond) })
		}},
		{name: "altered by somebody else", verdict: gate.Refuse, rule: "evidence", change: func(s *scene) { s.contact.Suspect = true }},
		{name: "altered by somebody else, a reminder", verdict: gate.Refuse, rule: "evidence", change: func(s *scene) { s.contact.Suspect, s.text.Kind = true, message.Reminder }},
		{name: "altered by somebody else, a transactional text", verdict: gate.Refuse, rule: "evidence", change: func(s *scene) {
			s.transactional()
			s.contact.Suspect = true
		}},
		{name: "altered by somebody else, and answered all the same", change: func(s *scene) { s.contact.Suspect, s.text.Kind = true, message.Reply }},

		{name: "undeliverable", verdict: gate.Refuse, rule: "deliverable", change: func(s *scene) { s.contact.Health.Undeliverable = true }},

		{name: "before the campaign", verdict: gate.Defer, rule: "campaign-window", until: time.Hour, change: func(s *scene) { s.text.Opens = s.now.Add(time.Hour) }},
		{name: "before the campaign on the last of its clocks", verdict: gate.Defer, rule: "campaign-window", until: 2 * time.Hour, change: func(s *scene) {
			s.place = phone.Place{Country: "US", State: "OR", Zones: []string{"America/Boise", "America/Los_Angeles"}}
			s.text.Local = localFrom(s.now.Add(2*time.Hour), 6)
		}},
		{name: "after the campaign on the first of its clocks", verdict: gate.Refuse, rule: "campaign-window", change: func(s *scene) {
			s.place = phone.Place{Country: "US", State: "OR", Zones: []string{"America/Boise", "America/Los_Angeles"}}
			s.text.Local = localFrom(s.now.Add(-4*time.Hour), 5)
		}},
		{name: "after the campaign", verdict: gate.Refuse, rule: "campaign-window", change: func(s *scene) { s.text.Expires = s.now }},
		{name: "too near the campaign's end to be delivered in time", verdict: gate.Refuse, rule: "campaign-window", change: func(s *scene) { s.text.Expires = s.now.Add(59 * time.Second) }},
		{name: "a minute before the campaign's end", change: func(s *scene) { s.text.Expires = s.now.Add(time.Minute) }},

		{name: "I2: this campaign already", verdict: gate.Refuse, rule: "campaign-once", change: func(s *scene) {
			s.texted(time.Hour, message.Promotional, "alerts")
			s.contact.Claims[0].Campaign = "this"
		}},
		{name: "I2: this single text already", verdict: gate.Refuse, rule: "campaign-once", change: func(s *scene) {
			s.text.Campaign, s.text.Ref = "", "order-4711"
			s.texted(25*time.Hour, message.Transactional, "alerts")
			s.contact.Claims[0].Campaign, s.contact.Claims[0].Ref = "", "order-4711"
		}},
		{name: "this campaign, but the carrier refused", change: func(s *scene) {
			s.texted(time.Hour, message.Promotional, "alerts")
			s.contact.Claims[0].Campaign = "this"
			s.contact = s.contact.WithoutClaim(s.contact.Claims[0].ID)
		}},

		{name: "I7: two a month promised, one sent", change: func(s *scene) { s.texted(30*24*time.Hour, message.Promotional, "alerts") }},
		{name: "I7: two a month promised, two sent", verdict: gate.Defer, rule: "promised-frequency", until: 24 * time.Hour, change: func(s *scene) {
			s.texted(30*24*time.Hour, message.Promotional, "alerts")
			s.texted(25*time.Hour, message.Reminder, "alerts")
		}},
		{name: "I7: the first of them is 31 days old", change: func(s *scene) {
			s.texted(31*24*time.Hour, message.Promotional, "alerts")
			s.texted(25*time.Hour, message.Promotional, "alerts")
		}},
		{name: "answers do not count as promised messages", change: func(s *scene) {
			for range 3 {
				s.texted(time.Hour, message.Reply, "alerts")
			}
		}},
		{name: "another topic's messages do not count", change: func(s *scene) {
			s.texted(time.Hour, message.Promotional, "hourly")
			s.texted(time.Hour, message.Promotional, "hourly")
		}},

		{name: "I7: fourth text in 24 hours", verdict: gate.Defer, rule: "legal-cap", until: 2*time.Hour + time.Minute, change: func(s *scene) {
			s.text.Topics = []string{"hourly"}
			s.texted(22*time.Hour, message.Promotional, "hourly")
			s.texted(2*time.Hour, message.Promotional, "hourly")
			s.texted(time.Hour, message.Promotional, "alerts")
		}},
		{name: "the first of three is 24 hours old, and may have gone out later", verdict: gate.Defer, rule: "legal-cap", until: time.Minute, change: func(s *scene) {
			s.text.Topics = []string{"hourly"}
			s.texted(24*time.Hour, message.Promotional, "hourly")
			s.texted(2*time.Hour, message.Promotional, "hourly")
			s.texted(time.Hour, message.Promotional, "alerts")
		}},
		{name: "the first of three went out more than 24 hours ago", change: func(s *scene) {
			s.text.Topics = []string{"hourly"}
			s.texted(24*time.Hour+time.Minute, message.Promotional, "hourly")
			s.texted(2*time.Hour, message.Promotional, "hourly")
			s.texted(time.Hour, message.Promotional, "alerts")
		}},
		{name: "Washington has no cap by law", change: func(s *scene) {
			s.mode, s.text.Topics = jurisdiction.Law, []string{"hourly"}
			for range 3 {
				s.texted(time.Hour, message.Promotional, "hourly")
			}
		}},
		{name: "Florida's cap by law", verdict: gate.Defer, rule: "legal-cap", until: 23*time.Hour + time.Minute, change: func(s *scene) {
			s.mode, s.place, s.text.Topics = jurisdiction.Law, miami, []string{"hourly"}
			for range 3 {
				s.texted(time.Hour, message.Promotional, "hourly")
			}
		}},

		{name: "another campaign an hour ago", verdict: gate.Defer, rule: "least-gap", until: 3 * time.Hour, change: func(s *scene) {
			s.catalog.LeastGap = 4 * time.Hour
			s.texted(time.Hour, message.Promotional, "hourly")
		}},
		{name: "another campaign four hours ago", change: func(s *scene) {
			s.catalog.LeastGap = 4 * time.Hour
			s.texted(4*time.Hour, message.Promotional, "hourly")
		}},
		{name: "another campaign an hour ago, and an older one that is kept behind it", verdict: gate.Defer, rule: "least-gap", until: 3 * time.Hour, change: func(s *scene) {
			s.catalog.LeastGap = 4 * time.Hour
			s.texted(time.Hour, message.Promotional, "hourly")
			s.texted(2*time.Hour, message.Promotional, "hourly")
		}},
		{name: "a reminder and an answer a moment ago", change: func(s *scene) {
			s.catalog.LeastGap = 4 * time.Hour
			s.texted(time.Minute, message.Reminder, "alerts")
			s.texted(time.Minute, message.Reply, "")
		}},
		{name: "a transactional text after a campaign", change: func(s *scene) {
			s.catalog.LeastGap = 4 * time.Hour
			s.transactional()
			s.texted(time.Minute, message.Promotional, "alerts")
		}},
		{name: "no gap is kept", change: func(s *scene) { s.texted(time.Minute, message.Promotional, "alerts") }},

		{name: "no digest, to whoever gets digests only", verdict: gate.Refuse, rule: "engagement-tier", change: func(s *scene) {
			s.sub("alerts", func(b *consent.Subscription) { b.Tier = consent.Digest })
		}},
		{name: "a digest, to whoever was asked and has not answered", verdict: gate.Refuse, rule: "engagement-tier", change: func(s *scene) {
			s.text.Digest = true
			s.sub("alerts", func(b *consent.Subscription) { b.Tier = consent.Asked })
		}},
		{name: "a digest", change: func(s *scene) {
			s.text.Digest = true
			s.sub("alerts", func(b *consent.Subscription) { b.Tier = consent.Digest })
		}},
		{name: "engagement is off", change: func(s *scene) {
			s.text.Program.Topics[0].Engagement = program.Engagement{}
			s.sub("alerts", func(b *consent.Subscription) { b.Tier = consent.Asked })
		}},
		{name: "a digest after a reminder", change: func(s *scene) {
			s.text.Digest = true
			s.sub("alerts", func(b *consent.Subscription) { b.Tier = consent.Digest })
			s.texted(24*time.Hour, message.Reminder, "alerts")
		}},
		{name: "a digest once a month", verdict: gate.Defer, rule: "engagement-tier", until: 13 * 24 * time.Hour, change: func(s *scene) {
			s.text.Digest = true
			s.sub("alerts", func(b *consent.Subscription) { b.Tier = consent.Digest })
			s.texted(24*time.Hour, message.Promotional, "alerts")
			s.contact.Claims[0].Digest = true
		}},

		{name: "the same by e-mail an hour ago", verdict: gate.Defer, rule: "cross-channel", until: 23 * time.Hour, change: func(s *scene) {
			s.contact.Touches = []consent.Touch{{At: s.now.Add(-time.Hour), Channel: "email", Content: "c"}}
		}},
		{name: "the same by its ID", verdict: gate.Defer, rule: "cross-channel", until: 23 * time.Hour, change: func(s *scene) {
			s.text.Shared = "spring-sale"
			s.contact.Touches = []consent.Touch{{At: s.now.Add(-time.Hour), Channel: "email", Content: "spring-sale"}}
		}},
		{name: "the same, and then none", verdict: gate.Refuse, rule: "cross-channel", change: func(s *scene) {
			s.catalog.OtherChannels.Skip = true
			s.contact.Touches = []consent.Touch{{At: s.now.Add(-time.Hour), Channel: "email", Content: "c"}}
		}},
		{name: "something else by e-mail", change: func(s *scene) {
			s.contact.Touches = []consent.Touch{{At: s.now.Add(-time.Hour), Channel: "email", Content: "d"}}
		}},

		{name: "the text hides who writes", verdict: gate.Refuse, rule: "brand-name", change: func(s *scene) { s.text.Branded = false }},
		{name: "not told how to opt out for a month", verdict: gate.Refuse, rule: "opt-out-instruction", change: func(s *scene) { s.text.OptOut = false }},
		{name: "told how to opt out yesterday", change: func(s *scene) {
			s.text.OptOut = false
			s.texted(25*time.Hour, message.Reply, "alerts")
			s.contact.Claims[0].OptOut = true
		}},

		{name: "I6: at night", verdict: gate.Defer, rule: "permitted-hours", until: 13 * time.Hour, change: func(s *scene) { s.now = s.now.Add(8 * time.Hour) }},
		{name: "I6: a minute before the window closes", change: func(s *scene) { s.now = s.now.Add(8*time.Hour - time.Minute) }},
		{name: "I6: too near the window's end to be delivered in it", verdict: gate.Defer, rule: "permitted-hours", until: 13*time.Hour + 59*time.Second, change: func(s *scene) {
			s.now = s.now.Add(8*time.Hour - 59*time.Second)
		}},

		{name: "one transactional text at night", change: func(s *scene) { s.transactional(); s.text.Campaign = ""; s.now = s.now.Add(10 * time.Hour) }},
		{name: "answer at night, after STOP, from nowhere known", change: func(s *scene) {
			s.text = gate.Text{Kind: message.Reply, Program: s.text.Program}
			s.now = s.now.Add(10 * time.Hour)
			s.contact.Stopped = map[string]time.Time{"alerts": s.now}
			s.contact.Health.Undeliverable = true
		}},
		{name: "confirmation request at night, for which somebody waits", change: func(s *scene) {
			s.now = s.now.Add(10 * time.Hour)
			s.pending("alerts")
			s.text.Expected = s.now.Add(time.Minute)
		}},
		{name: "confirmation request at night, for which somebody will not wait until it arrives", verdict: gate.Defer, rule: "permitted-hours", until: 11 * time.Hour, change: func(s *scene) {
			s.now = s.now.Add(10 * time.Hour)
			s.pending("alerts")
			s.text.Expected = s.now.Add(59 * time.Second)
		}},
		{name: "confirmation request at noon, for which nobody waits", change: func(s *scene) { s.pending("alerts") }},
		{name: "a campaign's text at night, whoever expects it", verdict: gate.Defer, rule: "permitted-hours", until: 11 * time.Hour, change: func(s *scene) {
			s.now = s.now.Add(10 * time.Hour)
			s.text.Expected = s.now.Add(time.Hour)
		}},
		{name: "an answer in time", change: func(s *scene) {
			s.text = gate.Text{Kind: message.Reply, Program: s.text.Program, By: s.now.Add(time.Millisecond)}
		}},
		{name: "an answer that is late", verdict: gate.Refuse, rule: "answer-in-time", change: func(s *scene) {
			s.text = gate.Text{Kind: message.Reply, Program: s.text.Program, By: s.now}
		}},
		{name: "a confirmation request that is late", verdict: gate.Refuse, rule: "answer-in-time", change: func(s *scene) {
			s.pending("alerts")
			s.text.By = s.now
		}},
		{name: "confirmation request to a subscriber", verdict: gate.Refuse, rule: "topic-consent", change: func(s *scene) { s.text.Kind = message.Confirmation }},
		{name: "third confirmation request of the day", verdict: gate.Refuse, rule: "confirmation-limit", change: func(s *scene) {
			s.pending("alerts")
			s.texted(23*time.Hour, message.Confirmation, "alerts")
			s.texted(time.Hour, message.Confirmation, "orders")
		}},
		{name: "third confirmation request in a little more than a day", change: func(s *scene) {
			s.pending("alerts")
			s.texted(24*time.Hour, message.Confirmation, "alerts")
			s.texted(time.Hour, message.Confirmation, "alerts")
		}},
		{name: "third confirmation request of the day, asked for from the phone itself", change: func(s *scene) {
			s.pending("alerts")
			s.text.Invited = true
			s.texted(23*time.Hour, message.Confirmation, "alerts")
			s.texted(2*time.Hour, message.Confirmation, "alerts")
		}},
		{name: "seventh confirmation request of the month", verdict: gate.Refuse, rule: "confirmation-limit", change: func(s *scene) {
			s.pending("alerts")
			for d := range 6 {
				s.texted(time.Duration(29-d)*24*time.Hour, message.Confirmation, "alerts")
			}
		}},
		{name: "I5: confirmation request of a topic stopped by itself", verdict: gate.Refuse, rule: "opted-out", change: func(s *scene) {
			s.pending("alerts")
			s.contact.Stopped = map[string]time.Time{consent.OneTopic("alerts"): s.now.Add(-time.Hour)}
		}},
		{name: "another topic stopped by itself", change: func(s *scene) {
			s.contact.Stopped = map[string]time.Time{consent.OneTopic("hourly"): s.now.Add(-time.Hour)}
		}},
		{name: "paused", verdict: gate.Defer, rule: "paused", until: time.Hour, change: func(s *scene) { s.contact.Paused = s.now.Add(time.Hour) }},
		{name: "paused, transactional", verdict: gate.Defer, rule: "paused", until: time.Hour, change: func(s *scene) {
			s.transactional()
			s.contact.Paused = s.now.Add(time.Hour)
		}},
		{name: "the pause is over", change: func(s *scene) { s.contact.Paused = s.now }},
		{name: "paused, and asks for help", change: func(s *scene) {
			s.contact.Paused = s.now.Add(time.Hour)
			s.text = gate.Text{Kind: message.Reply, Program: s.text.Program}
		}},
		{name: "reminder at night", verdict: gate.Defer, rule: "permitted-hours", until: 13 * time.Hour, change: func(s *scene) {
			s.text.Kind, s.now = message.Reminder, s.now.Add(8*time.Hour)
		}},
		{name: "I9: the seventh answer of the hour", verdict: gate.Refuse, rule: "reply-limit", change: func(s *scene) {
			s.text = gate.Text{Kind: message.Reply, Program: s.text.Program}
			for range 5 {
				s.texted(59*time.Minute, message.Reply, "")
			}
			s.texted(time.Minute, message.Confirmation, "alerts")
		}},
		{name: "the first of six answers is an hour old", change: func(s *scene) {
			s.text = gate.Text{Kind: message.Reply, Program: s.text.Program}
			for i := range 6 {
				s.texted(time.Hour-time.Duration(i)*time.Minute, message.Reply, "")
			}
		}},
		{name: "I9: the seventh answer of the hour, a request to confirm", verdict: gate.Refuse, rule: "reply-limit", change: func(s *scene) {
			s.pending("alerts")
			s.text.Invited = true
			for range 6 {
				s.texted(time.Minute, message.Reply, "")
			}
		}},
		{name: "a form's request after many answers", change: func(s *scene) {
			s.pending("alerts")
			for range 6 {
				s.texted(time.Minute, message.Reply, "")
			}
		}},
		{name: "I9: the thirteenth answer of the day", verdict: gate.Refuse, rule: "reply-limit", change: func(s *scene) {
			s.text = gate.Text{Kind: message.Reply, Program: s.text.Program}
			for i := range 12 {
				s.texted(23*time.Hour-time.Duration(i)*time.Hour, message.Reply, "")
			}
		}},
		{name: "the strictest answer wins", verdict: gate.Refuse, rule: "opted-out", change: func(s *scene) {
			s.now = s.now.Add(8 * time.Hour)
			s.contact.Stopped = map[string]time.Time{"alerts": s.now}
		}},
		{name: "of two delays the longer wins", verdict: gate.Defer, rule: "promised-frequency", until: 6 * 24 * time.Hour, change: func(s *scene) {
			s.now = s.now.Add(8 * time.Hour)
			s.texted(25*24*time.Hour, message.Promotional, "alerts")
			s.texted(25*24*time.Hour, message.Promotional, "alerts")
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newScene(t)
			tc.change(s)
			d := s.decide(t)
			if d.Verdict != tc.verdict || d.Rule != tc.rule {
				t.Fatalf("%s by %q (%s), want %s by %q", d.Verdict, d.Rule, d.Because, tc.verdict, tc.rule)
			}
			if strings.Contains(d.Because, "0s") {
				t.Errorf("%q tells a time as nobody does", d.Because)
			}
			if tc.verdict == gate.Defer && !d.Until.Equal(s.now.Add(tc.until)) {
				t.Errorf("deferred until %s, want %s", d.Until, s.now.Add(tc.until))
			}
		})
	}
}

// Unknown place, unknown country: never send.
func TestUnservedPlaceIsRefused(t *testing.T) {
	s := newScene(t)
	d := s.gate.Decide(gate.Person{Contact: &s.contact, Unserved: "nobody knows"}, s.text, s.now)
	if d.Verdict != gate.Refuse || d.Rule != "place-served" || d.Because != "nobody knows" {
		t.Errorf("%s by %q, want a refusal by place-served", d.Verdict, d.Rule)
	}
}

// I1 and I6 need the carrier to drop what it could not hand off in time: an allowed text closes with the window.
func TestAllowedTextClosesWithTheWindowOrTheCampaign(t *testing.T) {
	s := newScene(t)
	if d := s.decide(t); !d.Closes.Equal(noon.Add(8 * time.Hour)) {
		t.Errorf("closes %s, want 20:00 in Seattle", d.Closes)
	}
	s.text.Expires = noon.Add(time.Hour)
	if d := s.decide(t); !d.Closes.Equal(noon.Add(time.Hour)) {
		t.Errorf("closes %s, want the campaign's end", d.Closes)
	}
}

// A deferred text is tried again at the instant the decision names, and what deferred it no longer does so then; and no
// earlier instant would have been allowed by the rule that deferred it.
func TestDeferredUntilIsTheFirstInstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newScene(t)
		s.text.Topics = []string{rapid.SampledFrom([]string{"alerts", "hourly"}).Draw(t, "topic")}
		s.now = noon.Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "minutes")) * time.Minute)
		s.place = rapid.SampledFrom([]phone.Place{seattle, miami}).Draw(t, "place")
		s.mode = rapid.SampledFrom([]jurisdiction.Mode{jurisdiction.Strict, jurisdiction.Law}).Draw(t, "mode")
		ages := rapid.SliceOfN(rapid.IntRange(0, 40*24*60), 0, 8).Draw(t, "ages")
		for _, a := range ages {
			s.texted(time.Duration(a)*time.Minute, message.Promotional, s.text.Topics[0])
		}
		slices.SortFunc(s.contact.Claims, func(a, b consent.Claim) int { return a.At.Compare(b.At) })
		for range 40 {
			d := s.decide(t)
			if d.Verdict == gate.Allow {
				return
			}
			if d.Verdict != gate.Defer || !d.Until.After(s.now) {
				t.Fatalf("%s by %q until %s at %s", d.Verdict, d.Rule, d.Until, s.now)
			}
			early := *s
			early.now = d.Until.Add(-time.Second)
			if early.now.After(s.now) {
				if e := early.decide(t); e.Verdict == gate.Allow {
					t.Fatalf("deferred by %q until %s, but a second earlier would do", d.Rule, d.Until)
				}
			}
			s.now = d.Until
		}
		t.Fatalf("never allowed")
	})
}

func BenchmarkDecideAllow(b *testing.B) {
	s := newScene(b)
	for d := range 2 {
		s.texted(time.Duration(40+d)*24*time.Hour, message.Promotional, "alerts")
	}
	book, err := jurisdiction.New(jurisdiction.Policy{})
	if err != nil {
		b.Fatal(err)
	}
	hours, err := book.Hours([]phone.Place{seattle})
	if err != nil {
		b.Fatal(err)
	}
	p := gate.Person{Contact: &s.contact, Hours: hours}
	b.ReportAllocs()
	for b.Loop() {
		if d := s.gate.Decide(p, s.text, s.now); d.Verdict != gate.Allow {
			b.Fatal(d.Because)
		}
	}
}
