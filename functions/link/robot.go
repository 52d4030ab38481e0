package link

import (
	"net/http"
	"strings"
)

// notATap returns a word for the metric where a request was not made by a person's tap, and empty where it may have
// been. Phones, messengers and filters open links by themselves, for previews, against malware, or to be fast. They
// are redirected, so that a preview shows the page, but not counted. docs/links.md cites the source of each sign.
//
// A robot that imitates a browser is counted. So a count does not prove that a person read a page.
func notATap(r *http.Request) string {
	header := r.Header
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		value := strings.ToLower(header.Get(name))
		if strings.Contains(value, "prefetch") || strings.Contains(value, "prerender") || strings.Contains(value, "preview") {
			return "prefetched"
		}
	}
	// Browsers say what a page is for: a document that somebody goes to, or a part of another.
	dest, mode := header.Get("Sec-Fetch-Dest"), header.Get("Sec-Fetch-Mode")
	if dest != "" && dest != "document" || mode != "" && mode != "navigate" {
		return "embedded"
	}
	agent := strings.ReplaceAll(strings.ToLower(header.Get("User-Agent")), "cubot", "") // a maker of phones
	// Each browser of a person calls itself Mozilla; programs that
	// fetch pages go by their own names.
	if r.Method == http.MethodHead || !strings.HasPrefix(agent, "mozilla/") {
		return "scanned"
	}
	for _, robot := range robots() {
		if strings.Contains(agent, robot) {
			return "scanned"
		}
	}
	return ""
}

// robots is what user agents that are no person's say of themselves, in lower case. By old custom a robot has "bot" or
// a like word in its name, or the address of a page about itself.
func robots() []string {
	return []string{
		"bot/", "bot;", "bot)", "bot ", "bot-", "-bot", "crawler", "spider", "preview", "prefetch", "scanner", "headless",
		"+http",
		// Those of messengers, mail filters and search engines without such a word.
		"facebookexternalhit", "meta-external", "whatsapp/", "kakaotalk-scrap", "vkshare", "embedly", "iframely",
		"google-safety", "google-read-aloud", "googleother", "apis-google", "feedfetcher", "mediapartners-google",
		"yahoo! slurp", "safelinks", "urlscan", "barracuda", "proofpoint", "mimecast", "symantec", "zscaler", "trendmicro",
	}
}
