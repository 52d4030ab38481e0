package program

import (
	"slices"
	"strings"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

func (d *decoder) brands(f field, policy jurisdiction.Policy) []Brand {
	var brands []Brand
	for _, at := range d.nonEmptyList(f, "a list of brands") {
		brands = append(brands, d.brand(at, policy))
	}
	return brands
}

func (d *decoder) brand(f field, policy jurisdiction.Policy) Brand {
	o := d.object(
		f,
		"id",
		"name",
		"region",
		"terms",
		"privacy",
		"color",
		"origins",
		"links",
		"countries",
		"hours",
		"approval",
		"testers",
		"programs",
		"texts",
	)
	b := Brand{
		ID:        d.id(o.get("id"), "brand", ""),
		Name:      d.name(o.get("name"), maxBrandName, "Example Corp."),
		Region:    d.required(o.get("region"), "US"),
		Hours:     d.hours(o.get("hours"), policy),
		Terms:     d.address(o.get("terms")),
		Privacy:   d.address(o.get("privacy")),
		Color:     d.color(o.get("color")),
		Origins:   d.origins(o.get("origins")),
		Links:     d.links(o.get("links")),
		Countries: d.countries(o.get("countries"), policy),
		Approval:  d.choice(o.get("approval"), "none", "required") == "required",
		Testers:   d.testers(o.get("testers")),
	}
	if b.Region != "" && !consistsOf(b.Region, capitals, 2, 2) {
		d.fail(o.get("region"), "%q: write the country as two capital letters (ISO 3166-1), such as US", b.Region)
	}
	topics := 0
	for _, at := range d.nonEmptyList(o.get("programs"), "a list of programs") {
		p := d.program(at, &b)
		b.Programs = append(b.Programs, p)
		topics += len(p.Topics)
	}
	if topics > maxBrandTopics {
		d.fail(o.get("programs"), "have %d topics; a STOP can end %d at once at most: leave some out", topics, maxBrandTopics)
	}
	d.checkReach(o.get("countries"), &b, policy)
	b.Texts = d.texts(o.get("texts"), &b)
	return b
}

// testers reads the phones that may get a campaign as a test.
func (d *decoder) testers(f field) []phone.Number {
	var all []phone.Number
	for _, at := range d.list(f) {
		text := d.text(at)
		if text == "" {
			continue
		}
		n, err := phone.Parse(text)
		switch {
		case err != nil:
			d.fail(at, "%q: write the number as +12065550142, in quotes", text)
		case slices.Contains(all, n):
			d.fail(at, "%s is there twice", n)
		default:
			all = append(all, n)
		}
	}
	return all
}

// color reads the colour of the brand's name.
func (d *decoder) color(f field) string {
	text := d.text(f)
	if text == "" {
		return ""
	}
	if len(text) != 7 || text[0] != '#' || !consistsOf(strings.ToLower(text[1:]), digits+"abcdef", 6, 6) {
		d.fail(f, `%q: write the colour as "#" and six hexadecimal digits in quotes, such as "#0b5fff"`, text)
		return ""
	}
	return strings.ToLower(text)
}

// origins reads the web sites that may post sign-ups and show the form in a frame.
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

// links reads the start of the brand's short links: scheme and host only, because each link adds its own path.
func (d *decoder) links(f field) string {
	text := d.text(f)
	if text != "" && !isOrigin(text) {
		d.fail(f, "%q: write https:// and the host your short links lead to, such as https://go.example.com", text)
	}
	return text
}

// isOrigin reports whether text is a web origin as browsers send it: lower case, without a path. Plain http is
// allowed on a developer's own machine only.
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
	if hasPort && !consistsOf(port, digits, 1, 5) {
		return false
	}
	return consistsOf(name, digits+letters+"-.", 1, 253) && strings.Trim(name, "-.") == name
}

// hasHours reports whether the permitted hours of a country are known.
func hasHours(code string, policy jurisdiction.Policy) bool {
	_, ours := policy.Countries[code]
	_, known := jurisdiction.Lookup(code)
	return ours || known
}

// countries reads the countries that the brand serves, nil where none are named.
func (d *decoder) countries(f field, policy jurisdiction.Policy) []string {
	var countries []string
	for _, at := range d.list(f) {
		code := d.text(at)
		switch {
		case code == "":
		case !consistsOf(code, capitals, 2, 2) || !hasHours(code, policy):
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
