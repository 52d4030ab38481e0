package audit

import (
	"context"
	"slices"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience/walk"
)

// lawDays is how many days ahead somebody hears that a rule changes: time to read it, and to move a campaign.
const lawDays = 30

// lawsAhead tells which rules change within the month where people of any list may be: a log line each, and the metric
// that an alarm reads. The metric is counted where it is zero, too: that ends the alarm. Where the lists cannot be read
// it says so and counts nothing; the next day's run tells.
func (h *Handler) lawsAhead(ctx context.Context) {
	var areas []phone.Area
	for _, b := range h.Catalog.Brands {
		for _, p := range b.Programs {
			for _, t := range p.Topics {
				in, err := walk.Areas(ctx, h.Audience, b.ID, t.ID)
				if err != nil {
					h.Log.ErrorContext(ctx, "cannot tell which changes of law matter", "error", err)
					return
				}
				areas = append(areas, in...)
			}
		}
	}
	slices.Sort(areas)
	today := jurisdiction.DateOf(h.Now())
	changes := jurisdiction.Changes(
		jurisdiction.Laws(jurisdiction.Review{}), slices.Compact(areas), today, today.Plus(lawDays),
	)
	for _, c := range changes {
		h.Log.WarnContext(ctx, "a rule changes where people are on the lists",
			"place", c.Place, "rule", c.Rule, "day", c.On.String())
	}
	ahead := len(changes)
	h.Metrics.Count("LawChangesAhead", ahead)
}
