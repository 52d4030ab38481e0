package operator

import (
	"context"
	"fmt"
	"sync"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/result"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/audience/walk"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// resultOf sums up what became of a campaign. keep is called for each of its people; it may be nil.
//
// A campaign that is done has counted whom its texts do not tell of. Any other has not looked at everybody, or not
// since they last had to wait, so everybody on its list is asked about.
func resultOf(
	ctx context.Context, s *wiring.Deployment, c campaign.Campaign, prices plan.Prices, keep func(result.Person),
) (r result.Result, err error) {
	t := consentTable(s)
	known, err := knownOf(ctx, t, &c)
	if err != nil {
		return r, err
	}
	about, noTopic := planOfCampaign(s, c)
	known.Everybody = c.State != campaign.Done && noTopic == nil
	asks := known.Everybody || keep != nil && noTopic == nil
	all := everybody{
		table: t, campaign: c, about: about, walked: c.Walked(known.Shards, s.Now()), now: s.Now(),
		keep: keep,
	}
	if keep == nil {
		all.keep = func(result.Person) {}
	}
	if asks {
		all.told = map[phone.Number]bool{}
	}
	sender := plan.Any
	if noTopic == nil {
		all.draft.Links, sender = about.Links, plan.SenderOf(about.Program.Identity)
	}
	if err := eachText(ctx, t, &c, all.add); err != nil {
		return r, err
	}
	if asks {
		if all.about.Unapproved, err = unapproved(ctx, s, &c); err != nil {
			return r, err
		}
		if err := walk.All(ctx, s.Audience(), c.Brand, c.Topic, pageSize, &all); err != nil {
			return r, fmt.Errorf("ask about the people of campaign %s: %w", c.ID, err)
		}
	}
	return all.draft.Finish(&c, known, prices, sender), nil
}

// knownOf reads what is counted of a campaign.
func knownOf(ctx context.Context, t *consenttable.Table, c *campaign.Campaign) (known result.Known, err error) {
	if known.Shards, err = t.Shards(ctx, c.ID); err != nil {
		return known, err
	}
	tally, err := t.Fates(ctx, c.ID)
	if err != nil {
		return known, err
	}
	known.Fates = tally.All
	known.Changed, known.Moved = c.Changed(known.Shards, audience.Shards), c.Moved(known.Shards, audience.Shards)
	known.Clicks, err = t.Clicks(ctx, c.ID)
	return known, err
}

// readers is how many records of a shard are read at once.
const readers = 8

// eachText reads the texts of a campaign, from all shards at once, together with what the people texted. It calls its
// function for one text at a time.
func eachText(
	ctx context.Context, t *consenttable.Table, c *campaign.Campaign,
	each func(phone.Number, *consent.Message, []consent.Event),
) error {
	var mu sync.Mutex
	return walk.AtOnce(ctx, audience.Shards, func(ctx context.Context, shard int) error {
		return t.Candidates(ctx, c.ID, shard, func(people []phone.Number) error {
			return walk.AtOnce(ctx, readers, func(ctx context.Context, reader int) error {
				for i := reader; i < len(people); i += readers {
					text, heard, found, err := t.CampaignText(ctx, consent.Key{Brand: c.Brand, Phone: people[i]}, c.ID)
					if err != nil {
						return err
					}
					if !found {
						continue
					}
					mu.Lock()
					each(people[i], &text, heard)
					mu.Unlock()
				}
				return nil
			})
		})
	})
}

// everybody is the people of a campaign: those of whom it has a text on record, and then each other on the list, who is
// asked about.
type everybody struct {
	table       *consenttable.Table
	campaign    campaign.Campaign
	about       plan.Campaign
	walked, now time.Time

	mu    sync.Mutex
	draft result.Draft
	told  map[phone.Number]bool // has those with a text, so that nobody is counted twice; nil where nobody is asked about
	keep  func(result.Person)
}

// add counts somebody's text.
func (e *everybody) add(n phone.Number, text *consent.Message, heard []consent.Event) {
	if e.told != nil {
		e.told[n] = true
	}
	e.keep(e.draft.Add(n, text, heard))
}

// Enter accepts the areas that the campaign is for.
func (e *everybody) Enter(_ context.Context, area phone.Area) (string, bool, error) {
	return "", e.campaign.Includes(area), nil
}

// Visit asks about the people of a page who have no text yet.
func (e *everybody) Visit(ctx context.Context, page walk.Page) (phone.Number, error) {
	contacts, known, unreadable, err := e.table.Recipients(ctx, e.untold(page.People), e.campaign.NeedsAttributes())
	if err != nil {
		return "", err
	}
	e.mu.Lock()
	for _, u := range unreadable {
		e.keep(e.draft.Without(u.Key.Phone, e.unknown("their stored contact cannot be read")))
	}
	e.mu.Unlock()
	return "", walk.AtOnce(ctx, readers, func(ctx context.Context, reader int) error {
		for i := reader; i < len(contacts); i += readers {
			if e.campaign.Excludes(known[contacts[i].Key]) != "" {
				continue
			}
			if err := e.ask(ctx, contacts[i].Key); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *everybody) untold(people []consent.Key) (left []consent.Key) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, key := range people {
		if !e.told[key.Phone] {
			left = append(left, key)
		}
	}
	return left
}

func (e *everybody) unknown(because string) plan.Why {
	return plan.Why{Outcome: plan.Unknown, Rule: plan.Unreadable, Because: because, At: e.campaign.At}
}

// ask counts somebody who had no text on record when the texts were read.
func (e *everybody) ask(ctx context.Context, key consent.Key) error {
	record, err := e.table.Person(ctx, key)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	why, err := e.about.Why(&e.campaign, &record, e.walked, e.now)
	switch {
	case err != nil:
		e.keep(e.draft.Without(key.Phone, e.unknown("the record does not add up")))
	case why.Status != "":
		e.add(key.Phone, textOf(&record, &e.campaign, why.At), nil)
	default:
		e.keep(e.draft.Without(key.Phone, why))
	}
	return nil
}

// textOf returns the text of a campaign that came on record since the texts were read, or, of one that was claimed and
// is not on record yet, what will be known of it as long as nobody tells more.
func textOf(r *consent.Record, c *campaign.Campaign, claimed time.Time) *consent.Message {
	for i := range r.Messages {
		if r.Messages[i].Campaign == c.ID {
			return &r.Messages[i]
		}
	}
	return &consent.Message{At: claimed, Campaign: c.ID, Body: c.Text, Status: consent.Unconfirmed}
}
