package chaos_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	core "smsconsent/shared/core/campaign"

	waking "smsconsent/shared/edge/wiring/schedules"
)

// logMu guards logs apart from mu, for functions log while mu is held by nobody they know of.
func (w *world) logMu() *sync.Mutex { return &w.logging }

// createCampaign is an operator's "campaign create".
func (w *world) createCampaign(s *step) {
	ctx := context.Background()
	st := w.stack()
	now := w.now()
	w.mu.Lock()
	n := len(w.model.campaigns) + 1
	c := &campaign{
		id: fmt.Sprintf("01KB00000000000000000000%02d", n), brand: s.Brand, topic: s.Topics[0], marker: fmt.Sprintf("Offer %d:", n),
		at: now.Add(s.In).Truncate(time.Second), expires: now.Add(s.In + s.For).Truncate(time.Second),
	}
	name := "Example Corp."
	if s.Brand == "cafe" {
		name = "Example Cafe"
	}
	c.text = name + ": " + c.marker + " pumpkins at half price today."
	if !s.Plain {
		c.text += " Reply STOP to cancel."
	}
	w.model.campaigns = append(w.model.campaigns, c)
	w.tell("An operator schedules “%s” for %s, from %s to %s.", c.text, c.topic, stamp(c.at), stamp(c.expires))
	w.mu.Unlock()
	err := st.Table(ledgerless()).CreateCampaign(ctx, core.Campaign{
		ID: c.id, Brand: c.brand, Topic: c.topic, Text: c.text, At: c.at, Expires: c.expires, Created: now, State: core.Scheduled,
	})
	if err == nil {
		err = waking.Campaigns(st).Once(ctx, "campaign-"+c.id, c.at, fmt.Sprintf(`{"campaign":%q}`, c.id))
	}
	if err != nil {
		w.mu.Lock()
		w.broken("chaos: create campaign: %v", err)
		w.mu.Unlock()
	}
}

// operate is an operator's "campaign pause" and "campaign resume" of the last campaign.
func (w *world) operate(s *step) {
	w.mu.Lock()
	if len(w.model.campaigns) == 0 {
		w.mu.Unlock()
		return
	}
	c := w.model.campaigns[len(w.model.campaigns)-1]
	w.tell("An operator %ss “%s”.", s.Do, c.marker)
	c.held = true
	w.mu.Unlock()
	ctx := context.Background()
	st := w.stack()
	t := st.Table(ledgerless())
	if s.Do == holds {
		_ = t.SetCampaignState(ctx, c.id, []core.State{core.Scheduled, core.Running}, core.Paused, "an operator")
		return
	}
	if t.SetCampaignState(ctx, c.id, []core.State{core.Paused}, core.Running, "") != nil {
		return // it is not paused
	}
	now := w.now()
	at := now
	if at.Before(c.at) {
		at = c.at
	}
	if err := waking.Campaigns(st).Once(ctx, fmt.Sprintf("campaign-%s-resume-%d", c.id, now.Unix()), at, fmt.Sprintf(`{"campaign":%q}`, c.id)); err != nil {
		w.mu.Lock()
		w.broken("chaos: resume campaign: %v", err)
		w.mu.Unlock()
	}
}

// rest lets everything under way come to its end, in fair weather.
func (w *world) rest() {
	w.mu.Lock()
	w.trouble = nil
	clear(w.skies)
	w.mu.Unlock()
	w.until(func() bool {
		return w.running == 0 && !w.due() && !slices.ContainsFunc(w.events, func(e *event) bool {
			return e.source == fromQueue || e.source == fromAPI || e.source == fromEvent || (e.source == fromSchedule && e.tries > 0)
		})
	}, w.now().Add(forever))
}

// look lets everything come to rest and compares what is on record with what the model knows.
func (w *world) look() {
	w.rest()
	w.sweep()
	on := map[string]bool{}
	for _, phone := range phones() {
		for _, brand := range []string{"example", "cafe"} {
			w.mu.Lock()
			known := w.model.knows(phone, brand)
			w.mu.Unlock()
			if !known || slices.Contains(w.spoilt, phone) {
				continue
			}
			r, found := w.record(phone, brand)
			w.mu.Lock()
			w.model.checkRecord(phone, brand, r, found)
			for topic, is := range r.Topics {
				on[pk(phone, brand)+" AUDIENCE#"+topic] = is.State == subscribed
			}
			w.mu.Unlock()
		}
	}
	items := w.items()
	w.mu.Lock()
	w.model.checkItems(items, on)
	w.model.checkLogs()
	w.mu.Unlock()
}

// sweep deletes what DynamoDB's time to live would have deleted by now.
func (w *world) sweep() {
	for _, item := range w.items() {
		ttl, ok := item["ttl"].(*types.AttributeValueMemberN)
		if !ok || ttl.Value >= fmt.Sprint(w.now().Unix()) {
			continue
		}
		_, err := w.dynamo().DeleteItem(context.Background(), &dynamodb.DeleteItemInput{
			TableName: &w.store.name, Key: map[string]types.AttributeValue{"pk": item["pk"], "sk": item["sk"]},
		})
		if err != nil {
			panic(err)
		}
	}
}

// settle is the end of a history: what failed is run again, the runs that follow by the clock take place, every
// campaign ends, and what has to be so in the end is looked at.
func (w *world) settle() {
	w.look()
	w.rerun()
	w.mu.Lock()
	target := w.now().Add(26 * time.Hour)
	for _, c := range slices.Concat(w.model.campaigns, w.model.singles) {
		if end := c.expires.Add(2 * time.Hour); end.After(target) {
			target = end
		}
	}
	w.mu.Unlock()
	w.advance(target.Sub(w.now()))
	w.rerun()
	w.mu.Lock()
	w.settled = true
	w.mu.Unlock()
	w.look()
	for _, phone := range phones() {
		for _, brand := range []string{"example", "cafe"} {
			w.mu.Lock()
			known := w.model.knows(phone, brand)
			w.mu.Unlock()
			if known && !slices.Contains(w.spoilt, phone) {
				r, _ := w.record(phone, brand)
				w.mu.Lock()
				w.model.checkEnd(phone, brand, r)
				w.mu.Unlock()
			}
		}
	}
	w.checkCampaigns()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.dead) > 0 {
		w.model.fail("nothing fails for ever", "%d events fail in fair weather", len(w.dead))
	}
}

// rerun is an operator who runs again what had failed for good.
func (w *world) rerun() {
	w.mu.Lock()
	for _, e := range w.dead {
		again := *e
		again.due, again.tries = w.now(), 0
		w.tell("An operator runs again what had failed for good: %s", again.function)
		w.push(&again)
	}
	w.dead = nil
	w.mu.Unlock()
	w.join()
}

// checkCampaigns is that every campaign has ended, and has counted whom it reached.
func (w *world) checkCampaigns() {
	t := w.stack().Table(ledgerless())
	w.mu.Lock()
	campaigns := slices.Clone(w.model.campaigns)
	w.mu.Unlock()
	for _, c := range campaigns {
		stored, err := t.Campaign(context.Background(), c.id)
		if err != nil {
			panic(err)
		}
		shards, err := t.Shards(context.Background(), c.id)
		if err != nil {
			panic(err)
		}
		counts := core.Total(shards)
		w.mu.Lock()
		if stored.State != core.Done && stored.State != core.Paused {
			w.model.fail("a campaign ends", "%s is %s two hours after its end", c.marker, stored.State)
		}
		reached := map[string]bool{}
		for _, o := range w.model.offered {
			if o.went() && w.model.campaignOf(o) == c {
				reached[o.to] = true
			}
		}
		// Whoever a run was ended about may have been texted, as far as the functions can know.
		if stored.State == core.Done && counts.Sent > len(reached)+len(w.model.hurt) {
			w.model.fail("a campaign counts", "%s counts %d texted, and the carrier had %d", c.marker, counts.Sent, len(reached))
		}
		w.mu.Unlock()
	}
}

// got reports whether a person was sent a campaign's text.
func (w *world) got(person, n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.model.offered, func(t *text) bool {
		return t.to == phones()[person] && t.went() && w.model.campaignOf(t) == w.model.campaigns[n-1]
	})
}

// expectCampaign looks for a campaign's text to somebody who has to have it.
func (w *world) expectCampaign(person, n int) {
	if got := w.got(person, n); !got {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.model.fail("a campaign reaches its people", "%s never gets campaign %d", who(phones()[person]), n)
	}
}

// expectAnswer looks for an answer that went to a phone and begins so.
func (w *world) expectAnswer(phone, begins string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.ContainsFunc(w.texts, func(t *text) bool { return t.to == phone && t.went() && strings.HasPrefix(t.body, begins) }) {
		w.model.fail("HELP and STOP ALL are answered", "%s never gets “%s…”", who(phone), begins)
	}
}

// expectListed looks for a number on one of AWS's lists.
func (w *world) expectListed(list, phone string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, on := w.lists[list][phone]; !on {
		w.model.fail("I1", "%s said STOP and is not on AWS's list %s", who(phone), list)
	}
}

// expectAlarm looks for what sets off an alarm of template.yaml.
func (w *world) expectAlarm(name string) {
	if !w.alarmed(name) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.model.fail("alarms", "%s does not go off", name)
	}
}

// expectQuiet looks for an alarm that nothing called for.
func (w *world) expectQuiet(name string) {
	if w.alarmed(name) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.model.fail("alarms", "%s goes off", name)
	}
}

// alarmed reports whether something was counted that sets off an alarm of template.yaml.
func (w *world) alarmed(name string) bool {
	template, err := os.ReadFile("../template.yaml")
	if err != nil {
		panic(err)
	}
	m := regexp.MustCompile(`(?s)AlarmName: !Sub "\$\{AWS::StackName\}-` + name + `"\n.*?MetricName: (\w+)`).FindSubmatch(template)
	if m == nil {
		panic("template.yaml has no alarm " + name)
	}
	w.logging.Lock()
	defer w.logging.Unlock()
	return bytes.Contains(w.metrics.Bytes(), []byte(`"Name":"`+string(m[1])+`"`))
}

// loseSchedules is EventBridge Scheduler forgetting every schedule that fires once.
func (w *world) loseSchedules() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.schedules)
	w.events = slices.DeleteFunc(w.events, func(e *event) bool { return e.source == fromSchedule && e.cron == 0 })
	w.tell("Every schedule is lost.")
}

// spoil makes a contact one that cannot be read.
func (w *world) spoil(phone string) {
	for _, item := range w.items() {
		if str(item["sk"]) != "CONTACT" || !strings.Contains(str(item["pk"]), phone) {
			continue
		}
		for k, v := range item {
			if _, is := v.(*types.AttributeValueMemberM); is {
				item[k] = &types.AttributeValueMemberS{Value: "spoilt"}
			}
		}
		if _, err := w.dynamo().PutItem(context.Background(), &dynamodb.PutItemInput{TableName: &w.store.name, Item: item}); err != nil {
			panic(err)
		}
	}
	w.mu.Lock()
	w.spoilt = append(w.spoilt, phone)
	w.mu.Unlock()
}
