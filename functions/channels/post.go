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

// What one request may hold.
const (
	maxBytes = 256 << 10
	maxTold  = 100
)

// answer is what a caller hears about one thing they told.
type answer struct {
	Status Status           `json:"status"`
	Error  *gateway.Refusal `json:"error,omitempty"` // of Refused: what is wrong, and how to mend it
}

// post takes one thing of a kind, or a list of them. All are checked before any is noted; where something goes wrong on
// our side the whole may be posted again, for what was noted is known.
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
	// Who called goes into the log, about whom does not (I10).
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

// writeError says why nothing was noted, or not all. Faults of ours are logged, and the caller is asked to try again.
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

// read reads and checks what is posted, and reports whether it is a list.
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

// badRequest makes what is wrong with something posted what its caller is told. at is its place in a list.
func badRequest(at string, err error) error {
	wrong, ok := errors.AsType[*phone.FieldError](err)
	if !ok {
		return err
	}
	return &gateway.Refusal{Status: http.StatusBadRequest, Field: at + wrong.Field, Message: wrong.Message}
}
