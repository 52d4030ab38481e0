package outbox

import (
	"context"
	"sync"
	"time"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/timeleft"
)

// Turns gives out the turns of origination identities to all who send by them, in whatever process.
type Turns interface {
	// TakeTurns takes turns that last so long together, and returns when the first begins. Nobody else gets them.
	TakeTurns(ctx context.Context, identity string, last time.Duration, now time.Time) (time.Time, error)
}

// SharedRate paces what is texted to many to the message parts a second of each origination identity, together with
// everybody else who takes turns from the same place: one job alone has all of the rate, and many overshoot it no more
// than one. A part of it is left for answers and questions, which nobody paces (CampaignRate).
//
// It goes by the real clock, as AWS does.
type SharedRate struct {
	turns Turns

	mu     sync.Mutex
	blocks map[string]*block // by origination identity
}

// CampaignRate returns how many of an identity's message parts a second campaigns and reminders take: all but a tenth,
// and all but a quarter of a part where that is more. So an answer or a question that comes while a campaign runs finds
// a second with room within four, about as long as the outbox is patient; with all of the rate taken AWS would throttle
// it for as long as the campaign runs.
func CampaignRate(perSecond int) float64 {
	const tenth, quarter = 0.1, 0.25
	return float64(perSecond) - max(tenth*float64(perSecond), quarter)
}

// NewSharedRate makes a pacer.
func NewSharedRate(turns Turns) *SharedRate {
	return &SharedRate{turns: turns, blocks: map[string]*block{}}
}

// Wait blocks until the identity may send the parts.
func (s *SharedRate) Wait(ctx context.Context, p *program.Program, parts int) error {
	ctx, cancel := withEarlierDeadline(ctx, timeleft.Reserve)
	defer cancel()
	turn, err := s.block(p.Identity.String()).next(ctx, s.turns, p, min(max(parts, 1), longestText))
	if err != nil {
		return err
	}
	return waitUntil(ctx, turn)
}

// longestText is the parts of 1,600 characters, the most SendTextMessage takes, in UCS-2.
const longestText = 24

func (s *SharedRate) block(identity string) *block {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.blocks[identity]
	if !ok {
		b = &block{identity: identity, free: make(chan struct{}, 1)}
		s.blocks[identity] = b
	}
	return b
}

// block is some turns taken at once, so that not every text asks for its own. Half a second of the rate is long enough
// for a fast identity, and short enough for others to get their turn; of a slow one a few turns are taken.
type block struct {
	identity string

	free chan struct{} // full while somebody looks or asks for turns; others give up waiting when their time is up
	from time.Time     // when the next turn begins
	left int           // parts
}

const (
	fewestTurns, mostTurns = 10, 100

	// stale is how late a turn may be used. One that a function slept over is not: what others send since then does not
	// count with it.
	stale = 2 * time.Second
)

// next returns when the turn of the next parts begins.
func (b *block) next(ctx context.Context, turns Turns, p *program.Program, parts int) (time.Time, error) {
	select {
	case b.free <- struct{}{}:
		defer func() { <-b.free }()
	case <-ctx.Done():
		return time.Time{}, timeleft.ErrShort
	}
	perSecond := CampaignRate(p.PerSecond)
	lasts := func(parts int) time.Duration { return time.Duration(float64(parts) / perSecond * float64(time.Second)) }
	if now := time.Now(); b.left < parts || now.Sub(b.from) > stale {
		if ctx.Err() != nil {
			return time.Time{}, timeleft.ErrShort
		}
		texts := max(1, min(max(int(perSecond/2), fewestTurns), mostTurns)/parts)
		from, err := turns.TakeTurns(ctx, b.identity, lasts(texts*parts), now)
		if err != nil {
			return time.Time{}, err
		}
		b.from, b.left = from, texts*parts
	}
	turn := b.from
	b.from, b.left = b.from.Add(lasts(parts)), b.left-parts
	return turn, nil
}

// waitUntil waits for an instant. It returns timeleft.ErrShort at once where the context ends before.
func waitUntil(ctx context.Context, at time.Time) error {
	if end, ok := ctx.Deadline(); ctx.Err() != nil || ok && end.Before(at) {
		return timeleft.ErrShort
	}
	if timeleft.Pause(ctx, time.Until(at)) != nil {
		return timeleft.ErrShort
	}
	return nil
}
