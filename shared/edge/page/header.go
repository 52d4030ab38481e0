package page

import "net/http"

// Guard sets the headers every answer of a page's function carries: what the page may load and talk to (a
// Content-Security-Policy), to whom the browser may tell where the person comes from (a Referrer-Policy), and what
// holds for all pages: encrypted only, in no cache, in no frame, with no use of camera, place and the like, and each
// file taken for what it says it is.
func Guard(header http.Header, policy, referrer string) {
	header.Set("Content-Security-Policy", policy)
	header.Set("Referrer-Policy", referrer)
	header.Set("X-Frame-Options", "DENY")
	header.Set("Strict-Transport-Security", "max-age=31536000")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()")
	header.Set("Cache-Control", "no-store")
}
