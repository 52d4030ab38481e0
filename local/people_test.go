package local_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"smsconsent/local/console"
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
	look := func(asked url.Values) (s console.State) {
		t.Helper()
		if code := w.call(http.MethodGet, "/console/state?"+asked.Encode(), nil, &s); code != http.StatusOK {
			t.Fatalf("the console answered %d", code)
		}
		return s
	}
	for _, c := range []struct {
		asked       url.Values
		found, from int
		first       string
		shown       int
	}{
		{url.Values{}, people, 0, number(0), 50},
		{url.Values{"from": {"100"}}, people, 100, number(100), 20},
		{url.Values{"from": {"5000"}}, people, 100, number(100), 20},
		{url.Values{"from": {"-3"}}, people, 0, number(0), 50},
		{url.Values{"find": {"5551117"}}, 1, 0, number(117), 1},
		{url.Values{"find": {"5551117"}, "phone": {number(3)}}, 1, 0, number(117), 2},
		{url.Values{"find": {" Alerts PENDING "}}, people, 0, number(0), 50},
		{url.Values{"find": {"subscribed"}}, 0, 0, "", 0},
	} {
		s := look(c.asked)
		is := console.PeopleState{All: people, OnRecord: people, Found: c.found, From: c.from}
		if s.People != is || len(s.Phones) != c.shown || len(s.Contacts) != c.shown || c.shown > 0 && s.Contacts[0].Phone != c.first {
			t.Errorf("%v: %+v with %d phones and %d contacts; want %+v with %d from %s", c.asked, s.People, len(s.Phones), len(s.Contacts), is, c.shown, c.first)
		}
	}
	w.says(number(110), "YES")
	if s := look(url.Values{"find": {"subscribed"}}); s.People.Found != 1 || s.Contacts[0].Phone != number(110) {
		t.Errorf("after a YES: %+v, %+v", s.People, s.Contacts)
	}
	w.says(number(110), "STOP")
	if s := look(url.Values{"find": {"stopped"}}); s.People.Found != 1 {
		t.Errorf("after a STOP: %+v", s.People)
	}
}

// Whoever is not on the page is found by looking for them, or by turning it.
func TestInBrowserPeopleAreFoundAmongAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i := range 60 {
		w.says(fmt.Sprintf("+1206555%04d", 1000+i), "HELP")
	}
	b := webtest.Open(t, w.url)
	b.Until(shows("people-list", "1 to 50 of 60") + " && " + shows("people-list", "+12065551000") + " && !" + shows("people-list", "+12065551059"))
	b.Do(chromedp.Click("[data-key='next']", chromedp.NodeVisible))
	b.Until(shows("people-list", "51 to 60 of 60") + " && " + shows("people-list", "+12065551059"))
	b.Do(chromedp.SendKeys("#people-filter", "5551007"))
	b.Until(shows("people-list", "+12065551007") + " && !" + shows("people-list", "+12065551059"))
}
