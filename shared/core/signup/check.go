package signup

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
)

const (
	maxLocale = 35 // bytes of a language tag (RFC 5646, 4.4.1)
	maxZIP    = 12 // bytes

	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	letters  = capitals + "abcdefghijklmnopqrstuvwxyz0123456789" // of languages and postal codes
)

// Causes of a phone.FieldError for callers that use their own words. Those of a number that
// cannot be read are in package typed.
var (
	ErrNoTopic   = errors.New("no topic is named")
	ErrNotServed = errors.New("the number is no mobile, or not of a place where the brand texts")
)

func wrong(field, message string) *phone.FieldError {
	return &phone.FieldError{Field: field, Message: message}
}

func notServed(message string) *phone.FieldError {
	return &phone.FieldError{Field: phone.FieldPhone, Message: message, Cause: ErrNotServed}
}

// Gate tells whether a phone is in a place that the brand serves.
type Gate interface {
	Person(c *consent.Contact) gate.Person
	Asking(c *consent.Contact, told phone.Told) gate.Person
}

// Entry is a sign-up as somebody entered it.
type Entry struct {
	Brand   string
	Topics  []string
	Phone   string // as a person typed it
	Country string // for a number without country code, ISO 3166-1 alpha-2; empty for the brand's region
	Told    phone.Told
	Locale  string // the language the person reads, BCP 47; empty where unknown
}

// Limits is what an entry may contain. The zero value is for a brand's own backend, which knows its customers. A
// stranger at a form may enter less.
type Limits struct {
	Topics      int  // the most topics at once; 0 for any number
	MobilesOnly bool // refuse numbers that are certainly not mobile, such as toll-free ones, though some receive texts
}

// SignUp is a correct entry: everything it names exists, and the phone is in places where the brand texts.
type SignUp struct {
	consent.Key
	Brand  *program.Brand
	Topics []program.Topic // each once
	Told   phone.Told
	Locale string
}

// Check returns the sign-up and all mistakes in the entry, in the order of a form's fields. Without mistakes the
// sign-up may be recorded. Its Brand is set wherever that brand exists.
//
// Nobody can check what a person tells about their place. It is kept as evidence, and changes the permitted hours of
// the phone only once that phone confirms.
func (e Entry) Check(c *program.Catalog, g Gate, limits Limits) (SignUp, []*phone.FieldError) {
	brand, ok := c.Brand(e.Brand)
	if !ok {
		return SignUp{}, []*phone.FieldError{wrong("brand", "there is no such brand")}
	}
	s := SignUp{Brand: brand, Told: e.Told, Locale: e.Locale}
	var all []*phone.FieldError
	var bad *phone.FieldError
	if s.Topics, bad = e.topics(brand, limits.Topics); bad != nil {
		all = append(all, bad)
	}
	if s.Key, bad = e.key(brand, g, limits.MobilesOnly); bad != nil {
		all = append(all, bad)
	} else if bad = s.place(g); bad != nil {
		all = append(all, bad)
	}
	if !madeOf(e.Locale, letters+"-", maxLocale) {
		all = append(all, wrong("locale", "must be a language tag such as en-US"))
	}
	return s, all
}

// topics returns the topics that are named, each once.
func (e Entry) topics(brand *program.Brand, most int) ([]program.Topic, *phone.FieldError) {
	if len(e.Topics) == 0 {
		return nil, &phone.FieldError{Field: "topics", Message: "name at least one", Cause: ErrNoTopic}
	}
	if most > 0 && len(e.Topics) > most {
		return nil, wrong("topics", fmt.Sprintf("choose at most %d", most))
	}
	var chosen []program.Topic
	for _, id := range e.Topics {
		_, t, ok := brand.Topic(id)
		if !ok {
			return nil, wrong("topics", fmt.Sprintf("brand %s has no topic %.40q", brand.ID, id))
		}
		if !slices.ContainsFunc(chosen, func(c program.Topic) bool { return c.ID == t.ID }) {
			chosen = append(chosen, *t)
		}
	}
	return chosen, nil
}

// key reads the number, and refuses one that the brand may not text, as far as the number shows.
func (e Entry) key(brand *program.Brand, g Gate, mobilesOnly bool) (consent.Key, *phone.FieldError) {
	region := brand.Region
	if e.Country != "" {
		region = e.Country
	}
	if len(region) != len("US") || !madeOf(region, capitals, len("US")) {
		return consent.Key{}, wrong("country", "must be an ISO 3166-1 code such as US, or empty")
	}
	number, err := typed.Number(e.Phone, region)
	if err != nil {
		return consent.Key{}, fieldError(err)
	}
	key := consent.Key{Brand: brand.ID, Phone: number}
	if mobilesOnly && !typed.MayBeMobile(number) {
		return key, notServed("is not the number of a mobile")
	}
	if !brand.Serves(number.Country()) {
		return key, notServed(brand.Name + " takes no sign-ups from the country of this number")
	}
	if why := g.Person(&consent.Contact{Key: key}).Unserved; why != "" {
		return key, notServed(why)
	}
	return key, nil
}

// place checks that the told place exists and that the brand texts there. It returns the field to correct.
func (s SignUp) place(g Gate) *phone.FieldError {
	if !madeOf(s.Told.ZIP, letters+" -", maxZIP) {
		return wrong("zip", "must be a postal code such as 98101")
	}
	if _, err := phone.Locate(s.Phone, s.Told); err != nil {
		return fieldError(err)
	}
	// States and postal codes belong to served countries. Only a time zone may be elsewhere.
	if g.Person(&consent.Contact{Key: s.Key, Told: s.Told}).Unserved != "" {
		return wrong("zone", "puts the phone where "+s.Brand.Name+" sends no texts: correct it, or leave it empty")
	}
	return nil
}

// fieldError returns the error of package phone or typed about a field; any other error is about the number.
func fieldError(err error) *phone.FieldError {
	if bad, ok := errors.AsType[*phone.FieldError](err); ok {
		return bad
	}
	return &phone.FieldError{Field: phone.FieldPhone, Message: err.Error(), Cause: err}
}

// madeOf reports whether a text consists of letters of a set and is no longer than most bytes.
func madeOf(text, set string, most int) bool {
	return len(text) <= most && strings.Trim(text, set) == ""
}

// Evidence returns what a sign-up records itself: the topics, separated by spaces, and what the person told, on which
// the hours of later texts depend. What was not told is empty.
func (s SignUp) Evidence() map[string]string {
	ids := make([]string, len(s.Topics))
	for i, t := range s.Topics {
		ids[i] = t.ID
	}
	return map[string]string{
		"topics": strings.Join(ids, " "),
		"state":  s.Told.State, "zip": s.Told.ZIP, "zone": s.Told.Zone, "locale": s.Locale,
	}
}
