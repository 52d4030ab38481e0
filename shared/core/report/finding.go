package report

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// Kind is a kind of finding about a person.
type Kind string

// The kinds of finding.
const (
	Altered       Kind = "altered"           // the ledger's chain does not verify, or the record is not as we stored it
	Unproven      Kind = "unproven"          // subscribed without a request and its confirmation on record
	OverdueAsk    Kind = "pending-overdue"   // a request that was not answered in time is still pending
	LeftClaim     Kind = "claim-left"        // a claimed text has no record
	Unreachable   Kind = "undeliverable"     // the phone cannot be reached
	NoTexts       Kind = "takes-no-texts"    // the number answers that it takes no texts
	Unlisted      Kind = "not-listed"        // subscribed, and not on the list that campaigns walk
	Stray         Kind = "listed-in-error"   // on the list that campaigns walk, and not subscribed
	NotServed     Kind = "not-served"        // the number is in a place that is not served
	TooOld        Kind = "consent-too-old"   // consent has expired by the law of the place
	OnlyAtAWS     Kind = "opt-out-only-aws"  // an opt-out that only AWS had
	OnlyHere      Kind = "opt-out-only-here" // an opt-out that AWS did not have
	CannotBeRead  Kind = "unreadable"        // the stored contact cannot be decoded
	ReminderDue   Kind = "reminder-due"      // not told for a month how to opt out
	ListUnread    Kind = "list-unreadable"   // an opt-out list of AWS that could not be read; about no person
	CarrierBlocks Kind = "carrier-blocks"    // the phone's carrier blocks our texts
)

// Kinds returns every kind, the most important first.
func Kinds() []Kind {
	return []Kind{
		Altered, CannotBeRead, ListUnread, Unproven, TooOld, NotServed, OnlyAtAWS, Stray, OnlyHere, Unlisted, LeftClaim,
		OverdueAsk, ReminderDue, CarrierBlocks, Unreachable, NoTexts,
	}
}

// Action is something the audit did.
type Action string

// The actions.
const (
	Verified  Action = "verified"  // recomputed a person's chain
	Reminded  Action = "reminded"  // sent a reminder of how to opt out
	Deferred  Action = "deferred"  // put off a reminder until permitted hours
	Suspended Action = "suspended" // suspended a topic of a person
	Removed   Action = "removed"   // removed a person from a topic who showed no sign of reading
	ToDigest  Action = "to-digest" // moved a person to fewer texts
	Asked     Action = "asked"     // asked a person whether they still want texts
)

// Case is one person with a finding, by a masked number.
type Case struct {
	Brand  string    `json:"brand"`
	Phone  string    `json:"phone"` // masked, such as "+1••••••0142"
	Topic  string    `json:"topic,omitempty"`
	Since  time.Time `json:"since,omitzero"`   // UTC
	Detail string    `json:"detail,omitempty"` // no phone number and no words of a text
}

// CaseOf returns the case of a person, with the number masked. since may be in any time zone.
func CaseOf(k consent.Key, topic string, since time.Time, detail string) Case {
	return Case{Brand: k.Brand, Phone: Mask(k.Phone), Topic: topic, Since: since.UTC(), Detail: detail}
}

// Mask returns a number with only its beginning, which shows the country, and its last four digits.
func Mask(n phone.Number) string {
	const end = 4
	begin := 3
	if strings.HasPrefix(string(n), "+1") {
		begin = 2
	}
	s := string(n)
	if hidden := utf8.RuneCountInString(s) - begin - end; hidden > 0 {
		return s[:begin] + strings.Repeat("•", hidden) + s[len(s)-end:]
	}
	return strings.Repeat("•", utf8.RuneCountInString(s))
}

// Finding is how many people have a finding of one kind.
type Finding struct {
	Count  int    `json:"count"`
	Mended int    `json:"mended"`          // of them, those the audit has repaired
	Cases  []Case `json:"cases,omitempty"` // the first of them, in order
}

// MaxCases is how many cases of a kind a report lists.
const MaxCases = 20

func (f Finding) plus(o Finding) Finding {
	all := slices.Concat(f.Cases, o.Cases)
	slices.SortFunc(all, func(a, b Case) int {
		return cmp.Or(
			a.Since.Compare(b.Since), cmp.Compare(a.Brand, b.Brand), cmp.Compare(a.Topic, b.Topic),
			cmp.Compare(a.Phone, b.Phone), cmp.Compare(a.Detail, b.Detail),
		)
	})
	return Finding{Count: f.Count + o.Count, Mended: f.Mended + o.Mended, Cases: all[:min(len(all), MaxCases)]}
}

// Open returns how many are not repaired.
func (f Finding) Open() int { return f.Count - f.Mended }
