package audit

import (
	"context"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience/walk"
)

// lawDays is how many days in advance people are told that a rule changes: time to read it and to move a campaign.
const lawDays = 30

// lawsAhead reports rules that change within the month in places where people on some list may be: a log line for
// each, and a metric for the alarm. The metric is also sent as zero, which ends the alarm. Where the lists cannot be
// read it logs that and sends no metric; the run of the next day reports.
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
	today := jurisdiction.DateOf(h.Now())
	changes := jurisdiction.Changes(jurisdiction.Laws(jurisdiction.Review{}), areas, today, today.Plus(lawDays))
	for _, c := range changes {
		h.Log.WarnContext(ctx, "a rule changes where people are on the lists",
			"place", c.Place, "rule", c.Rule, "day", c.On.String())
	}
	ahead := len(changes)
	h.Metrics.Count("LawChangesAhead", ahead)
}
