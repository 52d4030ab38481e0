// Package audit is the function that looks through everybody on the lists: is the consent on record, is a reminder
// due, is what was claimed also recorded (practice: audit your customer lists).
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
)

// Table is what the handler needs of the consent table.
type Table interface {
	Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error)
	Verify(ctx context.Context, key consent.Key, now time.Time) (fault, err error)
}

// Audience is what the handler needs of the list of subscribed people.
type Audience interface {
	NextArea(ctx context.Context, brand, topic string, shard int, after phone.Area) (phone.Area, bool, error)
	Page(
		ctx context.Context,
		brand, topic string,
		shard int,
		area phone.Area,
		after string,
		limit int,
	) ([]consent.Key, string, error)
	Due(ctx context.Context, brand string, before time.Time, after string, limit int) ([]consent.Key, string, error)
}

// Gate is what the handler needs of the gate.
type Gate interface {
	Hours(brand string, area phone.Area) (*jurisdiction.Hours, error)
}

// Outbox is what the handler needs of the outbox.
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (consent.Change, error)
	Send(ctx context.Context, c consent.Contact, t outbox.Text) (outbox.Outcome, error)
	Record(ctx context.Context, sent ...table.Sent) error
	Reconcile(ctx context.Context, contacts ...consent.Contact) error
	FollowUp(ctx context.Context, c consent.Contact) error
}

// Queue takes jobs.
type Queue interface {
	Put(ctx context.Context, work ...any) error
}

// Schedules makes one-time schedules that wake this function.
type Schedules interface {
	Once(ctx context.Context, name string, at time.Time, input string) error
}

// Handler audits the lists.
type Handler struct {
	Catalog   *program.Catalog
	Table     Table
	Audience  Audience
	Gate      Gate
	Outbox    Outbox
	Queue     Queue
	Schedules Schedules
	Now       func() time.Time
	Log       *slog.Logger
	Metrics   *telemetry.Metrics
}

// run is one audit: the one that began at Since. A run looks at each area once, in the area's own permitted hours: at
// Since where those were open, else at the next opening after it. Opening says which areas are meant; zero means
// those open at Since.
type run struct {
	Since   time.Time `json:"since"`
	Opening time.Time `json:"opening,omitzero"`
}

// job is one shard of one topic to look through.
type job struct {
	run
	Brand string     `json:"brand"`
	Topic string     `json:"topic"`
	Shard int        `json:"shard"`
	Area  phone.Area `json:"area,omitempty"`  // where a job that ran short of time stopped
	After string     `json:"after,omitempty"` // the cursor within Area
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

// job looks through one shard and has the function woken again for the areas whose hours are not open.
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
	v := h.newVisit(brand, prog, topic)
	openings, err := h.areas(ctx, j, v)
	if errors.Is(err, outbox.ErrShortOfTime) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("audit shard %d of %s/%s: %w", j.Shard, j.Brand, j.Topic, err)
	}
	for _, at := range openings {
		input, err := json.Marshal(struct {
			Audit string `json:"audit"`
			run
		}{"continue", run{Since: j.Since, Opening: at}})
		if err != nil {
			return fmt.Errorf("encode schedule: %w", err)
		}
		name := "audit-" + strconv.FormatInt(j.Since.Unix(), 10) + "-" + strconv.FormatInt(at.Unix(), 10)
		if err := h.Schedules.Once(ctx, name, at, string(input)); err != nil {
			return err
		}
	}
	v.report(ctx)
	return nil
}

// areas walks the areas this job is meant for. It returns the openings of the others, which only the first job of a
// run, the one that began at Since, has to arrange.
func (h *Handler) areas(ctx context.Context, j job, v *visit) ([]time.Time, error) {
	later := map[time.Time]bool{}
	for area := phone.Area(""); ; {
		var ok bool
		var err error
		area, ok, err = h.Audience.NextArea(ctx, j.Brand, j.Topic, j.Shard, area)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		opening := h.opening(j.Brand, area, j.Since)
		switch {
		case !opening.Equal(j.Opening):
			if j.Opening.IsZero() {
				later[opening] = true
			}
		case area < j.Area:
			// An earlier job of this run has been through it.
		default:
			after := ""
			if area == j.Area {
				after = j.After
			}
			if err := h.pages(ctx, j, v, area, after); err != nil {
				return nil, err
			}
		}
	}
	openings := make([]time.Time, 0, len(later))
	for at := range later {
		openings = append(openings, at)
	}
	return openings, nil
}

// opening is when a run that began at since may look at the area: zero for at once, which is also the answer for people
// of an unknown place, because nothing is sent to them whatever the hour.
func (h *Handler) opening(brand string, area phone.Area, since time.Time) time.Time {
	hours, err := h.Gate.Hours(brand, area)
	if err != nil || hours.Permitted(since) {
		return time.Time{}
	}
	at, err := hours.NextOpening(since)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

func (h *Handler) pages(ctx context.Context, j job, v *visit, area phone.Area, after string) error {
	for {
		if outbox.ShortOfTime(ctx) {
			return h.handOn(ctx, j, area, after)
		}
		keys, next, err := h.Audience.Page(ctx, j.Brand, j.Topic, j.Shard, area, after, page)
		if err != nil {
			return err
		}
		done, err := v.people(ctx, keys)
		if errors.Is(err, outbox.ErrShortOfTime) {
			if done > 0 {
				after = string(keys[done-1].Phone)
			}
			return h.handOn(ctx, j, area, after)
		}
		if err != nil {
			return err
		}
		if next == "" {
			return nil
		}
		after = next
	}
}

// handOn queues what is left of a job behind a person. It returns ErrShortOfTime, or why the rest could not be queued.
func (h *Handler) handOn(ctx context.Context, j job, area phone.Area, after string) error {
	j.Area, j.After = area, after
	if err := h.Queue.Put(ctx, j); err != nil {
		return err
	}
	return outbox.ErrShortOfTime
}
