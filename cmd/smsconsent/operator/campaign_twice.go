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

// maxName is how many letters a campaign's name may have.
const maxName = 64

// campaignID returns the ID of a new campaign: the one in --id, the one that its name always has, or a new one.
func (f campaignFlags) campaignID(now time.Time) (string, error) {
	if f.id == "" {
		id, err := ulid.New(ulid.Timestamp(now), rand.Reader)
		if err != nil {
			return "", fmt.Errorf("make campaign ID: %w", err)
		}
		return id.String(), nil
	}
	id, _, err := parseID("--id", f.id)
	return id, err
}

// name returns the name that --id gives a campaign; empty for an ID.
func (f campaignFlags) name() string {
	if _, isName, err := parseID("--id", f.id); err != nil || !isName {
		return ""
	}
	return f.id
}

// parseID returns the ID in an argument, or the ID that the argument always has as a name.
func parseID(argument, value string) (id string, isName bool, err error) {
	if id, err := ulid.ParseStrict(value); err == nil {
		return id.String(), false, nil
	}
	if value == "" {
		return "", false, usageError{fmt.Errorf("%s: write the ID of a campaign, or its name", argument)}
	}
	if len(value) > maxName {
		return "", false, usageError{fmt.Errorf("%s: the name has %d letters; write at most %d", argument, len(value), maxName)}
	}
	sum := sha256.Sum256([]byte("campaign " + value))
	return ulid.ULID(sum[:16]).String(), true, nil
}

// findCampaign returns the ID of the campaign or series that an argument names. A name must exist.
func findCampaign(ctx context.Context, t *consenttable.Table, argument, value string) (string, error) {
	id, isName, err := parseID(argument, value)
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

// store stores the campaign and makes the schedule that wakes it. It returns the campaign as it is stored: with --id
// it may have existed before.
func (f campaignFlags) store(ctx context.Context, s *wiring.Deployment, c campaign.Campaign) (campaign.Campaign, error) {
	t := consentTable(s)
	create := t.CreateUniqueCampaign
	if f.again {
		create = t.CreateCampaign
	} else if err := f.checkSeries(ctx, t, &c); err != nil {
		return c, err
	}
	err := explainTwin(create(ctx, c))
	if errors.Is(err, consenttable.ErrExists) && f.id != "" {
		if c, err = f.existing(ctx, t, c); err == nil && c.State != campaign.Scheduled {
			return c, nil
		}
	}
	if err != nil {
		return c, err
	}
	return c, wake(ctx, s, c.ID, "campaign-"+c.ID, c.At, c.State)
}

// checkSeries refuses a new campaign that has the same content as a run of a series at the same time.
func (f campaignFlags) checkSeries(ctx context.Context, t *consenttable.Table, c *campaign.Campaign) error {
	if f.id != "" {
		if _, err := t.Campaign(ctx, c.ID); !errors.Is(err, consenttable.ErrNotFound) {
			return err // it exists, and store will compare the two
		}
	}
	return explainTwin(checkSeriesTwins(ctx, t, c))
}

// checkTwin refuses, before the user is asked, a campaign that storing would refuse.
func (f campaignFlags) checkTwin(ctx context.Context, t *consenttable.Table, c campaign.Campaign) error {
	if f.again || f.inSeries != "" {
		return nil
	}
	if _, err := t.Campaign(ctx, c.ID); !f.editing && !errors.Is(err, consenttable.ErrNotFound) {
		return err // it exists, and store will compare the two
	}
	alike, err := t.CampaignsLike(ctx, &c)
	if err != nil {
		return err
	}
	for i := range alike {
		if other := &alike[i]; c.Repeats(other) && c.Overlaps(other.Run()) {
			return explainTwin(&consenttable.DuplicateError{Run: other.Run(), Name: other.Name})
		}
	}
	if err := explainTwin(checkSeriesTwins(ctx, t, &c)); err != nil || f.series == nil {
		return err
	}
	series := *f.series
	series.Each = sharedByRuns(c)
	return explainTwin(checkRuns(ctx, t, series, c))
}

// checkSeriesTwins returns a DuplicateError where a future run of a series has the same content as one of the
// campaigns at the same time.
func checkSeriesTwins(ctx context.Context, t *consenttable.Table, campaigns ...*campaign.Campaign) error {
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
				return &consenttable.DuplicateError{Run: run, Series: all[i].ID, Name: all[i].Name}
			}
		}
	}
	return nil
}

// maxCompared is how many runs of a new series are compared with others. Two schedules may both go on for ever.
const maxCompared = 20

// checkRuns returns a DuplicateError where a later run of a new series has the same content as a campaign, or as a
// run of another series, at the same time.
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
			return &consenttable.DuplicateError{Run: alike[i].Run(), Name: alike[i].Name}
		}
	}
	var runs []*campaign.Campaign
	for range maxCompared {
		var run campaign.Campaign
		if series, run, err = series.Next(series.Last); err != nil {
			return err
		}
		if series.State == campaign.Done {
			break
		}
		runs = append(runs, &run)
	}
	return checkSeriesTwins(ctx, t, runs...)
}

// explainTwin adds to a DuplicateError what the user can do.
func explainTwin(err error) error {
	if twin, ok := errors.AsType[*consenttable.DuplicateError](err); ok {
		return usageError{fmt.Errorf(
			"%w; change the text they share in whatever language, --at or --expires, or say --again if both are to go out", twin)}
	}
	return err
}

// existing returns the campaign that was made before with the same ID. It must be the same. Times that no flag sets
// may differ, because the command ran at another moment.
func (f campaignFlags) existing(ctx context.Context, t *consenttable.Table, c campaign.Campaign) (campaign.Campaign, error) {
	before, err := t.Campaign(ctx, c.ID)
	if err != nil {
		return c, err
	}
	if before.State == campaign.Canceled {
		return c, usageError{fmt.Errorf("--id: campaign %s was canceled; write another ID", c.ID)}
	}
	same := c
	same.Plan, same.Created, same.State, same.Why = before.Plan, before.Created, before.State, before.Why
	same.By, same.Name = before.By, before.Name
	if f.at == "" || f.local {
		same.At = before.At
	}
	if f.expires == "" && !f.local {
		same.Expires = before.At.Add(cmp.Or(f.lasts, defaultDuration))
	}
	if !reflect.DeepEqual(same, before) {
		return c, usageError{fmt.Errorf("--id: campaign %s has been made before, and says something else or at another time; write another ID", c.ID)}
	}
	return before, nil
}
