package local

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"smsconsent/local/awsjson"
	"smsconsent/local/console"
	"smsconsent/local/gateway"
	"smsconsent/local/reply"
	"smsconsent/local/s3"
	"smsconsent/local/sns"
	"smsconsent/local/ssm"
	"smsconsent/local/sts"
	"smsconsent/shared/testkit/memory"
)

// routes returns the handler for the HTTP port. It tells calls of AWS services from the stack's own calls by their
// headers, and refuses callers that used another host name.
func (s *Stack) routes(hosts []string) http.Handler {
	mux := http.NewServeMux()
	s.clockRoutes(mux)
	s.handsets.Routes(mux)
	s.sms.Routes(mux)
	s.schedules.Routes(mux)
	s.buses.Routes(mux)
	s.faults.Routes(mux)
	s.lambda.Routes(mux, s.invoke)
	s.queues.Routes(mux)
	api := gateway.Gateway{Now: s.Now, Log: s.log, Invoke: s.invoke}
	api.Routes(mux)
	page := console.Console{
		Console: s.page, Changes: s.changes, Handsets: s.handsets, Queues: s.queues, Schedules: s.schedules,
		Closed: s.closed,
	}
	page.Routes(mux)
	keys := &ssm.Parameters{Faults: s.faults, Made: s.Now()}
	own := sameOrigin().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed(r.Host, hosts) {
			problem(http.StatusForbidden, "Host", "this stack answers to localhost; start it with --host to give it another name").Write(w)
			return
		}
		service, operation := awsjson.Target(r)
		switch {
		case s3.IsCall(r):
			s.reports.ServeHTTP(w, r)
		case service == "" && sts.IsCall(r):
			sts.Handle(w, r)
		case service == "" && sns.IsCall(r):
			s.topics.ServeHTTP(w, r)
		case service == "":
			own.ServeHTTP(w, r)
		case strings.HasPrefix(service, "DynamoDB_"):
			s.serveDynamoDB(w, r, operation)
		case service == "AmazonSQS":
			s.queues.ServeHTTP(w, r)
		case service == "AWSEvents":
			s.buses.ServeHTTP(w, r)
		case service == "Logs_20140328":
			s.logs.ServeHTTP(w, r)
		case service == "AmazonSSM":
			keys.ServeHTTP(w, r)
		case service == "PinpointSMSVoiceV2":
			s.sms.ServeHTTP(w, r)
		default:
			awsjson.Unknown(w, service)
		}
	})
}

func problem(status int, field, message string) *reply.Problem {
	return &reply.Problem{Status: status, Field: field, Message: message}
}

// invoke runs a function, delivers what it caused, and returns its answer.
func (s *Stack) invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	out, err := s.lambda.Invoke(ctx, function, payload)
	if err == nil {
		s.deliverEffects(ctx)
	}
	return out, err
}

// serveDynamoDB forwards a call to DynamoDB. A DynamoDB in another process does not report its writes, so this looks
// at the calls that write.
func (s *Stack) serveDynamoDB(w http.ResponseWriter, r *http.Request, operation string) {
	writes := operation != "GetItem" && strings.HasSuffix(operation, "Item") || strings.Contains(operation, "Write")
	if s.direct != nil || !writes {
		s.dynamo.ServeHTTP(w, r)
		return
	}
	call, err := io.ReadAll(http.MaxBytesReader(w, r.Body, awsjson.MaxCall))
	if err != nil {
		awsjson.WriteError(w, &awsjson.Error{Code: "SerializationException", Text: "the call did not arrive whole"})
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(call))
	answered := &status{ResponseWriter: w}
	s.dynamo.ServeHTTP(answered, r)
	if in, err := memory.Decode(operation, call); err == nil && (answered.code == 0 || answered.code == http.StatusOK) {
		s.noteWrite(r.Context(), in)
	}
}

// status remembers the status code of an answer.
type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader remembers the status code and passes it on.
func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// sameOrigin keeps other web pages from calling the stack through the user's browser. A sign-up form may be on any
// page, so its route is open. A preference page sends no origin, and its link is its only proof. Calls of AWS
// services need no such guard: a page cannot send their headers to another origin without a preflight request.
func sameOrigin() *http.CrossOriginProtection {
	p := http.NewCrossOriginProtection()
	p.AddInsecureBypassPattern("POST /opt-in")
	p.AddInsecureBypassPattern("POST /preferences")
	return p
}

// allowed reports whether a Host header is one of this stack's. That prevents DNS rebinding: a page whose name was
// made to point here still sends its own name, which is never an address.
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
		if bad := reply.Decode(w, r, &in); bad != nil {
			bad.Write(w)
			return
		}
		target, err := time.Parse(time.RFC3339, in.Now)
		if err != nil {
			reply.BadRequest("now", "give an RFC 3339 time such as "+s.Now().Add(time.Hour).Format(time.RFC3339)).Write(w)
			return
		}
		if ahead := target.Sub(s.Now()); ahead > maxAdvance {
			reply.BadRequest("now", "is more than ten years ahead").Write(w)
			return
		}
		// A long advance takes longer than the server's timeout for other calls.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		err = s.Advance(r.Context(), target)
		switch {
		case errors.Is(err, errBackwards):
			problem(http.StatusConflict, "now", "it is "+s.Now().Format(time.RFC3339Nano)+" already, and the clock only moves forward").Write(w)
		case err != nil:
			problem(http.StatusServiceUnavailable, "", "stopped at "+s.Now().Format(time.RFC3339Nano)).Write(w)
		default:
			s.answerClock(w)
		}
	})
}

// maxAdvance keeps a mistyped year from running the daily audit for centuries.
const maxAdvance = 10 * 366 * 24 * time.Hour

func (s *Stack) answerClock(w http.ResponseWriter) {
	reply.JSON(w, http.StatusOK, map[string]string{"now": s.Now().Format(time.RFC3339Nano)})
}
