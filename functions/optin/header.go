package optin

import (
	"net/http"
	"strings"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/page"
)

// secured sets the headers every answer carries. Only pages may be framed, and say so themselves.
func (h *Handler) secured(next http.Handler) http.Handler {
	alone := policy(h.Captcha.Widget(), nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The address of our page goes into the evidence of a sign-up, hence to ourselves, and to nobody else.
		page.Guard(w.Header(), alone, "same-origin")
		next.ServeHTTP(w, r)
	})
}

// framed lets the brand's own sites show a page in a frame. X-Frame-Options cannot name any.
func framed(header http.Header, widget captcha.Widget, b *program.Brand) {
	header.Set("Content-Security-Policy", policy(widget, b.Origins))
	if len(b.Origins) > 0 {
		header.Del("X-Frame-Options")
	}
}

// policy lets a page run our own files and those of the CAPTCHA's provider, and talk to us and to them, nothing else.
func policy(widget captcha.Widget, frames []string) string {
	directive := func(name string, sources ...[]string) string {
		all := []string{name}
		for _, s := range sources {
			all = append(all, s...)
		}
		if len(all) == 1 {
			all = append(all, "'none'")
		}
		return strings.Join(all, " ")
	}
	own := []string{"'self'"}
	return strings.Join([]string{
		"default-src 'none'",
		directive("script-src", own, widget.ScriptSources),
		directive("style-src", own, widget.StyleSources),
		directive("connect-src", own, widget.ConnectSources),
		directive("frame-src", widget.FrameSources),
		directive("worker-src", own),
		"img-src data:",
		"form-action 'self'",
		"base-uri 'none'",
		directive("frame-ancestors", frames),
	}, "; ")
}
