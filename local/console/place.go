package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/local/account"
	"smsconsent/local/handset"
	"smsconsent/local/reply"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
)

// PlaceState is where a phone may be and whether a promotional text of the brand may go to it now.
type PlaceState struct {
	Phone     phone.Number `json:"phone"`
	Places    []string     `json:"places"` // such as US-WA
	Zones     []string     `json:"zones"`  // IANA names, each once
	Permitted bool         `json:"permitted"`
	Opens     *time.Time   `json:"opens,omitempty"`   // where not permitted: the next permitted instant; none within two weeks if absent
	Closes    *time.Time   `json:"closes,omitempty"`  // where permitted: the end of it
	Problem   string       `json:"problem,omitempty"` // why the phone gets no promotional text at any hour
}

// answerPlace tells where a phone is, the way the gate sees it: by its number and by what its owner told the brand.
func (c *Console) answerPlace(w http.ResponseWriter, r *http.Request) {
	n, bad := handset.Number(r)
	if bad != nil {
		bad.Write(w)
		return
	}
	catalog := c.Catalog()
	brand := &catalog.Brands[0]
	if id := r.URL.Query().Get("brand"); id != "" {
		var ok bool
		if brand, ok = catalog.Brand(id); !ok {
			reply.BadRequest("brand", "is not a brand of programs.yaml").Write(w)
			return
		}
	}
	policy := catalog.Policy
	if brand.Hours != nil {
		policy = *brand.Hours
	}
	place, err := c.place(r.Context(), consent.Key{Brand: brand.ID, Phone: n}, policy)
	c.answer(w, r, place, err, "phone's place")
}

func (c *Console) place(ctx context.Context, key consent.Key, policy jurisdiction.Policy) (PlaceState, error) {
	st := PlaceState{Phone: key.Phone, Places: []string{}, Zones: []string{}}
	t := table.New(dynamodb.NewFromConfig(c.AWS), account.TableName, consent.Ledger{}) // reading needs no key
	contact, err := t.Contact(ctx, key)
	if err != nil {
		return st, fmt.Errorf("read contact: %w", err)
	}
	area, err := phone.Locate(key.Phone, contact.Told)
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
	seen := map[string]bool{}
	for _, p := range places {
		name := p.Country
		if p.State != "" {
			name += "-" + p.State
		}
		st.Places = append(st.Places, name)
		for _, z := range p.Zones {
			if !seen[z] {
				st.Zones, seen[z] = append(st.Zones, z), true
			}
		}
	}
	book, err := jurisdiction.New(policy)
	if err != nil {
		return st, fmt.Errorf("read policy: %w", err)
	}
	hours, err := book.Hours(places)
	if errors.Is(err, jurisdiction.ErrUnserved) {
		st.Problem = "programs.yaml lists no hours for this country, so nothing is sent there"
		return st, nil
	}
	if err != nil {
		return st, fmt.Errorf("find hours: %w", err)
	}
	now := c.Now()
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
