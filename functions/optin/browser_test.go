package optin_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"smsconsent/shared/captcha"
	"smsconsent/shared/consent"
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
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no chromium: install it (apt-get install chromium), the sign-up page is tested in it")
		}
		t.Skip("SKIPPED: the sign-up page was not tried in a browser, for there is no chromium")
	}
	b := newBench(t)
	b.Captcha, err = captcha.NewAltcha(make([]byte, 32), captcha.Difficulty{Cost: 10, MinCounter: 5, MaxCounter: 20}, rand.Reader, &spent{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = "203.0.113.7"
		b.ServeHTTP(w, r)
	}))
	defer server.Close()

	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	messages := make(chan string, 100)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	console := chromedp.Console(ctx)
	go func() {
		for m, err := range console {
			if err != nil {
				return
			}
			messages <- m.String()
		}
	}()
	bctx := ctx
	ctx, cancel = context.WithTimeout(ctx, 30*time.Second)
	defer cancel()

	shot := func(name string) {
		ctx := bctx
		if dir := os.Getenv("SCREENSHOTS"); dir != "" {
			png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err == nil {
				err = os.WriteFile(dir+"/"+name+".png", png, 0o600)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
	if err := chromedp.Do(ctx,
		chromedp.EmulateViewport(390, 844),
		chromedp.Navigate(server.URL+"/opt-in?brand=example&phone=206"),
		chromedp.WaitVisible(chromedp.CSS("button:not(:disabled)")),
	); err != nil {
		t.Fatal(err)
	}
	if typed, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.getElementById("phone").value + location.search`)); err != nil || typed != "206?brand=example" {
		t.Errorf("the link's phone and what the address keeps: %q (%v)", typed, err)
	}
	if valid, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("document.forms[0].checkValidity()")); err != nil || valid {
		t.Errorf("the form goes out without a topic (%v)", err)
	}
	shot("form")
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS("#topic-alerts")), chromedp.WaitVisible(chromedp.CSS("button:not(:disabled)")), chromedp.Click(chromedp.CSS("button")), chromedp.WaitVisible(chromedp.CSS("#error-phone"))); err != nil {
		t.Fatal(err)
	}
	shot("error")
	if err := chromedp.Do(ctx, chromedp.Clear(chromedp.CSS("#phone")), chromedp.SendKeys(chromedp.CSS("#phone"), "206 555 0142"), chromedp.WaitVisible(chromedp.CSS("button:not(:disabled)")), chromedp.Click(chromedp.CSS("button")), chromedp.WaitVisible(chromedp.CSS("h1 ~ p strong"))); err != nil {
		t.Fatal(err)
	}
	shot("done")
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("main")))
	if err != nil || !strings.Contains(text, "+12065550142") {
		t.Errorf("the result says %q (%v)", text, err)
	}
	if got := b.store.contacts[consent.Key{Brand: "example", Phone: seattle}].Subs["alerts"].State; got != consent.Pending {
		t.Errorf("state = %q", got)
	}
	if page := b.store.events[0].Evidence["page"]; page != server.URL+"/opt-in?brand=example" {
		t.Errorf("page on record = %q", page)
	}
	for {
		select {
		case m := <-messages:
			// The browser notes the form's own 422.
			if !strings.Contains(m, "422") {
				t.Errorf("console: %s", m)
			}
		default:
			return
		}
	}
}
