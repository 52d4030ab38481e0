package link

import (
	"encoding/json"
	"time"

	"smsconsent/shared/core/phone"
)

// Click is a short link that was followed.
type Click struct {
	Brand    string       `json:"brand"`
	Phone    phone.Number `json:"phone"`
	Campaign string       `json:"campaign"`
	Topic    string       `json:"topic"`
	Place    int          `json:"place"` // of the link in the text, from 0
	At       time.Time    `json:"at"`
}

// Clicked is a click as it is queued, beside delivery events.
type Clicked struct {
	Click *Click `json:"click"`
}

// ReadClick reads a queued click. It reports false for anything else.
func ReadClick(body string) (Click, bool) {
	var c Clicked
	if err := json.Unmarshal([]byte(body), &c); err != nil || c.Click == nil {
		return Click{}, false
	}
	return *c.Click, true
}
