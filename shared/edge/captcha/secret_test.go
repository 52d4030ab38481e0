package captcha

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"smsconsent/shared/core/program"
)

func TestTheSecretIsReadOnce(t *testing.T) {
	var reads atomic.Int32
	provider := &asked{status: 200, text: `{"success":true}`}
	site := fixed()
	site.Secret = func(context.Context) ([]byte, error) {
		if reads.Add(1) == 1 {
			return nil, errors.New("throttled")
		}
		return []byte(siteSecret), nil
	}
	s := at(t, program.CaptchaTurnstile, site, provider)
	result, err := s.Verify(t.Context(), token, "", noon())
	refused(t, result, err, ErrUnavailable)
	if len(provider.questions) != 0 {
		t.Error("asked without a secret")
	}

	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			if _, err := s.Verify(t.Context(), token, "", noon()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := reads.Load(); got != 2 {
		t.Errorf("read %d times, want twice: a failure, and once for all", got)
	}
}

func TestASecretThatWasChangedIsReadAgain(t *testing.T) {
	current := "old"
	site := fixed()
	site.Secret = func(context.Context) ([]byte, error) { return []byte(current), nil }
	s := at(t, program.CaptchaTurnstile, site, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("secret") != current {
			_, _ = w.Write([]byte(`{"success":false,"error-codes":["invalid-input-secret"]}`))
			return
		}
		_, _ = w.Write([]byte(`{"success":true}`))
	}))
	verify := func() error {
		_, err := s.Verify(t.Context(), token, "", noon())
		return err
	}
	if err := verify(); err != nil {
		t.Fatal(err)
	}
	current = "new"
	if err := verify(); !errors.Is(err, ErrUnavailable) {
		t.Errorf("with the old secret: %v", err)
	}
	if err := verify(); err != nil {
		t.Errorf("with the new secret: %v", err)
	}
}

func TestAnEmptySecretIsNone(t *testing.T) {
	provider := &asked{status: 200, text: `{"success":true}`}
	site := fixed()
	site.Secret = func(context.Context) ([]byte, error) { return []byte(" \n"), nil }
	result, err := at(t, program.CaptchaTurnstile, site, provider).Verify(t.Context(), token, "", noon())
	refused(t, result, err, ErrUnavailable)
	if len(provider.questions) != 0 {
		t.Error("asked without a secret")
	}
}
