// Package stream imitates the stream of the consent table, and the event source mapping that brings its records to the
// stream function.
package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/redact"
	"smsconsent/shared/testkit/memory"
)

const (
	batch = 100 // as in template.yaml

	// attempts is how often a record is offered again after the function fails. On AWS that goes on for most of a
	// day.
	attempts = 5
)

// Options configures a Stream.
type Options struct {
	Now     func() time.Time
	Changed func() // called when there is something to deliver
	Log     *slog.Logger

	// Invoke runs a function by name, as Lambda does.
	Invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)

	// Bury keeps a record that the function failed on each time, for replay.
	Bury func(payload []byte)
}

// Stream holds the writes that are not yet delivered. It is safe for concurrent use. It does not know what the table
// held before, so every record is an INSERT.
type Stream struct {
	Options

	delivering sync.Mutex // held while the function works on a batch

	mu      sync.Mutex
	written int64
	waiting []record
	tried   int // how often the first of waiting was offered
}

// record is a record of the stream, as Lambda delivers it.
type record struct {
	ID        string `json:"eventID"`
	Name      string `json:"eventName"`
	Version   string `json:"eventVersion"`
	Source    string `json:"eventSource"`
	Region    string `json:"awsRegion"`
	Change    change `json:"dynamodb"`
	SourceARN string `json:"eventSourceARN"`
}

type change struct {
	At        float64         `json:"ApproximateCreationDateTime"`
	Keys      json.RawMessage `json:"Keys"`
	NewImage  json.RawMessage `json:"NewImage"`
	Sequence  string          `json:"SequenceNumber"`
	SizeBytes int             `json:"SizeBytes"`
	View      string          `json:"StreamViewType"`
}

// New returns the stream of an empty table.
func New(o Options) *Stream { return &Stream{Options: o} }

// Note adds the writes of a successful DynamoDB call, given as the SDK client's input. Only those that pass the event
// source mapping's filter are kept.
func (s *Stream) Note(call any) {
	switch in := call.(type) {
	case *dynamodb.PutItemInput:
		s.note(in.Item)
	case *dynamodb.TransactWriteItemsInput:
		for _, p := range in.TransactItems {
			if p.Put != nil {
				s.note(p.Put.Item)
			}
		}
	case *dynamodb.BatchWriteItemInput:
		for _, table := range in.RequestItems {
			for _, r := range table {
				if r.PutRequest != nil {
					s.note(r.PutRequest.Item)
				}
			}
		}
	}
}

// note adds the write of an item if it passes the filter: ledger events, texts and clicks do.
func (s *Stream) note(item map[string]types.AttributeValue) {
	sort, kind := text(item["sk"]), text(item["type"])
	told := strings.HasPrefix(sort, "MESSAGE#") || strings.HasPrefix(sort, "CLICK#") ||
		strings.HasPrefix(sort, "EVENT#") && !slices.Contains([]string{"received", "noted", "kept-out"}, kind)
	if !told {
		return
	}
	keys := map[string]types.AttributeValue{"pk": item["pk"], "sk": item["sk"]}
	now := s.Now()
	s.mu.Lock()
	s.written++
	s.waiting = append(s.waiting, record{
		ID: awsjson.NewID(), Name: "INSERT", Version: "1.1", Source: "aws:dynamodb", Region: account.Region,
		SourceARN: account.ARN("dynamodb", "table/"+account.TableName+"/stream/2026-01-01T00:00:00.000"),
		Change: change{
			At: float64(now.Unix()), Keys: memory.AppendItem(nil, keys), NewImage: memory.AppendItem(nil, item),
			Sequence: fmt.Sprintf("%021d", s.written), View: "NEW_IMAGE",
		},
	})
	s.mu.Unlock()
	s.Changed()
}

// text returns the value of a string attribute. It is empty for another type.
func text(a types.AttributeValue) string {
	s, ok := a.(*types.AttributeValueMemberS)
	if !ok {
		return ""
	}
	return s.Value
}

// Drain delivers everything that waits.
func (s *Stream) Drain(ctx context.Context) {
	for s.DeliverOne(ctx) {
	}
}

// DeliverOne hands a batch to the function, and reports whether there was one.
func (s *Stream) DeliverOne(ctx context.Context) bool {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	s.mu.Lock()
	records := slices.Clone(s.waiting[:min(len(s.waiting), batch)])
	s.mu.Unlock()
	if len(records) == 0 {
		return false
	}
	done := s.deliver(ctx, records)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried++
	if done > 0 {
		s.tried = 0
	}
	if s.tried == attempts {
		s.Log.Error("a record of the stream was given up", "attempts", attempts)
		buried, _ := json.Marshal(records[0]) // cannot fail: deliver encoded it before
		s.Bury(buried)
		s.tried, done = 0, 1
	}
	s.waiting = s.waiting[done:]
	return true
}

// deliver invokes the function. It returns how many records, from the first on, need no other attempt.
func (s *Stream) deliver(ctx context.Context, records []record) int {
	payload, err := json.Marshal(map[string][]record{"Records": records})
	if err != nil {
		return 0
	}
	out, err := s.Invoke(ctx, "stream", payload)
	var answer events.DynamoDBEventResponse
	if err == nil {
		err = json.Unmarshal(out, &answer)
	}
	if err != nil {
		s.Log.Error("function failed; its records come again", "function", "stream", "error", redact.Error(err))
		return 0
	}
	done := len(records)
	for _, failed := range answer.BatchItemFailures {
		at := slices.IndexFunc(records, func(r record) bool { return r.Change.Sequence == failed.ItemIdentifier })
		done = min(done, max(at, 0))
	}
	return done
}
