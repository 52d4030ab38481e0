// Package captcha keeps scripts off the sign-up form, with a proof of work of our own or with a provider the operator
// has an account with: Cloudflare Turnstile, hCaptcha or Google reCAPTCHA.
//
// The form needs a CAPTCHA "to prevent automated scripts from subscribing people without their knowledge" (AWS, "SMS
// best practices", obtain permission). The default is ALTCHA: nobody looks at pictures, nothing is asked of a third
// party, and no cookie is set. A proof of work does not prove a person; it makes each sign-up cost time, and each
// solution counts once.
package captcha

import (
	"context"
	"errors"
	"time"
)

// What Verify returns, wrapped. The first four are the visitor's, who has to solve again; the last is not.
var (
	ErrMissing     = errors.New("captcha: no solution given")
	ErrInvalid     = errors.New("captcha: not a solution of a challenge of ours")
	ErrExpired     = errors.New("captcha: the challenge has expired")
	ErrSpent       = errors.New("captcha: the solution has been used before")
	ErrUnavailable = errors.New("captcha: the solution cannot be checked just now")
)

// Provider checks what visitors solved.
type Provider interface {
	// Verify checks what the form's field holds, and spends it: the same solution is refused the next time. remoteIP, the
	// visitor's address, may be empty. Every error wraps one of ErrMissing, ErrInvalid, ErrExpired, ErrSpent and
	// ErrUnavailable. None holds the solution or a secret, so all may be logged.
	Verify(ctx context.Context, solved, remoteIP string, now time.Time) (Result, error)
	// Widget says how a page shows the provider.
	Widget() Widget
}

// Result is what a provider says of a solution it accepted, kept as evidence of the sign-up.
type Result struct {
	Provider string // one of the names of providers
	Detail   string // such as "proof of work, cost 5000"; 200 bytes at most, never the solution
}

// Widget is what a page needs to show a provider. The element <div class=Class data-sitekey=SiteKey data-action=Action>
// within the form is where Script puts the widget, which writes the solution into a field of that form by itself.
//
// Sources are for the page's Content-Security-Policy. They are empty for ALTCHA, whose scripts are the page's own.
type Widget struct {
	Provider string // one of the names of providers
	SiteKey  string // public; empty for ALTCHA
	Action   string // what the solution is for, which the provider signs; empty where the provider has none
	Field    string // the name of the form's field with the solution
	Class    string // of the element the widget appears in; empty for ALTCHA
	Script   string // URL of the provider's script, to be loaded with async and defer; empty for ALTCHA
	// Invisible says that nothing appears and nobody writes the field: when the form is sent, the page has to ask for a
	// solution, by grecaptcha.execute(SiteKey, {action: Action}).
	Invisible bool

	ScriptSources, FrameSources, ConnectSources, StyleSources []string
}
