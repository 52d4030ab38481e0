package wiring

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"smsconsent/shared/core/program"
)

// counted has put other programs in force each time it is asked; from the first question on where it is down it never
// answers.
type counted struct {
	Published
	asked int64
	down  bool
}

func (c *counted) InForce(ctx context.Context) (program.Publication, error) {
	c.asked++
	if c.down {
		<-ctx.Done()
		return program.Publication{}, ctx.Err()
	}
	return program.Publication{Number: c.asked}, nil
}

// What is in force is asked before anybody wants to know, and of that answer only the first who does is told: later
// ones want to hear of what was published since.
func TestTheAnswerGotAheadIsGivenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c counted
		a := askedAhead(t.Context(), &c)
		synctest.Wait()
		if c.asked != 1 {
			t.Errorf("asked %d times ahead", c.asked)
		}
		for want := range int64(3) {
			if p, err := a.InForce(t.Context()); err != nil || p.Number != want+1 || c.asked != want+1 {
				t.Errorf("told of publication %d after %d questions, %v; want %d", p.Number, c.asked, err, want+1)
			}
		}
		c.down = true
		if _, err := askedAhead(t.Context(), &c).InForce(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("of one that does not answer: %v", err)
		}
	})
}
