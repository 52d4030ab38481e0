package local_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"smsconsent/local/conversation"
	"smsconsent/shared/testkit/webtest"
)

// views are the screens every page is looked at on.
func views() map[string]webtest.View {
	all := map[string]webtest.View{}
	for _, width := range []int64{390, 1280} {
		for _, dark := range []bool{false, true} {
			scheme := "light"
			if dark {
				scheme = "dark"
			}
			all[fmt.Sprintf("%s-%d", scheme, width)] = webtest.View{Width: width, Height: 844, Dark: dark}
		}
	}
	return all
}

// Somebody fills in the form in a browser, which solves the puzzle; the console shows the text on the phone; the
// phone's YES changes the state. On the way every page is looked at by axe-core on each screen.
func TestE2ESignUp(t *testing.T) {
	t.Parallel()
	w := newWorldAsShipped(t)

	form := webtest.Open(t, w.url+"/opt-in?brand=example&topic=alerts")
	form.Click("#topic-alerts")
	form.Type("#phone", "(206) 555-0142")
	for name, view := range views() {
		form.Look(view)
		webtest.Axe(t, form)
		form.Screenshot("sign-up-" + name)
		if wide := form.Get("document.documentElement.scrollWidth <= innerWidth"); wide != "true" {
			t.Errorf("the form is wider than a screen of %d", view.Width)
		}
	}
	form.Look(webtest.Desktop())
	form.Click("button[type=submit]")
	form.Until(`document.querySelector("h1").textContent.includes("phone") && document.body.textContent.includes("+1 206")`)
	for name, view := range views() {
		form.Look(view)
		webtest.Axe(t, form)
		form.Screenshot("signed-up-" + name)
	}
	form.Quiet()

	console := webtest.Open(t, w.url)
	console.Until(bubble("in", "Text YES to join Example Corp. alerts.") + " && " + shows("people-list", "alerts pending"))
	console.Do(chromedp.SendKeys("#write-body", "YES\r"))
	console.Until(bubble("in", "You're subscribed") + " && " + shows("people-list", "alerts subscribed") + " && " + shows("chain", "Chain verified"))
	console.Quiet()

	w.says(her, "PREFS")
	page := webtest.Open(t, w.url+"/preferences?t="+w.token(her))
	page.Until(`document.getElementById("topic-alerts").checked && !document.getElementById("topic-orders").checked`)
	for name, view := range views() {
		page.Look(view)
		webtest.Axe(t, page)
		page.Screenshot("preferences-" + name)
	}
	page.Quiet()
}

// pictured is the phone the README's picture shows: somebody who stops in her own words.
const pictured = "+12065550207"

// The console shows a conversation for each case there is, and how each text was read.
func TestE2EConversations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, c := range conversation.All() {
		w.play(c)
	}
	console := webtest.Open(t, w.url)
	for _, c := range conversation.All() {
		console.Until(fmt.Sprintf("[...document.querySelectorAll('.person')].some((p) => p.textContent.includes(%q) && (p.click(), true))", c.Phone))
		last := c.Lines[len(c.Lines)-1]
		console.Until(shows("phone-title", c.Phone) + " && " + bubble("out", last.Says) + " && " + shows("timeline", "was read as"))
		if last.Answer != "" {
			console.Until(bubble("in", last.Answer))
		}
	}
	console.Until(fmt.Sprintf("[...document.querySelectorAll('.person')].some((p) => p.textContent.includes(%q) && (p.click(), true))", pictured))
	console.Until(shows("phone-title", pictured))
	for name, view := range views() {
		console.Look(view)
		webtest.Axe(t, console)
		console.Screenshot("console-" + name)
	}
	console.Quiet()
}
