package typed

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"smsconsent/shared/core/phone"
)

// MayBeMobile reports whether a number from Number may belong to a mobile phone. In North America landlines and
// mobiles share area codes, so only toll-free and similar numbers are ruled out. Elsewhere the number shows the kind
// of line.
func MayBeMobile(n phone.Number) bool {
	if strings.HasPrefix(string(n), "+1") {
		area, err := phone.Locate(n, phone.Told{})
		return err == nil && !area.IsCountrywide()
	}
	parsed, err := phonenumbers.Parse(string(n), "")
	if err != nil {
		return false
	}
	switch phonenumbers.GetNumberType(parsed) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
		return true
	default:
		return false
	}
}

// CallingCode returns the country calling code of an ISO 3166-1 alpha-2 code, such as 33 for "FR"; 0 where it is
// unknown.
func CallingCode(country string) int { return phonenumbers.GetCountryCodeForRegion(country) }

// International returns the number as it is written for readers in any country, such as "+1 206-555-0142".
func International(n phone.Number) string {
	parsed, err := phonenumbers.Parse(string(n), "")
	if err != nil {
		return string(n)
	}
	return phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL)
}

// Example returns a mobile number of the country as people there write it, such as "(201) 555-0123". It is empty
// where none is known.
func Example(country string) string {
	n := phonenumbers.GetExampleNumberForType(country, phonenumbers.MOBILE)
	if n == nil {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.NATIONAL)
}
