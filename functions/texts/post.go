package texts

import (
	"errors"
	"net/http"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/gateway"
)

// maxBytes is how many bytes a request may have: the longest text, its fields, and some more.
const maxBytes = 16 << 10

// post texts one person. The log has who asked, but not whom to text or what to say (I10).
func (h *Handler) post(w http.ResponseWriter, r *http.Request) {
	o, err := h.read(w, r)
	var a Answer
	if err == nil {
		a, err = h.send(r.Context(), o)
	}
	h.note(r.Context(), gateway.CallerName(r.Context()), &o, &a, err)
	if a.Status == "" {
		h.writeError(w, err)
		return
	}
	gateway.WriteJSON(w, http.StatusOK, a)
}

// read reads and checks a posted request.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) (order, error) {
	caller, unsigned := gateway.Signed(r.Context())
	if unsigned != nil {
		return order{}, unsigned
	}
	body, _, err := gateway.ReadBody(w, r, maxBytes, gateway.JSONType)
	if err != nil {
		return order{}, err
	}
	return h.check(body, caller, h.newID(), h.Now())
}

// writeError says why nothing was sent. About a fault of ours it says only that: the same request with the same ID
// may be posted again.
func (h *Handler) writeError(w http.ResponseWriter, err error) {
	if wrong, ok := errors.AsType[*phone.FieldError](err); ok {
		err = &gateway.Refusal{Status: http.StatusBadRequest, Field: wrong.Field, Message: wrong.Message}
	}
	refused, ok := errors.AsType[*gateway.Refusal](err)
	if !ok {
		refused = &gateway.Refusal{
			Status: http.StatusServiceUnavailable, Message: "something went wrong on our side; please post the same, with its id, again in a minute",
		}
		w.Header().Set("Retry-After", "60")
	}
	refused.Write(w)
}
