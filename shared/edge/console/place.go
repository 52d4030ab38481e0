package console

import (
	"errors"
	"fmt"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

// PlaceState is where a phone may be, and whether it may get a promotional text of the brand now.
type PlaceState struct {
	Phone     string     `json:"phone"`
	Places    []string   `json:"places"` // such as US-WA
	Zones     []string   `json:"zones"`  // IANA names, each once
	Permitted bool       `json:"permitted"`
	Opens     *time.Time `json:"opens,omitempty"`   // next permitted time; nil where permitted now, or not within two weeks
	Closes    *time.Time `json:"closes,omitempty"`  // end of the permitted time; nil where not permitted now
	Problem   string     `json:"problem,omitempty"` // why the phone never gets promotional texts
}

// Place returns where a phone may be as the gate sees it: by its number, and by what its owner told the brand.
func (c *Console) Place(contact *consent.Contact) (PlaceState, error) {
	st := PlaceState{Phone: c.displayed(contact.Phone), Places: []string{}, Zones: []string{}}
	area, err := phone.Locate(contact.Phone, contact.Told)
	if errors.Is(err, phone.ErrUnknownPlace) {
		st.Problem = "nobody knows where this phone is, so nothing is sent there"
		return st, nil
	}
	if err != nil {
		return st, fmt.Errorf("locate phone: %w", err)
	}
	places, err := area.Places()
	if err != nil {
		return st, fmt.Errorf("read places: %w", err)
	}
	st.Places = names(places)
	seen := map[string]bool{}
	for _, p := range places {
		for _, z := range p.Zones {
			if !seen[z] {
				st.Zones, seen[z] = append(st.Zones, z), true
			}
		}
	}
	hours, err := c.rules().gate.Hours(contact.Brand, area)
	if errors.Is(err, jurisdiction.ErrUnserved) {
		st.Problem = "programs.yaml lists no hours for this country, so nothing is sent there"
		return st, nil
	}
	if err != nil {
		return st, fmt.Errorf("find hours: %w", err)
	}
	now := c.Stack.Now()
	if st.Permitted = hours.Permitted(now); st.Permitted {
		closes := hours.ClosesAt(now)
		st.Closes = &closes
		return st, nil
	}
	opens, err := hours.NextOpening(now)
	if err == nil {
		st.Opens = &opens
	} else if !errors.Is(err, jurisdiction.ErrNeverOpen) {
		return st, fmt.Errorf("find next opening: %w", err)
	}
	return st, nil
}
