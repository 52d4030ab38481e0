// Package audit is the function that checks every person on record: is the record complete, is consent proved, does
// every claimed text have a record, do AWS's opt-out lists agree; it also reminds subscribers how to opt out
// (practice: audit your customer lists).
package audit

import (
	"cmp"
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
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
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
	Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error)
	Verify(ctx context.Context, key consent.Key, now time.Time) (fault, err error)

	ScanRecords(
		ctx context.Context, segment int, after table.Position, now time.Time,
	) ([]inspect.Subject, table.Position, error)
	ScanContacts(ctx context.Context, segment int, after table.Position) ([]consent.Contact, table.Position, error)
	Examine(ctx context.Context, key consent.Key, now time.Time) (inspect.Subject, error)
	RepairAudience(ctx context.Context, key consent.Key) error

	StartAudit(ctx context.Context, r inspect.Run) error
	Audit(ctx context.Context, id string) (inspect.Run, []inspect.Part, error)
	AuditPart(ctx context.Context, run, name string) (inspect.Part, error)
	SaveAuditPart(ctx context.Context, p inspect.Part, now time.Time) (inspect.Part, error)
	TakeAudit(ctx context.Context, id string, now time.Time) (bool, error)
	CloseAudit(ctx context.Context, id string, now time.Time) error
	SaveListed(ctx context.Context, run, program string, n int, numbers []uint64, now time.Time) error
	Listed(ctx context.Context, run, program string) ([]uint64, error)
}

// Gate is the part of the gate that the handler uses.
type Gate interface {
	walk.Hours
	Person(c *consent.Contact) gate.Person
}

// Audience is the list of subscribed people, as audience.List reads it.
type Audience interface {
	walk.List
	Due(ctx context.Context, brand string, before time.Time, after string, limit int) ([]consent.Key, string, error)
}

// Outbox changes contacts, sends reminders and compares AWS's lists, as outbox.Outbox does. Every method may be
// repeated.
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (outbox.Changed, error)
	Send(ctx context.Context, c consent.Contact, t outbox.Text) (outbox.Outcome, error)
	Record(ctx context.Context, sent ...table.Sent) error
	Reconcile(ctx context.Context, contacts ...consent.Contact) error
	FollowUp(ctx context.Context, c consent.Contact) error
	ListedNumbers(ctx context.Context, p *program.Program, token string) ([]outbox.OnList, string, error)
	SyncLists(ctx context.Context, c consent.Contact) error
}

// Config is what a Handler works with.
type Config struct {
	Catalog   *program.Catalog
	Table     Table
	Audience  Audience
	Gate      Gate
	Outbox    Outbox
	Queue     walk.Queue
	Schedules walk.Schedules // schedules that start this function
	Reports   Reports
	Desk      Desk // tells people that an audit is done
	Now       func() time.Time
	Log       *slog.Logger
	Metrics   *telemetry.Metrics `wiring:"optional"`
}

// Handler audits the lists.
type Handler struct{ Config }

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) { return &Handler{c}, wiring.Complete(c) }

// run is one audit, or one round of reminders, that began at Since. A round visits each area once, in permitted
// hours: at Since where they were open, and otherwise at the next opening. Opening says which areas to visit, zero
// for those open at Since.
type run struct {
	Since   time.Time `json:"since"`
	Opening time.Time `json:"opening,omitzero"`
}

// job is one shard of one topic, or one part of an audit; or the rest of it that an earlier job had no time for.
type job struct {
	run
	Part  string `json:"part,omitempty"`
	Brand string `json:"brand,omitempty"`
	Topic string `json:"topic,omitempty"`
	Shard int    `json:"shard"`
	walk.Cursor
}

// Handle handles all triggers: the inputs of schedules, and batches of jobs from SQS.
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
		return nil, h.start(ctx, e.Since)
	case e.Audit == "remind":
		defer h.lawsAhead(ctx)
		return nil, h.queue(ctx, run{Since: h.Now().UTC().Truncate(time.Millisecond)})
	case e.Audit == "continue" && !e.Since.IsZero():
		return nil, h.queue(ctx, e.run)
	case e.Audit == "follow-up":
		return nil, h.followUp(ctx)
	case len(e.Records) > 0:
		return queue.Each(ctx, h.Log, e.Records, h.job), nil
	default:
		return nil, errors.New(
			`the event is neither {"audit":"start"}, "remind" or "follow-up" from a schedule nor jobs from SQS`,
		)
	}
}

// start begins an audit of everybody. Repeated for the same time it starts no second one. Without a time it uses now.
func (h *Handler) start(ctx context.Context, since time.Time) error {
	r := run{Since: cmp.Or(since, h.Now()).UTC().Truncate(time.Millisecond)}
	audit := inspect.Run{ID: report.ID(r.Since), Since: r.Since, Parts: parts()}
	if err := h.Table.StartAudit(ctx, audit); err != nil {
		return err
	}
	var work []any
	for _, name := range audit.Parts {
		work = append(work, job{run: r, Part: name})
	}
	if err := h.Queue.Put(ctx, work...); err != nil {
		return fmt.Errorf("start audit: %w", err)
	}
	return nil
}

// queue makes a job for every shard of every topic whose people are reminded.
func (h *Handler) queue(ctx context.Context, r run) error {
	var work []any
	for _, b := range h.Catalog.Brands {
		for _, p := range b.Programs {
			for _, t := range p.Topics {
				if !reminds(&t) {
					continue
				}
				for shard := range audience.Shards {
					work = append(work, job{run: r, Brand: b.ID, Topic: t.ID, Shard: shard})
				}
			}
		}
	}
	if err := h.Queue.Put(ctx, work...); err != nil {
		return fmt.Errorf("start reminding: %w", err)
	}
	return nil
}

// job visits one shard. Where time runs out it queues the rest. The job that reaches the end makes schedules for the
// areas that were closed.
func (h *Handler) job(ctx context.Context, j job) error {
	if j.Part != "" && !j.Since.IsZero() {
		return h.part(ctx, j)
	}
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
	case errors.Is(err, timeleft.ErrShort):
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

// wakeAt makes schedules for the run that began at since, one at each opening. Shards that ask for the same time
// share one.
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
