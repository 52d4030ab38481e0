package optin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
	"smsconsent/shared/edge/gateway"
)

// maxRequest is the most bytes of a trusted caller's request; the longest evidence there is takes half of it.
const maxRequest = 16 << 10

// unfit is why a trusted caller's request was not taken.
type unfit struct {
	code int
	why  signup.Error
}

func (u *unfit) Error() string { return "request refused: " + u.why.Error() }

func unfitFor(code int, field, message string) error {
	return &unfit{code, signup.Error{Field: field, Message: message}}
}

// trusted takes a request from a backend of the brand's own, which API Gateway knows by its IAM identity. There is no
// puzzle, and the answer hides nothing from the one who owns the list. The phone is asked to confirm all the same (I5).
func (h *Handler) trusted(w http.ResponseWriter, r *http.Request) {
	now := h.Now().UTC().Truncate(time.Millisecond)
	q, err := h.question(w, r, now)
	var v verdict
	if err == nil {
		v, err = h.ask(r.Context(), q)
	}
	result := string(v.Status)
	if err != nil {
		result = "refused"
	}
	h.Metrics.Count("Request", 1, "result", result)
	// Who called goes into the log, about whom does not (I10).
	h.Log.InfoContext(r.Context(), "request of a trusted caller",
		"caller", role(gateway.Caller(r.Context())), "brand", q.Key.Brand, "source", q.Source, "result", result)
	switch {
	case err != nil:
		h.turnDown(w, r, err)
	case v.At.IsZero():
		writeJSON(w, v.code, v.Answer)
	default:
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(v.At.Sub(now).Seconds()))))
		writeJSON(w, v.code, v.Answer)
	}
}

// turnDown says why a request was not taken. Faults of ours are logged, and the caller is only asked to try again: a
// request that was recorded before the fault causes no second text.
func (h *Handler) turnDown(w http.ResponseWriter, r *http.Request, err error) {
	refused, ok := errors.AsType[*unfit](err)
	if !ok {
		h.Log.ErrorContext(r.Context(), "request failed", "error", err)
		refused = &unfit{
			http.StatusServiceUnavailable,
			signup.Error{Message: "something went wrong on our side; please try again in a minute"},
		}
		w.Header().Set("Retry-After", "60")
	}
	writeJSON(w, refused.code, signup.Refusal{Error: refused.why})
}

// question reads and checks a request, and puts on record who stands for it.
func (h *Handler) question(w http.ResponseWriter, r *http.Request, now time.Time) (signup.Question, error) {
	caller := gateway.Caller(r.Context())
	if caller == "" {
		// API Gateway lets nobody through unsigned; should the route ever lose its authoriser, this still does not.
		return signup.Question{}, unfitFor(
			http.StatusForbidden,
			"",
			"sign the request as an IAM identity that may invoke this API",
		)
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return signup.Question{}, unfitFor(http.StatusUnsupportedMediaType, "", "send application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return signup.Question{}, unfitFor(
			http.StatusRequestEntityTooLarge,
			"",
			fmt.Sprintf("the body is longer than %d bytes", maxRequest),
		)
	}
	in, err := signup.Decode(body)
	if wrong, ok := errors.AsType[*signup.Error](err); ok {
		return signup.Question{}, &unfit{http.StatusBadRequest, *wrong}
	}
	q, err := in.Check(h.Catalog, h.Gate, now)
	if wrong, ok := errors.AsType[*signup.Error](err); ok {
		return signup.Question{}, &unfit{http.StatusUnprocessableEntity, *wrong}
	}
	if err == nil {
		q.Evidence["caller"] = caller
	}
	return q, err
}

// role is who called, without the account, which the log would take for a phone number, and without the session of an
// assumed role, which may be named after anything.
func role(arn string) string {
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	if kind, rest, ok := strings.Cut(name, "/"); ok && kind == "assumed-role" {
		rest, _, _ = strings.Cut(rest, "/")
		return "role/" + rest
	}
	return name
}

// ask records the request and has the phone asked to confirm, now or not yet.
func (h *Handler) ask(ctx context.Context, q signup.Question) (verdict, error) {
	var before consent.Contact
	var opens time.Time
	var never error
	ch, err := h.Outbox.Change(ctx, q.Key, func(c consent.Contact) consent.Change {
		before, opens, never = c, q.At, nil
		r := q.Request
		r.Topics = slices.DeleteFunc(slices.Clone(r.Topics), func(t program.Topic) bool { return answered(&c, t.ID, q) })
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
		return verdict{}, unfitFor(
			http.StatusUnprocessableEntity,
			"phone",
			"no hour suits every place this phone may be in; correct state, zip and zone, or leave them empty",
		)
	case opens.After(q.At):
		return verdict{signup.Answer{Status: signup.Later, At: opens}, http.StatusConflict}, nil
	}
	return judge(q, &before, ch.Texts), nil
}

// answered reports whether the phone was asked to confirm the topic after the person asked, and may still say YES. Then
// this is no new request, and maybe the same one told again: a list may be imported twice without anybody being
// bothered twice.
func answered(c *consent.Contact, topic string, q signup.Question) bool {
	asked, known := q.Attested.Asked()
	return slices.ContainsFunc(
		waiting(c, topic, q.At),
		func(q consent.Question) bool { return !known || !q.At.Before(asked) },
	)
}
