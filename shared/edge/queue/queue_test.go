package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"pgregory.net/rapid"

	"smsconsent/shared/edge/queue"
)

// fake takes batches; the one with number failAt meets err, or has its third entry refused where err is nil.
type fake struct {
	failAt  int
	err     error
	batches [][]types.SendMessageBatchRequestEntry
}

func (f *fake) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	if aws.ToString(in.QueueUrl) != "https://queue" {
		return nil, errors.New("another queue")
	}
	f.batches = append(f.batches, in.Entries)
	if len(f.batches) != f.failAt {
		return &sqs.SendMessageBatchOutput{}, nil
	}
	if f.err != nil {
		return nil, f.err
	}
	return &sqs.SendMessageBatchOutput{Failed: []types.BatchResultErrorEntry{{Id: aws.String("2"), Code: aws.String("InternalError")}}}, nil
}

type job struct {
	Campaign string `json:"campaign"`
	Shard    int    `json:"shard"`
}

// Every job is queued once, in batches SQS takes: ten entries at most, no ID twice, none empty.
func TestPutQueuesEveryJobOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 45).Draw(rt, "jobs")
		work := make([]any, n)
		for i := range work {
			work[i] = job{"c", i}
		}
		api := &fake{}
		if err := queue.New(api, "https://queue").Put(t.Context(), work...); err != nil {
			rt.Fatal(err)
		}
		next := 0
		for _, b := range api.batches {
			ids := map[string]bool{}
			if len(b) == 0 || len(b) > 10 {
				rt.Fatalf("a batch of %d", len(b))
			}
			for _, e := range b {
				var j job
				if err := json.Unmarshal([]byte(aws.ToString(e.MessageBody)), &j); err != nil || j != (job{"c", next}) {
					rt.Fatalf("job %d is %s", next, aws.ToString(e.MessageBody))
				}
				ids[aws.ToString(e.Id)] = true
				next++
			}
			if len(ids) != len(b) {
				rt.Fatalf("%d IDs for %d entries", len(ids), len(b))
			}
		}
		if next != n || len(api.batches) != (n+9)/10 {
			rt.Fatalf("%d jobs in %d batches, want %d", next, len(api.batches), n)
		}
	})
}

// A job that was not queued is an error: jobs are safe to do twice, and not safe to lose.
func TestPutFailsWhereAJobWasNotQueued(t *testing.T) {
	work := make([]any, 25)
	for i := range work {
		work[i] = job{"c", i}
	}
	down := errors.New("down")
	if err := queue.New(&fake{failAt: 2, err: down}, "https://queue").Put(t.Context(), work...); !errors.Is(err, down) {
		t.Errorf("the call failed: %v", err)
	}
	for failAt := 1; failAt <= 3; failAt++ {
		err := queue.New(&fake{failAt: failAt}, "https://queue").Put(t.Context(), work...)
		if err == nil || !strings.Contains(err.Error(), "InternalError") {
			t.Errorf("batch %d was taken in part: %v", failAt, err)
		}
	}
	api := &fake{}
	if err := queue.New(api, "https://queue").Put(t.Context(), job{"c", 1}, make(chan int)); err == nil || len(api.batches) != 0 {
		t.Errorf("a job that is no JSON: %v, %d batches", err, len(api.batches))
	}
}
