package sendcheck

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

const (
	// page is how many contacts are read, texted and recorded between two saves of the progress: the most one
	// BatchWriteItem takes.
	page = 25

	// retryThrottled is when a text the carrier had no capacity for is tried again.
	retryThrottled = time.Minute

	// soon is the least time between the end of a walk and the next. A schedule that is so far off cannot have fired, nor
	// be in the middle of its own deletion, when another shard finds its name taken.
	soon = 5 * time.Second

	// longestRun is how long Lambda lets a function run at most.
	longestRun = 15 * time.Minute
)

// Why a walk ends early and leaves nothing to do for its job.
var (
	errStopped   = errors.New("the campaign is no longer running")
	errOvertaken = errors.New("another delivery of the same job is ahead")
)

// walk is one shard of one campaign being worked on.
type walk struct {
	*Handler
	campaign campaign.Campaign
	text     outbox.Text
	shard    campaign.Shard
}

// errNoTopic says that programs.yaml does not know what a campaign is about.
var errNoTopic = errors.New("is not in programs.yaml")

// newWalk begins where the shard's last walk stopped. It returns errNoTopic for a campaign whose topic is not known, as
// long as it is not over: then its people are counted, without a text.
func (h *Handler) newWalk(ctx context.Context, c campaign.Campaign, shard int) (*walk, error) {
	text, err := h.text(c)
	if err != nil && h.Now().Before(c.Expires) {
		return nil, fmt.Errorf("campaign %s: %w", c.ID, err)
	}
	shards, err := h.shards(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	s := shards[shard]
	if s.Groups == nil {
		s.Groups = map[string]campaign.Group{}
	}
	return &walk{Handler: h, campaign: c, shard: s, text: text}, nil
}

// text is what the outbox is to send, or errNoTopic.
func (h *Handler) text(c campaign.Campaign) (outbox.Text, error) {
	brand, ok := h.Catalog.Brand(c.Brand)
	if !ok {
		return outbox.Text{}, fmt.Errorf("brand %q %w", c.Brand, errNoTopic)
	}
	prog, topic, ok := brand.Topic(c.Topic)
	if !ok {
		return outbox.Text{}, fmt.Errorf("topic %q %w", c.Topic, errNoTopic)
	}
	kind := message.Promotional
	if prog.Class == program.Transactional {
		kind = message.Transactional
	}
	return outbox.Text{
		Kind: kind, Program: prog, Topic: topic.ID, Campaign: c.ID, Body: c.Text, Opens: c.At, Expires: c.Expires,
	}, nil
}

// run does every area that is not done and works out when to come back. Until it has, the shard counts as due: what is
// saved on the way must not look finished.
func (w *walk) run(ctx context.Context) error {
	w.shard.Next = w.Now()
	var next time.Time
	empty := maps.Clone(w.shard.Groups)
	for area := phone.Area(""); ; {
		var ok bool
		var err error
		area, ok, err = w.Audience.NextArea(ctx, w.campaign.Brand, w.campaign.Topic, w.shard.Number, area)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		until, err := w.area(ctx, area)
		if err != nil {
			return err
		}
		delete(empty, string(area))
		next = earlier(next, until)
	}
	// Where all who waited have left the list since, nobody waits any more.
	for area, g := range empty {
		if g.Done {
			continue
		}
		until, err := w.pages(ctx, phone.Area(area), g.Begin())
		if err != nil {
			return err
		}
		next = earlier(next, until)
	}
	w.shard.Next = w.wake(next)
	return w.save(ctx)
}

// wake is when the shard is looked at again, zero for never: at a whole minute, so that people whose caps run out one
// by one are met together. At the campaign's end one last wave counts as expired whoever still waits: late is worse
// than never (I6).
func (w *walk) wake(next time.Time) time.Time {
	if next.IsZero() {
		return next
	}
	if next.After(w.campaign.Expires) {
		next = w.campaign.Expires
	}
	if earliest := w.Now().Add(soon); next.Before(earliest) {
		next = earliest
	}
	return next.Add(time.Minute - 1).Truncate(time.Minute)
}

// afterTheOther is when another walk that is ahead of this one has certainly ended, or handed on. All who are overtaken
// within as long name the same instant, so that looking again does not itself make ever more jobs to be overtaken.
func (w *walk) afterTheOther() time.Time {
	return w.wake(w.Now().Truncate(longestRun).Add(2 * longestRun))
}

// earlier is the earlier of two instants, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// area does one area, or counts the people in it where nobody there may be texted yet. It returns when to come back;
// zero where the area is done.
func (w *walk) area(ctx context.Context, area phone.Area) (time.Time, error) {
	g := w.shard.Groups[string(area)]
	if g.Done {
		return time.Time{}, nil
	}
	if until, closed := w.closed(area); closed {
		if !g.Walked {
			n, err := w.Audience.Count(ctx, w.campaign.Brand, w.campaign.Topic, w.shard.Number, area)
			if err != nil {
				return time.Time{}, err
			}
			g.Waiting = g.Left(n)
			w.shard.Groups[string(area)] = g
		}
		return until, nil
	}
	if now := w.Now(); g.Walked && now.Before(g.Next) && now.Before(w.campaign.Expires) {
		return g.Next, nil
	}
	return w.pages(ctx, area, g.Begin())
}

// closed reports until when the whole area must wait. The hours are asked once for all its people; each person's own
// answer is asked again at the claim.
func (w *walk) closed(area phone.Area) (time.Time, bool) {
	now := w.Now()
	if w.text.Kind != message.Promotional || !now.Before(w.campaign.Expires) {
		return time.Time{}, false
	}
	hours, err := w.Gate.Hours(w.campaign.Brand, area)
	if err != nil || hours.Permitted(now) {
		// People of an unknown place are walked: each gets a refusal that says why.
		return time.Time{}, false
	}
	opening, err := hours.NextOpening(now)
	if err != nil {
		return time.Time{}, false
	}
	return opening, true
}

func (w *walk) pages(ctx context.Context, area phone.Area, g campaign.Group) (time.Time, error) {
	for {
		if err := w.stillGoing(ctx); err != nil {
			return time.Time{}, err
		}
		keys, cursor, err := w.Audience.Page(ctx, w.campaign.Brand, w.campaign.Topic, w.shard.Number, area, g.Cursor, page)
		if err != nil {
			return time.Time{}, err
		}
		counts, until, err := w.people(ctx, keys, g)
		if err != nil {
			return time.Time{}, err
		}
		g = g.Page(counts, until, cursor, w.Now())
		w.shard.Groups[string(area)] = g
		if g.Walked {
			return g.Next, nil
		}
		if err := w.save(ctx); err != nil {
			return time.Time{}, err
		}
	}
}

// people texts those of one page who may be texted and counts what became of each, but for those an earlier walk texted
// and counted. One contact that cannot be understood must not keep the text from everybody behind it.
func (w *walk) people(ctx context.Context, keys []consent.Key, g campaign.Group) (campaign.Counts, time.Time, error) {
	contacts, unreadable, err := w.Table.Contacts(ctx, keys)
	if err != nil {
		return campaign.Counts{}, time.Time{}, err
	}
	counts := campaign.Counts{Unreadable: len(unreadable)}
	for _, u := range unreadable {
		w.Metrics.Count("PoisonedContact", 1)
		w.Log.ErrorContext(ctx, "a contact cannot be read; nothing is sent to this person",
			"campaign", w.campaign.ID, "shard", w.shard.Number, "error", u.Fault)
	}
	var next time.Time
	var sent []table.Sent
	for _, c := range contacts {
		if cl, ok := c.CampaignClaim(w.campaign.ID); ok && g.Has(cl.At) {
			continue
		}
		var out outbox.Outcome
		out, err = w.send(ctx, c)
		if out.Sent != nil {
			sent = append(sent, *out.Sent)
		}
		if err != nil {
			break
		}
		next = earlier(next, w.count(&counts, out))
		if out.Rejection != nil && out.Rejection.Quota {
			err = w.pause(ctx, out.Rejection)
			break
		}
	}
	// What went out is put on record before anything else can fail (I3). Where that fails nothing else matters, and the
	// job must not pass for one that handed on its work.
	if recorded := w.Outbox.Record(ctx, sent...); recorded != nil {
		err = recorded
	}
	return counts, next, err
}

// send texts one person, or finds that it may not. A campaign that outlived its topic has nothing to say: whom it did
// not text before has it expired for.
func (w *walk) send(ctx context.Context, c consent.Contact) (outbox.Outcome, error) {
	if w.text.Program != nil {
		return w.Outbox.Send(ctx, c, w.text)
	}
	_, texted := c.CampaignClaim(w.campaign.ID)
	return outbox.Outcome{Already: texted, Decision: gate.Decision{Verdict: gate.Refuse, Rule: gate.CampaignWindow}}, nil
}

// count puts one person under one outcome and returns when a deferred one should be tried again.
func (w *walk) count(counts *campaign.Counts, out outbox.Outcome) time.Time {
	switch {
	case out.Texted():
		counts.Sent++
	case out.Rejection != nil && out.Rejection.Throttled:
		counts.Deferred++
		return w.Now().Add(retryThrottled)
	case out.Rejection != nil:
		counts.Refused++
	case out.Decision.Verdict == gate.Defer:
		counts.Deferred++
		return out.Decision.Until
	case out.Decision.Rule == gate.CampaignWindow:
		counts.Expired++
	default:
		counts.Refused++
	}
	return time.Time{}
}

// stillGoing looks, before each page, whether the campaign was paused and whether there is time for the page. A page
// that runs out of time half way is walked again by the next job, which finds the claims of this one and counts them.
func (w *walk) stillGoing(ctx context.Context) error {
	if outbox.ShortOfTime(ctx) {
		return outbox.ErrShortOfTime
	}
	c, err := w.Table.Campaign(ctx, w.campaign.ID)
	if err != nil {
		return err
	}
	if c.State == campaign.Paused {
		return errStopped
	}
	return nil
}

func (w *walk) pause(ctx context.Context, r *outbox.Rejection) error {
	w.Metrics.Count("CampaignPaused", 1)
	w.Log.ErrorContext(ctx, "campaign paused", "campaign", w.campaign.ID, "reason", r.Reason)
	err := w.Table.SetCampaignState(
		ctx,
		w.campaign.ID,
		[]campaign.State{campaign.Scheduled, campaign.Running},
		campaign.Paused,
		r.Reason,
	)
	if err != nil && !errors.Is(err, table.ErrConflict) {
		return err
	}
	return errStopped
}

func (w *walk) save(ctx context.Context) error {
	switch err := w.Table.SaveShard(ctx, w.shard); {
	case errors.Is(err, table.ErrConflict):
		return errOvertaken
	case err != nil:
		return fmt.Errorf("save progress: %w", err)
	default:
		w.shard.Version++
		return nil
	}
}
