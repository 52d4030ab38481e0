package optin_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"smsconsent/shared/testkit/webtest"
)

// site is a brand's own web site; pages are asked for by path and hold API where the function's address goes.
type site struct {
	pages   map[string]string
	address string
}

func (s *site) open(t *testing.T) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := s.pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!DOCTYPE html><html lang="es"><title>Shop</title><link rel="icon" href="data:,"><main><h1>Shop</h1>` + page + "</main>"))
	}))
	t.Cleanup(server.Close)
	s.address = server.URL
}

// shopWith opens a site with that page and the function beside it, which knows the site as the brand's if it is listed.
func shopWith(t *testing.T, page string, listed bool) (w *fixture, shop, api string) {
	t.Helper()
	s := &site{pages: map[string]string{}}
	s.open(t)
	programs := hostile
	if listed {
		programs = strings.Replace(programs, "https://www.example.com", s.address, 1)
	}
	w = worldUnder(t, programs)
	api = w.serve(t)
	s.pages["/join"] = strings.ReplaceAll(page, "API", api)
	return w, s.address, api
}

const snippet = `<p id="before">before</p>
<script src="API/opt-in/assets/embed.js" data-brand="example" data-topic="alerts" data-title="Mensajes" async></script>
<p id="after">after</p>`

// One element puts the form into a page of the brand's, as high as it is, in the page's language.
func TestInBrowserTheFormInAFrame(t *testing.T) {
	t.Parallel()
	w, shop, api := shopWith(t, snippet, true)
	p := webtest.Open(t, shop+"/join")
	p.Look(webtest.View{Width: 390, Height: 844})
	p.Until(`document.querySelector("#before + iframe + #after") && document.querySelector("iframe").style.height !== "48rem"`)
	if got := p.Get(`[document.querySelector("iframe").src, document.querySelector("iframe").title].join(" ")`); got != api+"/opt-in?brand=example&lang=es&embed=1&topic=alerts Mensajes" {
		t.Errorf("the frame is %s", got)
	}
	height := p.Get(`document.querySelector("iframe").offsetHeight`)
	// Neither the page itself nor another frame can set the height: only the form's own messages count.
	p.Get(`new Promise((done) => { postMessage({ smsconsent: { height: 5 } }, "*"); setTimeout(done, 200); })`)
	if now := p.Get(`document.querySelector("iframe").offsetHeight`); now != height {
		t.Errorf("height was %s and is %s", height, now)
	}
	p.Look(webtest.View{Width: 1280, Height: 800})
	p.Until(`document.querySelector("iframe").offsetHeight < ` + height)
	p.Screenshot("frame-1280")
	// The keys are enough: past three languages to the topic, past the country to the number, and off it goes.
	p.Do(chromedp.KeyEvent("\t\t\t\t "), chromedp.KeyEvent("\t\t2065550142\r"))
	filled := p.Get(`document.querySelector("iframe").offsetHeight`)
	p.Until(`document.querySelector("iframe").offsetHeight < ` + filled + ` - 100`)
	p.Screenshot("frame-done-1280")
	if len(w.Carrier.Sent) != 1 || w.events()[0].Evidence["page"] != api+"/opt-in?brand=example&lang=es&embed=1&topic=alerts" {
		t.Errorf("%d texts, events %+v", len(w.Carrier.Sent), w.events())
	}
	if e := w.events()[0].Evidence; e["referrer"] != shop+"/" {
		t.Errorf("referrer on record: %q", e["referrer"])
	}
	p.Quiet()
	webtest.Axe(t, p)
}

// The browser shows the form in no page of others.
func TestInBrowserNoFrameOnOtherSites(t *testing.T) {
	t.Parallel()
	_, shop, _ := shopWith(t, snippet, false)
	p := webtest.Open(t, shop+"/join")
	p.Until(`document.querySelector("iframe")`)
	p.Get(`new Promise((done) => setTimeout(done, 500))`)
	if height := p.Get(`document.querySelector("iframe").style.height`); height != "48rem" {
		t.Errorf("a form reported its height: %s", height)
	}
	p.Quiet("frame-ancestors", "chrome-error://", "recipient window's origin ('null')")
}

const ownForm = `<form data-smsconsent method="post" action="API/opt-in">
<input type="hidden" name="brand" value="example">
<label><input type="checkbox" name="topics" value="alerts" required> Alerts</label>
<label>Mobile <input type="tel" name="phone" autocomplete="tel" required></label>
<div data-disclosure></div>
<button>Sign up</button>
<p role="status"></p>
</form>
<script src="API/opt-in/assets/sign-up.js" defer></script>`

// A form of the brand's own, in its own page, has its CAPTCHA solved, shows the disclosure in force and leaves evidence
// of it.
func TestInBrowserAFormOfTheBrandsOwn(t *testing.T) {
	t.Parallel()
	w, shop, api := shopWith(t, ownForm, true)
	p := webtest.Open(t, shop+"/join?utm=1")
	p.Until(`document.querySelector("[data-disclosure] p").textContent.startsWith("Al suscribirte")`)
	shown := p.Get(`document.querySelector("[data-disclosure]").textContent`)
	p.Click("[name=topics]")
	p.Type("[name=phone]", "206 555 0142")
	p.Click("button")
	p.Until(`document.querySelector(".steps") && document.documentElement.lang === "es"`)
	if at := p.Get("location.href"); at != api+"/opt-in" {
		t.Errorf("the page is %s", at)
	}
	e := w.events()[0].Evidence
	for name, want := range map[string]string{"page": shop + "/join?utm=1", "origin": shop, "disclosure": shown, "language": "es", "locale": "es", "captcha": "altcha", "channel": "form"} {
		if e[name] != want {
			t.Errorf("%s on record: %q, want %q", name, e[name], want)
		}
	}
	if e["shown"] == "unstated" || len(w.Carrier.Sent) != 1 {
		t.Errorf("shown %q, %d texts", e["shown"], len(w.Carrier.Sent))
	}
	p.Quiet()
}

// On a site that is not the brand's the form gets no challenge, and nothing is sent.
func TestInBrowserNoFormOnOtherSites(t *testing.T) {
	t.Parallel()
	w, shop, _ := shopWith(t, ownForm, false)
	p := webtest.Open(t, shop+"/join")
	p.Click("[name=topics]")
	p.Type("[name=phone]", "206 555 0142")
	p.Click("button")
	p.Until(`!document.querySelector("form").hasAttribute("aria-busy") && document.querySelector("[name=altcha]")?.value !== "x"`)
	p.Get(`new Promise((done) => setTimeout(done, 300))`)
	if at := p.Get("location.pathname"); at != "/join" {
		t.Errorf("the page is %s", at)
	}
	w.untouched(t)
	p.Quiet("CORS policy", "net::ERR_FAILED", "sign-up:")
}

const app = `<script src="API/opt-in/assets/captcha.js"></script>
<script>
const json = (path, body) => fetch("API/opt-in" + path, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const signUp = async (phone) => {
  const altcha = await solveAltcha(await (await json("/challenge")).json());
  const { disclosure_version } = await (await json("/disclosure?brand=example&topic=alerts")).json();
  const answer = await json("", { brand: "example", topics: ["alerts"], phone, altcha, disclosure_version, page: location.href });
  return answer.status + " " + await answer.text();
};
</script>`

// A single-page application of the brand's reads what is answered, be it that all is well or what to mend.
func TestInBrowserASinglePageApplication(t *testing.T) {
	t.Parallel()
	w, shop, _ := shopWith(t, app, true)
	p := webtest.Open(t, shop+"/join")
	if got := p.Get(`signUp("206")`); !strings.HasPrefix(got, `422 {"error":{"field":"phone","message":"`) {
		t.Error(got)
	}
	w.untouched(t)
	if got := p.Get(`signUp("206 555 0142")`); strings.TrimSpace(got) != `202 {"status":"pending"}` {
		t.Error(got)
	}
	if e := w.events()[0].Evidence; e["origin"] != shop || e["page"] != shop+"/join" || e["channel"] != "json" || e["shown"] == "unstated" {
		t.Errorf("evidence: %v", e)
	}
	p.Quiet("422")
}

// A script of another site learns nothing and signs nobody up.
func TestInBrowserNoApplicationOfOtherSites(t *testing.T) {
	t.Parallel()
	w, shop, _ := shopWith(t, app, false)
	p := webtest.Open(t, shop+"/join")
	for _, call := range []string{`json("/challenge")`, `json("", { brand: "example", topics: ["alerts"], phone: "206 555 0142", altcha: "x" })`} {
		if got := p.Get(call + `.then(() => "answered", (problem) => problem.name)`); got != "TypeError" {
			t.Errorf("%s: %s", call, got)
		}
	}
	w.untouched(t)
	p.Quiet("CORS policy", "net::ERR_FAILED")
}
