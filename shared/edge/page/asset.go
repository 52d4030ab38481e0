package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
)

// The media types of assets.
const (
	Script     = "text/javascript; charset=utf-8"
	Stylesheet = "text/css; charset=utf-8"
)

// Asset is a file that pages load.
type Asset struct {
	Type    string // its media type
	Body    []byte
	Version string // a hash of the body, in hex
}

// NewAsset returns an asset.
func NewAsset(mediaType string, body []byte) Asset { return Asset{mediaType, body, Version(body)} }

// Version returns a short hash, in hex, that changes with the text.
func Version(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// Serve answers with the asset. An address with the asset's version never changes, and is cached for ever. An address
// without it, which other people's pages use, is asked for again after five minutes.
func (a *Asset) Serve(w http.ResponseWriter, versioned bool) {
	w.Header().Set("Content-Type", a.Type)
	w.Header().Set("Cache-Control", "public, max-age=300")
	if versioned {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(a.Body)
}

// Write answers with a page. Where the template fails it writes nothing, and the caller must answer.
func Write(w http.ResponseWriter, status int, t *template.Template, name string, view any) error {
	var page bytes.Buffer
	if err := t.ExecuteTemplate(&page, name, view); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w)
	return nil
}
