package optin

import (
	"net/http"
	"slices"

	"smsconsent/shared/core/program"
)

// origins returns the web sites of all brands.
func origins(c *program.Catalog) []string {
	var all []string
	for i := range c.Brands {
		all = append(all, c.Brands[i].Origins...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// shared lets scripts of the brands' own sites read the answers of a route (Fetch standard, "CORS protocol"); for all
// other sites the browser keeps them. Cookies play no part, so none may be sent.
func (h *Handler) shared(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); slices.Contains(h.origins, origin) {
			header.Set("Access-Control-Allow-Origin", origin)
			header.Set("Access-Control-Expose-Headers", "Retry-After")
		}
		next(w, r)
	}
}

// preflight answers what a browser asks before it sends JSON to another site.
func preflight(w http.ResponseWriter, _ *http.Request) {
	header := w.Header()
	if header.Get("Access-Control-Allow-Origin") != "" {
		header.Set("Access-Control-Allow-Methods", "GET, POST")
		header.Set("Access-Control-Allow-Headers", "Content-Type")
		header.Set("Access-Control-Max-Age", "7200")
	}
	w.WriteHeader(http.StatusNoContent)
}

// fromElsewhere refuses what a browser sends from a site that is neither ours nor one the brand lists, by form or by
// script: a page somebody was lured to must not sign people up from their own address. What no browser sends names no
// site, and passes.
func fromElsewhere(r *http.Request, b *program.Brand) *refusal {
	guard := http.NewCrossOriginProtection()
	for _, origin := range b.Origins {
		// An origin that programs.yaml took and this does not is left out, which keeps it out.
		_ = guard.AddTrustedOrigin(origin)
	}
	if guard.Check(r) == nil {
		return nil
	}
	return because(http.StatusForbidden, "", foreignSite, "brand", b.Name)
}
