package sendcheck

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sourcegraph/conc"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// became is the outcomes of the people on a page.
type became struct {
	counts  campaign.Counts
	until   time.Time    // when the first waiting person may be tried again; zero for nobody
	stopped bool         // the campaign was stopped before all were handled
	behind  phone.Number // the last person handled before it was stopped; empty for nobody
}

// texts sends to the people of a page, records the texts and counts the outcomes.
func (v *visit) texts(
	ctx context.Context, people []consent.Contact, attributes map[consent.Key]map[string]string,
) (became, error) {
	s := sending{visit: v, people: people, attributes: attributes, outcomes: make([]outbox.Outcome, len(people))}
	if err := s.all(ctx); err != nil {
		return became{}, err
	}
	b, done := became{stopped: s.stopped}, s.begun
	if s.quota != nil {
		b.stopped, done = true, slices.IndexFunc(s.outcomes, isQuota)
		if err := v.pause(ctx, s.quota); err != nil {
			return became{}, err
		}
	}
	for i := range done {
		out := &s.outcomes[i]
		b.until, b.behind = earlier(b.until, v.count(&b.counts, *out)), people[i].Phone
		if out.Texted() {
			v.texted = append(v.texted, people[i].Phone)
		}
	}
	return b, nil
}

// isQuota reports whether the carrier takes no more texts.
func isQuota(out outbox.Outcome) bool { return out.Rejection != nil && out.Rejection.Quota }

// sending is the texts of a page while they are being sent. Several are sent at the same time, and none waits for
// another, so that the allowed number is in use however long the carrier takes for each.
type sending struct {
	*visit
	people     []consent.Contact
	attributes map[consent.Key]map[string]string

	mu       sync.Mutex
	begun    int              // people begun with, in their order
	outcomes []outbox.Outcome // their outcomes
	sent     []table.Sent     // texts not recorded yet, less than a batch

	// Why no further person is begun with.
	stopped      bool // the campaign was stopped
	quota        *outbox.Rejection
	lost, failed error // errors of recording texts, and other errors
}

// all texts the people. After an error, or where the carrier takes no more or the campaign was stopped, it begins
// with nobody else. It waits for those it began with and records their texts (I3). An error in recording counts
// before any other, because the job must then not pass as done.
func (s *sending) all(ctx context.Context) error {
	var workers conc.WaitGroup
	for range min(s.AtOnce, len(s.people)) {
		workers.Go(func() {
			for i, ok := s.begin(ctx); ok; i, ok = s.begin(ctx) {
				out, err := s.send(ctx, s.people[i], s.attributes[s.people[i].Key])
				s.end(ctx, i, out, err)
			}
		})
	}
	workers.Wait()
	return cmp.Or(s.Outbox.Record(ctx, s.sent...), s.lost, s.failed)
}

// begin returns the next person. After a number of people it checks whether the campaign still runs, and nobody is
// begun with meanwhile. So in a stopped campaign everybody who was texted comes before everybody who was not.
func (s *sending) begin(ctx context.Context) (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	over := func() bool {
		return s.begun == len(s.people) || s.stopped || s.quota != nil || s.lost != nil || s.failed != nil
	}
	if !over() && s.begun > 0 && s.begun%s.ask == 0 {
		s.stopped, s.failed = s.isStopped(ctx)
	}
	if over() {
		return 0, false
	}
	s.begun++
	return s.begun - 1, true
}

// end keeps the outcome of a person. Full batches of texts are recorded while others are being sent.
func (s *sending) end(ctx context.Context, i int, out outbox.Outcome, err error) {
	full := s.takeDown(i, out, err)
	if err := s.Outbox.Record(ctx, full...); err != nil {
		s.mu.Lock()
		s.lost = err
		s.mu.Unlock()
	}
}

// takeDown keeps an outcome, and returns a batch of texts to record where it is full.
func (s *sending) takeDown(i int, out outbox.Outcome, err error) (full []table.Sent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outcomes[i], s.failed = out, cmp.Or(s.failed, err)
	if isQuota(out) {
		s.quota = out.Rejection
	}
	if out.Sent != nil {
		s.sent = append(s.sent, *out.Sent)
	}
	if len(s.sent) == batch {
		full, s.sent = s.sent, nil
	}
	return full
}

// send texts one person, or finds that it may not. For a campaign whose topic is gone, people who were not texted
// before count as expired.
func (v *visit) send(ctx context.Context, c consent.Contact, attributes map[string]string) (outbox.Outcome, error) {
	if topic, ok := v.topic(); ok {
		text := v.text
		text.Body = v.campaign.Words(topic, c.Locale, attributes)
		return v.Outbox.Send(ctx, c, text)
	}
	_, texted := c.CampaignClaim(v.campaign.ID)
	return outbox.Outcome{Already: texted, Decision: gate.Decision{Verdict: gate.Refuse, Rule: gate.CampaignWindow}}, nil
}

// topic returns the campaign's topic, and false where it is not in programs.yaml.
func (v *visit) topic() (*program.Topic, bool) {
	if v.text.Program == nil {
		return nil, false
	}
	return v.text.Program.Topic(v.text.Topic)
}
