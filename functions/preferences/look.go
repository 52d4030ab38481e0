package preferences

import (
	_ "embed" // for the page's parts
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
	style    page.Asset
}

func newLook(c *program.Catalog) look {
	return look{
		template: template.Must(template.New("page").Parse(pageHTML)),
		style:    page.NewAsset(page.Stylesheet, page.Style(pageCSS, c)),
	}
}

// file returns the name of the stylesheet, which changes with what is in it.
func (l *look) file() string { return l.style.Version + ".css" }

// asset serves the stylesheet.
func (h *Handler) asset(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("file") != h.look.file() {
		http.NotFound(w, r)
		return
	}
	h.look.style.Serve(w, true)
}
