package local_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A person who taps the link of a campaign's text is led on, and counted.
func TestALinkOfACampaignIsFollowed(t *testing.T) {
	w := newWorld(t, nil)
	w.subscribe(her)
	at := w.now().Add(time.Minute)
	const id = "01KB3M8Y5T0QF2Z9W6R7C4X1VN"
	w.campaign(id, "Example Corp.: see {link:https://www.example.com/sale} Reply STOP to opt out.", at, at.Add(time.Hour))
	w.goTo(at.Add(time.Minute))
	short := regexp.MustCompile(`https?://\S+?(/l/\S+)`).FindStringSubmatch(strings.Join(w.screen(her), "\n"))
	if short == nil {
		t.Fatalf("there is no link in %q", w.screen(her))
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+short[1], http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if to := answer.Header.Get("Location"); to != "https://www.example.com/sale" {
		t.Errorf("answered %d, led to %q", answer.StatusCode, to)
	}
	w.goTo(w.now().Add(time.Minute))
	var record struct {
		Messages []struct{ History []struct{ Status string } }
	}
	w.call(http.MethodGet, "/records/"+her+"?brand=example", nil, &record)
	clicked := 0
	for _, m := range record.Messages {
		for _, h := range m.History {
			if h.Status == "clicked" {
				clicked++
			}
		}
	}
	if clicked != 1 {
		t.Errorf("%d clicks are on record, want 1: %+v", clicked, record)
	}
}

// A single text outside the permitted hours waits for them by a schedule of its own, and then goes out.
func TestASingleTextWaitsForItsHour(t *testing.T) {
	w := newWorld(t, nil)
	w.subscribe(her)
	w.goTo(w.now().Add(14 * time.Hour)) // midnight in Seattle
	before := len(w.screen(her))
	var answer struct{ Status string }
	text := map[string]any{
		"id": "table-1", "brand": "example", "topic": "alerts", "phone": her,
		"text": "Example Corp.: your table is ready. Reply STOP to opt out.",
	}
	if code := w.call(http.MethodPost, "/texts", text, &answer); code >= 300 || answer.Status != "deferred" {
		t.Fatalf("answered %d %+v", code, answer)
	}
	if len(w.screen(her)) != before {
		t.Fatal("it did not wait")
	}
	w.goTo(w.now().Add(14 * time.Hour))
	if len(w.screen(her)) != before+1 {
		t.Errorf("her screen shows %d texts, want %d", len(w.screen(her)), before+1)
	}
}
