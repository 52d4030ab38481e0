// Package stream is the function behind the table's stream: it tells other systems what changed, and has opt-outs
// counted for the campaign they answer. It runs after every commit, so that neither a STOP nor a text waits for it
// (practice: avoid cross-channel fatigue).
package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/fact"
	"smsconsent/shared/edge/bus"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/tally"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Bus is the EventBridge bus for other systems.
type Bus interface {
	// Put returns an error for each fact, in their order, nil where it was accepted. It may be repeated: a fact
	// keeps its ID.
	Put(ctx context.Context, facts ...bus.Envelope) []error
}

// Queue takes jobs for other functions. Put is durable when it returns nil, and may be repeated.
type Queue interface {
	Put(ctx context.Context, jobs ...any) error
}

// Config is what a Handler works with.
type Config struct {
	Ledger      consent.Ledger // names people by its hash
	Bus         Bus
	Receipts    Queue // of what became of campaigns' texts; handled by the function receipts
	DeadLetters Queue
	Log         *slog.Logger
	Metrics     *telemetry.Metrics `wiring:"optional"`
}

// Handler tells other systems what changed.
type Handler struct{ Config }

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) { return &Handler{c}, wiring.Complete(c) }

// record is the part of a stream record that is used, and the whole record, for a person who has to look at it.
type record struct {
	ID     string `json:"eventID"`
	Change struct {
		Image    json.RawMessage `json:"NewImage"`
		Sequence string          `json:"SequenceNumber"`
	} `json:"dynamodb"`
}

// Handle puts the facts of a batch on the bus. The answer names the first record that failed, with which the stream
// goes on. So nothing is lost, and a fact that is sent twice has the same ID.
func (h *Handler) Handle(
	ctx context.Context, e struct{ Records []json.RawMessage },
) (events.DynamoDBEventResponse, error) {
	facts, sequences, optOuts, stuck := h.read(ctx, e.Records)
	if err := h.Receipts.Put(ctx, optOuts...); err != nil {
		h.Log.ErrorContext(ctx, "opt-outs cannot be counted for their campaigns yet, and come again", "error", err)
		return from(sequences[0]), nil // an opt-out is a fact too
	}
	for i, err := range h.Bus.Put(ctx, facts...) {
		if err != nil {
			h.Log.ErrorContext(ctx, "a fact is not on the bus, and comes again", "type", facts[i].Type, "error", err)
			h.Metrics.Count("FactDelayed", 1)
			return from(sequences[i]), nil
		}
		h.Metrics.Count("Fact", 1, "type", string(facts[i].Type))
	}
	return from(stuck), nil
}

// from returns the answer that makes the stream go on with that record; empty means after the whole batch.
func from(sequence string) events.DynamoDBEventResponse {
	if sequence == "" {
		return events.DynamoDBEventResponse{}
	}
	return events.DynamoDBEventResponse{
		BatchItemFailures: []events.DynamoDBBatchItemFailure{{ItemIdentifier: sequence}},
	}
}

// read returns the facts in the records, the sequence number of each one's record, and the opt-outs that answer a
// campaign. A record that cannot be understood is kept for a person to look at, and does not stop the others. Where
// not even that works, stuck is the record to go on with.
func (h *Handler) read(
	ctx context.Context, records []json.RawMessage,
) (facts []bus.Envelope, sequences []string, optOuts []any, stuck string) {
	for _, raw := range records {
		var r record
		var w table.StreamItem
		err := json.Unmarshal(raw, &r)
		if err == nil {
			w, err = written(r.Change.Image)
		}
		told := h.fact(&w)
		switch {
		case err != nil:
			h.Log.ErrorContext(ctx, "a record of the stream cannot be understood", "event", r.ID, "error", err)
			if err := h.DeadLetters.Put(ctx, raw); err != nil {
				h.Log.ErrorContext(ctx, "and it cannot be kept", "event", r.ID, "error", err)
				return facts, sequences, optOuts, r.Change.Sequence
			}
		case told.Type != "":
			facts, sequences = append(facts, told), append(sequences, r.Change.Sequence)
			optOuts = append(optOuts, answers(&w)...)
		}
	}
	return facts, sequences, optOuts, ""
}

// answers returns the campaigns that an event answers by an opt-out. Their limits must count it before they send
// more, and the STOP itself must not wait for that.
func answers(w *table.StreamItem) (optOuts []any) {
	if w.Event == nil {
		return nil
	}
	for _, topic := range slices.Sorted(maps.Keys(w.Event.Answers)) {
		of := tally.Campaign{Brand: w.Brand, Topic: topic, ID: w.Event.Answers[topic]}
		optOuts = append(optOuts, tally.OptedOut{OptOut: &tally.OptOut{Campaign: of, Once: w.Event.Hash}})
	}
	return optOuts
}

// written decodes a written item. It is zero for an item that is of no interest to others.
func written(image json.RawMessage) (table.StreamItem, error) {
	if len(image) == 0 {
		return table.StreamItem{}, nil // an item deleted by TTL
	}
	item, err := attributevalue.UnmarshalMapJSON(image)
	if err != nil {
		return table.StreamItem{}, fmt.Errorf("decode item: %w", err)
	}
	return table.ReadStreamItem(item)
}

// fact returns the event for a written item, or the zero Envelope where there is none.
func (h *Handler) fact(w *table.StreamItem) bus.Envelope {
	of, told := fact.Person{Key: w.Key, Hash: h.Ledger.Person(w.Key)}, bus.Envelope{}
	switch {
	case w.Event != nil:
		told.Fact = fact.OfEvent(of, w.Event)
	case w.Text != nil:
		told.Fact = fact.OfText(of, w.Text)
	case w.Step != nil:
		told.Fact = fact.OfStep(of, w.Step.Text, w.Step.ID, w.Step.StatusChange)
		if w.Step.Campaign != "" { // a click: its key tells it from the person's others
			told.Fact.Detail.ID += "#" + of.Hash
			told.Fact.Detail.Campaign = w.Step.Campaign
		}
	}
	told.Phone = w.Phone
	return told
}
