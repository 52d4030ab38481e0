package operator

import (
	"context"
	"io"
	"reflect"
	"time"

	"smsconsent/shared/edge/wiring"
)

// tellEvery is how often somebody who waits hears how far a campaign has come.
const tellEvery = 2 * time.Second

// meanwhile does what may take long, and tells at each tick how far a campaign has come if that changed: a local stack
// does what is due before it answers, and a campaign that begins now is.
func meanwhile(
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
			continue // it is not stored yet, or there is nothing new
		}
		if err := now.print(w, false); err != nil {
			return err
		}
		last = now
	}
}
