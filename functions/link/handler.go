// Package link is the function behind the short links in campaigns: it redirects to the address in the campaign, and
// has the click counted (practice: adjust to engagement).
//
// The person comes first. An answer needs no call where the campaign is known, except one to the queue that counts
// clicks; where that fails they are redirected all the same. Nothing is written here: an attacker who takes over a
// function that answers the internet can neither read nor change what is stored about people.
package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/edge/page"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// countWithin is how long a click may take to be queued: the person is waiting for the page.
const countWithin = time.Second

// Links opens short links. Open returns link.ErrInvalid for an unknown ID.
type Links interface {
	Open(id string) (link.Target, error)
}

// Table finds campaigns. CampaignByPrefix returns table.ErrNotFound.
type Table interface {
	CampaignByPrefix(ctx context.Context, prefix []byte) (campaign.Campaign, error)
}

// Queue takes clicks to be counted. Put is durable when it returns nil; a repeated click is counted once.
type Queue interface {
	Put(ctx context.Context, work ...any) error
}

// Config is what a Handler works with.
type Config struct {
	Links   Links
	Table   Table
	Clicks  Queue // handled by the function receipts
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics `wiring:"optional"`
}

// Handler redirects short links.
type Handler struct {
	Config

	known known
}

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) { return &Handler{Config: c}, wiring.Complete(c) }

// Handle handles the events of API Gateway.
func (h *Handler) Handle(ctx context.Context, e gateway.Request) (gateway.Response, error) {
	return gateway.Handle(ctx, h, e)
}

// ServeHTTP redirects, or answers that there is nothing. That answer is always the same, so that trying IDs reveals
// nothing.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page.Guard(w.Header(), "default-src 'none'; base-uri 'none'; frame-ancestors 'none'", "no-referrer")
	w.Header().Set("X-Robots-Tag", "noindex")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		say(w, http.StatusMethodNotAllowed, "Open this link in a browser.")
		return
	}
	click, address, err := h.find(r.Context(), r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:])
	switch {
	case errors.Is(err, link.ErrInvalid), errors.Is(err, table.ErrNotFound):
		h.Metrics.Count("Link", 1, "result", "unknown")
		say(w, http.StatusNotFound, "There is nothing here. Was the link copied whole?")
		return
	case err != nil:
		h.Log.ErrorContext(r.Context(), "short link failed", "error", err)
		h.Metrics.Count("Link", 1, "result", "failed")
		w.Header().Set("Retry-After", "5")
		say(w, http.StatusServiceUnavailable, "This link cannot be opened now. Please try again in a moment.")
		return
	}
	if robot := notATap(r); robot != "" {
		h.Metrics.Count("Link", 1, "result", robot)
	} else {
		h.count(r.Context(), click)
		h.Metrics.Count("Link", 1, "result", "followed")
	}
	w.Header().Set("Location", address)
	w.WriteHeader(http.StatusFound)
}

// find returns what an ID stands for and its target. Only an address named in a campaign is a target. It does not
// matter whether the campaign is over, because people keep its text.
func (h *Handler) find(ctx context.Context, id string) (link.Click, string, error) {
	t, err := h.Links.Open(id)
	if err != nil {
		return link.Click{}, "", err
	}
	c, err := h.known.campaign(ctx, t.Campaign, h.Table)
	if err != nil {
		return link.Click{}, "", err
	}
	if t.Place >= len(c.targets) {
		return link.Click{}, "", fmt.Errorf("campaign %s has no link %d: %w", c.id, t.Place, link.ErrInvalid)
	}
	at := h.Now().UTC().Truncate(time.Millisecond)
	click := link.Click{Brand: c.brand, Phone: t.Phone, Campaign: c.id, Topic: c.topic, Place: t.Place, At: at}
	return click, c.targets[t.Place], nil
}

// count queues the click. Losing a click is better than keeping a person from the page.
func (h *Handler) count(ctx context.Context, c link.Click) {
	ctx, cancel := context.WithTimeout(ctx, countWithin)
	defer cancel()
	if err := h.Clicks.Put(ctx, link.Clicked{Click: &c}); err != nil {
		h.Log.ErrorContext(ctx, "a click is lost", "campaign", c.Campaign, "error", err)
		h.Metrics.Count("ClickLost", 1)
	}
}

func say(w http.ResponseWriter, status int, what string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, what+"\n")
}
