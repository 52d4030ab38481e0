package link_test

import (
	"encoding/json"
	"testing"
	"time"

	"smsconsent/shared/edge/link"
)

// Clicks are queued beside delivery events: a click is read as it was queued, and nothing else passes for one.
func TestReadClick(t *testing.T) {
	click := link.Click{
		Brand: "example", Phone: "+12065550142", Campaign: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Topic: "alerts", Place: 1,
		At: time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC),
	}
	queued, err := json.Marshal(link.Clicked{Click: &click})
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := link.ReadClick(string(queued)); !ok || got != click {
		t.Errorf("%+v, %t", got, ok)
	}
	for _, other := range []string{"", "{", `{"eventType":"TEXT_DELIVERED"}`, `{"click":null}`, `{"click":{"brand":"example","place":"first"}}`, string(queued) + "x"} {
		if got, ok := link.ReadClick(other); ok || got != (link.Click{}) {
			t.Errorf("%q passes for %+v", other, got)
		}
	}
}
