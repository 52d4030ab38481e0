// Package carriercode says what each answer of AWS means for a text, its phone and its campaign: one row for each
// reason to refuse a text, and for each delivery event.
package carriercode

import (
	"slices"
	"strings"
)

// Class is what a code comes in: the exception of SendTextMessage, or where there is none what else tells it.
type Class string

// The classes. AWS's own names are those of its exceptions (SendTextMessage, API reference).
const (
	Conflict     Class = "ConflictException"
	Validation   Class = "ValidationException"
	AccessDenied Class = "AccessDeniedException"
	Quota        Class = "ServiceQuotaExceededException"
	NotFound     Class = "ResourceNotFoundException"
	Throttling   Class = "ThrottlingException"
	Internal     Class = "InternalServerException"
	FrontDoor    Class = "of every AWS service" // told before the request gets to the service ("Common Errors", API reference)
	NoConnection Class = "no connection"        // told by nobody: AWS was not reached
	Event        Class = "delivery event"       // eventType ("Event types for SMS, MMS, and voice", user guide)
)

// Text is what became of the text, as it goes on record.
type Text string

// The fates of a text.
const (
	UnderWay    Text = "sent"        // there is more to come
	Delivered   Text = "delivered"   // it arrived
	Undelivered Text = "undelivered" // AWS took it, and it did not arrive
	Unconfirmed Text = "unconfirmed" // nobody knows; it is never sent again
	Rejected    Text = "rejected"    // AWS did not take it, and nobody was texted
	NoText      Text = "not of a text"
)

// Phone is what that says of the phone.
type Phone string

// What a code says of a phone.
const (
	Nothing  Phone = "says nothing"
	Reached  Phone = "reached"                         // failures are forgotten
	Missed   Phone = "a failure"                       // three in a row end its texts
	NoPhone  Phone = "no phone"                        // it gets nothing but replies any more
	Blocked  Phone = "blocked"                         // its carrier keeps texts of this sender from it
	OptedOut Phone = "opted out"                       // as if it had said STOP
	OnList   Phone = "stays on AWS's opt-out list"     // a START cannot be carried out yet
	Guarded  Phone = "kept from texts by your account" // by a setting of it
)

// Campaign is what it means for the campaign the text is of.
type Campaign string

// What becomes of a campaign.
const (
	GoesOn    Campaign = "goes on"
	Counted   Campaign = "counted as undelivered"                 // and paused beyond the topic's share of those
	Spammed   Campaign = "counted as undelivered and a complaint" // and paused beyond either share
	Pauses    Campaign = "pauses"                                 // AWS would refuse the next text as well
	ComesBack Campaign = "comes back to the person"               // in a minute, while its window is open
)

// Code is one row.
type Code struct {
	Class    Class
	Code     string // AWS's own word; empty where the class says it all
	Text     Text
	Phone    Phone
	Campaign Campaign
	Means    string // what AWS says, in plain words
	Do       string // what whoever had the text sent may do about it
	// Strange codes are on record as they came and alarmed, for somebody to look into: those that nobody foresaw, those
	// that AWS says of other calls than sending, and those that a fault of ours must have brought about.
	Strange bool
}

// Record returns how the code stands on a text's record and in the reason of a pause.
func (c Code) Record() string {
	switch {
	case c.Class == Throttling:
		return "THROTTLED"
	case c.Class == AccessDenied:
		return strings.TrimSpace("ACCESS_DENIED " + c.Code)
	case c.Class == NotFound:
		return strings.TrimSpace("NOT_FOUND " + c.Code)
	case c.Code == "":
		return string(c.Class)
	default:
		return c.Code
	}
}

// Row returns how docs/carrier.md calls the code: under its class, which the code of an event says by itself.
func (c Code) Row() string {
	code := "`" + c.Code + "`"
	switch {
	case c.Class == Event:
		return code
	case c.Code == "":
		return string(c.Class)
	default:
		return string(c.Class) + " " + code
	}
}

// Refused returns the refusal that stands on record like that, and reports whether there is a row for it.
func Refused(record string) (Code, bool) {
	for _, c := range All() {
		if c.Class != Event && c.Record() == record {
			return c, true
		}
	}
	return Code{}, false
}

// Means returns in plain words what a code on record says; empty where there is no row for it.
func Means(record string) string {
	for _, c := range textEvents() {
		if c.Record() == record {
			return c.Means
		}
	}
	c, _ := Refused(record)
	return c.Means
}

// Worded returns a code on record with its meaning, or as it stands where there is no row for it.
func Worded(record string) string {
	if means := Means(record); means != "" {
		return record + " (" + strings.TrimSuffix(means, ".") + ")"
	}
	return record
}

// Refusal returns what a reason means for which AWS did not take a text, or for which nobody knows whether it did. One
// that is not known has the meaning that is safe for its class, and is strange. A reason that cannot be one of AWS's
// codes is left out, for it may hold a phone number or words of a text.
func Refusal(class Class, reason string) Code {
	for _, c := range refusals() {
		if c.Class == class && c.Code == reason {
			return c
		}
	}
	if !readable(reason) {
		reason = ""
	}
	return strange(class, reason, "A code that these functions do not know.")
}

// OfEvent returns what a delivery event means, and reports whether it is about a text. A kind of text event that is not
// known leaves the text unconfirmed, and is strange: nobody may take it for success or failure.
func OfEvent(eventType string) (Code, bool) {
	for _, c := range textEvents() {
		if c.Code == eventType {
			return c, true
		}
	}
	// TEXT_ALL is only ever asked for, and comes in no event.
	if !strings.HasPrefix(eventType, "TEXT_") || !readable(eventType) || eventType == "TEXT_ALL" {
		return Code{}, false
	}
	return strange(Event, eventType, "A kind of event that these functions do not know."), true
}

// All returns every row, in the order of docs/carrier.md.
func All() []Code {
	all := slices.Concat(textEvents(), refusals())
	for _, group := range elsewhere() {
		for _, code := range group.codes {
			c := strange(group.class, code, group.means)
			if c.Class == Event {
				c.Text = NoText
			}
			all = append(all, c)
		}
	}
	return all
}

// strange returns the row of a code that should not come: what is safe for its class.
func strange(class Class, code, means string) Code {
	c := Code{class, code, Rejected, Nothing, GoesOn, means, "Look the code up in AWS's documentation, and tell us.", true}
	switch class {
	case AccessDenied, Quota, NotFound, FrontDoor:
		c.Campaign = Pauses // it is of the account, and the next text would fare no better
	case Throttling, NoConnection:
		c.Campaign = ComesBack
	case Internal, Event:
		c.Text = Unconfirmed
	default:
	}
	return c
}

// What a code has at most. AWS's longest has 59 letters, and none has digits but those of HTTP.
const (
	longest    = 64
	mostDigits = 4
)

// readable reports whether a code may stand on record: a letter first, then letters, digits and signs, too few digits
// for a phone number.
func readable(code string) bool {
	if len(code) > longest {
		return false
	}
	digits := 0
	for i, c := range code {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
		case i > 0 && strings.ContainsRune("_-. ", c):
		case i > 0 && c >= '0' && c <= '9':
			digits++
		default:
			return false
		}
	}
	return digits <= mostDigits
}
