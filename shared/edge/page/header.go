package page

import "net/http"

// Guard sets the security headers of an answer: policy as the Content-Security-Policy, referrer as the
// Referrer-Policy, and the headers that are the same for all pages. Those require HTTPS, and forbid caching, frames,
// and the use of camera, location and the like. Each file counts as the type that it declares.
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
