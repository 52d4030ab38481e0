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

// became is what became of the people of a page.
type became struct {
	counts  campaign.Counts
	until   time.Time    // when the first of those who wait may be tried again; zero where nobody waits
	stopped bool         // the campaign was, before all were done with
	behind  phone.Number // where it was stopped: the last who was done with; empty for nobody
}

// texts sends to the people of a page, puts on record what went out and counts what became of each.
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

// isQuota reports whether the carrier takes nothing more.
func isQuota(out outbox.Outcome) bool { return out.Rejection != nil && out.Rejection.Quota }

// sending is the texts of a page on their way. Some are sent at once, and none of them waits for another: so hardly
// ever fewer are on their way than may be, however long the carrier takes for each.
type sending struct {
	*visit
	people     []consent.Contact
	attributes map[consent.Key]map[string]string

	mu       sync.Mutex
	begun    int              // how many of the people, in their order
	outcomes []outbox.Outcome // of those
	sent     []table.Sent     // what is not on record yet, less than a batch

	// Why nobody is begun with any more.
	stopped      bool // the campaign was
	quota        *outbox.Rejection
	lost, failed error // of putting texts on record, and of anything else
}

// all texts the people. After an error, or where the carrier takes nothing more or the campaign was stopped, it begins
// with nobody else; those it began with are waited for, and what went out is put on record (I3). Where that fails
// nothing else matters, and the job must not pass for one that handed on its work.
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

// begin returns who is next. Every so many people it looks whether the campaign still runs, and nobody is begun with
// meanwhile: so those of a stopped campaign who were texted are all in front of those who were not.
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

// end takes down what became of somebody. What went out is put on record by the batch, while others go on.
func (s *sending) end(ctx context.Context, i int, out outbox.Outcome, err error) {
	full := s.takeDown(i, out, err)
	if err := s.Outbox.Record(ctx, full...); err != nil {
		s.mu.Lock()
		s.lost = err
		s.mu.Unlock()
	}
}

// takeDown returns what is to be put on record: a batch of it, or nothing.
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

// send texts one person, or finds that it may not. A campaign that outlived its topic has nothing to say: whom it did
// not text before has it expired for.
func (v *visit) send(ctx context.Context, c consent.Contact, attributes map[string]string) (outbox.Outcome, error) {
	if topic, ok := v.topic(); ok {
		text := v.text
		text.Body = v.campaign.Words(topic, c.Locale, attributes)
		return v.Outbox.Send(ctx, c, text)
	}
	_, texted := c.CampaignClaim(v.campaign.ID)
	return outbox.Outcome{Already: texted, Decision: gate.Decision{Verdict: gate.Refuse, Rule: gate.CampaignWindow}}, nil
}

// topic returns what the campaign is about, where programs.yaml still knows.
func (v *visit) topic() (*program.Topic, bool) {
	if v.text.Program == nil {
		return nil, false
	}
	return v.text.Program.Topic(v.text.Topic)
}
