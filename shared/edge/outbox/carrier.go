package outbox

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox/internal/carrier"
)

// Carrier is what the outbox needs of the carrier. Its errors hold no phone number and no words of a text (I10).
type Carrier interface {
	// Send hands over one text and returns the carrier's ID for it. It is not safe to repeat: the carrier cannot tell a
	// text offered twice from two (I2). A *Rejection is a certain no; after any other error nobody knows whether the text
	// went out (I3). A text that was taken may still never reach the phone, which a delivery event says later.
	Send(ctx context.Context, t SMS) (string, error)

	// OptOut puts a number on an opt-out list, and leaves one that is on it as it is. It is safe to repeat, and holds for
	// every text offered after it returned.
	OptOut(ctx context.Context, list string, n phone.Number) error

	// OptIn takes a number off an opt-out list; one that is not on it is fine. It is safe to repeat. The error wraps
	// ErrStaysOptedOut where AWS will not do it yet: it does once in 30 days.
	OptIn(ctx context.Context, list string, n phone.Number) error

	// Listed reads the entry of a number on an opt-out list, and reports whether there is one.
	Listed(ctx context.Context, list string, n phone.Number) (ListEntry, bool, error)

	// List reads a page of an opt-out list, and the token of the next page; empty for the first, and where there is none.
	// The error wraps ErrNoList where trying again would not mend it.
	List(ctx context.Context, list, token string) ([]OnList, string, error)
}

// SMS is one text as the carrier takes it.
type SMS = carrier.SMS

// Rejection is the carrier's certain no to a text: the error of Send where nobody was texted.
type Rejection = carrier.Rejection

// ListEntry is a number on an AWS opt-out list.
type ListEntry = carrier.ListEntry

// OnList is a number on an AWS opt-out list, with its entry.
type OnList = carrier.OnList

// ErrNoList is returned where AWS has no such opt-out list, or does not let us read it.
var ErrNoList = carrier.ErrNoList

// ErrStaysOptedOut is returned by OptIn where AWS will not take a number off its list yet.
var ErrStaysOptedOut = carrier.ErrStaysOptedOut

// OnAWS makes an outbox whose texts go out by AWS End User Messaging SMS and one of its configuration sets; without one
// no delivery events come back. It has an HTTP client of its own unless the configuration of AWS names one.
func OnAWS(c Config, config aws.Config, configurationSet string) *Outbox {
	o := &Outbox{Config: c}
	if config.HTTPClient == nil {
		client := carrier.NewClient()
		config.HTTPClient, o.idle = client, client.CloseIdleConnections
	}
	o.carrier = carrier.New(sms.NewFromConfig(config), configurationSet)
	return o
}

// CloseIdleConnections drops the connections to AWS that no text is using. A function that slept must do so before it
// sends: Lambda freezes its process between two invocations, and what it was connected with does not wait for it.
func (o *Outbox) CloseIdleConnections() {
	if o.idle != nil {
		o.idle()
	}
}
