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

// TokenHeader carries the token of a page that asks for something to be done.
const TokenHeader = "X-Console-Token"

type tokenKey struct{}

// TokenOf returns the token a page shall send back; empty where its server asks for none.
func TokenOf(ctx context.Context) string {
	token, _ := ctx.Value(tokenKey{}).(string)
	return token
}

// Guard lets in only whoever has the address it was started with, on this machine's own port. It answers to no other
// name, which keeps out pages whose name was made to point here; it takes no request from another origin; and what
// changes something needs, beside the cookie, a token that only its own page can read. The cookie is for this process.
type Guard struct {
	Port string // of the listener

	login, token string
}

// NewGuard makes a guard with tokens of its own.
func NewGuard(port string) *Guard { return &Guard{port, rand.Text(), rand.Text()} }

// Address is where a browser on this machine begins. Whoever has it may do what the operator may.
func (g *Guard) Address() string {
	return "http://" + net.JoinHostPort("127.0.0.1", g.Port) + "/?token=" + g.login
}

// In guards what the handler serves.
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
			// The address would stay in the browser's history with the token in it.
			//nolint:gosec // it goes over the loopback, where there is no TLS, and not every browser takes Secure there
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

// cookie is the name of the cookie: browsers keep cookies by name and host, and not by port.
func (g *Guard) cookie() string { return "smsconsent-console-" + g.Port }

func (g *Guard) known(r *http.Request) bool {
	cookie, err := r.Cookie(g.cookie())
	return err == nil && same(cookie.Value, g.login)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func forbid(w http.ResponseWriter, field, message string) {
	(&gateway.Refusal{Status: http.StatusForbidden, Field: field, Message: message}).Write(w)
}
