package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
)

// Each does every job of a batch, as EachBody does with its messages. What is no job at all fails too.
func Each[Job any](
	ctx context.Context,
	log *slog.Logger,
	messages []events.SQSMessage,
	do func(context.Context, Job) error,
) *events.SQSEventResponse {
	return EachBody(ctx, log, messages, func(ctx context.Context, body string) error {
		var j Job
		if err := json.Unmarshal([]byte(body), &j); err != nil {
			return fmt.Errorf("decode job: %w", err)
		}
		return do(ctx, j)
	})
}

// EachBody does every message of a batch. The answer names those that failed, so that SQS brings just them again; what
// fails too often ends in the dead-letter queue.
func EachBody(
	ctx context.Context,
	log *slog.Logger,
	messages []events.SQSMessage,
	do func(ctx context.Context, body string) error,
) *events.SQSEventResponse {
	return EachMessage(ctx, log, messages, func(ctx context.Context, m *events.SQSMessage) error {
		return do(ctx, m.Body)
	})
}

// EachMessage is EachBody for whoever looks at more than the body.
func EachMessage(
	ctx context.Context,
	log *slog.Logger,
	messages []events.SQSMessage,
	do func(ctx context.Context, m *events.SQSMessage) error,
) *events.SQSEventResponse {
	var out events.SQSEventResponse
	for i := range messages {
		if err := do(ctx, &messages[i]); err != nil {
			log.ErrorContext(ctx, "job failed", "sqs", messages[i].MessageId, "error", err)
			out.BatchItemFailures = append(
				out.BatchItemFailures,
				events.SQSBatchItemFailure{ItemIdentifier: messages[i].MessageId},
			)
		}
	}
	return &out
}
