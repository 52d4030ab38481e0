package wording

import (
	"strings"
	"unicode"
)

// Invites reports whether a text gives its reader a word to answer with, apart from those for stopping and for help.
// In doubt it answers no: a person must not count as somebody who does not read because of a text that asked for
// nothing.
func Invites(body string) bool {
	asked := false
	for token := range strings.FieldsSeq(body) {
		plain := strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		loud := len(plain) > 1 && !strings.ContainsFunc(plain, unicode.IsLower)
		isAnswer := loud && strings.ContainsFunc(plain, unicode.IsLetter)
		if asked && isAnswer && !isOneOf(plain, strongWords) && !isOneOf(plain, weakWords) && !isOneOf(plain, helpWords) &&
			!isShorthand(plain) && !isOneOf(plain, verbs) {
			return true
		}
		asked = isOneOf(plain, verbs) || asked && isOneOf(plain, fillers)
	}
	return false
}

// HasAddress reports whether a text contains a web address.
func HasAddress(body string) bool {
	for token := range strings.FieldsSeq(body) {
		if isLink(token) {
			return true
		}
	}
	return false
}

// isLink reports whether a word is a web address, by its scheme, "www." or path, or one of our links as campaigns
// write them. A full stop between letters is not enough, as it may be a missing space.
func isLink(token string) bool {
	if strings.Contains(token, "://") || strings.Contains(token, "{link:") {
		return true
	}
	token = strings.TrimLeft(token, `"'(<[`)
	host, path, _ := strings.Cut(token, "/")
	return isAddress(host) && !strings.Contains(host, "@") && (path != "" || strings.HasPrefix(token, "www."))
}

// helpWords ask for help, in the languages of our texts and of most customers.
var helpWords = []string{"HELP", "INFO", "AYUDA", "AIDE", "HILFE", "AJUDA", "AIUTO"}
