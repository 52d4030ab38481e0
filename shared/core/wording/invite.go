package wording

import (
	"strings"
	"unicode"
)

// Invites reports whether a text gives whoever reads it a word to answer with, other than those for stopping and for
// help. Where it is not clear the answer is no, for nobody must count as
// somebody who does not read because of a text that asked for nothing.
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

// HasAddress reports whether a text holds a web address.
func HasAddress(body string) bool {
	for token := range strings.FieldsSeq(body) {
		if isLink(token) {
			return true
		}
	}
	return false
}

// isLink recognises a web address by its scheme, its "www." or its path, and our own links by the way they are written
// in a campaign's text. A full stop between letters is not enough: it may be a missing space.
func isLink(token string) bool {
	if strings.Contains(token, "://") || strings.Contains(token, "{link:") {
		return true
	}
	token = strings.TrimLeft(token, `"'(<[`)
	host, path, _ := strings.Cut(token, "/")
	return isAddress(host) && !strings.Contains(host, "@") && (path != "" || strings.HasPrefix(token, "www."))
}

// helpWords ask for help, in the languages our texts and most of our customers' are in.
var helpWords = []string{"HELP", "INFO", "AYUDA", "AIDE", "HILFE", "AJUDA", "AIUTO"}
