// Package optin is the function behind the sign-up form: it shows what people agree to, takes sign-ups, and has the
// phone asked to confirm (practice: obtain permission). It subscribes nobody: only the phone itself can say YES.
package optin

import (
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/limit"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/page"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Outbox changes a contact and sends the confirmation request, as outbox.Outbox.Change describes.
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (outbox.Changed, error)
}

// Table stores a person's values for the fields in texts. SetAttributes may be repeated.
type Table interface {
	SetAttributes(ctx context.Context, key consent.Key, given map[string]string) (bool, error)
}

// Challenger makes challenges for ALTCHA.
type Challenger interface {
	Challenge(now time.Time) (captcha.Challenge, error)
}

// Config is what a Handler works with.
type Config struct {
	Catalog    *program.Catalog
	Gate       *gate.Gate
	Outbox     Outbox
	Table      Table
	Captcha    captcha.Provider
	Challenger Challenger `wiring:"optional"` // nil where the challenges are somebody else's
	Limiter    limit.Counter
	Edge       gateway.Edge `wiring:"optional"` // the CDN in front of the API, if there is one
	Limit      int          `wiring:"optional"` // sign-ups one network may send in an hour; 0 for any number
	Now        func() time.Time
	Log        *slog.Logger
	Metrics    *telemetry.Metrics `wiring:"optional"`
}

// Handler serves the sign-up form and its API.
type Handler struct {
	Config

	book        page.Phrasebook[words]
	served      []string // countries there are hours for
	origins     []string // web sites of all brands
	assets      map[string]page.Asset
	templates   func() *template.Template // read for the first page: most requests ask for none
	formVersion func() string
	routes      http.Handler
}

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) {
	if err := wiring.Complete(c); err != nil {
		return nil, err
	}
	h := &Handler{Config: c}
	h.book, h.served, h.origins, h.assets = phrasebook(), withHours(h.Catalog), origins(h.Catalog), assets(h.Catalog)
	h.templates = sync.OnceValue(func() *template.Template { return newTemplates(h.assets) })
	h.formVersion = sync.OnceValue(func() string { return formVersion(&h.book) })
	mux := http.NewServeMux()
	mux.HandleFunc("POST /requests", h.trusted)
	mux.HandleFunc("GET /opt-in", h.page)
	mux.HandleFunc("POST /opt-in", h.shared(h.post))
	mux.HandleFunc("GET /opt-in/challenge", h.shared(h.challenge))
	mux.HandleFunc("GET /opt-in/disclosure", h.shared(h.offer))
	mux.HandleFunc("GET /opt-in/assets/{name}", h.asset)
	for _, path := range []string{"/opt-in", "/opt-in/challenge", "/opt-in/disclosure"} {
		mux.HandleFunc("OPTIONS "+path, h.shared(preflight))
	}
	h.routes = h.secured(mux)
	return h, nil
}

// Handle handles the events of API Gateway.
func (h *Handler) Handle(ctx context.Context, e gateway.Request) (gateway.Response, error) {
	return h.Edge.Handle(ctx, h, e)
}

// ServeHTTP serves the function's routes.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.routes.ServeHTTP(w, r) }

func (h *Handler) challenge(w http.ResponseWriter, r *http.Request) {
	if h.Challenger == nil {
		h.fail(w, r, "", &refusal{Refusal: gateway.Refusal{
			Status: http.StatusNotFound, Message: "challenges come from " + h.Captcha.Widget().Provider,
		}})
		return
	}
	c, err := h.Challenger.Challenge(h.Now())
	if err != nil {
		h.Log.ErrorContext(r.Context(), "make challenge", "error", err)
		h.fail(w, r, "", because(http.StatusServiceUnavailable, "", tryAgain))
		return
	}
	gateway.WriteJSON(w, http.StatusOK, c)
}

// post takes a sign-up.
//
// Status and words of the answer are the same whether the phone is new, waiting for its YES, subscribed or stopped.
// The time is not: asking a phone costs a write and a call to the carrier, so a person who measures it learns whether
// the phone was asked just now. One try does not tell subscribers from those who wait or have stopped. We do not hide
// it by waiting, which every honest sign-up would pay for. Each try costs a solved puzzle, counts towards the
// network's limit and, where it is a slow one, has texted the phone and is in its record.
func (h *Handler) post(w http.ResponseWriter, r *http.Request) {
	in, err := decode(w, r, h.Captcha.Widget().Field)
	var up signUp
	if err == nil {
		up, err = h.take(r, in, h.Now().UTC().Truncate(time.Millisecond))
	}
	h.answer(w, r, in, up, err)
}

// take checks a sign-up and records it. Free checks come first, so that a typing mistake does not cost the solved
// puzzle.
func (h *Handler) take(r *http.Request, in posted, now time.Time) (signUp, error) {
	up, err := h.check(in, h.language(r, in.Locale, nil))
	if err != nil {
		return up, err
	}
	if why := fromElsewhere(r, up.Brand); why != nil {
		return up, why
	}
	if in.Homepage != "" {
		// A robot that filled in the hidden field gets the answer of a success, and nothing is recorded.
		h.Metrics.Count("SignUpTrapped", 1, "channel", channel(in))
		return up, nil
	}
	if up.Captcha, err = h.Captcha.Verify(r.Context(), in.solved, r.RemoteAddr, now); err != nil {
		return up, err
	}
	if err := h.networkMay(r.Context(), r.RemoteAddr, now); err != nil {
		return up, err
	}
	if err := h.brandMay(r.Context(), up.Brand.ID, now); err != nil {
		return up, err
	}
	return up, h.request(r.Context(), up.Key, consent.Request{
		At:       now,
		Source:   consent.SourceForm,
		Topics:   up.Topics,
		Terms:    h.Catalog.SignUp,
		Told:     up.Told,
		Locale:   up.Locale,
		Evidence: up.evidence(r, in),
	}, now)
}

// request records the sign-up and has the phone asked to confirm, unless it was asked too often today. Only sign-ups
// that would send a text are counted, so a person who sends the form twice is still asked when that is due. Where the
// contact changed meanwhile, the outbox decides again; the request is still one, and counted once.
func (h *Handler) request(ctx context.Context, key consent.Key, wanted consent.Request, now time.Time) error {
	may := sync.OnceValues(func() (bool, error) { return h.phoneMay(ctx, key.Phone, now) })
	capped := false
	var fault error
	_, err := h.Outbox.Change(ctx, key, func(c consent.Contact) consent.Change {
		ch := c.Request(wanted)
		if capped, fault = false, nil; len(ch.Ask) == 0 {
			return ch
		}
		var ok bool
		if ok, fault = may(); fault == nil && ok {
			return ch
		}
		capped = fault == nil
		return consent.Change{Next: c}
	})
	if err == nil && capped {
		h.Metrics.Count("SignUpCapped", 1)
	}
	return errors.Join(err, fault)
}
