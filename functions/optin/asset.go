package optin

import (
	"embed"
	"net/http"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/page"
)

//go:embed assets
var files embed.FS

// assets returns the files under /opt-in/assets, by name.
func assets(c *program.Catalog) map[string]page.Asset {
	return map[string]page.Asset{
		"sign-up.css":       page.NewAsset(page.Stylesheet, page.Style(file("sign-up.css"), c)),
		"sign-up.js":        page.NewAsset(page.Script, file("sign-up.js")),
		"embed.js":          page.NewAsset(page.Script, file("embed.js")),
		"captcha.js":        page.NewAsset(page.Script, captcha.Script),
		"captcha-worker.js": page.NewAsset(page.Script, captcha.Worker),
	}
}

func file(name string) []byte {
	// The file is part of the program: it is there, and the tests ask for each.
	body, _ := files.ReadFile("assets/" + name)
	return body
}

// asset answers with a file. Our pages name its version; those of other people do not.
func (h *Handler) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := h.assets[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // brands load them into their own pages
	a.Serve(w, r.URL.Query().Get("v") == a.Version)
}
