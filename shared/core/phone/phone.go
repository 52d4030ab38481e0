// Package phone holds phone numbers in E.164 form, and finds the places where a phone may be.
//
// It does not parse numbers as people type them; package typed does.
package phone

import (
	"encoding/base64"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
)

// ErrInvalid is wrapped by Parse where the text is not an E.164 number.
var ErrInvalid = errors.New("not an E.164 phone number")

// Number is a phone number in E.164 form: a plus sign and 7 to 15 digits, the first of them not zero. Numbers from
// outside must go through Parse, so that a phone has only one Number.
type Number string

// Parse checks that s is an E.164 number and nothing else, and returns its canonical form: some numbers of Argentina,
// Brazil and Mexico have two. It does not check whether the number is in service. The error wraps ErrInvalid.
func Parse(s string) (Number, error) {
	if len(s) < 8 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return "", fmt.Errorf("phone must be + and 7 to 15 digits such as +12065550142: %w", ErrInvalid)
	}
	for _, c := range []byte(s[1:]) {
		if c < '0' || c > '9' {
			return "", fmt.Errorf("phone must be + and 7 to 15 digits such as +12065550142: %w", ErrInvalid)
		}
	}
	return Number(canonical(s)), nil
}

// LogValue keeps phone numbers out of log lines (invariant I10), even where one is passed to a logger by mistake.
func (n Number) LogValue() slog.Value { return slog.StringValue("[phone]") }

// Told is what a person told us at sign-up about where they are. A field is empty where they did not say.
type Told struct {
	State string `json:"state,omitempty"` // subdivision code without the country, such as "FL" or "ON"
	ZIP   string `json:"zip,omitempty"`   // postal code as given
	Zone  string `json:"zone,omitempty"`  // IANA time zone name
}

// Place is a jurisdiction that a phone may be in, with every time zone it may have there.
type Place struct {
	Country string   // ISO 3166-1 alpha-2
	State   string   // subdivision code without the country; empty where unknown, or where no state of the country matters
	Zones   []string // IANA names, sorted, at least one
}

// Area is every place a phone may be in, as one canonical key that can be sorted and compared: places joined by "&",
// each "<country>[-<state>]|<zone>[+<zone>…]", such as "US-FL|America/Chicago+America/New_York". A phone may be
// texted only when all its places allow it. Long unions have a short alias (see Places).
type Area string

// Mark returns two characters that stand for the area where the key would take too much room. Some areas share one.
func (a Area) Mark() string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(a)) // never fails
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))[:2]
}
