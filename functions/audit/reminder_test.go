package audit_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

func TestReminder(t *testing.T) {
	hers := world.Numbers("212", 0, 1)[0]
	claim := func(age time.Duration, change func(*consent.Claim)) func(*consent.Contact) {
		return func(c *consent.Contact) {
			cl := consent.Claim{
				ID: "01KA0000000000000000000001", At: two.Add(-age), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"},
				Campaign: "01KA00000000000000000000C1", OptOut: true,
			}
			change(&cl)
			c.Claims = append(c.Claims, cl)
		}
	}
	same := func(*consent.Claim) {}
	for _, c := range []struct {
		name   string
		since  time.Duration
		change func(*consent.Contact)
		want   int
	}{
		{"a day short of the month", 30*day - time.Minute, nil, 0},
		{"a month after the welcome", 30 * day, nil, 1},
		{"a campaign told them since", 90 * day, claim(29*day, same), 0},
		{"a campaign told them a month ago", 90 * day, claim(30*day, same), 1},
		{"a campaign said nothing of STOP", 90 * day, claim(5*day, func(cl *consent.Claim) { cl.OptOut = false }), 1},
		{"the text that told them was refused", 90 * day, func(c *consent.Contact) {
			claim(5*day, same)(c)
			*c = c.WithoutClaim(c.Claims[0].ID)
		}, 1},
		{"told before they came back", 5 * day, claim(40*day, same), 0},
		{"told twice, in whatever order", 90 * day, func(c *consent.Contact) {
			claim(5*day, same)(c)
			claim(40*day, func(cl *consent.Claim) { cl.ID = "01KA0000000000000000000002" })(c)
		}, 0},
		{"another program told them", 90 * day, claim(5*day, func(cl *consent.Claim) { cl.Program = "orders"; cl.Topics = []string{"orders"} }), 1},
		{"opted out of all", 90 * day, func(c *consent.Contact) { c.Stopped = map[string]time.Time{consent.Everything: two} }, 0},
		{"not reachable", 90 * day, func(c *consent.Contact) { c.Health.Undeliverable = true }, 0},
		{"transactional", 90 * day, func(c *consent.Contact) {
			c.Subs = map[string]consent.Subscription{"orders": {State: consent.Subscribed, Program: "orders", Class: program.Transactional, Since: two.Add(-90 * day), Request: 1, Proof: 2}}
		}, 0},
		{"as many as promised came already", 90 * day, func(c *consent.Contact) {
			for i := range 2 {
				claim(5*day, func(cl *consent.Claim) { cl.OptOut = false; cl.ID = fmt.Sprintf("01KA000000000000000000000%d", i) })(c)
			}
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			key := w.person(hers, two.Add(-c.since), c.change)
			w.run()
			if len(w.Carrier.Sent) != c.want {
				t.Fatalf("%d texts, want %d", len(w.Carrier.Sent), c.want)
			}
			if c.want == 0 {
				return
			}
			want := "You're subscribed to Example Corp. alerts. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe."
			if w.Carrier.Sent[0].Body != want || w.Carrier.Sent[0].From != "+12065550100" {
				t.Errorf("reminded by %+v", w.Carrier.Sent[0])
			}
			reminders := slices.DeleteFunc(w.Record(key.Phone).Messages, func(m consent.Message) bool { return m.Kind != message.Reminder })
			if len(reminders) != 1 || reminders[0].Status != consent.Sent {
				t.Errorf("I3: on record %+v", reminders)
			}
			w.SetClock(two.Add(day))
			w.run()
			if len(w.Carrier.Sent) != 1 {
				t.Error("reminded again the next day")
			}
		})
	}
}

// A reminder is due from the very instant a month after the last word of how to opt out.
func TestTheInstantAReminderIsDue(t *testing.T) {
	for short, want := range map[time.Duration]int{0: 1, time.Millisecond: 0} {
		w := newWorld(t)
		w.StandStill()
		n := world.Numbers("212", 0, 1)[0]
		w.person(n, two.Add(short-30*day), nil)
		if !w.Deliver(t.Context(), job("alerts", 0)) || len(w.Carrier.Sent) != want {
			t.Errorf("%s short of a month: %d texts, want %d", short, len(w.Carrier.Sent), want)
		}
	}
}

// The whole record of whoever is reminded is read once, and nobody's who is not due or whom no text reaches.
func TestOnlyWhoIsRemindedIsReadWhole(t *testing.T) {
	n := world.Numbers("212", 0, 1)[0]
	for name, tc := range map[string]struct {
		since  time.Duration
		change func(*consent.Contact)
		want   int
	}{
		"due":           {31 * day, nil, 1},
		"not due":       {29 * day, nil, 0},
		"undeliverable": {31 * day, func(c *consent.Contact) { c.Health.Undeliverable = true }, 0},
		"suspect":       {31 * day, func(c *consent.Contact) { c.Suspect = true }, 0},
		"off the topic, and still on its list": {31 * day, func(c *consent.Contact) {
			s := c.Subs["alerts"]
			s.State = consent.Unsubscribed
			c.Subs["alerts"] = s
		}, 0},
	} {
		w := newWorld(t)
		w.person(n, two.Add(-tc.since), nil)
		entry := w.Item(n, "AUDIENCE#alerts")
		if tc.change != nil {
			w.Alter(n, tc.change)
		}
		w.PutBack(entry)
		if !w.Deliver(t.Context(), job("alerts", 0)) || w.verified != tc.want || len(w.Carrier.Sent) != tc.want || w.looked[n] != 1 {
			t.Errorf("%s: %d records read and %d reminders, want %d", name, w.verified, len(w.Carrier.Sent), tc.want)
		}
	}
}

// I7: whoever was promised two texts a month counts the reminder.
func TestTheReminderCountsAgainstThePromise(t *testing.T) {
	w := newWorld(t)
	key := w.person(world.Numbers("212", 0, 1)[0], two.Add(-31*day), nil)
	w.run()
	brand, _ := w.Catalog.Brand("example")
	prog, _, _ := brand.Topic("alerts")
	for i, want := range []gate.Verdict{gate.Allow, gate.Defer} {
		c, err := w.Table.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		out, err := w.Outbox.Send(t.Context(), c, outbox.Text{
			Kind: message.Promotional, Program: prog, Topic: "alerts", Campaign: fmt.Sprintf("01KB00000000000000000000A%d", i), Body: fmt.Sprint("Example Corp.: number ", i),
		})
		if err != nil || out.Decision.Verdict != want {
			t.Errorf("campaign %d after the reminder: %s by %s, %v; want %s", i, out.Decision.Verdict, out.Decision.Rule, err, want)
		}
	}
}

// I6: an area is looked at in its own permitted hours, once a run, and one schedule wakes the function for all who open
// together.
func TestEachAreaInItsHoursAndOnce(t *testing.T) {
	w := newWorld(t)
	var all []phone.Number
	for _, code := range []string{"212", "312", "206", "808"} {
		for shard := range 3 {
			all = append(all, world.Numbers(code, shard, 2)...)
		}
	}
	all = append(all, "+88213000000") // nobody knows where this one is, yet it is looked at
	for _, n := range all {
		w.person(n, two.Add(-40*day), nil)
	}
	w.wake(`{"audit":"remind"}`)
	if len(w.Schedules.Pending) != 3 || len(w.looked) != 7 {
		t.Fatalf("%d schedules and %d looked at, want three openings later and New York and the unknown now", len(w.Schedules.Pending), len(w.looked))
	}
	for _, opening := range []int{15, 17, 19} { // 9:00 in Chicago, Seattle and Honolulu
		at := time.Date(2027, time.January, 12, opening, 0, 0, 0, time.UTC)
		want := fmt.Sprintf(`"opening":%q`, at.Format(time.RFC3339))
		if !slices.ContainsFunc(slices.Collect(maps.Values(w.Schedules.Pending)), func(a world.Alarm) bool { return a.At.Equal(at) && strings.Contains(a.Input, want) }) {
			t.Errorf("no schedule at %s: %+v", at, w.Schedules.Pending)
		}
	}
	for len(w.Schedules.Pending) > 0 {
		for name, a := range w.Schedules.Pending {
			delete(w.Schedules.Pending, name)
			w.SetClock(a.At)
			w.wake(a.Input)
		}
	}
	for _, n := range all {
		if w.looked[n] != 1 {
			t.Errorf("%s was looked at %d times, want once", n, w.looked[n])
		}
	}
	if len(w.Carrier.Sent) != 24 {
		t.Errorf("%d reminded, want 24", len(w.Carrier.Sent))
	}
}
