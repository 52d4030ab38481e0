package sms

import (
	"net/http"
	"slices"

	"smsconsent/local/reply"
	"smsconsent/shared/core/carriercode"
	"smsconsent/shared/core/phone"
)

// Fault is what goes wrong with texts to a phone, for demonstrations and tests. It is one of the names below, or the
// eventType of the delivery event, such as TEXT_CARRIER_BLOCKED.
type Fault string

const (
	none     Fault = "none"
	throttle Fault = "throttle" // AWS answers with ThrottlingException
	internal Fault = "internal" // AWS answers with an internal error, and sends nothing
	unknown  Fault = "unknown"  // the text is sent, and the answer is lost
	badPhone Fault = "invalid"  // the carrier says that the phone does not exist
	spam     Fault = "spam"     // the carrier says that the text is spam
)

// outcome returns what becomes of a text that AWS accepted.
func (f Fault) outcome() carriercode.Code {
	event := string(f)
	switch f {
	case badPhone:
		event = "TEXT_INVALID"
	case spam:
		event = "TEXT_SPAM"
	case "", none, unknown:
		event = "TEXT_DELIVERED"
	default:
	}
	c, _ := carriercode.OfEvent(event)
	return c
}

// known reports whether the fault exists.
func (f Fault) known() bool {
	_, isEvent := carriercode.OfEvent(string(f))
	return isEvent || slices.Contains([]Fault{none, throttle, internal, unknown, badPhone, spam}, f)
}

// Routes adds the call by which a demonstration or a test sets a fault.
func (m *SMS) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PUT /carrier", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Phone string `json:"phone"`
			Fault Fault  `json:"fault"`
		}
		if bad := reply.Decode(w, r, &in); bad != nil {
			bad.Write(w)
			return
		}
		var n phone.Number
		if in.Phone != "" {
			var err error
			if n, err = phone.Parse(in.Phone); err != nil {
				reply.BadRequest("phone", err.Error()).Write(w)
				return
			}
		}
		if !in.Fault.known() {
			reply.BadRequest("fault", "is none, throttle, internal, unknown, invalid, spam, or an eventType such as TEXT_BLOCKED").Write(w)
			return
		}
		m.setFault(n, in.Fault)
		reply.JSON(w, http.StatusOK, map[string]string{"phone": string(n), "fault": string(in.Fault)})
	})
}
