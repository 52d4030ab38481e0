package sendcheck

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

const (
	// batch is how many texts are recorded at once: the most that one BatchWriteItem takes.
	batch = 25

	// mostPeople is how many contacts are read at once, and texted before the progress is saved, for a fast identity.
	// For a slow one it is a batch, so that no contact is read long before it is used.
	mostPeople = 500

	// mostUnasked is how many people are texted at most before checking again whether the campaign still runs.
	mostUnasked = 100

	// retryThrottled is after what time a text is tried again for which the carrier had no capacity.
	retryThrottled = time.Minute

	// leastRest is the least time between the end of a walk and the next one. A schedule that far off can neither
	// have fired nor be in deletion when another shard finds its name taken.
	leastRest = 5 * time.Second

	// longestRun is the longest time that Lambda lets a function run.
	longestRun = 15 * time.Minute
)

// Reasons for which a walk ends early and its job is done.
var (
	errStopped   = errors.New("the campaign is no longer running")
	errOvertaken = errors.New("another delivery of the same job is ahead")
)

// visit is one job's walk through the people of its shard, and the campaign's progress there. The walk may be ended
// anywhere. Each area has its own cursor in the progress, because areas open at different hours.
type visit struct {
	*Handler
	campaign campaign.Campaign
	text     outbox.Text
	shard    campaign.Shard

	group        campaign.Group            // the progress in the present area
	left         map[string]campaign.Group // areas of earlier walks that this one has not met
	first        bool                      // the shard was never walked to its end before
	known        map[phone.Number]bool     // people who are done; nil until it is read
	again        bool                      // the area was walked before, so people who are done need not be read
	texted, done []phone.Number            // people texted since the last save; and those before it, not stored yet
	ask          int                       // people texted between two checks whether the campaign still runs
	next         time.Time                 // when the first waiting person may be tried again; zero for nobody
	why          campaign.Reasons          // why people of the page do not get it
}

// newVisit begins where the shard's last walk stopped. It returns outbox.ErrNoTopic for a campaign whose topic is
// unknown, as long as it is not over. After its end people are counted without a text.
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

// run walks every area that is not done, and computes when to come back. Until it has, the shard counts as due, so
// that progress saved on the way does not look finished.
func (v *visit) run(ctx context.Context) error {
	v.shard.Next = v.Now()
	v.left = maps.Clone(v.shard.Groups)
	rate := v.rate(v.campaign)
	v.ask = peopleIn(1, rate, mostUnasked)
	people := walk.Shard{
		List: v.Audience, Brand: v.campaign.Brand, Topic: v.campaign.Topic, Number: v.shard.Number,
		Page: peopleIn(5, rate, mostPeople),
	}
	if _, err := people.Walk(ctx, v); err != nil {
		return err
	}
	// In an area that was not met, everybody who waited has left the list.
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

// peopleIn returns how many people are texted in about that many seconds at a rate, in whole batches: at least one
// batch, and no more than most people.
func peopleIn(seconds, rate float64, most int) int {
	return min(max(int(seconds*rate)/batch*batch, batch), most)
}

// Enter reports whether to walk an area: one that the campaign is for, that is not done, and where people may be
// texted now. For other areas it notes when to come back and counts the people who wait there.
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

// Visit texts the people of a page and saves the progress after it. Where time runs out in the middle of a page, the
// next job visits it again, and finds and counts the claims of this one.
func (v *visit) Visit(ctx context.Context, p walk.Page) (phone.Number, error) {
	switch stopped, err := v.isStopped(ctx); {
	case err != nil:
		return "", err
	case stopped:
		return "", cmp.Or(v.save(ctx), errStopped) // nobody may come back to it
	}
	v.why, v.text.Area = campaign.Reasons{}, p.Area.Mark()
	people, err := v.undone(ctx, p.People)
	if err != nil {
		return "", err
	}
	became, err := v.people(ctx, people)
	if err != nil {
		return "", err
	}
	v.tell(became.counts)
	next := p.Next
	if became.stopped {
		if next = string(became.behind); next == "" {
			return "", errStopped
		}
	}
	v.group = v.group.Page(became.counts, became.until, next, v.Now()).WithReasons(v.why)
	v.shard.Groups[string(p.Area)] = v.group
	switch {
	case became.stopped:
		return "", cmp.Or(v.save(ctx), errStopped)
	case v.group.Walked:
		v.next = earlier(v.next, v.group.Next)
		return "", nil
	case became.counts == (campaign.Counts{}):
		return "", nil // all were counted before; where this walk ends here, the next goes by them again
	default:
		return "", v.save(ctx)
	}
}

// people texts the people of one page who may be texted, and counts the outcomes. People whom an earlier walk texted
// and counted are left out. An unreadable contact is counted, and does not keep the text from the others.
func (v *visit) people(ctx context.Context, keys []consent.Key) (became, error) {
	contacts, attributes, unreadable, err := v.Table.Recipients(ctx, keys, v.campaign.NeedsAttributes())
	if err != nil {
		return became{}, err
	}
	contacts = slices.DeleteFunc(contacts, func(c consent.Contact) bool {
		cl, ok := c.CampaignClaim(v.campaign.ID)
		moved := cl.Area != "" && cl.Area != v.text.Area // and counted where they lived then
		return ok && (v.group.AlreadyCounted(cl.At) || moved) || !ok && v.campaign.Excludes(attributes[c.Key]) != ""
	})
	if err := v.saveCandidates(ctx, contacts); err != nil {
		return became{}, err
	}
	b, err := v.texts(ctx, contacts, attributes)
	for _, u := range unreadable {
		if b.stopped && u.Key.Phone > b.behind {
			continue // the next walk visits them
		}
		b.counts.Unreadable++
		v.Metrics.Count("PoisonedContact", 1)
		v.Log.ErrorContext(ctx, "a contact cannot be read; nothing is sent to this person",
			"campaign", v.campaign.ID, "shard", v.shard.Number, "error", u.Fault)
	}
	return b, err
}

// count counts the outcome of one person, and returns when a deferred one should be tried again.
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
		v.why.Expire(said.Waited().Rule)
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

// isStopped reports whether the campaign was paused or canceled meanwhile.
func (v *visit) isStopped(ctx context.Context) (bool, error) {
	c, err := v.Table.Campaign(ctx, v.campaign.ID)
	return c.State == campaign.Paused || c.State == campaign.Canceled, err
}

// pause pauses the campaign because of the carrier's answer, and raises the alarm.
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
	if errors.Is(err, table.ErrConflict) {
		return nil
	}
	return err
}

// save stores the progress, or returns errOvertaken where another walk has stored its own meanwhile.
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
