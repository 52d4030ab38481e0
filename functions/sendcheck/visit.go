package sendcheck

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/sourcegraph/conc"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

const (
	// batch is how many people are texted before what went out is put on record: the most one BatchWriteItem takes.
	batch = 25

	// mostPeople is how many contacts are read, and texted between two saves of the progress, where the identity is fast:
	// the most one BatchGetItem takes. For a slow one a batch is read, so that a pause holds soon and nothing is read long
	// before it is used.
	mostPeople = 100

	// retryThrottled is when a text the carrier had no capacity for is tried again.
	retryThrottled = time.Minute

	// leastRest is the least time between the end of a walk and the next. A schedule that is so far off cannot have fired,
	// nor be in the middle of its own deletion, when another shard finds its name taken.
	leastRest = 5 * time.Second

	// longestRun is how long Lambda lets a function run at most.
	longestRun = 15 * time.Minute
)

// Why a walk ends early and leaves nothing to do for its job.
var (
	errStopped   = errors.New("the campaign is no longer running")
	errOvertaken = errors.New("another delivery of the same job is ahead")
)

// visit is what one job does with the people of its shard, and how far the campaign has come there. The walk may stop
// anywhere: each area keeps its own cursor in the progress, because each opens at another hour.
type visit struct {
	*Handler
	campaign campaign.Campaign
	text     outbox.Text
	shard    campaign.Shard

	group        campaign.Group            // the progress in the area the walk is in
	left         map[string]campaign.Group // areas of earlier walks in which this one has met nobody
	first        bool                      // the shard was not walked to its end before
	known        map[phone.Number]bool     // who is done with; nil where nobody looked
	again        bool                      // the area was walked before: who is done with need not be read
	texted, done []phone.Number            // who was texted since the last save; and before it, which nobody kept yet
	next         time.Time                 // when the first of those who wait may be tried again; zero where nobody waits
	why          campaign.Reasons          // of the page, why people do not get it
}

// newVisit begins where the shard's last walk stopped. It returns outbox.ErrNoTopic for a campaign whose topic is not
// known, as long as it is not over: then its people are counted, without a text.
func (h *Handler) newVisit(ctx context.Context, c campaign.Campaign, shard int) (*visit, error) {
	text, err := outbox.TextOf(h.Catalog, c)
	if err != nil && h.Now().Before(c.Expires) {
		return nil, fmt.Errorf("campaign %s: %w", c.ID, err)
	}
	s, err := h.Table.Shard(ctx, c.ID, shard)
	if err != nil {
		return nil, fmt.Errorf("progress of campaign %s: %w", c.ID, err)
	}
	if s.Groups == nil {
		s.Groups = map[string]campaign.Group{}
	}
	return &visit{Handler: h, campaign: c, shard: s, text: text, first: !s.IsWalked()}, nil
}

// run walks every area that is not done and works out when to come back. Until it has, the shard counts as due: what is
// saved on the way must not look finished.
func (v *visit) run(ctx context.Context) error {
	v.shard.Next = v.Now()
	v.left = maps.Clone(v.shard.Groups)
	people := walk.Shard{
		List: v.Audience, Brand: v.campaign.Brand, Topic: v.campaign.Topic, Number: v.shard.Number,
		Page: pageFor(v.rate(v.campaign)),
	}
	if _, err := people.Walk(ctx, v); err != nil {
		return err
	}
	// Where all who waited have left the list since, nobody waits any more.
	for area, g := range v.left {
		if g.Done {
			continue
		}
		v.again, v.group = false, g.Begin()
		if _, err := people.Area(ctx, walk.Cursor{Area: phone.Area(area), After: v.group.Cursor}, v); err != nil {
			return err
		}
	}
	v.shard.Next = v.nextLook(v.next)
	if err := v.save(ctx); err != nil || v.shard.Next.IsZero() || len(v.done) == 0 {
		return err
	}
	return v.Table.SaveCandidates(ctx, v.campaign.ID, v.shard.Number, nil, v.done)
}

// pageFor returns how many people are read at once: what goes out in about a second.
func pageFor(rate float64) int {
	return min(max(int(rate)/batch*batch, batch), mostPeople)
}

// Enter lets an area be walked that the campaign is for, that is not done and where people may be texted now. Of the
// others it notes when to come back, and counts who waits there.
func (v *visit) Enter(ctx context.Context, area phone.Area) (string, bool, error) {
	g := v.shard.Groups[string(area)]
	delete(v.left, string(area))
	if g.Done || !v.campaign.Includes(area) {
		return "", false, nil
	}
	if opening := v.opening(area); !opening.IsZero() {
		if !g.Walked {
			n, err := v.Audience.Count(ctx, v.campaign.Brand, v.campaign.Topic, v.shard.Number, area)
			if err != nil {
				return "", false, err
			}
			g.Waiting = g.Left(n)
			v.shard.Groups[string(area)] = g
		}
		v.next = earlier(v.next, opening)
		return "", false, nil
	}
	if now := v.Now(); g.Walked && now.Before(g.Next) && now.Before(v.campaign.Expires) {
		v.next = earlier(v.next, g.Next)
		return "", false, nil
	}
	v.again = g.Walked
	v.group = g.Begin()
	return v.group.Cursor, true, nil
}

// Visit texts the people of a page and saves the progress behind it. A page that runs out of time half way is visited
// again by the next job, which finds the claims of this one and counts them.
func (v *visit) Visit(ctx context.Context, p walk.Page) (phone.Number, error) {
	if err := v.stillRuns(ctx); err != nil {
		return "", err
	}
	v.why, v.text.Area = campaign.Reasons{}, p.Area.Mark()
	people, err := v.undone(ctx, p.People)
	if err != nil {
		return "", err
	}
	counts, until, err := v.people(ctx, people)
	if err != nil {
		return "", err
	}
	v.tell(counts)
	v.group = v.group.Page(counts, until, p.Next, v.Now()).WithReasons(v.why)
	v.shard.Groups[string(p.Area)] = v.group
	if v.group.Walked {
		v.next = earlier(v.next, v.group.Next)
		return "", nil
	}
	if counts == (campaign.Counts{}) {
		return "", nil // all were counted before; where this walk ends here, the next goes by them again
	}
	return "", v.save(ctx)
}

// people texts those of one page who may be texted and counts what became of each, but for those an earlier walk texted
// and counted. One contact that cannot be understood must not keep the text from everybody behind it.
func (v *visit) people(ctx context.Context, keys []consent.Key) (campaign.Counts, time.Time, error) {
	if len(keys) == 0 {
		return campaign.Counts{}, time.Time{}, nil
	}
	contacts, attributes, unreadable, err := v.Table.Recipients(ctx, &v.campaign, keys)
	if err != nil {
		return campaign.Counts{}, time.Time{}, err
	}
	counts := campaign.Counts{Unreadable: len(unreadable)}
	for _, u := range unreadable {
		v.Metrics.Count("PoisonedContact", 1)
		v.Log.ErrorContext(ctx, "a contact cannot be read; nothing is sent to this person",
			"campaign", v.campaign.ID, "shard", v.shard.Number, "error", u.Fault)
	}
	contacts = slices.DeleteFunc(contacts, func(c consent.Contact) bool {
		cl, ok := c.CampaignClaim(v.campaign.ID)
		moved := cl.Area != "" && cl.Area != v.text.Area // and counted where they lived then
		return ok && (v.group.AlreadyCounted(cl.At) || moved) || !ok && v.campaign.Excludes(attributes[c.Key]) != ""
	})
	if err := v.meet(ctx, contacts); err != nil {
		return counts, time.Time{}, err
	}
	var next time.Time
	for some := range slices.Chunk(contacts, batch) {
		until, err := v.texts(ctx, some, attributes, &counts)
		next = earlier(next, until)
		if err != nil {
			return counts, next, err
		}
	}
	return counts, next, nil
}

// texts sends to a batch of people, puts on record what went out, counts what became of each, and returns when the
// first of those who wait may be tried again.
func (v *visit) texts(
	ctx context.Context, people []consent.Contact, attributes map[consent.Key]map[string]string, counts *campaign.Counts,
) (time.Time, error) {
	outcomes, err := v.sendAll(ctx, people, attributes)
	var next time.Time
	var sent []table.Sent
	var quota *outbox.Rejection
	for i := range outcomes {
		out := &outcomes[i]
		if out.Sent != nil {
			sent = append(sent, *out.Sent)
		}
		next = earlier(next, v.count(counts, *out))
		if out.Texted() {
			v.texted = append(v.texted, people[i].Phone)
		}
		if out.Rejection != nil && out.Rejection.Quota {
			quota = out.Rejection
		}
	}
	if err == nil && quota != nil {
		err = v.pause(ctx, quota)
	}
	// What went out is put on record before anything else can fail (I3). Where that fails nothing else matters, and the
	// job must not pass for one that handed on its work.
	if recorded := v.Outbox.Record(ctx, sent...); recorded != nil {
		err = recorded
	}
	return next, err
}

// sendAll texts people, some at once, and returns what became of each it got to. After an error, or where the carrier
// takes nothing more, it begins with nobody else; those it began with are waited for.
func (v *visit) sendAll(
	ctx context.Context, people []consent.Contact, attributes map[consent.Key]map[string]string,
) ([]outbox.Outcome, error) {
	var mu sync.Mutex
	var failed error
	begun, over := 0, false
	outcomes := make([]outbox.Outcome, len(people))
	begin := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if over || begun == len(people) {
			return 0, false
		}
		begun++
		return begun - 1, true
	}
	work := func() {
		for i, ok := begin(); ok; i, ok = begin() {
			out, err := v.send(ctx, people[i], attributes[people[i].Key])
			mu.Lock()
			outcomes[i] = out
			over = over || err != nil || out.Rejection != nil && out.Rejection.Quota
			failed = cmp.Or(failed, err)
			mu.Unlock()
		}
	}
	var workers conc.WaitGroup
	for range min(v.AtOnce, len(people)) {
		workers.Go(work)
	}
	workers.Wait()
	return outcomes[:begun], failed
}

// send texts one person, or finds that it may not. A campaign that outlived its topic has nothing to say: whom it did
// not text before has it expired for.
func (v *visit) send(ctx context.Context, c consent.Contact, attributes map[string]string) (outbox.Outcome, error) {
	if topic, ok := v.topic(); ok {
		text := v.text
		text.Body = v.campaign.Words(topic, c.Locale, attributes)
		return v.Outbox.Send(ctx, c, text)
	}
	_, texted := c.CampaignClaim(v.campaign.ID)
	return outbox.Outcome{Already: texted, Decision: gate.Decision{Verdict: gate.Refuse, Rule: gate.CampaignWindow}}, nil
}

// topic returns what the campaign is about, where programs.yaml still knows.
func (v *visit) topic() (*program.Topic, bool) {
	if v.text.Program == nil {
		return nil, false
	}
	return v.text.Program.Topic(v.text.Topic)
}

// count puts one person under one outcome and returns when a deferred one should be tried again.
func (v *visit) count(counts *campaign.Counts, out outbox.Outcome) time.Time {
	said := out.Decision.Lasting()
	switch {
	case out.Texted():
		counts.Sent++
	case out.Rejection != nil && out.Rejection.Throttled:
		counts.Deferred++
		return v.Now().Add(retryThrottled)
	case out.Rejection != nil:
		counts.Refused++
		v.why.Refuse(campaign.Carrier)
	case said.Verdict == gate.Defer:
		counts.Deferred++
		return said.Until
	case said.Rule == gate.CampaignWindow:
		counts.Expired++
		v.why.Expire(said.Waited())
	default:
		counts.Refused++
		v.why.Refuse(said.Rule)
	}
	return time.Time{}
}

// tell counts what became of the people of a page, for dashboards.
func (v *visit) tell(counts campaign.Counts) {
	for _, c := range [...]struct {
		result string
		n      int
	}{{"sent", counts.Sent}, {"deferred", counts.Deferred}, {"refused", counts.Refused}, {"expired", counts.Expired}} {
		if c.n > 0 {
			v.Metrics.Count("CampaignText", c.n, "result", c.result)
		}
	}
	for rule, n := range v.why.RefusedBy {
		v.Metrics.Count("CampaignRefused", n, "rule", rule)
	}
}

// stillRuns returns errStopped where the campaign was paused or canceled meanwhile.
func (v *visit) stillRuns(ctx context.Context) error {
	c, err := v.Table.Campaign(ctx, v.campaign.ID)
	if err != nil {
		return err
	}
	if c.State == campaign.Paused || c.State == campaign.Canceled {
		return errStopped
	}
	return nil
}

// pause stops the campaign because of what the carrier said, and raises the alarm. It returns errStopped.
func (v *visit) pause(ctx context.Context, r *outbox.Rejection) error {
	v.Metrics.Count("CampaignPaused", 1)
	v.Log.ErrorContext(ctx, "campaign paused", "campaign", v.campaign.ID, "reason", r.Reason)
	err := v.Table.SetCampaignState(
		ctx,
		v.campaign.ID,
		[]campaign.State{campaign.Scheduled, campaign.Running},
		campaign.Paused,
		r.Reason,
	)
	if err != nil && !errors.Is(err, table.ErrConflict) {
		return err
	}
	return errStopped
}

// save stores the progress, or returns errOvertaken where another walk stored its own meanwhile.
func (v *visit) save(ctx context.Context) error {
	v.shard.Saved = v.Now()
	switch err := v.Table.SaveShard(ctx, v.shard); {
	case errors.Is(err, table.ErrConflict):
		return errOvertaken
	case err != nil:
		return fmt.Errorf("save progress: %w", err)
	default:
		v.shard.Version++
		v.done, v.texted = append(v.done, v.texted...), nil
		return nil
	}
}
