package outbox

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox/internal/carrier"
)

// Carrier is the part of the carrier that the outbox uses. Its errors contain no phone number and no words of a text
// (I10).
type Carrier interface {
	// Send hands over one text and returns the carrier's ID for it. It must not be repeated: the carrier would send two
	// texts (I2). After a *Rejection the text was certainly not sent; after any other error it is unknown whether it was
	// (I3). An accepted text may still not reach the phone, which a delivery event says later.
	Send(ctx context.Context, t SMS) (string, error)

	// OptOut puts a number on an opt-out list. It may be repeated: an existing entry does not change. It holds for
	// every text sent after it returned.
	OptOut(ctx context.Context, list string, n phone.Number) error

	// OptIn takes a number off an opt-out list. It may be repeated: a number that is not on it is no error. The error
	// wraps ErrStaysOptedOut where AWS refuses, because it does so once in 30 days.
	OptIn(ctx context.Context, list string, n phone.Number) error

	// Listed returns the entry of a number on an opt-out list, and false where there is none.
	Listed(ctx context.Context, list string, n phone.Number) (ListEntry, bool, error)

	// List returns a page of an opt-out list and the token of the next page. The token is empty for the first page, and
	// after the last. The error wraps ErrNoList where another try would not help.
	List(ctx context.Context, list, token string) ([]OnList, string, error)
}

// SMS is one text in the form that the carrier takes.
type SMS = carrier.SMS

// Rejection is the error of Send where the text was certainly not sent.
type Rejection = carrier.Rejection

// ListEntry is a number on an AWS opt-out list.
type ListEntry = carrier.ListEntry

// OnList is a number on an AWS opt-out list, with its entry.
type OnList = carrier.OnList

// ErrNoList is returned where AWS has no such opt-out list or does not let us read it.
var ErrNoList = carrier.ErrNoList

// ErrStaysOptedOut is returned by OptIn where AWS does not take a number off its list yet.
var ErrStaysOptedOut = carrier.ErrStaysOptedOut

// OnAWS makes an Outbox that sends by AWS End User Messaging SMS with a configuration set. Without a set no delivery
// events come back. It has its own HTTP client unless the AWS configuration has one.
func OnAWS(c Config, config aws.Config, configurationSet string) *Outbox {
	o := &Outbox{Config: c}
	if config.HTTPClient == nil {
		client := carrier.NewClient()
		config.HTTPClient, o.idle = client, client.CloseIdleConnections
	}
	o.carrier = carrier.New(sms.NewFromConfig(config), configurationSet)
	return o
}

// CloseIdleConnections drops connections to AWS that no text is using. A function must call it before it sends,
// because Lambda freezes its process between events, and the connections may be dead afterwards.
func (o *Outbox) CloseIdleConnections() {
	if o.idle != nil {
		o.idle()
	}
}
