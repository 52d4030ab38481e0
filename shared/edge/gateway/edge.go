package gateway

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"strings"
)

// SecretHeader is the header in which a CDN in front of the API, such as CloudFront, proves that a request came by it.
const SecretHeader = "X-Edge-Secret"

// Edge is the CDN in front of the API, through which API Gateway sees one address for everybody. The zero Edge is none:
// no header is believed.
type Edge struct {
	secrets [][sha256.Size]byte // hashes, so that comparing takes the same time whatever is shown
}

// NewEdge returns the CDN that shows one of the secrets: two while one takes the place of the other.
func NewEdge(secrets ...string) Edge {
	var e Edge
	for _, s := range secrets {
		e.secrets = append(e.secrets, sha256.Sum256([]byte(s)))
	}
	return e
}

// Handle answers an event through h, as the function of that name does. Where the edge proves itself, RemoteAddr of the
// request is the address that the edge saw. No handler sees the secret.
func (e Edge) Handle(ctx context.Context, h http.Handler, event Request) (Response, error) {
	return Handle(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown := r.Header.Get(SecretHeader)
		r.Header.Del(SecretHeader)
		if e.knows(shown) {
			r.RemoteAddr = viewer(r)
		}
		h.ServeHTTP(w, r)
	}), event)
}

// knows reports whether the secret is one of the edge's.
func (e Edge) knows(shown string) bool {
	sum, same := sha256.Sum256([]byte(shown)), 0
	for i := range e.secrets {
		same |= subtle.ConstantTimeCompare(e.secrets[i][:], sum[:])
	}
	return shown != "" && same == 1
}

// viewer returns the address that the edge put at the end of X-Forwarded-For, behind which API Gateway puts the edge's
// own. What stands before it the visitor may have written, and CloudFront-Viewer-Address too where the distribution
// does not set it. Without an address it is that of the edge.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
func viewer(r *http.Request) string {
	hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
	last := strings.TrimSpace(hops[len(hops)-1])
	if last == r.RemoteAddr && len(hops) > 1 {
		last = strings.TrimSpace(hops[len(hops)-2])
	}
	if _, err := netip.ParseAddr(last); err != nil {
		return r.RemoteAddr
	}
	return last
}
