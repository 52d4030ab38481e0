package captcha

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// answer is what all three providers send. More fields may come at any time and are left alone; Google asks for that.
type answer struct {
	Success     *bool    `json:"success"`
	ErrorCodes  []string `json:"error-codes"`
	Hostname    string   `json:"hostname"`     // where it was solved
	ChallengeTS string   `json:"challenge_ts"` // when, RFC 3339
	Action      string   `json:"action"`
	Score       *float64 `json:"score"`
}

// decodeAnswer takes one JSON object that says yes or no. A provider may say no with the status of a wrong request; yes
// counts with 200 only, and what has no such answer in it, such as the page of a proxy, is no answer. Errors quote
// nothing of it.
func decodeAnswer(status int, text []byte) (answer, error) {
	var a answer
	err := json.Unmarshal(text, &a)
	switch {
	case err != nil && status == http.StatusOK:
		return answer{}, errors.New("the answer is not the JSON of one")
	case err != nil || a.Success == nil && status != http.StatusOK:
		return answer{}, fmt.Errorf("status %d", status)
	case a.Success == nil:
		return answer{}, errors.New("the answer says neither yes nor no")
	case status != http.StatusOK && (*a.Success || status < 400 || status >= 500 || status == http.StatusTooManyRequests):
		return answer{}, fmt.Errorf("status %d", status)
	}
	return a, nil
}

func (a answer) refusesSecret() bool { return slices.Contains(a.ErrorCodes, "invalid-input-secret") }

// refusal makes an error of what a provider says no with. What may be our own fault or theirs, such as
// "invalid-input-secret" or "internal-error", goes before what is the visitor's, who could not mend it; a code nobody
// knows is taken for that, too. Whatever is the visitor's, to solve again is right for it.
func (a answer) refusal(provider string) error {
	visitors := ErrInvalid
	for _, code := range a.ErrorCodes {
		switch code {
		case "missing-input-response":
			visitors = ErrMissing
		case "timeout-or-duplicate", "expired-input-response":
			// Turnstile and reCAPTCHA have one code for both. To solve again is right for both.
			visitors = ErrExpired
		case "already-seen-response":
			visitors = ErrSpent
		case "invalid-input-response",
			"invalid-or-already-seen-response",
			"browser-error",
			"not-using-dummy-passcode",
			"not-using-dummy-secret":
			// The last two are solutions of a test key of hCaptcha's.
		default:
			return fmt.Errorf("%w: %s says %s", ErrUnavailable, provider, plain(code))
		}
	}
	return visitors
}

// plain returns a code as it may be logged: only what looks like one, for somebody else wrote it.
func plain(code string) string {
	if code == "" || len(code) > 40 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz-") != "" {
		return "something unknown"
	}
	return code
}
