// Package desk puts before a person what they should read: replies that no rule understood or that cannot be
// answered by text (practice: respond appropriately), and what an audit found (practice: audit your customer
// lists). AWS SNS carries it to whoever subscribed to the topic, by e-mail or into a help desk.
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

// API is what is needed of the AWS client.
type API interface {
	Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
}

// Reply is one text from a phone that a person should read. It holds no more about who wrote it than the number.
type Reply struct {
	Brand, BrandName, Program string
	From                      phone.Number
	At                        time.Time // when it was sent, by SNS
	Body                      string
	Why                       string // why a person should read it
}

// Desk is where replies are read. It is safe for concurrent use.
type Desk struct {
	api   API
	topic string
}

// New opens the desk behind the SNS topic with that ARN.
func New(api API, topic string) *Desk { return &Desk{api: api, topic: topic} }

// Put puts a reply before whoever reads the desk. It may be repeated; the reply is then read twice. The error is that
// of SNS, and the reply may or may not have been put.
func (d *Desk) Put(ctx context.Context, r Reply) error {
	text := fmt.Sprintf("%s wrote to %s (program %s) at %s:\n\n%s\n\nWhy you read it: %s. smsconsent has not answered it.\n",
		string(r.From), r.BrandName, r.Program, r.At.UTC().Format("2006-01-02 15:04 UTC"), r.Body, r.Why)
	// By these a subscription can be for one brand only (SNS filter policies).
	err := d.publish(ctx, "A text to read", text, map[string]types.MessageAttributeValue{
		"brand": attribute(r.Brand), "program": attribute(r.Program),
	})
	if err != nil {
		return fmt.Errorf("put a reply before a reader: %w", err)
	}
	return nil
}

// Tell puts a text before whoever reads the desk. The subject is ASCII of at most 100 characters. The error is that of
// SNS, and the text may or may not have been put.
func (d *Desk) Tell(ctx context.Context, subject, text string) error {
	if err := d.publish(ctx, subject, text, nil); err != nil {
		return fmt.Errorf("put %q before a reader: %w", subject, err)
	}
	return nil
}

// publish hands over a text. SNS takes ASCII of up to 100 characters as the subject of an e-mail, so no name of a
// brand is in it.
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
