package optin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
	"smsconsent/shared/edge/gateway"
)

// maxRequest is the most bytes of a trusted caller's request. The longest evidence takes half of it.
const maxRequest = 16 << 10

// trusted takes a request from a brand's own backend, which API Gateway knows by its IAM identity. There is no
// puzzle, and the answer hides nothing from the owner of the list. The phone is asked to confirm all the same, except
// for topics that need no YES (I5).
func (h *Handler) trusted(w http.ResponseWriter, r *http.Request) {
	now := h.Now().UTC().Truncate(time.Millisecond)
	q, err := h.question(w, r, now)
	var v verdict
	if err == nil {
		v, err = h.ask(r.Context(), q)
	}
	if err == nil {
		v.Attributes = h.keep(r.Context(), &q, &v.Answer)
	}
	result := string(v.Status)
	if err != nil {
		result = "refused"
	}
	h.Metrics.Count("Request", 1, "result", result)
	// The log has who called, but not about whom (I10).
	h.Log.InfoContext(r.Context(), "request of a trusted caller",
		"caller", gateway.CallerName(r.Context()), "brand", q.Key.Brand, "source", q.Source, "result", result)
	switch {
	case err != nil:
		h.writeError(w, r, err)
	case v.At.IsZero():
		gateway.WriteJSON(w, v.code, v.Answer)
	default:
		w.Header().Set("Retry-After", seconds(v.At.Sub(now)))
		gateway.WriteJSON(w, v.code, v.Answer)
	}
}

// writeError answers why a request was not taken. Faults of ours are logged, and the caller is only asked to try
// again. A request recorded before the fault causes no second text.
func (h *Handler) writeError(w http.ResponseWriter, r *http.Request, err error) {
	refused, ok := errors.AsType[*gateway.Refusal](err)
	if !ok {
		h.Log.ErrorContext(r.Context(), "request failed", "error", err)
		refused = &gateway.Refusal{
			Status: http.StatusServiceUnavailable, Message: "something went wrong on our side; please try again in a minute",
		}
		w.Header().Set("Retry-After", "60")
	}
	refused.Write(w)
}

// question reads and checks a request, and records who vouches for it.
func (h *Handler) question(w http.ResponseWriter, r *http.Request, now time.Time) (signup.Question, error) {
	caller, unsigned := gateway.Signed(r.Context())
	if unsigned != nil {
		return signup.Question{}, unsigned
	}
	body, _, err := gateway.ReadBody(w, r, maxRequest, gateway.JSONType)
	if err != nil {
		return signup.Question{}, err
	}
	in, err := signup.Decode(body)
	if err != nil {
		return signup.Question{}, badRequest(http.StatusBadRequest, err)
	}
	q, err := in.Check(h.Catalog, h.Gate, now)
	if err != nil {
		return signup.Question{}, badRequest(http.StatusUnprocessableEntity, err)
	}
	q.Evidence["caller"] = caller
	return q, nil
}

// badRequest turns a mistake in a request into an answer for its caller. Other errors stay as they are.
func badRequest(status int, err error) error {
	if wrong, ok := errors.AsType[*phone.FieldError](err); ok {
		return &gateway.Refusal{Status: status, Field: wrong.Field, Message: wrong.Message}
	}
	return err
}

// ask records the request, and has the phone asked to confirm what it must, now or later.
func (h *Handler) ask(ctx context.Context, q signup.Question) (verdict, error) {
	var before consent.Contact
	var opens time.Time
	var never error
	ch, err := h.Outbox.Change(ctx, q.Key, func(c consent.Contact) consent.Change {
		before, opens, never = c, q.At, nil
		r := q.Request
		r.Topics = slices.DeleteFunc(slices.Clone(r.Topics), func(t program.Topic) bool {
			return !q.Tells(&t) && answered(&c, t.ID, q)
		})
		ch := c.Request(r)
		if len(ch.Ask) == 0 {
			return ch
		}
		if opens, never = q.Opening(h.Gate, c.Told); never != nil || opens.After(q.At) {
			return consent.Change{Next: c}
		}
		return ch
	})
	switch {
	case err != nil:
		return verdict{}, err
	case never != nil:
		return verdict{}, &gateway.Refusal{
			Status: http.StatusUnprocessableEntity, Field: "phone",
			Message: "no hour suits every place this phone may be in; correct state, zip and zone, or leave them empty",
		}
	case opens.After(q.At):
		return verdict{signup.Answer{Status: signup.Later, At: opens}, http.StatusConflict}, nil
	}
	return judge(q, &before, ch.Texts), nil
}

// keep stores the attributes of a request that was taken. It returns why they were not stored, empty where they were
// or none were given. The consent does not depend on them.
func (h *Handler) keep(ctx context.Context, q *signup.Question, a *signup.Answer) string {
	if len(q.Attributes) == 0 {
		return ""
	}
	if !a.Taken() {
		return "the person is not subscribed by this request"
	}
	_, err := h.Table.SetAttributes(ctx, q.Key, q.Attributes)
	if wrong, ok := errors.AsType[*phone.FieldError](err); ok {
		return wrong.Error()
	}
	if err != nil {
		h.Log.ErrorContext(ctx, "attributes of a request are not kept", "brand", q.Key.Brand, "error", err)
		return "something went wrong on our side; post them to /attributes"
	}
	return ""
}

// answered reports whether the phone was asked to confirm the topic after the person signed up, and may still say
// YES. Then this may be the same request again: a list may be imported twice without asking anybody twice.
func answered(c *consent.Contact, topic string, q signup.Question) bool {
	asked, known := q.Attested.Asked()
	return slices.ContainsFunc(
		waiting(c, topic, q.At),
		func(q consent.Question) bool { return !known || !q.At.Before(asked) },
	)
}
