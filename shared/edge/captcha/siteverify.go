package captcha

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/program"
)

const (
	siteverifyTimeout = 3 * time.Second // for secret, question and answer together: a visitor waits for it
	maxAnswer         = 16 << 10        // bytes; an answer has some 200
	maxToken          = 8 << 10         // bytes of a solution, where no document gives a bound
)

// Siteverify asks a provider over HTTPS whether a solution is one. Turnstile, hCaptcha and reCAPTCHA have the same
// interface for it. It is safe for concurrent use.
type Siteverify struct {
	provider  provider
	site      Site
	secret    secret
	transport http.RoundTripper // which follows no redirect: what stands behind one must not get the secret
}

// Verify asks the provider once. A second question is not safe: a solution counts once, so where the first answer was
// lost the second would be that it is spent. The visitor, told to try again, comes with a new one.
//
// The provider's clock decides what has expired.
func (s *Siteverify) Verify(ctx context.Context, solved, remoteIP string, _ time.Time) (Result, error) {
	switch {
	case solved == "":
		return Result{}, ErrMissing
	case len(solved) > s.provider.maxToken:
		return Result{}, fmt.Errorf("%w: longer than %d bytes", ErrInvalid, s.provider.maxToken)
	}
	ctx, cancel := context.WithTimeout(ctx, siteverifyTimeout)
	defer cancel()
	key, err := s.secret.get(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("%w: read the secret: %w", ErrUnavailable, err)
	}
	status, text, err := s.ask(ctx, key, solved, remoteIP)
	if err != nil {
		return Result{}, fmt.Errorf("%w: ask %s: %w", ErrUnavailable, s.provider.name, err)
	}
	says, err := decodeAnswer(status, text)
	if err != nil {
		return Result{}, fmt.Errorf("%w: %s: %w", ErrUnavailable, s.provider.name, err)
	}
	if says.refusesSecret() {
		s.secret.forget(key)
	}
	return s.judge(says)
}

// Widget returns the provider's.
func (s *Siteverify) Widget() Widget { return s.provider.widget }

// ask returns status and body of the answer.
func (s *Siteverify) ask(ctx context.Context, key, solved, remoteIP string) (status int, text []byte, err error) {
	defer func() {
		// What net/http cannot read, it quotes.
		if err != nil && (strings.Contains(err.Error(), key) || strings.Contains(err.Error(), solved)) {
			err = errors.New("the answer is no HTTP")
		}
	}()
	form := url.Values{"secret": {key}, "response": {solved}}
	if ip, err := netip.ParseAddr(remoteIP); err == nil {
		form.Set("remoteip", ip.WithZone("").String())
	}
	if s.provider.name == program.CaptchaHCaptcha {
		// One secret of hCaptcha is good for all sites of an account.
		form.Set("sitekey", s.site.Key)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.provider.endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	out, err := s.transport.RoundTrip(r)
	if err != nil {
		return 0, nil, err
	}
	defer out.Body.Close()
	text, err = io.ReadAll(io.LimitReader(out.Body, maxAnswer+1))
	switch {
	case err != nil:
		return 0, nil, fmt.Errorf("read the answer: %w", err)
	case len(text) > maxAnswer:
		return 0, nil, fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	return out.StatusCode, text, nil
}

// judge decides by what the provider says.
func (s *Siteverify) judge(says answer) (Result, error) {
	if !*says.Success {
		return Result{}, says.refusal(s.provider.name)
	}
	host := func(h string) bool { return strings.EqualFold(h, says.Hostname) }
	switch {
	case len(s.site.Hostnames) > 0 && !slices.ContainsFunc(s.site.Hostnames, host):
		return Result{}, fmt.Errorf("%w: solved on another host", ErrInvalid)
	case s.site.Action != "" && !strings.EqualFold(s.site.Action, says.Action):
		return Result{}, fmt.Errorf("%w: solved for another action", ErrInvalid)
	case s.site.MinScore > 0 && says.Score == nil:
		return Result{}, fmt.Errorf("%w: %s gave no score: the site key is not one of v3", ErrUnavailable, s.provider.name)
	case s.site.MinScore > 0 && *says.Score < s.site.MinScore:
		return Result{}, fmt.Errorf("%w: score below %v", ErrInvalid, s.site.MinScore)
	}
	return Result{Provider: s.provider.name, Detail: s.detail(says)}, nil
}

// detail tells what the provider knows of the solution. Only what has the form of a host name, an instant or a number
// gets in.
func (s *Siteverify) detail(says answer) string {
	var parts []string
	if isHostname(says.Hostname) {
		parts = append(parts, "hostname "+says.Hostname)
	}
	if at, err := time.Parse(time.RFC3339, says.ChallengeTS); err == nil {
		parts = append(parts, "solved "+at.UTC().Format(time.RFC3339))
	}
	if s.site.Action != "" {
		parts = append(parts, "action "+s.site.Action)
	}
	// hCaptcha's scores, for large customers only, count the other way round.
	if says.Score != nil && s.provider.name == program.CaptchaReCaptcha {
		parts = append(parts, "score "+strconv.FormatFloat(*says.Score, 'g', 3, 64))
	}
	return strings.Join(parts, ", ")
}

// isHostname takes a name of ASCII letters, digits, dots and hyphens, and an address with colons.
func isHostname(s string) bool {
	return s != "" && len(s) <= 100 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(".-:", r)
	})
}
