package texts_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/request"
	"smsconsent/shared/testkit/world"
)

// What an answer takes beside the bare BatchGetItem of the same keys, one after the other, so that both meet the same
// machine: p50 and p99 in microseconds, and how many times the bare call the whole is (x-bare).
func BenchmarkMay(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(fmt.Sprintf("phones=%d", n), func(b *testing.B) {
			w := newWorld(b, stores.Local(b))
			c := w.handler.Config
			c.Table, c.Metrics = table.New(w.Store.Client, w.Store.Table, w.Ledger), nil
			h, err := texts.New(c)
			if err != nil {
				b.Fatal(err)
			}
			numbers := world.Numbers("206", 1, n)
			keys := make([]map[string]types.AttributeValue, n)
			for i, number := range numbers {
				w.MakeUp(number, noon.Add(-48*time.Hour), func(c *consent.Contact) {
					c.Claims = claimed(noon.Add(-20*24*time.Hour), message.Promotional, "alerts", 1)
				})
				keys[i] = map[string]types.AttributeValue{
					"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#" + string(number)},
					"sk": &types.AttributeValueMemberS{Value: "CONTACT"},
				}
			}
			in := &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
				w.Store.Table: {Keys: keys, ConsistentRead: aws.Bool(true)},
			}}
			question := payload(b, whether("").With("phone", nil).With("phones", numbers))

			var bare, whole []time.Duration
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				if out, err := w.Store.Client.BatchGetItem(b.Context(), in); err != nil || len(out.Responses[w.Store.Table]) != n {
					b.Fatal(err)
				}
				between := time.Now()
				if _, err := h.Invoke(b.Context(), question); err != nil {
					b.Fatal(err)
				}
				bare, whole = append(bare, between.Sub(start)), append(whole, time.Since(between))
			}
			slices.Sort(bare)
			slices.Sort(whole)
			at := func(all []time.Duration, percent int) float64 {
				return float64(all[len(all)*percent/100].Microseconds())
			}
			b.ReportMetric(at(bare, 50), "bare-p50-µs")
			b.ReportMetric(at(bare, 99), "bare-p99-µs")
			b.ReportMetric(at(whole, 50), "p50-µs")
			b.ReportMetric(at(whole, 99), "p99-µs")
			b.ReportMetric(at(whole, 50)/at(bare, 50), "x-bare")
		})
	}
}

// BenchmarkAnswer is what an answer costs us, without the read.
func BenchmarkAnswer(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(fmt.Sprintf("phones=%d", n), func(b *testing.B) {
			w := newWorld(b, stores.Memory(b))
			numbers := world.Numbers("206", 1, n)
			keys := make([]consent.Key, n)
			for i, number := range numbers {
				w.MakeUp(number, noon.Add(-48*time.Hour), nil)
				keys[i] = world.Key(number)
			}
			read, _, err := w.Table.Contacts(b.Context(), keys)
			if err != nil {
				b.Fatal(err)
			}
			c := w.handler.Config
			c.Table, c.Metrics = known{contacts: read}, nil
			h, err := texts.New(c)
			if err != nil {
				b.Fatal(err)
			}
			question := payload(b, whether("").With("phone", nil).With("phones", numbers))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := h.Invoke(b.Context(), question); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// known is a table that has been read.
type known struct {
	texts.Table
	contacts []consent.Contact
}

func (k known) Contacts(ctx context.Context, _ []consent.Key) ([]consent.Contact, []table.Unreadable, error) {
	return k.contacts, nil, ctx.Err()
}

// payload is a signed question as Lambda hands it over.
func payload(b *testing.B, what body) []byte {
	b.Helper()
	raw, err := json.Marshal(request.Call{
		Method: http.MethodPost, Path: "/may", Type: "application/json", Body: what.String(), Caller: shop,
	}.Event())
	if err != nil {
		b.Fatal(err)
	}
	return raw
}
