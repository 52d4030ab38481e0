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

// plansKept is how many plans somebody may have looked at and still make a campaign of.
const plansKept = 50

// ConsoleCampaigns returns what the console's page does with campaigns: what the commands do, by the same functions.
func ConsoleCampaigns(s *wiring.Deployment) console.Campaigns {
	return &campaignDesk{stack: s, plans: map[string]plannedCampaign{}}
}

// campaignDesk keeps what was planned, so that what is made is what somebody saw the plan of.
type campaignDesk struct {
	stack *wiring.Deployment

	mu    sync.Mutex
	plans map[string]plannedCampaign
	order []string // of their IDs
}

type plannedCampaign struct {
	campaign.Campaign
	flags  campaignFlags
	before *campaign.Campaign // in whose place it is put; nil for a new one

	changed *campaign.Series // whose runs to come are to be as it is; nil for a campaign
}

// now returns the stack under the programs that are in force by now.
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
	if len(d.order) > plansKept {
		delete(d.plans, d.order[0])
		d.order = d.order[1:]
	}
}

// Create makes the campaign that was planned. Asked for again it is the same one.
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

// make makes the campaign, the series it is the first run of, or what it is put in the place of.
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

// Test sends a tester what a campaign says, and returns what became of that.
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

// Approve lets a campaign go out that somebody else made.
func (d *campaignDesk) Approve(ctx context.Context, id string) error {
	s, err := d.now(ctx)
	if err == nil {
		err = approveAs(ctx, s, id)
	}
	return forPage(err)
}

// Pause stops a campaign until it is resumed.
func (d *campaignDesk) Pause(ctx context.Context, id, why string) error {
	if strings.TrimSpace(why) == "" {
		return &gateway.Refusal{Status: http.StatusBadRequest, Field: "why", Message: "say why, for whoever wonders"}
	}
	return forPage(pauseCampaign(ctx, d.stack, id, why))
}

// Resume lets a paused campaign go on.
func (d *campaignDesk) Resume(ctx context.Context, id string) error {
	return forPage(resumeCampaign(ctx, d.stack, id))
}

// Cancel ends a campaign for good.
func (d *campaignDesk) Cancel(ctx context.Context, id, why string) error {
	return forPage(cancelCampaign(ctx, d.stack, id, why))
}

// Report returns the page of what became of a campaign. It reads the texts of the whole table.
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

// fromAWS reports whether an error is that of a call of AWS, which is none of somebody's mistakes.
func fromAWS(err error) bool {
	if _, ok := errors.AsType[*smithy.OperationError](err); ok {
		return true
	}
	_, ok := errors.AsType[smithy.APIError](err)
	return ok
}
