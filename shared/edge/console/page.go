package console

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
)

//go:embed page
var files embed.FS

// contentSecurity allows the page only its own files, and no script may turn text into markup. So what people write
// stays text.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// pageRoutes adds the page and its files.
func (c *Console) pageRoutes(mux *http.ServeMux) {
	page, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // the folder is compiled in under this name
	}
	index := template.Must(template.ParseFS(page, "index.html"))
	static := http.FileServerFS(page)
	guard := func(w http.ResponseWriter) {
		w.Header().Set("Content-Security-Policy", contentSecurity)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-store")
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		guard(w)
		var html bytes.Buffer
		view := struct {
			Simulated bool
			Token     string
		}{c.Simulated, TokenOf(r.Context())}
		if err := index.Execute(&html, view); err != nil {
			c.Log.ErrorContext(r.Context(), "draw the console", "error", err.Error())
			http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = html.WriteTo(w)
	})
	mux.HandleFunc("GET /{file...}", func(w http.ResponseWriter, r *http.Request) {
		guard(w)
		static.ServeHTTP(w, r)
	})
}
