package forecast_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"runtime"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/sourcegraph/conc/pool"

	"smsconsent"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/forecast"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

var listed = flag.Int("people", 20_000, "how many people BenchmarkPlan plans for")

// A plan over everybody on a list in DynamoDB Local, as smsconsent campaign plan makes it.
func BenchmarkPlan(b *testing.B) {
	tuesday := time.Date(2027, time.January, 5, 18, 0, 0, 0, time.UTC)
	var stores dynamotest.Stores
	b.Cleanup(func() {
		if err := stores.Stop(); err != nil {
			b.Error(err)
		}
	})
	store := stores.Local(b)
	w := world.On(b, store, string(smsconsent.Programs()), tuesday)
	fill(b, w, *listed)
	f := forecast.Forecast{
		Catalog: w.Catalog, Table: table.New(store.Client, store.Table, consent.Ledger{}), List: w.Audience, Now: w.Clock,
	}
	prices, err := plan.ReadPrices(bytes.NewReader(plan.Shipped()))
	if err != nil {
		b.Fatal(err)
	}
	c := campaign.Campaign{
		ID: "pumpkins", Brand: "example", Topic: "alerts", Text: "Example Corp.: pumpkins are in.",
		At: tuesday, Expires: tuesday.Add(72 * time.Hour),
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		p, err := f.Plan(b.Context(), c, prices)
		if err != nil || p.Audience != *listed || p.Will+p.Expire != *listed {
			b.Fatalf("planned for %d, of whom %d get it, want %d: %v", p.Audience, p.Will, *listed, err)
		}
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(*listed)*float64(b.N)/b.Elapsed().Seconds(), "people/s")
	b.ReportMetric(float64(after.Sys)/(1<<20), "MB")
}

// fill subscribes people in eight places: one by the functions' own code, the others as copies of their items. Whoever
// reads with the ledger's key would find the seals of these broken; a plan reads without.
func fill(b *testing.B, w *world.World, people int) {
	b.Helper()
	codes := []string{"206", "212", "312", "303", "808", "305", "512", "602"}
	contacts, entries := make([]world.Item, len(codes)), make([]world.Item, len(codes))
	for i, code := range codes {
		n := number(code, 0)
		w.Subscribe(n, w.Clock().Add(-time.Hour), "alerts")
		contacts[i], entries[i] = w.Item(n, "CONTACT"), w.Item(n, "AUDIENCE#alerts")
	}
	writers := pool.New().WithContext(b.Context()).WithMaxGoroutines(8).WithCancelOnError()
	const batch = 12 // people; DynamoDB takes 25 items at a time
	for first := len(codes); first < people; first += batch {
		writers.Go(func(ctx context.Context) error {
			var puts []types.WriteRequest
			for i := first; i < min(first+batch, people); i++ {
				of := i % len(codes)
				n := number(codes[of], i/len(codes))
				for _, one := range []world.Item{contactOf(n, contacts[of]), entryOf(n, entries[of])} {
					puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: one}})
				}
			}
			_, err := w.Store.Client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
				RequestItems: map[string][]types.WriteRequest{w.Store.Table: puts},
			})
			return err
		})
	}
	if err := writers.Wait(); err != nil {
		b.Fatal(err)
	}
}

// number returns the i-th phone number of an area code.
func number(code string, i int) phone.Number { return phone.Number(fmt.Sprintf("+1%s2%06d", code, i)) }

// entryOf returns the audience entry of somebody else.
func entryOf(n phone.Number, like world.Item) world.Item {
	area, _ := phone.Locate(n, phone.Told{}) // its area code was located before
	aud, zone := audience.Entry("example", "alerts", area, n)
	return keyed(n, like, world.Item{"aud": text(aud), "zone": text(zone)})
}

// contactOf returns the contact of somebody else, who waits for nothing.
func contactOf(n phone.Number, like world.Item) world.Item {
	one := keyed(n, like, nil)
	delete(one, "aud")
	delete(one, "zone")
	return one
}

func keyed(n phone.Number, like, index world.Item) world.Item {
	one := maps.Clone(like)
	maps.Copy(one, index)
	one["pk"] = text("CONTACT#example#" + string(n))
	return one
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
