package plan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/program"
)

// tuesday is 10:00 in Seattle and 13:00 in New York, and no holiday.
var tuesday = time.Date(2027, time.January, 5, 18, 0, 0, 0, time.UTC)

// draft plans a campaign to alerts that runs from tuesday for a while.
func draft(t testing.TB, rate float64, begins time.Time, runs time.Duration) *plan.Draft {
	t.Helper()
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(catalog)
	if err != nil {
		t.Fatal(err)
	}
	prog, topic, _ := catalog.Brands[0].Topic("alerts")
	return plan.New(plan.Campaign{
		Gate: g, Program: prog, Topic: topic, Begins: begins, Expires: begins.Add(runs), Rate: rate, ByHours: true,
		Text: gate.Text{
			Kind: message.Promotional, Program: prog, Topics: []string{"alerts"}, Campaign: "new", Opens: begins, Expires: begins.Add(runs),
		},
	})
}

const body = "Example Corp.: open today."

func subscriber(n phone.Number) consent.Contact {
	return consent.Contact{Key: consent.Key{Brand: "example", Phone: n}, Subs: map[string]consent.Subscription{"alerts": {
		State: consent.Subscribed, Program: "alerts", Class: program.Promotional, Since: tuesday.Add(-48 * time.Hour), Request: 1, Proof: 2,
	}}}
}

func texted(c *consent.Contact, at time.Time) {
	c.Claims = append(c.Claims, consent.Claim{
		ID: at.String(), At: at, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: "another", OptOut: true,
	})
}

func prices(t testing.TB) plan.Prices {
	t.Helper()
	p, err := plan.ReadPrices(strings.NewReader(string(plan.Shipped())))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What keeps each person from it, or until when they wait.
func TestEachPerson(t *testing.T) {
	for _, tc := range []struct {
		name   string
		number phone.Number
		change func(*consent.Contact)
		runs   time.Duration
		rule   string    // empty for somebody who gets it
		hour   time.Time // then
		until  time.Time // of those who wait too long
	}{
		{name: "at once", number: "+12065550142", hour: tuesday},
		{name: "when Hawaii wakes up", number: "+18085550142", hour: tuesday.Add(time.Hour)},
		{name: "not before the end", number: "+18085550142", runs: time.Hour, rule: "permitted-hours", until: tuesday.Add(time.Hour)},
		{name: "never asked", number: "+12065550142", rule: "topic-consent", change: func(c *consent.Contact) { c.Subs = nil }},
		{name: "stopped", number: "+12065550142", rule: "opted-out", change: func(c *consent.Contact) {
			c.Stopped = map[string]time.Time{"alerts": tuesday.Add(-time.Hour)}
		}},
		{name: "the other campaign was an hour ago", number: "+12065550142", hour: tuesday.Add(3 * time.Hour), change: func(c *consent.Contact) {
			texted(c, tuesday.Add(-time.Hour))
		}},
		{
			name: "had the texts of the month", number: "+12065550142", rule: "promised-frequency", until: tuesday.Add(21 * 24 * time.Hour),
			change: func(c *consent.Contact) {
				texted(c, tuesday.Add(-10*24*time.Hour))
				texted(c, tuesday.Add(-8*24*time.Hour))
			},
		},
		{
			name: "has room tonight, when it is too late for today", number: "+12065550142", hour: tuesday.Add(23 * time.Hour),
			change: func(c *consent.Contact) {
				texted(c, tuesday.Add(-31*24*time.Hour+12*time.Hour))
				texted(c, tuesday.Add(-8*24*time.Hour))
			},
		},
		{name: "paused", number: "+12065550142", rule: "paused", until: tuesday.Add(240 * time.Hour), change: func(c *consent.Contact) {
			c.Paused = tuesday.Add(240 * time.Hour)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			runs := tc.runs
			if runs == 0 {
				runs = 72 * time.Hour
			}
			d := draft(t, 10, tuesday, runs)
			c := subscriber(tc.number)
			if tc.change != nil {
				tc.change(&c)
			}
			d.Add(&c, body, nil)
			p := d.Finish(prices(t))
			if tc.rule == "" {
				if p.Will != 1 || len(p.Hours) != 1 || !p.Hours[0].At.Equal(tc.hour) || (p.Later == 1) != tc.hour.After(tuesday) {
					t.Errorf("%+v, want it at %s", p, tc.hour)
				}
				return
			}
			if p.Will != 0 || p.Not[tc.rule] != 1 || !p.Reasons[0].Last.Equal(tc.until) || (p.Reasons[0].Refused == 1) != tc.until.IsZero() {
				t.Errorf("%+v, want %s until %s", p, tc.rule, tc.until)
			}
		})
	}
}

// Everybody of the audience is counted once: as who gets it, who does not by one rule, or whom the rate leaves out.
func TestTheSumIsTheAudience(t *testing.T) {
	codes := []string{"206", "212", "305", "808", "800", "907"}
	rapid.Check(t, func(rt *rapid.T) {
		runs := time.Duration(rapid.IntRange(1, 100).Draw(rt, "hours")) * time.Hour
		begins := tuesday.Add(time.Duration(rapid.IntRange(0, 48).Draw(rt, "begins")) * time.Hour)
		rate := rapid.SampledFrom([]float64{0.001, 0.01, 10}).Draw(rt, "rate")
		d := draft(t, rate, begins, runs)
		n := rapid.IntRange(0, 30).Draw(rt, "people")
		for i := range n {
			c := subscriber(phone.Number(fmt.Sprintf("+1%s55501%02d", rapid.SampledFrom(codes).Draw(rt, "code"), i)))
			switch rapid.IntRange(0, 4).Draw(rt, "person") {
			case 0:
				texted(&c, begins.Add(-time.Duration(rapid.IntRange(0, 800).Draw(rt, "ago"))*time.Hour))
				texted(&c, begins.Add(-time.Duration(rapid.IntRange(0, 800).Draw(rt, "ago"))*time.Hour))
			case 1:
				c.Paused = begins.Add(time.Duration(rapid.IntRange(-5, 100).Draw(rt, "paused")) * time.Hour)
			case 2:
				c.Stopped = map[string]time.Time{"alerts": begins.Add(-time.Hour)}
			}
			d.Add(&c, body, nil)
		}
		unreadable := rapid.IntRange(0, 3).Draw(rt, "unreadable")
		d.AddUnreadable(unreadable)
		p := d.Finish(prices(t))
		sum, byHour, byCountry := p.Will+p.Expire, 0, 0
		for _, n := range p.Not {
			sum += n
		}
		for _, h := range p.Hours {
			byHour += h.People
			if h.At.Before(begins.Truncate(time.Hour)) || !h.At.Before(begins.Add(runs)) {
				rt.Errorf("an hour at %s", h.At)
			}
		}
		for _, c := range p.Costs {
			byCountry += c.People
		}
		if p.Audience != n+unreadable || sum != p.Audience || p.Later > p.Will || byHour != p.Will || byCountry != p.Will || p.Parts < p.Will {
			rt.Errorf("%d people: %+v", n, p)
		}
	})
}

// At one part a second the nine hours of a day reach 32,400 people, and whom they do not reach has it expire.
func TestTheRate(t *testing.T) {
	for _, tc := range []struct {
		name         string
		people       int
		runs         time.Duration
		will, expire int
	}{
		{"all within the day", 100, 72 * time.Hour, 100, 0},
		{"as many as the hour holds until its last minute", 3541, time.Hour, 3541, 0},
		{"more than that", 3641, time.Hour, 3541, 100},
		{"what is left goes the next day", 37000, 24 * time.Hour, 37000, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := draft(t, 1, tuesday, tc.runs)
			for range tc.people {
				c := subscriber("+12065550142")
				d.Add(&c, body, nil)
			}
			if p := d.Finish(prices(t)); p.Will != tc.will || p.Expire != tc.expire || p.Minutes != (tc.will+59)/60 {
				t.Errorf("will %d, expire %d in %d minutes, want %d and %d", p.Will, p.Expire, p.Minutes, tc.will, tc.expire)
			}
		})
	}
}

// Nobody in Seattle gets anything at night, and the plan says so.
func TestWhenNobodyCanReceive(t *testing.T) {
	d := draft(t, 10, tuesday, 24*time.Hour)
	c := subscriber("+12065550142")
	d.Add(&c, body, nil)
	p := d.Finish(prices(t))
	closes, opens := tuesday.Add(10*time.Hour), tuesday.Add(23*time.Hour) // 20:00 to 09:00, as strict has it
	if len(p.Closed) != 1 || !p.Closed[0].From.Equal(closes) || !p.Closed[0].To.Equal(opens) {
		t.Errorf("closed %+v, want %s to %s", p.Closed, closes, opens)
	}
}

// The opt-out notice makes the text longer for whoever needs it, and the plan shows the longest with all its parts.
// Lists are lists in JSON, also where nobody is on them.
func TestThePlanForNobody(t *testing.T) {
	text, err := json.Marshal(draft(t, 10, tuesday, time.Hour).Finish(prices(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"hours", "reasons", "costs", "closed"} {
		if !strings.Contains(string(text), `"`+list+`":[]`) {
			t.Errorf("%s is no empty list in %s", list, text)
		}
	}
}

func TestTheLongestText(t *testing.T) {
	d := draft(t, 10, tuesday, 24*time.Hour)
	body := "Example Corp.: {link:https://example.com/a} " + strings.Repeat("a", 100)
	d.Links = "https://go.example.com"
	told := subscriber("+12065550142")
	texted(&told, tuesday.Add(-2*24*time.Hour))
	d.Add(&told, body, nil)
	d.Add(new(subscriber("+12065550143")), body, nil)
	p := d.Finish(prices(t))
	if p.Parts != 4 || p.Longest.Parts != 2 || !strings.Contains(p.Longest.Text, "STOP") || !strings.Contains(p.Longest.Text, "https://go.example.com/l/x") {
		t.Errorf("%d parts, longest %+v", p.Parts, p.Longest)
	}
}

// Two plans of the same are the same, and one of other people is another.
func TestTheHash(t *testing.T) {
	hash := func(numbers ...phone.Number) string {
		d := draft(t, 10, tuesday, 24*time.Hour)
		for _, n := range numbers {
			d.Add(new(subscriber(n)), body, nil)
		}
		p := d.Finish(prices(t))
		return p.Hash
	}
	one := hash("+12065550142", "+18085550142", "+13055550142")
	if one != hash("+13055550142", "+12065550142", "+18085550142") || one == hash("+12065550142") {
		t.Error("the hash does not tell plans apart")
	}
}
