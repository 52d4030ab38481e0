package reportpage_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"smsconsent/shared/core/plan"
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

// touchingLabels finds labels that stand beside each other with less than two pixels between them.
const touchingLabels = `[...document.querySelectorAll("svg")].flatMap((svg) => {
	const all = [...svg.querySelectorAll("text")].map((e) => [e.textContent, e.getBoundingClientRect()]);
	return all.flatMap(([a, of]) => all.filter(([, on]) => on !== of && on.left >= of.left && on.left < of.right + 2 &&
		Math.abs(on.top - of.top) < of.height / 2).map(([b]) => a + " and " + b));
}).join("; ")`

// fits looks at the page as people do: no wider than a phone, and with axe-core, in the light and in the dark.
func fits(t *testing.T, p *webtest.Tab, name string) {
	t.Helper()
	for _, dark := range []bool{false, true} {
		for _, width := range []int64{320, 390, 500, 1280} {
			p.Look(webtest.View{Width: width, Height: 844, Dark: dark})
			webtest.Axe(t, p)
			if wide := p.Get("document.documentElement.scrollWidth > document.documentElement.clientWidth"); wide != "false" {
				t.Errorf("%s: wider than the %d pixels there are", name, width)
			}
			if touching := p.Get(touchingLabels); touching != "" {
				t.Errorf("%s: on %d pixels labels of charts touch: %s", name, width, touching)
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

// planSample is a plan of many hours in places whose names are long.
func planSample() reportpage.Plan {
	p := reportpage.Plan{Brand: "example", Topic: "alerts", Plan: plan.Plan{
		Audience: 12_000, Will: 9600, Later: 4000, Expire: 12, Parts: 9900, Cost: 1120.32, Rate: 9, Minutes: 1440, Hash: "abc",
		Began: monday, Ends: monday.Add(72 * time.Hour), Last: monday.Add(71 * time.Hour), Not: map[string]int{"promised-frequency": 2388},
		Reasons: []plan.Reason{{Rule: "promised-frequency", People: 2388, Because: "the 2 texts a month promised were sent", First: monday, Last: monday.Add(week)}},
		Costs:   []plan.Cost{{Country: "US", People: 9600, Parts: 9900, Cost: 1120.32, Price: plan.Price{AWS: 0.00883, Carrier: 0.00445, AsOf: "2026-05-26", Source: "x"}}},
		Tiers:   plan.Tiers{Regular: 9000, Digest: 3000}, Closed: []plan.Closed{{From: monday, To: monday.Add(8 * time.Hour)}},
		Beside:  []plan.Beside{{ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Text: "Example Corp.: old pumpkins are out.", At: monday, Until: monday.Add(week), People: 300}},
		Longest: plan.Longest{Text: "Example Corp.: new pumpkins are in. Reply STOP to opt out.", Parts: 1, Characters: 60, Encoding: "GSM-7"},
	}}
	for i := range 30 {
		p.Hours = append(p.Hours, plan.Hour{At: monday.Add(time.Duration(i) * time.Hour), Zone: "America/Argentina/Buenos_Aires", People: 320 + i})
	}
	return p
}

func TestABrowserShowsAPlan(t *testing.T) {
	html, err := reportpage.RenderPlan(planSample())
	if err != nil {
		t.Fatal(err)
	}
	p, _ := opened(t, html)
	fits(t, p, "plan")
	p.Quiet()
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
