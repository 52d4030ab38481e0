package local

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/phone"
)

// maxRequest is the most bytes a call of the stack's own may have.
const maxRequest = 64 << 10

// problem is an error as the stack's own calls answer it.
type problem struct {
	status  int
	field   string // what to mend; empty where it is not the caller's
	message string
}

func badRequest(field, message string) *problem {
	return &problem{http.StatusBadRequest, field, message}
}

func (p *problem) write(w http.ResponseWriter) {
	answer(w, p.status, map[string]any{"error": map[string]string{"field": p.field, "message": p.message}})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false) // "Msg & data rates" is to read like that in a terminal too
	_ = out.Encode(v)
}

func decode(w http.ResponseWriter, r *http.Request, into any) *problem {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest)).Decode(into)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return tooLarge()
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return badRequest(wrong.Field, "is not of the right type")
	}
	if err != nil {
		return badRequest("body", "the request's body is not JSON")
	}
	return nil
}

func tooLarge() *problem {
	return &problem{http.StatusRequestEntityTooLarge, "body", "the request's body has more than 64 KB"}
}

// routes tells AWS's calls from the stack's own and lets in only callers that mean to be here.
func (s *Stack) routes(hosts []string) http.Handler {
	mux := http.NewServeMux()
	s.clockRoutes(mux)
	s.handsetRoutes(mux)
	s.carrierRoutes(mux)
	s.gatewayRoutes(mux)
	s.consoleRoutes(mux)
	s.schedulerRoutes(mux)
	own := sameOrigin().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed(r.Host, hosts) {
			(&problem{http.StatusForbidden, "Host", "this stack answers to localhost; start it with --host to give it another name"}).write(
				w,
			)
			return
		}
		service, operation, isAWS := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		switch {
		case !isAWS:
			own.ServeHTTP(w, r)
		case strings.HasPrefix(service, "DynamoDB_"):
			s.serveDynamoDB(w, r, operation)
		case service == "AmazonSQS":
			s.serveSQS(w, r, operation)
		case service == "PinpointSMSVoiceV2":
			s.serveSMS(w, r, operation)
		default:
			unknownOperation(w, service)
		}
	})
}

// serveDynamoDB passes a call on and notes that the table may have changed.
func (s *Stack) serveDynamoDB(w http.ResponseWriter, r *http.Request, operation string) {
	s.dynamo.ServeHTTP(w, r)
	switch operation {
	case "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems":
		s.changes.bump()
	}
}

// sameOrigin keeps other web pages from driving the stack through the browser of whoever runs it. A sign-up form may
// stand on any page, so its target is open; a preference page sends no origin, and its link is all it goes by. AWS's
// calls need no guard of this kind: a page cannot send their headers elsewhere without being asked first.
func sameOrigin() *http.CrossOriginProtection {
	p := http.NewCrossOriginProtection()
	p.AddInsecureBypassPattern("POST /opt-in")
	p.AddInsecureBypassPattern("POST /preferences")
	return p
}

// allowed guards against DNS rebinding: a page whose name was made to point here still calls the stack by that name,
// which an address never is.
func allowed(host string, also []string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	return net.ParseIP(name) != nil || strings.EqualFold(name, "localhost") || slices.Contains(also, name)
}

func (s *Stack) clockRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /clock", func(w http.ResponseWriter, _ *http.Request) { s.answerClock(w) })
	mux.HandleFunc("PUT /clock", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Now string `json:"now"`
		}
		if bad := decode(w, r, &in); bad != nil {
			bad.write(w)
			return
		}
		target, err := time.Parse(time.RFC3339, in.Now)
		if err != nil {
			badRequest("now", "give an RFC 3339 time such as "+s.Now().Add(time.Hour).Format(time.RFC3339)).write(w)
			return
		}
		if ahead := target.Sub(s.Now()); ahead > maxAdvance {
			badRequest("now", "is more than ten years ahead").write(w)
			return
		}
		// A long way takes longer than the server's patience with ordinary calls.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		err = s.Advance(r.Context(), target)
		switch {
		case errors.Is(err, errBackwards):
			(&problem{http.StatusConflict, "now", "it is " + s.Now().Format(time.RFC3339Nano) + " already, and the clock only moves forward"}).write(
				w,
			)
		case err != nil:
			(&problem{http.StatusServiceUnavailable, "", "stopped at " + s.Now().Format(time.RFC3339Nano)}).write(w)
		default:
			s.answerClock(w)
		}
	})
}

// maxAdvance keeps a mistyped year from running the daily audit for centuries.
const maxAdvance = 10 * 366 * 24 * time.Hour

func (s *Stack) answerClock(w http.ResponseWriter) {
	answer(w, http.StatusOK, map[string]string{"now": s.Now().Format(time.RFC3339Nano)})
}

// carrierRoutes let a demonstration or a test put the carrier in trouble.
func (s *Stack) carrierRoutes(mux *http.ServeMux) {
	mux.HandleFunc("PUT /carrier", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Phone string `json:"phone"`
			Fault fault  `json:"fault"`
		}
		if bad := decode(w, r, &in); bad != nil {
			bad.write(w)
			return
		}
		var n phone.Number
		if in.Phone != "" {
			var err error
			if n, err = phone.Parse(in.Phone); err != nil {
				badRequest("phone", err.Error()).write(w)
				return
			}
		}
		if !slices.Contains([]fault{none, throttle, internal, unknown, badPhone, spam}, in.Fault) {
			badRequest("fault", "is none, throttle, internal, unknown, invalid or spam").write(w)
			return
		}
		s.sms.setFault(n, in.Fault)
		answer(w, http.StatusOK, map[string]string{"phone": string(n), "fault": string(in.Fault)})
	})
}
