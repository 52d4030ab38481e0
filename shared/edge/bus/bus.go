// Package bus puts facts on an EventBridge bus.
package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"smsconsent/shared/core/fact"
	"smsconsent/shared/core/phone"
)

// What EventBridge takes in one call (EventBridge User Guide, "Calculating PutEvents event entry size").
const (
	maxEntries = 10
	maxBytes   = 256 << 10
)

// tries is how often an entry is put that EventBridge had no room for. What still fails then comes again by the stream.
const tries = 3

// API is what is needed of the AWS client.
type API interface {
	PutEvents(
		context.Context, *eventbridge.PutEventsInput, ...func(*eventbridge.Options),
	) (*eventbridge.PutEventsOutput, error)
}

// Bus takes facts. It is safe for concurrent use.
type Bus struct {
	api    API
	name   string
	phones string
}

// New makes a bus of that name, on which people are hashes. phones is the name of the bus on which the same facts say
// the phone number too; empty where there is none.
func New(api API, name, phones string) *Bus { return &Bus{api: api, name: name, phones: phones} }

// OnAWS makes a bus that is EventBridge's.
func OnAWS(cfg aws.Config, name, phones string) *Bus {
	return New(eventbridge.NewFromConfig(cfg), name, phones)
}

// Envelope is a fact with whom it is about, by number.
type Envelope struct {
	fact.Fact
	Phone phone.Number
}

// Put puts facts on the bus in their order, and returns for each what went wrong, nil for those that are on it. Where a
// fact failed, those behind it may be on the bus all the same. The errors hold no phone number.
func (b *Bus) Put(ctx context.Context, facts ...Envelope) []error {
	failed := make([]error, len(facts))
	var entries []entry
	for i := range facts {
		made, err := b.entries(&facts[i])
		if err != nil {
			failed[i] = err
			continue
		}
		for _, m := range made {
			entries = append(entries, entry{m, i})
		}
	}
	for len(entries) > 0 {
		n := fit(entries)
		for of, err := range b.call(ctx, entries[:n]) {
			failed[of] = err
		}
		entries = entries[n:]
	}
	return failed
}

// entry is one entry of a call, with the fact it is of.
type entry struct {
	types.PutEventsRequestEntry
	of int
}

// entries returns what one fact puts on the buses.
func (b *Bus) entries(e *Envelope) ([]types.PutEventsRequestEntry, error) {
	named := []types.PutEventsRequestEntry{}
	for _, on := range []struct {
		bus   string
		phone bool
	}{{b.name, false}, {b.phones, true}} {
		if on.bus == "" {
			continue
		}
		d := e.Detail
		if on.phone {
			d.Phone = e.Phone
		}
		text, err := json.Marshal(d)
		if err != nil {
			return nil, fmt.Errorf("write fact %s: %w", d.ID, err)
		}
		named = append(named, types.PutEventsRequestEntry{
			EventBusName: aws.String(on.bus), Source: aws.String(fact.Source), DetailType: aws.String(string(e.Type)),
			Detail: aws.String(string(text)), Time: aws.Time(d.At.Truncate(time.Second)),
		})
	}
	return named, nil
}

// fit returns how many of the entries one call takes; at least one.
func fit(entries []entry) int {
	bytes := 0
	for i := range entries {
		bytes += size(&entries[i].PutEventsRequestEntry)
		if i == maxEntries || i > 0 && bytes > maxBytes {
			return i
		}
	}
	return len(entries)
}

// size returns the size of an entry as EventBridge counts it.
func size(e *types.PutEventsRequestEntry) int {
	const timestamp = 14
	return timestamp + len(*e.Source) + len(*e.DetailType) + len(*e.Detail)
}

// call puts entries, those that failed again by themselves, and returns what is wrong with which fact.
func (b *Bus) call(ctx context.Context, entries []entry) map[int]error {
	failed := map[int]error{}
	for try := 0; len(entries) > 0 && try < tries; try++ {
		clear(failed)
		in := &eventbridge.PutEventsInput{}
		for i := range entries {
			in.Entries = append(in.Entries, entries[i].PutEventsRequestEntry)
		}
		out, err := b.api.PutEvents(ctx, in)
		if err == nil && len(out.Entries) != len(entries) {
			err = errors.New("EventBridge answered about other entries than were put")
		}
		if err != nil {
			// The client has tried it often enough.
			for i := range entries {
				failed[entries[i].of] = fmt.Errorf("put events: %w", err)
			}
			return failed
		}
		var again []entry
		for i, result := range out.Entries {
			if result.ErrorCode == nil {
				continue
			}
			// Its message may quote the entry, so only the code is told (I10).
			failed[entries[i].of] = fmt.Errorf("EventBridge refused an event: %s", *result.ErrorCode)
			again = append(again, entries[i])
		}
		entries = again
	}
	return failed
}
