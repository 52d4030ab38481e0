package report

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// MaxCampaigns is how many campaigns a report lists one by one.
const MaxCampaigns = 200

// Campaigns has the newest campaigns by ID, and the sum of all earlier ones. An ID begins with the time it was made,
// so the newest sort last.
type Campaigns struct {
	Newest  map[string]Campaign `json:"newest,omitempty"`
	Earlier Campaign            `json:"earlier"`
}

// Campaign is what was counted for one campaign.
type Campaign struct {
	Brand   string    `json:"brand,omitempty"`
	Topic   string    `json:"topic,omitempty"`
	First   time.Time `json:"first,omitzero"` // when its first text was sent; UTC
	Texts   Texts     `json:"texts"`
	Clicks  int       `json:"clicks"`  // people who followed a link in it
	OptOuts int       `json:"optOuts"` // people who opted out within OptOutWithin, with no later campaign in between
}

// OptOutWithin is how long after a campaign's text an opt-out counts as an answer to it.
const OptOutWithin = 72 * time.Hour

func (c Campaign) plus(o Campaign) Campaign {
	first := c.First
	if first.IsZero() || (!o.First.IsZero() && o.First.Before(first)) {
		first = o.First
	}
	// A campaign has one topic. Should that ever be wrong, the sum must still not depend on the order of counting.
	of := min(c.Brand+"/"+c.Topic, o.Brand+"/"+o.Topic)
	if c.Brand == "" || o.Brand == "" {
		of = max(c.Brand+"/"+c.Topic, o.Brand+"/"+o.Topic)
	}
	brand, topic, _ := strings.Cut(of, "/")
	return Campaign{brand, topic, first, c.Texts.plus(o.Texts), c.Clicks + o.Clicks, c.OptOuts + o.OptOuts}
}

// plus returns the sum, and leaves both as they are.
func (c Campaigns) plus(o Campaigns) Campaigns {
	c.Newest = maps.Clone(c.Newest)
	c.add(o)
	return c
}

// add adds o, and moves campaigns that are no longer among the newest to Earlier. A campaign that is moved has
// MaxCampaigns newer ones in every further sum, so it does not matter when it is moved.
func (c *Campaigns) add(o Campaigns) {
	if c.Newest == nil {
		c.Newest = make(map[string]Campaign, len(o.Newest))
	}
	for id, of := range o.Newest {
		c.Newest[id] = c.Newest[id].plus(of)
	}
	c.Earlier = c.Earlier.plus(o.Earlier)
	if over := len(c.Newest) - MaxCampaigns; over > 0 {
		for _, id := range slices.Sorted(maps.Keys(c.Newest))[:over] {
			old := c.Newest[id]
			old.Brand, old.Topic = "", ""
			c.Earlier = c.Earlier.plus(old)
			delete(c.Newest, id)
		}
	}
}
