package wording

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// Links returns what a phone might show as a link in a text, or a reader take for one: words that hold an address, and
// phone numbers and addresses of several words. It would rather err: "St.John" might be one. Kinds are looked for one
// by one, as links of two kinds may overlap.
func Links(text string) []string {
	text = norm.NFKC.String(text) // so that ｅｘａｍｐｌｅ．ｃｏｍ is example.com
	kinds := linkKinds()
	var all []string
	for word := range strings.FieldsSeq(text) {
		if strings.ContainsAny(word, "@/:.。") && kinds.word.MatchString(word) {
			all = append(all, word)
		}
	}
	// Most texts hold nothing that the patterns need, and looking for it takes a hundredth of their time.
	if countDigits(text) >= fewestDigits {
		all = append(all, kinds.abroad.FindAllString(text, -1)...)
		all = append(all, kinds.grouped.FindAllString(text, -1)...)
		all = append(all, kinds.pairs.FindAllString(text, -1)...)
	}
	if strings.ContainsAny(text, "[({<") {
		all = append(all, kinds.bracketed.FindAllString(text, -1)...)
	}
	lower := strings.ToLower(text)
	if strings.Contains(lower, "dot") || strings.Contains(lower, "punto") || strings.Contains(lower, "punkt") {
		all = append(all, kinds.spelled.FindAllString(text, -1)...)
	}
	return all
}

const fewestDigits = 6 // of a number to call

func countDigits(text string) int {
	n := 0
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			n++
		}
	}
	return n
}

// linkPatterns are the kinds of links.
type linkPatterns struct{ word, abroad, grouped, pairs, bracketed, spelled *regexp.Regexp }

// linkKinds makes the patterns when a text is first looked at, not at each start.
//
// A number is one to call where it has a + in front or is grouped as people write those. Digits alone are none, nor are
// 4711-2026-000123 and 01.02.2026: orders and dates are what fields are for.
var linkKinds = sync.OnceValue(func() linkPatterns {
	const (
		dot    = `(?i:dot|punto|punkt)`
		site   = `@|//|(?i:www)[.。]\S|[.。][\pL\pM]{2}|\d+[.。]\d+[.。]\d+[.。]\d+`
		scheme = `[A-Za-z][A-Za-z0-9+.-]+:\S|\b(?i:https?|tel|sms|smsto|mailto|javascript):` // RFC 3986, section 3.1
	)
	return linkPatterns{
		word:    regexp.MustCompile(site + "|" + scheme),
		abroad:  regexp.MustCompile(`\+[ (.-]{0,2}\d(?:[ ()./-]{0,3}\d){5,}`),                                          // +1 206 555 0142
		grouped: regexp.MustCompile(`(?:^|[^\pL\pN])(?:\d{1,2}[ .-]?)?\(?\d{3}(?:\) ?|[ ./-])\d{3}[ .-]\d{4}(?:$|\D)`), // (206) 555-0142
		pairs:   regexp.MustCompile(`(?:^|[^\pL\pN])\(?0\d{1,4}\)?(?: \d{2,4}){2,}`),                                   // 06 12 34 56 78
		// evil[.]com
		bracketed: regexp.MustCompile(`\S*\s*[\[({<]\s*(?:[.。]|` + dot + `|(?i:point))\s*[\])}>]\s*\S*`),
		spelled:   regexp.MustCompile(`\S+\s+` + dot + `\s+(?i:com|net|org|info|biz|io|co|xyz|uk|ru|cn)(?:$|[^\pL])`), // evil dot com
	}
})
