package message

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"smsconsent/shared/core/placeholder"
)

// A short link consists of the brand's address for links, LinkPath, and LinkIDLen characters of an ID.
const (
	LinkPath  = "/l/"
	LinkIDLen = 31
)

const (
	maxLinks  = 10   // in one text
	maxTarget = 2000 // characters; some browsers accept no longer address
)

// HasLink reports whether a campaign's text contains a link, which names its target:
// "{link:https://example.com/sale}". Each person gets a short link of the brand's own in its place, so that a click
// is known to be theirs.
func HasLink(body string) bool {
	has := false
	placeholder.Replace(body, func(m placeholder.Mark) string {
		has = has || !m.IsField()
		return ""
	})
	return has
}

// Links returns the targets of the links in a campaign's text, in the order of the text. The error says what is wrong
// with the first that is not allowed, and how to write it.
func Links(body string) ([]string, error) {
	var targets []string
	var wrong error
	rest := placeholder.Replace(body, func(m placeholder.Mark) string {
		if !m.IsField() {
			targets = append(targets, m.Link)
			wrong = cmp.Or(wrong, checkTarget(m.Link))
		}
		return ""
	})
	switch {
	case wrong != nil:
		return nil, wrong
	case strings.Contains(strings.ToLower(rest), "{link"):
		return nil, errors.New("a link is not whole; write it as {link:https://example.com/page}")
	case len(targets) > maxLinks:
		return nil, fmt.Errorf("the text has %d links; write at most %d", len(targets), maxLinks)
	}
	return targets, nil
}

// WithLinks returns a campaign's text with an address in place of each link. The first link has place 0.
func WithLinks(body string, address func(place int) string) string {
	place := -1
	return placeholder.Replace(body, func(m placeholder.Mark) string {
		if m.IsField() {
			return m.String()
		}
		place++
		return address(place)
	})
}

// checkTarget returns why a short link may not lead to an address. An address that browsers may read differently than
// we do is refused, because it could lead somewhere unexpected.
func checkTarget(target string) error {
	what := fmt.Sprintf("{link:%.60s}", target)
	if len(target) > maxTarget {
		return fmt.Errorf("%s has %d characters; write an address of at most %d", what, len(target), maxTarget)
	}
	if !strings.HasPrefix(target, "https://") {
		return fmt.Errorf("%s does not begin with https://; write a whole address such as {link:https://example.com/page}", what)
	}
	if strings.ContainsFunc(target, isForeign) {
		return fmt.Errorf("%s holds a character no address has; write it percent-encoded, such as %%20 for a space", what)
	}
	u, err := url.Parse(target)
	switch {
	case err != nil || u.Hostname() == "":
		return fmt.Errorf("%s is no web address; write one such as {link:https://example.com/page}", what)
	case u.User != nil:
		return fmt.Errorf("%s holds a user name before the host; leave out what stands before the @", what)
	}
	return nil
}

// isForeign reports whether a character is not allowed in an address (RFC 3986), or is one that browsers correct.
func isForeign(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }

// SampleLink returns links of the length that the brand's links have.
func SampleLink(links string) func(int) string {
	address := links + LinkPath + strings.Repeat("x", LinkIDLen)
	return func(int) string { return address }
}
