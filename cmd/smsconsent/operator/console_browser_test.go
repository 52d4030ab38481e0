package operator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"smsconsent/shared/testkit/webtest"
)

// shows is true once a part of the page has that in its text.
func shows(id, part string) string {
	return fmt.Sprintf(`document.getElementById(%q).textContent.includes(%s)`, id, strconv.Quote(part))
}

// everyWay looks at the page on each screen: nothing is in anybody's way, and nothing is wider than it.
func everyWay(t *testing.T, b *webtest.Tab, name string) {
	t.Helper()
	for _, width := range []int64{1280, 390} {
		for _, dark := range []bool{false, true} {
			b.Look(webtest.View{Width: width, Height: 844, Dark: dark})
			// Where the page is scrolled, the bar that stays at its top lies over part of some button.
			b.Do(chromedp.Evaluate[chromedp.Void]("void scrollTo(0, 0)"))
			webtest.Axe(t, b)
			b.Screenshot(fmt.Sprintf("%s-%d-%t", name, width, dark))
			if wide := b.Get("document.documentElement.scrollWidth"); wide != strconv.FormatInt(width, 10) {
				t.Errorf("%s is %s pixels wide on a screen of %d", name, wide, width)
			}
		}
	}
	b.Look(webtest.Desktop())
}

// set fills in a field as somebody would who picks its value.
func set(id, value string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`(() => { const e = document.getElementById(%q); e.value = %q; e.dispatchEvent(new Event("input", { bubbles: true })); })()`, id, value))
}

// press presses a key as often as that.
func press(key string, times int) chromedp.Action[chromedp.Void] {
	return chromedp.KeyEvent(strings.Repeat(key, times))
}

// A marketer's day over a stack, without a terminal: whom there is, why one of them hears nothing, her record, a
// campaign with its plan, a pause, the report, and the audit of the night.
func TestConsoleDay(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.subscribes("+13055550123")
	w.asks("+12145550123")
	w.says(her, "<img src=x onerror=alert(1)> what is this")
	create(t, "Example Corp.: one.")
	w.goTo(tuesday.Add(26 * time.Hour))
	s := serve(t)
	b := webtest.Open(t, s.address)
	b.Until(shows("people-list", "+1••••••0142") + " && " + shows("figures", "Subscribed2") + " && " + shows("figures", "Waiting") + " && " + shows("live", "As of"))
	if at := b.Get("location.search"); at != "" {
		t.Errorf("the token stays in the address: %q", at)
	}
	everyWay(t, b, "operator-people")

	// By phone to somebody; with the keyboard to her record.
	b.Type("#people-filter", "(206) 555-0142")
	b.Until(`document.querySelectorAll(".person").length === 1`)
	b.Do(chromedp.Focus(".person"), press(kb.Enter, 1))
	b.Until(shows("phone-title", "+1••••••0142") + " && " + shows("phone-place", "US-WA") + " && " + shows("silence", "alerts A campaign may text them now."))
	if page := b.Get("document.body.textContent"); strings.Contains(page, "5550142") {
		t.Error("the page tells a number nobody asked for")
	}
	if record := b.Get(`document.getElementById("record").textContent`); strings.Contains(record, "img src") {
		t.Error("the page tells of a record nobody opened")
	}
	b.Do(chromedp.Focus("#record-open"), press(kb.Enter, 1))
	b.Until(shows("chain", "Chain verified") + " && " + shows("timeline", "<img src=x onerror=alert(1)>"))
	if found := b.Get(`document.querySelectorAll("img").length`); found != "0" {
		t.Error("an element was made from what somebody wrote")
	}
	everyWay(t, b, "operator-record")
	for _, view := range []string{"person", "record"} {
		b.Look(webtest.View{Width: 390, Height: 844})
		b.Click("[data-show='" + view + "']")
		b.Screenshot("operator-" + view + "-narrow")
	}
	b.Look(webtest.Desktop())

	// A campaign: nothing can be scheduled before its plan was seen, and what is changed is planned anew.
	b.Click("[data-show='campaigns']")
	b.Until(shows("campaign-list", "Example Corp.: one.") + ` && document.getElementById("campaign-schedule").disabled`)
	b.Do(chromedp.SendKeys("#campaign-text", "Example Corp.: half price. Reply STOP to cancel."))
	b.Do(set("campaign-zone", "America/New_York"))
	b.Do(set("campaign-at", "2027-01-07T12:00"), set("campaign-expires", "2027-01-07T18:00"))
	b.Click("#campaign-plan")
	b.Until(shows("plan", "get it2") + " && " + shows("plan", "Los Angeles") + ` && !document.getElementById("campaign-schedule").disabled`)
	everyWay(t, b, "operator-plan")
	b.Do(chromedp.SendKeys("#campaign-text", "!"))
	b.Until(`document.getElementById("campaign-schedule").disabled && document.getElementById("plan").textContent === ""`)
	b.Click("#campaign-plan")
	b.Until(`!document.getElementById("campaign-schedule").disabled`)
	b.Click("#campaign-schedule")
	b.Until(`document.getElementById("ask").open && ` + shows("ask-title", "Text 2 people?"))
	webtest.Axe(t, b)
	b.Screenshot("operator-ask")
	b.Do(press(kb.Escape, 1))
	b.Until(`!document.getElementById("ask").open`)
	if all := b.Get(`document.querySelectorAll("#campaign-list li").length`); all != "1" {
		t.Errorf("after going back there are %s campaigns", all)
	}
	b.Click("#campaign-schedule")
	b.Click("#ask-yes")
	b.Until(shows("campaign-list", "half price. Reply STOP to cancel.!") + " && " + shows("figures", "Thu 7 Jan"))

	// What is wrong with it is told at its field.
	b.Do(chromedp.SendKeys("#campaign-text", "Example Corp.: half price. Reply STOP to cancel.!"))
	b.Do(set("campaign-at", "2027-01-07T12:00"), set("campaign-expires", "2027-01-07T11:00"))
	b.Click("#campaign-plan")
	b.Until(shows("campaign-error", "is not after") + ` && document.activeElement.id === "campaign-expires"` +
		` && document.activeElement.closest("label").nextElementSibling.id === "campaign-error"`)
	b.Click("#campaign-list [data-act='Pause']")
	b.Until(shows("ask-label", "(required)"))
	b.Type("#ask-field", "the price is wrong")
	b.Click("#ask-yes")
	b.Until(shows("campaign-list", "Paused: the price is wrong") + " && " + shows("figures", "none"))
	b.Click("#campaign-list [data-act='Resume']")
	b.Click("#ask-yes")
	b.Until(shows("campaign-list", "scheduled"))
	b.Click("#campaign-list [data-act='Copy']")
	b.Until(`document.getElementById("campaign-text").value.includes("half price")`)
	everyWay(t, b, "operator-campaigns")

	// On a narrow screen the form is one press away; on a wide one the header stays one line, whoever looks.
	b.Look(webtest.View{Width: 390, Height: 844})
	b.Click("#campaign-new")
	b.Until(`Math.abs(document.getElementById("compose").getBoundingClientRect().top - 56) < 30 && document.activeElement.id === "campaign-text"`)
	b.Screenshot("operator-new-narrow")
	b.Look(webtest.View{Width: 1280, Height: 844})
	b.Do(chromedp.Evaluate[chromedp.Void](`document.getElementById("about").textContent = "smsconsent in us-east-1 · arn:aws:sts::000000000000:assumed-role/AWSReservedSSO_Marketing_0123456789abcdef/ana.perez"`))
	if lines := b.Get(`new Set([...document.querySelectorAll("#figures > div")].map((d) => d.offsetTop)).size + " " + document.documentElement.scrollWidth`); lines != "1 1280" {
		t.Errorf("the header has lines and width %s", lines)
	}
	b.Screenshot("operator-header")
	b.Look(webtest.Desktop())

	// Each week from now on, in two languages; and what its first run says is edited.
	b.Click("#campaign-rare summary")
	b.Do(set("campaign-text", "Example Corp.: the week's offers."), set("campaign-text-es", "Example Corp.: las ofertas."))
	b.Do(set("campaign-zone", "America/New_York"), set("campaign-repeat", "week"), set("campaign-cost", "0.001"))
	b.Until(`document.getElementById("campaign-times").checkVisibility() && !document.getElementById("campaign-expires").checkVisibility()`)
	b.Click("#campaign-plan")
	b.Until(shows("campaign-error", "more than $0.00") + ` && document.activeElement.id === "campaign-cost"`)
	everyWay(t, b, "operator-more")
	b.Do(set("campaign-cost", "5"))
	b.Click("#campaign-plan")
	b.Until(shows("plan", "The plan of the next run") + ` && !document.getElementById("campaign-schedule").disabled`)
	b.Click("#campaign-schedule")
	b.Until(shows("ask-text", "It is repeated"))
	b.Click("#ask-yes")
	b.Until(shows("campaign-list", "the week's offers") + " && " + shows("campaign-list", "the week's offers"))
	b.Click("#campaign-list .series + li [data-act='Edit']")
	b.Until(shows("compose-title", "Edit a campaign") + ` && document.getElementById("campaign-text-es").value.includes("ofertas")`)
	b.Do(chromedp.SendKeys("#campaign-text", " Come in."))
	b.Click("#campaign-plan")
	b.Until(`!document.getElementById("campaign-schedule").disabled`)
	everyWay(t, b, "operator-edit")
	b.Click("#campaign-schedule")
	b.Click("#ask-yes")
	b.Until(shows("campaign-list", "the week's offers. Come in.") + " && " + shows("compose-title", "New campaign"))

	// The runs to come say something else.
	b.Until(shows("campaign-list", "Every Thursday at 10:00, New York"))
	b.Click("#campaign-list .series [data-act='Copy']")
	b.Until(`["campaign-repeat", "campaign-cron", "campaign-zone", "campaign-cost"].map((id) => document.getElementById(id).value).join() === "cron,0 10 * * 4,America/New_York,5"`)
	b.Click("#campaign-list .series [data-act='Edit']")
	b.Until(shows("compose-title", "Edit the runs to come") + " && " + shows("campaign-when", "every Thursday at 10:00, New York") + ` && !document.getElementById("campaign-at").checkVisibility()`)
	b.Do(set("campaign-text", "Example Corp.: fresh offers."), set("campaign-times", "5"))
	b.Click("#campaign-plan")
	b.Until(`!document.getElementById("campaign-schedule").disabled`)
	b.Screenshot("operator-series")
	b.Click("#campaign-schedule")
	b.Click("#ask-yes")
	b.Until(shows("campaign-list", "fresh offers") + " && " + shows("campaign-list", "5 times") + " && " + shows("campaign-list", "the week's offers. Come in."))

	b.Click("[data-show='watch']")
	b.Until(shows("audits-list", "Jan") + " && " + shows("to-read", "1 reply to read"))
	everyWay(t, b, "operator-watch")
	b.Do(chromedp.Focus("#to-read-list .quiet"), press(kb.Enter, 1))
	b.Until(shows("phone-title", "+1••••••0142") + ` && document.body.dataset.view === "person"`)
	b.Click("[data-show='watch']")
	b.Click("#to-read-list [aria-label^='Mark']")
	b.Until(shows("to-read", "Nothing to read") + ` && document.getElementById("watch-count").hidden`)
	b.Quiet("400")

	report := b.Get(`document.querySelector("#campaign-list a[href$=report]").getAttribute("href")`)
	b.Do(chromedp.Navigate(s.url + report))
	b.Until(`document.body.textContent.includes("Delivered")`)
	b.Screenshot("operator-report")
}

// A card says whom on the list a campaign is for, and that none of these was on it. What is over is below what is not.
func TestConsoleTellsWhomACampaignIsFor(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.goTo(tuesday.Add(time.Hour))
	over := strictly[madeSeries](t, first(execute(t, 0, slices.Concat(weekly, []string{"--times", "1"})...)))
	execute(t, 0, "campaign", "cancel", over.ID, "--why", "over")
	create(t, "Example Corp.: half price.", "--in", "US", "--attribute", "city=Dallas", "--id", "dallas")
	w.goTo(tuesday.Add(4 * 24 * time.Hour))
	create(t, "Example Corp.: open today.", "--at", "2027-01-10T18:00:00Z")
	b := webtest.Open(t, serve(t).address)
	b.Click("[data-show='campaigns']")
	b.Until(shows("campaign-list", "done"))
	said := b.Get(`document.getElementById("campaign-list").textContent`)
	for _, want := range []string{"alerts, only US, city=Dallas", "Nobody on the list was in the part it was for.", "dallas · ", "; 1 time; 1 run so far"} {
		if !strings.Contains(said, want) {
			t.Errorf("no card says %q: %s", want, said)
		}
	}
	if states := b.Get(`[...document.querySelectorAll("#campaign-list .line > :first-child")].map((s) => s.textContent).join()`); states != "scheduled,canceled,canceled,done" {
		t.Errorf("the states are, from above, %s", states)
	}
	everyWay(t, b, "operator-part")
	b.Quiet()
}
