package wording

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// Links returns everything in a text that a phone may show as a link, or that a reader may take for one: web
// addresses, also when spelled in several words, and phone numbers. It rather returns too much, such as "St.John". It
// looks for one kind after the other, because links of two kinds may overlap.
func Links(text string) []string {
	text = norm.NFKC.String(text) // ｅｘａｍｐｌｅ．ｃｏｍ becomes example.com
	kinds := linkKinds()
	var all []string
	for word := range strings.FieldsSeq(text) {
		if strings.ContainsAny(word, "@/:.。") && kinds.word.MatchString(word) {
			all = append(all, word)
		}
	}
	// Most texts have no digits or signs that these patterns need. Checking for them takes a hundredth of the time.
	if countDigits(text) >= minPhoneDigits {
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

const minPhoneDigits = 6 // digits of the shortest phone number

func countDigits(text string) int {
	n := 0
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			n++
		}
	}
	return n
}

// linkPatterns has one pattern for each kind of link.
type linkPatterns struct{ word, abroad, grouped, pairs, bracketed, spelled *regexp.Regexp }

// linkKinds compiles the patterns when the first text is checked, which keeps cold starts short.
//
// A phone number begins with + or has the groups that people write. Digits alone are none, and neither are
// 4711-2026-000123 and 01.02.2026, because texts contain order numbers and dates.
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
