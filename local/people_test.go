package local_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"smsconsent/shared/edge/console"
	"smsconsent/shared/testkit/webtest"
)

// The console lists people by pages, finds whoever is looked for among all, and shows each as they are now.
func TestConsoleListsPeopleByPages(t *testing.T) {
	w := newWorld(t, nil)
	const people = 120
	number := func(i int) string { return fmt.Sprintf("+1206555%04d", 1000+i) }
	for i := range people {
		w.says(number(i), "JOIN")
	}
	look := func(query string) (found console.People) {
		t.Helper()
		if code := w.call(http.MethodGet, "/console/people?"+query, nil, &found); code != http.StatusOK {
			t.Fatalf("the console answered %d", code)
		}
		return found
	}
	var listed []string
	for after := ""; ; {
		found := look("after=" + url.QueryEscape(after))
		if len(found.People) > 50 {
			t.Errorf("a page of %d people", len(found.People))
		}
		for _, p := range found.People {
			listed = append(listed, p.Phone)
		}
		if after = found.Next; after == "" {
			break
		}
	}
	if len(listed) != people || listed[0] != number(0) || !slices.IsSorted(listed) {
		t.Errorf("%d people are listed: %v", len(listed), listed)
	}
	w.says(number(110), "YES")
	w.says(number(117), "YES")
	w.says(number(117), "STOP")
	for query, want := range map[string]string{
		"words=5551103":        number(103),
		"words=subscribed":     number(110),
		"words=STOP+alerts":    number(117),
		"state=stopped":        number(117),
		"words=alerts+nothing": "",
	} {
		found, got := look(query), ""
		for _, p := range found.People {
			got += p.Phone
		}
		if got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
}

// Whoever was texted lately is listed with where they stand, whatever page of the list they are on.
func TestInBrowserPeopleBeyondTheirPageAreShownAsTheyStand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i := range 50 {
		w.says(fmt.Sprintf("+1206555%04d", 1000+i), "HELP")
	}
	const beyond = "+12065552000"
	w.goTo(w.now().Add(time.Minute))
	w.says(beyond, "JOIN")
	w.says(beyond, "YES")
	b := webtest.Open(t, w.url)
	row := func(phone string) string {
		return fmt.Sprintf("document.querySelector(`[data-key='%s']`)?.textContent", phone)
	}
	b.Until(row(beyond))
	if said := b.Get(row(beyond)); !strings.Contains(said, "alerts subscribed") {
		t.Errorf("somebody subscribed reads %q", said)
	}
	for name, view := range views() {
		b.Look(view)
		webtest.Axe(t, b)
		b.Screenshot("people-" + name)
	}
	b.Look(webtest.Desktop())
	// What is asked with words shows those who were texted lately only where their number or text has them.
	b.Do(chromedp.SendKeys("#people-filter", "5551007"))
	b.Until(row("+12065551007") + " && !" + row(beyond))
}

// Whoever is not on the page is found by looking for them, or by turning it.
func TestInBrowserPeopleAreFoundAmongAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i := range 60 {
		w.says(fmt.Sprintf("+1206555%04d", 1000+i), "HELP")
	}
	b := webtest.Open(t, w.url)
	b.Until(shows("people-count", "so far") + " && " + shows("people-list", "+12065551000") + " && " + shows("people-list", "+12065551049"))
	b.Click("#people-more")
	b.Until(shows("people-count", "60 people") + " && " + shows("people-list", "+12065551059") + ` && document.getElementById("people-more").hidden`)
	b.Do(chromedp.SendKeys("#people-filter", "5551007"))
	b.Until(shows("people-list", "+12065551007") + " && !" + shows("people-list", "+12065551059"))
}
