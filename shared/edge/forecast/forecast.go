// Package forecast says what a campaign would do, by asking the gate about everybody on its list. It changes nothing.
package forecast

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// page is how many people are read at a time: as many as DynamoDB gives at once.
const page = 100

// Table reads the people of a campaign.
type Table interface {
	Recipients(ctx context.Context, keys []consent.Key, needed bool) (
		[]consent.Contact, map[consent.Key]map[string]string, []table.Unreadable, error)
}

// Forecast plans campaigns.
type Forecast struct {
	Catalog *program.Catalog
	Links   string // the address short links begin with where the brand has none of its own
	Table   Table
	List    walk.List
	Now     func() time.Time
	Beside  []campaign.Campaign // others whose texts to come count, in the order of their beginning
	Asked   func(people int)    // is told of people once they were asked about; nil for nobody
}

// Plan asks about everybody on a campaign's list, from its beginning on, or from now where that has passed.
func (f *Forecast) Plan(ctx context.Context, c campaign.Campaign, prices plan.Prices) (plan.Plan, error) {
	about, err := f.About(c)
	if err != nil {
		return plan.Plan{}, err
	}
	v := visitor{Forecast: f, campaign: c, topic: about.Topic, draft: plan.New(f.fromNow(about))}
	v.needed = c.NeedsAttributes()
	for i := range f.Beside {
		v.needed = v.needed || f.Beside[i].NeedsAttributes()
		switch asked, err := f.About(f.Beside[i]); {
		case errors.Is(err, outbox.ErrNoTopic): // it texts nobody
		case err != nil:
			return plan.Plan{}, err
		default:
			v.draft.Meet(f.Beside[i], f.fromNow(asked))
		}
	}
	if err := walk.All(ctx, f.List, c.Brand, c.Topic, page, &v); err != nil {
		return plan.Plan{}, fmt.Errorf("plan a campaign to %s: %w", c.Topic, err)
	}
	return v.draft.Finish(prices), nil
}

// fromNow returns the campaign with a beginning that has not passed.
func (f *Forecast) fromNow(c plan.Campaign) plan.Campaign {
	if now := f.Now().UTC(); now.After(c.Begins) {
		c.Begins = now
	}
	return c
}

// About says what the gate is asked about a campaign's people.
func (f *Forecast) About(c campaign.Campaign) (plan.Campaign, error) {
	text, err := outbox.TextOf(f.Catalog, c)
	if err != nil {
		return plan.Campaign{}, err
	}
	g, err := gate.New(f.Catalog)
	if err != nil {
		return plan.Campaign{}, err
	}
	brand, _ := f.Catalog.Brand(c.Brand) // has the text's program
	topic, _ := text.Program.Topic(text.Topic)
	return plan.Campaign{
		Gate: g, Program: text.Program, Topic: topic, Begins: c.At, Expires: c.Expires,
		Rate: outbox.CampaignRate(text.Program.PerSecond), ByHours: text.ObeysHours(),
		Text: text.About(), Links: brand.LinkingAt(f.Links).Links,
	}, nil
}

// visitor asks about the people of all shards at once: reading them takes longer than deciding.
type visitor struct {
	*Forecast
	campaign campaign.Campaign
	topic    *program.Topic
	needed   bool // the attributes of people, for this campaign or for one beside it

	mu    sync.Mutex
	draft *plan.Draft
}

// Enter lets every area be asked about that the campaign is for.
func (v *visitor) Enter(_ context.Context, area phone.Area) (string, bool, error) {
	return "", v.campaign.Includes(area), nil
}

// Visit asks about the people of a page.
func (v *visitor) Visit(ctx context.Context, page walk.Page) (phone.Number, error) {
	contacts, known, unreadable, err := v.Table.Recipients(ctx, page.People, v.needed)
	if err != nil {
		return "", err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.draft.AddUnreadable(len(unreadable))
	for i := range contacts {
		attributes := known[contacts[i].Key]
		if v.campaign.Excludes(attributes) != "" {
			continue
		}
		v.draft.Add(&contacts[i], v.campaign.Words(v.topic, contacts[i].Locale, attributes), attributes)
	}
	if v.Asked != nil {
		v.Asked(len(page.People))
	}
	return "", nil
}
