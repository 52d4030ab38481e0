// Package optin is the function behind the sign-up form: it shows what people agree to, takes what they send, and has
// the phone asked to confirm (practice: obtain permission). It subscribes nobody: only the phone itself can say YES.
package optin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/captcha"
	"smsconsent/shared/consent"
	"smsconsent/shared/gate"
	"smsconsent/shared/gateway"
	"smsconsent/shared/program"
	"smsconsent/shared/telemetry"
)

// window is the span a Limit counts posts in.
const window = time.Hour

// Outbox is what the handler needs of the outbox.
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (consent.Change, error)
}

// Gate tells whether a phone is in a place the brand serves.
type Gate interface {
	Person(c *consent.Contact) gate.Person
}

// Captcha makes challenges and checks solutions.
type Captcha interface {
	captcha.Provider
	Challenge(now time.Time) (captcha.Challenge, error)
}

// Limiter counts what was done under a key and reports whether once more keeps within limit in a window.
type Limiter interface {
	Allow(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error)
}

// Handler serves the sign-up form.
type Handler struct {
	Catalog *program.Catalog
	Gate    Gate
	Outbox  Outbox
	Captcha Captcha
	Limiter Limiter
	Limit   int // sign-ups one network may send in an hour; 0 for any number
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics

	site   site
	routes http.Handler
}

// New makes a handler of its exported fields.
func New(h Handler) *Handler {
	h.site = newSite()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /requests", h.trusted)
	mux.HandleFunc("GET /opt-in", h.page)
	mux.HandleFunc("GET /opt-in/challenge", h.challenge)
	mux.HandleFunc("POST /opt-in", h.post)
	h.routes = h.secured(mux)
	return &h
}

// Handle serves the events of API Gateway.
func (h *Handler) Handle(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return gateway.Handler(h)(ctx, e)
}

// ServeHTTP is the function's HTTP surface.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.routes.ServeHTTP(w, r) }

// secured sets the headers every answer carries. The policy lets the page run its own script and style and talk to
// its own origin, nothing else; the referrer is kept within the origin because the sign-up's evidence names the page.
func (h *Handler) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", h.site.policy)
		header.Set("Strict-Transport-Security", "max-age=31536000")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func (h *Handler) challenge(w http.ResponseWriter, r *http.Request) {
	c, err := h.Captcha.Challenge(h.Now())
	if err != nil {
		h.Log.ErrorContext(r.Context(), "make challenge", "error", err)
		writeJSON(w, http.StatusServiceUnavailable, failure{refusal{Message: tryAgain}})
		return
	}
	writeJSON(w, http.StatusOK, c)
}

// post takes a sign-up. What costs nothing is checked first, so that a slip of the finger does not cost the solved
// puzzle.
//
// Status and words of the answer are the same whether the phone is new, waiting for its YES, subscribed or stopped. Its
// time is not: a phone that is asked costs a write and a call to the carrier, so whoever measures learns whether it was
// asked just now. One try does not tell subscribers from those who wait or have stopped. It is not hidden by waiting,
// which would be paid for at each honest sign-up; each try costs a solved puzzle, counts for the network's limit, and
// where it is a slow one has texted the phone and stands in its record.
func (h *Handler) post(w http.ResponseWriter, r *http.Request) {
	now := h.Now().UTC().Truncate(time.Millisecond)
	in, err := decode(w, r)
	var up signUp
	if err == nil {
		up, err = h.check(in)
	}
	if err == nil {
		err = h.admit(r.Context(), in.Altcha, r.RemoteAddr, now)
	}
	if err == nil {
		err = h.request(r, up, now)
	}
	h.answer(w, r, in, up, h.refusal(r.Context(), err))
}

// admit keeps scripts and floods out. The limit comes after the puzzle: without that work nobody makes us write.
func (h *Handler) admit(ctx context.Context, solved, address string, now time.Time) error {
	if _, err := h.Captcha.Verify(ctx, solved, address, now); err != nil {
		return err
	}
	if h.Limit == 0 {
		return nil
	}
	ok, err := h.Limiter.Allow(ctx, network(address), h.Limit, window, now)
	if err != nil {
		return fmt.Errorf("count sign-ups of a network: %w", err)
	}
	if !ok {
		return &refusal{Status: http.StatusTooManyRequests, Message: "too many sign-ups came from your network; please try again in an hour"}
	}
	return nil
}

// network is the key of a visitor's address: the address itself or, because one household owns so many, the /64 of an
// IPv6 one. It is hashed because a counter needs no addresses.
func network(address string) string {
	if ip, err := netip.ParseAddr(address); err == nil && ip.Unmap().Is6() {
		if prefix, err := ip.WithZone("").Prefix(64); err == nil {
			address = prefix.String()
		}
	}
	sum := sha256.Sum256([]byte(address))
	return "sign-up#" + hex.EncodeToString(sum[:16])
}

// request records the sign-up and has the phone asked to confirm.
func (h *Handler) request(r *http.Request, up signUp, now time.Time) error {
	_, err := h.Outbox.Change(r.Context(), up.Key, func(c consent.Contact) consent.Change {
		return c.Request(consent.Request{At: now, Source: consent.SourceForm, Topics: up.Topics, Terms: h.Catalog.SignUp, Told: up.Told, Locale: up.Locale, Evidence: up.evidence(r)})
	})
	return err
}

// refusal turns an error into what the visitor is told; nil where there was none. Faults of ours are logged, and the
// visitor is only asked to try again: a sign-up that was recorded before the fault causes no second text.
func (h *Handler) refusal(ctx context.Context, err error) *refusal {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*refusal](err); ok {
		return known
	}
	switch {
	case errors.Is(err, captcha.ErrMissing):
		return unsolved("the CAPTCHA is not solved; get a challenge from /opt-in/challenge and send its solution")
	case errors.Is(err, captcha.ErrExpired):
		return unsolved("the challenge has expired; get a new one")
	case errors.Is(err, captcha.ErrSpent):
		return unsolved("this solution was used before; get a new challenge")
	case errors.Is(err, captcha.ErrInvalid):
		return unsolved("this is no solution of a challenge of ours; get a new one")
	}
	h.Log.ErrorContext(ctx, "sign-up failed", "error", err)
	return &refusal{Status: http.StatusServiceUnavailable, Message: tryAgain}
}

func unsolved(message string) *refusal {
	return &refusal{Status: http.StatusBadRequest, Field: "altcha", Message: message}
}

const tryAgain = "something went wrong on our side; please try again in a minute"

// answer tells the visitor, in the format they came with.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, in posted, up signUp, refused *refusal) {
	status, result := http.StatusAccepted, "pending"
	if refused != nil {
		status, result = refused.Status, "refused"
	}
	h.Metrics.Count("SignUp", 1, "result", result)
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "3600")
	}
	switch {
	case in.page:
		h.resultPage(w, r, status, in, up, refused)
	case refused != nil:
		writeJSON(w, status, failure{*refused})
	default:
		writeJSON(w, status, map[string]string{"status": "pending"})
	}
}

// failure is the JSON of a refusal.
type failure struct {
	Error refusal `json:"error"`
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The status is out: an answer that cannot be written can only be dropped.
	_ = json.NewEncoder(w).Encode(v)
}
