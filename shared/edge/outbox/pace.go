package outbox

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/queue"
)

// SharedRate paces texts to an even share of each identity's message parts a second, because that many jobs may run at
// once, each in a process of its own. A part of the rate is left for answers and questions, which nobody paces
// (CampaignRate).
type SharedRate struct {
	share int

	mu       sync.Mutex
	limiters map[string]*rate.Limiter // by origination identity
}

// CampaignRate returns how many of an identity's message parts a second campaigns and reminders take: all but a tenth,
// and all but a quarter of a part where that is more. So an answer or a question that comes while a campaign runs finds
// a second with room within four, about as long as the outbox is patient; with all of the rate taken AWS would throttle
// it for as long as the campaign runs.
func CampaignRate(perSecond int) float64 {
	const tenth, quarter = 0.1, 0.25
	return float64(perSecond) - max(tenth*float64(perSecond), quarter)
}

// NewSharedRate makes a pacer that takes 1/share of what campaigns may have of each identity's rate.
func NewSharedRate(share int) *SharedRate {
	return &SharedRate{share: share, limiters: map[string]*rate.Limiter{}}
}

// Wait blocks until the identity may send the parts.
func (s *SharedRate) Wait(ctx context.Context, p *program.Program, parts int) error {
	ctx, cancel := withEarlierDeadline(ctx, queue.Reserve)
	defer cancel()
	// A text whose parts are more than this share of a slow identity sends in a minute is let out after a minute: waiting
	// for all of them could take longer than a function may run, and it would never go. AWS's own throttling holds then.
	l := s.limiter(p)
	if err := l.WaitN(ctx, min(parts, longestText, max(1, int(float64(l.Limit())*longestTurn.Seconds())))); err != nil {
		return queue.ErrShortOfTime
	}
	return nil
}

// longestTurn is the most one text waits for its turn once it is first in line.
const longestTurn = time.Minute

// longestText is the parts of 1,600 characters, the most SendTextMessage takes, in UCS-2.
const longestText = 24

func (s *SharedRate) limiter(p *program.Program) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := p.Identity.String()
	l, ok := s.limiters[key]
	if !ok {
		l = rate.NewLimiter(rate.Limit(CampaignRate(p.PerSecond)/float64(s.share)), longestText)
		// Begin without saved-up burst: eight jobs at once would otherwise start with eight bursts.
		l.AllowN(time.Now(), longestText)
		s.limiters[key] = l
	}
	return l
}
