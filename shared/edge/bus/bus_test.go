package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"smsconsent/shared/core/fact"
	"smsconsent/shared/edge/bus"
)

// events is EventBridge, as its client sees it.
type events struct {
	calls  [][]string                          // what each call put, as bus and ID
	refuse func(call int, entry string) string // an error code; empty takes the entry
	err    error
	taken  []types.PutEventsRequestEntry
}

func (e *events) PutEvents(
	_ context.Context, in *eventbridge.PutEventsInput, _ ...func(*eventbridge.Options),
) (*eventbridge.PutEventsOutput, error) {
	if e.err != nil {
		return nil, e.err
	}
	out, put, bytes := &eventbridge.PutEventsOutput{}, []string{}, 0
	for i := range in.Entries {
		var d fact.Detail
		if err := json.Unmarshal([]byte(*in.Entries[i].Detail), &d); err != nil {
			return nil, err
		}
		name := *in.Entries[i].EventBusName + " " + d.ID
		put, bytes = append(put, name), bytes+len(*in.Entries[i].Detail)
		var result types.PutEventsResultEntry
		if code := ""; e.refuse != nil {
			if code = e.refuse(len(e.calls), name); code != "" {
				result.ErrorCode, result.ErrorMessage = &code, aws.String("about +12065550142")
				out.FailedEntryCount++
			}
		}
		if result.ErrorCode == nil {
			e.taken = append(e.taken, in.Entries[i])
		}
		out.Entries = append(out.Entries, result)
	}
	e.calls = append(e.calls, put)
	if len(put) > 10 || bytes > 256<<10 {
		return nil, errors.New("more than EventBridge takes")
	}
	return out, nil
}

func facts(n int) []bus.Envelope {
	all := make([]bus.Envelope, n)
	for i := range all {
		all[i] = bus.Envelope{Phone: "+12065550142", Fact: fact.Fact{Type: fact.TextSent, Detail: fact.Detail{
			ID: fmt.Sprint(i), At: time.Date(2026, 12, 1, 20, 0, 0, 7e6, time.UTC),
		}}}
	}
	return all
}

func TestPutKeepsTheOrderAndTheLimits(t *testing.T) {
	var e events
	for _, err := range bus.New(&e, "b", "").Put(t.Context(), facts(23)...) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var put []string
	for i, call := range e.calls {
		if want := []int{10, 10, 3}[i]; len(call) != want {
			t.Errorf("call %d has %d entries, want %d", i, len(call), want)
		}
		put = append(put, call...)
	}
	for i, got := range put {
		if got != fmt.Sprintf("b %d", i) {
			t.Errorf("entry %d is %s", i, got)
		}
	}
	if first := e.taken[0]; *first.Source != "smsconsent" || *first.DetailType != "text.sent" || first.Time.Nanosecond() != 0 {
		t.Errorf("%+v", first)
	}
	large := facts(3)
	for i := range large {
		large[i].Detail.Reason = strings.Repeat("x", 100<<10)
	}
	e = events{}
	if bus.New(&e, "b", "").Put(t.Context(), large...); len(e.calls) != 2 || len(e.calls[0]) != 2 {
		t.Errorf("three facts of 100 KB went in calls of %v", e.calls)
	}
}

// A phone number is on the bus of phones and nowhere else.
func TestPhonesAreOnTheirOwnBusOnly(t *testing.T) {
	var e events
	bus.New(&e, "b", "p").Put(t.Context(), facts(2)...)
	if want := []string{"b 0", "p 0", "b 1", "p 1"}; !slices.Equal(e.calls[0], want) {
		t.Errorf("put %v, want %v", e.calls[0], want)
	}
	for i := range e.taken {
		if clear := *e.taken[i].EventBusName == "p"; strings.Contains(*e.taken[i].Detail, "2065550142") != clear {
			t.Errorf("%s: %s", *e.taken[i].EventBusName, *e.taken[i].Detail)
		}
	}
}

// Only what failed is put again, and what fails every time is told by its place. I10: not by what EventBridge says.
func TestOnlyWhatFailedIsPutAgain(t *testing.T) {
	e := events{refuse: func(call int, entry string) string {
		switch {
		case entry == "b 3", entry == "b 5" && call == 0:
			return "ThrottlingException"
		default:
			return ""
		}
	}}
	for i, err := range bus.New(&e, "b", "").Put(t.Context(), facts(7)...) {
		if (err != nil) != (i == 3) {
			t.Errorf("fact %d: %v", i, err)
		}
		if err != nil && (!strings.Contains(err.Error(), "ThrottlingException") || strings.Contains(err.Error(), "2065550142")) {
			t.Errorf("fact %d: %v", i, err)
		}
	}
	want := []string{"b 3,b 5", "b 3"}
	for i, call := range e.calls[1:] {
		if got := strings.Join(call, ","); got != want[i] {
			t.Errorf("try %d put %s, want %s", i+2, got, want[i])
		}
	}
	if len(e.calls) != 3 {
		t.Errorf("%d calls", len(e.calls))
	}
}

func TestEveryFactOfACallThatFailsHasFailed(t *testing.T) {
	e := events{err: errors.New("no route to host")}
	for i, err := range bus.New(&e, "b", "").Put(t.Context(), facts(12)...) {
		if !errors.Is(err, e.err) {
			t.Errorf("fact %d: %v", i, err)
		}
	}
}
