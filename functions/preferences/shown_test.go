package preferences_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/edge/outbox"
)

// states are what the page says of each topic.
func states(w *httptest.ResponseRecorder) map[string]string {
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`id="state-([a-z]+)">([^<]*)<`).FindAllStringSubmatch(w.Body.String(), -1) {
		found[m[1]] = m[2]
	}
	return found
}

// buttons are the actions the page offers.
func buttons(w *httptest.ResponseRecorder) string {
	var found []string
	for _, m := range regexp.MustCompile(`name="action" value="([a-z]+)"`).FindAllStringSubmatch(w.Body.String(), -1) {
		found = append(found, m[1])
	}
	return strings.Join(found, " ")
}

// The page offers what can be done where the person stands, and nothing else.
func TestThePageOffersWhatCanBeDone(t *testing.T) {
	everything := keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}
	for _, c := range []struct {
		name    string
		before  func(*bench)
		buttons string
		states  map[string]string
	}{
		{"nothing is on", func(*bench) {}, "save stop", map[string]string{"alerts": "Off", "news": "Off", "orders": "Off"}},
		{"one is on", func(b *bench) { b.subscribe(her, "news") }, "save pause stop", map[string]string{"alerts": "Off", "news": "On", "orders": "Off"}},
		{"one waits", func(b *bench) { b.post(b.token(her), "action", "save", "on", "orders") }, "save pause stop", nil},
		{"paused", func(b *bench) {
			b.subscribe(her, "alerts")
			b.post(b.token(her), "action", "pause")
		}, "save resume stop", map[string]string{"alerts": "On, paused", "news": "Off", "orders": "Off"}},
		{"the pause has ended", func(b *bench) {
			b.subscribe(her, "alerts")
			b.post(b.token(her), "action", "pause")
			b.now = b.now.Add(30 * 24 * time.Hour)
		}, "save pause stop", map[string]string{"alerts": "On", "news": "Off", "orders": "Off"}},
		{"everything was stopped", func(b *bench) {
			b.subscribe(her, "alerts")
			b.hear(her, "alerts", everything)
		}, "", nil},
		{"everything was stopped in a pause", func(b *bench) {
			b.subscribe(her, "alerts")
			b.post(b.token(her), "action", "pause")
			b.hear(her, "alerts", everything)
		}, "", nil},
	} {
		b := newBench(t)
		c.before(b)
		w := b.get(b.token(her))
		if got := buttons(w); got != c.buttons {
			t.Errorf("%s: the page offers %q, want %q", c.name, got, c.buttons)
		}
		if diff := cmp.Diff(c.states, states(w)); c.states != nil && diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if strings.Contains(c.buttons, "stop") {
			wantSays(t, w, "This ends all texts from Example Corp.")
		}
	}
}

// A pause ends on a day of the person's: thirty days after seven in the evening in Seattle it is the next day in
// Greenwich.
func TestAPauseEndsOnADayOfTheirs(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	b.now = time.Date(2026, time.December, 2, 3, 0, 0, 0, time.UTC)
	tok := b.token(her)
	wantSays(t, b.post(tok, "action", "pause"), "You get none of these texts until December 31, 2026.")
	wantSays(t, b.get(tok), "until December 31, 2026")
	if got, want := b.contact(her).Paused, b.now.Add(30*24*time.Hour); !got.Equal(want) {
		t.Errorf("paused until %s, want %s", got, want)
	}
	// Where nobody knows the place of a number, it is a day in Greenwich.
	nowhere := consent.Key{Brand: "example", Phone: "+9991234567"}
	wantSays(t, b.post(b.token(nowhere), "action", "pause"), "until January 1, 2027.")
}

// Saving the page asks for nothing that waits already, and says nothing of it.
func TestWhatWaitsIsNotAskedForAgain(t *testing.T) {
	b := newBench(t)
	tok := b.token(her)
	b.post(tok, "action", "save", "on", "alerts")
	b.now = b.now.Add(time.Hour)
	w := b.post(tok, "action", "save", "on", "alerts", "had", "alerts")
	if len(b.texts) != 1 {
		t.Errorf("%d texts, want the one of an hour ago", len(b.texts))
	}
	wantSays(t, w, "Nothing was changed.")
}

// A question the carrier has no room for goes out later, and the page says so, once and again, and not when something
// else is saved.
func TestAQuestionThatWaitsIsPromised(t *testing.T) {
	b := newBench(t)
	b.refuses = &outbox.Rejection{Reason: "THROTTLED", Throttled: true}
	tok := b.token(her)
	const promise = "We will text you from +12065550100 as soon as we can. Answer YES and you get Example Corp. alerts."
	for range 2 {
		w := b.post(tok, "action", "save", "on", "alerts")
		wantSays(t, w, promise)
		if says := says(w); strings.Contains(says, "Look at your phone") || strings.Contains(says, "did not ask") {
			t.Errorf("the page says %s", says)
		}
	}
	if w := b.post(tok, "action", "save", "on", "orders", "had", "alerts"); strings.Contains(says(w), "alerts. Until") {
		t.Errorf("after another choice the page says %s", says(w))
	}
}

// What was asked for is told once, as asked for; of an answer that went out at the same moment the page knows nothing.
func TestOnlyQuestionsAreTold(t *testing.T) {
	b := newBench(t)
	w := b.post(b.token(her), "action", "save", "on", "news")
	wantSays(t, w, "Look at your phone")
	if strings.Contains(says(w), "did not ask") {
		t.Errorf("asked and not asked: %s", says(w))
	}
	b = newBench(t)
	b.subscribe(her, "alerts")
	b.hear(her, "alerts", keyword.Intent{Kind: keyword.Help})
	if len(b.texts) != 1 {
		t.Fatalf("%d answers to HELP", len(b.texts))
	}
	w = b.post(b.token(her), "action", "save", "on", "alerts", "had", "alerts")
	wantSays(t, w, "Nothing was changed.")
}

// What the page showed beside a switch is evidence of a request, and of nothing else.
func TestSwitchingOffShowsNothing(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	before := len(b.record(her).Events)
	b.post(b.token(her), "action", "save", "had", "alerts")
	for _, e := range b.record(her).Events[before:] {
		if shown, is := e.Evidence["shown"]; is {
			t.Errorf("%s: shown %q", e.Type, shown)
		}
	}
}

// An answer is one page, counted once under what came of it.
func TestEveryAnswerIsOnePageAndCountedOnce(t *testing.T) {
	for _, c := range []struct {
		result string
		status int
		answer func(b *bench) *httptest.ResponseRecorder
	}{
		{"shown", 200, func(b *bench) *httptest.ResponseRecorder { return b.get(b.token(her)) }},
		{"pause", 200, func(b *bench) *httptest.ResponseRecorder { return b.post(b.token(her), "action", "pause") }},
		{"stop", 200, func(b *bench) *httptest.ResponseRecorder { return b.post(b.token(her), "action", "stop") }},
		{"invalid", 403, func(b *bench) *httptest.ResponseRecorder { return b.get("x") }},
		{"invalid", 403, func(b *bench) *httptest.ResponseRecorder { return b.post("x", "action", "stop") }},
		{"refused", 422, func(b *bench) *httptest.ResponseRecorder { return b.post(b.token(her), "action", "x") }},
		{"refused", 429, func(b *bench) *httptest.ResponseRecorder {
			b.Limit = 0
			return b.post(b.token(her), "action", "pause")
		}},
		{"failed", 503, func(b *bench) *httptest.ResponseRecorder {
			b.Contacts = broken{}
			return b.get(b.token(her))
		}},
		{"failed", 503, func(b *bench) *httptest.ResponseRecorder {
			b.Outbox = broken{}
			return b.post(b.token(her), "action", "pause")
		}},
		{"failed", 503, func(b *bench) *httptest.ResponseRecorder {
			b.Limiter = broken{}
			return b.post(b.token(her), "action", "pause")
		}},
	} {
		b := newBench(t)
		w := c.answer(b)
		if n := strings.Count(w.Body.String(), "<!DOCTYPE html>"); w.Code != c.status || n != 1 {
			t.Errorf("%s: %d, %d pages", c.result, w.Code, n)
		}
		log := b.log.String()
		if strings.Count(log, `"PreferencePage":`) != 1 || !strings.Contains(log, `"PreferencePage":1`) || !strings.Contains(log, `"result":"`+c.result+`"`) {
			t.Errorf("%s: counted %s", c.result, log)
		}
		if got := strings.Contains(log, "preference page failed"); got != (c.result == "failed") {
			t.Errorf("%s: a fault in the log: %t", c.result, got)
		}
	}
}

// Of what a client may send at any length, evidence keeps 256 bytes: enough to know a browser by, and room for years of
// events.
func TestHowMuchOfAHeaderIsKept(t *testing.T) {
	b := newBench(t)
	r := form("action=pause&t=" + b.token(her))
	r.RemoteAddr = "203.0.113.7"
	r.Header.Set("User-Agent", strings.Repeat("a", 300))
	b.ServeHTTP(httptest.NewRecorder(), r)
	if agent := b.record(her).Events[0].Evidence["agent"]; len(agent) != 256 {
		t.Errorf("%d bytes of the agent", len(agent))
	}
}

// A form is read by its content type, which has to be whole.
func TestAContentTypeThatIsHalfOne(t *testing.T) {
	b := newBench(t)
	for contentType, want := range map[string]int{
		"application/x-www-form-urlencoded":                http.StatusOK,
		"application/x-www-form-urlencoded; charset=UTF-8": http.StatusOK,
		"application/x-www-form-urlencoded; charset":       http.StatusUnsupportedMediaType,
	} {
		r := form("action=pause&t=" + b.token(her))
		r.Header.Set("Content-Type", contentType)
		if w := b.do(r); w.Code != want {
			t.Errorf("%s: %d, want %d", contentType, w.Code, want)
		}
	}
}

// A form has eight kilobytes at most.
func TestTheLongestForm(t *testing.T) {
	b := newBench(t)
	body := "action=pause&t=" + b.token(her) + "&more="
	for length, want := range map[int]int{8 << 10: http.StatusOK, 8<<10 + 1: http.StatusRequestEntityTooLarge} {
		if w := b.do(form(body + strings.Repeat("x", length-len(body)))); w.Code != want {
			t.Errorf("%d bytes: %d, want %d", length, w.Code, want)
		}
	}
}

// gone opens a link of a brand that programs.yaml has no more.
type gone struct{}

func (gone) Open(string, time.Time) (consent.Key, time.Time, error) {
	return consent.Key{Brand: "gone", Phone: her.Phone}, begin.Add(time.Hour), nil
}

func TestALinkOfABrandThatIsNoMore(t *testing.T) {
	b := newBench(t)
	b.Links = gone{}
	for name, w := range map[string]*httptest.ResponseRecorder{"page": b.get("x"), "form": b.post("x", "action", "stop")} {
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, w.Code)
		}
		if title := regexp.MustCompile(`<h1>([^<]+)</h1>`).FindStringSubmatch(w.Body.String()); len(title) < 2 || !strings.Contains(w.Body.String(), "<title>"+title[1]+"</title>") {
			t.Errorf("%s: the page does not say in its title what it is: %s", name, w.Body)
		}
	}
}

// What is chosen is on record to the millisecond, as the table keeps it.
func TestAChoiceIsKeptToTheMillisecond(t *testing.T) {
	b := newBench(t)
	b.now = begin.Add(1_234_567 * time.Nanosecond)
	b.post(b.token(her), "action", "pause")
	if at := b.record(her).Events[0].At; !at.Equal(begin.Add(time.Millisecond)) {
		t.Errorf("chosen at %s", at)
	}
}

// Whoever reads the page in Spanish is asked in Spanish, as long as they have not told another language.
func TestTheQuestionIsInThePagesLanguage(t *testing.T) {
	b := newBench(t)
	r := form("action=save&on=alerts&t=" + b.token(her))
	r.Header.Set("Accept-Language", "es")
	b.do(r)
	if len(b.texts) != 1 || !strings.Contains(b.texts[0].Body, "SI") || strings.Contains(b.texts[0].Body, "YES") {
		t.Errorf("texts: %+v", b.texts)
	}
}

// The page holds its link, so that what is chosen on it can be sent, again and again.
func TestThePageCanBeUsedAgain(t *testing.T) {
	b := newBench(t)
	b.subscribe(her, "alerts")
	tok := b.token(her)
	for range 2 {
		w := b.get(tok)
		if n := strings.Count(w.Body.String(), `<input type="hidden" name="t" value="`+tok+`">`); n != 3 {
			t.Errorf("%d of its three forms hold the link", n)
		}
		w = b.post(tok, "action", "pause")
		if !strings.Contains(w.Body.String(), `name="t" value="`+tok+`"`) {
			t.Error("the answer holds no link")
		}
	}
}
