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

	"smsconsent/shared/consent"
	"smsconsent/shared/gateway"
	"smsconsent/shared/program"
	"smsconsent/shared/vouched"
)

// trusted takes a request from a backend of the brand's own, which API Gateway knows by its IAM identity. There is no puzzle, and the
// answer hides nothing from the one who owns the list. The phone is asked to confirm all the same (I5).
func (h *Handler) trusted(w http.ResponseWriter, r *http.Request) {
	now := h.Now().UTC().Truncate(time.Millisecond)
	q, err := h.question(w, r, now)
	var v verdict
	if err == nil {
		v, err = h.ask(r.Context(), q)
	}
	refused := h.refusal(r.Context(), err)
	if refused != nil {
		v.Status = "refused"
	}
	h.Metrics.Count("Request", 1, "result", string(v.Status))
	// Who called goes into the log, about whom does not (I10).
	h.Log.InfoContext(r.Context(), "request of a trusted caller", "caller", role(gateway.Caller(r.Context())), "brand", q.Key.Brand, "source", q.Source, "result", string(v.Status))
	if refused != nil {
		writeJSON(w, refused.Status, failure{*refused})
		return
	}
	if !v.At.IsZero() {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(v.At.Sub(now).Seconds()))))
	}
	writeJSON(w, v.code, v.Answer)
}

// question reads and checks a request, and puts on record who stands for it.
func (h *Handler) question(w http.ResponseWriter, r *http.Request, now time.Time) (vouched.Question, error) {
	caller := gateway.Caller(r.Context())
	if caller == "" {
		// API Gateway lets nobody through unsigned; should the route ever lose its authoriser, this still does not.
		return vouched.Question{}, &refusal{Status: http.StatusForbidden, Message: "sign the request as an IAM identity that may invoke this API"}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return vouched.Question{}, &refusal{Status: http.StatusUnsupportedMediaType, Message: "send application/json"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return vouched.Question{}, &refusal{Status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("the body is longer than %d bytes", maxBody)}
	}
	in, err := vouched.Decode(body)
	if wrong, ok := errors.AsType[*vouched.Error](err); ok {
		return vouched.Question{}, malformed(wrong.Field, wrong.Message)
	}
	q, err := in.Check(h.Catalog, h.Gate, now)
	if wrong, ok := errors.AsType[*vouched.Error](err); ok {
		return vouched.Question{}, invalid(wrong.Field, wrong.Message)
	}
	if err == nil {
		q.Evidence["caller"] = caller
	}
	return q, err
}

// role is who called, without the account, which the log would take for a phone number, and without the session of an assumed role,
// which may be named after anything.
func role(arn string) string {
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	if kind, rest, ok := strings.Cut(name, "/"); ok && kind == "assumed-role" {
		rest, _, _ = strings.Cut(rest, "/")
		return "role/" + rest
	}
	return name
}

// ask records the request and has the phone asked to confirm, now or not yet.
func (h *Handler) ask(ctx context.Context, q vouched.Question) (verdict, error) {
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
		var closes time.Time
		if opens, closes, never = q.Opening(h.Gate, c.Told); never != nil || opens.After(q.At) {
			return consent.Change{Next: c}
		}
		for i := range ch.Ask {
			ch.Ask[i].By = closes
		}
		return ch
	})
	switch {
	case err != nil:
		return verdict{}, err
	case never != nil:
		return verdict{}, invalid("phone", "no hour suits every place this phone may be in; correct state, zip and zone, or leave them empty")
	case opens.After(q.At):
		return verdict{vouched.Answer{Status: vouched.Later, At: opens}, http.StatusConflict}, nil
	}
	return judge(q, &before, ch.Handovers), nil
}

// answered reports whether the phone was asked to confirm the topic after the person asked, and may still say YES. Then this is no
// new request, and maybe the same one told again: a list may be imported twice without anybody being bothered twice.
func answered(c *consent.Contact, topic string, q vouched.Question) bool {
	asked, known := q.Said.Asked()
	return slices.ContainsFunc(waiting(c, topic, q.At), func(cl consent.Claim) bool { return !known || !cl.At.Before(asked) })
}
