package local_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent"
	"smsconsent/local"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/program"
	"smsconsent/shared/testkit/webtest"
)

var pageLink = regexp.MustCompile(`http://localhost:8080/preferences\?t=([A-Za-z0-9_-]+)`)

// token is that of the latest link on a phone; empty where there is none.
func (w *world) token(phone string) string {
	w.t.Helper()
	for _, text := range slices.Backward(w.screen(phone)) {
		if m := pageLink.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// page opens a link, or sends its page's form where there are fields.
func (w *world) page(token string, fields ...string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+"/preferences?t="+url.QueryEscape(token), nil)
	if len(fields) > 0 {
		form := url.Values{"t": {token}}
		for i := 0; i < len(fields); i += 2 {
			form.Add(fields[i], fields[i+1])
		}
		req, err = http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+"/preferences", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "null") // what a browser sends from a page whose policy is no-referrer
	}
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func (w *world) mustPage(token string, fields ...string) string {
	w.t.Helper()
	code, body := w.page(token, fields...)
	if code != http.StatusOK {
		w.t.Fatalf("the page answered %d", code)
	}
	return body
}

func (w *world) events(phone string) []string {
	w.t.Helper()
	var types []string
	for _, e := range w.record(phone).Events {
		types = append(types, e.Type)
	}
	return types
}

// PREFS brings a link, the link opens the page, a switch moved there changes what is agreed to, and the record tells
// so.
func TestPreferencesByText(t *testing.T) {
	on(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		w.says(her, "PREFS")
		tok := w.token(her)
		if tok == "" {
			t.Fatalf("no link on the phone: %q", w.screen(her))
		}
		page := w.mustPage(tok)
		if !strings.Contains(page, "ending in 0142") || strings.Contains(page, "2065550142") || !regexp.MustCompile(`id="topic-alerts"[^>]* checked`).MatchString(page) {
			t.Errorf("the page is %s", page)
		}
		if code := w.call(http.MethodGet, "/"+regexp.MustCompile(`preferences/assets/[^"]+`).FindString(page), nil, nil); code != http.StatusOK {
			t.Errorf("its stylesheet answers %d", code)
		}
		w.mustPage(tok, "action", "save", "had", "alerts", "on", "orders")
		r := w.record(her)
		if r.Topics["alerts"].State != "unsubscribed" || r.Topics["orders"].State != "pending" || !r.Verified {
			t.Errorf("the record says %+v, verified %v", r.Topics, r.Verified)
		}
		if got := strings.Join(w.events(her), " "); got != "requested confirmed received opted-out requested" {
			t.Errorf("events %s", got)
		}
		for _, m := range r.Messages {
			if strings.Contains(m.Body, tok) {
				t.Errorf("the record holds the link: %q", m.Body)
			}
		}
		if n := count(w.screen(her), "Text YES to join Example Corp. orders"); n != 1 {
			t.Errorf("asked %d times about orders", n)
		}

		w.mustPage(tok, "action", "stop")
		w.goTo(w.now().Add(90 * time.Minute))
		if !w.optedOut(her) {
			t.Error("the number is not on the AWS opt-out list")
		}
		shown := len(w.screen(her))
		w.goTo(w.now().Add(time.Minute))
		w.says(her, "START")
		if n := len(w.screen(her)); n != shown+1 || w.optedOut(her) {
			t.Errorf("START after it brought %d texts, on the list: %v", n-shown, w.optedOut(her))
		}
	})
}

// HELP brings a link too. A link shows one phone, for a day.
func TestALinkIsForOnePhoneAndADay(t *testing.T) {
	const his = "+12065550143"
	inMemory(t, func(t *testing.T, w *world) {
		for _, phone := range []string{her, his} {
			w.signUp(phone, "alerts")
			w.says(phone, "YES")
			w.says(phone, "HELP")
		}
		hers, theirs := w.token(her), w.token(his)
		if hers == "" || hers == theirs {
			t.Fatalf("the links are %q and %q", hers, theirs)
		}
		w.mustPage(theirs, "action", "stop")
		if page := w.mustPage(theirs); !strings.Contains(page, "ending in 0143") || strings.Contains(page, "0142") {
			t.Errorf("his page is %s", page)
		}
		if s := w.record(her).Topics["alerts"].State; s != "subscribed" {
			t.Errorf("his link made hers %s", s)
		}
		w.goTo(w.now().Add(24*time.Hour - time.Minute))
		w.mustPage(hers)
		w.goTo(w.now().Add(time.Minute))
		for _, fields := range [][]string{nil, {"action", "stop"}} {
			if code, page := w.page(hers, fields...); code != http.StatusGone || strings.Contains(page, "Example") {
				t.Errorf("after a day it answers %d %s", code, page)
			}
		}
		if s := w.record(her).Topics["alerts"].State; s != "subscribed" {
			t.Errorf("an expired link made hers %s", s)
		}
	})
}

// A pause keeps campaigns away for 30 days, and not a day longer; answers come all the same.
func TestAPauseOfThirtyDays(t *testing.T) {
	inMemory(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		w.says(her, "PREFS")
		begin := w.now()
		w.mustPage(w.token(her), "action", "pause")
		day := 24 * time.Hour
		w.campaign("01KB00000000000000000000D1", "Example Corp.: within the pause.", begin.Add(day), begin.Add(2*day))
		w.campaign("01KB00000000000000000000D2", "Example Corp.: until after the pause.", begin.Add(29*day), begin.Add(32*day))
		w.goTo(begin.Add(30*day - time.Minute))
		if n := count(w.screen(her), "pause."); n != 0 {
			t.Fatalf("%d campaigns came within the pause", n)
		}
		if state, c := w.status("01KB00000000000000000000D1"); state != campaign.Done || c != (campaign.Counts{Expired: 1}) {
			t.Errorf("the campaign within the pause is %s with %+v", state, c)
		}
		w.says(her, "HELP")
		if n := count(w.screen(her), "HELP: Example Corp. alerts"); n != 1 {
			t.Errorf("HELP was answered %d times", n)
		}
		w.goTo(begin.Add(30*day + time.Hour))
		if n := count(w.screen(her), "until after the pause."); n != 1 {
			t.Errorf("after the pause the campaign came %d times, want once", n)
		}
		if got := fmt.Sprint(w.events(her)); got != "[requested confirmed received paused received]" {
			t.Errorf("events %s", got)
		}
	})
}

// The links lead to the port that the stack is reached by.
func TestLinksLeadToTheStacksOwnAddress(t *testing.T) {
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	s, err := local.New(t.Context(), local.Options{Catalog: catalog, URL: "http://localhost:8081"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	defer server.Close()
	w := &world{t: t, stack: s, url: server.URL}
	w.says(her, "HELP")
	if n := count(w.screen(her), "http://localhost:8081/preferences?t="); n != 1 {
		t.Errorf("the phone shows %q", w.screen(her))
	}
}

// The console's phone has the link to be opened, and finds the text on record, where the link is left out.
func TestTheConsoleOpensThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.signUp(her, "alerts")
	w.says(her, "YES")
	w.says(her, "HELP")
	b := webtest.Open(t, w.url)
	b.Until(bubble("in", "HELP: Example Corp. alerts") + ` && document.querySelector(".bubble .body a")`)
	address := b.Get(`document.querySelector(".bubble .body a").href`)
	if address != "http://localhost:8080/preferences?t="+w.token(her) {
		t.Errorf("the link leads to %s", address)
	}
	b.Until(`[...document.querySelectorAll(".bubble[data-direction=in]")].every((text) => text.querySelector(".kind").textContent)`)
	if links := b.Get(`document.querySelectorAll(".bubble a").length`); links != "1" {
		t.Errorf("%s links", links)
	}
	b.Quiet()
}
