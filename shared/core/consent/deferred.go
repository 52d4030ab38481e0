package consent

import "time"

// Deferred is a single text that may not go yet, as it is kept with the person until it goes or ends. What became of it
// is kept for as long as its ID is known, so that the same request asked again hears the same. Times are UTC.
type Deferred struct {
	Key
	Ref     string // the ID its caller knows it by
	ID      string // ULID under which it goes on record where it never goes out
	Topic   string
	Body    string
	Vouched string    // who answers for it as no marketing; empty where nobody has to
	Shared  string    // the ID by which other channels name the same content; empty for none
	Expires time.Time // not at or after
	Proof   int64     // the consent it was asked for under: Subscription.Proof of its topic

	State   Stage
	Until   time.Time // when it is looked at again; of one that has ended the last such time
	Rule    string    // that keeps it back, or ended it
	Because string    // in words a person can check
	Claim   string    // of one that went: the text's ID on record
	Turn    int64     // rises by one with every write; 0 where nothing is stored yet
}

// Stage is where a deferred text stands.
type Stage string

// The stages of a deferred text.
const (
	Waits     Stage = "waits"     // for its hour
	Leaves    Stage = "leaves"    // a function is about to send it; nobody may withdraw it any more
	Went      Stage = "went"      // to the carrier, or nobody knows
	Refused   Stage = "refused"   // it ended, by a rule or its time
	Withdrawn Stage = "withdrawn" // whoever asked for it took it back, or the person's consent ended
)

// Open reports whether the text may still go.
func (d *Deferred) Open() bool { return d.State == Waits || d.State == Leaves }

// Lost says by which rule of the gate, and why, the person's consent no longer stands behind the text and never will
// again: they said STOP since, or it ended otherwise, and what they consent to now is newer than the text (I1). Both
// are empty where the consent stands, and where it may be had back, which is for the gate to say.
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

// Waiting returns the text as it waits until an instant, and why.
func (d Deferred) Waiting(until time.Time, rule, because string) Deferred {
	d.State, d.Until, d.Rule, d.Because = Waits, asStored(until), rule, because
	return d
}

// Leaving returns the text as it is while it is tried.
func (d Deferred) Leaving() Deferred {
	d.State = Leaves
	return d
}

// Gone returns the text as it went under a claim.
func (d Deferred) Gone(claim string) Deferred {
	d.State, d.Rule, d.Because, d.Claim = Went, "", "", claim
	return d
}

// Ended returns the text as it ended without going out, and why.
func (d Deferred) Ended(how Stage, rule, because string) Deferred {
	d.State, d.Rule, d.Because = how, rule, because
	return d
}
