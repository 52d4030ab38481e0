package link

import (
	"context"
	"sync"

	"smsconsent/shared/edge/link"
)

// mostKnown is how many campaigns are kept in memory: those of some weeks, at about 3 KB each.
const mostKnown = 200

// known is the campaigns whose links were followed recently. What a campaign says never changes.
type known struct {
	mu  sync.Mutex
	all map[link.CampaignPrefix]destinations
}

// destinations is what is kept of a campaign.
type destinations struct {
	id, brand, topic string
	targets          []string
}

// campaign returns a campaign, from memory or from the table. A missing one is looked up again each time, because it
// may exist the next time.
func (k *known) campaign(ctx context.Context, prefix link.CampaignPrefix, t Table) (destinations, error) {
	k.mu.Lock()
	d, ok := k.all[prefix]
	k.mu.Unlock()
	if ok {
		return d, nil
	}
	c, err := t.CampaignByPrefix(ctx, prefix[:])
	if err != nil {
		return destinations{}, err
	}
	d = destinations{c.ID, c.Brand, c.Topic, c.Targets()}
	k.mu.Lock()
	defer k.mu.Unlock()
	for other := range k.all {
		if len(k.all) < mostKnown {
			break
		}
		delete(k.all, other) // any will do: it is read again when it is asked for
	}
	if k.all == nil {
		k.all = map[link.CampaignPrefix]destinations{}
	}
	k.all[prefix] = d
	return d, nil
}
