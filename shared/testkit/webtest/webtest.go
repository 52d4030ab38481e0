// Package webtest opens pages in headless Chromium for tests, with tools from npm. Where a machine lacks something
// that a test needs, the test is skipped with a reason, or fails with CI=true. With -short such tests are skipped
// too, because a browser takes seconds.
package webtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

const (
	lifetime = 9 * time.Minute // of a tab; go test limits the tests of a package to ten minutes
	timeout  = 5 * time.Minute // of a step or a condition; long, for busy machines
	last     = "that is all"   // the console message that Quiet waits for
)

// Tab is a page in its own browser.
type Tab struct {
	t   testing.TB
	ctx context.Context
	end chan struct{}

	mu   sync.Mutex
	said []string // console messages of the page and the browser, except debug messages
}

// View is the window and preferences with which a page is viewed. Sizes are in CSS pixels.
type View struct {
	Width, Height int64
	Dark          bool // the page's media queries find a preference for dark colors
}

// Desktop returns the view of a new tab.
func Desktop() View { return View{Width: 1280, Height: 800} }

// Open shows the page at an address in a browser of its own, which is closed at the end of the test.
func Open(t testing.TB, address string) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(
		chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser(t)),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag(
			"disable-background-networking",
			true,
		),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
	)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, lifetime)
	t.Cleanup(cancel)
	b := &Tab{t: t, ctx: ctx, end: make(chan struct{}, 1)}
	// This starts the browser. It lives as long as the context it is started with.
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			b.hear(m)
		}
	}()
	b.Look(Desktop())
	b.Do(chromedp.Navigate(address))
	return b
}

// browser returns the path of a browser.
func browser(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("no browser with -short")
	}
	for _, name := range []string{"chromium", "google-chrome", "chromium-browser"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	lacking(t, "no chromium: install it (apt-get install chromium)")
	return ""
}

// lacking skips a test on a machine that lacks what it needs, or fails it with CI=true.
func lacking(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s; %s needs it", what, t.Name())
	}
	t.Skipf("SKIPPED, so NOT TESTED: %s", what)
}

func (b *Tab) hear(m chromedp.ConsoleMessage) {
	switch {
	case m.Text == last:
		b.end <- struct{}{}
	case m.Type != chromedp.ConsoleDebug:
		b.mu.Lock()
		b.said = append(b.said, m.String())
		b.mu.Unlock()
	}
}

// Do takes steps, which together must succeed within the timeout.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := b.try(steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *Tab) try(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, timeout)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// Click clicks on the first element that matches a CSS selector, once it is visible.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	if err := b.try(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		b.t.Fatalf("click on %s: %v", selector, err)
	}
}

// Type replaces the text of the field that matches a CSS selector.
func (b *Tab) Type(selector, text string) {
	b.t.Helper()
	field := chromedp.CSS(selector)
	if err := b.try(chromedp.Clear(field, chromedp.NodeVisible), chromedp.SendKeys(field, text)); err != nil {
		b.t.Fatalf("type into %s: %v", selector, err)
	}
}

// Look changes the view. It also tells the page that the person wants no motion: an element that is fading in has
// little contrast, and how far it has come depends on the machine.
func (b *Tab) Look(v View) {
	b.t.Helper()
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	b.Do(chromedp.EmulateViewport(v.Width, v.Height))
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// Until waits until a JavaScript condition is true. A condition that throws is not true yet, and may become true on
// another page. Until evaluates it at every frame itself, because chromedp's Poll makes code from text, which a
// page's policy may forbid.
func (b *Tab) Until(condition string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, timeout)
	defer cancel()
	look := `new Promise((done) => {
		const holds = () => { try { return ` + condition + `; } catch { return false; } };
		const look = () => { holds() ? done(true) : requestAnimationFrame(look); };
		look();
	})`
	for {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](look, chromedp.EvalAwaitPromise))
		if err == nil {
			return
		}
		if ctx.Err() == nil && moved(err) {
			continue
		}
		text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		_, why := chromedp.Run(b.ctx, chromedp.Evaluate[chromedp.Void]("void ("+condition+")"))
		b.t.Fatalf("never came true: %s: %v (%v)\nthe page shows:\n%s", condition, err, why, text)
	}
}

// moved reports whether an expression could not be evaluated because its page was replaced.
func moved(err error) bool {
	text := err.Error()
	return strings.Contains(text, "navigated") || strings.Contains(text, "context was destroyed") ||
		strings.Contains(text, "Cannot find context")
}

// Get returns the value of a JavaScript expression, or of the promise that it returns, as a string.
func (b *Tab) Get(expression string) string {
	b.t.Helper()
	s, err := chromedp.Run(
		b.ctx,
		chromedp.Evaluate[string]("Promise.resolve("+expression+").then(String)", chromedp.EvalAwaitPromise),
	)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return s
}

// Quiet fails the test where the console has had messages since the last call, except those that contain one of
// expected.
func (b *Tab) Quiet(expected ...string) {
	b.t.Helper()
	b.Do(chromedp.Evaluate[chromedp.Void](`console.debug("` + last + `")`))
	select {
	case <-b.end:
	case <-b.ctx.Done():
		b.t.Fatal("the browser's console went silent")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
message:
	for _, said := range b.said {
		for _, part := range expected {
			if strings.Contains(said, part) {
				continue message
			}
		}
		b.t.Errorf("the browser's console says %s", said)
	}
	b.said = nil
}

// Screenshot writes a picture of the whole page to NAME.png in the folder that the environment variable SCREENSHOTS
// names, an absolute path. Without the variable it does nothing.
func (b *Tab) Screenshot(name string) {
	b.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		b.t.Error(err)
	}
}
