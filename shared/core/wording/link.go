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
	var all []string
	for word := range strings.FieldsSeq(text) {
		if strings.ContainsAny(word, "@/:.。") && linkWord().MatchString(word) {
			all = append(all, word)
		}
	}
	// Most texts have no digits or signs that these patterns need. Checking for them takes a hundredth of the time.
	if countDigits(text) >= minPhoneDigits {
		all = append(all, phoneAbroad().FindAllString(text, -1)...)
		all = append(all, phoneGrouped().FindAllString(text, -1)...)
		all = append(all, phonePairs().FindAllString(text, -1)...)
	}
	if strings.ContainsAny(text, "[({<") {
		all = append(all, linkBracketed().FindAllString(text, -1)...)
	}
	lower := strings.ToLower(text)
	if strings.Contains(lower, "dot") || strings.Contains(lower, "punto") || strings.Contains(lower, "punkt") {
		all = append(all, linkSpelled().FindAllString(text, -1)...)
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

// The kinds of links. Each pattern is compiled for the first text that may have its kind, not at each start.
//
// A phone number begins with + or has the groups that people write. Digits alone are none, and neither are
// 4711-2026-000123 and 01.02.2026, because texts contain order numbers and dates.
var (
	linkWord = lazy(`@|//|(?i:www)[.。]\S|[.。][\pL\pM]{2}|\d+[.。]\d+[.。]\d+[.。]\d+|` +
		`[A-Za-z][A-Za-z0-9+.-]+:\S|\b(?i:https?|tel|sms|smsto|mailto|javascript):`) // RFC 3986, section 3.1
	phoneAbroad  = lazy(`\+[ (.-]{0,2}\d(?:[ ()./-]{0,3}\d){5,}`)                                          // +1 206 555 0142
	phoneGrouped = lazy(`(?:^|[^\pL\pN])(?:\d{1,2}[ .-]?)?\(?\d{3}(?:\) ?|[ ./-])\d{3}[ .-]\d{4}(?:$|\D)`) // (206) 555-0142
	phonePairs   = lazy(`(?:^|[^\pL\pN])\(?0\d{1,4}\)?(?: \d{2,4}){2,}`)                                   // 06 12 34 56 78
	// evil[.]com
	linkBracketed = lazy(`\S*\s*[\[({<]\s*(?:[.。]|(?i:dot|punto|punkt|point))\s*[\])}>]\s*\S*`)
	// evil dot com
	linkSpelled = lazy(`\S+\s+(?i:dot|punto|punkt)\s+(?i:com|net|org|info|biz|io|co|xyz|uk|ru|cn)(?:$|[^\pL])`)
)

func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
