// Package program holds what a company sends: brands, their programs and the topics people sign up for. All of it comes
// from programs.yaml. Load reads and checks that file, Compare says what a new version of it changes for people.
//
// To begin, read Catalog, Brand, Program and Topic. A program is one brand, one message type and one origination
// identity, because AWS asks for "a separate short code for each brand and each type of message" (SMS best practices,
// "Use dedicated short codes").
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

// Class is the message type of a program. The gate applies other rules to promotional texts than to transactional
// ones.
type Class string

// The two message types AWS End User Messaging knows.
const (
	Promotional   Class = "promotional"
	Transactional Class = "transactional"
)

// Catalog is a checked programs.yaml. Nothing changes it after Load, so any number of goroutines may read it.
type Catalog struct {
	Policy        jurisdiction.Policy
	RevokeAll     RevokeAll
	AnswersAnHour int // the most replies a brand sends to one phone in any hour
	OtherChannels OtherChannels
	LeastGap      time.Duration // least time between two promotional texts of a brand to one person; 0 for none
	SignUp        SignUp
	Brands        []Brand

	hash string
}

// Hash returns the lower-case hex SHA-256 of the programs.yaml the catalog was read from. It is kept with each
// message, so that a send can be explained years later.
func (c *Catalog) Hash() string { return c.hash }

// Brand is one name that people know, and everything sent under it.
type Brand struct {
	ID        string               // its name in records and URLs, such as "example"
	Name      string               // its name in texts and on pages, such as "Example Corp."
	Region    string               // ISO 3166-1 alpha-2: how a number without a country code is read
	Hours     *jurisdiction.Policy // the catalog's policy with the brand's own, shorter hours; nil without own hours
	Terms     string               // address of the terms page; may be empty
	Privacy   string               // address of the privacy page; may be empty
	Color     string               // of its name on its pages, "#" and six lower-case hex digits; may be empty
	Origins   []string             // sites that may post sign-ups and show the form in a frame: "https://www.example.com"
	Links     string               // start of its short links, such as "https://go.example.com"; empty: the API's address
	Countries []string             // countries it serves, ISO 3166-1 alpha-2; nil: all with known hours
	Approval  bool                 // a campaign needs the approval of a second person
	Testers   []phone.Number       // phones that may get a campaign as a test
	Programs  []Program
	Texts     map[string]wording.Language // its own wording by ISO 639-1 code; ours where it has none
}

// LinkingAt returns the brand with a start for its short links: its own, or api where it has none.
func (b Brand) LinkingAt(api string) *Brand {
	b.Links = cmp.Or(b.Links, api)
	return &b
}

// Program is everything that one origination identity sends for one brand.
type Program struct {
	ID         string
	Brand      string // the brand's ID
	BrandName  string // the brand's name, which every text contains
	Class      Class
	Identity   Identity
	OptOutList string // the AWS opt-out list of the identity; no other program uses it
	PerSecond  int    // message parts per second the identity may send (AWS calls it MPS), at least 1
	OneStep    bool   // START after a STOP restores confirmed subscriptions without a new YES
	Clarify    bool   // an unclear text with an opt-out word in it is answered, once, with how to stop
	Topics     []Topic
}

// Identity is what texts are sent from: a phone number, a short code, or a pool of numbers.
type Identity struct {
	Number    phone.Number   // long code, 10DLC or toll-free
	ShortCode string         // digits only
	Pool      string         // pool ID or ARN
	Numbers   []phone.Number // the numbers of Pool, by which incoming texts are matched

	International bool // AWS has enabled it for other countries
}

// String returns the value for OriginationIdentity of SendTextMessage.
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

// Dialled returns what people text to: the short code, the number, or the first number of the pool, in E.164 form. It
// is empty for a pool without numbers.
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

// Answers reports whether a text to destination, a number or short code, reaches this identity.
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

// Topic is one thing that people sign up for. Consent to one topic says nothing about another.
type Topic struct {
	ID        string
	Name      string // its name in texts, after the brand's name, such as "alerts"
	Program   string // the program's ID
	Class     Class
	Keyword   string    // what a person texts to sign up, such as "JOIN"; may be empty
	Frequency Frequency // what was promised; only a transactional topic may leave it out
	HelpEmail string
	HelpPhone string
	Locale    string // BCP 47, such as "en-US"
	Told      bool   // "consent: told": begins without a YES, with proof that the person was told; only transactional
	Limits    Limits // its campaigns are paused above these

	Engagement Engagement          // only of a promotional topic
	Templates  map[string]Template // by name; only of a transactional topic
}

// Frequency is a promise: at most Count messages per Period. The zero value promises nothing.
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

// Window returns the length of the period: 24 hours, 7 days, 31 days or 366 days. In any span of that length at most
// Count messages are sent. The longest month and year count, so that the promise holds in every calendar month and
// year.
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

// String returns the frequency as texts show it, such as "2 msgs/month". It is empty where nothing was promised.
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

// Serves reports whether the brand takes sign-ups from phones of the country, an ISO 3166-1 alpha-2 code.
func (b *Brand) Serves(country string) bool {
	return b.Countries == nil || slices.Contains(b.Countries, country)
}

// ByDestination finds the brand and program by the number or short code that a person texted to.
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

// LongestWindow returns the longest Window of the brand's topics, 0 where none has a promise. Sends must be
// remembered that long to keep every promise.
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
