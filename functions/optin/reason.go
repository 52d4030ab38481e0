package optin

import (
	"errors"
	"net/http"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/signup"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/page"
)

// reason is why a sign-up was not taken, where people read it in their own language.
type reason string

// What people may mend, or have to wait for.
const (
	noTopic        reason = "no topic"
	phoneEmpty     reason = "phone empty"
	phoneTooLong   reason = "phone too long"
	phoneSigns     reason = "phone signs"
	phoneCountry   reason = "phone country"
	phoneTenDigits reason = "phone ten digits"
	phoneDigits    reason = "phone digits"
	phoneUnable    reason = "phone unable" // the one answer to every number that is right and not wanted here
	stateUnknown   reason = "state"
	zipUnknown     reason = "zip"
	changed        reason = "disclosure changed"
	unsolved       reason = "captcha unsolved"
	outdated       reason = "captcha expired"
	unverifiable   reason = "captcha unavailable"
	tooMany        reason = "too many"
	brandFull      reason = "brand full"
	foreignSite    reason = "foreign site"
	tryAgain       reason = "try again"
)

// refusal is one thing that is wrong with a sign-up. Handler.refusal branches on it: a person gets the reason in their
// language.
type refusal struct {
	gateway.Refusal          // whose message is for programmers, in English; empty where there is a reason
	Reason          reason   // for people, in their own language
	With            []string // names and values for the reason's words
}

// in returns what the refusal says in words of a language.
func (r *refusal) in(w *words) string {
	if r.Reason == "" {
		return r.Message
	}
	return page.Fill(w.Reasons[r.Reason], r.With...)
}

// because refuses for a reason that people read in their own language.
func because(status int, field string, why reason, with ...string) *refusal {
	return &refusal{Refusal: gateway.Refusal{Status: status, Field: field}, Reason: why, With: with}
}

// malformed refuses a body that is not what it has to be, which only a programmer can have got wrong.
func malformed(field, message string) *refusal {
	return &refusal{Refusal: gateway.Refusal{Status: http.StatusBadRequest, Field: field, Message: message}}
}

// invalid refuses a field that only a programmer can have got wrong.
func invalid(field, message string) *refusal {
	return &refusal{Refusal: gateway.Refusal{Status: http.StatusUnprocessableEntity, Field: field, Message: message}}
}

// mistaken refuses a field that a person may mend.
func mistaken(field string, why reason, with ...string) *refusal {
	return because(http.StatusUnprocessableEntity, field, why, with...)
}

// refusals are all that is wrong with a sign-up, in the order of the form's fields. Handler.refusal branches on them:
// the form shows them all, and the API names the first.
type refusals []*refusal

func (r refusals) Error() string { return r[0].Error() }

// reasonOf returns why a sign-up was not taken where the form has words of its own for it; none where only a programmer
// can have got it wrong.
func reasonOf(wrong *phone.FieldError) reason {
	for _, m := range []struct {
		cause error
		why   reason
	}{
		{signup.ErrNoTopic, noTopic},
		{signup.ErrNotServed, phoneUnable},
		{phone.ErrUnknownPlace, phoneUnable},
		{phone.ErrNoTexts, phoneUnable},
		{typed.ErrEmpty, phoneEmpty},
		{typed.ErrTooLong, phoneTooLong},
		{typed.ErrPlusInside, phoneTooLong},
		{typed.ErrSigns, phoneSigns},
		{typed.ErrCountryCode, phoneCountry},
		{typed.ErrTenDigits, phoneTenDigits},
	} {
		if errors.Is(wrong, m.cause) {
			return m.why
		}
	}
	switch wrong.Field {
	case "phone":
		return phoneDigits
	case "state":
		return stateUnknown
	case "zip":
		return zipUnknown
	default:
		return ""
	}
}

// captchaRefusal returns the refusal for an error of the CAPTCHA's, or nil. field is where its solution was expected.
func captchaRefusal(err error, field string) *refusal {
	switch {
	case errors.Is(err, captcha.ErrUnavailable):
		return because(http.StatusServiceUnavailable, "", unverifiable)
	case errors.Is(err, captcha.ErrExpired), errors.Is(err, captcha.ErrSpent):
		return because(http.StatusBadRequest, field, outdated)
	case errors.Is(err, captcha.ErrMissing), errors.Is(err, captcha.ErrInvalid):
		return because(http.StatusBadRequest, field, unsolved)
	default:
		return nil
	}
}
