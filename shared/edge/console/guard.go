package console

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"slices"

	"smsconsent/shared/edge/gateway"
)

// TokenHeader is the header with the token that the page sends when it changes something.
const TokenHeader = "X-Console-Token"

type tokenKey struct{}

// TokenOf returns the token that a page must send back, empty where its server needs none.
func TokenOf(ctx context.Context) string {
	token, _ := ctx.Value(tokenKey{}).(string)
	return token
}

// Guard protects the console of a deployed stack, which runs on the operator's own machine, from other web pages and
// users:
//
//   - It answers only to its own host name and port, so a foreign name that points here is refused.
//   - It refuses requests from another origin.
//   - It lets in only a browser that opened the address with the login token, which is printed once at the start.
//   - What changes something also needs a second token, which only its own page can read.
type Guard struct {
	Port string // the port it listens on

	login, token string
}

// NewGuard makes a Guard with new random tokens.
func NewGuard(port string) *Guard { return &Guard{port, rand.Text(), rand.Text()} }

// Address returns the address at which a browser begins. Whoever has it may do what the operator may.
func (g *Guard) Address() string {
	return "http://" + net.JoinHostPort("127.0.0.1", g.Port) + "/?token=" + g.login
}

// In returns a handler that passes permitted requests on to next.
func (g *Guard) In(next http.Handler) http.Handler {
	own := []string{net.JoinHostPort("127.0.0.1", g.Port), net.JoinHostPort("localhost", g.Port)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case !slices.Contains(own, r.Host):
			forbid(w, "Host", "this console answers to "+own[0]+" only")
		case origin != "" && origin != "http://"+r.Host, !reads && origin == "":
			forbid(w, "Origin", "this console takes requests of its own page only")
		case reads && r.URL.Path == "/" && same(r.URL.Query().Get("token"), g.login):
			// Redirect, or the browser's history would keep the token.
			//nolint:gosec // it uses the loopback without TLS, where not every browser accepts Secure
			http.SetCookie(w, &http.Cookie{
				Name: g.cookie(), Value: g.login, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
			})
			http.Redirect(w, r, "/", http.StatusSeeOther)
		case !g.known(r):
			forbid(w, "token", "open the address that smsconsent console printed; it is another one each time it starts")
		case !reads && !same(r.Header.Get(TokenHeader), g.token):
			forbid(w, "token", "load the page anew: the console was started again since")
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), tokenKey{}, g.token)))
		}
	})
}

// cookie returns the name of the cookie. It contains the port, because browsers keep cookies by host only.
func (g *Guard) cookie() string { return "smsconsent-console-" + g.Port }

func (g *Guard) known(r *http.Request) bool {
	cookie, err := r.Cookie(g.cookie())
	return err == nil && same(cookie.Value, g.login)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func forbid(w http.ResponseWriter, field, message string) {
	(&gateway.Refusal{Status: http.StatusForbidden, Field: field, Message: message}).Write(w)
}
