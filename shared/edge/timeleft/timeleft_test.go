package timeleft_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/shared/edge/timeleft"
)

// A function begins nothing more once it could not queue the rest any more. Time is virtual here.
func TestShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if timeleft.Short(t.Context()) {
			t.Error("without an end")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		time.Sleep(time.Minute - timeleft.Reserve)
		if timeleft.Short(ctx) {
			t.Error("with all of the reserve")
		}
		time.Sleep(time.Nanosecond)
		if !timeleft.Short(ctx) {
			t.Error("not when the reserve is touched")
		}
	})
}
