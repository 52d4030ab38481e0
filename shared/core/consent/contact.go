// Package consent holds what one person agreed to at one brand, and the pure rules by which that changes.
//
// It reads no clock and does no I/O: every function takes the time of the decision and returns what would
// change. Package table writes a Change in one transaction.
package consent

import (
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// Everything is the key of Contact.Stopped for an opt-out from everything a brand sends.
const Everything = "*"

// State is the state of one topic of a person.
type State string

// The states of a topic. Only Subscribed lets anything but a reply or a confirmation request go out.
const (
	Pending      State = "pending"      // requested, not confirmed yet
	Subscribed   State = "subscribed"   // confirmed by YES (or START after a STOP), or told
	Unsubscribed State = "unsubscribed" // the person said stop
	Expired      State = "expired"      // requested and not confirmed in time
	Suspended    State = "suspended"    // the audit found a reason to wait
	Removed      State = "removed"      // the audit took the person off the list
)

// Tier is how often a person is texted, by how much they show that they read (practice: adjust to engagement).
type Tier string

// The tiers, from most to least engaged. The zero Tier counts as Regular. OffList is never stored: it stands for the
// state Removed, which follows Asked.
const (
	Regular Tier = "regular"
	Digest  Tier = "digest"  // gets digests only
	Asked   Tier = "asked"   // was asked whether they still want the texts; gets none until they answer
	OffList Tier = "removed" // did not answer
)

// Key names a contact: one person at one brand.
type Key struct {
	Brand string
	Phone phone.Number
}

// Contact is everything that decides whether a brand may text a phone. Times are UTC, in milliseconds.
type Contact struct {
	Key
	Told      phone.Told // where the person says they are: the latest answers that they confirmed with a YES
	Locale    string     // language of texts to the person, BCP 47; empty for the topic's
	Subs      map[string]Subscription
	Stopped   map[string]time.Time // program ID, OneTopic or Everything → when STOP was sent
	Undone    map[string]time.Time // the same keys → when a STOP was sent that START or JOIN has undone
	Paused    time.Time            // only replies are sent before; zero for no pause
	Clarified time.Time            // when the person was last told how to stop, because what they wrote was unclear
	Claims    []Claim              // recent sends, oldest first
	Touches   []Touch              // what other channels sent recently, oldest first
	Health    Health
	Attention map[string]Attention // by topic; a missing one is zero
	Questions []Question           // confirmation requests that a YES may still answer, oldest first
	Waiting   []Ask                // texts that a change asked for and that were certainly not sent yet, oldest first
	FollowUp  time.Time            // when the audit must check that everything was finished; zero for never
	Head      Head
	Texts     TextHead
	Suspect   bool  // a stored item had no valid seal; only replies are sent until a person has looked
	Version   int64 // one higher with every write; 0 where nothing is stored
}

// Subscription is a contact's state in one topic.
type Subscription struct {
	State   State
	Program string
	Class   program.Class
	Tier    Tier
	Since   time.Time // when State began; for Removed, and after coming back from it, when Subscribed began
	Until   time.Time // when a pending request expires
	Request int64     // number of the latest requested or told event
	Proof   int64     // number of the event that confirmed it, 0 for none; a told event is both request and proof
	Moved   time.Time // when Tier, or Removed, began; zero for Regular
}

// Claim is the right to hand one text to the carrier. It is stored before the text is sent.
type Claim struct {
	ID       string // ULID; also the ID of the recorded message
	Number   int64  // its place in the chain of texts, from 1
	At       time.Time
	Kind     message.Kind
	Program  string
	Topics   []string
	Campaign string // ID of the campaign; empty for none
	Ref      string // the caller's ID of a single text; empty for other texts
	Body     string // words of a single text without the notice, kept for WordsKept only
	Content  string // message.ContentHash of the recorded body, without the notice
	Vouched  string // who vouches that a single text is not marketing, kept for WordsKept only
	OptOut   bool   // the body says how to opt out
	Notice   string // language of the opt-out notice added to a campaign's text, BCP 47; empty for none
	Change   bool   // it confirms a change that the person made
	Digest   bool   // its campaign also goes to people who show no sign of reading
	Chance   bool   // it gives the person a chance to show that they read, such as a link
	Area     string // phone.Area.Mark of the area of the campaign's walk; the person may have moved since
	Answered bool   // a STOP answered it, as the STOP's event says
}

// Attention is whether a person shows that they read a topic.
type Attention struct {
	Chances int       // texts with a chance to show it, since the last sign and since the tier began
	Sign    time.Time // when they last showed it; zero where never since the YES
}

// Touch is one message that another channel sent to the same person.
type Touch struct {
	At      time.Time
	Channel string // "email", "push", …
	Content string // message.ContentHash of what was sent, or the sender's own content ID
}

// Health is what is known about whether the phone can be reached.
type Health struct {
	Undeliverable bool      // the carrier said that the number is invalid, or delivery failed too often
	Failures      int       // consecutive failed deliveries
	Delivered     time.Time // last delivery receipt
	Heard         time.Time // last inbound message
	NoTexts       time.Time // since when the number answers that it takes no texts; zero for no
	Blocked       time.Time // when its carrier last blocked a text as unwanted; the ledger says which
}

// Head is the last entry of the contact's ledger.
type Head struct {
	Seq  int64
	Hash string // lower-case hex
}

// StateAt returns the state at now. A pending request counts as expired after its time.
func (s Subscription) StateAt(now time.Time) State {
	if s.State == Pending && now.After(s.Until) {
		return Expired
	}
	return s.State
}

// OneTopic returns the key of Stopped that covers a single topic.
func OneTopic(topic string) string { return "#" + topic }

// StoppedAt returns when the person opted out of the program, by a STOP to it or to everything, and false where they
// did not.
func (c *Contact) StoppedAt(programID string) (time.Time, bool) {
	return latest(c.Stopped, programID, Everything)
}

// UndoneAt returns when the latest STOP to the program, or to everything, was sent that the person has undone.
func (c *Contact) UndoneAt(programID string) (time.Time, bool) {
	return latest(c.Undone, programID, Everything)
}

// TopicStoppedAt returns when the person opted out of the topic, by a STOP to it, to its program or to everything.
func (c *Contact) TopicStoppedAt(programID, topic string) (time.Time, bool) {
	return latest(c.Stopped, programID, Everything, OneTopic(topic))
}

// latest returns the last of the times under the keys, and false where there are none.
func latest(times map[string]time.Time, keys ...string) (last time.Time, found bool) {
	for _, key := range keys {
		if at, ok := times[key]; ok && (!found || at.After(last)) {
			last, found = at, true
		}
	}
	return last, found
}

// Unproven returns why nothing proves that the person wants texts on the topic, empty where something does. It looks
// at the contact alone; Ledger.Verify checks that the events exist.
func (c *Contact) Unproven(topic string) string {
	switch s := c.Subs[topic]; {
	case c.Suspect:
		return "the record was altered by somebody else"
	case s.Request == 0 || s.Proof == 0:
		return "no request and confirmation on record"
	default:
		return ""
	}
}

// Due returns when the contact must be looked at again, zero for never: when the first pending request expires, or a
// follow-up is due.
func (c *Contact) Due() time.Time {
	due := c.FollowUp
	for _, s := range c.Subs {
		if s.State == Pending && (due.IsZero() || s.Until.Before(due)) {
			due = s.Until
		}
	}
	return due
}

// AsksLeft returns how many more confirmation requests that others ask for the phone may get: perDay in 24 hours and
// six in 30 days (practice: nobody is to be bothered by what others do). Requests by the phone itself count too, but
// are not limited.
func (c *Contact) AsksLeft(now time.Time, perDay int) int {
	const day, perMonth = 24 * time.Hour, 6
	today, month := 0, 0
	for i := range c.Claims {
		cl := &c.Claims[i]
		if cl.Kind != message.Confirmation {
			continue
		}
		if age := now.Sub(cl.At); age < day {
			today++
			month++
		} else if age < 30*day {
			month++
		}
	}
	return max(0, min(perDay-today, perMonth-month))
}

// Claimed finds the claim with that ID.
func (c *Contact) Claimed(id string) (Claim, bool) {
	for _, cl := range c.Claims {
		if cl.ID == id {
			return cl, true
		}
	}
	return Claim{}, false
}

// SingleClaim finds the claim of a single text by its caller's ID. The text was sent or may have been.
func (c *Contact) SingleClaim(ref string) (Claim, bool) {
	for _, cl := range c.Claims {
		if ref != "" && cl.Ref == ref {
			return cl, true
		}
	}
	return Claim{}, false
}

// CampaignClaim finds the claim of a campaign's text. The text was sent or may have been.
func (c *Contact) CampaignClaim(campaign string) (Claim, bool) {
	for _, cl := range c.Claims {
		if campaign != "" && cl.Campaign == campaign {
			return cl, true
		}
	}
	return Claim{}, false
}

// WithClaim returns the contact with one more claim, which gets the next number in the chain of texts, and without
// claims that no rule needs any more. keep is how long promotional claims matter: the longest promised frequency of
// the brand.
//
// A claim keeps its number whatever happens to its text. So a caller that removes a claim must record its text first.
// A text with a chance to show that it is read is counted.
func (c Contact) WithClaim(cl Claim, keep time.Duration) Contact {
	m := cl.Message()
	c.Texts = c.Texts.plus(c.Key, &m)
	cl.Number = c.Texts.Count
	c.countChance(&cl, 1)
	c.Claims = append(c.pruneClaims(cl.At, keep), cl)
	return c
}

// RefKept is how long the caller's ID of a single text is known after the text: the longest time that SQS keeps a
// request (Amazon SQS Developer Guide, "Message retention").
const RefKept = 14 * 24 * time.Hour

// WordsKept is how long a claim keeps the words of a single text: the longest time until a text that a function
// failed to record is recorded (I3).
const WordsKept = 2 * time.Hour

// pruneClaims drops claims that no rule needs any more, so that a contact stays within one write unit. These are
// kept:
//
//	promotional texts, reminders, texts with an opt-out notice   for keep, and at least the 30 days of a campaign
//	single texts                                                 while their caller's ID is known
//	the last question whether texts are still wanted             while a YES to it restores anything
//	all others                                                   until a lost record would have been noticed
func (c *Contact) pruneClaims(now time.Time, keep time.Duration) []Claim {
	const (
		campaign = 35 * 24 * time.Hour
		other    = 3 * 24 * time.Hour
	)
	keep = max(keep, campaign)
	kept := make([]Claim, 0, len(c.Claims)+1)
	for _, cl := range c.Claims {
		age := now.Sub(cl.At)
		if age > WordsKept {
			cl.Body, cl.Vouched = "", ""
		}
		if c.mayBeAnswered(&cl, now) || age <= other || (cl.Ref != "" && age <= RefKept) ||
			(age <= keep && (cl.Campaign != "" || cl.Notice != "" || isRemembered(cl.Kind))) {
			kept = append(kept, cl)
		}
	}
	return kept
}

// isRemembered reports whether rules look back a long time at texts of a kind, whether a campaign sends them or not.
func isRemembered(k message.Kind) bool {
	switch k {
	case message.Promotional, message.Reminder, message.Renewal, message.Confirmation:
		return true
	default:
		return false
	}
}

func (c Contact) clone() Contact {
	c.Subs = maps.Clone(c.Subs)
	if c.Subs == nil {
		c.Subs = map[string]Subscription{}
	}
	c.Stopped = maps.Clone(c.Stopped)
	if c.Stopped == nil {
		c.Stopped = map[string]time.Time{}
	}
	c.Undone = maps.Clone(c.Undone)
	if c.Undone == nil {
		c.Undone = map[string]time.Time{}
	}
	c.Questions = slices.Clone(c.Questions)
	c.Attention = maps.Clone(c.Attention)
	return c
}

// Message is one text handed to the carrier, as recorded.
type Message struct {
	ID       string // the claim's ULID
	Number   int64  // the claim's; 0 where the text was withheld before it had one
	At       time.Time
	Kind     message.Kind
	Program  string
	Topics   []string
	Campaign string
	Ref      string // the claim's
	Content  string // the claim's
	Notice   string // the claim's
	Identity string // origination identity it was sent from
	Body     string
	Vouched  message.Vouched
	AWSID    string // AWS's message ID; empty for none
	Status   Status
	History  []StatusChange // oldest first
	Policy   string         // hash of the programs.yaml and rule tables of its decision
}

// Message returns the claimed text in the form in which it is recorded. The caller adds identity, words, policy and
// status.
func (cl *Claim) Message() Message {
	return Message{
		ID: cl.ID, Number: cl.Number, At: cl.At, Kind: cl.Kind, Program: cl.Program, Topics: cl.Topics, Campaign: cl.Campaign,
		Ref: cl.Ref, Content: cl.Content, Notice: cl.Notice,
	}
}

// Status is the outcome of a text.
type Status string

// The statuses of a text. Unconfirmed means that it is unknown whether it was sent; it is never sent again.
const (
	Sent        Status = "sent"
	Unconfirmed Status = "unconfirmed"
	Rejected    Status = "rejected" // the carrier certainly refused it
	Withheld    Status = "withheld" // never handed to the carrier
	Delivered   Status = "delivered"
	Undelivered Status = "undelivered"
	Clicked     Status = "clicked" // a link in it was followed; only in the history, as it is no delivery
)

// StatusChange is one step in a text's life.
type StatusChange struct {
	At     time.Time
	Status Status
	Detail string // AWS event type or error reason
}

// Record is everything stored about one person at one brand: the proof.
type Record struct {
	Contact    Contact
	Events     []Event           // oldest first
	Messages   []Message         // oldest first
	Attributes map[string]string // values for the fields in the brand's texts
	Faults     []string          // altered or unreadable items found while reading; without phone numbers or words
}
