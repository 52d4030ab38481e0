package channels

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/gateway"
)

// Limits of one request.
const (
	maxBytes = 256 << 10
	maxTold  = 100
)

// answer is the answer to one report.
type answer struct {
	Status Status           `json:"status"`
	Error  *gateway.Refusal `json:"error,omitempty"` // of Refused: what is wrong, and how to mend it
}

// post takes one report of a kind, or a list. All are checked before any is stored. After a fault of ours the whole
// request may be posted again, because stored reports are recognized.
func (h *Handler) post(w http.ResponseWriter, r *http.Request, k kind) {
	all, many, err := h.read(w, r, k)
	done := make([]answer, 0, len(all))
	for _, t := range all {
		var a answer
		if a, err = h.note(r.Context(), t); err != nil {
			break
		}
		h.Metrics.Count("Told", 1, "kind", k.detail, "result", result(a.Status, nil))
		done = append(done, a)
	}
	// The log has who called, but not about whom (I10).
	h.Log.InfoContext(r.Context(), "told by another system",
		"caller", gateway.CallerName(r.Context()), "kind", k.detail, "noted", len(done), "failed", err != nil)
	switch {
	case err != nil:
		h.writeError(w, r, k, err)
	case many:
		gateway.WriteJSON(w, http.StatusOK, done)
	default:
		gateway.WriteJSON(w, http.StatusOK, done[0])
	}
}

// writeError answers why nothing, or not all, was stored. Faults of ours are logged, and the caller is asked to try
// again.
func (h *Handler) writeError(w http.ResponseWriter, r *http.Request, k kind, err error) {
	refused, ok := errors.AsType[*gateway.Refusal](err)
	if !ok {
		h.Log.ErrorContext(r.Context(), "what another system told is not noted", "kind", k.detail, "error", err)
		h.Metrics.Count("Told", 1, "kind", k.detail, "result", "failed")
		refused = &gateway.Refusal{
			Status: http.StatusServiceUnavailable, Message: "something went wrong on our side; please post the same again in a minute",
		}
		w.Header().Set("Retry-After", "60")
	}
	refused.Write(w)
}

// read reads and checks a request, and reports whether it is a list.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, k kind) (all []told, many bool, err error) {
	caller, unsigned := gateway.Signed(r.Context())
	if unsigned != nil {
		return nil, false, unsigned
	}
	body, _, err := gateway.ReadBody(w, r, maxBytes, gateway.JSONType)
	if err != nil {
		return nil, false, err
	}
	things := []json.RawMessage{body}
	if many = bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")); many {
		if err := json.Unmarshal(body, &things); err != nil {
			return nil, many, badRequest("", &phone.FieldError{Message: "the body is not JSON"})
		}
	}
	if n := len(things); n == 0 || n > maxTold {
		return nil, many, badRequest("", &phone.FieldError{Message: fmt.Sprintf("send 1 to %d at once, not %d", maxTold, n)})
	}
	from := teller{caller: caller, now: h.Now()}
	for i, thing := range things {
		t, err := k.check(thing, from)
		if err != nil {
			at := ""
			if many {
				at = fmt.Sprintf("[%d].", i)
			}
			return nil, many, badRequest(at, err)
		}
		all = append(all, t)
	}
	return all, many, nil
}

// badRequest turns a mistake in a request into an answer for its caller. at is the place in a list.
func badRequest(at string, err error) error {
	wrong, ok := errors.AsType[*phone.FieldError](err)
	if !ok {
		return err
	}
	return &gateway.Refusal{Status: http.StatusBadRequest, Field: at + wrong.Field, Message: wrong.Message}
}
