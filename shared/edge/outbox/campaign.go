package outbox

import (
	"errors"
	"fmt"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// ErrNoTopic is returned where a campaign's brand or topic is not in programs.yaml.
var ErrNoTopic = errors.New("is not in programs.yaml")

// TextOf returns the text to send for a campaign, without the words, which differ from person to person
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
		Content: message.ContentHash(c.Text), Opens: c.Begins(), Expires: c.Expires, Vouched: c.Vouched, Digest: c.Digest,
		Shared: c.Content, Local: c.Local,
	}, nil
}
