package program

import (
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
)

// Limits that keep every text made from these fields within the 1,600 characters AWS takes (AWS End User Messaging
// SMS API Reference, SendTextMessage, MessageBody), and the keys of the table short.
const (
	maxID        = 32
	maxBrandName = 60 // characters
	maxTopicName = 40 // characters
	maxTopics    = 10 // of one program
	maxEmail     = 100
	maxHelpPhone = 30
	maxCount     = 100  // messages in a promised period
	maxPerSecond = 1000 // message parts

	// maxBrandTopics is how many topics a brand may have. A STOP to all of them is one transaction, in which DynamoDB
	// takes 100 items: the contact, its events, the inbound message, and an audience entry per topic.
	maxBrandTopics = 90

	defaultLocale = "en-US"
)

// Sets of characters for fields. Regular expressions would add a millisecond to every cold start.
const (
	digits   = "0123456789"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	letters  = "abcdefghijklmnopqrstuvwxyz"

	// resource has the characters of IDs, names and ARNs in the SMS API.
	resource = digits + capitals + letters + "_:/-"
)

// consistsOf reports whether text has least to most characters, all of them from set.
func consistsOf(text, set string, least, most int) bool {
	return len(text) >= least && len(text) <= most && strings.Trim(text, set) == ""
}

// id reads an ID and reports a fault where another entry of its kind in scope has the same one.
func (d *decoder) id(f field, kind, scope string) string {
	id := d.required(f, `"example"`)
	if id == "" {
		return ""
	}
	if !consistsOf(id, letters+digits+"-", 1, maxID) {
		d.fail(f, "%q: write 1 to %d lower-case letters, digits and hyphens", id, maxID)
		return ""
	}
	if first, only := d.claimUnique(kind+" id of "+scope, id, id, f); !only {
		d.fail(f, "%q is also the %s of line %d; give each its own id", id, kind, first.line)
	}
	return id
}

func (d *decoder) name(f field, limit int, example string) string {
	name := d.required(f, `"`+example+`"`)
	if n := utf8.RuneCountInString(name); n > limit {
		d.fail(f, "has %d characters; write at most %d, so that it fits into a text", n, limit)
	}
	if name != "" && !strings.ContainsFunc(name, unicode.IsLetter) && !strings.ContainsFunc(name, unicode.IsDigit) {
		d.fail(f, "%q: write a name with a letter or a digit in it", name)
	}
	return name
}

func (d *decoder) address(f field) string {
	text := d.text(f)
	if text == "" {
		return ""
	}
	if u, err := url.Parse(text); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		d.fail(f, "%q: write a web address that starts with https://", text)
	}
	return text
}

func (d *decoder) class(f field) Class {
	switch class := Class(d.required(f, "promotional")); class {
	case Promotional, Transactional, "":
		return class
	default:
		d.fail(f, "%q: write promotional or transactional", class)
		return ""
	}
}

// choice reads one of a few words. It returns fallback where the field is absent.
func (d *decoder) choice(f field, fallback string, others ...string) string {
	text := d.text(f)
	switch {
	case text == "":
		return fallback
	case text != fallback && !slices.Contains(others, text):
		d.fail(f, "%q: write %s", text, strings.Join(slices.Compact(append([]string{fallback}, others...)), " or "))
	}
	return text
}

func (d *decoder) perSecond(f field, fallback int) int {
	text := d.text(f)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPerSecond {
		d.fail(f, "%q: write how many message parts a second AWS lets this identity send, 1 to %d", text, maxPerSecond)
	}
	return n
}

// identity reads a number, a short code or a pool. It reports a fault where another program has the same one, in
// whatever form it is written.
func (d *decoder) identity(f field, label string) Identity {
	if f.node == nil {
		d.missing(f, `{number: "+12065550100"}`)
		return Identity{}
	}
	o := d.object(f, "number", "short_code", "pool", "numbers", "international")
	number, code, pool, numbers := o.get("number"), o.get("short_code"), o.get("pool"), o.get("numbers")
	given := 0
	for _, at := range []field{number, code, pool} {
		if at.node != nil {
			given++
		}
	}
	if given != 1 && !o.reported {
		d.fail(f, "has %d of number, short_code and pool; write exactly one", given)
	}

	id := Identity{Number: d.number(number, label), ShortCode: d.text(code), Pool: d.text(pool)}
	id.International = d.choice(o.get("international"), "no", "yes") == "yes"
	if id.ShortCode != "" {
		if !consistsOf(id.ShortCode, digits, 3, 8) {
			d.fail(code, "%q: write 3 to 8 digits", id.ShortCode)
		}
		d.checkDedicated(code, id.ShortCode, label)
	}
	if id.Pool != "" {
		if !consistsOf(id.Pool, resource, 1, 256) {
			d.fail(pool, "%q: write the pool's ID or ARN, such as pool-0123456789abcdef", id.Pool)
		}
		d.checkDedicated(pool, arnName(id.Pool), label)
	}
	if pool.node == nil {
		if numbers.node != nil {
			d.fail(numbers, "only a pool has numbers; write number instead")
		}
		return id
	}
	for _, at := range d.nonEmptyList(numbers, `["+12065550100"]: every number of the pool, which is what people text to`) {
		id.Numbers = append(id.Numbers, d.number(at, label))
	}
	return id
}

func (d *decoder) number(f field, label string) phone.Number {
	text := d.text(f)
	if text == "" {
		return ""
	}
	n, err := phone.Parse(text)
	if err != nil {
		d.fail(f, "%q: write + and the country code and the number, 7 to 15 digits, such as +12065550100", text)
		return ""
	}
	d.checkDedicated(f, text, label)
	return n
}

// checkDedicated reports a fault where another program sends from the same identity (practice: use dedicated short
// codes).
func (d *decoder) checkDedicated(f field, identity, label string) {
	if first, only := d.claimUnique("identity", identity, label, f); !only {
		d.fail(
			f,
			"%s is also the origination identity of %s (line %d); give each brand and message type its own (AWS: use dedicated short codes)",
			identity,
			first.name,
			first.line,
		)
	}
}

// optOutList reads the name of an opt-out list. It reports a fault where another program has the same list: AWS would
// then take a STOP to one program as a STOP to both.
func (d *decoder) optOutList(f field, label string) string {
	list := d.required(f, "Default, or the name of a list made for this program alone")
	if list == "" {
		return ""
	}
	if !consistsOf(list, resource, 1, 256) {
		d.fail(f, "%q: write the name of the opt-out list: letters, digits, _ and -", list)
		return ""
	}
	if first, only := d.claimUnique("opt-out list", arnName(list), label, f); !only {
		d.fail(
			f,
			"%s is also the opt-out list of %s (line %d); make one for each program, so that STOP to one leaves the other alone",
			list,
			first.name,
			first.line,
		)
	}
	return list
}

// arnName returns the ID or name at the end of an ARN, so that both forms of the same resource compare equal.
func arnName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

func (d *decoder) keyword(f field, label string) string {
	k := d.text(f)
	if k == "" {
		return ""
	}
	if !consistsOf(k, capitals+digits, 1, 30) {
		d.fail(f, "%q: write 1 to 30 capital letters and digits, such as JOIN", k)
		return ""
	}
	if keyword.Reserved(k) {
		d.fail(
			f,
			"%q can't be a keyword, because people and AWS mean something else by it; choose another word with a letter in it",
			k,
		)
		return ""
	}
	if first, only := d.claimUnique("keyword of "+label, k, k, f); !only {
		d.fail(f, "%q is also the keyword of line %d, on the same number; give each topic its own", k, first.line)
	}
	return k
}

// told reads whether a topic begins by telling people of it instead of by their YES. Transactional texts need no
// explicit consent "as long as you tell your customers that you're going to send them" (AWS, SMS best practices,
// obtain permission). Promotional texts do.
func (d *decoder) told(f field, class Class) bool {
	told := d.choice(f, "confirmed", "told") == "told"
	if told && class == Promotional {
		d.fail(f, "only a transactional topic can be told; a promotional one needs each person's YES: write confirmed, or remove the line")
	}
	return told && class == Transactional
}

func (d *decoder) frequency(f field, class Class) Frequency {
	if f.node == nil {
		if class == Promotional {
			d.missing(f, `"2 per month": a promotional topic must promise how often it texts at most`)
		}
		return Frequency{}
	}
	text := d.text(f)
	if text == "" {
		return Frequency{}
	}
	count, period, _ := strings.Cut(text, " per ")
	promised := Frequency{Period: Period(period)}
	if consistsOf(count, digits, 1, 3) && count[0] != '0' && promised.Window() > 0 {
		promised.Count, _ = strconv.Atoi(count)
		if promised.Count <= maxCount {
			return promised
		}
	}
	d.fail(
		f,
		`%q: write "2 per month": a number from 1 to %d, then per day, per week, per month or per year`,
		text,
		maxCount,
	)
	return Frequency{}
}

// help reads how people reach a person who can help. Carriers ask for at least one way (CTIA, Messaging Principles
// and Best Practices, May 2023).
func (d *decoder) help(f field) (email, number string) {
	o := d.object(f, "email", "phone")
	email, number = d.text(o.get("email")), d.text(o.get("phone"))
	if email != "" {
		a, err := mail.ParseAddress(email)
		if err != nil || a.Address != email || a.Name != "" || len(email) > maxEmail || strings.ContainsAny(email, "\" ") {
			d.fail(
				o.get("email"),
				"%q: write an e-mail address of at most %d characters, such as help@example.com",
				email,
				maxEmail,
			)
		}
	}
	if n := utf8.RuneCountInString(number); n > maxHelpPhone {
		d.fail(o.get("phone"), "has %d characters; write the number people call, %d at most", n, maxHelpPhone)
	}
	if o.get("email").node == nil && o.get("phone").node == nil {
		d.missing(o.field, "{email: help@example.com}, {phone: XXX-555-0199} or both: the answer to HELP names them")
	}
	return email, number
}

// checkSameHelp reports a fault where two topics of a program name different help: they share a number, so HELP has one
// answer.
func (d *decoder) checkSameHelp(f field, first, t *Topic) {
	if t.HelpEmail != first.HelpEmail || t.HelpPhone != first.HelpPhone {
		d.fail(
			field{path: join(f.path, "help"), line: f.line},
			"differs from that of topic %q; topics sent from one number share one HELP answer: write the same, or make another program",
			first.ID,
		)
	}
}

func (d *decoder) locale(f field) string {
	text := d.text(f)
	if text == "" {
		return defaultLocale
	}
	if !isLocale(text) {
		d.fail(f, "%q: write a language tag (BCP 47), such as en-US", text)
	}
	return text
}

// isLocale reports whether tag has the common form of a BCP 47 tag: a language, then a script, a region, both or
// neither.
func isLocale(tag string) bool {
	parts := strings.Split(tag, "-")
	if !consistsOf(parts[0], letters, 2, 3) {
		return false
	}
	parts = parts[1:]
	isScript := len(parts) > 0 && len(parts[0]) == 4 &&
		consistsOf(parts[0][:1], capitals, 1, 1) && consistsOf(parts[0][1:], letters, 3, 3)
	if isScript {
		parts = parts[1:]
	}
	isRegion := len(parts) == 1 && (consistsOf(parts[0], capitals, 2, 2) || consistsOf(parts[0], digits, 3, 3))
	return len(parts) == 0 || isRegion
}

// unprintable reports whether a character is not allowed in names and texts.
func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }
