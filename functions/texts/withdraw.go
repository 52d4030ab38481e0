package texts

import (
	"errors"
	"net/http"
	"strings"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/table"
)

// takenBack is why a withdrawn text did not go.
const takenBack = "withdrawn by whoever asked for it"

// remove withdraws a waiting text.
func (h *Handler) remove(w http.ResponseWriter, r *http.Request) {
	o := order{id: r.PathValue("id")}
	a, err := h.withdraw(r, &o)
	h.note(r.Context(), gateway.CallerName(r.Context()), &o, &a, err)
	if err != nil {
		h.writeError(w, err)
		return
	}
	gateway.WriteJSON(w, http.StatusOK, a)
}

// withdraw ends a waiting text. A text that is being sent or was sent can no longer be withdrawn.
func (h *Handler) withdraw(r *http.Request, o *order) (Answer, error) {
	if _, unsigned := gateway.Signed(r.Context()); unsigned != nil {
		return Answer{}, unsigned
	}
	if !isID(o.id) {
		return Answer{}, wrong("id", "is none a text can have")
	}
	key, err := h.whose(r, o.id)
	if err != nil {
		return Answer{}, err
	}
	c, d, err := h.Table.ContactAndDeferred(r.Context(), key, o.id)
	if err != nil {
		return Answer{}, err
	}
	_, sent := c.SingleClaim(o.id)
	switch {
	case d.State == consent.Waits:
		_, err = h.Table.SaveDeferred(r.Context(), d.Ended(consent.Withdrawn, "", takenBack))
	case d.State == consent.Withdrawn: // an earlier try may have ended here
	case sent || d.State == consent.Went || d.State == consent.Leaves:
		err = tooLate("the text has gone, or is on its way")
	case d.State == consent.Refused:
		err = tooLate("the text has ended: " + d.Because)
	default:
		err = unknown()
	}
	if errors.Is(err, table.ErrConflict) {
		err = tooLate("the text is on its way")
	}
	if err != nil {
		return Answer{}, err
	}
	if waits, ok := h.reorder(&d); ok {
		*o = waits
		err = h.Outbox.Withhold(r.Context(), key, o.text(), d.ID, takenBack)
	}
	return Answer{Status: Withdrawn, ID: o.id, Because: takenBack}, err
}

// whose finds the person of a text: the phone in the address, or the one for whom a text with that ID waits.
func (h *Handler) whose(r *http.Request, id string) (consent.Key, error) {
	brandID, number := r.URL.Query().Get("brand"), r.URL.Query().Get("phone")
	if number != "" {
		return h.named(brandID, number)
	}
	const several = 2 // more than one is too many
	waiting, err := h.Audience.Singles(r.Context(), brandID, id, several)
	switch {
	case err != nil:
		return consent.Key{}, err
	case len(waiting) == 0:
		return consent.Key{}, unknown()
	case len(waiting) > 1:
		return consent.Key{}, &gateway.Refusal{
			Status: http.StatusConflict, Field: "phone", Message: "several people's texts of this id wait; add ?brand=…&phone=… of one",
		}
	}
	return waiting[0], nil
}

// named returns the person in an address. The plus sign of a number may have come as a space, as forms encode it.
func (h *Handler) named(brandID, number string) (consent.Key, error) {
	brand, ok := h.Catalog.Brand(brandID)
	if !ok {
		return consent.Key{}, h.noBrand(brandID)
	}
	if rest, ok := strings.CutPrefix(number, " "); ok {
		number = "+" + rest
	}
	parsed, err := typed.Number(number, brand.Region)
	if err != nil {
		return consent.Key{}, err
	}
	return consent.Key{Brand: brand.ID, Phone: parsed}, nil
}

func tooLate(why string) error {
	return &gateway.Refusal{Status: http.StatusConflict, Field: "id", Message: why}
}

func unknown() error {
	return &gateway.Refusal{
		Status: http.StatusNotFound, Field: "id", Message: "no text of this id waits; one that went stays gone",
	}
}
