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

// shared allows scripts of the brands' own sites to read the answers of a route (Fetch standard, "CORS protocol").
// Browsers withhold them from all other sites. No cookies are used or allowed.
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

// fromElsewhere refuses what a browser sends from a site that is neither ours nor listed by the brand, by form or
// script: a page that a person was lured to must not sign people up from the person's address. Requests from other
// programs name no site and pass.
func fromElsewhere(r *http.Request, b *program.Brand) *refusal {
	guard := http.NewCrossOriginProtection()
	for _, origin := range b.Origins {
		// An origin that this rejects, although programs.yaml accepted it, stays untrusted.
		_ = guard.AddTrustedOrigin(origin)
	}
	if guard.Check(r) == nil {
		return nil
	}
	return because(http.StatusForbidden, "", foreignSite, "brand", b.Name)
}
