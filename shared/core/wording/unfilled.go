package wording

import (
	"cmp"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// Unfilled returns the first part of a text that looks like a placeholder that was not filled in, in the form of any
// common tool, such as "{{ contact.name }}", "*|FNAME|*", "[First Name]" or "%first_name%". It is empty where there
// is none.
//
// A person who reads "Hi {first_name}" knows that nobody wrote to them. In web addresses only braces count, because
// addresses may contain % and _.
func Unfilled(text string) string {
	text = norm.NFKC.String(text) // ［name］ becomes [name]
	if !mayBeUnfilled(text) {
		return ""
	}
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
		return cmp.Or(found[1:]...)
	}
	return ""
}

// mayBeUnfilled reports whether a text has what the patterns need. Most texts have none of it, and a function that only
// meets such never has to compile them, which takes longer than all else that a start does with the texts of a brand.
func mayBeUnfilled(text string) bool {
	if strings.ContainsAny(text, "{}<>[]%$«_|&(") || strings.Count(text, "#") > 1 || strings.Count(text, "@") > 1 {
		return true
	}
	for _, word := range [...]string{"NAME", "INSERT", "undefined", "NaN"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// unfilled compiles the two patterns when a text may match.
//
// They do not match what people write on purpose: order_id_4711 and plan_b.pdf, {4711}, «Ana», and *new*, ~or~ and
// :so:.
var unfilled = sync.OnceValues(func() (braces, marks *regexp.Regexp) {
	const (
		field = `(?:(?:your |insert |customer |client |contact |user |first|last|full|company |brand |business |product |order |` +
			`tracking |shop |store )[ _-]?)?(?:name|number|id|link|url|date|time|amount|price|code|city|company|brand|product|phone|email)`
		foreign = `nombre|apellidos?|fecha|enlace|ciudad|empresa|cliente|c[oó]digo|pedido|` +
			`nom|pr[eé]nom|lien|ville|entreprise|client|vorname|nachname|kundenname|datum|stadt|firma|kunde|bestellnummer`
		own = `[$]?(?:[^{}\d][^{}]*|\d{0,2})` // inside braces; three or more digits are a number
	)
	braces = regexp.MustCompile(strings.Join([]string{
		`[$#]?\{+(?:` + own + `)\}+`, `\{%.*?%\}`, `<%.*?%>`, `\*\|.*?\|\*`, `\[\[.*?\]\]`, `<<.*?>>`, `%%=.*?=%%`,
		`(?i:%7B[\w. |$-]{0,40}%7D)`,               // braces of an address
		`\{+\s?[\pL_$][^{}]{0,30}`,                 // {name, which never closes
		`\pL[\pL\pN_]{0,30}\}+`,                    // and name}
		`(?i:&lt;|&#60;)[^&]{0,40}(?i:&gt;|&#62;)`, // <name> of a page
	}, "|"))
	open := strings.Join([]string{
		`%%?\pL[\pL\pN. ]{0,30}%%?`,           // %name%
		`\$[a-z]\w*`,                          // $name; $AAPL is a share
		`#\pL\w*#|@\pL\w*@|__\pL[\pL\pN ]*__`, // #name#
		`</?[A-Za-z][^<>]{0,40}>`,             // <name>, and HTML, which no phone shows
		`(?i:[\[(](?:` + field + `)[\])])`,    // [First Name]
		`(?i:[\[«]\s?(?:` + field + `|` + foreign + `)\s?[\]»])`,
		`\[[#*$%]\s?\pL[^\[\]]{0,40}\]`, // [#name]
		`(?i:\[[^\[\]]*(?:fallback\s*=|\|\s*default\s*:)[^\[\]]*\])`,
		`(?i:\[(?:subscriber|contact|user|customer|newsletter|date):\w[^\[\]]*\])`,
		`FNAME|LNAME|FIRSTNAME|LASTNAME|INSERT (?:NAME|LINK|CODE|DATE)`,
		`undefined|\[object Object\]|NaN`, // what a program prints when a value is missing
	}, "|")
	whole := strings.Join([]string{
		`\pL+(?:_\pL+)+`,    // first_name, whatever stands around it
		`%(?:\d+\$)?[sdvf]`, // %s of a program
		`\$(?:FIRST|LAST|FULL|CUSTOMER|USER)?(?:NAME|EMAIL|PHONE|ORDER|AMOUNT|DATE|CITY|CODE)`,
	}, "|")
	marks = regexp.MustCompile(`(?:^|[^\pL\pN])(?:(` + open + `)|(` + whole + `)(?:$|\.(?:$|[^\pL\pN])|[^\pL\pN_.]))`)
	return braces, marks
})
