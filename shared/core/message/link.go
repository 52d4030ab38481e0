package message

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"smsconsent/shared/core/placeholder"
)

// What a short link is made of: the brand's address for links, LinkPath and LinkIDLen characters of an ID.
const (
	LinkPath  = "/l/"
	LinkIDLen = 31
)

const (
	maxLinks  = 10   // in one text
	maxTarget = 2000 // characters; some browsers take no longer address
)

// HasLink reports whether a campaign's text holds a link, which names where it leads:
// "{link:https://example.com/sale}". In its place each person gets a short link of the brand's own, so that a tap is
// known for theirs.
func HasLink(body string) bool {
	has := false
	placeholder.Replace(body, func(m placeholder.Mark) string {
		has = has || !m.IsField()
		return ""
	})
	return has
}

// Links returns where the links of a campaign's text lead, in the order of the text. The error says what is wrong with
// the first that may not go out, and how to write it.
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

// WithLinks returns a campaign's text with an address in the place of each link, of which the first has place 0.
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

// checkTarget says why a short link may not lead to an address. What a browser might read in another way than we do is
// refused: it would lead where nobody saw it lead.
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

// isForeign reports whether a character may stand in no address as it is (RFC 3986), or is one that browsers mend.
func isForeign(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }

// SampleLink is as long as each link of the brand's texts is.
func SampleLink(links string) func(int) string {
	address := links + LinkPath + strings.Repeat("x", LinkIDLen)
	return func(int) string { return address }
}
