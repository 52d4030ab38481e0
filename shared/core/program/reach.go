package program

import (
	"slices"
	"strings"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

// Message parts per second that AWS lets an identity send, unless a customer asked for more.
// https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-mps.html
const (
	shortCodeRate = 100
	tollFreeRate  = 3
	domesticRate  = 1 // 10DLC numbers of the United States, long codes of Canada
	longCodeRate  = 10
)

// rate returns how many message parts per second the identity may send. AWS picks any number of a pool, so the
// slowest one decides.
func (i Identity) rate() int {
	if i.ShortCode != "" {
		return shortCodeRate
	}
	slowest := 0
	for _, n := range i.senders() {
		rate := longCodeRate
		switch country := n.Country(); {
		case isTollFree(n):
			rate = tollFreeRate
		case country == "US" || country == "CA":
			rate = domesticRate
		}
		if slowest == 0 || rate < slowest {
			slowest = rate
		}
	}
	return max(slowest, domesticRate)
}

// reach returns the countries that the identity can text, nil for all. region is the brand's. "You can't request a
// checkDedicated phone number for one country but then use it as an identity for another", unless AWS has enabled
// international sending. Toll-free numbers reach the United States and Canada. A short code does not show its
// country, so it counts as the brand's. https://docs.aws.amazon.com/sms-voice/latest/userguide/phone-numbers.html
func (i Identity) reach(region string) []string {
	if i.International {
		return nil
	}
	var countries []string
	if i.ShortCode != "" {
		countries = append(countries, region)
	}
	for _, n := range i.senders() {
		switch country := n.Country(); {
		case country == "":
			return nil // the country is unknown, so no country is ruled out
		case isTollFree(n):
			countries = append(countries, "CA", "US")
		default:
			countries = append(countries, country)
		}
	}
	slices.Sort(countries)
	return slices.Compact(countries)
}

// senders returns the numbers that texts may come from.
func (i Identity) senders() []phone.Number {
	if i.Number != "" {
		return []phone.Number{i.Number}
	}
	return i.Numbers
}

// isTollFree reports whether a number is a toll-free number of North America: +1 and without a place.
func isTollFree(n phone.Number) bool {
	area, err := phone.Locate(n, phone.Told{})
	return err == nil && area.IsCountrywide() && strings.HasPrefix(string(n), "+1")
}

// checkReach reports a fault where the brand serves a country that one of its programs cannot text: people there would
// sign up and get nothing. A brand that names no countries serves those that all its programs reach and that have
// hours.
func (d *decoder) checkReach(f field, b *Brand, policy jurisdiction.Policy) {
	var common []string // what all programs reach; nil for every country
	for i := range b.Programs {
		identity := b.Programs[i].Identity
		reach := identity.reach(b.Region)
		if len(reach) == 0 {
			continue
		}
		if beyond := without(b.Countries, reach); len(beyond) > 0 {
			d.fail(
				f,
				"%s of program %q does not reach %s, only %s; leave that out, give the program a pool with a number of each "+
					"country, or write \"international: yes\" at its identity if AWS has turned that on for the number",
				identity, b.Programs[i].ID, strings.Join(beyond, " and "), strings.Join(reach, " and "),
			)
		}
		if common == nil {
			common = reach
		} else {
			common = without(common, without(common, reach))
		}
	}
	if b.Countries != nil || common == nil {
		return
	}
	b.Countries = slices.DeleteFunc(slices.Clone(common), func(country string) bool { return !hasHours(country, policy) })
	if len(b.Countries) == 0 {
		d.fail(
			f,
			"there is no country with hours that every program of the brand reaches; "+
				"give them numbers of one country, or add it under policy.countries",
		)
	}
}

// without returns the elements of all that are not in some.
func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}
