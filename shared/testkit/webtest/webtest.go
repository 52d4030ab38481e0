// Package webtest opens pages in headless Chromium for tests, with tools from npm. Where a machine lacks what a test
// needs, the test is skipped with a reason; with CI=true it fails. With -short they are skipped too: a browser takes
// seconds.
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
	lifetime = 9 * time.Minute // of a tab; go test gives the tests of a package ten
	patience = 5 * time.Minute // with a step or a condition, on a machine with much else to do
	last     = "that is all"   // the message Quiet waits for
)

// Tab is a page in a browser of its own.
type Tab struct {
	t   testing.TB
	ctx context.Context
	end chan struct{}

	mu   sync.Mutex
	said []string // what the page and the browser wrote to the console, other than debug
}

// View is how a page is looked at, in CSS pixels.
type View struct {
	Width, Height int64
	Dark          bool // what the page's media queries are told of the person's preference
}

// Desktop returns the view of a new tab.
func Desktop() View { return View{Width: 1280, Height: 800} }

// Open shows the page at an address in a browser of its own, which ends with the test.
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
	// This starts the browser, which lives as long as the context it is started with.
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

// lacking ends a test on a machine that has not what it needs.
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

// Do takes steps, which together have to succeed within patience.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := b.try(steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *Tab) try(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// Click clicks on the first element that a CSS selector finds, once it is visible.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	if err := b.try(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		b.t.Fatalf("click on %s: %v", selector, err)
	}
}

// Type types into the field that a CSS selector finds, in the place of what is in it.
func (b *Tab) Type(selector, text string) {
	b.t.Helper()
	field := chromedp.CSS(selector)
	if err := b.try(chromedp.Clear(field, chromedp.NodeVisible), chromedp.SendKeys(field, text)); err != nil {
		b.t.Fatalf("type into %s: %v", selector, err)
	}
}

// Look changes the view. Pages are told that the person wants no motion: what fades in has no contrast yet, and how far
// it is depends on the machine.
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

// Until waits for a JavaScript condition, for as long as patience; one that throws is not true yet, and it may become
// true on another page. It looks with every frame by itself: chromedp's own Poll makes code out of text, which a page's
// policy may forbid.
func (b *Tab) Until(condition string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
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

// moved reports whether an expression was lost because its page went away.
func moved(err error) bool {
	text := err.Error()
	return strings.Contains(text, "navigated") || strings.Contains(text, "context was destroyed") ||
		strings.Contains(text, "Cannot find context")
}

// Get returns the value of a JavaScript expression, or of the promise it makes, as a string.
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

// Quiet checks that nothing has complained in the console since it was last asked, but for messages with one of the
// expected parts.
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

// Screenshot writes a picture of the whole page as NAME.png into the folder that SCREENSHOTS in the environment names,
// an absolute path. Without it there are no pictures.
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
