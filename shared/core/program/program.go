// Package program holds what a company sends: brands, their programs and the topics people sign up for.
//
// A program is one brand, one message type and one origination identity, because AWS asks for "a separate short
// code for each brand and each type of message" (SMS best practices, "Use dedicated short codes").
package program

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/wording"
)

// Class is the message type of a program. It decides which rules the gate applies.
type Class string

// The two message types AWS End User Messaging knows.
const (
	Promotional   Class = "promotional"
	Transactional Class = "transactional"
)

// Catalog is a checked programs.yaml. It is never changed after Load, so any number of goroutines may read it.
type Catalog struct {
	Policy        jurisdiction.Policy
	RevokeAll     RevokeAll
	AnswersAnHour int // most answers one phone gets from a brand in any hour
	OtherChannels OtherChannels
	LeastGap      time.Duration // between two promotional texts of a brand to one person; 0 for none
	SignUp        SignUp
	Brands        []Brand

	hash string
}

// Hash identifies the programs.yaml the catalog was read from: lower-case hex SHA-256 of its bytes.
// It is kept with each message so that a send can be explained years later.
func (c *Catalog) Hash() string { return c.hash }

// Brand is one name people know, with everything it sends.
type Brand struct {
	ID        string               // what records and URLs call it, such as "example"
	Name      string               // what people read, such as "Example Corp."
	Region    string               // ISO 3166-1 alpha-2: how a number without a country code is read
	Hours     *jurisdiction.Policy // the catalog's policy narrowed by hours of its own; nil where the catalog's is enough
	Terms     string               // address of the terms page; may be empty
	Privacy   string               // address of the privacy page; may be empty
	Color     string               // of the brand's name on its pages, "#" and six lower-case hexadecimal digits; may be empty
	Origins   []string             // web sites that may post sign-ups and frame the form: "https://www.example.com"
	Links     string               // address its short links begin with: "https://go.example.com"; empty: the API's own
	Countries []string             // ISO 3166-1 alpha-2 codes of the countries it serves; nil: all that have hours
	Approval  bool                 // somebody else than who made a campaign must approve it
	Testers   []phone.Number       // who may be sent a campaign as a test
	Programs  []Program
	Texts     map[string]wording.Language // its own words, by ISO 639-1 code; what it leaves out is worded by us
}

// LinkingAt returns the brand with the address its short links begin with: its own, or else the API's.
func (b Brand) LinkingAt(api string) *Brand {
	b.Links = cmp.Or(b.Links, api)
	return &b
}

// Program is what one origination identity sends for one brand.
type Program struct {
	ID         string
	Brand      string // the brand's ID
	BrandName  string // the brand's name, which every text starts with or carries
	Class      Class
	Identity   Identity
	OptOutList string // the AWS opt-out list of the identity; shared by no other program
	PerSecond  int    // message parts a second the identity may send (AWS MPS), at least 1
	OneStep    bool   // START after a STOP brings back what was confirmed before, without a new YES
	Clarify    bool   // whoever writes something unclear with an opt-out word in it is told, once, how to stop
	Topics     []Topic
}

// Identity is an origination identity: a phone number, a short code, or a pool with its numbers.
type Identity struct {
	Number    phone.Number   // long code, 10DLC or toll-free
	ShortCode string         // digits only
	Pool      string         // pool ID or ARN
	Numbers   []phone.Number // the numbers of Pool, to recognise what people text to

	International bool // AWS sends from it to other countries too
}

// String returns what SendTextMessage takes as OriginationIdentity.
func (i Identity) String() string {
	switch {
	case i.Pool != "":
		return i.Pool
	case i.ShortCode != "":
		return i.ShortCode
	default:
		return string(i.Number)
	}
}

// Dialled returns what people text to reach the identity: its short code, its number or the first of its pool's, in
// E.164 form; empty where none is known.
func (i Identity) Dialled() string {
	switch {
	case i.ShortCode != "":
		return i.ShortCode
	case i.Number == "" && len(i.Numbers) > 0:
		return string(i.Numbers[0])
	default:
		return string(i.Number)
	}
}

// Answers reports whether a text to destination reaches this identity.
func (i Identity) Answers(destination string) bool {
	if destination == "" {
		return false
	}
	if destination == string(i.Number) || destination == i.ShortCode || destination == i.Pool {
		return true
	}
	for _, n := range i.Numbers {
		if destination == string(n) {
			return true
		}
	}
	return false
}

// Topic is one thing a person can sign up for. Consent never reaches beyond it (practice: independent lists).
type Topic struct {
	ID        string
	Name      string // as people read it after the brand's name, such as "alerts"
	Program   string // the program's ID
	Class     Class
	Keyword   string    // what a person texts to sign up, such as "JOIN"; may be empty
	Frequency Frequency // promised; zero only where the class is transactional
	HelpEmail string
	HelpPhone string
	Locale    string // BCP 47, such as "en-US"
	Told      bool   // "consent: told": transactional, and begins with the evidence that the person was told of its texts
	Limits    Limits // above which its campaigns are paused

	Engagement Engagement          // of a promotional topic
	Templates  map[string]Template // of a transactional topic, by name
}

// Frequency is how many messages a topic promised to send at most in a period.
type Frequency struct {
	Count  int
	Period Period
}

// Period is the unit of a promised frequency.
type Period string

// Periods a frequency can be promised in.
const (
	Day   Period = "day"
	Week  Period = "week"
	Month Period = "month"
	Year  Period = "year"
)

// IsZero reports whether nothing was promised.
func (f Frequency) IsZero() bool { return f.Count == 0 }

// Window returns the rolling span in which at most Count messages are sent: 24 hours, 7 days, 31 days or 366 days. The
// longest month and year are taken, so a promise by the calendar is kept whichever way a reader counts.
func (f Frequency) Window() time.Duration {
	const day = 24 * time.Hour
	switch f.Period {
	case Day:
		return day
	case Week:
		return 7 * day
	case Month:
		return 31 * day
	case Year:
		return 366 * day
	default:
		return 0
	}
}

// String returns the frequency as people read it, such as "2 msgs/month"; empty where nothing was promised.
func (f Frequency) String() string {
	switch f.Count {
	case 0:
		return ""
	case 1:
		return "1 msg/" + string(f.Period)
	default:
		return fmt.Sprintf("%d msgs/%s", f.Count, f.Period)
	}
}

// Brand finds a brand by ID.
func (c *Catalog) Brand(id string) (*Brand, bool) {
	for i := range c.Brands {
		if c.Brands[i].ID == id {
			return &c.Brands[i], true
		}
	}
	return nil, false
}

// Serves reports whether the brand takes sign-ups of phones of the country, an ISO 3166-1 alpha-2 code.
func (b *Brand) Serves(country string) bool {
	return b.Countries == nil || slices.Contains(b.Countries, country)
}

// ByDestination finds the brand and program a person texted, by the number or short code they texted to.
func (c *Catalog) ByDestination(destination string) (*Brand, *Program, bool) {
	for i := range c.Brands {
		for j := range c.Brands[i].Programs {
			if c.Brands[i].Programs[j].Identity.Answers(destination) {
				return &c.Brands[i], &c.Brands[i].Programs[j], true
			}
		}
	}
	return nil, nil, false
}

// Program finds a program of the brand by ID.
func (b *Brand) Program(id string) (*Program, bool) {
	for i := range b.Programs {
		if b.Programs[i].ID == id {
			return &b.Programs[i], true
		}
	}
	return nil, false
}

// Topic finds a topic of the brand, and the program that sends it, by the topic's ID.
func (b *Brand) Topic(id string) (*Program, *Topic, bool) {
	for i := range b.Programs {
		for j := range b.Programs[i].Topics {
			if b.Programs[i].Topics[j].ID == id {
				return &b.Programs[i], &b.Programs[i].Topics[j], true
			}
		}
	}
	return nil, nil, false
}

// LongestWindow returns the longest span over which any topic of the brand promised a frequency; 0 where none did.
// Sends must be remembered that long for the promise to be kept.
func (b *Brand) LongestWindow() time.Duration {
	var longest time.Duration
	for i := range b.Programs {
		for _, t := range b.Programs[i].Topics {
			longest = max(longest, t.Frequency.Window())
		}
	}
	return longest
}

// Topic finds a topic of the program by ID.
func (p *Program) Topic(id string) (*Topic, bool) {
	for i := range p.Topics {
		if p.Topics[i].ID == id {
			return &p.Topics[i], true
		}
	}
	return nil, false
}
