package wording

import (
	"regexp"
	"strings"
	"sync"
)

// Unfilled returns what looks like a placeholder nobody filled in, in the spelling of whatever tool, such as
// "{{ contact.name }}", "*|FNAME|*", "[First Name]" or "%first_name%"; empty where there is none.
//
// A person who reads "Hi {first_name}" knows that nobody wrote to them. What stands in a link is only looked at for
// braces, as links hold % and _ of their own.
func Unfilled(text string) string {
	braces, marks := unfilled()
	if found := braces.FindString(text); found != "" {
		return found
	}
	for token := range strings.FieldsSeq(text) {
		if strings.Contains(token, "://") {
			text = strings.ReplaceAll(text, token, " ")
		}
	}
	if found := marks.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// unfilled makes the two patterns when a text is first looked at, not at each start.
var unfilled = sync.OnceValues(func() (braces, marks *regexp.Regexp) {
	const field = `(?:(?:your |insert |customer |client |contact |user |first|last|full|company |brand |business |product |order |` +
		`tracking |shop |store )[ _-]?)?(?:name|number|id|link|url|date|time|amount|price|code|city|company|brand|product|phone|email)`
	braces = regexp.MustCompile(`[$#]?\{+[^{}]*\}+|\{%.*?%\}|<%.*?%>|\*\|.*?\|\*|\[\[.*?\]\]|<<.*?>>|«[^«»\s]+»`)
	marks = regexp.MustCompile(`(?:^|[^\pL\pN])(` + strings.Join([]string{
		`\pL+(?:_\pL+)+`,                      // first_name, whatever stands around it
		`%%?\pL[\pL\pN. ]{0,30}%%?`,           // %name%
		`%(?:\d+\$)?[sdvf](?:$|[^\pL\pN])`,    // %s of a program
		`\$[a-z]\w*`,                          // $name; $AAPL is a share
		`#\pL\w*#|@\pL\w*@|__\pL[\pL\pN ]*__`, // #name#
		`</?[A-Za-z][^<>]{0,40}>`,             // <name>, and HTML, which no phone shows
		`(?i:[\[(](?:` + field + `)[\])])`,    // [First Name]
		`FNAME|LNAME|FIRSTNAME|LASTNAME|INSERT (?:NAME|LINK|CODE|DATE)`,
		`undefined|\[object Object\]|NaN`, // what a program wrote for want of a value
	}, "|") + `)`)
	return braces, marks
})
