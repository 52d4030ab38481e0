package texts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/texts"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

// What is wrong with a request shows before anybody is looked up, whether a text is to go or it is only asked about.
func TestAMistakeCostsNoRead(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for name, tc := range map[string]struct {
		what  body
		field string
		may   string // the field where it is only asked; empty for no mistake there
	}{
		"no such brand":          {shipped().With("brand", "nobody"), "brand", "brand"},
		"no such topic":          {shipped().With("topic", "nothing"), "topic", "topic"},
		"a phone that is none":   {shipped().With("phone", "x"), "phone", ""},
		"an ID that is none":     {shipped().With("id", "a b"), "id", ""},
		"a field without an end": {shipped().With("text", "Hi {first_name"), "text", ""},
		"no words":               {shipped().With("text", ""), "text", ""},
		"a field that sells": {
			shipped().With("text", nil).With("template", "shipped").With("fields", map[string]string{"order": "4711: 50% OFF everything"}),
			"fields", "",
		},
		"a time that is over": {shipped().With("expires", "2026-11-01T20:00:00Z"), "expires", ""},
		"a time that is none": {shipped().With("expires", "tomorrow"), "expires", ""},
		"content with spaces": {shipped().With("content", "spring sale"), "content", ""},
		"somebody who answers for marketing": {
			shipped().With("topic", "alerts").With("text", "Example Corp.: news").With("not_marketing", "Ana Perez"),
			"not_marketing", "not_marketing",
		},
		"nobody who answers": {shipped().With("not_marketing", "Ana\nPerez"), "not_marketing", "not_marketing"},
	} {
		w.Bill.Take()
		code, said := w.call(http.MethodPost, "/texts", "", tc.what.String(), shop)
		var refused struct{ Error gateway.Refusal }
		if err := json.Unmarshal([]byte(said), &refused); err != nil || code != http.StatusBadRequest || refused.Error.Field != tc.field {
			t.Errorf("%s: %d %s", name, code, said)
		}
		if name == "a time that is none" && !strings.Contains(refused.Error.Message, "such as 2026-12-02T20:00:") {
			t.Errorf("%s: %s", name, said)
		}
		if tc.may != "" {
			code, said = w.call(http.MethodPost, "/may", "", tc.what.With("id", nil).String(), shop)
			if err := json.Unmarshal([]byte(said), &refused); err != nil || code != http.StatusBadRequest || refused.Error.Field != tc.may {
				t.Errorf("%s, may: %d %s", name, code, said)
			}
		}
		if calls, _ := w.Bill.Take(); len(calls) > 0 {
			t.Errorf("%s: it asked %v", name, calls)
		}
	}
}

// A request may have 16 KiB, an ID 64 characters, and a text a minute at least and thirty days at most: exactly so much
// is taken, and nothing beyond it.
func TestExactlyAsMuchAsIsTaken(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.StandStill()
	sized := func(what body, more int) string {
		return what.String() + strings.Repeat(" ", 16<<10+more-len(what.String()))
	}
	within := func(d time.Duration) string {
		return shipped().With("id", d.String()).With("expires", noon.Add(d).Format(time.RFC3339Nano)).String()
	}
	named := func(n int) string { return shipped().With("id", strings.Repeat("a", n)).String() }
	const month = 30 * 24 * time.Hour
	for _, tc := range []struct{ path, last, beyond string }{
		{"/texts", sized(shipped(), 0), sized(shipped(), 1)},
		{"/may", sized(whether(her), 0), sized(whether(her), 1)},
		{"/texts", named(64), named(65)},
		{"/texts", within(time.Minute), within(time.Minute - time.Millisecond)},
		{"/texts", within(month), within(month + time.Millisecond)},
	} {
		if code, said := w.call(http.MethodPost, tc.path, "", tc.last, shop); code != http.StatusOK {
			t.Errorf("%s %.200s: %d %s", tc.path, tc.last, code, said)
		}
		if code, said := w.call(http.MethodPost, tc.path, "", tc.beyond, shop); code != http.StatusBadRequest && code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s %.200s: %d %s", tc.path, tc.beyond, code, said)
		}
	}
}

// A text that says nothing of its time has a day: its hour may come until a minute before that is over. Which of the
// two keeps it, its end or the minute before, is told.
func TestTheLastHourATextMayWaitFor(t *testing.T) {
	const aDay = 24 * time.Hour
	for wait, tells := range map[time.Duration]string{
		aDay - time.Minute: "", aDay - time.Minute + time.Millisecond: "could arrive", aDay - time.Millisecond: "could arrive", aDay: "may go",
	} {
		w := newWorld(t, stores.Memory(t))
		w.StandStill()
		w.pauses(noon.Add(wait))
		a := w.post(news())
		if (a.Status == texts.Deferred) != (tells == "") || !strings.HasSuffix(strings.TrimSuffix(a.Because, ", less than a minute after it may go"), tells) {
			t.Errorf("in %s: %+v", wait, a)
		}
	}
}

// The carrier has no room, and again: the text is tried a minute later, and then at half of the time it waits already,
// for each try is on record.
func TestTriesBecomeRarer(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.Carrier.Answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "THROTTLED", Throttled: true} }
	asked := w.Clock()
	if a := w.post(shipped()); a.Status != texts.Deferred || a.Until == nil || a.Until.Sub(asked).Round(time.Minute) != time.Minute {
		t.Fatalf("%+v", a)
	}
	for range 8 {
		d := w.kept("order-4711")
		w.GoTo(d.Until.Add(time.Second))
		if err := w.Attempt(fmt.Sprintf(`{"brand":"example","phone":%q,"text":"order-4711"}`, her)); err != nil {
			t.Fatal(err)
		}
		tried := w.Clock().Sub(asked)
		wait := w.kept("order-4711").Until.Sub(w.Clock())
		if want := max(time.Minute, tried/2); wait < want-5*time.Second || wait > want+5*time.Second {
			t.Errorf("after %s it is tried again in %s, want %s", tried, wait, want)
		}
	}
}

// A text that ended is not taken back, and it is told how it ended; one that was neither sent nor ended in time is told
// of once.
func TestATextThatEnded(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.pauses(noon.Add(3 * time.Hour))
	w.post(shipped().With("topic", "alerts").With("text", "Example Corp.: news").With("expires", noon.Add(4*time.Hour).Format(time.RFC3339)))
	w.GoTo(noon.Add(5 * time.Hour))
	if err := w.Attempt(fmt.Sprintf(`{"brand":"example","phone":%q,"text":"order-4711"}`, her)); err != nil {
		t.Fatal(err)
	}
	if n := w.Count("TextStuck"); n != 1 || !strings.Contains(w.Logged.String(), "neither sent nor ended in time") {
		t.Errorf("told of %d times", n)
	}
	code, said := w.call(http.MethodDelete, "/texts/order-4711", "brand=example&phone=%2B12065550142", "", shop)
	if code != http.StatusConflict || !strings.Contains(said, "the text has ended: ") {
		t.Errorf("%d %s", code, said)
	}
}

// A text has a minute at least and thirty days at most; whether it is asked for or waits until close to its end.
func TestHowLongATextMayTake(t *testing.T) {
	for after, taken := range map[time.Duration]bool{
		59 * time.Second: false, time.Minute + time.Second: true, 30 * 24 * time.Hour: true, 30*24*time.Hour + time.Minute: false,
	} {
		w := newWorld(t, stores.Memory(t))
		code, said := w.call(http.MethodPost, "/texts", "", shipped().With("expires", w.Clock().Add(after).Format(time.RFC3339Nano)).String(), shop)
		if (code == http.StatusOK) != taken {
			t.Errorf("%s: %d %s", after, code, said)
		}
	}
	for after, want := range map[time.Duration]texts.Status{59 * time.Second: texts.Refused, time.Minute + time.Second: texts.Deferred} {
		w := newWorld(t, stores.Memory(t))
		w.pauses(noon.Add(3 * time.Hour))
		a := w.post(shipped().With("topic", "alerts").With("text", "Example Corp.: news").With("expires", noon.Add(3*time.Hour+after).Format(time.RFC3339)))
		if a.Status != want {
			t.Errorf("%s behind its hour: %+v", after, a)
		}
	}
}

// A schedule that fires before a text's time does nothing, and one on time tells of nothing that is stuck.
func TestAScheduleBeforeItsTime(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.pauses(noon.Add(3 * time.Hour))
	w.post(shipped().With("topic", "alerts").With("text", "Example Corp.: news").With("expires", noon.Add(9*time.Hour).Format(time.RFC3339)))
	woken := fmt.Sprintf(`{"brand":"example","phone":%q,"text":"order-4711"}`, her)
	before := w.kept("order-4711")
	if err := w.Attempt(woken); err != nil || w.kept("order-4711") != before || w.Carrier.Calls > 0 {
		t.Errorf("%v: %+v, %d texts", err, w.kept("order-4711"), w.Carrier.Calls)
	}
	w.GoTo(noon.Add(3*time.Hour + time.Minute))
	if err := w.Attempt(woken); err != nil || w.Carrier.Calls != 1 || w.Count("TextStuck") != 0 {
		t.Errorf("%v: %d texts, stuck %d", err, w.Carrier.Calls, w.Count("TextStuck"))
	}
}

// What is kept of a person makes no text go that its sender could not write, such as one that sells only together.
func TestAKeptValueThatSells(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	if _, err := w.Table.SetAttributes(t.Context(), world.Key(her), map[string]string{"size": "50%"}); err != nil {
		t.Fatal(err)
	}
	code, said := w.call(http.MethodPost, "/texts", "", shipped().With("text", "Your shirt is {size} off the shelf.").String(), shop)
	if code != http.StatusBadRequest || !strings.Contains(said, "advertisement") || w.Carrier.Calls > 0 {
		t.Errorf("%d %s, %d texts", code, said, w.Carrier.Calls)
	}
}

// At the very end of its time a text that waits is over, asked for once more.
func TestTheEndOfATextsTime(t *testing.T) {
	for before, want := range map[time.Duration]texts.Status{0: texts.Refused, time.Second: texts.Deferred} {
		w := newWorld(t, stores.Memory(t))
		w.pauses(noon.Add(3 * time.Hour))
		it := shipped().With("topic", "alerts").With("text", "Example Corp.: news")
		end := noon.Add(4 * time.Hour)
		w.post(it.With("expires", end.Format(time.RFC3339)))
		w.StandStill()
		w.SetClock(end.Add(-before))
		if a := w.post(it); a.Status != texts.Duplicate || a.First != want {
			t.Errorf("%s before its end: %+v", before, a)
		}
	}
}

// Of two that ask at once for one text the second becomes what the first did; where that cannot be read it comes again.
func TestAFirstThatCannotBeRead(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.pauses(noon.Add(3 * time.Hour))
	w.Table.Fault = func(op string, done bool) error {
		if op != "SaveDeferred" || done {
			return nil
		}
		w.Table.Unreadable = map[string]error{"ContactAndDeferred": errors.New("no answer")}
		return table.ErrConflict
	}
	if n := w.queued(noon, shipped().With("topic", "alerts").With("text", "Example Corp.: news").String()); n != 1 {
		t.Errorf("%d messages failed: it passes for done", n)
	}
}
