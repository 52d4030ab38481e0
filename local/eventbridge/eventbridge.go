// Package eventbridge imitates Amazon EventBridge: the buses of template.yaml, and their rules for events from other
// systems. GET /events returns what was put on them.
package eventbridge

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/reply"
	"smsconsent/shared/core/fact"
)

// The limits of PutEvents (EventBridge API Reference).
const (
	maxEntries = 10
	maxBytes   = 256 << 10
)

// maxKept is how many events are kept. The oldest are dropped first.
const maxKept = 1000

// Event is an event as EventBridge delivers it.
type Event struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Time       time.Time       `json:"time"`
	Region     string          `json:"region"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
}

// Put is an event and the bus it was put on.
type Put struct {
	Bus string `json:"bus"`
	Event
}

// Options configures Buses.
type Options struct {
	Now     func() time.Time
	Changed func() // called after each event

	// Invoke runs a function by name, as Lambda does for an event. It returns when everything it caused is done.
	Invoke func(ctx context.Context, function string, payload []byte) error

	// Settle delivers the events of everything that was written so far.
	Settle func(ctx context.Context)
}

// Buses are the buses of template.yaml. They are safe for concurrent use.
type Buses struct {
	Options

	mu     sync.Mutex
	events []Put
}

// New returns buses without events.
func New(o Options) *Buses { return &Buses{Options: o} }

// ServeHTTP answers PutEvents.
func (b *Buses) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	awsjson.Operations{"PutEvents": awsjson.Operation(b.putEvents)}.Serve(w, r)
}

// Routes adds GET /events, which lists what was put on a bus, oldest first.
func (b *Buses) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		b.Settle(r.Context())
		bus, kind := r.URL.Query().Get("bus"), r.URL.Query().Get("type")
		reply.JSON(w, http.StatusOK, slices.DeleteFunc(b.Events(), func(e Put) bool {
			return bus != "" && e.Bus != bus || kind != "" && e.DetailType != kind
		}))
	})
}

// Events returns what was put on all buses, oldest first.
func (b *Buses) Events() []Put {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Put{}, b.events...)
}

// Restore sets the events to what Events returned in an earlier run.
func (b *Buses) Restore(events []Put) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = slices.Clone(events)
}

type entry struct {
	EventBusName, Source, DetailType, Detail string

	Time      *awsjson.Seconds
	Resources []string
}

type result struct {
	EventID      string `json:"EventId,omitempty"`
	ErrorCode    string `json:",omitempty"`
	ErrorMessage string `json:",omitempty"`
}

type putEventsInput struct{ Entries []entry }

type putEventsOutput struct {
	FailedEntryCount int
	Entries          []result
}

// putEvents puts each event by itself. It answers when those that match a rule were handled.
func (b *Buses) putEvents(r *http.Request, in putEventsInput) (putEventsOutput, *awsjson.Error) {
	if n := len(in.Entries); n == 0 || n > maxEntries {
		return putEventsOutput{}, awsjson.Invalid("Entries must have 1 to 10 members")
	}
	bytes := 0
	for i := range in.Entries {
		bytes += len(in.Entries[i].Source) + len(in.Entries[i].DetailType) + len(in.Entries[i].Detail)
	}
	if bytes > maxBytes {
		return putEventsOutput{}, awsjson.Invalid("Total size of the entries in the request is over the limit.")
	}
	var out putEventsOutput
	for i := range in.Entries {
		done := b.put(r.Context(), &in.Entries[i])
		if done.ErrorCode != "" {
			out.FailedEntryCount++
		}
		out.Entries = append(out.Entries, done)
	}
	return out, nil
}

func (b *Buses) put(ctx context.Context, e *entry) result {
	var detail map[string]any
	name := e.EventBusName[strings.LastIndexByte(e.EventBusName, '/')+1:] // a name or an ARN
	switch {
	case name != account.BusName && name != account.PhonesBusName:
		return result{
			ErrorCode:    "InvalidArgument",
			ErrorMessage: "this stack has the event buses " + account.BusName + " and " + account.PhonesBusName,
		}
	case e.Source == "" || e.DetailType == "":
		return result{ErrorCode: "InvalidArgument", ErrorMessage: "Source and DetailType are required"}
	case json.Unmarshal([]byte(e.Detail), &detail) != nil:
		return result{ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed."}
	}
	at := b.Now()
	if e.Time != nil {
		at = time.Time(*e.Time)
	}
	event := Event{
		Version: "0", ID: awsjson.NewID(), DetailType: e.DetailType, Source: e.Source, Account: account.Account,
		Time: at.UTC().Truncate(time.Second), Region: account.Region, Resources: append([]string{}, e.Resources...),
		Detail: json.RawMessage(e.Detail),
	}
	b.mu.Lock()
	b.events = append(b.events, Put{name, event})
	b.events = b.events[max(0, len(b.events)-maxKept):]
	b.mu.Unlock()
	b.Changed()
	if function := listener(name, &event); function != "" {
		payload, err := json.Marshal(event)
		if err != nil {
			return result{ErrorCode: "InternalFailure", ErrorMessage: "the event cannot be written"}
		}
		_ = b.Invoke(ctx, function, payload) // Invoke itself keeps an event that no attempt could handle, as on AWS
	}
	return result{EventID: event.ID}
}

// listener returns the function of the rule in template.yaml that an event matches; empty where it matches none.
func listener(bus string, e *Event) string {
	told := []string{"smsconsent.touch", "smsconsent.engagement", "smsconsent.optout", "smsconsent.attributes"}
	switch {
	case bus != account.BusName || e.Source == fact.Source:
		return ""
	case slices.Contains(told, e.DetailType):
		return "channels"
	case e.DetailType == "smsconsent.send":
		return "texts"
	default:
		return ""
	}
}
