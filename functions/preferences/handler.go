// Package preferences is the function behind the preference page, which shows what a person gets from a brand, with a
// switch for each topic, a pause and a way out. Only a link that was sent to their phone opens it.
//
// The link's token is the only authority: there is no cookie and no session, nothing that a browser adds. So another
// site cannot post in a person's name (CSRF) without their link. Opening a link changes nothing, because phones and
// filters open links by themselves; only a posted form does.
package preferences

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/limit"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/page"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

const (
	// pause is how long "Pause for 30 days" is.
	pause = 30 * 24 * time.Hour

	// window is the span Handler.Limit counts in.
	window = time.Hour
)

// Links opens links. Open returns link.ErrExpired or link.ErrInvalid.
type Links interface {
	Open(token string, now time.Time) (consent.Key, time.Time, error)
}

// Contacts reads a contact; a contact that is not stored comes as a new one.
type Contacts interface {
	Contact(ctx context.Context, key consent.Key) (consent.Contact, error)
}

// Outbox changes a contact and sends confirmation requests, as outbox.Outbox.Change describes.
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (outbox.Changed, error)
}

// Config is what a Handler works with.
type Config struct {
	Catalog  *program.Catalog
	Links    Links
	Contacts Contacts
	Outbox   Outbox
	Limiter  limit.Counter
	Edge     gateway.Edge `wiring:"optional"` // the CDN in front of the API, if there is one
	Limit    int          // changes one link may make in an hour; stopping everything is not counted
	Now      func() time.Time
	Log      *slog.Logger
	Metrics  *telemetry.Metrics `wiring:"optional"`
}

// Handler serves the preference page.
type Handler struct {
	Config

	look   look
	book   page.Phrasebook[words]
	routes http.Handler
}

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) {
	if err := wiring.Complete(c); err != nil {
		return nil, err
	}
	h := &Handler{Config: c}
	h.look, h.book = newLook(h.Catalog), phrasebook()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /preferences", h.show)
	mux.HandleFunc("POST /preferences", h.post)
	mux.HandleFunc("GET /preferences/assets/{file}", h.asset)
	h.routes = secured(mux)
	return h, nil
}

// Handle handles the events of API Gateway.
func (h *Handler) Handle(ctx context.Context, e gateway.Request) (gateway.Response, error) {
	return h.Edge.Handle(ctx, h, e)
}

// ServeHTTP serves the function's routes.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.routes.ServeHTTP(w, r) }

// secured sets the headers of every answer. The page has no script, and its style comes from its own origin. The
// address of a page contains the link's token, so it is not sent as a referrer, cached, or shown in a frame of
// another site.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.Guard(
			w.Header(),
			"default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"no-referrer",
		)
		w.Header().Set("X-Robots-Tag", "noindex")
		next.ServeHTTP(w, r)
	})
}

// visit is who opened the page.
type visit struct {
	consent.Key
	Brand *program.Brand
	Token string
	Until time.Time // when the link expires
}

func (h *Handler) open(token string, now time.Time) (visit, error) {
	key, until, err := h.Links.Open(token, now)
	if err != nil {
		return visit{}, err
	}
	brand, ok := h.Catalog.Brand(key.Brand)
	if !ok {
		return visit{}, link.ErrInvalid
	}
	return visit{Key: key, Brand: brand, Token: token, Until: until}, nil
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) {
	v, err := h.open(r.URL.Query().Get(link.Query), h.Now())
	if err != nil {
		h.writeError(w, r, v, err)
		return
	}
	c, err := h.Contacts.Contact(r.Context(), v.Key)
	if err != nil {
		h.writeError(w, r, v, err)
		return
	}
	h.Metrics.Count("PreferencePage", 1, "result", "shown")
	h.page(w, r, v, &c, nil)
}

func (h *Handler) post(w http.ResponseWriter, r *http.Request) {
	now := h.Now().UTC().Truncate(time.Millisecond)
	in, err := decode(w, r)
	var v visit
	if err == nil {
		v, err = h.open(in.Token, now)
	}
	if err == nil {
		err = h.check(r.Context(), in, v, now)
	}
	if err != nil {
		h.writeError(w, r, v, err)
		return
	}
	ch, err := h.Outbox.Change(
		r.Context(),
		v.Key,
		func(c consent.Contact) consent.Change { return h.decide(&c, in, v, r, now) },
	)
	if err != nil {
		h.writeError(w, r, v, err)
		return
	}
	h.Metrics.Count("PreferencePage", 1, "result", in.Action)
	h.page(w, r, v, &ch.Next, h.outcome(r, in, v, &ch.Change, now))
}

// check checks that the form asks for something possible and not for too many changes. Stopping everything is always
// possible.
func (h *Handler) check(ctx context.Context, in posted, v visit, now time.Time) error {
	if err := in.valid(v.Brand); err != nil || in.Action == stop {
		return err
	}
	ok, err := h.Limiter.Allow(ctx, limit.Key("preferences", v.Token), h.Limit, window, now)
	if err != nil {
		return fmt.Errorf("count changes of a link: %w", err)
	}
	if !ok {
		return refuse(http.StatusTooManyRequests, "too many changes by one link")
	}
	return nil
}

// decide returns what the form changes.
func (h *Handler) decide(c *consent.Contact, in posted, v visit, r *http.Request, now time.Time) consent.Change {
	evidence := map[string]string{
		"page":         gateway.Cut(r.Host+r.URL.Path, maxHeader),
		"ip":           r.RemoteAddr,
		"agent":        gateway.Cut(r.UserAgent(), maxHeader),
		"link expires": v.Until.Format(time.RFC3339),
	}
	switch in.Action {
	case stop:
		return c.StopEverything(v.Brand, now, evidence)
	case pauseNow:
		return c.Pause(now, now.Add(pause), evidence)
	case resume:
		return c.Resume(now, evidence)
	default:
		words := h.wordsFor(c.Locale, r)
		choice := consent.Choice{
			At:       now,
			On:       in.switchedOn(v.Brand),
			Off:      in.switchedOff(v.Brand),
			Terms:    h.Catalog.SignUp,
			Language: words.Tag,
			Evidence: evidence,
		}
		if len(choice.On) > 0 {
			evidence["shown"] = shown(words, v.Brand, choice.On)
		}
		return c.Choose(choice)
	}
}

// wordsFor returns the words in the person's language, or otherwise in one that their browser accepts.
func (h *Handler) wordsFor(locale string, r *http.Request) *words {
	w, _ := h.book.Best(locale, r.Header.Get("Accept-Language"))
	return w
}

// writeError answers why there is no page. For an invalid link it does not tell for whom it was.
func (h *Handler) writeError(w http.ResponseWriter, r *http.Request, v visit, err error) {
	status, result := http.StatusServiceUnavailable, "failed"
	words := h.wordsFor("", r)
	why := words.Fault
	known, isKnown := errors.AsType[*gateway.Refusal](err)
	switch {
	case errors.Is(err, link.ErrExpired):
		status, result, why = http.StatusGone, "expired", words.Expired
	case errors.Is(err, link.ErrInvalid):
		status, result, why = http.StatusForbidden, "invalid", words.Invalid
	case isKnown && known.Status == http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "3600")
		status, result, why = known.Status, "refused", words.TooMany
	case isKnown:
		status, result, why = known.Status, "refused", words.Malformed
	default:
		h.Log.ErrorContext(r.Context(), "preference page failed", "error", err)
	}
	h.Metrics.Count("PreferencePage", 1, "result", result)
	h.write(w, r, status, view{W: words, Title: why[0], Text: why[1], Token: v.Token})
}
