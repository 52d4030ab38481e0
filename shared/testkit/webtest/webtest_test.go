package webtest

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// complaints keeps what would fail a test.
type complaints struct {
	testing.TB
	said []string
}

func (c *complaints) Errorf(format string, args ...any) {
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

func (c *complaints) Fatalf(format string, args ...any) { c.Errorf("FATAL "+format, args...) }
func (c *complaints) Skipf(format string, args ...any)  { c.Errorf(format, args...) }

func TestAMachineThatLacksSomethingSkipsOrFails(t *testing.T) {
	for ci, want := range map[string]string{"": "SKIPPED, so NOT TESTED: no chromium", "true": "FATAL no chromium"} {
		t.Setenv("CI", ci)
		t.Setenv("PATH", t.TempDir())
		kept := &complaints{TB: t}
		if path := browser(kept); path != "" || !strings.HasPrefix(kept.said[0], want) {
			t.Errorf("CI=%s: %q, %q", ci, path, kept.said)
		}
	}
}

// serve shows pages under a policy as strict as that of our own.
func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if strings.HasSuffix(r.URL.Path, ".js") {
			w.Header().Set("Content-Type", "text/javascript")
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; img-src data:")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

const good = `<!DOCTYPE html><html lang="en"><title>Good</title><link rel="icon" href="data:,"><main><h1>Good</h1><label>Phone <input></label></main></html>`

func TestQuietComplainsOfWhatTheConsoleSays(t *testing.T) {
	t.Parallel()
	address := serve(t, map[string]string{
		"/":            good + `<script src="/complain.js"></script><script>inline()</script>`,
		"/complain.js": `console.log("a note"); console.debug("nothing"); throw new Error("a fault");`,
	})
	b := Open(t, address)
	kept := &complaints{TB: t}
	b.t = kept
	b.Quiet("a note")
	all := strings.Join(kept.said, "\n")
	if len(kept.said) != 2 || !strings.Contains(all, "a fault") || !strings.Contains(all, "Content Security Policy") {
		t.Errorf("complaints:\n%s", all)
	}
	kept.said = nil
	b.Quiet()
	if len(kept.said) != 0 {
		t.Errorf("complained again: %q", kept.said)
	}
}

func TestUntilWaitsForAnotherPage(t *testing.T) {
	t.Parallel()
	address := serve(t, map[string]string{
		"/":         good + `<script src="/leave.js"></script>`,
		"/leave.js": `setTimeout(() => { location = "/other"; }, 300);`,
		"/other":    `<!DOCTYPE html><link rel="icon" href="data:,"><p id="other">here`,
	})
	b := Open(t, address)
	b.Until(`document.getElementById("other").textContent === "here"`)
	if got := b.Get(`Promise.resolve(location.pathname)`); got != "/other" {
		t.Errorf("at %s", got)
	}
	b.Quiet()
}

func TestLookAndScreenshot(t *testing.T) {
	dir := t.TempDir()
	b := Open(t, serve(t, map[string]string{"/": good}))
	for _, v := range []View{Desktop(), {Width: 390, Height: 844, Dark: true}} {
		b.Look(v)
		if got, want := b.Get(`[innerWidth, innerHeight, matchMedia("(prefers-color-scheme: dark)").matches]`), fmt.Sprintf("%d,%d,%v", v.Width, v.Height, v.Dark); got != want {
			t.Errorf("the page sees %s, want %s", got, want)
		}
	}
	t.Setenv("SCREENSHOTS", "")
	b.Screenshot("nowhere")
	t.Setenv("SCREENSHOTS", dir)
	b.Screenshot("good")
	png, err := os.ReadFile(filepath.Join(dir, "good.png"))
	if err != nil || http.DetectContentType(png) != "image/png" {
		t.Errorf("%d bytes, %v", len(png), err)
	}
	b.Quiet()
}

func TestAxeTellsWhatIsInTheWay(t *testing.T) {
	t.Parallel()
	b := Open(t, serve(t, map[string]string{
		"/": strings.Replace(good, "<label>Phone <input></label>", `<input id="phone"><img id="picture" src="data:,">`, 1),
	}))
	kept := &complaints{TB: t}
	Axe(kept, b)
	all := strings.Join(kept.said, "\n")
	for _, want := range []string{"image-alt (critical)", "#picture", "label (critical)", "#phone", "Form elements must have labels", "https://dequeuniversity.com/"} {
		if !strings.Contains(all, want) {
			t.Errorf("the complaints lack %q:\n%s", want, all)
		}
	}
	if len(kept.said) != 2 {
		t.Errorf("%d complaints, want 2:\n%s", len(kept.said), all)
	}
	b.Quiet()
}

func TestAxeFindsNothingWhereNothingIs(t *testing.T) {
	t.Parallel()
	b := Open(t, serve(t, map[string]string{"/": good}))
	Axe(t, b)
	Axe(t, b)
	b.Quiet()
}

func TestPackagesAreWhatTheyAreCalled(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fs.FS{"altcha": Altcha(t)} {
		text, err := fs.ReadFile(files, "package.json")
		if err != nil || !strings.Contains(string(text), `"name": "`+name+`"`) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}
