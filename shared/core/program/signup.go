package program

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/jurisdiction"
)

// SignUp is how people may ask for texts, for all brands.
type SignUp struct {
	ConfirmWithin    time.Duration // how long a person has to answer a confirmation request with YES
	PerPhoneADay     int           // confirmation requests a brand sends to one phone in any 24 hours
	PerNetworkAnHour int           // sign-ups one IP address, or one IPv6 /48, may send in an hour
	PerBrandADay     int           // sign-ups the form takes for one brand in a day, in UTC; 0 for any number
	Captcha          Captcha
}

// Captcha is what keeps robots off the form. Its secret is in Parameter Store, never here.
type Captcha struct {
	Provider string  // one of the Captcha… constants
	SiteKey  string  // public key of the form at a third party; empty for ALTCHA
	MinScore float64 // of reCAPTCHA v3: the least that passes, 0 to 1; 0 where scores are not used

	// What ALTCHA's puzzle costs: Cost rounds of PBKDF2 for each of MinTries to MaxTries tries.
	Cost, MinTries, MaxTries int
}

// The CAPTCHA providers.
const (
	CaptchaAltcha    = "altcha"
	CaptchaTurnstile = "turnstile"
	CaptchaHCaptcha  = "hcaptcha"
	CaptchaReCaptcha = "recaptcha"
)

// RevokeAll is from when on a STOP to one program reaches every program of its brand. The zero RevokeAll follows the
// law of the country of whoever says STOP (47 CFR 64.1200(a)(10), whose part on unrelated texts is waived to 2027-01-31
// by DA 26-12).
type RevokeAll struct {
	From   jurisdiction.Date // in countries whose law asks for it, from this day on instead of the law's; zero: the law's
	Always bool              // everywhere and now
	Never  bool              // nowhere
}

// Reaches reports whether a STOP sent at that instant from a phone of the country stops every program of the brand. The
// earliest midnight on Earth counts: a day early stops too much, an hour late too little.
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

// The values where programs.yaml gives none.
const (
	usualConfirmWithin    = 24 * time.Hour
	usualPerPhoneADay     = 2
	usualPerNetworkAnHour = 60
	usualPerBrandADay     = 1000
	usualAnswersAnHour    = 6

	// A million rounds on average: about a quarter of a second on a desktop computer, a second on a slow phone.
	usualCost, usualMinTries, usualMaxTries = 5000, 100, 300
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

// signUp reads the limits of sign-ups. What is left out has its usual value.
func (d *decoder) signUp(f field) SignUp {
	o := d.object(
		f, "confirm_within", "requests_per_phone_and_day", "requests_per_network_and_hour",
		"requests_per_brand_and_day", "captcha",
	)
	return SignUp{
		ConfirmWithin:    d.confirmWithin(o.get("confirm_within")),
		PerPhoneADay:     d.count(o.get("requests_per_phone_and_day"), usualPerPhoneADay, 1, 10),
		PerNetworkAnHour: d.count(o.get("requests_per_network_and_hour"), usualPerNetworkAnHour, 1, 100_000),
		PerBrandADay:     d.ceiling(o.get("requests_per_brand_and_day"), usualPerBrandADay, 1, 1_000_000),
		Captcha:          d.captcha(o.get("captcha")),
	}
}

func (d *decoder) confirmWithin(f field) time.Duration {
	text := d.text(f)
	if text == "" {
		return usualConfirmWithin
	}
	within, err := time.ParseDuration(text)
	if err != nil || within < 10*time.Minute || within > 7*24*time.Hour {
		d.fail(f, "%q: write how long a person has to answer YES, 10m to 168h, such as 24h", text)
	}
	return within
}

// count reads a whole number from least to most.
func (d *decoder) count(f field, usual, least, most int) int {
	text := d.text(f)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		d.fail(f, "%q: write a whole number from %d to %d", text, least, most)
	}
	return n
}

// ceiling reads a count that may be none; then it is 0.
func (d *decoder) ceiling(f field, usual, least, most int) int {
	if d.text(f) == "none" {
		return 0
	}
	return d.count(f, usual, least, most)
}

func (d *decoder) captcha(f field) Captcha {
	o := d.object(f, "provider", "site_key", "min_score", "cost", "tries")
	c := Captcha{Provider: CaptchaAltcha, Cost: usualCost, MinTries: usualMinTries, MaxTries: usualMaxTries}
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
		c.Cost = d.count(o.get("cost"), usualCost, 1000, 1_000_000)
		c.MinTries, c.MaxTries = d.tries(o.get("tries"))
		return c
	}
	c.Cost, c.MinTries, c.MaxTries = 0, 0, 0
	for _, key := range []string{"cost", "tries"} {
		d.rejectField(o.get(key), "only ALTCHA's puzzle has it")
	}
	c.SiteKey = d.required(o.get("site_key"), "the public site key "+c.Provider+" gave you")
	if c.SiteKey != "" && !madeOf(c.SiteKey, digits+capitals+letters+"_-", 10, 100) {
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

// rejectField complains about a field that means nothing here.
func (d *decoder) rejectField(f field, because string) {
	if f.node != nil {
		d.fail(f, "%s; remove the line", because)
	}
}

func (d *decoder) tries(f field) (least, most int) {
	text := d.text(f)
	if text == "" {
		return usualMinTries, usualMaxTries
	}
	low, high, _ := strings.Cut(text, "-")
	least, errLow := strconv.Atoi(low)
	most, errHigh := strconv.Atoi(high)
	if errLow != nil || errHigh != nil || least < 1 || least > most || most > 100_000 {
		d.fail(f, "%q: write how many tries the puzzle takes, from least to most, such as 100-300", text)
	}
	return least, most
}

// color reads the colour of the brand's name on its pages, and sees that it can be read on white and as white on it.
func (d *decoder) color(f field) string {
	text := d.text(f)
	if text == "" {
		return ""
	}
	if len(text) != 7 || text[0] != '#' || !madeOf(strings.ToLower(text[1:]), digits+"abcdef", 6, 6) {
		d.fail(f, `%q: write the colour as "#" and six hexadecimal digits in quotes, such as "#0b5fff"`, text)
		return ""
	}
	return strings.ToLower(text)
}

// origins reads the web sites that may post to the sign-up API and show the form in a frame.
func (d *decoder) origins(f field) []string {
	var origins []string
	for _, at := range d.list(f) {
		text := d.text(at)
		if text == "" {
			continue
		}
		if !isOrigin(text) {
			d.fail(
				at,
				"%q: write the site's origin, https:// and its host without anything behind it, such as https://www.example.com",
				text,
			)
			continue
		}
		if slices.Contains(origins, text) {
			d.fail(at, "%q is listed twice; remove one", text)
			continue
		}
		origins = append(origins, text)
	}
	return origins
}

// links reads the address that the short links in the brand's texts begin with. It is short for it stands in each of
// them, and has no path, for theirs follows.
func (d *decoder) links(f field) string {
	text := d.text(f)
	if text != "" && !isOrigin(text) {
		d.fail(f, "%q: write https:// and the host your short links lead to, such as https://go.example.com", text)
	}
	return text
}

// isOrigin reports whether a browser may send the text as Origin: lower case, no path. Plain http is for a developer's
// own machine.
func isOrigin(text string) bool {
	host, secure := strings.CutPrefix(text, "https://")
	if !secure {
		var plain bool
		if host, plain = strings.CutPrefix(text, "http://"); !plain {
			return false
		}
		if name, _, _ := strings.Cut(host, ":"); name != "localhost" && name != "127.0.0.1" {
			return false
		}
	}
	name, port, hasPort := strings.Cut(host, ":")
	if hasPort && !madeOf(port, digits, 1, 5) {
		return false
	}
	return madeOf(name, digits+letters+"-.", 1, 253) && strings.Trim(name, "-.") == name
}

// hasHours reports whether it is known when a phone of the country may be texted.
func hasHours(code string, policy jurisdiction.Policy) bool {
	_, ours := policy.Countries[code]
	_, known := jurisdiction.Lookup(code)
	return ours || known
}

// countries reads the countries whose phones may sign up; nil where none are named.
func (d *decoder) countries(f field, policy jurisdiction.Policy) []string {
	var countries []string
	for _, at := range d.list(f) {
		code := d.text(at)
		switch {
		case code == "":
		case !madeOf(code, capitals, 2, 2) || !hasHours(code, policy):
			d.fail(
				at,
				"%q: write a country we have hours for as two capital letters (ISO 3166-1), such as US; others first go under policy.countries",
				code,
			)
		case slices.Contains(countries, code):
			d.fail(at, "%q is listed twice; remove one", code)
		default:
			countries = append(countries, code)
		}
	}
	return countries
}
