package sendcheck_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

// texted is how many people a run texts: of one shard, so that no more is measured than one job.
const texted = 1000

// A job beside a loop that reads, writes and sends as much with as many at once, and thinks of nothing. Both meet
// DynamoDB Local, so the ratio says more than the texts a second.
func BenchmarkCampaign(b *testing.B) {
	var stores dynamotest.Stores
	b.Cleanup(func() {
		if err := stores.Stop(); err != nil {
			b.Error(err)
		}
	})
	for _, latency := range []time.Duration{0, 60 * time.Millisecond} {
		b.Run(fmt.Sprintf("carrier=%s", latency), func(b *testing.B) {
			var ours, bare, oursCPU, bareCPU time.Duration
			var calls, units, wrote float64
			for range b.N {
				b.StopTimer()
				w := fast(b, stores.Local(b))
				w.Carrier.Landed = func() { time.Sleep(latency) }
				w.subscribe(nil, world.Numbers("206", 0, texted)...)
				w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
				w.Bill.Take()
				b.StartTimer()
				begun, burnt := time.Now(), cpu(b)
				if !w.Deliver(b.Context(), job(pumpkins, 0)) {
					b.Fatal(&w.Logged)
				}
				ours, oursCPU = ours+time.Since(begun), oursCPU+cpu(b)-burnt
				b.StopTimer()
				if n := w.once(pumpkins); n != texted {
					b.Fatalf("%d texted", n)
				}
				wrote += w.Bill.Wrote()
				made, spent := w.Bill.Take()
				units += spent
				for _, n := range made {
					calls += float64(n)
				}
				begun, burnt = time.Now(), cpu(b)
				if err := loop(b.Context(), w.Store, latency); err != nil {
					b.Fatal(err)
				}
				bare, bareCPU = bare+time.Since(begun), bareCPU+cpu(b)-burnt
			}
			all := float64(texted * b.N)
			b.ReportMetric(all/ours.Seconds(), "texts/s")
			b.ReportMetric(all/bare.Seconds(), "bare-texts/s")
			b.ReportMetric(bare.Seconds()/ours.Seconds(), "of-bare")
			b.ReportMetric(oursCPU.Seconds()*1000/all, "cpu-ms/text")
			b.ReportMetric(oursCPU.Seconds()/bareCPU.Seconds(), "cpu-of-bare")
			b.ReportMetric(calls/all, "calls/text")
			b.ReportMetric((units-wrote)/all, "read-units/text")
			b.ReportMetric(wrote/all, "write-units/text")
		})
	}
}

// cpu is how long this process has computed; DynamoDB Local is another.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// fast is the function as it runs on AWS, with a number that is never short of turns.
func fast(b testing.TB, store dynamotest.Store) *fixture {
	b.Helper()
	w := newWorldOn(b, store, string(smsconsent.Programs()))
	prog, _, _ := w.Catalog.Brands[0].Topic("alerts")
	prog.PerSecond = 100_000
	w.atOnce(25)
	return w
}

// loop does what a job does but for its decisions: it reads people by the hundred, and for each writes an item of a
// kilobyte, sends, and writes another by the batch.
func loop(ctx context.Context, store dynamotest.Store, latency time.Duration) error {
	filler := &types.AttributeValueMemberS{Value: strings.Repeat("x", 800)}
	stored := func(n int, kind string) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: fmt.Sprintf("BARE#%d", n)}, "sk": &types.AttributeValueMemberS{Value: kind}, "x": filler,
		}
	}
	for from := 0; from < texted; from += 100 {
		keys := make([]map[string]types.AttributeValue, 100)
		for i := range keys {
			keys[i] = stored(from+i, "CONTACT")
			delete(keys[i], "x")
		}
		if _, err := store.Client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{store.Table: {Keys: keys}},
		}); err != nil {
			return err
		}
		for some := from; some < from+100; some += 25 {
			var all sync.WaitGroup
			var records []types.WriteRequest
			failed := make([]error, 25)
			for i := range 25 {
				records = append(records, types.WriteRequest{PutRequest: &types.PutRequest{Item: stored(some+i, "MESSAGE")}})
				all.Go(func() {
					_, failed[i] = store.Client.PutItem(ctx, &dynamodb.PutItemInput{
						TableName: aws.String(store.Table), Item: stored(some+i, "CONTACT"), ConditionExpression: aws.String("attribute_not_exists(pk)"),
					})
					time.Sleep(latency)
				})
			}
			all.Wait()
			for _, err := range failed {
				if err != nil {
					return err
				}
			}
			if _, err := store.Client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
				RequestItems: map[string][]types.WriteRequest{store.Table: records},
			}); err != nil {
				return err
			}
		}
		if _, err := store.Client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(store.Table), Item: stored(0, "PROGRESS")}); err != nil {
			return err
		}
	}
	return nil
}
