package preferences_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/testkit/webtest"
)

func serve(t *testing.T, w *fixture) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = "203.0.113.7"
		w.handler.ServeHTTP(answer, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/preferences?t="
}

// looks shows a page as people see it, and has axe-core look at it too.
func looks(t *testing.T, p *webtest.Tab, name string) {
	t.Helper()
	for _, dark := range []bool{false, true} {
		for _, width := range []int64{390, 1280} {
			p.Look(webtest.View{Width: width, Height: 844, Dark: dark})
			webtest.Axe(t, p)
			if wide := p.Get("document.documentElement.scrollWidth > document.documentElement.clientWidth"); wide != "false" {
				t.Errorf("%s: wider than the %d pixels there are", name, width)
			}
			p.Screenshot(fmt.Sprintf("preferences-%s-%d-%s", name, width, map[bool]string{false: "light", true: "dark"}[dark]))
		}
	}
}

// A real browser under the page's own policy, without a script of ours: switches, the answer, the pause and the way
// out.
func TestABrowserChooses(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	p := webtest.Open(t, serve(t, w)+w.token(her))
	p.Until(`document.querySelector("h1")`)
	looks(t, p, "page")
	if tall := p.Get(`getComputedStyle(document.querySelector("#topic-alerts")).appearance`); tall != "none" {
		t.Errorf("the stylesheet is not there: appearance %s", tall)
	}
	p.Click(`label[for="topic-news"]`)
	p.Click(`button[value="save"]`)
	p.Until(`document.querySelector(".done")`)
	looks(t, p, "asked")
	if where := p.Get("location.pathname + location.search"); where != "/preferences" {
		t.Errorf("the answer's address is %s: the link stays in the history", where)
	}
	if s := w.Contact(her).Subs["news"].State; s != consent.Pending || len(w.Carrier.Sent) != 1 {
		t.Errorf("news is %s, %d texts", s, len(w.Carrier.Sent))
	}
	p.Click(`button[value="pause"]`)
	p.Until(`document.querySelector("button[value=resume]")`)
	looks(t, p, "paused")
	p.Click(`button[value="stop"]`)
	p.Until(`!document.querySelector("button")`)
	looks(t, p, "stopped")
	if _, all := w.Contact(her).Stopped[consent.Everything]; !all {
		t.Error("not stopped")
	}
	p.Quiet()
	p.Do(chromedp.Navigate(serve(t, w) + "x"))
	p.Until(`document.querySelector("h1")`)
	looks(t, p, "invalid")
	p.Quiet("403") // which the browser notes of the page's own refusal
}

// Everything can be reached and done with the keyboard, in the order it is read.
func TestInBrowserAKeyboardIsEnough(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	p := webtest.Open(t, serve(t, w)+w.token(her))
	p.Until(`document.querySelector("h1")`)
	var order []string
	for range 6 {
		p.Do(chromedp.KeyEvent(kb.Tab))
		order = append(order, p.Get(`document.activeElement.id || document.activeElement.value`))
		// That of a switch is around its whole card.
		if outline := p.Get(`getComputedStyle(document.activeElement.closest(".topic, button")).outlineStyle`); outline != "solid" {
			t.Errorf("%s shows no focus", order[len(order)-1])
		}
	}
	if got := strings.Join(order, " "); got != "topic-alerts topic-news topic-orders save pause stop" {
		t.Errorf("in the order %s", got)
	}
	p.Do(chromedp.Navigate(serve(t, w) + w.token(her)))
	p.Until(`document.querySelector("h1")`)
	p.Do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.Enter))
	p.Until(`document.querySelector(".done")`)
	if s := w.Contact(her).Subs["alerts"].State; s != consent.Unsubscribed {
		t.Errorf("alerts is %s after its switch was moved and Enter pressed", s)
	}
}

// Names of any length and direction stay within the page, in every language.
func TestInBrowserLongNamesAndOtherScripts(t *testing.T) {
	for locale, name := range map[string]string{
		"en": strings.Repeat("Donaudampfschifffahrtsgesellschaft", 4), "es": "شركة المثال المحدودة للتجارة", "fr": "株式会社サンプル商事ホールディングス",
	} {
		w := newWorld(t)
		w.brand().Name = name
		w.brand().Programs[0].Topics[0].Name = name
		w.subscribe(her, "alerts")
		w.Change(her, func(c consent.Contact) consent.Change {
			ch := c.Pause(w.Clock(), w.Clock().AddDate(0, 0, 30), nil)
			ch.Next.Locale = locale
			return ch
		})
		p := webtest.Open(t, serve(t, w)+w.token(her))
		p.Until(`document.querySelector("h1")`)
		if lang := p.Get("document.documentElement.lang"); lang != locale {
			t.Errorf("the page is in %s, want %s", lang, locale)
		}
		looks(t, p, "names-"+locale)
		p.Quiet()
	}
}
