package optin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/optin"
	"smsconsent/shared/core/phone"
	kit "smsconsent/shared/testkit/wired"
)

// Each thing that may be wrong with a phone is told in words of its own, so that people know what to mend.
func TestEachMistakeOfAPhoneHasItsWords(t *testing.T) {
	said := map[string]string{} // by what is said: the phone it is said of
	for _, typed := range []string{
		"",                               // nothing
		strings.Repeat("2065550142 ", 9), // more than one number
		"call me",                        // signs
		"+999 123 456 789",               // a country code there is not
		"206 555",                        // not ten digits
		"206 155 0142",                   // digits no phone has
	} {
		w := newWorld(t)
		answer := w.postJSON(signUp(map[string]any{"phone": typed}))
		var refused struct {
			Error struct{ Field, Message string }
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &refused); err != nil || answer.Code != http.StatusUnprocessableEntity || refused.Error.Field != "phone" {
			t.Errorf("%q: %d %s", typed, answer.Code, answer.Body)
		}
		if other, again := said[refused.Error.Message]; again || refused.Error.Message == "" {
			t.Errorf("%q is told %q, as %q is", typed, refused.Error.Message, other)
		}
		said[refused.Error.Message] = typed
	}
	w := newWorld(t)
	if one, two := w.postJSON(signUp(map[string]any{"phone": "206+5550142"})), w.postJSON(signUp(map[string]any{"phone": strings.Repeat("1", 200)})); one.Body.String() != two.Body.String() {
		t.Errorf("%s\n%s", one.Body, two.Body)
	}
}

// The form offers every state and territory whose hours may differ, each once and by its own name.
func TestTheFormOffersEveryState(t *testing.T) {
	w := newWorld(t)
	page := w.get("/opt-in?brand=example").Body.String()
	const all = "AL AK AS AZ AR CA CO CT DE DC FL GA GU HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND MP OH OK OR " +
		"PA PR RI SC SD TN TX VI UT VT VA WA WV WI WY"
	names := map[string]bool{}
	for _, state := range strings.Fields(all) {
		_, behind, ok := strings.Cut(page, `value="`+state+`"`)
		if !ok {
			t.Errorf("%s is not offered", state)
			continue
		}
		_, behind, _ = strings.Cut(behind, ">")
		name, _, _ := strings.Cut(behind, "<")
		if names[name] || len(name) < 4 {
			t.Errorf("%s is called %q", state, name)
		}
		names[name] = true
		if _, err := phone.Locate(seattle, phone.Told{State: state}); err != nil {
			t.Errorf("%s: %v", state, err)
		}
	}
}

// Where nobody has to be asked nothing waits for the morning: who is on the list hears so at night as well.
func TestWhoNeedNotBeAskedIsAnsweredAtNight(t *testing.T) {
	w := newBackend(t)
	w.Subscribe(seattle, midday.AddDate(0, 0, -2), "alerts")
	w.SetClock(midday.Add(11 * time.Hour))
	got := w.post(t, onPaper(nil))
	if got.code != http.StatusOK || got.Status != "subscribed" {
		t.Errorf("%+v", got)
	}
}

// A score that programs.yaml asks for is asked for.
func TestTheScoreOfACaptcha(t *testing.T) {
	h, _, err := wired(t, "{provider: recaptcha, site_key: 6LeIxAcTAAA, min_score: 0.5}")
	if err != nil || !strings.Contains(fmt.Sprintf("%+v", h.Captcha), "MinScore:0.5") {
		t.Errorf("%+v, %v", h, err)
	}
}

// A handler that lacks anything is none.
func TestAHandlerThatLacksSomething(t *testing.T) {
	if h, err := optin.New(optin.Config{}); err == nil || h != nil {
		t.Errorf("%+v, %v", h, err)
	}
}

// Of several topics the answer begins with what was done: one that is asked about now comes before one that waits.
func TestOneTopicWaitsAndAnotherIsAsked(t *testing.T) {
	w := newBackend(t)
	if got := w.post(t, onPaper(nil)); got.Status != "asked" {
		t.Fatalf("%+v", got)
	}
	w.Pass(time.Hour)
	got := w.post(t, onPaper(map[string]any{"topics": []string{"alerts", "orders"}}))
	if got.code != http.StatusAccepted || got.Status != "asked" || got.Topics["alerts"] != "waiting" || got.Topics["orders"] != "asked" {
		t.Errorf("%+v", got)
	}
	w.Pass(time.Hour)
	got = w.post(t, onPaper(map[string]any{"topics": []string{"alerts", "orders"}}))
	if got.code != http.StatusAccepted || got.Status != "waiting" {
		t.Errorf("again: %+v", got)
	}
}

// A field of another kind is told by its name and by what it has to be.
func TestAFieldOfAnotherKind(t *testing.T) {
	for field, tc := range map[string]struct {
		value any
		says  string
	}{
		"topics": {"alerts", "must be a list of strings, not a string"},
		"phone":  {7, "must be a string, not a number"},
		"altcha": {7, "must be a string"},
	} {
		w := newWorld(t)
		answer := w.postJSON(signUp(map[string]any{field: tc.value}))
		if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), tc.says) || !strings.Contains(answer.Body.String(), field) {
			t.Errorf("%s: %d %s", field, answer.Code, answer.Body)
		}
	}
}

// The function starts with all it takes, and not without the key of its own puzzles.
func TestWireTakesAllItNeeds(t *testing.T) {
	kit.Whole(t, optin.Wire, optin.New, "ledger_key_parameter", "captcha_key_parameter")
}

// A form that is wrong as a whole is told so without a field in front of it.
func TestAFormThatIsWrongAsAWhole(t *testing.T) {
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "/opt-in", strings.NewReader("phone=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := w.do(r)
	if body := answer.Body.String(); answer.Code != http.StatusBadRequest || !strings.Contains(body, "the form is not properly encoded") ||
		strings.Contains(body, ": the form is not") {
		t.Errorf("%d %s", answer.Code, body)
	}
}

// Who signed up for one program opens one text; who did for two, each of them.
func TestHowManyTextsAreToBeOpened(t *testing.T) {
	pages := map[int]string{}
	for n, topics := range map[int][]string{1: {"alerts"}, 2: {"alerts", "orders"}} {
		w := newWorld(t)
		form := fields(nil)
		form["topics"] = topics
		answer := w.postForm(form)
		if pages[n] = answer.Body.String(); answer.Code != http.StatusAccepted || len(w.Carrier.Sent) != n {
			t.Errorf("%d topics: %d, %d texts", n, answer.Code, len(w.Carrier.Sent))
		}
	}
	if strings.Contains(pages[1], "each") || !strings.Contains(pages[2], "each") {
		t.Errorf("%s\n\n%s", pages[1], pages[2])
	}
}

// A fault of ours is logged, and the caller is asked to try again.
func TestARequestThatFailsIsLogged(t *testing.T) {
	w := newBackend(t)
	w.Unanswered = func(string) error { return errBroken }
	got := w.post(t, onPaper(nil))
	if got.code != http.StatusServiceUnavailable || got.header["Retry-After"] != "60" || !strings.Contains(w.Logged.String(), "request failed") {
		t.Errorf("%+v: %s", got, &w.Logged)
	}
}
