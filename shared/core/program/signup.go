package program

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/jurisdiction"
)

// SignUp holds the limits of signing up, for all brands.
type SignUp struct {
	ConfirmWithin    time.Duration // time to answer a confirmation request with YES
	PerPhoneADay     int           // confirmation requests a brand sends to one phone in any 24 hours
	PerNetworkAnHour int           // sign-ups from one IPv4 address or one IPv6 /48 in an hour
	PerBrandADay     int           // sign-ups by the form for one brand in a UTC day; 0 for no limit
	Captcha          Captcha
}

// Captcha is the protection of the form against robots. Its secret is in Parameter Store, never here.
type Captcha struct {
	Provider string  // one of the Captcha… constants
	SiteKey  string  // public key of the form at a third party; empty for ALTCHA
	MinScore float64 // least score of reCAPTCHA v3 that passes, 0 to 1; 0 where scores are not used

	// The work in ALTCHA's puzzle: MinTries to MaxTries tries, each of Cost rounds of PBKDF2.
	Cost, MinTries, MaxTries int
}

// The CAPTCHA providers.
const (
	CaptchaAltcha    = "altcha"
	CaptchaTurnstile = "turnstile"
	CaptchaHCaptcha  = "hcaptcha"
	CaptchaReCaptcha = "recaptcha"
)

// RevokeAll says from which day a STOP to one program ends every program of its brand. The zero value follows the law
// of the country the phone is in (47 CFR 64.1200(a)(10), whose part on unrelated texts is waived until 2027-01-31 by
// DA 26-12).
type RevokeAll struct {
	From   jurisdiction.Date // first day, in countries whose law asks for it; zero: the day of the law
	Always bool              // in all countries, from now on
	Never  bool              // in no country
}

// Reaches reports whether a STOP sent at that time from a phone of the country ends every program of the brand. The
// day begins with the earliest midnight on Earth: stopping too much a day early is safer than stopping too little.
func (r RevokeAll) Reaches(country string, at time.Time) bool {
	day, asked := jurisdiction.RevokeAllFrom(country)
	switch {
	case r.Always:
		return true
	case r.Never || !asked:
		return false
	case r.From != jurisdiction.Date{}:
		day = r.From
	}
	return !at.Before(day.Midnight(time.UTC).Add(-14 * time.Hour))
}

// Defaults.
const (
	defaultConfirmWithin    = 24 * time.Hour
	defaultPerPhoneADay     = 2
	defaultPerNetworkAnHour = 60
	defaultPerBrandADay     = 1000
	defaultAnswersAnHour    = 6

	// On average a million rounds: about a quarter of a second on a desktop computer, a second on a slow phone.
	defaultCost, defaultMinTries, defaultMaxTries = 5000, 100, 300
)

func (d *decoder) revokeAll(f field) RevokeAll {
	switch text := d.text(f); text {
	case "":
		return RevokeAll{}
	case "always":
		return RevokeAll{Always: true}
	case "never":
		return RevokeAll{Never: true}
	default:
		day, err := jurisdiction.ParseDate(text)
		if err != nil {
			d.fail(
				f,
				"%q: write the day from which a STOP to one program stops all of the brand, such as 2027-01-31, or always, or never",
				text,
			)
		}
		return RevokeAll{From: day}
	}
}

// signUp reads the limits of signing up. A field that is left out has its default.
func (d *decoder) signUp(f field) SignUp {
	o := d.object(
		f, "confirm_within", "requests_per_phone_and_day", "requests_per_network_and_hour",
		"requests_per_brand_and_day", "captcha",
	)
	return SignUp{
		ConfirmWithin:    d.confirmWithin(o.get("confirm_within")),
		PerPhoneADay:     d.count(o.get("requests_per_phone_and_day"), defaultPerPhoneADay, 1, 10),
		PerNetworkAnHour: d.count(o.get("requests_per_network_and_hour"), defaultPerNetworkAnHour, 1, 100_000),
		PerBrandADay:     d.ceiling(o.get("requests_per_brand_and_day"), defaultPerBrandADay, 1, 1_000_000),
		Captcha:          d.captcha(o.get("captcha")),
	}
}

func (d *decoder) confirmWithin(f field) time.Duration {
	text := d.text(f)
	if text == "" {
		return defaultConfirmWithin
	}
	within, err := time.ParseDuration(text)
	if err != nil || within < 10*time.Minute || within > 7*24*time.Hour {
		d.fail(f, "%q: write how long a person has to answer YES, 10m to 168h, such as 24h", text)
	}
	return within
}

// count reads a whole number from least to most.
func (d *decoder) count(f field, fallback, least, most int) int {
	text := d.text(f)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		d.fail(f, "%q: write a whole number from %d to %d", text, least, most)
	}
	return n
}

// ceiling reads a count, or "none", which is 0.
func (d *decoder) ceiling(f field, fallback, least, most int) int {
	if d.text(f) == "none" {
		return 0
	}
	return d.count(f, fallback, least, most)
}

func (d *decoder) captcha(f field) Captcha {
	o := d.object(f, "provider", "site_key", "min_score", "cost", "tries")
	c := Captcha{Provider: CaptchaAltcha, Cost: defaultCost, MinTries: defaultMinTries, MaxTries: defaultMaxTries}
	if provider := d.text(o.get("provider")); provider != "" {
		c.Provider = provider
	}
	known := []string{CaptchaAltcha, CaptchaTurnstile, CaptchaHCaptcha, CaptchaReCaptcha}
	if !slices.Contains(known, c.Provider) {
		d.fail(o.get("provider"), "%q: write %s", c.Provider, strings.Join(known, ", "))
		return c
	}
	if c.Provider == CaptchaAltcha {
		for _, key := range []string{"site_key", "min_score"} {
			d.rejectField(o.get(key), "ALTCHA is served by us and has none")
		}
		c.Cost = d.count(o.get("cost"), defaultCost, 1000, 1_000_000)
		c.MinTries, c.MaxTries = d.tries(o.get("tries"))
		return c
	}
	c.Cost, c.MinTries, c.MaxTries = 0, 0, 0
	for _, key := range []string{"cost", "tries"} {
		d.rejectField(o.get(key), "only ALTCHA's puzzle has it")
	}
	c.SiteKey = d.required(o.get("site_key"), "the public site key "+c.Provider+" gave you")
	if c.SiteKey != "" && !consistsOf(c.SiteKey, digits+capitals+letters+"_-", 10, 100) {
		d.fail(
			o.get("site_key"),
			"%q: write the public site key as %s shows it: letters, digits, _ and -",
			c.SiteKey,
			c.Provider,
		)
	}
	if at := o.get("min_score"); at.node != nil {
		if c.Provider != CaptchaReCaptcha {
			d.rejectField(at, "only reCAPTCHA v3 gives scores")
		}
		score, err := strconv.ParseFloat(d.text(at), 64)
		if err != nil || !(score > 0 && score <= 1) {
			d.fail(at, "write the least reCAPTCHA v3 score that passes, above 0 and at most 1, such as 0.5")
		}
		c.MinScore = score
	}
	return c
}

// rejectField reports a fault where a field is written that has no meaning here.
func (d *decoder) rejectField(f field, because string) {
	if f.node != nil {
		d.fail(f, "%s; remove the line", because)
	}
}

func (d *decoder) tries(f field) (least, most int) {
	text := d.text(f)
	if text == "" {
		return defaultMinTries, defaultMaxTries
	}
	low, high, _ := strings.Cut(text, "-")
	least, errLow := strconv.Atoi(low)
	most, errHigh := strconv.Atoi(high)
	if errLow != nil || errHigh != nil || least < 1 || least > most || most > 100_000 {
		d.fail(f, "%q: write how many tries the puzzle takes, from least to most, such as 100-300", text)
	}
	return least, most
}
