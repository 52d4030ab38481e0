package message

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

// Severity is how serious a problem of a text is.
type Severity string

// The severities. Only an error prevents a campaign from being created.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Notice  Severity = "notice"
)

// Problem is something that a person should know before a text is sent to everybody.
type Problem struct {
	Severity Severity `json:"severity"`
	Rule     string   `json:"rule"` // a short name, such as "opt-out"
	Text     string   `json:"text"` // what is wrong and what to do
}

// marketing is the rule about transactional texts that advertise, for which a person may vouch by name.
const marketing = "marketing"

// Vouched names who vouches for something that no rule allows by itself; empty for nobody.
type Vouched struct {
	NotMarketing string // who says that a transactional text is no advertisement, whatever its words
	Urgent       string // who says that a transactional text to many cannot wait for permitted hours
}

// Stops reports whether the problem prevents sending: it is an error, and nobody vouches for the text.
func (p Problem) Stops(v Vouched) bool {
	return p.Severity == Error && (!p.MayBeVouched() || v.NotMarketing == "")
}

// MayBeVouched reports whether a person may vouch that the text is not marketing.
func (p Problem) MayBeVouched() bool { return p.Severity == Error && p.Rule == marketing }

// maxVoucher is the most characters in the name of a person who vouches.
const maxVoucher = 60

// CheckVoucher returns what is wrong with the name of a person who vouches.
func CheckVoucher(name string) error {
	odd := func(r rune) bool { return !unicode.IsGraphic(r) }
	if strings.TrimSpace(name) != name || name == "" || wording.Characters(name) > maxVoucher ||
		strings.ContainsFunc(name, odd) {
		return fmt.Errorf(`write the name of who answers for it, up to %d characters, such as "Ana Perez"`, maxVoucher)
	}
	return nil
}

// Limits of good style.
const (
	manyParts    = 3
	shoutLetters = 15  // shorter texts may be in capitals
	shoutShare   = 0.6 // of the letters
	fewOddities  = 3   // kinds of characters that make a text UCS-2 by mistake; more are another language
)

// Check returns the problems of a text for a campaign of the program. It checks the text as it will be sent: with the
// brand's name in front where it is promotional (WithBrand), with links of the brand's length (Links), and with the
// fallbacks of its fields, or with the longest values where length matters. A text whose fields are filled in is
// checked as it is.
func Check(b *program.Brand, p *program.Program, body string) []Problem {
	if strings.TrimSpace(body) == "" {
		return []Problem{{Error, "empty", "the text is empty; write what to send"}}
	}
	if odd := unsendable(body); odd != "" {
		return []Problem{{Error, "characters", odd}}
	}
	d := draft{brand: b, program: p, body: body, whole: body}
	if p.Class == program.Promotional {
		d.whole = WithBrand(b, body)
	}
	d.text = placeholder.For(d.whole, nil)
	d.sent = WithLinks(d.text, SampleLink(b.Links))
	d.longest = WithLinks(placeholder.Longest(d.whole), SampleLink(b.Links))
	d.checkFields()
	d.checkKind()
	d.checkLinks()
	d.checkLength()
	d.checkStyle()
	d.checkParts()
	return d.found
}

// draft is a text being checked, in the forms in which it may be sent.
type draft struct {
	brand   *program.Brand
	program *program.Program

	body    string // as it was written
	whole   string // with the brand's name
	text    string // with the brand's name and the fallbacks of its fields
	sent    string // also with links of the brand's length
	longest string // the same with the longest values instead of the fallbacks

	found []Problem
}

func (d *draft) add(s Severity, rule, because string, args ...any) {
	d.found = append(d.found, Problem{s, rule, fmt.Sprintf(because, args...)})
}

func (d *draft) checkFields() {
	if err := placeholder.Check(d.body, placeholder.ForMany); err != nil {
		d.add(Error, "fields", "%s", err)
	}
}

// checkKind checks that a promotional text says what the law requires, and that any other text does not advertise.
func (d *draft) checkKind() {
	if d.program.Class == program.Promotional {
		if !HasBrand(d.brand, d.body) {
			d.add(Notice, "brand", "promotional texts start with the brand's name, so %q was put in front", d.brand.Name+": ")
		}
		if !HasOptOut(d.text) {
			d.add(Warning, "opt-out", `the text does not say how to opt out; end it with "Reply STOP to cancel."`)
		}
		return
	}
	if words := wording.Advertises(d.text); words != "" {
		d.add(Error, marketing, "%q makes the text an advertisement, which needs a topic of class promotional; "+
			"where it is none, somebody has to answer for it by name", words)
	}
	if !names(d.brand, d.text) {
		d.add(Warning, "brand", "the text does not say who writes; begin it with %q", d.brand.Name+": ")
	}
}

func (d *draft) checkLinks() {
	targets, err := Links(d.body)
	if err != nil {
		d.add(Error, "links", "%s", err)
		return
	}
	if len(targets) > 0 {
		size := Segments(d.sent)
		d.add(Notice, "links", "each {link:…} goes out as %s%s and %d more characters; with them the text has %s (%s)",
			d.brand.Links, LinkPath, LinkIDLen, inParts(size.Parts), size.Encoding)
	}
}

func (d *draft) checkLength() {
	if d.longest != d.sent {
		d.add(Notice, "fields", "with the words for whom nothing is known the text has %s, with the longest values %d",
			inParts(Segments(d.sent).Parts), mostParts(d.longest))
	}
	if n := wording.Characters(d.longest); n > wording.MaxCharacters {
		d.add(Error, "length",
			"the text has %d characters with the brand's name and the longest fields; AWS takes %d at most",
			n, wording.MaxCharacters)
	}
}

// checkStyle finds what carriers block and people take for spam.
func (d *draft) checkStyle() {
	if host := shortenerIn(d.text); host != "" {
		d.add(Warning, "links", "%s is a public link shortener, which carriers block; link to a site of your own", host)
	}
	if shouts(WithLinks(d.text, func(int) string { return "" }), d.brand.Name) {
		d.add(Warning, "capitals", "most of the text is in capitals, which reads as shouting and is filtered as spam; "+
			"write it in ordinary letters")
	}
}

// checkParts finds what makes a text expensive.
func (d *draft) checkParts() {
	size := Segments(d.sent)
	if size.Parts > manyParts {
		d.add(Warning, "parts", "the text is sent and billed as %d parts (%s); shorten it to %d or fewer",
			size.Parts, size.Encoding, manyParts)
	}
	odd := oddCharacters(d.sent)
	if len(odd) == 0 {
		return
	}
	cost := "so a part holds 70 characters instead of 160"
	if plain := plainParts(d.sent); plain < size.Parts {
		cost = fmt.Sprintf("so the text is sent and billed as %d parts instead of %d", size.Parts, plain)
	}
	d.add(Warning, "encoding", "%s can't be sent as GSM-7, %s; write a plain character", strings.Join(odd, ", "), cost)
}

// mostParts returns the most parts that a text of that many characters can have. A part of UCS-2 has 67 units, of
// which a character of two units may leave the last one empty.
func mostParts(longest string) int {
	n := wording.Characters(longest)
	if n <= 70 {
		return 1
	}
	return (n + 65) / 66
}

// WithBrand puts the brand's name in front of a promotional text that does not start with it, as in "Example Corp.:
// sale tomorrow", because people must see at once who writes. Letter case and the full stop of a name do not matter.
// It trims white space; an empty text stays empty.
func WithBrand(b *program.Brand, body string) string {
	body = strings.TrimSpace(body)
	if body == "" || HasBrand(b, body) {
		return body
	}
	return b.Name + ": " + body
}

// HasBrand reports whether the text begins with the brand's name as whole words: "Example Corporation" is not
// "Example Corp.". Letter case, the full stop of the name and how much white space there is do not matter.
func HasBrand(b *program.Brand, body string) bool {
	_, ok := cutBrand(b, body)
	return ok
}

// WithoutBrand returns a text in one line, without the brand's name where it begins with it and says more.
func WithoutBrand(b *program.Brand, body string) string {
	rest, _ := cutBrand(b, body)
	return cmp.Or(strings.TrimLeft(rest, ".:;,!-–— "), inOneLine(body))
}

// cutBrand removes the brand's name from the beginning of a text, which it returns in one line. It reports whether the
// name is there, in whole words.
func cutBrand(b *program.Brand, body string) (rest string, ok bool) {
	rest, ok = cutFold(inOneLine(body), inOneLine(strings.TrimRight(b.Name, ".")))
	next, _ := utf8.DecodeRuneInString(rest)
	if !ok || unicode.IsLetter(next) || unicode.IsDigit(next) {
		return "", false
	}
	return rest, true
}

// inOneLine returns a text with one space in the place of each run of white space.
func inOneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// names reports whether the brand's name is anywhere in the text, in any letter case, with or without its full stop.
func names(b *program.Brand, text string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimRight(b.Name, ".")))
}

// cutFold removes a prefix in any letter case.
func cutFold(s, prefix string) (rest string, ok bool) {
	end := 0
	for range utf8.RuneCountInString(prefix) {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	return s[end:], strings.EqualFold(s[:end], prefix)
}

// shouts reports whether a text is mostly in capitals, apart from the brand's name and keywords.
func shouts(text, brand string) bool {
	if rest, ok := cutFold(text, brand); ok {
		text = rest
	}
	letters, capitals := 0, 0
	for token := range strings.FieldsSeq(text) {
		word := strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) })
		if slices.Contains(keywords, word) {
			continue
		}
		for _, r := range token {
			if unicode.IsUpper(r) {
				capitals++
			}
			if unicode.IsUpper(r) || unicode.IsLower(r) {
				letters++
			}
		}
	}
	return letters >= shoutLetters && float64(capitals) > shoutShare*float64(letters)
}

// keywords are usually written in capitals.
var keywords = []string{"STOP", "HELP", "YES", "START", "JOIN", "INFO"}

// oddCharacters returns the characters that keep a text out of GSM-7, where they are so few that they are probably an
// accident.
func oddCharacters(text string) []string {
	var odd []string
	for _, r := range text {
		if septets(r) > 0 {
			continue
		}
		name := fmt.Sprintf("%q (U+%04X)", r, r)
		if slices.Contains(odd, name) {
			continue
		}
		if odd = append(odd, name); len(odd) > fewOddities {
			return nil
		}
	}
	return odd
}

// plainParts returns how many parts the text would have with a plain character for each odd one.
func plainParts(text string) int {
	return Segments(strings.Map(func(r rune) rune {
		if septets(r) == 0 {
			return '.'
		}
		return r
	}, text)).Parts
}

// shortenerIn returns the first link through a public shortener. Carriers block them, because nobody can see where
// they lead (CTIA, Messaging Principles and Best Practices, May 2023: use a shortener of your own).
func shortenerIn(text string) string {
	for token := range strings.FieldsSeq(text) {
		token = strings.ToLower(strings.TrimLeft(token, `"'(<[`))
		if _, rest, ok := strings.Cut(token, "://"); ok {
			token = rest
		}
		host, _, _ := strings.Cut(strings.TrimPrefix(token, "www."), "/")
		host = strings.TrimRight(host, `.,;:!?)>]"'`)
		if slices.Contains(shorteners, host) {
			return host
		}
	}
	return ""
}

// shorteners are public link shorteners. A company's own short domain is not one.
var shorteners = []string{
	"adf.ly", "bit.do", "bit.ly", "bitly.com", "bl.ink", "buff.ly", "clck.ru", "cutt.ly", "dlvr.it", "goo.gl", "is.gd",
	"j.mp", "lnkd.in",
	"ow.ly", "qr.ae", "rb.gy", "rebrand.ly", "s.id", "short.io", "shorturl.at", "soo.gd", "t.co", "t.ly", "tiny.cc",
	"tiny.one",
	"tinyurl.com", "trib.al", "u.to", "v.gd", "wp.me", "x.co",
}

// inParts returns a number of message parts in words.
func inParts(n int) string {
	if n == 1 {
		return "1 part"
	}
	return fmt.Sprintf("%d parts", n)
}
