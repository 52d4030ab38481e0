package optin_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/testkit/webtest"
)

// spent remembers nonces as long as the test runs.
type spent struct{ seen sync.Map }

func (s *spent) Spend(_ context.Context, nonce string, _ time.Time) (first bool, err error) {
	_, before := s.seen.LoadOrStore(nonce, true)
	return !before, nil
}

// serve is the function behind an address, with a real CAPTCHA that is quickly solved.
func (w *fixture) serve(t *testing.T) string {
	t.Helper()
	return w.serveAt(t, captcha.Difficulty{Cost: 10, MinCounter: 5, MaxCounter: 20})
}

func (w *fixture) serveAt(t *testing.T, d captcha.Difficulty) string {
	t.Helper()
	altcha, err := captcha.NewAltcha(make([]byte, 32), d, rand.Reader, &spent{})
	if err != nil {
		t.Fatal(err)
	}
	w.handler.Captcha, w.handler.Challenger = altcha, altcha
	var one sync.Mutex // the fakes are for one request at a time, as Lambda has it
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
		one.Lock()
		defer one.Unlock()
		r.RemoteAddr = "203.0.113.7"
		w.handler.ServeHTTP(answer, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// idle is when the form can be sent.
const idle = `!document.querySelector("button").disabled`

// A real browser under the page's own policy solves the puzzle and signs up: no script, style or request is missing.
func TestABrowserSignsUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address := w.serve(t)
	p := webtest.Open(t, address+"/opt-in?brand=example&phone=206")
	p.Until(idle)
	if typed := p.Get(`document.getElementById("phone").value + location.search`); typed != "206?brand=example" {
		t.Errorf("the link's phone and what the address keeps: %q", typed)
	}
	p.Click("button")
	p.Until(`document.activeElement.id === "topic-alerts" && document.getElementById("error-topics").textContent === "Choose at least one."`)
	p.Click("#topic-alerts")
	if shown := p.Get(`[...document.querySelectorAll(".disclosure")].filter((d) => !d.hidden).map((d) => d.id).join()`); shown != "disclosure-alerts" {
		t.Errorf("what is agreed to: %s", shown)
	}
	p.Click("button")
	p.Until(`document.activeElement.id === "phone" && document.querySelector("[role=alert]") && ` + idle)
	p.Type("#phone", "206 555 0142")
	p.Click("button")
	p.Until(`document.querySelector(".steps")`)
	if text := p.Get("document.querySelector('main').innerText"); !strings.Contains(text, "+1 206-555-0142") {
		t.Errorf("the result says %q", text)
	}
	if got := w.Contact(seattle).Subs["alerts"].State; got != consent.Pending {
		t.Errorf("state = %q", got)
	}
	if page := w.events()[0].Evidence["page"]; page != address+"/opt-in?brand=example" {
		t.Errorf("page on record = %q", page)
	}
	p.Quiet("422") // which the browser notes of the form's own refusal
}

// While the browser works the button rests and a bar grows, and another sign-up cannot be sent.
func TestInBrowserTheFormShowsThatItWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := webtest.Open(t, w.serveAt(t, captcha.Difficulty{Cost: 20_000, MinCounter: 400, MaxCounter: 400})+"/opt-in?brand=example&topic=orders")
	p.Look(webtest.View{Width: 390, Height: 844})
	p.Click("#topic-orders")
	p.Type("#phone", "206 555 0142")
	p.Click("button")
	p.Until(`document.querySelector("button").disabled && document.getElementById("progress").value > 0.1`)
	if said := p.Get(`document.getElementById("status").textContent`); said != "Making sure that you are not a robot …" {
		t.Errorf("the page says %q", said)
	}
	before := p.Get(`document.getElementById("progress").value`)
	p.Screenshot("solving-390-light")
	p.Until(`document.getElementById("progress").value > ` + before)
	p.Until(`document.querySelector(".steps")`)
	if len(w.Carrier.Sent) != 1 {
		t.Errorf("%d texts", len(w.Carrier.Sent))
	}
	p.Quiet()
}

// Every page somebody may see, on a phone and on a desk, by day and by night: nothing is in the way of people with
// disabilities, and nothing sticks out.
func TestInBrowserThePagesAreForEverybody(t *testing.T) {
	w := worldUnder(t, hostile)
	address := w.serve(t)
	p := webtest.Open(t, address+"/opt-in")
	done := `document.getElementById("topic-alerts").click(); document.getElementById("phone").value = "(206) 555-0142"; document.querySelector("button").click()`
	for _, page := range []struct{ name, query, act, until string }{
		{"form", "brand=example", "", idle},
		{"ticked", "brand=example", `document.getElementById("topic-alerts").click()`, `document.getElementById("disclosure-orders").hidden`},
		{"missing", "brand=example", `document.querySelector("button").click()`, `document.getElementById("error-phone").textContent`},
		{"error", "brand=example", strings.Replace(done, "(206) 555-0142", "900 555 0142", 1), `document.querySelector("[role=alert]") && ` + idle},
		{"done", "brand=example", done, `document.querySelector(".steps")`},
		{"done-twice", "brand=example", `document.getElementById("topic-orders").click(); ` + done, `document.querySelector(".steps")`},
		{"spanish", "brand=example&lang=es", "", idle},
		{"french", "brand=example&lang=fr", "", idle},
		{"one-country", "brand=examplecafe", "", idle},
		{"long", "brand=long", "", idle},
		{"rtl", "brand=rtl", `document.documentElement.dir = "rtl"`, idle},
		{"embedded", "brand=example&embed=1", "", idle},
	} {
		for _, v := range []webtest.View{{Width: 390, Height: 844}, {Width: 1280, Height: 800, Dark: true}, {Width: 1280, Height: 800}, {Width: 390, Height: 844, Dark: true}} {
			t.Run(fmt.Sprintf("%s-%d-%v", page.name, v.Width, v.Dark), func(t *testing.T) {
				p.Look(v)
				p.Do(chromedp.Navigate(address + "/opt-in?" + page.query))
				p.Until(idle)
				if page.act != "" {
					p.Do(chromedp.Evaluate[chromedp.Void](page.act + "; undefined"))
				}
				p.Until(page.until)
				webtest.Axe(t, p)
				if wide := p.Get("document.documentElement.scrollWidth"); wide != fmt.Sprint(v.Width) {
					t.Errorf("the page is %s pixels wide", wide)
				}
				scheme := map[bool]string{false: "light", true: "dark"}[v.Dark]
				p.Screenshot(fmt.Sprintf("%s-%d-%s", page.name, v.Width, scheme))
			})
		}
	}
	p.Quiet("422")
}
