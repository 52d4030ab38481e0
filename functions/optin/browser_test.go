package optin_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent/shared/captcha"
	"smsconsent/shared/consent"
	"smsconsent/shared/webtest"
)

// spent remembers nonces as long as the test runs.
type spent struct{ seen sync.Map }

func (s *spent) Spend(_ context.Context, nonce string, _ time.Time) error {
	if _, again := s.seen.LoadOrStore(nonce, true); again {
		return captcha.ErrSpent
	}
	return nil
}

// A real browser under the page's own policy solves the puzzle and signs up: no script, style or request is missing.
func TestABrowserSignsUp(t *testing.T) {
	b := newBench(t)
	var err error
	b.Captcha, err = captcha.NewAltcha(make([]byte, 32), captcha.Difficulty{Cost: 10, MinCounter: 5, MaxCounter: 20}, rand.Reader, &spent{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = "203.0.113.7"
		b.ServeHTTP(w, r)
	}))
	defer server.Close()

	p := webtest.Open(t, server.URL+"/opt-in?brand=example&phone=206")
	p.Look(webtest.View{Width: 390, Height: 844})
	const ready = `!document.querySelector("button").disabled`
	p.Until(ready)
	if typed := p.Get(`document.getElementById("phone").value + location.search`); typed != "206?brand=example" {
		t.Errorf("the link's phone and what the address keeps: %q", typed)
	}
	if p.Get("document.forms[0].checkValidity()") != "false" {
		t.Error("the form goes out without a topic")
	}
	p.Screenshot("form")
	p.Click("#topic-alerts")
	p.Click("button")
	p.Until(`document.getElementById("error-phone") && ` + ready)
	p.Screenshot("error")
	p.Type("#phone", "206 555 0142")
	p.Click("button")
	p.Until(`document.querySelector("h1 ~ p strong")`)
	p.Screenshot("done")
	if text := p.Get("document.querySelector('main').innerText"); !strings.Contains(text, "+12065550142") {
		t.Errorf("the result says %q", text)
	}
	if got := b.store.contacts[consent.Key{Brand: "example", Phone: seattle}].Subs["alerts"].State; got != consent.Pending {
		t.Errorf("state = %q", got)
	}
	if page := b.store.events[0].Evidence["page"]; page != server.URL+"/opt-in?brand=example" {
		t.Errorf("page on record = %q", page)
	}
	p.Quiet("422") // which the browser notes of the form's own refusal
}
