// Package records is the function that proves consent: it returns everything on record about one person at one brand,
// in order, and whether all of it is unchanged (practice: keep records).
package records

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Table reads a person's record, as table.Table.Person does.
type Table interface {
	Person(ctx context.Context, key consent.Key) (consent.Record, error)
}

// Config is what a Handler works with.
type Config struct {
	Catalog *program.Catalog
	Table   Table
	Ledger  consent.Ledger
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics `wiring:"optional"`
}

// Handler answers requests for records.
type Handler struct{ Config }

// New makes a Handler, and returns an error where the Config lacks anything.
func New(c Config) (*Handler, error) { return &Handler{c}, wiring.Complete(c) }

// Handle handles the events of API Gateway.
func (h *Handler) Handle(ctx context.Context, e gateway.Request) (gateway.Response, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /records/{phone}", h.get)
	return gateway.Handle(ctx, mux, e)
}

// get answers with one person's record. The log has who asked, and a hash of about whom (I10).
func (h *Handler) get(w http.ResponseWriter, r *http.Request) {
	if _, unsigned := gateway.Signed(r.Context()); unsigned != nil {
		unsigned.Write(w)
		return
	}
	key, err := h.key(r)
	if err != nil {
		refuse(w, http.StatusBadRequest, "phone", err.Error())
		return
	}
	log, caller := h.Log.With("person", h.Ledger.Person(key)), gateway.CallerName(r.Context())
	person, err := h.Table.Person(r.Context(), key)
	if err != nil {
		log.ErrorContext(r.Context(), "read record", "caller", caller, "error", err)
		refuse(w, http.StatusServiceUnavailable, "", "the record cannot be read now; please try again")
		return
	}
	found := person.Contact.Version > 0 || len(person.Events) > 0 || len(person.Messages) > 0
	log.InfoContext(r.Context(), "record asked for", "caller", caller, "brand", key.Brand, "found", found)
	if !found {
		h.nothing(w, key.Brand)
		return
	}
	now := h.Now()
	fault := h.Ledger.Verify(person, now)
	if fault != nil {
		log.ErrorContext(r.Context(), "a record does not verify", "brand", key.Brand, "fault", fault)
		h.Metrics.Count("LedgerFault", 1)
	}
	gateway.WriteJSON(w, http.StatusOK, present(key, person, fault, now))
}

// key returns the person in the address of a request. Without a brand it is the first in programs.yaml. The plus sign
// of a number may arrive as itself, escaped, as a space as forms encode it, or not at all: curl before 8.9 signs it
// differently than AWS.
func (h *Handler) key(r *http.Request) (consent.Key, error) {
	brand := r.URL.Query().Get("brand")
	if brand == "" {
		brand = h.Catalog.Brands[0].ID
	}
	text := r.PathValue("phone")
	if digits := strings.TrimLeft(text, " "); strings.Trim(digits, "0123456789") == "" {
		text = "+" + digits
	}
	number, err := phone.Parse(text)
	if err != nil {
		return consent.Key{}, err
	}
	return consent.Key{Brand: brand, Phone: number}, nil
}

// nothing answers that there is no record. It does not depend on whether the brand exists, because records remain
// when a brand leaves programs.yaml.
func (h *Handler) nothing(w http.ResponseWriter, brand string) {
	if _, ok := h.Catalog.Brand(brand); !ok {
		refuse(
			w,
			http.StatusNotFound,
			"brand",
			fmt.Sprintf("nothing on record, and %.40q is no brand of programs.yaml", brand),
		)
		return
	}
	refuse(w, http.StatusNotFound, "phone", "nothing on record for this phone at "+brand)
}

func refuse(w http.ResponseWriter, status int, field, message string) {
	(&gateway.Refusal{Status: status, Field: field, Message: message}).Write(w)
}
