// Package audit is the function that looks through everybody on the lists: is the consent on record, is a reminder
// due, is what was claimed also recorded (practice: audit your customer lists).
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/tally"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Table is what the handler needs of the consent table.
type Table interface {
	Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error)
	Verify(ctx context.Context, key consent.Key, now time.Time) (fault, err error)
	tally.Store
}

// Audience is what the handler needs of the list of subscribed people.
type Audience interface {
	walk.List
	Due(ctx context.Context, brand string, before time.Time, after string, limit int) ([]consent.Key, string, error)
}

// Outbox is what the handler needs of the outbox.
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (outbox.Changed, error)
	Send(ctx context.Context, c consent.Contact, t outbox.Text) (outbox.Outcome, error)
	Record(ctx context.Context, sent ...table.Sent) error
	Reconcile(ctx context.Context, contacts ...consent.Contact) error
	FollowUp(ctx context.Context, c consent.Contact) error
}

// Config is what a Handler works with.
type Config struct {
	Catalog   *program.Catalog
	Table     Table
	Audience  Audience
	Gate      walk.Hours
	Outbox    Outbox
	Queue     walk.Queue
	Schedules walk.Schedules // wake this function
	Reports   Reports
	Desk      Desk // where people read that an audit is done
	Now       func() time.Time
	Log       *slog.Logger
	Metrics   *telemetry.Metrics `wiring:"optional"`
}

// Handler audits the lists.
type Handler struct {
	Config
	tally *tally.Tally
}

// New makes a handler. It fails where the Config lacks anything.
func New(c Config) (*Handler, error) {
	if err := wiring.Complete(c); err != nil {
		return nil, err
	}
	count := &tally.Tally{Catalog: c.Catalog, Store: c.Table, Log: c.Log, Metrics: c.Metrics}
	return &Handler{Config: c, tally: count}, nil
}

// run is one audit: the one that began at Since. A run looks at each area once, in the area's own permitted hours: at
// Since where those were open, else at the next opening after it. Opening says which areas are meant; zero means
// those open at Since.
type run struct {
	Since   time.Time `json:"since"`
	Opening time.Time `json:"opening,omitzero"`
}

// job is one shard of one topic to look through, or what a job that ran short of time left of it.
type job struct {
	run
	Brand string `json:"brand"`
	Topic string `json:"topic"`
	Shard int    `json:"shard"`
	walk.Cursor
}

// Handle takes all triggers: the inputs of the schedules, and a batch of jobs from SQS.
func (h *Handler) Handle(ctx context.Context, raw json.RawMessage) (*events.SQSEventResponse, error) {
	var e struct {
		Audit string `json:"audit"`
		run
		Records []events.SQSMessage
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("decode event: %w", err)
	}
	switch {
	case e.Audit == "start":
		defer h.lawsAhead(ctx)
		return nil, h.queue(ctx, run{Since: h.Now().UTC()})
	case e.Audit == "continue" && !e.Since.IsZero():
		return nil, h.queue(ctx, e.run)
	case e.Audit == "follow-up":
		return nil, h.followUp(ctx)
	case len(e.Records) > 0:
		return queue.Each(ctx, h.Log, e.Records, h.job), nil
	default:
		return nil, errors.New(
			`the event is neither {"audit":"start"} or {"audit":"follow-up"} from a schedule nor jobs from SQS`,
		)
	}
}

// queue makes a job of every shard of every topic.
func (h *Handler) queue(ctx context.Context, r run) error {
	var work []any
	for _, b := range h.Catalog.Brands {
		for _, p := range b.Programs {
			for _, t := range p.Topics {
				for shard := range audience.Shards {
					work = append(work, job{run: r, Brand: b.ID, Topic: t.ID, Shard: shard})
				}
			}
		}
	}
	if err := h.Queue.Put(ctx, work...); err != nil {
		return fmt.Errorf("start audit: %w", err)
	}
	return nil
}

// job looks through one shard. Where time runs short it queues the rest; the job that comes to the end has the function
// woken again for the areas whose hours were not open.
func (h *Handler) job(ctx context.Context, j job) error {
	if j.Since.IsZero() || j.Shard < 0 || j.Shard >= audience.Shards {
		return errors.New("the job names no shard of a run")
	}
	brand, ok := h.Catalog.Brand(j.Brand)
	if !ok {
		return fmt.Errorf("brand %q is not in programs.yaml", j.Brand)
	}
	prog, topic, ok := brand.Topic(j.Topic)
	if !ok {
		return fmt.Errorf("topic %q is not in programs.yaml", j.Topic)
	}
	v := h.newVisit(j, brand, prog, topic)
	people := walk.Shard{List: h.Audience, Brand: j.Brand, Topic: j.Topic, Number: j.Shard, Page: page}
	at, err := people.Walk(ctx, v)
	switch {
	case errors.Is(err, queue.ErrShortOfTime):
		j.Cursor = at
		err = h.Queue.Put(ctx, j)
	case err == nil:
		err = h.wakeAt(ctx, j.Since, slices.SortedFunc(maps.Keys(v.later), time.Time.Compare))
	}
	if err != nil {
		return fmt.Errorf("audit shard %d of %s/%s: %w", j.Shard, j.Brand, j.Topic, err)
	}
	v.report(ctx)
	return nil
}

// wakeAt has the run that began at since go on at each of the openings. Shards that ask for the same one share a
// schedule.
func (h *Handler) wakeAt(ctx context.Context, since time.Time, openings []time.Time) error {
	for _, at := range openings {
		input, err := json.Marshal(struct {
			Audit string `json:"audit"`
			run
		}{"continue", run{Since: since, Opening: at}})
		if err != nil {
			return fmt.Errorf("encode schedule: %w", err)
		}
		name := "audit-" + strconv.FormatInt(since.Unix(), 10) + "-" + strconv.FormatInt(at.Unix(), 10)
		if err := h.Schedules.Once(ctx, name, at, string(input)); err != nil {
			return err
		}
	}
	return nil
}
