package operator

import (
	"testing"

	"github.com/chromedp/chromedp"

	"smsconsent/shared/testkit/webtest"
)

// A plan for somebody who may be in any of several zones is shown by the clock of the page, and can be scheduled. A
// zone that the browser does not know keeps nothing from being shown.
func TestAPlanOfSeveralZonesOnThePage(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.subscribes("+18505550123") // Florida has two
	b := webtest.Open(t, serve(t).address)
	b.Click("[data-show='campaigns']")
	b.Until(`document.getElementById("campaign-schedule").disabled`)
	b.Do(chromedp.SendKeys("#campaign-text", "Example Corp.: half price. Reply STOP to cancel."))
	b.Do(set("campaign-zone", "America/New_York"))
	b.Do(set("campaign-at", "2027-01-07T12:00"), set("campaign-expires", "2027-01-07T18:00"))
	b.Click("#campaign-plan")
	b.Until(shows("plan", "get it2") + " && " + shows("plan", "in several zones") + " && " + shows("plan", "Los Angeles"))
	b.Click("#campaign-schedule")
	b.Click("#ask-yes")
	b.Until(shows("campaign-list", "half price"))

	b.Do(chromedp.Evaluate[chromedp.Void](
		`void import("./time.js").then((time) => { document.title = time.momentOf(0, "Mars/Olympus_Mons", "UTC"); })`))
	b.Until(`document.title === "Thu 1 Jan 1970, 00:00 UTC · Olympus Mons"`)
}
