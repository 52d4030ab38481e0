package operator

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/smithy-go"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/console"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/reportpage"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// maxPlans is how many of the last plans a campaign can still be made from.
const maxPlans = 50

// ConsoleCampaigns returns what the console does with campaigns. It calls the same functions as the commands do.
func ConsoleCampaigns(s *wiring.Deployment) console.Campaigns {
	return &campaignDesk{stack: s, plans: map[string]plannedCampaign{}}
}

// campaignDesk remembers the plans it showed. So only a campaign that somebody saw the plan of can be made.
type campaignDesk struct {
	stack *wiring.Deployment

	mu    sync.Mutex
	plans map[string]plannedCampaign
	order []string // the plans' IDs, oldest first
}

type plannedCampaign struct {
	campaign.Campaign
	flags  campaignFlags
	before *campaign.Campaign // the campaign that this one replaces; nil for a new one

	changed *campaign.Series // the changed series, where the plan is for its future runs; else nil
}

// now returns the stack with the programs that are in force at this moment.
func (d *campaignDesk) now(ctx context.Context) (*wiring.Deployment, error) {
	next := *d.stack
	var err error
	next.Catalog, _, err = wiring.InForce(ctx, consentTable(d.stack), d.stack.Catalog)
	return &next, err
}

func (d *campaignDesk) keep(c plannedCampaign) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, again := d.plans[c.ID]; !again {
		d.order = append(d.order, c.ID)
	}
	d.plans[c.ID] = c
	if len(d.order) > maxPlans {
		delete(d.plans, d.order[0])
		d.order = d.order[1:]
	}
}

// Create makes the campaign that was planned. It may be repeated, and then makes no second one.
func (d *campaignDesk) Create(ctx context.Context, id string) error {
	d.mu.Lock()
	c, ok := d.plans[id]
	d.mu.Unlock()
	if !ok {
		return &gateway.Refusal{
			Status: http.StatusConflict, Message: "nobody saw the plan of this campaign here: show the plan first",
		}
	}
	if err := c.Validate(d.stack.Now()); err != nil {
		return forPage(usageError{err})
	}
	err := c.make(ctx, d.stack)
	if twin, ok := errors.AsType[*consenttable.DuplicateError](err); ok {
		return &gateway.Refusal{
			Status: http.StatusConflict, Field: "text", Message: twin.Error() + ": it says the same at the same time",
		}
	}
	return forPage(err)
}

// make makes the campaign, or the series that begins with it, or puts it in the place of another.
func (c *plannedCampaign) make(ctx context.Context, s *wiring.Deployment) (err error) {
	switch {
	case c.before != nil:
		_, err = c.flags.replace(ctx, s, c.before, c.Campaign)
	case c.changed != nil:
		err = c.flags.storeChanged(ctx, s, *c.changed, c.Campaign)
	case c.flags.series != nil:
		_, _, err = c.flags.storeSeries(ctx, s, c.Campaign)
	default:
		_, err = c.flags.store(ctx, s, c.Campaign)
	}
	return err
}

// Test sends the campaign's text to a tester, and returns what became of it.
func (d *campaignDesk) Test(ctx context.Context, id, to, language string) (is console.Tested, err error) {
	s, err := d.now(ctx)
	if err != nil {
		return is, err
	}
	c, err := campaignOf(ctx, consentTable(s), id)
	if err != nil {
		return is, forPage(err)
	}
	f, err := testOf(s, &c, to, language)
	if err != nil {
		return is, forPage(err)
	}
	a, _, err := f.order(ctx, to)
	if err == nil {
		err = a.untested()
	}
	return console.Tested{Status: a.Status, Until: a.Until, Because: a.Because}, forPage(err)
}

// Approve approves a campaign that somebody else made.
func (d *campaignDesk) Approve(ctx context.Context, id string) error {
	s, err := d.now(ctx)
	if err == nil {
		err = approveAs(ctx, s, id)
	}
	return forPage(err)
}

// Pause stops a campaign until it is resumed. why must not be empty.
func (d *campaignDesk) Pause(ctx context.Context, id, why string) error {
	if strings.TrimSpace(why) == "" {
		return &gateway.Refusal{Status: http.StatusBadRequest, Field: "why", Message: "say why"}
	}
	return forPage(pauseCampaign(ctx, d.stack, id, why))
}

// Resume lets a paused campaign go on.
func (d *campaignDesk) Resume(ctx context.Context, id string) error {
	_, err := resumeCampaign(ctx, d.stack, id)
	return forPage(err)
}

// Cancel ends a campaign for good.
func (d *campaignDesk) Cancel(ctx context.Context, id, why string) error {
	return forPage(cancelCampaign(ctx, d.stack, id, why))
}

// Report returns the results page of a campaign. It scans the whole table.
func (d *campaignDesk) Report(ctx context.Context, id string) ([]byte, error) {
	c, err := campaignOf(ctx, consentTable(d.stack), id)
	if err != nil {
		return nil, forPage(err)
	}
	prices, err := readPrices("")
	if err != nil {
		return nil, err
	}
	s, err := d.now(ctx)
	if err != nil {
		return nil, err
	}
	r, err := resultOf(ctx, s, c, prices, nil)
	if err != nil {
		return nil, err
	}
	return reportpage.RenderResult(r)
}

// fromAWS reports whether an error comes from a call of AWS, and so is not the user's mistake.
func fromAWS(err error) bool {
	if _, ok := errors.AsType[*smithy.OperationError](err); ok {
		return true
	}
	_, ok := errors.AsType[smithy.APIError](err)
	return ok
}
