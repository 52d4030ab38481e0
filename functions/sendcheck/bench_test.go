package sendcheck_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sourcegraph/conc/pool"

	"smsconsent"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

// texted is how many people a run texts: of one shard, so that no more is measured than one job. pageOf is how many of
// them a job reads at once.
const (
	texted = 1000
	pageOf = 500
)

// A job beside a loop that reads, writes and sends the very same with as many at once, and thinks of nothing (bare).
// Both meet DynamoDB Local, so the ratio says more than the texts a second.
func BenchmarkCampaign(b *testing.B) {
	var stores dynamotest.Stores
	b.Cleanup(func() {
		if err := stores.Stop(); err != nil {
			b.Error(err)
		}
	})
	for _, latency := range []time.Duration{0, 60 * time.Millisecond} {
		b.Run(fmt.Sprintf("carrier=%s", latency), func(b *testing.B) {
			var calls, units, wrote float64
			var speed, bareSpeed, ofBare, work, workOfBare []float64 // by round: others on the machine come and go
			for range b.N {
				b.StopTimer()
				w := fast(b, stores.Local(b))
				w.Carrier.Landed = func() { time.Sleep(latency) }
				w.subscribe(nil, world.Numbers("206", 0, texted)...)
				w.create(pumpkins, tuesday, tuesday.Add(time.Hour))
				w.Bill.Take()
				took, burnt := measure(b, func() {
					b.StartTimer()
					if !w.Deliver(b.Context(), job(pumpkins, 0)) {
						b.Fatal(&w.Logged)
					}
					b.StopTimer()
				})
				if n := w.once(pumpkins); n != texted {
					b.Fatalf("%d texted", n)
				}
				wrote += w.Bill.Wrote()
				made, spent := w.Bill.Take()
				units += spent
				for _, n := range made {
					calls += float64(n)
				}
				thoughtless := bareOf(w)
				bareTook, bareBurnt := measure(b, func() {
					if err := thoughtless.run(b.Context()); err != nil {
						b.Fatal(err)
					}
				})
				speed, bareSpeed = append(speed, texted/took), append(bareSpeed, texted/bareTook)
				ofBare = append(ofBare, bareTook/took)
				work, workOfBare = append(work, 1000*burnt/texted), append(workOfBare, burnt/bareBurnt)
			}
			all := float64(texted * b.N)
			b.ReportMetric(median(speed), "texts/s")
			b.ReportMetric(median(bareSpeed), "bare-texts/s")
			b.ReportMetric(median(ofBare), "of-bare")
			b.ReportMetric(median(work), "cpu-ms/text")
			b.ReportMetric(median(workOfBare), "cpu-of-bare")
			b.ReportMetric(calls/all, "calls/text")
			b.ReportMetric((units-wrote)/all, "read-units/text")
			b.ReportMetric(wrote/all, "write-units/text")
		})
	}
}

// measure returns how many seconds something took, and how many of them this process computed; DynamoDB Local is
// another. What was left behind before is cleared up first.
func measure(b *testing.B, do func()) (took, burnt float64) {
	b.Helper()
	cpu := func() float64 {
		var used syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
			b.Fatal(err)
		}
		return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
	}
	runtime.GC()
	begun, before := time.Now(), cpu()
	do()
	return time.Since(begun).Seconds(), cpu() - before
}

func median(all []float64) float64 {
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
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

// bare is a job without a thought: what it asks of the table and of the carrier is ready before it begins.
type bare struct {
	*fixture
	campaign, progress, met item
	contacts                map[string]item // by pk
	texts                   map[string]item // of each, as it goes on record once more
}

type item = map[string]types.AttributeValue

// bareOf makes ready what a job asked that has just been done, item by item as it left them.
func bareOf(w *fixture) *bare {
	w.T.Helper()
	b := &bare{fixture: w, contacts: map[string]item{}, texts: map[string]item{}}
	pages := dynamodb.NewScanPaginator(w.Store.Client, &dynamodb.ScanInput{TableName: &w.Store.Table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.T.Context())
		if err != nil {
			w.T.Fatal(err)
		}
		for _, m := range page.Items {
			pk, sk := m["pk"].(*types.AttributeValueMemberS).Value, m["sk"].(*types.AttributeValueMemberS)
			switch kind, _, _ := strings.Cut(sk.Value, "#"); kind {
			case "CONTACT":
				b.contacts[pk] = m
			case "MESSAGE":
				sk.Value = sk.Value[:len(sk.Value)-1] + "!" // a new item, and no larger
				b.texts[pk] = m
			case "CAMPAIGN":
				b.campaign = item{"pk": m["pk"], "sk": m["sk"]}
			case "SHARD":
				b.progress = m
			case "MET":
				b.met = m
			}
		}
	}
	if len(b.contacts) != texted || len(b.texts) != texted || b.progress == nil || b.met == nil {
		w.T.Fatalf("a job left %d contacts and %d texts", len(b.contacts), len(b.texts))
	}
	return b
}

// run reads people by the page, and for each writes their contact, sends, and puts texts on record by the batch, with
// as many workers as a job has. No worker ever waits for another.
func (b *bare) run(ctx context.Context) error {
	people := make(chan string)
	workers := pool.New().WithErrors()
	var mu sync.Mutex
	var records []types.WriteRequest
	record := func(pk string, least int) error {
		mu.Lock()
		if pk != "" {
			records = append(records, types.WriteRequest{PutRequest: &types.PutRequest{Item: b.texts[pk]}})
		}
		if len(records) < least {
			mu.Unlock()
			return nil
		}
		full := records
		records = nil
		mu.Unlock()
		if len(full) == 0 {
			return nil
		}
		_, err := b.Bill.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{b.Store.Table: full},
		})
		return err
	}
	for range b.handler.AtOnce {
		workers.Go(func() error {
			var failed error
			for pk := range people {
				failed = cmp.Or(failed, b.text(ctx, pk), record(pk, 25))
			}
			return failed
		})
	}
	err := b.pages(ctx, people)
	close(people)
	return errors.Join(err, workers.Wait(), record("", 0))
}

// pages hands over the people of one page after the other.
func (b *bare) pages(ctx context.Context, people chan<- string) error {
	put := func(m item) error {
		_, err := b.Bill.PutItem(ctx, &dynamodb.PutItemInput{TableName: &b.Store.Table, Item: m})
		return err
	}
	pages := dynamodb.NewQueryPaginator(b.Bill, &dynamodb.QueryInput{
		TableName: &b.Store.Table, IndexName: aws.String(audience.Index), Limit: aws.Int32(pageOf),
		KeyConditionExpression:    aws.String("aud = :aud"),
		ExpressionAttributeValues: item{":aud": &types.AttributeValueMemberS{Value: "example#alerts#0"}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil || len(page.Items) == 0 {
			return err
		}
		for some := range slices.Chunk(page.Items, 100) {
			keys := make([]item, len(some))
			for i, m := range some {
				keys[i] = item{"pk": m["pk"], "sk": &types.AttributeValueMemberS{Value: "CONTACT"}}
			}
			if _, err := b.Bill.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
				RequestItems: map[string]types.KeysAndAttributes{b.Store.Table: {Keys: keys}},
			}); err != nil {
				return err
			}
		}
		if err := put(b.met); err != nil {
			return err
		}
		for i, m := range page.Items {
			if i%100 == 0 {
				if _, err := b.Bill.GetItem(ctx, &dynamodb.GetItemInput{TableName: &b.Store.Table, Key: b.campaign}); err != nil {
					return err
				}
			}
			people <- m["pk"].(*types.AttributeValueMemberS).Value
		}
		if err := put(b.progress); err != nil {
			return err
		}
	}
	return nil
}

// text writes somebody's contact if it is still the one that was read, and sends.
func (b *bare) text(ctx context.Context, pk string) error {
	m := b.contacts[pk]
	if _, err := b.Bill.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &b.Store.Table, Item: m, ConditionExpression: aws.String("ver = :read"),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ExpressionAttributeValues:           item{":read": m["ver"]},
	}); err != nil {
		return err
	}
	_, err := b.Carrier.Send(ctx, outbox.SMS{})
	return err
}
