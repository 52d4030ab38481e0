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
	if id, err := ulid.ParseStrict(f.id); err == nil {
		return id.String(), nil
	}
	if len(f.id) > longestName {
		return "", usageError{fmt.Errorf("--id: the name has %d letters; write at most %d", len(f.id), longestName)}
	}
	sum := sha256.Sum256([]byte("campaign " + f.id))
	return ulid.ULID(sum[:16]).String(), nil
}

// store makes the campaign and the schedule that wakes it, and returns it as it is stored: under --id it may have been
// there before.
func (f campaignFlags) store(ctx context.Context, s *wiring.Deployment, c campaign.Campaign) (campaign.Campaign, error) {
	t := consentTable(s)
	create := t.CreateOnlyCampaign
	if f.again {
		create = t.CreateCampaign
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

// orTwin says of an error that is a twin what may be done.
func orTwin(err error) error {
	if twin, ok := errors.AsType[*consenttable.TwinError](err); ok {
		return usageError{fmt.Errorf("%w; change --text, --at or --expires, or say --again if both are to go out", twin)}
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
