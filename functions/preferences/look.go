package preferences

import (
	"crypto/sha256"
	_ "embed" // for the page's parts
	"encoding/hex"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"strconv"
	"strings"

	"smsconsent/shared/program"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

// assets is where the page's stylesheet is, relative to the page, so that the API may stand under any path.
const assets = "preferences/assets/"

// look is the page's template and style.
type look struct {
	template *template.Template
	style    []byte
	file     string // name of the stylesheet, which changes with what is in it
}

func newLook(c *program.Catalog) look {
	style := []byte(pageCSS + colors(c))
	sum := sha256.Sum256(style)
	return look{template: template.Must(template.New("page").Parse(pageHTML)), style: style, file: hex.EncodeToString(sum[:8]) + ".css"}
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

// colors gives each brand that has a colour a class with it, since the page's policy allows no inline style. An ID has lower-case letters,
// digits and hyphens (programs.yaml), so it is a class name as it is.
func colors(c *program.Catalog) string {
	var css strings.Builder
	for i := range c.Brands {
		if b := &c.Brands[i]; b.Color != "" {
			fmt.Fprintf(&css, ".brand-%s { --brand: %s; --brand-ink: %s; }\n", b.ID, b.Color, ink(b.Color))
		}
	}
	return css.String()
}

// ink is black or white, whichever can be read better on the colour: one of them always has the contrast of 4.5 that WCAG 2.2 asks for.
func ink(color string) string {
	var light float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return "#000000"
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		light += weight * c
	}
	// Where contrast to black and to white is the same.
	if light > math.Sqrt(0.05*1.05)-0.05 {
		return "#000000"
	}
	return "#ffffff"
}
