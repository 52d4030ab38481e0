package program

import (
	"slices"
	"strings"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

// Message parts a second AWS lets an identity send unless more was asked for.
// https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-mps.html
const (
	shortCodeRate = 100
	tollFreeRate  = 3
	domesticRate  = 1 // a 10DLC number of the United States, and a long code of Canada
	longCodeRate  = 10
)

// rate returns how many message parts a second the identity may send. AWS takes any number of a pool, so the slowest
// counts.
func (i Identity) rate() int {
	if i.ShortCode != "" {
		return shortCodeRate
	}
	slowest := 0
	for _, n := range i.all() {
		rate := longCodeRate
		switch country := n.Country(); {
		case tollFree(n):
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

// reach returns the countries whose phones the identity of a brand of that region reaches; nil for all. "You can't
// request a dedicated phone number for one country but then use it as an identity for another", unless AWS has turned
// international sending on for it; toll-free numbers are of the United States and Canada. A short code says no country,
// so it is of the brand's.
// https://docs.aws.amazon.com/sms-voice/latest/userguide/phone-numbers.html
func (i Identity) reach(region string) []string {
	if i.International {
		return nil
	}
	var countries []string
	if i.ShortCode != "" {
		countries = append(countries, region)
	}
	for _, n := range i.all() {
		switch country := n.Country(); {
		case country == "":
			return nil // nobody knows, so nobody is kept out
		case tollFree(n):
			countries = append(countries, "CA", "US")
		default:
			countries = append(countries, country)
		}
	}
	slices.Sort(countries)
	return slices.Compact(countries)
}

// all returns the numbers texts may come from.
func (i Identity) all() []phone.Number {
	if i.Number != "" {
		return []phone.Number{i.Number}
	}
	return i.Numbers
}

// tollFree reports whether a number is of North America and has no home there.
func tollFree(n phone.Number) bool {
	area, err := phone.Locate(n, phone.Told{})
	return err == nil && area.Homeless() && strings.HasPrefix(string(n), "+1")
}

// reached makes sure that a brand serves no country which one of its programs cannot text: people there would sign up
// and hear nothing. A brand that names none serves those there are hours for that all its programs reach.
func (d *decoder) reached(f field, b *Brand, policy jurisdiction.Policy) {
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

// without returns those of all that are not among some.
func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}
