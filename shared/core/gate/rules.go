package gate

import (
	"fmt"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

const (
	day = 24 * time.Hour

	// leastTime is the least time a text must have left before the window closes: less, and a carrier's queue could
	// deliver it at night.
	leastTime = time.Minute

	// questionLives is how long a carrier may try to bring a confirmation request to the phone: its owner may say STOP
	// meanwhile.
	questionLives = time.Hour

	// repliesADay bounds what two robots can say to each other in the long run (I9), programs.yaml what they say in an
	// hour. A person rarely needs more than three answers.
	repliesADay = 12

	// changesADay bounds the same for texts that tell of a change. They are owed to whoever says YES or STOP, whatever
	// else they were answered, and nobody in two minds changes it six times a day.
	changesADay = 6

	// leastDigest is how far apart the digests are of somebody who gets nothing else, across the end of a month.
	leastDigest = 14 * day

	// optOutReminder is how long a person may go without being told how to opt out.
	optOutReminder = 31 * day
)

// Rule is one reason a text may have to wait or stay unsent.
type Rule struct {
	Name      string // as records and explanations spell it
	Citation  string // the law, practice or AWS page it comes from
	Tier      jurisdiction.Tier
	Certainty jurisdiction.Certainty
	kinds     uint8
	check     func(inquiry) Answer
}

// Citation returns where a rule of that name comes from; empty where there is none.
func Citation(rule string) string {
	for i := range rules {
		if rules[i].Name == rule {
			return rules[i].Citation
		}
	}
	return ""
}

type inquiry struct {
	catalog *program.Catalog
	person  Person
	text    Text
	now     time.Time
}

const (
	confirmation = 1 << iota
	reply
	reminder
	renewal
	promotional
	transactional
	mass // besides transactional: the text goes to many, and nobody answers for it that it can't wait

	campaigns = promotional | transactional
	bulk      = promotional | reminder | renewal
	unasked   = bulk | transactional
	hourly    = bulk | confirmation | mass
	answers   = reply | confirmation
	every     = unasked | answers
)

func bitOf(k message.Kind) uint8 {
	switch k {
	case message.Confirmation:
		return confirmation
	case message.Reply:
		return reply
	case message.Reminder:
		return reminder
	case message.Renewal:
		return renewal
	case message.Transactional:
		return transactional
	default:
		// An unknown kind meets the rules of the strictest one.
		return promotional
	}
}

// bitsOf returns what a text is to the rules. An order of one person's is told at any hour; what is told to everybody
// on a topic may well wait until morning.
func bitsOf(t *Text) uint8 {
	bits := bitOf(t.Kind)
	if bits == transactional && t.Campaign != "" && !t.Urgent {
		bits |= mass
	}
	return bits
}

func (r *Rule) applies(bits uint8) bool { return r.kinds&bits != 0 }

// ObeysHours reports whether the text waits for the permitted hours of the places its phone may be in.
func (t Text) ObeysHours() bool { return bitsOf(&t)&hourly != 0 }

// The rules others ask for by name.
const (
	CampaignWindow    = "campaign-window"    // a text is too early or too late for its campaign
	PermittedHours    = "permitted-hours"    // what the laws and courtesies of each place say of the hour
	PromisedFrequency = "promised-frequency" // the topic's texts are as many as it promised
	LegalCap          = "legal-cap"          // all texts are as many as the law of a place allows
	LeastGap          = "least-gap"          // another promotional text went out just before
)

const (
	law      = jurisdiction.TierLaw
	carrier  = jurisdiction.TierCarrier
	guidance = jurisdiction.TierGuidance
	ours     = jurisdiction.TierDefault

	found = jurisdiction.Found
	mixed = jurisdiction.Mixed
)

// maxRules sizes a Decision, which holds every rule's answer without allocating.
const maxRules = len(rules)

const (
	practice = "AWS, SMS best practices: "
	tcpa     = "47 CFR 64.1200"
)

// rules is the whole gate. Order matters only between equally strict answers: the first of them is named.
var rules = [...]Rule{
	{"opted-out", tcpa + "(a)(10); CTIA Messaging Principles 5.1.3; " + practice + "respond appropriately", law, found, every &^ reply, optedOut},
	{"topic-consent", tcpa + "(a)(2); " + practice + "obtain permission; maintain independent lists", law, found, unasked | confirmation, topicConsent},
	{"origination-identity", practice + "use dedicated short codes", guidance, found, every, originationIdentity},
	{"evidence", practice + "keep records", guidance, found, unasked, evidence},
	{"deliverable", practice + "audit your customer lists", guidance, found, every &^ reply, deliverable},
	{"place-served", practice + "comply with laws and regulations", guidance, found, every &^ reply, placeServed},
	{"paused", "the person's own wish, on their preference page", ours, found, unasked, paused},
	{CampaignWindow, "the campaign's own --at and --expires", ours, found, campaigns, campaignWindow},
	{"campaign-once", "one text for a person and a campaign, whatever is retried", ours, found, campaigns, campaignOnce},
	{PromisedFrequency, "CTIA Messaging Principles 5.1.1 (message frequency in the call to action); " + practice + "obtain permission", carrier, found, bulk, promisedFrequency},
	{LegalCap, "Fla. Stat. 501.616(6); 15 O.S. 775C.4; Md. Stop the Spam Calls Act; Or. HB 3865 (2025)", law, found, bulk, legalCap},
	{LeastGap, "policy.least_gap of programs.yaml; " + practice + "avoid cross-channel fatigue", ours, found, promotional, leastGap},
	{"engagement-tier", practice + "adjust your sending based on engagement", guidance, found, promotional, engagementTier},
	{"cross-channel", practice + "avoid cross-channel fatigue", guidance, found, promotional, crossChannel},
	{"brand-name", "CTIA Messaging Principles 5.1.1 (the sender is named); content rules of each place", carrier, found, promotional, brandName},
	{"opt-out-instruction", "CTIA Messaging Principles 5.1.3; the country's law where it asks for one in each text", carrier, found, promotional, optOutInstruction},
	{PermittedHours, tcpa + "(c)(1) and the hours of each place; " + practice + "send at appropriate times", law, mixed, hourly, permittedHours},
	{"answer-in-time", tcpa + "(a)(12) (five minutes for the answer to a STOP); nobody waits longer than an hour for another", law, mixed, answers, answerInTime},
	{"reply-limit", "two robots must not answer each other for ever", ours, found, answers, replyLimit},
	{"change-limit", "nor tell each other of changes for ever", ours, found, reply, changeLimit},
	{"confirmation-limit", practice + "obtain permission (nobody is to be asked over and over)", guidance, found, confirmation, confirmationLimit},
}

func optedOut(q inquiry) Answer {
	if _, stopped := q.person.Contact.StoppedAt(q.text.Program.ID); stopped {
		return Answer{Verdict: Refuse, Because: "the person opted out"}
	}
	for _, topic := range q.text.Topics {
		if _, stopped := q.person.Contact.TopicStoppedAt(q.text.Program.ID, topic); stopped {
			return Answer{Verdict: Refuse, Because: "the person opted out of the topic"}
		}
	}
	return Answer{}
}

func paused(q inquiry) Answer {
	if until := q.person.Contact.Paused; until.After(q.now) {
		return Answer{Verdict: Defer, Until: until, Because: "the person asked for a pause"}
	}
	return Answer{}
}

// topicConsent looks at each topic by itself: consent to one says nothing of another, and consent to transactional
// texts nothing of promotional ones.
func topicConsent(q inquiry) Answer {
	if len(q.text.Topics) == 0 {
		return Answer{Verdict: Refuse, Because: "the text names no topic"}
	}
	for _, topic := range q.text.Topics {
		s, ok := q.person.Contact.Subs[topic]
		if !ok {
			return Answer{Verdict: Refuse, Because: "the person never asked for this topic"}
		}
		want := consent.Subscribed
		if q.text.Kind == message.Confirmation {
			want = consent.Pending
		}
		if state := s.StateAt(q.now); state != want {
			return Answer{Verdict: Refuse, Because: "the topic is " + string(state) + ", not " + string(want)}
		}
		if s.Class != q.text.Program.Class {
			return Answer{Verdict: Refuse, Because: "the consent is for " + string(s.Class) + " texts"}
		}
	}
	return Answer{}
}

func originationIdentity(q inquiry) Answer {
	p := q.text.Program
	if p.Brand != q.person.Contact.Brand {
		return Answer{Verdict: Refuse, Because: "the origination identity belongs to another brand"}
	}
	if (q.text.Kind == message.Promotional && p.Class != program.Promotional) ||
		(q.text.Kind == message.Transactional && p.Class != program.Transactional) {
		return Answer{Verdict: Refuse, Because: "the origination identity is for " + string(p.Class) + " texts"}
	}
	for _, topic := range q.text.Topics {
		// The answer to a STOP that reached every program of the brand names topics of them all.
		if _, ok := p.Topic(topic); !ok && q.text.Kind != message.Reply {
			return Answer{Verdict: Refuse, Because: "the topic belongs to another origination identity"}
		}
	}
	return Answer{}
}

func evidence(q inquiry) Answer {
	for _, topic := range q.text.Topics {
		if why := q.person.Contact.Unproven(topic); why != "" {
			return Answer{Verdict: Refuse, Because: why}
		}
		s := q.person.Contact.Subs[topic]
		if s.Since.After(q.now) {
			return Answer{Verdict: Refuse, Because: "the consent on record is yet to come"}
		}
		if t, ok := q.text.Program.Topic(topic); !ok || !s.IsEnough(t) {
			return Answer{Verdict: Refuse, Because: "the person was told of these texts and never said YES, which the topic asks for"}
		}
	}
	return Answer{}
}

func deliverable(q inquiry) Answer {
	if q.person.Contact.Health.Undeliverable {
		return Answer{Verdict: Refuse, Because: "texts do not reach this number"}
	}
	return Answer{}
}

func placeServed(q inquiry) Answer {
	if q.person.Hours == nil {
		return Answer{Verdict: Refuse, Because: q.person.Unserved}
	}
	return Answer{}
}

func campaignWindow(q inquiry) Answer {
	if !q.text.Expires.IsZero() && q.text.Expires.Sub(q.now) < leastTime {
		if q.text.Ref != "" {
			return Answer{Verdict: Refuse, Because: "the time for this text is over"}
		}
		return Answer{Verdict: Refuse, Because: "the campaign has ended"}
	}
	if q.now.Before(q.text.Opens) {
		return Answer{Verdict: Defer, Until: q.text.Opens, Because: "the campaign has not begun"}
	}
	return Answer{}
}

func campaignOnce(q inquiry) Answer {
	if _, sent := q.person.Contact.SingleClaim(q.text.Ref); sent {
		return Answer{Verdict: Refuse, Because: "this text has been sent already"}
	}
	if q.text.Campaign == "" {
		return Answer{}
	}
	for i := range q.person.Contact.Claims {
		if cl := &q.person.Contact.Claims[i]; cl.Campaign == q.text.Campaign {
			return Answer{Verdict: Refuse, Because: "this campaign has texted the person already"}
		}
	}
	return Answer{}
}

// promisedFrequency counts reminders too: whoever was promised two messages a month counts what arrives.
func promisedFrequency(q inquiry) Answer {
	for _, id := range q.text.Topics {
		topic, ok := q.text.Program.Topic(id)
		if !ok || topic.Frequency.IsZero() {
			continue
		}
		if full, until := q.limitReached(topic.Frequency.Count, topic.Frequency.Window(), id); full {
			return Answer{Verdict: Defer, Until: until, Because: "the person was promised " + topic.Frequency.String()}
		}
	}
	return Answer{}
}

func legalCap(q inquiry) Answer {
	var worst Answer
	if q.person.Hours == nil {
		return worst
	}
	for _, c := range q.person.Hours.Caps(q.now) {
		if full, until := q.limitReached(c.Limit, c.Window, ""); full && until.After(worst.Until) {
			worst = Answer{
				Verdict: Defer,
				Until:   until,
				Because: fmt.Sprintf("%d texts in %s are the most allowed", c.Limit, c.Window),
			}
		}
	}
	return worst
}

// leastGap keeps two offers from one person at about the same time: the later one waits.
func leastGap(q inquiry) Answer {
	var last time.Time
	for i := range q.person.Contact.Claims {
		if cl := &q.person.Contact.Claims[i]; cl.Kind == message.Promotional && cl.At.After(last) {
			last = cl.At
		}
	}
	until := last.Add(q.catalog.LeastGap)
	if last.IsZero() || !q.now.Before(until) {
		return Answer{}
	}
	return Answer{Verdict: Defer, Until: until, Because: "the person got another promotional text lately"}
}

// limitReached reports whether limit bulk texts went out within the window up to now, and when there will be room
// again. topic narrows the count to one topic.
func (q *inquiry) limitReached(limit int, window time.Duration, topic string) (bool, time.Time) {
	claims := q.person.Contact.Claims
	left := limit
	for i := len(claims) - 1; i >= 0; i-- {
		cl := &claims[i]
		if !q.counts(cl, window, topic) {
			continue
		}
		if left--; left == 0 {
			return true, cl.At.Add(window)
		}
	}
	return false, time.Time{}
}

// counts reports whether a limit on a window up to now counts the text.
func (q *inquiry) counts(cl *consent.Claim, window time.Duration, topic string) bool {
	return bitOf(cl.Kind)&bulk != 0 && (topic == "" || slices.Contains(cl.Topics, topic)) && q.now.Sub(cl.At) < window
}

// engagementTier lets only digests through to people who show no sign of reading, one a month, and nothing to those who
// were asked whether they still want the texts and have not answered.
func engagementTier(q inquiry) Answer {
	for _, id := range q.text.Topics {
		topic, ok := q.text.Program.Topic(id)
		if !ok || topic.Engagement.IsOff() {
			continue
		}
		switch q.person.Contact.Subs[id].TierNow() {
		case consent.Asked:
			return Answer{Verdict: Refuse, Because: "the person was asked whether they still want the texts, and has not answered"}
		case consent.Digest:
			if !q.text.Digest {
				return Answer{Verdict: Refuse, Because: "the person shows no sign of reading, and gets digests only"}
			}
			if until := q.nextDigest(id); until.After(q.now) {
				return Answer{Verdict: Defer, Until: until, Because: "the person shows no sign of reading, and gets one digest a month"}
			}
		default:
		}
	}
	return Answer{}
}

// nextDigest returns when the topic has room for a digest: in the next calendar month (UTC) after the last digest, so
// that one on the first of each always goes. Nothing else counts, neither what came before the person got digests only
// nor the monthly reminder: it would keep digests back.
func (q *inquiry) nextDigest(topic string) (next time.Time) {
	for i := range q.person.Contact.Claims {
		cl := &q.person.Contact.Claims[i]
		if !cl.Digest || !slices.Contains(cl.Topics, topic) {
			continue
		}
		at := cl.At.UTC()
		until := time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		if apart := at.Add(leastDigest); apart.After(until) {
			until = apart
		}
		if until.After(next) {
			next = until
		}
	}
	return next
}

// crossChannel looks at what other channels sent lately: the same words, or the same content by the ID they share.
func crossChannel(q inquiry) Answer {
	other := q.catalog.OtherChannels
	for i := range q.person.Contact.Touches {
		t := &q.person.Contact.Touches[i]
		until := t.At.Add(other.Within)
		if t.Content == "" || t.Content != q.text.Content && t.Content != q.text.Shared || !q.now.Before(until) {
			continue
		}
		if other.Skip {
			return Answer{Verdict: Refuse, Because: "the same was sent by " + t.Channel + " lately"}
		}
		return Answer{Verdict: Defer, Until: until, Because: "the same was sent by " + t.Channel + " lately"}
	}
	return Answer{}
}

// brandName is checked here too, because a campaign's text can come from elsewhere than the command line.
func brandName(q inquiry) Answer {
	if !q.text.Branded {
		return Answer{Verdict: Refuse, Because: "the text does not begin with the brand's name"}
	}
	return Answer{}
}

func optOutInstruction(q inquiry) Answer {
	if q.text.OptOut {
		return Answer{}
	}
	if q.text.Kind != message.Transactional && q.person.Hours != nil && q.person.Hours.OptOutInEachText() {
		return Answer{Verdict: Refuse, Because: "the law of the place asks for an opt-out instruction in each text"}
	}
	for i := range q.person.Contact.Claims {
		cl := &q.person.Contact.Claims[i]
		if cl.OptOut && q.now.Sub(cl.At) < optOutReminder && cl.Program == q.text.Program.ID {
			return Answer{}
		}
	}
	return Answer{
		Verdict: Refuse,
		Because: "the person was not told how to opt out for a month, and the text does not say it",
	}
}

// isLastForLong reports whether the text uses up what was promised until a month after the person was last told how to
// opt out. A reminder counts as a text of the promise and would have to wait as well.
func (q *inquiry) isLastForLong() bool {
	var told time.Time
	for i := range q.person.Contact.Claims {
		if cl := &q.person.Contact.Claims[i]; cl.OptOut && cl.Program == q.text.Program.ID && cl.At.After(told) {
			told = cl.At
		}
	}
	for _, id := range q.text.Topics {
		topic, ok := q.text.Program.Topic(id)
		if !ok || topic.Frequency.IsZero() {
			continue
		}
		full, until := true, q.now.Add(topic.Frequency.Window())
		if before := topic.Frequency.Count - 1; before > 0 {
			full, until = q.limitReached(before, topic.Frequency.Window(), id)
		}
		if full && until.Sub(told) >= optOutReminder {
			return true
		}
	}
	return false
}

func permittedHours(q inquiry) Answer {
	if q.person.Hours == nil || q.isExpected() {
		return Answer{}
	}
	opens, err := q.person.Opening(q.now)
	switch {
	case err != nil:
		return Answer{Verdict: Refuse, Because: "no hour suits every place this phone may be in"}
	case opens.After(q.now):
		return Answer{Verdict: Defer, Until: opens, Because: "outside the permitted hours where this phone may be"}
	default:
		return Answer{}
	}
}

// isExpected reports whether somebody waits for a confirmation request, and will still do so when it arrives.
func (q *inquiry) isExpected() bool {
	return q.text.Kind == message.Confirmation && q.text.Expected.Sub(q.now) >= leastTime
}

func answerInTime(q inquiry) Answer {
	if by := q.text.By; !by.IsZero() && !q.now.Before(by) {
		return Answer{Verdict: Refuse, Because: "it is too late to answer what was said"}
	}
	return Answer{}
}

// replyLimit bounds what answers a text, be it a reply or a request to confirm. What tells of a change neither counts
// nor is held back.
func replyLimit(q inquiry) Answer {
	if q.text.Change || (q.text.Kind == message.Confirmation && !q.text.Invited) {
		return Answer{}
	}
	if n, until := q.answered(time.Hour, false); n >= q.catalog.AnswersAnHour {
		return Answer{Verdict: Refuse, Until: until, Because: "this phone had its answers for this hour"}
	}
	if n, until := q.answered(day, false); n >= repliesADay {
		return Answer{Verdict: Refuse, Until: until, Because: "this phone had its answers for today"}
	}
	return Answer{}
}

func changeLimit(q inquiry) Answer {
	if !q.text.Change {
		return Answer{}
	}
	if n, until := q.answered(day, true); n >= changesADay {
		return Answer{Verdict: Refuse, Until: until, Because: "this phone was told of changes often enough today"}
	}
	return Answer{}
}

func confirmationLimit(q inquiry) Answer {
	if !q.text.Invited && q.person.Contact.AsksLeft(q.now, q.catalog.SignUp.PerPhoneADay) == 0 {
		return Answer{Verdict: Refuse, Because: "this phone was asked to confirm often enough lately"}
	}
	return Answer{}
}

// answered returns how many answers went out within the window, those that tell of a change or the others, and when the
// oldest of them leaves it.
func (q *inquiry) answered(window time.Duration, change bool) (n int, until time.Time) {
	for i := range q.person.Contact.Claims {
		cl := &q.person.Contact.Claims[i]
		if bitOf(cl.Kind)&answers == 0 || cl.Change != change || q.now.Sub(cl.At) >= window {
			continue
		}
		if n == 0 {
			until = cl.At.Add(window)
		}
		n++
	}
	return n, until
}
