// Package sendcheck is the function that sends campaigns. A schedule says that a campaign is due. The function queues a
// job for each shard of its audience. A job walks its shard area by area and texts the people who may be texted now
// (practice: send at appropriate times). Where people have to wait, it makes one schedule for the earliest
// opening, and that wave does only what is left.
package sendcheck

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/timeleft"
	"smsconsent/shared/edge/wiring"
)

// Table is the part of the consent table that the handler uses. Package table says for each method which errors it
// returns and whether it may be repeated.
type Table interface {
	Campaign(ctx context.Context, id string) (campaign.Campaign, error)
	Campaigns(ctx context.Context) ([]campaign.Campaign, error)
	SetCampaignState(ctx context.Context, id string, from []campaign.State, to campaign.State, why string) error
	Shards(ctx context.Context, id string) ([]campaign.Shard, error)
	Shard(ctx context.Context, id string, number int) (campaign.Shard, error)
	SaveShard(ctx context.Context, s campaign.Shard) error
	SaveCandidates(ctx context.Context, campaign string, shard int, people, done []phone.Number) error
	Texted(ctx context.Context, campaign string, shard int) (map[phone.Number]bool, error)
	Approval(ctx context.Context, id string) (campaign.Approval, error)
	CreateCampaign(ctx context.Context, c campaign.Campaign) error
	Series(ctx context.Context, id string) (campaign.Series, error)
	AllSeries(ctx context.Context) ([]campaign.Series, error)
	SaveSeries(ctx context.Context, s campaign.Series) error
	Recipients(ctx context.Context, keys []consent.Key, needed bool) (
		[]consent.Contact, map[consent.Key]map[string]string, []table.Unreadable, error)
}

// Audience is the list of subscribed people, as audience.List reads it.
type Audience interface {
	walk.List
	Count(ctx context.Context, brand, topic string, shard int, area phone.Area) (int, error)
}

// Outbox sends and records texts, as outbox.Outbox does. Send may be repeated: a campaign texts a person at most once
// (I2). So may the others.
type Outbox interface {
	Send(ctx context.Context, c consent.Contact, t outbox.Text) (outbox.Outcome, error)
	Record(ctx context.Context, sent ...table.Sent) error
	Reconcile(ctx context.Context, contacts ...consent.Contact) error
}

// Config is what a Handler works with.
type Config struct {
	Catalog   *program.Catalog
	Table     Table
	Audience  Audience
	Gate      walk.Hours
	Outbox    Outbox
	Queue     walk.Queue
	Schedules walk.Schedules // schedules that start this function
	AtOnce    int            // texts that a job sends at the same time

	// Plan returns what a campaign would do, by the built-in prices.
	Plan func(context.Context, campaign.Campaign) (plan.Plan, error)

	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics `wiring:"optional"`
}

// Handler sends campaigns.
type Handler struct{ Config }

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) { return &Handler{c}, wiring.Complete(c) }

// due is the input of a schedule: a campaign that has people to text.
type due struct {
	Campaign string `json:"campaign"`
}

// job is one shard of a campaign to walk, and the shards to walk after it.
type job struct {
	Campaign string `json:"campaign"`
	Shard    int    `json:"shard"`
	Then     []int  `json:"then,omitempty"`
}

// following returns the job for the next shard, and false where there is none.
func (j job) following() (job, bool) {
	if len(j.Then) == 0 {
		return job{}, false
	}
	return job{Campaign: j.Campaign, Shard: j.Then[0], Then: j.Then[1:]}, true
}

// jobs divides shards among as many jobs as the sending rate, in message parts per second, keeps busy. One job sends
// a hundred per second. More jobs for a slow identity would only wait, and other campaigns with them.
func jobs(id string, shards []int, rate float64) []any {
	const perJob = 100
	var work []any
	lanes := min(len(shards), max(1, int(math.Ceil(rate/perJob))))
	for lane := range lanes {
		j := job{Campaign: id, Shard: shards[lane]}
		for at := lane + lanes; at < len(shards); at += lanes {
			j.Then = append(j.Then, shards[at])
		}
		work = append(work, j)
	}
	return work
}

// Handle handles all triggers: the inputs of schedules, and batches of jobs from SQS.
func (h *Handler) Handle(ctx context.Context, raw json.RawMessage) (*events.SQSEventResponse, error) {
	var e struct {
		due
		Series  string `json:"series"`
		Watch   string `json:"watch"`
		Records []events.SQSMessage
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("decode event: %w", err)
	}
	switch {
	case e.Campaign != "":
		return nil, h.wave(ctx, e.Campaign)
	case e.Series != "":
		return nil, h.repeat(ctx, e.Series)
	case e.Watch == "campaigns":
		return nil, h.watch(ctx)
	case len(e.Records) > 0:
		return queue.Each(ctx, h.Log, e.Records, h.job), nil
	default:
		return nil, errors.New(
			`the event is neither {"campaign":"<id>"}, {"series":"<id>"} or {"watch":"campaigns"} from a schedule nor jobs from SQS`,
		)
	}
}

// early is how early a schedule may fire by our clock.
const early = time.Minute

// wave queues the shards that have something to do now.
func (h *Handler) wave(ctx context.Context, id string) error {
	c, err := h.Table.Campaign(ctx, id)
	if err != nil {
		return fmt.Errorf("campaign %s: %w", id, err)
	}
	if goes, err := h.mayGo(ctx, &c); !goes {
		return err
	}
	if h.Now().Before(c.At.Add(-early)) { // its beginning was moved after this schedule was made
		return h.scheduleNextLook(ctx, c, c.At)
	}
	shards, err := h.shards(ctx, id)
	if err != nil {
		return err
	}
	var left []int
	for _, s := range shards {
		if s.Unfinished() {
			left = append(left, s.Number)
		}
	}
	if len(left) == 0 {
		// It was paused while its last shard ended, and then resumed, so no job is left to end it.
		return h.finish(ctx, c)
	}
	if err := h.Queue.Put(ctx, jobs(id, left, h.rate(c))...); err != nil {
		return fmt.Errorf("campaign %s: %w", id, err)
	}
	if c.State == campaign.Running {
		return nil
	}
	if err := h.Table.SetCampaignState(
		ctx,
		id,
		[]campaign.State{campaign.Scheduled},
		campaign.Running,
		"",
	); err != nil &&
		!errors.Is(err, table.ErrConflict) {
		return fmt.Errorf("campaign %s: %w", id, err)
	}
	return nil
}

// rate returns how many message parts per second the campaign may send, zero where its topic is unknown.
func (h *Handler) rate(c campaign.Campaign) float64 {
	text, err := outbox.TextOf(h.Catalog, c)
	if err != nil {
		return 0
	}
	return outbox.CampaignRate(text.Program.PerSecond)
}

// shards returns the progress of every shard, also of those without stored progress.
func (h *Handler) shards(ctx context.Context, id string) ([]campaign.Shard, error) {
	stored, err := h.Table.Shards(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("progress of campaign %s: %w", id, err)
	}
	all := make([]campaign.Shard, audience.Shards)
	for n := range all {
		all[n].Number = n
	}
	for _, s := range stored {
		if s.Number >= 0 && s.Number < len(all) {
			all[s.Number] = s
		}
	}
	return all, nil
}

// job walks one shard and queues the job for the next. A job that fails comes again, and queues the next one then.
// Where it fails too often, watch starts the shards again.
func (h *Handler) job(ctx context.Context, j job) error {
	short, err := h.shard(ctx, j)
	next, more := j.following()
	switch {
	case err != nil:
		return err
	case short:
		return h.Queue.Put(ctx, j)
	case more:
		return h.Queue.Put(ctx, next)
	default:
		return nil
	}
}

// shard walks one shard and does what follows: it makes a schedule where people must wait, and ends the campaign
// where nobody is left. short reports whether time ran out.
func (h *Handler) shard(ctx context.Context, j job) (short bool, err error) {
	c, err := h.Table.Campaign(ctx, j.Campaign)
	if err != nil {
		return false, fmt.Errorf("campaign %s: %w", j.Campaign, err)
	}
	if j.Shard < 0 || j.Shard >= audience.Shards {
		return false, fmt.Errorf("campaign %s has no shard %d", j.Campaign, j.Shard)
	}
	if goes, err := h.mayGo(ctx, &c); !goes {
		return false, errors.Join(err, h.recordLost(ctx, &c, j.Shard))
	}
	v, err := h.newVisit(ctx, c, j.Shard)
	if errors.Is(err, outbox.ErrNoTopic) {
		// It fails now, and a later programs.yaml may have the topic. At its end the campaign is over in any case.
		return false, errors.Join(err, h.scheduleNextLook(ctx, c, c.Expires), h.recordLost(ctx, &c, j.Shard))
	}
	if err != nil {
		return false, err
	}
	if !v.shard.Unfinished() {
		return false, h.finish(ctx, c)
	}
	err = v.run(ctx)
	short = errors.Is(err, timeleft.ErrShort)
	if short {
		err = v.save(ctx)
	}
	switch {
	case errors.Is(err, errStopped):
		return false, nil
	case errors.Is(err, errOvertaken):
		// Both jobs may come from one message, which is deleted now. If the other one is ended, this schedule resumes it.
		return false, h.scheduleNextLook(ctx, c, v.afterTheOther())
	case err != nil:
		return false, fmt.Errorf("walk shard %d of campaign %s: %w", j.Shard, c.ID, err)
	case short:
		return true, nil
	}
	if err := v.tellOfChange(ctx); err != nil {
		return false, err
	}
	if next := v.shard.Next; !next.IsZero() {
		return false, h.scheduleNextLook(ctx, c, next)
	}
	return false, h.finish(ctx, c)
}

// scheduleNextLook makes a schedule for the campaign at that time. Shards that ask for the same time share one.
func (h *Handler) scheduleNextLook(ctx context.Context, c campaign.Campaign, at time.Time) error {
	name := "campaign-" + c.ID + "-" + strconv.FormatInt(at.Unix(), 10)
	return h.Schedules.Once(ctx, name, at, fmt.Sprintf(`{"campaign":%q}`, c.ID))
}

// finish ends the campaign when the last shard is done. Each shard calls it after saving, so the last one sees all
// others as done.
func (h *Handler) finish(ctx context.Context, c campaign.Campaign) error {
	shards, err := h.shards(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, s := range shards {
		if s.Unfinished() {
			return nil
		}
	}
	why := c.Why // for a running campaign, that its time ran out
	if _, err := outbox.TextOf(h.Catalog, c); err != nil {
		why = err.Error()
	}
	err = h.Table.SetCampaignState(ctx, c.ID, []campaign.State{campaign.Scheduled, campaign.Running}, campaign.Done, why)
	if err != nil && !errors.Is(err, table.ErrConflict) {
		return fmt.Errorf("finish campaign %s: %w", c.ID, err)
	}
	return nil
}
