package queue_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/shared/edge/queue"
)

// A function begins nothing more once it could not queue the rest any more. Time is virtual here.
func TestShortOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if queue.ShortOfTime(t.Context()) {
			t.Error("without an end")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		time.Sleep(time.Minute - queue.Reserve)
		if queue.ShortOfTime(ctx) {
			t.Error("with all of the reserve")
		}
		time.Sleep(time.Nanosecond)
		if !queue.ShortOfTime(ctx) {
			t.Error("not when the reserve is touched")
		}
	})
}
