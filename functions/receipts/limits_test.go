package receipts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/tally"
	"smsconsent/shared/testkit/world"
)

// crowd is the function in a world where the campaign texted so many people.
func newCrowd(t *testing.T, people int) (*fixture, []phone.Number) {
	t.Helper()
	w := newWorld(t, 0)
	numbers := world.Numbers("206", 0, people)
	for i, n := range numbers {
		claim := consent.Claim{
			ID: id(i), At: noon, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: spring,
			Content: message.ContentHash(offer),
		}
		w.MakeUp(n, noon.Add(-1), func(c *consent.Contact) { c.Claims = []consent.Claim{claim} })
		m := claim.Message()
		m.Status, m.History = consent.Sent, []consent.StatusChange{{At: noon, Status: consent.Sent}}
		if err := w.Table.Record(t.Context(), table.Sent{Key: world.Key(n), Message: m}); err != nil {
			t.Fatal(err)
		}
	}
	return w, numbers
}

// say has the events of that kind come for the people from first to last, ten a batch.
func (w *fixture) say(kind string, people []phone.Number, first, last int) {
	w.T.Helper()
	var bodies []string
	for i := first; i < last; i++ {
		// The nth text was sent at noon, not n hours later as in the other tests.
		at := noon.UnixMilli() + 5000
		bodies = append(bodies, event(i, 0, kind, map[string]any{"destinationPhoneNumber": string(people[i]), "eventTimestamp": at}))
	}
	for batch := range slices.Chunk(bodies, 10) {
		if failed := w.handle(batch...); len(failed) != 0 {
			w.T.Fatalf("failed %v: %s", failed, &w.Logged)
		}
	}
}

// also adds a campaign of a topic.
func (w *fixture) also(id, topic string, state campaign.State) {
	w.T.Helper()
	c := campaign.Campaign{ID: id, Brand: "example", Topic: topic, Text: "x", At: noon, Expires: noon.Add(1), State: state}
	if err := w.Table.CreateCampaign(w.T.Context(), c); err != nil {
		w.T.Fatal(err)
	}
}

func (w *fixture) stored(id string) campaign.Campaign {
	w.T.Helper()
	c, err := w.Table.Table.Campaign(w.T.Context(), id)
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

func (w *fixture) fates() campaign.Fates {
	w.T.Helper()
	tally, err := w.Table.Fates(w.T.Context(), spring)
	if err != nil {
		w.T.Fatal(err)
	}
	return tally.All
}

// One phone whose carrier blocks it stops nobody else's texts, and has it on its own record.
func TestOneBlockedPhoneIsNotedAndStopsNothing(t *testing.T) {
	w, people := newCrowd(t, 60)
	w.say("DELIVERED", people, 1, 60)
	w.say("CARRIER_BLOCKED", people, 0, 1)
	if w.campaign().State != campaign.Running || w.counted("SpamReported") != 0 {
		t.Errorf("the campaign is %s: %s", w.campaign().State, &w.Counted)
	}
	r := w.Record(people[0])
	last := r.Events[len(r.Events)-1]
	if r.Contact.Health.Blocked.IsZero() || last.Type != consent.Noted || last.Evidence["event"] != "TEXT_CARRIER_BLOCKED" {
		t.Errorf("on the phone's record: %+v, %+v", r.Contact.Health, last)
	}
	if h := w.Contact(people[1]).Health; !h.Blocked.IsZero() {
		t.Errorf("on another's: %+v", h)
	}
}

// Above the topic's limit all campaigns of the topic are paused, and none of another; it says why, once.
func TestAShareAboveTheLimitPausesTheTopic(t *testing.T) {
	const next, ended, other = "01KB0000000000000000000NXT", "01KB0000000000000000000DNE", "01KB0000000000000000000THR"
	w, people := newCrowd(t, 70)
	w.also(next, "alerts", campaign.Scheduled)
	w.also(ended, "alerts", campaign.Done)
	w.also(other, "orders", campaign.Running)
	w.say("DELIVERED", people, 0, 58)
	w.say("SPAM", people, 58, 60)
	if w.campaign().State != campaign.Running {
		t.Fatalf("after two complaints it is %s", w.campaign().State)
	}
	w.say("SPAM", people, 60, 61)
	const why = "complaints of spam: 3 of 61 texts, limit 0.5%"
	if c := w.campaign(); c.State != campaign.Paused || c.Why != why {
		t.Errorf("it is %s because %q", c.State, c.Why)
	}
	if c := w.stored(next); c.State != campaign.Paused || !strings.Contains(c.Why, spring) || !strings.Contains(c.Why, why) {
		t.Errorf("the next of the topic is %s because %q", c.State, c.Why)
	}
	if a, b := w.stored(ended).State, w.stored(other).State; a != campaign.Done || b != campaign.Running {
		t.Errorf("one that has ended is %s, one of another topic %s", a, b)
	}
	if n := w.counted("CampaignPaused"); n != 2 || !strings.Contains(w.Logged.String(), why) {
		t.Errorf("%d pauses counted, log %s", n, &w.Logged)
	}
	// Resumed, it goes on: what the pause answered does not pause it again.
	for _, id := range []string{spring, next} {
		if err := w.Table.SetCampaignState(t.Context(), id, []campaign.State{campaign.Paused}, campaign.Running, ""); err != nil {
			t.Fatal(err)
		}
	}
	w.say("SPAM", people, 61, 63)
	w.say("DELIVERED", people, 63, 70)
	if w.campaign().State != campaign.Running || w.stored(next).State != campaign.Running {
		t.Errorf("resumed, they are %s and %s", w.campaign().State, w.stored(next).State)
	}
}

// Two receipts that contradict each other are of one text: the first counts.
func TestAContradictionCountsOnce(t *testing.T) {
	w, people := newCrowd(t, 3)
	w.say("DELIVERED", people, 0, 3)
	w.say("INVALID", people, 0, 1)
	if got, want := w.fates(), (campaign.Fates{Delivered: 3}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

// The same event twice, or offered again after a failure, counts once, and a batch costs one write a campaign.
func TestFatesAreCountedOnce(t *testing.T) {
	w, people := newCrowd(t, 10)
	w.say("DELIVERED", people, 0, 9)
	w.say("DELIVERED", people, 0, 9)
	w.say("INVALID", people, 9, 10)
	if got, want := w.fates(), (campaign.Fates{Delivered: 9, Undelivered: 1}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	if n := w.Table.Done("CountFates"); n != 2 {
		t.Errorf("%d writes for two batches of news and one of none", n)
	}
}

// Where a pause fails, the next event that comes makes up for it; no event fails for it.
func TestAPauseThatFailsIsMadeUpFor(t *testing.T) {
	w, people := newCrowd(t, 61)
	w.say("DELIVERED", people, 0, 50)
	raw, err := os.ReadFile("../../events/receipts-optout.json")
	var sample events.SQSEvent
	if err == nil {
		err = json.Unmarshal(raw, &sample)
	}
	if _, ok := tally.ReadOptOut(sample.Records[0].Body); err != nil || !ok {
		t.Errorf("the sample event is no opt-out: %s, %v", sample.Records[0].Body, err)
	}
	w.Table.Fault = world.Failing("SetCampaignState", 1, errBroken)
	w.say("SPAM", people, 50, 60)
	if w.campaign().State != campaign.Running || !strings.Contains(w.Logged.String(), errBroken.Error()) {
		t.Fatalf("it is %s: %s", w.campaign().State, &w.Logged)
	}
	w.say("DELIVERED", people, 60, 61)
	if c := w.campaign(); c.State != campaign.Paused || c.Why != fmt.Sprintf("complaints of spam: 10 of %d texts, limit 0.5%%", 61) {
		t.Errorf("it is %s because %q", c.State, c.Why)
	}
}

// Opt-outs that answer a campaign count as they come, each once, and pause it.
func TestOptOutsPauseTheirCampaign(t *testing.T) {
	w, people := newCrowd(t, 60)
	w.say("DELIVERED", people, 0, 60)
	optOut := func(n int) string {
		return fmt.Sprintf(`{"optout":{"brand":"example","topic":"alerts","campaign":%q,"once":"hash %d"}}`, spring, n)
	}
	if failed := w.handle(optOut(1), optOut(2), optOut(2), optOut(1)); len(failed) != 0 || w.campaign().State != campaign.Running {
		t.Fatalf("failed %v, the campaign is %s: %s", failed, w.campaign().State, &w.Logged)
	}
	w.Table.Fault = world.Failing("SetCampaignState", 1, errors.New("broken"))
	if failed := w.handle(optOut(3)); len(failed) != 1 {
		t.Errorf("failed %v", failed)
	}
	if failed := w.handle(optOut(3)); len(failed) != 0 || w.fates().OptOuts != 3 {
		t.Errorf("failed %v, %+v", failed, w.fates())
	}
	if c := w.campaign(); c.State != campaign.Paused || c.Why != "opt-outs: 3 of 60 texts, limit 3%" {
		t.Errorf("it is %s because %q", c.State, c.Why)
	}
}
