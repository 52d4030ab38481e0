package local

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"smsconsent/local/account"
	"smsconsent/local/lambda"
	standin "smsconsent/local/sqs"
)

func (m *machine) put(t *testing.T, queue string, bodies ...string) {
	t.Helper()
	var entries []types.SendMessageBatchRequestEntry
	for i, b := range bodies {
		entries = append(entries, types.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), MessageBody: aws.String(b)})
	}
	out, err := sqs.NewFromConfig(m.AWS()).SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: aws.String(account.QueueURL(queue)), Entries: entries})
	if err != nil || len(out.Failed) > 0 || len(out.Successful) != len(bodies) {
		t.Fatalf("send batch: %+v, %v", out, err)
	}
}

func (m *machine) settled(t *testing.T) {
	t.Helper()
	if err := m.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) depthOf(name string) int {
	for _, q := range m.queues.Depths() {
		if q.Name == name {
			return q.Waiting + q.Hidden
		}
	}
	return -1
}

func bodies(t *testing.T, payload []byte) (got []string, e events.SQSEvent) {
	t.Helper()
	if err := json.Unmarshal(payload, &e); err != nil {
		t.Errorf("payload %s: %v", payload, err)
	}
	for _, r := range e.Records {
		got = append(got, r.Body)
	}
	return got, e
}

func TestQueuesDeliverInBatchesAsLambdaDoes(t *testing.T) {
	var batches [][]string
	m := newMachine(t, lambda.Functions{"receipts": func(_ context.Context, p []byte) ([]byte, error) {
		got, e := bodies(t, p)
		batches = append(batches, got)
		r := e.Records[0]
		if r.EventSource != "aws:sqs" || r.EventSourceARN != "arn:aws:sqs:us-east-1:000000000000:receipts" || r.AWSRegion != account.Region ||
			r.ReceiptHandle == "" || r.Md5OfBody != fmt.Sprintf("%x", md5.Sum([]byte(r.Body))) || r.Attributes["ApproximateReceiveCount"] != "1" ||
			r.Attributes["SentTimestamp"] != fmt.Sprint(begin.UnixMilli()) {
			t.Errorf("record %+v is not what SQS gives a function", r)
		}
		return []byte(`{"batchItemFailures":[]}`), nil
	}})
	m.put(t, "receipts", "0", "1", "2", "3", "4", "5", "6")
	m.put(t, "receipts", "7", "8", "9", "10", "11")
	m.settled(t)
	if want := "[[0 1 2 3 4 5 6 7 8 9] [10 11]]"; fmt.Sprint(batches) != want {
		t.Errorf("delivered %v, want %v", batches, want)
	}
	if n := m.depthOf("receipts"); n != 0 {
		t.Errorf("%d messages are left", n)
	}
}

// Jobs that an operator stops wait, whatever the clock says, and go on once they are let.
func TestJobsAreStoppedAsRunbooksSay(t *testing.T) {
	ran := map[string]int{}
	count := func(name string) lambda.Function {
		return func(context.Context, []byte) ([]byte, error) { ran[name]++; return nil, nil }
	}
	m := newMachine(t, lambda.Functions{"sendcheck": count("sendcheck"), "audit": count("audit")})
	api := awslambda.NewFromConfig(m.AWS())
	list := func(function string) []lambdatypes.EventSourceMappingConfiguration {
		out, err := api.ListEventSourceMappings(t.Context(), &awslambda.ListEventSourceMappingsInput{FunctionName: aws.String(function)})
		if err != nil {
			t.Fatal(err)
		}
		return out.EventSourceMappings
	}
	enable := func(id *string, on bool) error {
		_, err := api.UpdateEventSourceMapping(t.Context(), &awslambda.UpdateEventSourceMappingInput{UUID: id, Enabled: aws.Bool(on)})
		return err
	}
	for _, name := range []string{"smsconsent-sendcheck:live", "smsconsent-sendcheck", account.FunctionARN("sendcheck") + ":live"} {
		if found := list(name); len(found) != 1 || aws.ToString(found[0].State) != "Enabled" || !strings.HasSuffix(*found[0].EventSourceArn, ":jobs") {
			t.Errorf("%s: %+v", name, found)
		}
	}
	if found := list("smsconsent-optin:live"); len(found) != 0 {
		t.Errorf("of a function that takes from no queue: %+v", found)
	}
	id := list("smsconsent-sendcheck:live")[0].UUID
	if err := enable(id, false); err != nil || *list("smsconsent-sendcheck:live")[0].State != "Disabled" {
		t.Fatalf("stopped: %v", err)
	}
	m.put(t, "jobs", "job")
	m.put(t, "audit", "page")
	m.advance(t, time.Hour)
	if ran["sendcheck"] != 0 || ran["audit"] != 1 || m.depthOf("jobs") != 1 {
		t.Errorf("while its jobs are stopped: ran %v", ran)
	}
	if err := enable(id, true); err != nil {
		t.Fatal(err)
	}
	m.settled(t)
	if ran["sendcheck"] != 1 || m.depthOf("jobs") != 0 {
		t.Errorf("afterwards: ran %v, %d left", ran, m.depthOf("jobs"))
	}
	if err := enable(aws.String("nosuch"), true); err == nil || !strings.Contains(err.Error(), "ResourceNotFoundException") {
		t.Errorf("of no mapping it says %v", err)
	}
}

// A function that fails gets its messages again when their time-out is over, and never loses one: after the last
// attempt it is in the dead-letter queue.
func TestFailedMessagesAreRedeliveredAndThenBuried(t *testing.T) {
	var at []string
	var m *machine
	m = newMachine(t, lambda.Functions{"sendcheck": func(_ context.Context, p []byte) ([]byte, error) {
		_, e := bodies(t, p)
		at = append(at, m.Now().Format("15:04:05")+" #"+e.Records[0].Attributes["ApproximateReceiveCount"])
		return nil, errors.New("no luck with +12065550142")
	}})
	m.put(t, "jobs", "job")
	m.settled(t)
	if len(at) != 1 {
		t.Fatalf("delivered %d times before any time has passed", len(at))
	}
	m.advance(t, time.Hour)
	if want := "[18:00:00 #1 18:03:00 #2 18:06:00 #3 18:09:00 #4 18:12:00 #5]"; fmt.Sprint(at) != want {
		t.Errorf("tried at %v, want %v", at, want)
	}
	if m.depthOf("jobs") != 0 || m.depthOf("jobs-dead-letters") != 1 {
		t.Errorf("%d left in the queue, %d dead", m.depthOf("jobs"), m.depthOf("jobs-dead-letters"))
	}
	if log := m.log.String(); strings.Contains(log, "2065550142") || !strings.Contains(log, "no luck") {
		t.Errorf("the log must tell the error and no phone number (I10): %s", log)
	}
}

func TestPartialBatchFailures(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(e events.SQSEvent) string
		again  string // what is delivered a second time
	}{
		{"one failed", func(e events.SQSEvent) string {
			return `{"batchItemFailures":[{"itemIdentifier":"` + e.Records[1].MessageId + `"}]}`
		}, "[b]"},
		{"none failed", func(events.SQSEvent) string { return `{"batchItemFailures":[]}` }, "[]"},
		{"null", func(events.SQSEvent) string { return `null` }, "[]"},
		{"nothing", func(events.SQSEvent) string { return `` }, "[]"},
		{"an unknown message", func(events.SQSEvent) string { return `{"batchItemFailures":[{"itemIdentifier":"x"}]}` }, "[a b c]"},
		{"an empty identifier", func(events.SQSEvent) string { return `{"batchItemFailures":[{"itemIdentifier":""}]}` }, "[a b c]"},
		{"no JSON", func(events.SQSEvent) string { return `oops` }, "[a b c]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var again []string
			first := true
			m := newMachine(t, lambda.Functions{"receipts": func(_ context.Context, p []byte) ([]byte, error) {
				got, e := bodies(t, p)
				if first {
					first = false
					return []byte(c.answer(e)), nil
				}
				again = append(again, got...)
				return nil, nil
			}})
			m.put(t, "receipts", "a", "b", "c")
			m.advance(t, time.Hour)
			if fmt.Sprint(again) != c.again {
				t.Errorf("redelivered %v, want %v", again, c.again)
			}
		})
	}
}

func TestAPanicOrADeadlineIsAFailureLikeAnother(t *testing.T) {
	n := 0
	s, err := New(t.Context(), Options{Catalog: testCatalog(), Real: func() time.Time { return begin }, Deadline: time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s.Attach(lambda.Functions{"sendcheck": func(ctx context.Context, _ []byte) ([]byte, error) {
		if n++; n == 1 {
			panic("slip")
		}
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	m := &machine{Stack: s}
	m.put(t, "jobs", "job")
	m.advance(t, standin.Visibility)
	if n != 2 || m.depthOf("jobs") != 1 {
		t.Errorf("tried %d times, %d messages left; want 2 and 1", n, m.depthOf("jobs"))
	}
}

func TestSQSCalls(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	ctx, client := t.Context(), sqs.NewFromConfig(m.AWS())
	url, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("audit")})
	if err != nil || !strings.HasSuffix(*url.QueueUrl, "/000000000000/audit") {
		t.Fatalf("GetQueueUrl: %v, %v", url, err)
	}
	list, err := client.ListQueues(ctx, &sqs.ListQueuesInput{QueueNamePrefix: aws.String("jobs")})
	if err != nil || len(list.QueueUrls) != 2 {
		t.Errorf("ListQueues: %v, %v", list, err)
	}
	sent, err := client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: url.QueueUrl, MessageBody: aws.String("hello"),
		MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("test")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url.QueueUrl, MessageAttributeNames: []string{"All"}, VisibilityTimeout: 60})
	if err != nil || len(got.Messages) != 1 || *got.Messages[0].Body != "hello" || *got.Messages[0].MessageId != *sent.MessageId ||
		*got.Messages[0].MessageAttributes["kind"].StringValue != "test" {
		t.Fatalf("ReceiveMessage: %+v, %v", got, err)
	}
	if again, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url.QueueUrl}); err != nil || len(again.Messages) != 0 {
		t.Errorf("a hidden message was received: %+v, %v", again, err)
	}
	attributes, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: url.QueueUrl, AttributeNames: []types.QueueAttributeName{"ApproximateNumberOfMessagesNotVisible"}})
	if err != nil || len(attributes.Attributes) != 1 || attributes.Attributes["ApproximateNumberOfMessagesNotVisible"] != "1" {
		t.Errorf("GetQueueAttributes: %v, %v", attributes, err)
	}
	if _, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: url.QueueUrl, ReceiptHandle: got.Messages[0].ReceiptHandle}); err != nil {
		t.Fatal(err)
	}
	if n := m.depthOf("audit"); n != 0 {
		t.Errorf("%d messages left after the delete", n)
	}

	for name, in := range map[string]*sqs.SendMessageInput{
		"empty body":    {QueueUrl: url.QueueUrl, MessageBody: aws.String("")},
		"too long":      {QueueUrl: url.QueueUrl, MessageBody: aws.String(strings.Repeat("x", standin.MaxMessage+1))},
		"delay too big": {QueueUrl: url.QueueUrl, MessageBody: aws.String("x"), DelaySeconds: 901},
	} {
		if _, err := client.SendMessage(ctx, in); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
	_, err = client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(account.QueueURL("nosuch")), MessageBody: aws.String("x")})
	if _, ok := errors.AsType[*types.QueueDoesNotExist](err); !ok {
		t.Errorf("unknown queue: %v", err)
	}
	entry := types.SendMessageBatchRequestEntry{Id: aws.String("same"), MessageBody: aws.String("x")}
	_, err = client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: url.QueueUrl, Entries: []types.SendMessageBatchRequestEntry{entry, entry}})
	if _, ok := errors.AsType[*types.BatchEntryIdsNotDistinct](err); !ok {
		t.Errorf("equal ids: %v", err)
	}
	late := types.SendMessageBatchRequestEntry{Id: aws.String("late"), MessageBody: aws.String("x"), DelaySeconds: 5000}
	mixed, err := client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: url.QueueUrl, Entries: []types.SendMessageBatchRequestEntry{entry, late}})
	if err != nil || len(mixed.Successful) != 1 || len(mixed.Failed) != 1 || *mixed.Failed[0].Id != "late" {
		t.Errorf("a bad entry must fail alone: %+v, %v", mixed, err)
	}
	if m.depthOf("audit") != 1 {
		t.Errorf("refused messages were queued: %d", m.depthOf("audit"))
	}
}
