// Package typed parses phone numbers as people type them, in a form, a text message or on the command line.
//
// It is separate from package phone because its metadata costs start-up time and memory, which the functions that only
// send need not pay for.
package typed

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"smsconsent/shared/core/phone"
)

// maxLength is how many bytes are parsed. No number is longer, whatever stands between its digits.
const maxLength = 64

// The errors of Number.
var (
	ErrEmpty       = refused("empty; type a number such as +1 206 555 0142")
	ErrTooLong     = refused(fmt.Sprintf("longer than %d characters; type one number only", maxLength))
	ErrPlusInside  = refused("a plus sign may only stand first; type one number only")
	ErrSigns       = refused("has signs that belong to no number; type digits, such as +1 206 555 0142, without extension")
	ErrCountryCode = refused("country code missing or unknown; begin with + and the country code, as in +1 206 555 0142")
	ErrNoNumber    = refused("not a phone number; type one such as +1 206 555 0142")
	ErrTenDigits   = refused("not ten digits; type area code and number, as in 206 555 0142")
	ErrExchange    = refused("the three digits after the area code are in use nowhere; check them")
	ErrDigits      = refused("not a number of its country; check the digits")
	ErrUnused      = refused("its area code or country code is not in use; check the digits")
)

func refused(message string) error {
	return &phone.FieldError{Field: phone.FieldPhone, Message: message}
}

// Number parses a phone number as a person typed it: with or without country code, with spaces, dots, hyphens or
// brackets, in full-width digits, or after "tel:". A number without country code is one of defaultRegion (ISO 3166-1
// alpha-2, such as "US"). With an empty defaultRegion the country code is required.
//
// It refuses numbers that cannot receive a text: those with an unassigned area code and, outside North America, where
// a number shows the kind of line, landlines and service numbers. Toll-free numbers are accepted, because some
// receive texts. The number is returned in phone.Parse's canonical form, in which an Argentine landline looks like a
// mobile phone. Each error is a *phone.FieldError: one of this package's, or one that wraps phone.ErrNoTexts.
func Number(s, defaultRegion string) (phone.Number, error) {
	if len(s) > maxLength {
		return "", ErrTooLong
	}
	if strings.TrimSpace(s) == "" {
		return "", ErrEmpty
	}
	digits, err := stripped(s)
	if err != nil {
		return "", err
	}
	if national, ok := afterOne(digits); ok {
		return northAmerican(national)
	}
	parsed, err := phonenumbers.Parse(digits, defaultRegion)
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return "", ErrCountryCode
	case err != nil:
		return "", ErrNoNumber
	}
	if parsed.GetCountryCode() == 1 {
		if parsed.GetItalianLeadingZero() {
			return "", ErrTenDigits
		}
		return northAmerican(parsed.GetNationalNumber())
	}
	n, err := phone.Parse(phonenumbers.Format(parsed, phonenumbers.E164))
	if err != nil {
		return "", ErrNoNumber
	}
	if parsed, err = phonenumbers.Parse(string(n), ""); err != nil || !phonenumbers.IsValidNumber(parsed) {
		return "", ErrDigits
	}
	if err := receivesTexts(phonenumbers.GetNumberType(parsed)); err != nil {
		return "", err
	}
	return checkPlace(n)
}

// stripped returns the digits, and the plus sign before them. It refuses anything but the usual marks between them,
// and does not guess: letters may be an extension, a second number, or a note that the number is out of use.
func stripped(s string) (string, error) {
	s = strings.TrimSpace(s)
	if len(s) >= len("tel:") && strings.EqualFold(s[:len("tel:")], "tel:") {
		s = s[len("tel:"):]
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '+' || r == '＋':
			if b.Len() > 0 {
				return "", ErrPlusInside
			}
			b.WriteByte('+')
		case unicode.IsDigit(r):
			b.WriteRune(r)
		case unicode.IsSpace(r), unicode.In(r, unicode.Cf, unicode.Pd), strings.ContainsRune(".()．（）/", r):
			// Cf are the marks of writing direction that come along when a number is copied.
		default:
			return "", ErrSigns
		}
	}
	return b.String(), nil
}

// afterOne returns the ten digits after +1 where the number is written as systems do. That takes a hundredth of the
// time that the metadata takes. Anything ambiguous is left to the metadata, such as a 1 before ten more digits.
func afterOne(digits string) (national uint64, ok bool) {
	rest, ok := strings.CutPrefix(digits, "+1")
	if !ok || len(rest) != 10 || rest[0] < '2' {
		return 0, false
	}
	national, err := strconv.ParseUint(rest, 10, 64)
	return national, err == nil
}

// northAmerican checks a number against the table of area codes. The metadata learns of new area codes late.
func northAmerican(national uint64) (phone.Number, error) {
	area, exchange := national/10_000_000, national/10_000%1_000
	if area < 100 || area > 999 {
		return "", ErrTenDigits
	}
	if exchange < 200 || exchange%100 == 11 {
		return "", ErrExchange
	}
	return checkPlace(phone.Number(fmt.Sprintf("+1%d", national)))
}

// checkPlace returns the number where its place is known, and an error otherwise.
func checkPlace(n phone.Number) (phone.Number, error) {
	switch _, err := phone.Locate(n, phone.Told{}); {
	case errors.Is(err, phone.ErrNoTexts):
		return "", err
	case err != nil:
		return "", ErrUnused
	}
	return n, nil
}

func receivesTexts(t phonenumbers.PhoneNumberType) error {
	kinds := map[phonenumbers.PhoneNumberType]string{
		phonenumbers.FIXED_LINE:   "a landline",
		phonenumbers.PREMIUM_RATE: "a premium-rate number",
		phonenumbers.SHARED_COST:  "a shared-cost number",
		phonenumbers.PAGER:        "a pager",
		phonenumbers.UAN:          "a company's service number",
		phonenumbers.VOICEMAIL:    "a mailbox",
	}
	if kind, ok := kinds[t]; ok {
		return phone.NoTexts(kind)
	}
	return nil
}
