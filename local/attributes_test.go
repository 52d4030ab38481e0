package local_test

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

// What a shop tells of a person, with a sign-up or later, stands in a campaign's text and in a text to them, and on
// their record; who is not known by name reads the words behind the bar.
func TestAPersonIsCalledByName(t *testing.T) {
	on(t, func(t *testing.T, w *world) {
		const him, bo = "+12065550143", "+12065550144"
		w.subscribe(her)
		w.subscribe(him)
		var answer struct{ Status, Attributes string }
		w.call(http.MethodPost, "/requests", map[string]any{
			"brand": "example", "topics": []string{"alerts"}, "phone": bo, "attributes": map[string]string{"first_name": "Bo"},
			"evidence": map[string]string{"at": w.now().Format(time.RFC3339), "source": "checkout"},
		}, &answer)
		if answer.Status != "asked" || answer.Attributes != "" {
			t.Fatalf("the request is answered %+v", answer)
		}
		w.says(bo, "YES")
		ana := map[string]any{"brand": "example", "phone": her, "attributes": map[string]string{"first_name": "Ana"}}
		if code := w.call(http.MethodPost, "/attributes", ana, &answer); code != http.StatusOK || answer.Status != "kept" {
			t.Fatalf("answered %d %+v", code, answer)
		}
		at := w.now().Add(time.Minute)
		w.campaign("01KB3M8Y5T0QF2Z9W6R7C4X1VN", "Example Corp.: hi {first_name|there}! Reply STOP to opt out.", at, at.Add(time.Hour))
		w.goTo(at.Add(time.Minute))
		for phone, name := range map[string]string{her: "Ana", him: "there", bo: "Bo"} {
			if want := "Example Corp.: hi " + name + "! Reply STOP to opt out."; !slices.Contains(w.screen(phone), want) {
				t.Errorf("%s reads %q, want %q", phone, w.screen(phone), want)
			}
		}
		w.goTo(at.Add(48 * time.Hour)) // two promotional texts have a gap between them
		text := map[string]any{"brand": "example", "topic": "alerts", "phone": her, "text": "Example Corp.: your table is ready, {first_name|dear guest}."}
		if code := w.call(http.MethodPost, "/texts", text, &answer); code != http.StatusOK || answer.Status != "sent" {
			t.Errorf("a text to her is answered %d %+v", code, answer)
		}
		if count(w.screen(her), "your table is ready, Ana.") != 1 {
			t.Errorf("she reads %q", w.screen(her))
		}
		var record struct{ Attributes map[string]string }
		if w.call(http.MethodGet, "/records/"+her, nil, &record); record.Attributes["first_name"] != "Ana" {
			t.Errorf("on record is %v", record.Attributes)
		}
	})
}
