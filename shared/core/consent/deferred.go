package consent

import "time"

// Deferred is a single text that may not be sent yet. It is kept with its outcome as long as its ID is known, so that
// the same request gets the same answer. Times are UTC.
type Deferred struct {
	Key
	Ref     string // the caller's ID
	ID      string // ULID under which it is recorded if it is never sent
	Topic   string
	Body    string
	Vouched string    // who vouches that it is not marketing; empty where nobody has to
	Shared  string    // ID of the same content on other channels; empty for none
	Expires time.Time // not at or after
	Proof   int64     // Subscription.Proof of its topic when it was requested

	State   Stage
	Until   time.Time // when it is tried again; after its end, the last such time
	Rule    string    // the rule that holds it back or ended it
	Because string    // the reason in words
	Claim   string    // ID of the recorded text, where it was sent
	Turn    int64     // one higher with every write; 0 where nothing is stored
}

// Stage is the stage of a deferred text.
type Stage string

// The stages of a deferred text.
const (
	Waits     Stage = "waits"     // for its hour
	Leaves    Stage = "leaves"    // a function is about to send it; nobody may withdraw it any more
	Went      Stage = "went"      // to the carrier, or nobody knows
	Refused   Stage = "refused"   // it ended, by a rule or its time
	Withdrawn Stage = "withdrawn" // whoever asked for it took it back, or the person's consent ended
)

// Open reports whether the text may still be sent.
func (d *Deferred) Open() bool { return d.State == Waits || d.State == Leaves }

// Lost returns the rule of the gate, and the reason, by which the person's consent no longer covers the text and
// never will again: they said STOP since, or it ended otherwise, and their present consent is newer than the text
// (I1). Both are empty where the consent covers it or may come back, which the gate decides.
func (d *Deferred) Lost(c *Contact) (rule, because string) {
	switch s := c.Subs[d.Topic]; {
	case s.State == Unsubscribed:
		return "opted-out", "the person opted out"
	case s.Proof != d.Proof:
		return "topic-consent", "the consent it was asked for under has ended, and a newer one does not bring it back"
	default:
		return "", ""
	}
}

// Waiting returns the text as waiting until a time, with the reason.
func (d Deferred) Waiting(until time.Time, rule, because string) Deferred {
	d.State, d.Until, d.Rule, d.Because = Waits, asStored(until), rule, because
	return d
}

// Leaving returns the text as being sent.
func (d Deferred) Leaving() Deferred {
	d.State = Leaves
	return d
}

// Gone returns the text as sent under a claim.
func (d Deferred) Gone(claim string) Deferred {
	d.State, d.Rule, d.Because, d.Claim = Went, "", "", claim
	return d
}

// Ended returns the text as ended without being sent, with the reason.
func (d Deferred) Ended(how Stage, rule, because string) Deferred {
	d.State, d.Rule, d.Because = how, rule, because
	return d
}
