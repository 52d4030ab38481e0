package local_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"smsconsent/shared/testkit/webtest"
)

// bubble is true once the phone shows a text in that direction with that in it.
func bubble(direction, part string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(".bubble[data-direction=%s] .body")].some((b) => b.textContent.includes(%s))`, direction, strconv.Quote(part))
}

// shows is true once that part of the page has that in its text.
func shows(id, part string) string {
	return fmt.Sprintf(`document.getElementById(%q).textContent.includes(%s)`, id, strconv.Quote(part))
}

// The page is live: what happens on the phone, in the record and in campaigns appears without a reload, and what people
// write stays text.
func TestConsoleInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	server := httptest.NewServer(w.stack)
	t.Cleanup(server.Close)
	b := webtest.Open(t, server.URL)
	b.Until(shows("live", "Live") + " && " + shows("phone-title", her) + " && " + shows("talk", "No texts yet"))
	b.Do(chromedp.Evaluate[chromedp.Void]("window.sameDocument = true, undefined"))

	w.signUp(her, "alerts")
	b.Until(bubble("in", "Text YES to join") + " && " + shows("people-list", "alerts pending"))

	b.Do(chromedp.SendKeys("#write-body", "YES\r"))
	b.Until(bubble("out", "YES") + " && " + bubble("in", "You're subscribed") + " && " + shows("people-list", "alerts subscribed"))
	b.Until(shows("chain", "Chain verified ✓ 2 events") + " && " + shows("timeline", "Confirmed") + " && " + shows("talk", "confirmation request"))
	b.Until(`document.activeElement.id === "write-body" && document.activeElement.value === ""`)

	hostile := `<img src=x onerror=alert(1)>`
	b.Do(chromedp.SendKeys("#write-body", hostile+"\r"))
	b.Until(bubble("out", hostile) + " && " + shows("people-list", "Example Corp.") + " && " + shows("timeline", hostile))
	b.Until(shows("to-read", "1 reply to read") + " && " + shows("to-read-list", hostile))
	w.campaign("01KB00000000000000000000D1", "Example Corp.: <b>half price</b>.", w.now().Add(30*time.Minute), w.now().Add(8*time.Hour))
	b.Until(shows("campaign-list", "<b>half price</b>") + " && " + shows("campaign-list", "scheduled"))

	b.Until(shows("clock-utc", "Tue 5 Jan 2027, 18:00"))
	b.Do(chromedp.Click("[data-ahead='3600']", chromedp.NodeVisible))
	b.Until(bubble("in", "<b>half price</b>") + " && " + shows("campaign-list", "sent1") + " && " + shows("campaign-list", "done"))
	b.Until(shows("clock-utc", "Tue 5 Jan 2027, 19:00") + " && " + shows("clock-local", "Tue 5 Jan, 11:00") + ` && !document.querySelector("#clock [disabled]")`)
	if found := b.Get(`document.querySelectorAll("img, #talk b, #campaign-list b").length`); found != "0" {
		t.Errorf("%s elements were made from what people wrote", found)
	}

	b.Do(chromedp.Click("[data-say='STOP']", chromedp.NodeVisible))
	b.Until(bubble("in", "STOP: You're unsubscribed") + " && " + shows("people-list", "STOP to alerts") + " && " + shows("timeline", "Opted out"))

	// A stream that breaks is taken up again, and what was missed is shown.
	server.CloseClientConnections()
	w.goTo(w.now().Add(time.Minute))
	w.says(her, "START")
	b.Until(bubble("out", "START") + " && " + shows("people-list", "alerts pending"))
	w.says(her, "YES")
	b.Until(shows("people-list", "alerts subscribed"))
	// What was kept back is on record with the reason.
	for range 7 {
		w.says(her, "HELP")
	}
	b.Until(shows("timeline", "withheld") + " && " + shows("timeline", "It did not go out: this phone had its answers for this hour"))
	if b.Get("window.sameDocument") != "true" {
		t.Error("the page was loaded again")
	}
	if unnamed := b.Get(`[...document.querySelectorAll("input, select, textarea, button")].filter((e) => !e.labels?.length && !e.ariaLabel && !e.textContent.trim()).map((e) => e.outerHTML)`); unnamed != "" {
		t.Errorf("a screen reader has no name for %s", unnamed)
	}
	b.Quiet("net::ERR") // the broken stream
}

// A phone's width is enough for every part of the page, in the longest words people write.
func TestInBrowserConsoleFitsAPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.signUp(her, "alerts")
	w.says(her, strings.Repeat("pneumono", 40))
	w.campaign("01KB00000000000000000000D2", strings.Repeat("ultramicroscopic", 20), w.now().Add(time.Hour), w.now().Add(8*time.Hour))
	b := webtest.Open(t, w.url)
	b.Look(webtest.View{Width: 360, Height: 740})
	b.Until(bubble("out", "pneumono") + " && " + shows("timeline", "Asked to join"))
	b.Do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => { d.open = true; })`))
	for _, part := range []string{"people", "phone", "record", "campaigns", "watch"} {
		b.Do(chromedp.Click("[data-show='"+part+"']", chromedp.NodeVisible), chromedp.WaitVisible("#"+part+" :is(h2, h3)"))
		if wide := b.Get("document.documentElement.scrollWidth"); wide != "360" {
			t.Errorf("%s is %s pixels wide on a screen of 360", part, wide)
		}
		want := map[string]string{"campaigns": "campaigns,compose"}
		if shown := b.Get(`[...document.querySelectorAll(".card")].filter((c) => c.offsetParent).map((c) => c.id)`); shown != cmp.Or(want[part], part) {
			t.Errorf("asked for %s, the screen shows %s", part, shown)
		}
	}

	// A number that is none changes nothing; a right one becomes the phone shown, and the part with the phone comes up.
	b.Do(chromedp.Click("[data-show='people']"), chromedp.SendKeys("#add-phone", "0612\r"), chromedp.WaitVisible("#add-error"))
	b.Do(chromedp.SetValue("#add-phone", "+1 (808) 555-0123"), chromedp.Click("#add button"))
	b.Until(shows("phone-title", "+18085550123") + " && " + shows("phone-hours", "Quiet hours until Tue 5 Jan, 09:00 HST") + ` && document.body.dataset.view === "phone"`)

	b.Click("[data-show='clock']")
	b.Do(chromedp.SetValue("#clock-to", "2027-01-01T09:00"), chromedp.Click("#clock-form button"))
	b.Until(shows("clock-error", "only moves forward"))
	b.Quiet("409") // the refusal
}

// Whom somebody chose is shown at once: while the stack has not answered, nothing of another phone is there, and
// nothing can be sent that its writer would take for theirs.
func TestInBrowserAChosenPhoneIsShownAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	const other = "+13055550123"
	w.says(her, "JOIN")
	w.says(other, "HELP")
	held := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/handsets/"+other {
			select {
			case <-held:
			case <-r.Context().Done():
			}
		}
		w.stack.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	b := webtest.Open(t, server.URL+"/?phone="+url.QueryEscape(her))
	b.Until(shows("phone-title", her) + " && " + bubble("out", "JOIN"))
	b.Do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`[...document.querySelectorAll(".person")].find((p) => p.textContent.includes(%q)).click()`, other)))
	const now = `[document.getElementById("phone-title").textContent, document.querySelectorAll(".bubble").length,
		document.querySelector("#write [type=submit]").disabled, document.querySelector(".person[aria-current]").dataset.key]`
	if got, want := b.Get(now), other+",0,true,"+other; got != want {
		t.Errorf("while the stack does not answer the page shows %s, want %s", got, want)
	}
	close(held)
	b.Until(bubble("out", "HELP") + ` && !document.querySelector("#write [type=submit]").disabled`)
	b.Do(chromedp.SendKeys("#write-body", "STOP\r"))
	b.Until(bubble("out", "STOP"))
	var talk []struct{ Body string }
	w.call(http.MethodGet, "/handsets/"+other, nil, &talk)
	if !slices.ContainsFunc(talk, func(x struct{ Body string }) bool { return x.Body == "STOP" }) {
		t.Errorf("the conversation is %+v", talk)
	}
	b.Quiet()
}

// On a phone the conversation comes first, and Send is in reach.
func TestInBrowserAPhoneShowsTheConversationFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.says(her, "JOIN")
	b := webtest.Open(t, w.url)
	b.Look(webtest.View{Width: 390, Height: 740})
	b.Until(bubble("out", "JOIN"))
	for name, condition := range map[string]string{
		"the conversation begins in the upper third": `document.getElementById("phone").getBoundingClientRect().top < 740 / 3`,
		"Send is on the screen":                      `document.querySelector("#write [type=submit]").getBoundingClientRect().bottom <= 740`,
	} {
		if b.Get(condition) != "true" {
			t.Errorf("it is not so that %s", name)
		}
	}
}

// A campaign is written, planned and scheduled on the page.
func TestInBrowserACampaignIsScheduled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.signUp(her, "alerts")
	w.says(her, "YES")
	b := webtest.Open(t, w.url)
	b.Until(shows("figures", "Subscribed1"))
	b.Click("[data-show='campaigns']")
	b.Do(chromedp.SendKeys("#campaign-text", "Example Corp.: new pumpkins. Reply STOP to cancel."))
	b.Click("#campaign-plan")
	b.Until(shows("plan", "get it1"))
	for name, view := range views() {
		b.Look(view)
		webtest.Axe(t, b)
		b.Screenshot("campaigns-" + name)
	}
	b.Look(webtest.Desktop())
	b.Click("#campaign-schedule")
	b.Click("#ask-yes")
	b.Until(shows("campaign-list", "new pumpkins") + " && " + shows("campaign-list", "scheduled"))
	w.goTo(w.now().Add(26 * time.Hour))
	b.Until(shows("campaign-list", "sent1"))
	const days = `import("/time.js").then((t) => {
		t.setPresent(Date.UTC(2027, 0, 5, 12));
		return [t.shortDay(Date.UTC(2027, 5, 1), "UTC"), t.shortDay(Date.UTC(2026, 11, 31), "UTC")];
	})`
	if got := b.Get(days); got != "Tue 1 Jun,Thu 31 Dec 2026" {
		t.Errorf("days of this year and of another are told as %s", got)
	}
	b.Quiet()
}
