package reportpage_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/reportpage"
	"smsconsent/shared/testkit/webtest"
)

// shown opens the page of a report in a browser. asked returns what it asked of the server.
func shown(t *testing.T, r report.Report) (tab *webtest.Tab, asked func() []string) {
	t.Helper()
	html, err := reportpage.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	return opened(t, html)
}

// opened opens a page in a browser. asked returns what it asked of the server.
func opened(t *testing.T, html []byte) (tab *webtest.Tab, asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		paths = append(paths, r.URL.Path)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		// Whatever else the page wanted, a script or a font of somebody's, the browser would refuse and complain of.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_, _ = w.Write(html)
	}))
	t.Cleanup(server.Close)
	tab = webtest.Open(t, server.URL+"/report")
	tab.Until(`document.querySelector("h1")`)
	return tab, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return paths
	}
}

// fits looks at the page as people do: no wider than a phone, and with axe-core, in the light and in the dark.
func fits(t *testing.T, p *webtest.Tab, name string) {
	t.Helper()
	for _, dark := range []bool{false, true} {
		for _, width := range []int64{390, 500, 1280} {
			p.Look(webtest.View{Width: width, Height: 844, Dark: dark})
			webtest.Axe(t, p)
			if wide := p.Get("document.documentElement.scrollWidth > document.documentElement.clientWidth"); wide != "false" {
				t.Errorf("%s: wider than the %d pixels there are", name, width)
			}
			p.Screenshot(fmt.Sprintf("report-%s-%d-%s", name, width, map[bool]string{false: "light", true: "dark"}[dark]))
		}
	}
}

// The page is read by a real browser at any width, in the light and in the dark, with everything folded and unfolded,
// and asks nobody for anything.
func TestABrowserShowsTheReport(t *testing.T) {
	p, asked := shown(t, sample(t))
	fits(t, p, "folded")
	p.Click(`.next a`)
	p.Until(`document.querySelector(".kind[open] code")`)
	p.Get(`document.querySelectorAll("details").forEach((d) => d.open = true)`)
	fits(t, p, "unfolded")
	p.Quiet()
	for _, path := range asked() {
		if path != "/report" && path != "/favicon.ico" {
			t.Errorf("the page asked for %s", path)
		}
	}
}

func TestABrowserShowsACampaign(t *testing.T) {
	html, err := reportpage.RenderResult(resultSample())
	if err != nil {
		t.Fatal(err)
	}
	p, _ := opened(t, html)
	fits(t, p, "campaign")
	p.Quiet()
}

func TestABrowserShowsTheFirstReport(t *testing.T) {
	p, _ := shown(t, report.New(catalog(t), monday, monday, report.Figures{}, nil))
	fits(t, p, "empty")
	p.Quiet()
}

// The picture in docs/audit-report.md is of the page itself, as far as it fits.
func TestE2EPictureOfTheReport(t *testing.T) {
	p, _ := shown(t, sample(t))
	p.Look(webtest.View{Width: 1080, Height: 844})
	p.Get(`document.querySelectorAll("section:nth-of-type(n+4), .chart:nth-of-type(n+3), footer").forEach((e) => e.remove())`)
	p.Until(`document.querySelectorAll(".chart").length === 2`)
	p.Screenshot("audit-report")
	p.Quiet()
}
