package optin

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"smsconsent/shared/edge/gateway"
)

// What a client may send at any length is kept to so many bytes: evidence has to fit into an item for years.
const (
	maxAgent   = 256
	maxAddress = 512
)

// evidence returns what proves the request later: where it came from, what the disclosure said and whether it was
// shown, that no script sent it, and what the person told, on which the hours of later texts rest. When it was is in
// the event itself.
//
//	page               address of the page the form stood on; one the caller names, or the Referer, or this API's own
//	referrer           address of what led to that page, if known
//	origin             the site a browser says the request came from
//	ip, agent          address and User-Agent of whoever sent it
//	channel            "form" or "json"
//	topics             those chosen, with spaces between
//	disclosure         the exact text in force for them, and disclosure_sha256 its hash in hex
//	version, shown     short hashes of its paragraphs, and those the caller says were shown
//	form               version of the form, which for the hosted page is a hash of its template and words
//	captcha            name of the provider, and captcha_result what it said
//	language           of the disclosure
//	state, zip, zone, locale   what the person told or chose
func (up signUp) evidence(r *http.Request, in posted) map[string]string {
	sum := sha256.Sum256([]byte(up.Disclosed.Text))
	e := map[string]string{
		"page": sourcePage(r, in.Page), "referrer": address(in.Referrer),
		"origin": gateway.Cut(r.Header.Get("Origin"), maxAddress),
		"ip":     r.RemoteAddr, "agent": gateway.Cut(r.UserAgent(), maxAgent), "channel": channel(in),
		"disclosure": up.Disclosed.Text, "disclosure_sha256": hex.EncodeToString(sum[:]), "language": up.Disclosed.Locale,
		"version": up.Disclosed.Version(), "shown": up.Shown, "form": in.Form,
		"captcha": up.Captcha.Provider, "captcha_result": up.Captcha.Detail,
	}
	maps.Copy(e, up.Evidence())
	maps.DeleteFunc(e, func(_, value string) bool { return value == "" })
	return e
}

// channel returns the way a sign-up came.
func channel(in posted) string {
	if in.form {
		return "form"
	}
	return "json"
}

// sourcePage returns where the form stood.
func sourcePage(r *http.Request, named string) string {
	for _, candidate := range []string{named, r.Referer()} {
		if a := address(candidate); a != "" {
			return a
		}
	}
	return gateway.Cut(r.Host+r.URL.Path, maxAddress)
}

// address returns a web address without what is nobody's business: the fragment, a password, and the phone a link
// brought along, which may be somebody else's by then. What is no web address is empty.
func address(text string) string {
	u, err := url.Parse(strings.ToValidUTF8(text, ""))
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	if query := u.Query(); query.Has("phone") {
		query.Del("phone")
		u.RawQuery = query.Encode()
	}
	return gateway.Cut(u.String(), maxAddress)
}
