package channels_test

import (
	"context"
	"testing"

	"smsconsent/functions/channels"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/wired"
)

func TestWire(t *testing.T) {
	wired.Whole(t, channels.Wire, channels.New, "ledger_key_parameter")
	wired.Readable(t, channels.Wire)
}

// nobody is an outbox of people nobody knows, of whom nothing is kept.
type nobody struct{}

func (nobody) Note(
	_ context.Context, key consent.Key, decide func(consent.Contact) consent.Change,
) (consent.Change, error) {
	return decide(consent.Contact{Key: key}), nil
}

func (nobody) SetAttributes(context.Context, consent.Key, map[string]string) (bool, error) {
	return false, table.ErrNoContact
}
