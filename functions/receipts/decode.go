package receipts

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
)

// receipt is a delivery event, understood.
type receipt struct {
	consent.Receipt
	key   consent.Key
	fate  consent.Fate
	final bool
	awsID string
}

// delivery is AWS's event, as far as it is needed (docs.aws.amazon.com, "Messaging Events").
type delivery struct {
	EventType string            `json:"eventType"`
	Timestamp int64             `json:"eventTimestamp"` // Unix milliseconds
	IsFinal   bool              `json:"isFinal"`
	To        string            `json:"destinationPhoneNumber"`
	ID        string            `json:"messageId"`
	Context   map[string]string `json:"context"`
}

// decode reads an SQS body that holds an SNS notification that holds a delivery event.
func decode(body string) (receipt, error) {
	var sns events.SNSEntity
	if err := json.Unmarshal([]byte(body), &sns); err != nil {
		return receipt{}, errors.New("the SQS message is not an SNS notification")
	}
	var d delivery
	if err := json.Unmarshal([]byte(sns.Message), &d); err != nil {
		return receipt{}, errors.New("the notification is not a delivery event")
	}
	fate, ok := consent.FateOf(d.EventType)
	if !ok {
		return receipt{}, fmt.Errorf("eventType %.40q is not of a text", d.EventType)
	}
	to, err := phone.Parse(d.To)
	if err != nil {
		return receipt{}, fmt.Errorf("destinationPhoneNumber: %w", err)
	}
	key := consent.Key{Brand: d.Context[outbox.ContextBrand], Phone: to}
	id, err := ulid.ParseStrict(d.Context[outbox.ContextMessage])
	if err != nil || key.Brand == "" {
		return receipt{}, errors.New(
			"the event's context does not name a text of ours: something else sends through our configuration set",
		)
	}
	if d.Timestamp <= 0 {
		return receipt{}, errors.New("eventTimestamp is missing")
	}
	return receipt{
		Receipt: consent.Receipt{Message: id.String(), At: time.UnixMilli(d.Timestamp).UTC(), Event: d.EventType},
		key:     key, fate: fate, final: d.IsFinal || fate.Strange, awsID: d.ID,
	}, nil
}
