package wording

import (
	"regexp"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// Links returns what a phone might show as a link in a text, or a reader take for one, each with what touches it. It
// would rather err: "St.John" might be one. Kinds are looked for one by one, as links of two kinds may overlap.
func Links(text string) []string {
	text = norm.NFKC.String(text) // so that ｅｘａｍｐｌｅ．ｃｏｍ is example.com
	var all []string
	for _, kind := range linkKinds() {
		all = append(all, kind.FindAllString(text, -1)...)
	}
	return all
}

// linkKinds makes the patterns when a text is first looked at, not at each start.
//
// A number is one to call where it has a + in front or is grouped as people write those. Digits alone are none, nor are
// 4711-2026-000123 and 01.02.2026: orders and dates are what fields are for.
var linkKinds = sync.OnceValue(func() []*regexp.Regexp {
	var kinds []*regexp.Regexp
	for _, kind := range []string{
		`\S*(?:@|//|(?i:www)[.。]\S|[.。][\pL\pM]{2}|\d+[.。]\d+[.。]\d+[.。]\d+)\S*`,
		`\S*[A-Za-z][A-Za-z0-9+.-]+:\S+`, // tel:5, of whatever scheme (RFC 3986, section 3.1)
		`\S*\b(?i:https?|tel|sms|smsto|mailto|javascript):\S*`,
		`\+[ (.-]{0,2}\d(?:[ ()./-]{0,3}\d){5,}`,                                                // +1 206 555 0142
		`(?:^|[^\pL\pN])(?:\d{1,2}[ .-]?)?\(?\d{3}(?:\) ?|[ ./-])\d{3}[ .-]\d{4}(?:$|\D)`,       // (206) 555-0142
		`(?:^|[^\pL\pN])\(?0\d{1,4}\)?(?: \d{2,4}){2,}`,                                         // 06 12 34 56 78
		`\S*\s*[\[({<]\s*(?:[.。]|(?i:dot|punto|point|punkt))\s*[\])}>]\s*\S*`,                   // evil[.]com
		`\S+\s+(?i:dot|punto|punkt)\s+(?i:com|net|org|info|biz|io|co|xyz|uk|ru|cn)(?:$|[^\pL])`, // evil dot com
	} {
		kinds = append(kinds, regexp.MustCompile(kind))
	}
	return kinds
})
