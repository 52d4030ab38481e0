package operator

import (
	"context"
	"io"
	"reflect"
	"time"

	"smsconsent/shared/edge/wiring"
)

// progressInterval is how often a waiting user sees how far a campaign has come.
const progressInterval = 2 * time.Second

// showProgress calls do, which may take long, and meanwhile prints at each tick how far the campaign has come, where
// that changed. It is for local stacks, which do everything that is due before they answer, such as a campaign that
// begins now.
func showProgress(
	ctx context.Context, w io.Writer, s *wiring.Deployment, id string, ticks <-chan time.Time, do func() error,
) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	var last campaignRow
	for {
		select {
		case err := <-done:
			return err
		case <-ticks:
		}
		now, err := rowOf(ctx, s, id)
		if err != nil || reflect.DeepEqual(now, last) {
			continue // the campaign is not stored yet, or nothing has changed
		}
		if err := now.print(w, false); err != nil {
			return err
		}
		last = now
	}
}
