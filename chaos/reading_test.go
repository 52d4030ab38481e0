package chaos_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/edge/wiring"
)

// record is a person's record as the records function answers it, as far as the model reads it.
type record struct {
	Topics map[string]struct {
		State string    `json:"state"`
		Since time.Time `json:"since"`
	} `json:"topics"`
	Stopped  map[string]time.Time `json:"stopped"`
	Paused   time.Time            `json:"paused"`
	Events   []recordEvent        `json:"events"`
	Messages []recordMessage      `json:"messages"`
	Verified bool                 `json:"verified"`
	Fault    string               `json:"fault"`
	Health   struct {
		Undeliverable bool `json:"undeliverable"`
	} `json:"health"`
}

type recordEvent struct {
	Seq      int64             `json:"seq"`
	Type     string            `json:"type"`
	At       time.Time         `json:"at"`
	Source   string            `json:"source"`
	Program  string            `json:"program"`
	Topics   []string          `json:"topics"`
	Evidence map[string]string `json:"evidence"`
}

type recordMessage struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Program  string    `json:"program"`
	Topics   []string  `json:"topics"`
	Campaign string    `json:"campaign"`
	Body     string    `json:"body"`
	Status   string    `json:"status"`
	History  []struct {
		Detail string `json:"detail"`
	} `json:"history"`
}

// record reads a person's record; false where there is nothing on record.
func (w *world) record(phone, brand string) (record, bool) {
	status, body := w.calmly(request{
		function: "records", method: http.MethodGet, path: "/records/" + phone, query: url.Values{"brand": {brand}}.Encode(), ip: "203.0.113.253", signed: true,
	})
	var r record
	switch status {
	case http.StatusOK:
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			w.mu.Lock()
			w.broken("chaos: a record cannot be read: %v", err)
			w.mu.Unlock()
		}
		return r, true
	case http.StatusNotFound:
		return r, false
	default:
		w.mu.Lock()
		w.model.fail("records", "the record of %s at %s is answered %d %s", who(phone), brand, status, body)
		w.mu.Unlock()
		return r, false
	}
}

// stack is the account as whoever calls it has it: a function, an operator, or the harness.
func (w *world) stack() *wiring.Deployment {
	d := wiring.New(w.catalog, func(variable string) string { return w.names[variable] }, aws.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("chaos", "chaos", ""), HTTPClient: wire{w},
		BaseEndpoint: aws.String("http://localhost"),
	}, w.now)
	d.Secret = secret
	return d
}

func (w *world) dynamo() *dynamodb.Client { return dynamodb.NewFromConfig(w.stack().AWS) }

// items is everything in the table.
func (w *world) items() []map[string]types.AttributeValue {
	var all []map[string]types.AttributeValue
	var from map[string]types.AttributeValue
	for {
		out, err := w.dynamo().Scan(context.Background(), &dynamodb.ScanInput{TableName: &w.store.name, ExclusiveStartKey: from})
		if err != nil {
			panic(err)
		}
		all = append(all, out.Items...)
		if from = out.LastEvaluatedKey; from == nil {
			return all
		}
	}
}

func str(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// pk is the partition of a person at a brand.
func pk(phone, brand string) string { return "CONTACT#" + brand + "#" + phone }

// size is about what DynamoDB counts for an item.
func size(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return len(v.Value)/2 + 1
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberM:
		n := 3
		for k, e := range v.Value {
			n += len(k) + size(e) + 1
		}
		return n
	case *types.AttributeValueMemberL:
		n := 3
		for _, e := range v.Value {
			n += size(e) + 1
		}
		return n
	case *types.AttributeValueMemberSS:
		n := 0
		for _, e := range v.Value {
			n += len(e)
		}
		return n
	default:
		return 1
	}
}
