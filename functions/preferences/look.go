package preferences

import (
	"crypto/sha256"
	_ "embed" // for the page's parts
	"encoding/hex"
	"html/template"
	"net/http"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/page"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS []byte

// assets is where the page's stylesheet is, relative to the page, so that the API may stand under any path.
const assets = "preferences/assets/"

// look is the page's template and style.
type look struct {
	template *template.Template
	style    []byte
	file     string // name of the stylesheet, which changes with what is in it
}

func newLook(c *program.Catalog) look {
	style := page.Style(pageCSS, c)
	sum := sha256.Sum256(style)
	return look{
		template: template.Must(template.New("page").Parse(pageHTML)),
		style:    style,
		file:     hex.EncodeToString(sum[:8]) + ".css",
	}
}

func (l *look) address() string { return assets + l.file }

// asset serves the stylesheet. A browser may keep it, for another one has another name.
func (h *Handler) asset(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("file") != h.look.file {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(h.look.style)
}
