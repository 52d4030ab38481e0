package optin

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the page's parts
	"encoding/base64"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"smsconsent/shared/captcha"
	"smsconsent/shared/program"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var style string

//go:embed page.js
var script string

// site is the page's parts put together, and the policy under which a browser shows it.
type site struct {
	templates *template.Template
	style     template.CSS
	script    template.JS
	policy    string
}

func newSite() site {
	scripts := string(captcha.Script) + script
	return site{
		templates: template.Must(template.New("page").Parse(pageHTML)),
		style:     template.CSS(style),  //nolint:gosec // our own file, embedded: nobody else's words are in it
		script:    template.JS(scripts), //nolint:gosec // the same
		policy: "default-src 'none'; script-src " + source(scripts) + "; style-src " + source(style) +
			"; connect-src 'self'; form-action 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
	}
}

// source allows one inline script or style by its hash, so that nothing injected can ever run.
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// view is what the page shows.
type view struct {
	Style    template.CSS
	Script   template.JS
	Brand    *program.Brand
	Topics   []choice
	Version  string
	States   []state
	In       posted
	Refused  *refusal
	Phone    string   // set on the page that says it worked
	Restarts []string // the numbers to text START to
}

// Wrong is the field the error belongs beside.
func (v view) Wrong() string {
	if v.Refused == nil {
		return ""
	}
	return v.Refused.Field
}

// choice is one topic to tick.
type choice struct {
	program.Topic
	Disclosure string
	Ticked     bool
}

// page shows the sign-up form of a brand: of the first one where the address names none, with the topics the address
// names or all of them, and with the phone it names typed in: /opt-in?brand=example&topic=alerts&phone=+12065550142.
func (h *Handler) page(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	brand := &h.Catalog.Brands[0]
	if id := query.Get("brand"); id != "" {
		var ok bool
		if brand, ok = h.Catalog.Brand(id); !ok {
			http.Error(w, "There is no such sign-up page.", http.StatusNotFound)
			return
		}
	}
	number := query.Get("phone")
	if digits, ok := strings.CutPrefix(number, " "); ok {
		// A plus sign that a link's author did not escape reads as a space.
		number = "+" + digits
	}
	v, ok := form(brand, query["topic"], posted{Phone: number})
	if !ok {
		http.Error(w, "There is no such sign-up page.", http.StatusNotFound)
		return
	}
	h.write(w, r, http.StatusOK, "form", v)
}

// resultPage answers a form: with the form again, the error beside its field, or with what happens next.
func (h *Handler) resultPage(w http.ResponseWriter, r *http.Request, status int, in posted, up signUp, refused *refusal) {
	if refused == nil {
		h.write(w, r, status, "done", view{Brand: up.Brand, Phone: string(up.Phone), Restarts: restarts(up)})
		return
	}
	brand, ok := h.Catalog.Brand(in.Brand)
	if !ok {
		brand = &h.Catalog.Brands[0]
	}
	v, ok := form(brand, r.URL.Query()["topic"], in)
	if !ok {
		v, _ = form(brand, nil, in)
	}
	v.Refused = refused
	h.write(w, r, status, "form", v)
}

// form is the form with the topics named, or all; no topic is ticked that the person did not tick (CTIA Messaging
// Principles 5.1.2: opt-in must not be by default). It reports false for a topic the brand does not have.
func form(brand *program.Brand, only []string, in posted) (view, bool) {
	v := view{Brand: brand, In: in}
	var offered []program.Topic
	for _, p := range brand.Programs {
		for _, t := range p.Topics {
			if len(only) > 0 && !slices.Contains(only, t.ID) {
				continue
			}
			offered = append(offered, t)
			v.Topics = append(v.Topics, choice{Topic: t, Disclosure: disclosure(brand, []program.Topic{t}).Text, Ticked: slices.Contains(in.Topics, t.ID)})
		}
	}
	if brand.Region == "US" {
		v.States = states()
	}
	v.Version = disclosure(brand, offered).Version()
	return v, len(offered) > 0
}

// restarts are the numbers a person who opted out has to text START to.
func restarts(up signUp) []string {
	var numbers []string
	for _, t := range up.Topics {
		p, _, _ := up.Brand.Topic(t.ID)
		number := string(p.Identity.Number)
		switch {
		case p.Identity.ShortCode != "":
			number = p.Identity.ShortCode
		case number == "" && len(p.Identity.Numbers) > 0:
			number = string(p.Identity.Numbers[0])
		}
		if number != "" && !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

func (h *Handler) write(w http.ResponseWriter, r *http.Request, status int, name string, v view) {
	v.Style, v.Script = h.site.style, h.site.script
	var page bytes.Buffer
	if err := h.site.templates.ExecuteTemplate(&page, name, v); err != nil {
		h.Log.ErrorContext(r.Context(), "write page", "error", err)
		http.Error(w, tryAgain, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w)
}
