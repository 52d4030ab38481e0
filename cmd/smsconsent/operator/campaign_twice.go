package operator

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/campaign"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// longestName is the most letters of a name of one's own for a campaign.
const longestName = 64

// campaignID returns the ID of a new campaign: that of --id, the one a name always stands for, or a new one each time.
func (f campaignFlags) campaignID(now time.Time) (string, error) {
	if f.id == "" {
		id, err := ulid.New(ulid.Timestamp(now), rand.Reader)
		if err != nil {
			return "", fmt.Errorf("make campaign ID: %w", err)
		}
		return id.String(), nil
	}
	id, _, err := idOf("--id", f.id)
	return id, err
}

// idOf returns the ID that an argument is or, as a name, always stands for.
func idOf(argument, value string) (id string, isName bool, err error) {
	if id, err := ulid.ParseStrict(value); err == nil {
		return id.String(), false, nil
	}
	if value == "" {
		return "", false, usageError{fmt.Errorf("%s: write the ID of a campaign, or its name", argument)}
	}
	if len(value) > longestName {
		return "", false, usageError{fmt.Errorf("%s: the name has %d letters; write at most %d", argument, len(value), longestName)}
	}
	sum := sha256.Sum256([]byte("campaign " + value))
	return ulid.ULID(sum[:16]).String(), true, nil
}

// theCampaign returns the ID of the campaign or the series that an argument names. Of a name it must be there.
func theCampaign(ctx context.Context, t *consenttable.Table, argument, value string) (string, error) {
	id, isName, err := idOf(argument, value)
	if err != nil || !isName {
		return id, err
	}
	if _, err = t.Campaign(ctx, id); errors.Is(err, consenttable.ErrNotFound) {
		_, err = t.Series(ctx, id)
	}
	if errors.Is(err, consenttable.ErrNotFound) {
		return "", usageError{fmt.Errorf("%s: there is no campaign %q: write the 26 letters and digits that campaign create printed, "+
			"or the name that --id gave it", argument, value)}
	}
	return id, err
}

// store makes the campaign and the schedule that wakes it, and returns it as it is stored: under --id it may have been
// there before.
func (f campaignFlags) store(ctx context.Context, s *wiring.Deployment, c campaign.Campaign) (campaign.Campaign, error) {
	t := consentTable(s)
	create := t.CreateUniqueCampaign
	if f.again {
		create = t.CreateCampaign
	} else if err := f.checkSeries(ctx, t, &c); err != nil {
		return c, err
	}
	err := orTwin(create(ctx, c))
	if errors.Is(err, consenttable.ErrExists) && f.id != "" {
		if c, err = f.known(ctx, t, c); err == nil && c.State != campaign.Scheduled {
			return c, nil
		}
	}
	if err != nil {
		return c, err
	}
	return c, wake(ctx, s, c.ID, "campaign-"+c.ID, c.At, c.State)
}

// checkSeries refuses a new campaign that would run beside a run of a series that says the same.
func (f campaignFlags) checkSeries(ctx context.Context, t *consenttable.Table, c *campaign.Campaign) error {
	if f.id != "" {
		if _, err := t.Campaign(ctx, c.ID); !errors.Is(err, consenttable.ErrNotFound) {
			return err // it has been made, and is compared with what it was
		}
	}
	return orTwin(besideSeries(ctx, t, c))
}

// checkTwin refuses, before anybody is asked about, what would be refused when it is stored.
func (f campaignFlags) checkTwin(ctx context.Context, t *consenttable.Table, c campaign.Campaign) error {
	if f.again || f.inSeries != "" {
		return nil
	}
	if _, err := t.Campaign(ctx, c.ID); !f.changes && !errors.Is(err, consenttable.ErrNotFound) {
		return err // it has been made, and is compared with what it was
	}
	alike, err := t.CampaignsLike(ctx, &c)
	if err != nil {
		return err
	}
	for i := range alike {
		if other := &alike[i]; c.Repeats(other) && c.Overlaps(other.Run()) {
			return orTwin(&consenttable.DuplicateError{Run: other.Run()})
		}
	}
	return orTwin(besideSeries(ctx, t, &c))
}

// besideSeries returns a DuplicateError where a series has a run to come that says the same beside one of the
// campaigns.
func besideSeries(ctx context.Context, t *consenttable.Table, campaigns ...*campaign.Campaign) error {
	all, err := t.AllSeries(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		for _, c := range campaigns {
			run, found, err := all[i].Meets(c)
			if err != nil {
				return fmt.Errorf("runs of series %s: %w", all[i].ID, err)
			}
			if found {
				return &consenttable.DuplicateError{Run: run, Series: all[i].ID}
			}
		}
	}
	return nil
}

// mostCompared is how many runs of a new series are compared with those of others: two schedules need not ever end.
const mostCompared = 20

// checkRuns returns a DuplicateError where a run of a new series after its first would be beside a campaign, or a run
// of another series, that says the same.
func checkRuns(ctx context.Context, t *consenttable.Table, series campaign.Series, first campaign.Campaign) error {
	alike, err := t.CampaignsLike(ctx, &first)
	if err != nil {
		return err
	}
	for i := range alike {
		_, found, err := series.Meets(&alike[i])
		if err != nil {
			return err
		}
		if found {
			return &consenttable.DuplicateError{Run: alike[i].Run()}
		}
	}
	var runs []*campaign.Campaign
	for range mostCompared {
		var run campaign.Campaign
		if series, run, err = series.Next(series.Last); err != nil {
			return err
		}
		if series.State == campaign.Done {
			break
		}
		runs = append(runs, &run)
	}
	return besideSeries(ctx, t, runs...)
}

// orTwin says of an error that is a twin what may be done.
func orTwin(err error) error {
	if twin, ok := errors.AsType[*consenttable.DuplicateError](err); ok {
		return usageError{fmt.Errorf(
			"%w; change the text they share in whatever language, --at or --expires, or say --again if both are to go out", twin)}
	}
	return err
}

// known returns the campaign that was made under the same ID before. It must be the same one; what no flag says of its
// time may differ, for it was said at another moment.
func (f campaignFlags) known(ctx context.Context, t *consenttable.Table, c campaign.Campaign) (campaign.Campaign, error) {
	before, err := t.Campaign(ctx, c.ID)
	if err != nil {
		return c, err
	}
	if before.State == campaign.Canceled {
		return c, usageError{fmt.Errorf("--id: campaign %s was canceled; write another ID", c.ID)}
	}
	same := c
	same.Plan, same.Created, same.State, same.Why = before.Plan, before.Created, before.State, before.Why
	same.By = before.By
	if f.at == "" || f.local {
		same.At = before.At
	}
	if f.expires == "" && !f.local {
		same.Expires = before.At.Add(cmp.Or(f.lasts, runsFor))
	}
	if !reflect.DeepEqual(same, before) {
		return c, usageError{fmt.Errorf("--id: campaign %s has been made before, and says something else or at another time; write another ID", c.ID)}
	}
	return before, nil
}
