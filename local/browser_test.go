package local_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// tab is the console page in a real browser.
type tab struct {
	t    *testing.T
	ctx  context.Context
	said chan string // what the page and the browser wrote to the console, other than debug
	end  chan struct{}
}

// open shows the page at that address. Where no browser is installed the test is skipped, with CI=true it fails.
func open(t *testing.T, address string) *tab {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "google-chrome", "chromium-browser"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no chromium: install it (apt-get install chromium), the console page is tested in it")
		}
		t.Skip("SKIPPED: the console page was NOT tested, for there is no chromium (apt-get install chromium)")
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, said: make(chan string, 100), end: make(chan struct{})}
	b.do(chromedp.EmulateViewport(1280, 800))
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			switch {
			case err != nil:
				return
			case m.Text == "that is all":
				close(b.end)
				return
			case m.Type != "debug" && len(b.said) < cap(b.said):
				b.said <- m.String()
			}
		}
	}()
	b.do(chromedp.Navigate(address))
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for a JavaScript condition. It looks with every frame by itself: chromedp's own Poll makes code out of text,
// which the page's policy forbids.
func (b *tab) until(condition string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	look := "new Promise((done) => { const look = () => ((" + condition + ") ? done(true) : requestAnimationFrame(look)); look(); })"
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](look, chromedp.EvalAwaitPromise)); err != nil {
		page, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		b.t.Fatalf("never came true: %s: %v\nthe page shows:\n%s", condition, err, page)
	}
}

func (b *tab) get(expression string) string {
	b.t.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// quiet checks that nothing complained.
func (b *tab) quiet() {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](`console.debug("that is all")`)(ctx, t)
		return err
	}))
	select {
	case <-b.end:
	case <-b.ctx.Done():
		b.t.Fatal("the browser's console went silent")
	}
	for len(b.said) > 0 {
		b.t.Errorf("the browser's console says %s", <-b.said)
	}
}

// bubble is true once the phone shows a text in that direction with that in it.
func bubble(direction, part string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(".bubble[data-direction=%s] .body")].some((b) => b.textContent.includes(%s))`, direction, strconv.Quote(part))
}

// shows is true once that part of the page has that in its text.
func shows(id, part string) string {
	return fmt.Sprintf(`document.getElementById(%q).textContent.includes(%s)`, id, strconv.Quote(part))
}

// The page is live: what happens on the phone, in the record and in campaigns appears without a reload, and what people write
// stays text.
func TestConsoleInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	server := httptest.NewServer(w.stack)
	t.Cleanup(server.Close)
	b := open(t, server.URL)
	b.until(shows("live", "Live") + " && " + shows("phone-title", her) + " && " + shows("talk", "No texts yet"))
	b.do(chromedp.Evaluate[chromedp.Void]("window.sameDocument = true, undefined"))

	w.signUp(her, "alerts")
	b.until(bubble("in", "Text YES to join") + " && " + shows("people-list", "alerts pending"))

	b.do(chromedp.SendKeys("#write-body", "YES\r"))
	b.until(bubble("out", "YES") + " && " + bubble("in", "You're subscribed") + " && " + shows("people-list", "alerts subscribed"))
	b.until(shows("chain", "Chain verified ✓ 2 events") + " && " + shows("timeline", "Confirmed") + " && " + shows("talk", "confirmation request"))
	b.until(`document.activeElement.id === "write-body" && document.activeElement.value === ""`)

	hostile := `<img src=x onerror=alert(1)>`
	b.do(chromedp.SendKeys("#write-body", hostile+"\r"))
	b.until(bubble("out", hostile) + " && " + shows("people-list", "Example Corp.") + " && " + shows("timeline", hostile))
	w.campaign("01KB00000000000000000000D1", "Example Corp.: <b>half price</b>.", w.now().Add(30*time.Minute), w.now().Add(8*time.Hour))
	b.until(shows("campaign-list", "<b>half price</b>") + " && " + shows("campaign-list", "scheduled"))

	b.until(shows("clock-utc", "Tue 5 Jan 2027, 18:00"))
	b.do(chromedp.Click("[data-ahead='3600']", chromedp.NodeVisible))
	b.until(bubble("in", "<b>half price</b>") + " && " + shows("campaign-list", "sent1") + " && " + shows("campaign-list", "done"))
	b.until(shows("clock-utc", "Tue 5 Jan 2027, 19:00") + " && " + shows("clock-local", "Tue 5 Jan, 11:00") + ` && !document.querySelector("#clock [disabled]")`)
	if found := b.get(`document.querySelectorAll("img, #talk b, #campaign-list b").length`); found != "0" {
		t.Errorf("%s elements were made from what people wrote", found)
	}

	b.do(chromedp.Click("[data-say='STOP']", chromedp.NodeVisible))
	b.until(bubble("in", "STOP: You're unsubscribed") + " && " + shows("people-list", "STOP to alerts") + " && " + shows("timeline", "Opted out"))

	// A stream that breaks is taken up again, and what was missed is shown.
	server.CloseClientConnections()
	w.goTo(w.now().Add(time.Minute))
	w.says(her, "START")
	b.until(bubble("out", "START") + " && " + shows("people-list", "alerts pending"))
	w.says(her, "YES")
	b.until(shows("people-list", "alerts subscribed"))
	if b.get("window.sameDocument") != "true" {
		t.Error("the page was loaded again")
	}
	if unnamed := b.get(`[...document.querySelectorAll("input, select, textarea, button")].filter((e) => !e.labels?.length && !e.ariaLabel && !e.textContent.trim()).map((e) => e.outerHTML)`); unnamed != "" {
		t.Errorf("a screen reader has no name for %s", unnamed)
	}
	for len(b.said) > 0 {
		if said := <-b.said; !strings.Contains(said, "net::ERR") { // the broken stream
			t.Errorf("the browser's console says %s", said)
		}
	}
	b.quiet()
}

// A phone's width is enough for every part of the page, in the longest words people write.
func TestConsoleFitsAPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.signUp(her, "alerts")
	w.says(her, strings.Repeat("pneumono", 40))
	w.campaign("01KB00000000000000000000D2", strings.Repeat("ultramicroscopic", 20), w.now().Add(time.Hour), w.now().Add(8*time.Hour))
	b := open(t, w.url)
	b.do(chromedp.EmulateViewport(360, 740))
	b.until(bubble("out", "pneumono") + " && " + shows("timeline", "Asked to join"))
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => { d.open = true; })`))
	for _, part := range []string{"people", "phone", "record", "campaigns"} {
		b.do(chromedp.Click("[data-show='"+part+"']", chromedp.NodeVisible), chromedp.WaitVisible("#"+part+" h2"))
		if wide := b.get("document.documentElement.scrollWidth"); wide != "360" {
			t.Errorf("%s is %s pixels wide on a screen of 360", part, wide)
		}
		if shown := b.get(`[...document.querySelectorAll(".card")].filter((c) => c.offsetParent).map((c) => c.id)`); shown != part {
			t.Errorf("asked for %s, the screen shows %s", part, shown)
		}
	}

	// A number that is none changes nothing; a right one becomes the phone shown, and the part with the phone comes up.
	b.do(chromedp.Click("[data-show='people']"), chromedp.SendKeys("#add-phone", "0612\r"), chromedp.WaitVisible("#add-error"))
	b.do(chromedp.SetValue("#add-phone", "+1 (808) 555-0123"), chromedp.Click("#add button"))
	b.until(shows("phone-title", "+18085550123") + " && " + shows("phone-hours", "Quiet hours until Tue 5 Jan, 09:00 HST") + ` && document.body.dataset.view === "phone"`)

	b.do(chromedp.SetValue("#clock-to", "2027-01-01T09:00"), chromedp.Click("#clock-form button"))
	b.until(shows("clock-error", "only moves forward"))
	for len(b.said) > 0 {
		if said := <-b.said; !strings.Contains(said, "409") { // the refusal
			t.Errorf("the browser's console says %s", said)
		}
	}
	b.quiet()
}
