package sendcheck_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent"
	"smsconsent/functions/sendcheck"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

const pumpkins = "01KB00000000000000000000A1"

// tuesday is 10:00 in Seattle and 13:00 in New York, and no holiday.
var tuesday = time.Date(2027, time.January, 5, 18, 0, 0, 0, time.UTC)

var errBroken = errors.New("broken")

// fixture is the function in its world.
type fixture struct {
	*world.World
	handler *sendcheck.Handler
	hours   *countedHours
	plan    plan.Plan // of whatever campaign is planned
	planErr error
}

func newWorld(t testing.TB) *fixture {
	t.Helper()
	var stores dynamotest.Stores
	return newWorldOn(t, stores.Memory(t), string(smsconsent.Programs()))
}

func newWorldOn(t testing.TB, store dynamotest.Store, programs string) *fixture {
	t.Helper()
	w := &fixture{World: world.On(t, store, programs, tuesday)}
	w.hours = &countedHours{hours: w.Gate}
	var err error
	w.handler, err = sendcheck.New(sendcheck.Config{
		Catalog: w.Catalog, Table: w.Table, Audience: w.Audience, Gate: w.hours, Outbox: w.Outbox, Queue: w.Queue, Schedules: w.Schedules,
		AtOnce: 1,
		Plan:   func(context.Context, campaign.Campaign) (plan.Plan, error) { return w.plan, w.planErr },
		Now:    w.Now, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Function = w.handler.Handle
	return w
}

// subscribe puts people on the list of topic alerts, confirmed the day before.
func (w *fixture) subscribe(change func(*consent.Contact), numbers ...phone.Number) {
	w.T.Helper()
	for _, n := range numbers {
		w.MakeUp(n, tuesday.Add(-24*time.Hour), change)
	}
}

// full is a person who got as much as was promised and may be texted again at that instant.
func full(again time.Time) func(*consent.Contact) {
	return func(c *consent.Contact) {
		for i := range 2 {
			at := again.Add(-31*24*time.Hour + time.Duration(i)*time.Hour)
			c.Claims = append(c.Claims, consent.Claim{
				ID: fmt.Sprintf("01KA000000000000000000000%d", i), At: at, Kind: "promotional", Program: "alerts", Topics: []string{"alerts"},
				Campaign: fmt.Sprintf("01KA0000000000000000000C0%d", i),
			})
		}
	}
}

// digestsOnly is a person who shows no sign of reading.
func digestsOnly(c *consent.Contact) {
	s := c.Subs["alerts"]
	s.Tier = consent.Digest
	c.Subs["alerts"] = s
}

// stop takes people off the program without a word.
func (w *fixture) stop(numbers ...phone.Number) {
	w.T.Helper()
	for _, n := range numbers {
		w.Change(n, func(c consent.Contact) consent.Change { return c.CarrierOptOut("alerts", w.Now(), "test") })
	}
}

// create makes a campaign to alerts.
func (w *fixture) create(id string, at, expires time.Time) {
	w.T.Helper()
	w.createTo("example", "alerts", id, at, expires)
}

func (w *fixture) createTo(brand, topic, id string, at, expires time.Time) {
	w.T.Helper()
	if err := w.Table.CreateCampaign(w.T.Context(), campaign.Campaign{
		ID: id, Brand: brand, Topic: topic, Text: "Example Corp.: text of " + id, At: at, Expires: expires, State: campaign.Scheduled,
	}); err != nil {
		w.T.Fatal(err)
	}
}

func (w *fixture) campaign(id string) campaign.Campaign {
	w.T.Helper()
	c, err := w.Table.Campaign(w.T.Context(), id)
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

// move puts a campaign in a state, whatever state it is in.
func (w *fixture) move(id string, to campaign.State) {
	w.T.Helper()
	if err := w.Table.SetCampaignState(w.T.Context(), id, []campaign.State{w.campaign(id).State}, to, ""); err != nil {
		w.T.Fatal(err)
	}
}

func job(id string, shard int) string { return fmt.Sprintf(`{"campaign":%q,"shard":%d}`, id, shard) }

// chain is the job of a shard, and of those to walk when it is.
func chain(id string, shard int, then ...int) string {
	list := strings.ReplaceAll(fmt.Sprint(then), " ", ",")
	return fmt.Sprintf(`{"campaign":%q,"shard":%d,"then":%s}`, id, shard, list)
}

// oneEach are jobs of one shard each, as a very fast identity has them.
func oneEach(id string) []string {
	all := make([]string, audience.Shards)
	for n := range all {
		all[n] = job(id, n)
	}
	return all
}

// wave has the function woken for a campaign.
func (w *fixture) wave(id string) {
	w.T.Helper()
	w.Wake(fmt.Sprintf(`{"campaign":%q}`, id))
}

func (w *fixture) status(id string) (campaign.State, campaign.Counts) {
	w.T.Helper()
	shards, err := w.Table.Shards(w.T.Context(), id)
	if err != nil {
		w.T.Fatal(err)
	}
	counts, why := campaign.Total(shards), campaign.AllReasons(shards)
	if sum(why.RefusedBy) != counts.Refused || sum(why.ExpiredBy) != counts.Expired {
		w.T.Errorf("by rule %+v are counted, of %+v", why, counts)
	}
	return w.campaign(id).State, counts
}

func sum(by map[string]int) (n int) {
	for _, people := range by {
		n += people
	}
	return n
}

func (w *fixture) expect(id string, state campaign.State, counts campaign.Counts) {
	w.T.Helper()
	if s, c := w.status(id); s != state || c != counts {
		w.T.Errorf("campaign %s with %+v, want %s with %+v", s, c, state, counts)
	}
}

// once fails the test where a phone got a campaign more than once (I2), and returns how many got it.
func (w *fixture) once(id string) int {
	w.T.Helper()
	got := map[phone.Number]int{}
	for _, s := range w.Carrier.Sent {
		if strings.Contains(s.Body, id) {
			got[s.To]++
		}
	}
	for n, times := range got {
		if times > 1 {
			w.T.Errorf("I2: %s got the campaign %d times", n, times)
		}
	}
	return len(got)
}

// textsOf are the texts of a campaign on record, those the carrier refused aside.
func (w *fixture) textsOf(id string) []consent.Message {
	w.T.Helper()
	var texts []consent.Message
	for _, m := range w.Texts() {
		if m.Campaign == id && m.Status != consent.Rejected && strings.TrimSpace(m.Body) != "" {
			texts = append(texts, m)
		}
	}
	return texts
}

// countedHours counts how often the hours of an area are asked for.
type countedHours struct {
	hours walk.Hours
	err   error // the answer to all; nil answers with the hours

	mu    sync.Mutex
	asked []phone.Area
}

func (g *countedHours) Hours(brand string, area phone.Area) (*jurisdiction.Hours, error) {
	g.mu.Lock()
	g.asked = append(g.asked, area)
	g.mu.Unlock()
	if g.err != nil {
		return nil, g.err
	}
	return g.hours.Hours(brand, area)
}
