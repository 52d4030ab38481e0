package consent

import (
	"slices"
	"time"
)

// answers is how long after a campaign's text a STOP counts as an answer to it.
const answers = 3 * 24 * time.Hour

// answerCampaign notes, for the next event, which campaign the end of a topic answers. Each text is answered at most
// once.
func (ch *Change) answerCampaign(topic string, at time.Time) {
	last := -1
	for i := range ch.Next.Claims {
		cl := &ch.Next.Claims[i]
		of := cl.Campaign != "" && slices.Contains(cl.Topics, topic)
		if of && cl.At.Before(at) && at.Sub(cl.At) <= answers && (last < 0 || cl.At.After(ch.Next.Claims[last].At)) {
			last = i
		}
	}
	if last < 0 || ch.Next.Claims[last].Answered {
		return
	}
	ch.Next.Claims = slices.Clone(ch.Next.Claims)
	ch.Next.Claims[last].Answered = true
	if ch.effect.Answers == nil {
		ch.effect.Answers = map[string]string{}
	}
	ch.effect.Answers[topic] = ch.Next.Claims[last].Campaign
}
