// Package tally counts the outcomes of campaigns' texts, and pauses a topic's campaigns when more goes wrong than its
// limits allow.
package tally

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
)

// Store is the part of the consent table that counting uses. Package table says which errors its methods return and
// which may be repeated: CountOptOut may, CountFates may not.
type Store interface {
	CountFates(ctx context.Context, id string, f campaign.Fates) (campaign.Tally, error)
	CountOptOut(ctx context.Context, id, once string, now time.Time) (campaign.Tally, error)
	AnswerFates(ctx context.Context, id string, so campaign.Fates) error
	Campaigns(ctx context.Context) ([]campaign.Campaign, error)
	SetCampaignState(ctx context.Context, id string, from []campaign.State, to campaign.State, why string) error
}

// Tally counts the outcomes of campaigns of all topics in a catalog.
type Tally struct {
	Catalog *program.Catalog
	Store   Store
	Log     *slog.Logger
	Metrics *telemetry.Metrics // nil for none
}

// Campaign is the campaign whose texts are counted.
type Campaign struct {
	Brand string `json:"brand"`
	Topic string `json:"topic"`
	ID    string `json:"campaign"`
}

// OptOut is an opt-out that answers a campaign's text. It is queued together with delivery events.
type OptOut struct {
	Campaign

	Once string `json:"once"` // hash of its event in the ledger, so that it is counted once
}

// OptedOut is the form of an OptOut in the queue.
type OptedOut struct {
	OptOut *OptOut `json:"optout"`
}

// ReadOptOut reads an OptOut from the queue, and returns false for anything else.
func ReadOptOut(body string) (OptOut, bool) {
	var o OptedOut
	if err := json.Unmarshal([]byte(body), &o); err != nil || o.OptOut == nil {
		return OptOut{}, false
	}
	return *o.OptOut, true
}

// Count adds outcomes to those of a campaign, and pauses campaigns whose limits are exceeded. Called again it counts
// again.
func (t *Tally) Count(ctx context.Context, of Campaign, f campaign.Fates) error {
	tally, err := t.Store.CountFates(ctx, of.ID, f)
	if err != nil {
		return err
	}
	return t.judge(ctx, of, tally)
}

// CountOptOut adds one opt-out to the outcomes of its campaign, and pauses campaigns whose limits are exceeded. It
// may be repeated.
func (t *Tally) CountOptOut(ctx context.Context, o OptOut, now time.Time) error {
	tally, err := t.Store.CountOptOut(ctx, o.ID, o.Once, now)
	if err != nil {
		return err
	}
	return t.judge(ctx, o.Campaign, tally)
}

// judge pauses all scheduled and running campaigns of the topic where its limits are exceeded. It marks the outcomes
// as dealt with only after that, so a call that fails half way is completed by the next.
func (t *Tally) judge(ctx context.Context, of Campaign, tally campaign.Tally) error {
	brand, ok := t.Catalog.Brand(of.Brand)
	if !ok {
		return nil
	}
	_, topic, ok := brand.Topic(of.Topic)
	if !ok {
		return nil // the topic is no longer in programs.yaml, so its campaigns send nothing
	}
	why, exceeds := tally.Exceeds(topic.Limits)
	if !exceeds {
		return nil
	}
	if err := t.pause(ctx, of, why); err != nil {
		return err
	}
	return t.Store.AnswerFates(ctx, of.ID, tally.All)
}

func (t *Tally) pause(ctx context.Context, of Campaign, why string) error {
	all, err := t.Store.Campaigns(ctx)
	if err != nil {
		return err
	}
	waits := []campaign.State{campaign.Scheduled, campaign.Running}
	for _, c := range all {
		if c.Brand != of.Brand || c.Topic != of.Topic || (c.State != campaign.Scheduled && c.State != campaign.Running) {
			continue
		}
		because := why
		if c.ID != of.ID {
			because = "campaign " + of.ID + " of this topic: " + why
		}
		err := t.Store.SetCampaignState(ctx, c.ID, waits, campaign.Paused, because)
		if errors.Is(err, table.ErrConflict) {
			continue // it ended or was paused meanwhile
		}
		if err != nil {
			return fmt.Errorf("pause campaign %s: %w", c.ID, err)
		}
		t.Log.WarnContext(ctx, "campaign paused", "campaign", c.ID, "reason", because)
		t.Metrics.Count("CampaignPaused", 1)
	}
	return nil
}
