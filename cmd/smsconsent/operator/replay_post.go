package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"smsconsent/shared/core/doctor"
	"smsconsent/shared/core/failed"
)

// hiddenFor is for how many seconds a collected event is hidden from others.
const hiddenFor = 600

// stackMailbox holds the failed events of a stack.
type stackMailbox struct {
	stack     string
	queues    *sqs.Client
	functions *lambda.Client
}

func openMailbox(d *deployed) *stackMailbox {
	return &stackMailbox{d.name, sqs.NewFromConfig(d.aws), lambda.NewFromConfig(d.aws)}
}

// url returns the URL of one of the stack's queues.
func (l *stackMailbox) url(ctx context.Context, queue string) (string, error) {
	name := l.stack + "-" + queue
	out, err := l.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(name)})
	if _, none := errors.AsType[*types.QueueDoesNotExist](err); none {
		return "", usageError{fmt.Errorf("--stack: there is no queue %s, so no stack %s here", name, l.stack)}
	}
	if err != nil {
		return "", fmt.Errorf("find queue %s (ReplayPolicyArn of the stack's outputs allows it): %w", name, err)
	}
	return aws.ToString(out.QueueUrl), nil
}

// Collect reads each queue until it is empty or returns an event for the second time.
func (l *stackMailbox) Collect(ctx context.Context) (all []letter, err error) {
	met := map[string]bool{}
	for _, queue := range failed.Queues() {
		url, err := l.url(ctx, queue)
		if err != nil {
			return all, err
		}
		for {
			out, err := l.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
				QueueUrl: aws.String(url), MaxNumberOfMessages: 10, VisibilityTimeout: hiddenFor, WaitTimeSeconds: 1,
				MessageAttributeNames:       []string{"All"},
				MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameSentTimestamp},
			})
			if err != nil {
				return all, fmt.Errorf("read queue %s: %w", queue, err)
			}
			more := false
			for i := range out.Messages {
				one := read(queue, url, &out.Messages[i])
				if met[one.ID] {
					continue
				}
				met[one.ID], more = true, true
				all = append(all, one)
			}
			if !more {
				break
			}
		}
	}
	return all, nil
}

func read(queue, url string, m *types.Message) letter {
	attributes := map[string]string{}
	for name, a := range m.MessageAttributes {
		attributes[name] = aws.ToString(a.StringValue)
	}
	message := failed.Message{
		ID: aws.ToString(m.MessageId), Queue: queue, Body: aws.ToString(m.Body), Attributes: attributes,
	}
	if ms, err := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64); err == nil {
		message.Sent = time.UnixMilli(ms).UTC()
	}
	return letter{failed.Read(&message), message.Body, aws.ToString(m.ReceiptHandle), url}
}

// Release makes an event visible again.
func (l *stackMailbox) Release(ctx context.Context, one *letter) error {
	_, err := l.queues.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: aws.String(one.url), ReceiptHandle: aws.String(one.handle), VisibilityTimeout: 0,
	})
	if err != nil {
		return fmt.Errorf("show event %s again, which is hidden for ten minutes: %w", one.ID, err)
	}
	return nil
}

// Deliver puts an event back on the queue it came from, or invokes its function and waits for the result.
func (l *stackMailbox) Deliver(ctx context.Context, one *letter) error {
	if one.Back != "" {
		url, err := l.url(ctx, one.Back)
		if err != nil {
			return err
		}
		in := &sqs.SendMessageInput{QueueUrl: aws.String(url), MessageBody: aws.String(one.body)}
		_, err = l.queues.SendMessage(ctx, in)
		return err
	}
	out, err := l.functions.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String(l.stack + "-" + one.Function), Qualifier: aws.String(doctor.Alias), Payload: one.Payload,
	})
	if err != nil {
		return err
	}
	if out.FunctionError != nil {
		var said struct {
			Message string `json:"errorMessage"`
		}
		_ = json.Unmarshal(out.Payload, &said) // the message stays empty where this is no JSON
		return fmt.Errorf("%s: %s", one.Function, said.Message)
	}
	return nil
}

// Remove deletes an event from its queue.
func (l *stackMailbox) Remove(ctx context.Context, one *letter) error {
	_, err := l.queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{
		QueueUrl: aws.String(one.url), ReceiptHandle: aws.String(one.handle),
	})
	return err
}
