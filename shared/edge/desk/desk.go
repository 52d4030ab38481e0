// Package desk sends messages to the people who work with the stack: replies that no rule understood or that no text
// can answer (practice: respond appropriately), and the results of audits (practice: audit your customer lists). It
// publishes to an SNS topic, to which people subscribe by e-mail or with a help desk.
package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"smsconsent/shared/core/phone"
)

// API is the part of the SNS client that a Desk uses.
type API interface {
	Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
}

// Reply is a text from a phone that a person should read. About its writer it has only the number.
type Reply struct {
	Brand, BrandName, Program string
	From                      phone.Number
	At                        time.Time // when it was sent, according to SNS
	Body                      string
	Why                       string // why a person should read it
}

// Desk is where people read messages. It is safe for concurrent use.
type Desk struct {
	api   API
	topic string
}

// New returns the Desk with the SNS topic of that ARN.
func New(api API, topic string) *Desk { return &Desk{api: api, topic: topic} }

// Put sends a reply to the readers. Repeated calls send it again. After an error it may or may not have been sent.
func (d *Desk) Put(ctx context.Context, r Reply) error {
	text := fmt.Sprintf("%s wrote to %s (program %s) at %s:\n\n%s\n\nWhy you read it: %s. smsconsent has not answered it.\n",
		string(r.From), r.BrandName, r.Program, r.At.UTC().Format("2006-01-02 15:04 UTC"), r.Body, r.Why)
	// With these a subscription can be limited to one brand (SNS filter policies).
	err := d.publish(ctx, "A text to read", text, map[string]types.MessageAttributeValue{
		"brand": attribute(r.Brand), "program": attribute(r.Program),
	})
	if err != nil {
		return fmt.Errorf("put a reply before a reader: %w", err)
	}
	return nil
}

// Tell sends a text to the readers. The subject must be ASCII, at most 100 characters. Repeated calls send it again.
// After an error it may or may not have been sent.
func (d *Desk) Tell(ctx context.Context, subject, text string) error {
	if err := d.publish(ctx, subject, text, nil); err != nil {
		return fmt.Errorf("put %q before a reader: %w", subject, err)
	}
	return nil
}

// publish sends a text. SNS limits the subject of an e-mail to 100 ASCII characters, so no brand's name is in it.
func (d *Desk) publish(
	ctx context.Context, subject, text string, attributes map[string]types.MessageAttributeValue,
) error {
	_, err := d.api.Publish(ctx, &sns.PublishInput{
		TopicArn: aws.String(d.topic), Subject: aws.String(subject), Message: aws.String(text), MessageAttributes: attributes,
	})
	return err
}

func attribute(value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(value)}
}
