package audit

import (
	"context"
	"time"

	"smsconsent/shared/core/report"
)

// Publish is what the end of a run does with its figures.
func (h *Handler) Publish(ctx context.Context, began time.Time, f report.Figures) error {
	return h.publish(ctx, began, f)
}

// Lives is asked by tests.
var Lives = lives
