package optin

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/page"
)

//go:embed assets
var files embed.FS

// asset is a file of the page's.
type asset struct {
	kind    string // its media type
	body    []byte
	version string // a hash of the body
}

const (
	javascript = "text/javascript; charset=utf-8"
	stylesheet = "text/css; charset=utf-8"
)

// assets are the files under /opt-in/assets, by name.
func assets(c *program.Catalog) map[string]asset {
	return map[string]asset{
		"sign-up.css":       newAsset(stylesheet, page.Style(file("sign-up.css"), c)),
		"sign-up.js":        newAsset(javascript, file("sign-up.js")),
		"embed.js":          newAsset(javascript, file("embed.js")),
		"captcha.js":        newAsset(javascript, captcha.Script),
		"captcha-worker.js": newAsset(javascript, captcha.Worker),
	}
}

func file(name string) []byte {
	// The file is part of the program: it is there, and the tests ask for each.
	body, _ := files.ReadFile("assets/" + name)
	return body
}

func newAsset(kind string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{kind, body, hex.EncodeToString(sum[:8])}
}

// asset answers a file. Under the address a page gives it, with its version, it never changes; what stands on other
// people's pages without one is asked for again after five minutes.
func (h *Handler) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := h.assets[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", a.kind)
	header.Set("Cache-Control", "public, max-age=300")
	if r.URL.Query().Get("v") == a.version {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("Cross-Origin-Resource-Policy", "cross-origin") // brands load them into their own pages
	_, _ = w.Write(a.body)
}
