package outbox

import (
	"errors"
	"fmt"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// ErrNoTopic says that programs.yaml does not know what a campaign is about.
var ErrNoTopic = errors.New("is not in programs.yaml")

// TextOf returns what the outbox is to send for a campaign, without the words, which are each person's own
// (campaign.Words). The error wraps ErrNoTopic.
func TextOf(catalog *program.Catalog, c campaign.Campaign) (Text, error) {
	brand, ok := catalog.Brand(c.Brand)
	if !ok {
		return Text{}, fmt.Errorf("brand %q %w", c.Brand, ErrNoTopic)
	}
	prog, topic, ok := brand.Topic(c.Topic)
	if !ok {
		return Text{}, fmt.Errorf("topic %q %w", c.Topic, ErrNoTopic)
	}
	return Text{
		Kind: message.KindOf(prog.Class), Program: prog, Topic: topic.ID, Campaign: c.ID,
		Content: message.ContentHash(c.Text), Opens: c.At, Expires: c.Expires, Vouched: c.Vouched, Digest: c.Digest,
		Shared: c.Content, Local: c.Local,
	}, nil
}
