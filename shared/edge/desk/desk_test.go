package desk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"smsconsent/shared/edge/desk"
)

type topic struct {
	got *sns.PublishInput
	err error
}

func (t *topic) Publish(_ context.Context, in *sns.PublishInput, _ ...func(*sns.Options)) (*sns.PublishOutput, error) {
	t.got = in
	return &sns.PublishOutput{}, t.err
}

var reply = desk.Reply{
	Brand: "example", BrandName: "Example Corp.", Program: "alerts", From: "+12065550142",
	At: time.Date(2026, 11, 28, 18, 4, 5, 0, time.UTC), Body: "do you open on sundays?", Why: "nobody asked for this text",
}

// A reader needs the number and the words to answer, and a filter the brand; nothing else about the person is told.
func TestAReplyIsPutBeforeAReader(t *testing.T) {
	api := &topic{}
	if err := desk.New(api, "arn:aws:sns:eu-west-1:111111111111:to-read").Put(t.Context(), reply); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"+12065550142", "Example Corp.", "alerts", "2026-11-28 18:04 UTC", "do you open on sundays?", reply.Why} {
		if !strings.Contains(aws.ToString(api.got.Message), want) {
			t.Errorf("%q is not in %q", want, aws.ToString(api.got.Message))
		}
	}
	if got := aws.ToString(api.got.MessageAttributes["brand"].StringValue); got != "example" {
		t.Errorf("attribute brand is %q", got)
	}
	if subject := aws.ToString(api.got.Subject); strings.Contains(subject, "555") || len(subject) > 100 {
		t.Errorf("the subject is %q: mail servers log it", subject)
	}
	if aws.ToString(api.got.TopicArn) != "arn:aws:sns:eu-west-1:111111111111:to-read" {
		t.Errorf("topic %q", aws.ToString(api.got.TopicArn))
	}
}

func TestATextIsTold(t *testing.T) {
	api := &topic{}
	if err := desk.New(api, "arn").Tell(t.Context(), "The audit is done", "3 findings"); err != nil {
		t.Fatal(err)
	}
	if aws.ToString(api.got.Subject) != "The audit is done" || aws.ToString(api.got.Message) != "3 findings" || len(api.got.MessageAttributes) != 0 {
		t.Errorf("told %+v", api.got)
	}
	lost := errors.New("no connection")
	if err := desk.New(&topic{err: lost}, "arn").Tell(t.Context(), "s", "t"); !errors.Is(err, lost) {
		t.Errorf("says %v", err)
	}
}

// What could not be put is told, without number and words, so that the event comes again (I10).
func TestAFaultIsToldWithoutTheReply(t *testing.T) {
	lost := errors.New("no connection")
	err := desk.New(&topic{err: lost}, "arn").Put(t.Context(), reply)
	if !errors.Is(err, lost) || strings.Contains(err.Error(), "+1206") || strings.Contains(err.Error(), "sundays") {
		t.Errorf("says %v", err)
	}
}
