package sendcheck

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/table"
)

// repeat makes the next run of a series when the run before it begins, and a schedule for the one after. The run is
// stored before the series, under an ID computed from its time. So a call that is ended in between, or repeated,
// makes no second run.
func (h *Handler) repeat(ctx context.Context, id string) error {
	s, err := h.Table.Series(ctx, id)
	for err == nil && s.State == campaign.Running {
		var begins time.Time
		if begins, err = s.Begins(); err == nil && h.Now().Before(begins.Add(-early)) {
			err = h.wakeSeries(ctx, id, begins)
			break
		}
		if err == nil {
			s, err = h.makeRun(ctx, s)
		}
	}
	if errors.Is(err, table.ErrConflict) {
		return nil // another call is making the run, or has changed the series and made a schedule
	}
	if err != nil {
		return fmt.Errorf("series %s: %w", id, err)
	}
	return nil
}

// makeRun makes the next run of a series, and returns the changed series.
func (h *Handler) makeRun(ctx context.Context, s campaign.Series) (campaign.Series, error) {
	next, run, err := s.Next(h.Now())
	if err != nil {
		return s, err
	}
	if left := next.Skipped - s.Skipped; left > 0 {
		h.Log.WarnContext(ctx, "runs of a series are left out whose time has passed", "series", s.ID, "runs", left)
	}
	if next.State == campaign.Running {
		if why, err := h.tooDear(ctx, &s, run); err != nil {
			return s, err
		} else if why != "" {
			return h.withhold(ctx, s, why)
		}
		run.Created = h.Now().UTC()
		if err := h.Table.CreateCampaign(ctx, run); err != nil && !errors.Is(err, table.ErrExists) {
			return s, err
		}
		if err := h.Schedules.Once(ctx, "campaign-"+run.ID, run.At, fmt.Sprintf(`{"campaign":%q}`, run.ID)); err != nil {
			return s, err
		}
	}
	if err := h.Table.SaveSeries(ctx, next); err != nil {
		return s, err
	}
	next.Version++
	return next, nil
}

// tooDear returns why a run costs more than its series allows, empty where it does not.
func (h *Handler) tooDear(ctx context.Context, s *campaign.Series, run campaign.Campaign) (string, error) {
	if s.Most == nil {
		return "", nil
	}
	p, err := h.Plan(ctx, run)
	return s.TooDear(&run, p.Cost, p.Unpriced), err
}

// withhold pauses a series whose next run is not made, until a person resumes it.
func (h *Handler) withhold(ctx context.Context, s campaign.Series, why string) (campaign.Series, error) {
	s.State, s.Why = campaign.Paused, why
	if err := h.Table.SaveSeries(ctx, s); err != nil {
		return s, err
	}
	h.Log.WarnContext(ctx, "a series is paused: its next run costs too much", "series", s.ID, "reason", why)
	h.Metrics.Count("CampaignPaused", 1)
	return s, nil
}

func (h *Handler) wakeSeries(ctx context.Context, id string, at time.Time) error {
	name := "campaign-series-" + id + "-" + strconv.FormatInt(at.Unix(), 10)
	return h.Schedules.Once(ctx, name, at, fmt.Sprintf(`{"series":%q}`, id))
}

// watchSeries looks at every series, because its schedule may have been lost.
func (h *Handler) watchSeries(ctx context.Context) error {
	all, err := h.Table.AllSeries(ctx)
	for i := range all {
		if all[i].State == campaign.Running {
			err = errors.Join(err, h.repeat(ctx, all[i].ID))
		}
	}
	return err
}
