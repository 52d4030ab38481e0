package outbox

import (
	"context"
	"sync"
	"time"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/timeleft"
)

// Turns hands out sending times of origination identities to all senders, in any process.
type Turns interface {
	// TakeTurns reserves sending time of that length, and returns when it begins. No other caller gets the same time.
	TakeTurns(ctx context.Context, identity string, last time.Duration, now time.Time) (time.Time, error)
}

// SharedRate keeps texts to many people within the message parts per second of each origination identity, together
// with all other processes that use the same Turns. One job alone gets the whole rate, and many jobs together do not
// exceed it. A part of the rate is left for replies and confirmation requests, which are not paced (CampaignRate).
//
// It uses the real clock, as AWS does.
type SharedRate struct {
	turns Turns

	mu     sync.Mutex
	blocks map[string]*block // by origination identity
}

// CampaignRate returns how many message parts per second campaigns and reminders may use of an identity's rate: all
// but a tenth or, where that is more, a quarter of a part. So a reply or confirmation request during a campaign finds
// a free second within four, which is about how long the outbox waits. With the whole rate in use, AWS would throttle
// it for as long as the campaign runs.
func CampaignRate(perSecond int) float64 {
	const tenth, quarter = 0.1, 0.25
	return float64(perSecond) - max(tenth*float64(perSecond), quarter)
}

// NewSharedRate makes a SharedRate.
func NewSharedRate(turns Turns) *SharedRate {
	return &SharedRate{turns: turns, blocks: map[string]*block{}}
}

// Wait blocks until the identity may send the parts. It returns queue.ErrShortOfTime at once where ctx ends before
// that.
func (s *SharedRate) Wait(ctx context.Context, p *program.Program, parts int) error {
	ctx, cancel := withEarlierDeadline(ctx, timeleft.Reserve)
	defer cancel()
	turn, err := s.block(p.Identity.String()).next(ctx, s.turns, p, min(max(parts, 1), longestText))
	if err != nil {
		return err
	}
	return waitUntil(ctx, turn)
}

// longestText is the message parts of 1,600 characters in UCS-2, the longest text that SendTextMessage takes.
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

// block is some sending time reserved at once, so that not every text asks for its own. It is half a second of a fast
// identity's rate, so that others get their turn, and a few turns of a slow one.
type block struct {
	identity string

	free chan struct{} // a lock that waiters can give up: full while one of them uses the block
	from time.Time     // when the next turn begins
	left int           // parts
}

const (
	fewestTurns, mostTurns = 10, 100

	// stale is how late a turn may be used. A turn from before a function was frozen must not be used, because other
	// processes did not count it.
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

// waitUntil waits for a time. It returns queue.ErrShortOfTime at once where ctx ends before it.
func waitUntil(ctx context.Context, at time.Time) error {
	if end, ok := ctx.Deadline(); ctx.Err() != nil || ok && end.Before(at) {
		return timeleft.ErrShort
	}
	if timeleft.Pause(ctx, time.Until(at)) != nil {
		return timeleft.ErrShort
	}
	return nil
}
