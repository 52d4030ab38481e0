package report

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// MaxCampaigns is how many campaigns a report tells one by one.
const MaxCampaigns = 200

// Campaigns is what was counted of campaigns: of the newest one by one, by ID, and of those before them together. An ID
// begins with when it was made, so the newest are the last.
type Campaigns struct {
	Newest  map[string]Campaign `json:"newest,omitempty"`
	Earlier Campaign            `json:"earlier"`
}

// Campaign is what was counted of one campaign.
type Campaign struct {
	Brand   string    `json:"brand,omitempty"`
	Topic   string    `json:"topic,omitempty"`
	First   time.Time `json:"first,omitzero"` // when its first text was claimed; UTC
	Texts   Texts     `json:"texts"`
	Clicks  int       `json:"clicks"`  // people who followed a link of it
	OptOuts int       `json:"optOuts"` // people who left a topic within OptOutWithin of its text, and no later campaign's
}

// OptOutWithin is how long after a campaign's text an opt-out counts as an answer to it.
const OptOutWithin = 72 * time.Hour

func (c Campaign) plus(o Campaign) Campaign {
	first := c.First
	if first.IsZero() || (!o.First.IsZero() && o.First.Before(first)) {
		first = o.First
	}
	// A campaign is of one topic. Were it not, the sum must not depend on who was counted first.
	of := min(c.Brand+"/"+c.Topic, o.Brand+"/"+o.Topic)
	if c.Brand == "" || o.Brand == "" {
		of = max(c.Brand+"/"+c.Topic, o.Brand+"/"+o.Topic)
	}
	brand, topic, _ := strings.Cut(of, "/")
	return Campaign{brand, topic, first, c.Texts.plus(o.Texts), c.Clicks + o.Clicks, c.OptOuts + o.OptOuts}
}

// plus returns the sum of both, of which neither is changed.
func (c Campaigns) plus(o Campaigns) Campaigns {
	c.Newest = maps.Clone(c.Newest)
	c.add(o)
	return c
}

// add adds others and moves what are no longer the newest to those before. Whatever is moved has MaxCampaigns newer
// ones in any sum that it is part of, so it makes no difference when it is moved.
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
