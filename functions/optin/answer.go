package optin

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/page"
)

// answer answers the visitor in the format of the request.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, in posted, up signUp, err error) {
	if err == nil {
		h.Metrics.Count("SignUp", 1, "result", "pending")
		if in.form {
			h.done(w, r, up)
			return
		}
		gateway.WriteJSON(w, http.StatusAccepted, map[string]string{"status": "pending"})
		return
	}
	h.Metrics.Count("SignUp", 1, "result", "refused")
	why := h.refusal(r.Context(), err)
	if !in.form {
		h.fail(w, r, in.Locale, why)
		return
	}
	all, ok := errors.AsType[refusals](err)
	if !ok {
		all = refusals{why}
	}
	h.formAgain(w, r, in, all)
}

// refusal turns an error into what the visitor is told: of several mistakes the first, nil without an error. Faults
// of ours are logged, and the visitor is only asked to try again. A sign-up recorded before the fault causes no
// second text.
func (h *Handler) refusal(ctx context.Context, err error) *refusal {
	if err == nil {
		return nil
	}
	if all, ok := errors.AsType[refusals](err); ok {
		return all[0]
	}
	if one, ok := errors.AsType[*refusal](err); ok {
		return one
	}
	if one, ok := errors.AsType[*gateway.Refusal](err); ok {
		return &refusal{Refusal: *one}
	}
	why := captchaRefusal(err, h.Captcha.Widget().Field)
	if why == nil {
		why = because(http.StatusServiceUnavailable, "", tryAgain)
	}
	if why.Status >= http.StatusInternalServerError {
		h.Log.ErrorContext(ctx, "sign-up failed", "error", err)
	}
	return why
}

// fail answers a refusal as JSON.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, locale string, why *refusal) {
	h.retryAfter(w.Header(), why)
	out := why.Refusal
	out.Message = why.in(h.language(r, locale, nil))
	out.Write(w)
}

// retryAfter sets when to come again: after the brand's day, after the network's hour, or in a minute where the fault
// is not the visitor's.
func (h *Handler) retryAfter(header http.Header, why *refusal) {
	switch {
	case why.Reason == brandFull:
		now := h.Now()
		header.Set("Retry-After", seconds(now.Truncate(day).Add(day).Sub(now)))
	case why.Status == http.StatusTooManyRequests:
		header.Set("Retry-After", seconds(time.Hour))
	case why.Status == http.StatusServiceUnavailable:
		header.Set("Retry-After", seconds(time.Minute))
	}
}

// seconds formats a time to wait for Retry-After, rounded up.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }

// formAgain answers a form with the form, and each error next to its field.
func (h *Handler) formAgain(w http.ResponseWriter, r *http.Request, in posted, why refusals) {
	brand, topics, ok := h.offered(in.Brand, r.URL.Query()["topic"])
	if !ok {
		brand, topics, _ = h.offered("", nil)
	}
	v := h.form(r, brand, topics, h.language(r, in.Locale, topics), in)
	for _, one := range why {
		at := ""
		switch one.Field {
		case "topics":
			at = v.Offers[0].At
		case "phone", "state", "zip":
			at = one.Field
		}
		if !slices.Contains([]string{"topics", "phone"}, one.Field) && v.States == nil {
			at = ""
		}
		message := one.in(v.W)
		if one.Reason == "" && one.Field != "" {
			message = one.Field + ": " + message // which the form does not show
		}
		v.Wrong = append(v.Wrong, wrong{one.Field, at, message})
	}
	h.retryAfter(w.Header(), why[0])
	h.write(w, r, why[0].Status, "form", brand, v)
}

// doneView is what the page after a sign-up shows.
type doneView struct {
	frame
	Number    string
	Open, Yes []piece
	Start     []piece
	Again     string
}

// done answers a form that was taken. Everybody sees the same, whether the phone is new, waiting for its YES,
// subscribed, stopped, or was asked too often.
func (h *Handler) done(w http.ResponseWriter, r *http.Request, up signUp) {
	speak := h.language(r, up.Locale, up.Topics)
	v := doneView{frame: h.frame(r, up.Brand, speak), Number: typed.International(up.Phone), Again: formAddress(r, up)}
	v.Languages = nil
	numbers := senders(up)
	open, yes := speak.Open, speak.Yes
	if programs(up) > 1 {
		open, yes = speak.OpenEach, speak.YesEach
	}
	// The numbers are filled in first, so that each is emphasised separately.
	v.Open = emphasised(page.Fill(open, "sender", page.List(numbers, speak.And, "*")))
	v.Yes = emphasised(yes)
	if len(numbers) > 0 {
		v.Start = emphasised(page.Fill(speak.Start, "number", page.List(numbers, speak.Or, "*")))
	}
	h.write(w, r, http.StatusAccepted, "done", up.Brand, &v)
}

// programs returns how many texts will ask for a YES.
func programs(up signUp) int {
	var ids []string
	for _, t := range up.Topics {
		if !slices.Contains(ids, t.Program) {
			ids = append(ids, t.Program)
		}
	}
	return len(ids)
}

// senders returns the numbers of those texts. A person who opted out has to text START to them.
func senders(up signUp) []string {
	var numbers []string
	for _, t := range up.Topics {
		p, _, _ := up.Brand.Topic(t.ID)
		if number := dialled(p.Identity); number != "" && !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// language returns the language of the answer: the person's choice, that of the page's address, of the browser, or of
// the first topic.
func (h *Handler) language(r *http.Request, locale string, topics []program.Topic) *words {
	w, _ := h.book.Best(wishes(r, locale, topics)...)
	return w
}

func wishes(r *http.Request, locale string, topics []program.Topic) []string {
	all := []string{locale, r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")}
	if len(topics) > 0 {
		all = append(all, topics[0].Locale)
	}
	return all
}
