// Package queue puts pieces of work on an SQS queue.
package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// batch is the most messages SQS takes in one call.
const batch = 10

// API is what is needed of the AWS client.
type API interface {
	SendMessageBatch(
		context.Context,
		*sqs.SendMessageBatchInput,
		...func(*sqs.Options),
	) (*sqs.SendMessageBatchOutput, error)
}

// Queue takes jobs for one function.
type Queue struct {
	api API
	url string
}

// New makes a queue.
func New(api API, url string) *Queue { return &Queue{api: api, url: url} }

// Put queues the jobs, each as JSON. Where SQS took only some of them it fails: jobs are safe to do twice, and not
// safe to lose.
func (q *Queue) Put(ctx context.Context, work ...any) error {
	for from := 0; from < len(work); from += batch {
		part := work[from:min(from+batch, len(work))]
		entries := make([]types.SendMessageBatchRequestEntry, len(part))
		for i, job := range part {
			body, err := json.Marshal(job)
			if err != nil {
				return fmt.Errorf("encode job: %w", err)
			}
			entries[i] = types.SendMessageBatchRequestEntry{
				Id:          aws.String(strconv.Itoa(i)),
				MessageBody: aws.String(string(body)),
			}
		}
		out, err := q.api.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: aws.String(q.url), Entries: entries})
		if err != nil {
			return fmt.Errorf("queue %d jobs: %w", len(part), err)
		}
		if n := len(out.Failed); n > 0 {
			return fmt.Errorf("queue %d jobs: %d refused, the first because %s", len(part), n, aws.ToString(out.Failed[0].Code))
		}
	}
	return nil
}
