// Package typed reads phone numbers as people type them, in a form, a text message or on the command line.
//
// It stands apart from package phone because the metadata it needs costs start-up time and memory, which the functions
// that only send should not pay.
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

// maxLength is in bytes. No number is longer, whatever stands between its digits.
const maxLength = 64

// Why Number refuses what was typed.
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

// Number reads a phone number as a person typed it: with or without country code, with spaces, dots, hyphens or
// brackets, in full-width digits, or after "tel:". A number without country code is one of defaultRegion (ISO 3166-1
// alpha-2, such as "US"); an empty defaultRegion asks for the country code.
//
// It refuses what cannot receive a text: area codes that are not assigned, and outside North America, where the kind of
// line shows in the number, landlines and service numbers. A toll-free number passes: some of them do receive texts.
// A number of two spellings is returned as phone.Parse spells it, by which an Argentine landline cannot be told from a
// mobile. Each error is a *phone.FieldError: one of this package's, or one that wraps phone.ErrNoTexts.
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
	return located(n)
}

// stripped returns the digits, and the plus sign before them. Anything but the usual marks between them is refused, not
// guessed at: letters may be an extension, a second number, or a note that this one is out of use.
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

// afterOne returns the ten digits after +1, as systems write a number, which takes a hundredth of the time that the
// metadata takes. What may be read otherwise, such as a 1 in front of ten digits more, is left to that.
func afterOne(digits string) (national uint64, ok bool) {
	rest, ok := strings.CutPrefix(digits, "+1")
	if !ok || len(rest) != 10 || rest[0] < '2' {
		return 0, false
	}
	national, err := strconv.ParseUint(rest, 10, 64)
	return national, err == nil
}

// northAmerican trusts the table of area codes, not the metadata, which learns of new area codes late.
func northAmerican(national uint64) (phone.Number, error) {
	area, exchange := national/10_000_000, national/10_000%1_000
	if area < 100 || area > 999 {
		return "", ErrTenDigits
	}
	if exchange < 200 || exchange%100 == 11 {
		return "", ErrExchange
	}
	return located(phone.Number(fmt.Sprintf("+1%d", national)))
}

// located returns the number where anybody knows the place of such numbers.
func located(n phone.Number) (phone.Number, error) {
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
