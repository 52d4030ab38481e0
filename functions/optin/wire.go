package optin

import (
	"context"
	"crypto/rand"

	"smsconsent/shared/captcha"
	"smsconsent/shared/gate"
	"smsconsent/shared/stack"
)

// limit is how many sign-ups one network may send in an hour: many phones share one address of a mobile carrier, and
// what keeps scripts off is the puzzle.
const limit = 60

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, s *stack.Stack) (*Handler, error) {
	t, err := s.SealedTable(ctx)
	if err != nil {
		return nil, err
	}
	g, err := gate.New(s.Catalog)
	if err != nil {
		return nil, err
	}
	key, err := s.Key(ctx, s.Names.CaptchaKey)
	if err != nil {
		return nil, err
	}
	puzzle, err := captcha.NewAltcha(key, captcha.DefaultDifficulty(), rand.Reader, t)
	if err != nil {
		return nil, err
	}
	h := New(Handler{Catalog: s.Catalog, Gate: g, Outbox: s.Outbox(t, g), Captcha: puzzle, Limiter: t, Limit: limit, Now: s.Now, Log: s.Log, Metrics: s.Metrics})
	if s.Simulated {
		// Where the carrier is simulated, everybody who tries it out has the same address.
		h.Limit = 0
	}
	return h, nil
}
