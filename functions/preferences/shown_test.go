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
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/world"
)

// states are what the page says of each topic.
func states(answer *httptest.ResponseRecorder) map[string]string {
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`id="state-([a-z]+)">([^<]*)<`).FindAllStringSubmatch(answer.Body.String(), -1) {
		found[m[1]] = m[2]
	}
	return found
}

// buttons are the actions the page offers.
func buttons(answer *httptest.ResponseRecorder) string {
	var found []string
	for _, m := range regexp.MustCompile(`name="action" value="([a-z]+)"`).FindAllStringSubmatch(answer.Body.String(), -1) {
		found = append(found, m[1])
	}
	return strings.Join(found, " ")
}

// The page offers what can be done where the person stands, and nothing else.
func TestThePageOffersWhatCanBeDone(t *testing.T) {
	everything := keyword.Intent{Kind: keyword.OptOut, Scope: keyword.Everything}
	for _, c := range []struct {
		name    string
		before  func(*fixture)
		buttons string
		states  map[string]string
	}{
		{"nothing is on", func(*fixture) {}, "save stop", map[string]string{"alerts": "Off", "news": "Off", "orders": "Off"}},
		{"one is on", func(w *fixture) { w.subscribe(her, "news") }, "save pause stop", map[string]string{"alerts": "Off", "news": "On", "orders": "Off"}},
		{"one waits", func(w *fixture) { w.post(w.token(her), "action", "save", "on", "orders") }, "save pause stop", nil},
		{"paused", func(w *fixture) {
			w.subscribe(her, "alerts")
			w.post(w.token(her), "action", "pause")
		}, "save resume stop", map[string]string{"alerts": "On, paused", "news": "Off", "orders": "Off"}},
		{"the pause has ended", func(w *fixture) {
			w.subscribe(her, "alerts")
			w.post(w.token(her), "action", "pause")
			w.Pass(30 * 24 * time.Hour)
		}, "save pause stop", map[string]string{"alerts": "On", "news": "Off", "orders": "Off"}},
		{"everything was stopped", func(w *fixture) {
			w.subscribe(her, "alerts")
			w.Means(her, "alerts", everything)
		}, "", nil},
		{"everything was stopped in a pause", func(w *fixture) {
			w.subscribe(her, "alerts")
			w.post(w.token(her), "action", "pause")
			w.Means(her, "alerts", everything)
		}, "", nil},
	} {
		w := newWorld(t)
		c.before(w)
		answer := w.get(w.token(her))
		if got := buttons(answer); got != c.buttons {
			t.Errorf("%s: the page offers %q, want %q", c.name, got, c.buttons)
		}
		if diff := cmp.Diff(c.states, states(answer)); c.states != nil && diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if strings.Contains(c.buttons, "stop") {
			wantSays(t, answer, "This ends all texts from Example Corp.")
		}
	}
}

// A pause ends on a day of the person's: thirty days after seven in the evening in Seattle it is the next day in
// Greenwich.
func TestAPauseEndsOnADayOfTheirs(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	w.SetClock(time.Date(2026, time.December, 2, 3, 0, 0, 0, time.UTC))
	tok := w.token(her)
	wantSays(t, w.post(tok, "action", "pause"), "You get none of these texts until December 31, 2026.")
	wantSays(t, w.get(tok), "until December 31, 2026")
	if got, want := w.Contact(her).Paused, w.Clock().Add(30*24*time.Hour); !got.Equal(want) {
		t.Errorf("paused until %s, want %s", got, want)
	}
	// Where nobody knows the place of a number, it is a day in Greenwich.
	nowhere := phone.Number("+9991234567")
	wantSays(t, w.post(w.token(nowhere), "action", "pause"), "until January 1, 2027.")
}

// Saving the page asks for nothing that waits already, and says nothing of it.
func TestWhatWaitsIsNotAskedForAgain(t *testing.T) {
	w := newWorld(t)
	tok := w.token(her)
	w.post(tok, "action", "save", "on", "alerts")
	w.Pass(time.Hour)
	answer := w.post(tok, "action", "save", "on", "alerts", "had", "alerts")
	if len(w.Carrier.Sent) != 1 {
		t.Errorf("%d texts, want the one of an hour ago", len(w.Carrier.Sent))
	}
	wantSays(t, answer, "Nothing was changed.")
}

// A question the carrier has no room for goes out later, and the page says so, once and again, and not when something
// else is saved.
func TestAQuestionThatWaitsIsPromised(t *testing.T) {
	w := newWorld(t)
	w.Carrier.Answer = func(int, outbox.SMS) error {
		return &outbox.Rejection{Reason: "THROTTLED", Throttled: true}
	}
	tok := w.token(her)
	const promise = "We will text you from +12065550100 as soon as we can. Answer YES and you get Example Corp. alerts."
	for range 2 {
		answer := w.post(tok, "action", "save", "on", "alerts")
		wantSays(t, answer, promise)
		if says := says(answer); strings.Contains(says, "Look at your phone") || strings.Contains(says, "did not ask") {
			t.Errorf("the page says %s", says)
		}
	}
	if answer := w.post(tok, "action", "save", "on", "orders", "had", "alerts"); strings.Contains(says(answer), "alerts. Until") {
		t.Errorf("after another choice the page says %s", says(answer))
	}
}

// What was asked for is told once, as asked for; of an answer that went out at the same moment the page knows nothing.
func TestOnlyQuestionsAreTold(t *testing.T) {
	w := newWorld(t)
	answer := w.post(w.token(her), "action", "save", "on", "news")
	wantSays(t, answer, "Look at your phone")
	if strings.Contains(says(answer), "did not ask") {
		t.Errorf("asked and not asked: %s", says(answer))
	}
	w = newWorld(t)
	w.subscribe(her, "alerts")
	w.Means(her, "alerts", keyword.Intent{Kind: keyword.Help})
	if len(w.Carrier.Sent) != 1 {
		t.Fatalf("%d answers to HELP", len(w.Carrier.Sent))
	}
	answer = w.post(w.token(her), "action", "save", "on", "alerts", "had", "alerts")
	wantSays(t, answer, "Nothing was changed.")
}

// What the page showed beside a switch is evidence of a request, and of nothing else.
func TestSwitchingOffShowsNothing(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	before := len(w.Proof(her).Events)
	w.post(w.token(her), "action", "save", "had", "alerts")
	for _, e := range w.Proof(her).Events[before:] {
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
		answer func(w *fixture) *httptest.ResponseRecorder
	}{
		{"shown", 200, func(w *fixture) *httptest.ResponseRecorder { return w.get(w.token(her)) }},
		{"pause", 200, func(w *fixture) *httptest.ResponseRecorder { return w.post(w.token(her), "action", "pause") }},
		{"stop", 200, func(w *fixture) *httptest.ResponseRecorder { return w.post(w.token(her), "action", "stop") }},
		{"invalid", 403, func(w *fixture) *httptest.ResponseRecorder { return w.get("x") }},
		{"invalid", 403, func(w *fixture) *httptest.ResponseRecorder { return w.post("x", "action", "stop") }},
		{"refused", 422, func(w *fixture) *httptest.ResponseRecorder { return w.post(w.token(her), "action", "x") }},
		{"refused", 429, func(w *fixture) *httptest.ResponseRecorder {
			w.handler.Limit = 0
			return w.post(w.token(her), "action", "pause")
		}},
		{"failed", 503, func(w *fixture) *httptest.ResponseRecorder {
			w.Table.Unreadable = map[string]error{"Contact": errBroken}
			return w.get(w.token(her))
		}},
		{"failed", 503, func(w *fixture) *httptest.ResponseRecorder {
			w.Table.Fault = world.Failing("Commit", 1, errBroken)
			return w.post(w.token(her), "action", "pause")
		}},
		{"failed", 503, func(w *fixture) *httptest.ResponseRecorder {
			w.Table.Fault = world.Failing("Allow", 1, errBroken)
			return w.post(w.token(her), "action", "pause")
		}},
	} {
		w := newWorld(t)
		answer := c.answer(w)
		if n := strings.Count(answer.Body.String(), "<!DOCTYPE html>"); answer.Code != c.status || n != 1 {
			t.Errorf("%s: %d, %d pages", c.result, answer.Code, n)
		}
		counted := w.Counted.String()
		if strings.Count(counted, `"PreferencePage":`) != 1 || !strings.Contains(counted, `"PreferencePage":1`) ||
			!strings.Contains(counted, `"result":"`+c.result+`"`) {
			t.Errorf("%s: counted %s", c.result, counted)
		}
		if got := strings.Contains(w.Logged.String(), "preference page failed"); got != (c.result == "failed") {
			t.Errorf("%s: a fault in the log: %t", c.result, got)
		}
	}
}

// Of what a client may send at any length, evidence keeps 256 bytes: enough to know a browser by, and room for years of
// events.
func TestHowMuchOfAHeaderIsKept(t *testing.T) {
	w := newWorld(t)
	r := form("action=pause&t=" + w.token(her))
	r.RemoteAddr = "203.0.113.7"
	r.Header.Set("User-Agent", strings.Repeat("a", 300))
	w.handler.ServeHTTP(httptest.NewRecorder(), r)
	if agent := w.Proof(her).Events[0].Evidence["agent"]; len(agent) != 256 {
		t.Errorf("%d bytes of the agent", len(agent))
	}
}

// A form is read by its content type, which has to be whole.
func TestAContentTypeThatIsHalfOne(t *testing.T) {
	w := newWorld(t)
	for contentType, want := range map[string]int{
		"application/x-www-form-urlencoded":                http.StatusOK,
		"application/x-www-form-urlencoded; charset=UTF-8": http.StatusOK,
		"application/x-www-form-urlencoded; charset":       http.StatusUnsupportedMediaType,
	} {
		r := form("action=pause&t=" + w.token(her))
		r.Header.Set("Content-Type", contentType)
		if answer := w.do(r); answer.Code != want {
			t.Errorf("%s: %d, want %d", contentType, answer.Code, want)
		}
	}
}

// A form has eight kilobytes at most.
func TestTheLongestForm(t *testing.T) {
	w := newWorld(t)
	body := "action=pause&t=" + w.token(her) + "&more="
	for length, want := range map[int]int{8 << 10: http.StatusOK, 8<<10 + 1: http.StatusRequestEntityTooLarge} {
		if answer := w.do(form(body + strings.Repeat("x", length-len(body)))); answer.Code != want {
			t.Errorf("%d bytes: %d, want %d", length, answer.Code, want)
		}
	}
}

// gone opens a link of a brand that programs.yaml has no more.
type gone struct{}

func (gone) Open(string, time.Time) (consent.Key, time.Time, error) {
	return consent.Key{Brand: "gone", Phone: her}, begin.Add(time.Hour), nil
}

func TestALinkOfABrandThatIsNoMore(t *testing.T) {
	w := newWorld(t)
	w.handler.Links = gone{}
	for name, answer := range map[string]*httptest.ResponseRecorder{"page": w.get("x"), "form": w.post("x", "action", "stop")} {
		if answer.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, answer.Code)
		}
		if title := regexp.MustCompile(`<h1>([^<]+)</h1>`).FindStringSubmatch(answer.Body.String()); len(title) < 2 || !strings.Contains(answer.Body.String(), "<title>"+title[1]+"</title>") {
			t.Errorf("%s: the page does not say in its title what it is: %s", name, answer.Body)
		}
	}
}

// What is chosen is on record to the millisecond, as the table keeps it.
func TestAChoiceIsKeptToTheMillisecond(t *testing.T) {
	w := newWorld(t)
	w.SetClock(begin.Add(1_234_567 * time.Nanosecond))
	w.post(w.token(her), "action", "pause")
	if at := w.Proof(her).Events[0].At; !at.Equal(begin.Add(time.Millisecond)) {
		t.Errorf("chosen at %s", at)
	}
}

// Whoever reads the page in Spanish is asked in Spanish, as long as they have not told another language.
func TestTheQuestionIsInThePagesLanguage(t *testing.T) {
	w := newWorld(t)
	r := form("action=save&on=alerts&t=" + w.token(her))
	r.Header.Set("Accept-Language", "es")
	w.do(r)
	if len(w.Carrier.Sent) != 1 || !strings.Contains(w.Carrier.Sent[0].Body, "SI") || strings.Contains(w.Carrier.Sent[0].Body, "YES") {
		t.Errorf("texts: %+v", w.Carrier.Sent)
	}
}

// The page holds its link, so that what is chosen on it can be sent, again and again.
func TestThePageCanBeUsedAgain(t *testing.T) {
	w := newWorld(t)
	w.subscribe(her, "alerts")
	tok := w.token(her)
	for range 2 {
		answer := w.get(tok)
		if n := strings.Count(answer.Body.String(), `<input type="hidden" name="t" value="`+tok+`">`); n != 3 {
			t.Errorf("%d of its three forms hold the link", n)
		}
		answer = w.post(tok, "action", "pause")
		if !strings.Contains(answer.Body.String(), `name="t" value="`+tok+`"`) {
			t.Error("the answer holds no link")
		}
	}
}
