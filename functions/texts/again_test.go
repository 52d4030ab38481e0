package texts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/request"
	"smsconsent/shared/testkit/world"
)

// wakes has the schedule of her text fire.
func (w *fixture) wakes(id string) error {
	return w.Attempt(fmt.Sprintf(`{"brand":"example","phone":%q,"text":%q}`, her, id))
}

// taking asks for a text to be taken back.
func (w *fixture) taking(id, query string) (int, string) {
	w.T.Helper()
	return w.call(http.MethodDelete, "/texts/"+id, query, "", shop)
}

const named = "brand=example&phone=%2B12065550142"

// A text that waited is answered by what became of it, also when its claim is long forgotten, and while nobody has
// written down yet what did.
func TestHowATextStandsThatWaited(t *testing.T) {
	for name, tc := range map[string]struct {
		lives func(w *fixture)
		want  texts.Answer
		taken int // what is answered to taking it back
	}{
		"it went, and its claim is forgotten": {func(w *fixture) {
			w.RunOut()
			w.Alter(her, func(c *consent.Contact) { c.Claims = nil })
		}, texts.Answer{First: texts.Sent, Delivery: consent.Sent}, http.StatusConflict},
		"it goes this moment": {func(w *fixture) {
			w.goesUnrecorded()
		}, texts.Answer{First: texts.Sent}, http.StatusConflict},
		"it was refused": {func(w *fixture) {
			w.Alter(her, func(c *consent.Contact) { c.Health.Undeliverable = true })
			w.RunUntil(opening.Add(time.Minute))
		}, texts.Answer{First: texts.Refused, Rule: "deliverable"}, http.StatusConflict},
	} {
		w := waiting(t, stores.Memory(t))
		tc.lives(w)
		a := w.post(news())
		if a.Status != texts.Duplicate || a.First != tc.want.First || a.Delivery != tc.want.Delivery || a.Rule != tc.want.Rule || a.Until != nil {
			t.Errorf("%s: %+v", name, a)
		}
		if why := a.Because + a.Citation; (why == "") != (tc.want.Rule == "") || (a.Message == "") != (tc.want.First != texts.Sent) {
			t.Errorf("%s: %+v", name, a)
		}
		if code, said := w.taking("news-1", named); code != tc.taken {
			t.Errorf("%s, taken back: %d %s", name, code, said)
		}
	}
}

// A text that waits is kept as it was asked for, and goes as such: with the name by which other channels know its
// content, and under the consent there was.
func TestWhatIsKeptOfATextThatWaits(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.StandStill()
	w.GoTo(tonight)
	end := opening.Add(3 * time.Hour)
	w.post(news().With("content", "spring-sale").With("expires", end.Format(time.RFC3339)))
	d := w.kept("news-1")
	want := consent.Deferred{
		Key: consent.Key{Brand: "example", Phone: her}, Ref: "news-1", ID: d.ID, Topic: "alerts", Body: "Example Corp.: Open today until nine.",
		Shared: "spring-sale", Expires: end, Proof: w.Contact(her).Subs["alerts"].Proof, State: consent.Waits, Until: opening,
		Rule: "permitted-hours", Because: d.Because, Turn: 1,
	}
	if diff := cmp.Diff(want, d); diff != "" || d.ID == "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	w.Alter(her, func(c *consent.Contact) {
		c.Touches = []consent.Touch{{At: opening.Add(-time.Hour), Channel: "email", Content: "spring-sale"}}
	})
	w.GoTo(opening)
	if err := w.wakes("news-1"); err != nil || len(w.Carrier.Sent) > 0 || w.kept("news-1").Rule != "cross-channel" {
		t.Errorf("%v, %d texts; kept %+v", err, len(w.Carrier.Sent), w.kept("news-1"))
	}
}

// Of two that ask at once for one text that waits the first is kept, and the second hears how that one stands.
func TestTheSecondToAskForATextThatWaits(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.GoTo(tonight)
	w.Table.Fault = func(op string, done bool) error {
		if op == "SaveDeferred" && !done {
			w.Table.Fault = nil
			if a := w.post(news()); a.Status != texts.Deferred {
				t.Errorf("the first: %+v", a)
			}
		}
		return nil
	}
	if a := w.post(news()); a.Status != texts.Duplicate || a.First != texts.Deferred || a.Until == nil || !a.Until.Equal(opening) {
		t.Errorf("the second: %+v", a)
	}
}

// A text goes at its very instant, and not a moment before.
func TestTheInstantOfATextsHour(t *testing.T) {
	for early, want := range map[time.Duration]int{0: 1, time.Millisecond: 0} {
		w := waiting(t, stores.Memory(t))
		w.StandStill()
		w.SetClock(opening.Add(-early))
		if err := w.wakes("news-1"); err != nil || len(w.Carrier.Sent) != want {
			t.Errorf("%s before its hour: %v, %d texts, want %d", early, err, len(w.Carrier.Sent), want)
		}
	}
}

// At the very end of its time a text is stuck, and a moment before it is not.
func TestTheInstantATextIsStuck(t *testing.T) {
	for early, want := range map[time.Duration]int{0: 1, time.Millisecond: 0} {
		w := waiting(t, stores.Memory(t))
		w.StandStill()
		d := w.kept("news-1")
		w.SetClock(d.Expires.Add(-early))
		if err := w.wakes("news-1"); err != nil || w.Count("TextStuck") != want || len(w.Carrier.Sent) > 0 {
			t.Errorf("%s before its end: %v, told of %d, %d texts", early, err, w.Count("TextStuck"), len(w.Carrier.Sent))
		}
	}
}

// What of a text that waits cannot be understood is told, and does not go.
func TestATextWhoseIDCannotBeRead(t *testing.T) {
	w := waiting(t, stores.Memory(t))
	d := w.kept("news-1")
	d.ID = "none"
	if _, err := w.Table.SaveDeferred(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	w.GoTo(opening)
	if err := w.wakes("news-1"); err == nil || len(w.Carrier.Sent) > 0 {
		t.Errorf("%v, %d texts", err, len(w.Carrier.Sent))
	}
}

// I3: a text that was on its way when she said STOP went, for all that is known, and is on record as that.
func TestASTOPWhileATextLeaves(t *testing.T) {
	w := waiting(t, stores.Memory(t))
	w.goesUnrecorded()
	w.Says(her, "alerts", keyword.OptOut)
	w.Pass(outbox.LostAfter)
	if err := w.wakes("news-1"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"unconfirmed"}, heads(w.statuses("news-1"))); diff != "" || w.kept("news-1").State != consent.Went {
		t.Errorf("kept as %s; on record (-want +got):\n%s", w.kept("news-1").State, diff)
	}
}

func heads(said []string) (all []string) {
	for _, s := range said {
		head, _, _ := strings.Cut(s, ":")
		all = append(all, head)
	}
	return all
}

// What ends a text at its hour is on record once: by the carrier as the carrier's, and where the record fails, by the
// next try, before which the text has not ended.
func TestTheEndOfATextIsOnRecordOnce(t *testing.T) {
	w := waiting(t, stores.Memory(t))
	w.Carrier.Answer = func(int, outbox.SMS) error { return &outbox.Rejection{Reason: "INVALID_CONTENT"} }
	w.RunOut()
	if diff := cmp.Diff([]string{"rejected"}, heads(w.statuses("news-1"))); diff != "" || w.kept("news-1").State != consent.Refused {
		t.Errorf("refused by the carrier: %s (-want +got):\n%s", w.kept("news-1").State, diff)
	}
	w = waiting(t, stores.Memory(t))
	w.Alter(her, func(c *consent.Contact) { c.Health.Undeliverable = true })
	w.GoTo(opening)
	w.Table.Fault = world.Failing("Record", 1, errors.New("broken"))
	if err := w.wakes("news-1"); err == nil || !openStill(w) {
		t.Errorf("its record failed: %v, kept %+v", err, w.kept("news-1"))
	}
	w.Table.Fault = nil
	if err := w.wakes("news-1"); err != nil || openStill(w) {
		t.Errorf("%v, kept %+v", err, w.kept("news-1"))
	}
	if diff := cmp.Diff([]string{"withheld"}, heads(w.statuses("news-1"))); diff != "" {
		t.Errorf("refused by the gate (-want +got):\n%s", diff)
	}
}

func openStill(w *fixture) bool {
	d := w.kept("news-1")
	return d.Open()
}

// Where programs.yaml loses the brand while a text waits, or the topic, the text ends at its hour and can be taken back
// before.
func TestATextOfABrandThatIsGone(t *testing.T) {
	for _, gone := range []consent.Deferred{
		{Key: consent.Key{Brand: "gone", Phone: her}, Topic: "alerts"}, {Key: world.Key(her), Topic: "gone"},
	} {
		for _, takes := range []bool{false, true} {
			w := newWorld(t, stores.Memory(t))
			gone.Ref, gone.ID, gone.Expires = "news-1", "01KB3M8Y5T0QF2Z9W6R7C4X1VQ", noon.Add(time.Hour)
			if _, err := w.Table.SaveDeferred(t.Context(), gone.Waiting(noon, "paused", "a pause")); err != nil {
				t.Fatal(err)
			}
			want := consent.Refused
			if takes {
				want = consent.Withdrawn
				if code, said := w.taking("news-1", ""); code != http.StatusOK {
					t.Errorf("%s/%s: %d %s", gone.Brand, gone.Topic, code, said)
				}
			} else if err := w.Attempt(fmt.Sprintf(`{"brand":%q,"phone":%q,"text":"news-1"}`, gone.Brand, her)); err != nil {
				t.Errorf("%s/%s: %v", gone.Brand, gone.Topic, err)
			}
			if _, d, err := w.Table.ContactAndDeferred(t.Context(), gone.Key, "news-1"); err != nil || d.State != want || len(w.Carrier.Sent) > 0 {
				t.Errorf("%s/%s: %v, kept %+v", gone.Brand, gone.Topic, err, d)
			}
		}
	}
}

// A text is taken back by its person in whatever way the number is written: with its plus, with the space that forms
// make of it, and without country code, as one of the brand's region. The answer says what was done.
func TestTakingBackByAnyNumber(t *testing.T) {
	const french = phone.Number("+33612345678")
	for query, who := range map[string]phone.Number{
		named: her, "brand=example&phone=+12065550142": her, "brand=example&phone=2065550142": her,
		"brand=example&phone=+33612345678": french, "brand=example&phone=%2B33612345678": french, "": french,
	} {
		w := newWorld(t, stores.Memory(t))
		d := consent.Deferred{
			Key: world.Key(who), Ref: "news-1", ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VQ", Topic: "alerts", Body: "Hi", Expires: noon.Add(time.Hour),
		}
		if _, err := w.Table.SaveDeferred(t.Context(), d.Waiting(noon.Add(time.Minute), "paused", "a pause")); err != nil {
			t.Fatal(err)
		}
		code, said := w.taking("news-1", query)
		var got texts.Answer
		if err := json.Unmarshal([]byte(said), &got); err != nil || code != http.StatusOK {
			t.Errorf("%q: %d %s", query, code, said)
		}
		want := texts.Answer{Status: texts.Withdrawn, ID: "news-1", Because: "withdrawn by whoever asked for it"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
		if m := w.Record(who).Messages; m[len(m)-1].Status != consent.Withheld || m[len(m)-1].ID != d.ID {
			t.Errorf("%q: on record %+v", query, m)
		}
	}
}

// Of a brand that is named its own text is found, however many of others wait under the same ID.
func TestTakingBackAmongManyBrands(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for i := range 12 {
		d := consent.Deferred{Ref: "news-1", ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VQ", Topic: "alerts", Expires: noon.Add(time.Hour)}
		d.Key = world.Key(phone.Number(fmt.Sprintf("+1206555%04d", 200+i)))
		if i == 11 {
			d.Brand, d.Topic = "examplecafe", "specials"
		}
		if _, err := w.Table.SaveDeferred(t.Context(), d.Waiting(noon.Add(time.Minute), "paused", "a pause")); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]int{"": http.StatusConflict, "brand=example": http.StatusConflict, "brand=nobody": http.StatusNotFound, "brand=examplecafe": http.StatusOK} {
		if code, said := w.taking("news-1", query); code != want {
			t.Errorf("%q: %d %s, want %d", query, code, said, want)
		}
	}
}

// Of two who have a say about a text at once the first is right: who takes it back too late is told so.
func TestTakingBackAtTheLastMoment(t *testing.T) {
	w := waiting(t, stores.Memory(t))
	w.Table.Fault = world.Failing("SaveDeferred", 1, table.ErrConflict)
	if code, said := w.taking("news-1", named); code != http.StatusConflict || !strings.Contains(said, "on its way") {
		t.Errorf("%d %s", code, said)
	}
}

// Who is told that something went wrong on our side is told when to try again.
func TestWhenToTryAgain(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.Table.Unreadable = map[string]error{"ContactAndDeferred": errors.New("broken")}
	raw, err := json.Marshal(request.Call{
		Method: http.MethodPost, Path: "/texts", Type: "application/json", Body: shipped().String(), Caller: shop,
	}.Event())
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.handler.Invoke(t.Context(), raw)
	var answer events.APIGatewayV2HTTPResponse
	if err := errors.Join(err, json.Unmarshal(out, &answer)); err != nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Fatalf("%v: %s", err, out)
	}
	if after := answer.Headers["Retry-After"] + strings.Join(answer.MultiValueHeaders["Retry-After"], ""); after != "60" {
		t.Errorf("after %q: %s", after, out)
	}
}

// goesUnrecorded sends the waiting text at its hour, and ends the function before the text is on record.
func (w *fixture) goesUnrecorded() {
	w.GoTo(opening)
	w.Table.Fault = func(op string, _ bool) error {
		if op == "Record" {
			panic(world.Killed{})
		}
		return nil
	}
	survive(func() { _ = w.wakes("news-1") })
	w.Table.Fault = nil
}
