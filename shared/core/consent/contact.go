// Package consent holds what one person agreed to at one brand, and the pure rules by which that changes.
//
// It reads no clock and does no I/O: every function takes the instant it is decided at and returns what would
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

// Everything is the key of Stopped that covers all programs of the brand.
const Everything = "*"

// State is where one topic stands for one person.
type State string

// The states of a topic. Only Subscribed lets anything but a reply or a confirmation request go out.
const (
	Pending      State = "pending"      // asked for, not confirmed
	Subscribed   State = "subscribed"   // confirmed by YES (or START after a STOP), or begun by a telling
	Unsubscribed State = "unsubscribed" // the person said stop
	Expired      State = "expired"      // asked for and never confirmed
	Suspended    State = "suspended"    // the audit found a reason to wait
	Removed      State = "removed"      // the audit took the person off the list
)

// Tier is how often an engaged or less engaged person is texted (practice: adjust to engagement).
type Tier string

// The tiers, from most to least engaged. The zero Tier counts as Regular. OffList is never stored: it is what comes
// after Asked, the state Removed.
const (
	Regular Tier = "regular"
	Digest  Tier = "digest"  // gets digests only
	Asked   Tier = "asked"   // was asked whether they still want the texts, and gets none until they answer
	OffList Tier = "removed" // did not answer
)

// Key names a contact: one person at one brand.
type Key struct {
	Brand string
	Phone phone.Number
}

// Contact is all that decides whether a phone may be texted by a brand. Times are UTC, kept to the millisecond.
type Contact struct {
	Key
	Told      phone.Told // where the person says they are: the latest answer to each that their own YES stands behind
	Locale    string     // BCP 47, of texts to the person, as their YES or a telling has it; empty for the topic's own
	Subs      map[string]Subscription
	Stopped   map[string]time.Time // program ID, OneTopic or Everything → when STOP was sent
	Undone    map[string]time.Time // the same → when a STOP since undone by START or JOIN was sent
	Paused    time.Time            // nothing but answers goes out before; zero for no pause
	Clarified time.Time            // when the person was last told how to stop, for nobody could be sure what they meant
	Claims    []Claim              // recent sends, oldest first
	Touches   []Touch              // what other channels sent lately, oldest first
	Health    Health
	Attention map[string]Attention // by topic; what is not there is zero
	Questions []Question           // requests to confirm that a YES may still answer, oldest first
	Waiting   []Ask                // texts a change called for that have certainly not gone out yet, oldest first
	FollowUp  time.Time            // when somebody must look again whether all was finished; zero for never
	Head      Head
	Texts     TextHead
	Suspect   bool  // what is stored did not carry our seal once; nothing unasked goes out until a person has looked
	Version   int64 // rises by one with every write; 0 where nothing is stored yet
}

// Subscription is one topic of a contact.
type Subscription struct {
	State   State
	Program string
	Class   program.Class
	Tier    Tier
	Since   time.Time // when State began; of Removed, and of whoever came back from it, when Subscribed did
	Until   time.Time // of Pending: when the request expires
	Request int64     // sequence number of the latest requested or told event
	Proof   int64     // sequence number of the event that confirmed; 0 where never confirmed. A telling is both
	Moved   time.Time // when Tier, or Removed, began; zero for Regular
}

// Claim is the right to hand one text to the carrier, taken before it is handed over.
type Claim struct {
	ID       string // ULID; the message item has the same
	Number   int64  // its place in the chain of texts, from 1
	At       time.Time
	Kind     message.Kind
	Program  string
	Topics   []string
	Campaign string // empty unless a campaign sent it
	Ref      string // the ID by which whoever asked for a single text knows it; empty for all other texts
	Body     string // of a single text, for WordsKept: what it says, without the notice; nobody else may have it
	Content  string // message.ContentHash of the body as it goes on record, without the notice
	Vouched  string // of a single text, for WordsKept: who answers for it as no marketing
	OptOut   bool   // the body says how to opt out
	Notice   string // language of the opt-out notice put behind a campaign's text, BCP 47; empty where there is none
	Change   bool   // it tells the person of a change they made
	Digest   bool   // its campaign is for those too who show no sign of reading
	Chance   bool   // it is one of which it would show that the person reads it
	Area     string // phone.Area.Mark of the area in which a campaign came to the person; they may have moved since
	Answered bool   // by a STOP, whose event says so
}

// Attention is whether the person showed that they read a topic.
type Attention struct {
	Chances int       // texts since the last sign and since the tier began that invited an answer or held a link
	Sign    time.Time // when they last showed it; zero where they have not since the YES that began it
}

// Touch is one message another channel sent to the same person.
type Touch struct {
	At      time.Time
	Channel string // "email", "push", …
	Content string // message.ContentHash of what was sent, or the sender's own content ID
}

// Health is what is known about the phone's ability and its owner's will to read us.
type Health struct {
	Undeliverable bool      // the carrier said the number is invalid, or failed too often
	Failures      int       // consecutive failed deliveries
	Delivered     time.Time // last delivery receipt
	Heard         time.Time // last inbound message
	NoTexts       time.Time // since when the number answers that it takes no texts; zero where it does not
	Blocked       time.Time // when its carrier last kept a text from it as unwanted; the ledger says which
}

// Head is the end of the contact's ledger chain.
type Head struct {
	Seq  int64
	Hash string // lower-case hex
}

// StateAt returns the topic's state at now: a pending request that was not confirmed in time counts as expired.
func (s Subscription) StateAt(now time.Time) State {
	if s.State == Pending && now.After(s.Until) {
		return Expired
	}
	return s.State
}

// OneTopic returns the key of Stopped that covers a single topic.
func OneTopic(topic string) string { return "#" + topic }

// StoppedAt reports when the person opted out of the program, by a STOP to it or to everything.
func (c *Contact) StoppedAt(programID string) (time.Time, bool) {
	return latest(c.Stopped, programID, Everything)
}

// UndoneAt reports when the latest STOP to the program, or to everything, was sent that the person undid since.
func (c *Contact) UndoneAt(programID string) (time.Time, bool) {
	return latest(c.Undone, programID, Everything)
}

// TopicStoppedAt reports when the person opted out of the topic, by a STOP to it, to its program or to everything.
func (c *Contact) TopicStoppedAt(programID, topic string) (time.Time, bool) {
	return latest(c.Stopped, programID, Everything, OneTopic(topic))
}

// latest returns the last of the times stored under the keys, and whether there is any.
func latest(times map[string]time.Time, keys ...string) (last time.Time, found bool) {
	for _, key := range keys {
		if at, ok := times[key]; ok && (!found || at.After(last)) {
			last, found = at, true
		}
	}
	return last, found
}

// Unproven returns why nothing on record proves that the person wants texts on the topic; empty where something does.
// It looks at the contact alone: whether the events it names are there is for Ledger.Verify to say.
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

// Due returns when the contact must be looked at again: when the first of the pending requests expires, or a follow-up
// is due; zero for never.
func (c *Contact) Due() time.Time {
	due := c.FollowUp
	for _, s := range c.Subs {
		if s.State == Pending && (due.IsZero() || s.Until.Before(due)) {
			due = s.Until
		}
	}
	return due
}

// AsksLeft returns how often the phone may still be asked to confirm what others requested for it: perDay times in 24
// hours and six times in 30 days, whoever filled in the form (practice: nobody is to be bothered by what others do).
// What the phone itself asks for by text counts, and is not bound by it.
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

// SingleClaim finds the claim under which a single text went to the person, or may have, by its caller's ID.
func (c *Contact) SingleClaim(ref string) (Claim, bool) {
	for _, cl := range c.Claims {
		if ref != "" && cl.Ref == ref {
			return cl, true
		}
	}
	return Claim{}, false
}

// CampaignClaim finds the claim under which a campaign texted, or may have texted, the person.
func (c *Contact) CampaignClaim(campaign string) (Claim, bool) {
	for _, cl := range c.Claims {
		if campaign != "" && cl.Campaign == campaign {
			return cl, true
		}
	}
	return Claim{}, false
}

// WithClaim returns the contact with one more claim, which gets its place in the chain of texts, and without those that
// are past use at the claim's time. A claim keeps that place whatever becomes of its text, so whoever takes it off the
// contact first puts the text on record. A text that gives the person a chance to show that they read it is counted.
// keep is how long promotional claims matter: the longest promised frequency of
// the brand.
func (c Contact) WithClaim(cl Claim, keep time.Duration) Contact {
	m := cl.Message()
	c.Texts = c.Texts.plus(c.Key, &m)
	cl.Number = c.Texts.Count
	c.countChance(&cl, 1)
	c.Claims = append(c.pruneClaims(cl.At, keep), cl)
	return c
}

// RefKept is how long the ID of a single text is known after the text went: as long as SQS keeps a request at most
// (Amazon SQS Developer Guide, "Message retention").
const RefKept = 14 * 24 * time.Hour

// WordsKept is how long a claim keeps the words of a single text: as long as a text that a function was ended before
// recording may be off the record (I3).
const WordsKept = 2 * time.Hour

// pruneClaims drops the claims no rule looks at any more, so that a contact stays within one write unit.
// Promotional claims and reminders count for keep (the longest promised frequency) and at least for the 30 days a
// campaign may run, and so does one with an opt-out notice, which is not put behind every text; a single text for
// as long as its ID is known; the last question whether they are still wanted for as long as a YES brings anything
// back; the others only until a lost record would have been noticed.
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

// isRemembered reports whether rules look for long at texts of a kind no campaign sends.
func isRemembered(k message.Kind) bool {
	return k == message.Reminder || k == message.Renewal || k == message.Confirmation
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

// Message is one text handed to the carrier, as it stays on record.
type Message struct {
	ID       string // the claim's ULID
	Number   int64  // the claim's; 0 where the text was kept back before it had one
	At       time.Time
	Kind     message.Kind
	Program  string
	Topics   []string
	Campaign string
	Ref      string // the claim's
	Content  string // the claim's
	Notice   string // the claim's
	Identity string // origination identity it went out from
	Body     string
	Vouched  message.Vouched
	AWSID    string // message ID AWS gave it; empty where AWS gave none
	Status   Status
	History  []StatusChange // oldest first
	Policy   string         // hash of programs.yaml and of the rule tables it was decided under
}

// Message returns the claimed text as it goes on record. From whom, in which words, under which policy and what became
// of it is for the caller to say.
func (cl *Claim) Message() Message {
	return Message{
		ID: cl.ID, Number: cl.Number, At: cl.At, Kind: cl.Kind, Program: cl.Program, Topics: cl.Topics, Campaign: cl.Campaign,
		Ref: cl.Ref, Content: cl.Content, Notice: cl.Notice,
	}
}

// Status is what became of a text.
type Status string

// The statuses of a text. Unconfirmed means nobody can know whether it went out; it is never sent again.
const (
	Sent        Status = "sent"
	Unconfirmed Status = "unconfirmed"
	Rejected    Status = "rejected" // the carrier refused it for certain
	Withheld    Status = "withheld" // never handed to the carrier
	Delivered   Status = "delivered"
	Undelivered Status = "undelivered"
	Clicked     Status = "clicked" // a link in it was followed; in the history only, for it says nothing of the delivery
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
	Attributes map[string]string // the values of the fields in its brand's texts
	Faults     []string          // what is not as we stored it, found while reading; no phone number or words
}
