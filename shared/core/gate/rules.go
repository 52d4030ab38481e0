package gate

import (
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

const (
	day = 24 * time.Hour

	// leastTime is the least time before the end of permitted hours, and of a campaign. With less, a carrier's queue
	// could deliver the text at night, or when it is of no use any more.
	leastTime = time.Minute

	// questionLives is how long a carrier may try to deliver a confirmation request; the person may say STOP
	// meanwhile.
	questionLives = time.Hour

	// repliesADay limits what two robots can say to each other in a day (I9); programs.yaml limits it per hour. A
	// person rarely needs more than three replies.
	repliesADay = 12

	// changesADay limits texts that confirm a change. A person who says YES or STOP gets one in any case, and nobody
	// changes their mind six times a day.
	changesADay = 6

	// singlesADay limits the texts that other systems send to one person. Who needs more a day repeats itself, and each
	// keeps its words in the contact for two hours: with 400 KB of them no STOP can be stored.
	singlesADay = 50

	// leastDigest is the least time between two digests to a person who gets nothing else, also across the end of a
	// month.
	leastDigest = 14 * day

	// optOutReminder is how long a person may go without being told how to opt out.
	optOutReminder = 31 * day
)

// Rule is one reason for which a text may have to wait or be refused.
type Rule struct {
	Name      string // its name in records and explanations
	Citation  string // the law, practice or AWS page it comes from
	Tier      jurisdiction.Tier
	Certainty jurisdiction.Certainty
	kinds     uint8
	check     func(inquiry) Answer
}

// Citation returns the source of a rule, empty for an unknown name.
func Citation(rule string) string {
	for i := range rules {
		if rules[i].Name == rule {
			return rules[i].Citation
		}
	}
	return ""
}

// inquiry is the question to a rule: may this text go to this person now?
type inquiry struct {
	catalog *program.Catalog
	person  Person
	text    Text
	now     time.Time // of a campaign that is over, its last time
	over    bool      // the campaign is over for the person
	never   bool      // the campaign has no time for the person
}

// Kinds of texts as the rules see them, one bit each. A rule names the kinds it applies to.
const (
	confirmation = 1 << iota
	reply
	reminder
	renewal
	promotional
	transactional
	mass // a transactional text to many people, without somebody who vouches that it cannot wait

	campaigns = promotional | transactional      // sent because a company wants to
	bulk      = promotional | reminder | renewal // what counts as marketing: caps and the promised frequency
	unasked   = bulk | transactional             // based on consent given before
	hourly    = bulk | confirmation | mass       // what waits for permitted hours
	answers   = reply | confirmation             // caused by something the person just did
	every     = unasked | answers
)

// bitOf returns the bit of a kind.
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
		// An unknown kind gets the rules of the strictest kind.
		return promotional
	}
}

// bitsOf returns the bits of a text. A transactional text to one person may be sent at any hour. One to everybody on
// a topic can wait until morning.
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

// Names of rules that other packages refer to.
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

// maxRules is the size of a Decision's array, which avoids an allocation.
const maxRules = len(rules)

const (
	practice = "AWS, SMS best practices: "
	tcpa     = "47 CFR 64.1200"
)

// rules is the whole gate. The order matters only between equally strict answers: the first one is named as the
// reason.
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
	{"single-limit", "a system that repeats itself must not text a person for ever", ours, found, campaigns, singleLimit},
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
