package carrier_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"

	"smsconsent/shared/edge/outbox/internal/carrier"
)

// wire answers the SDK's requests in turn, the last answer again and again.
type wire struct {
	answers  []func() (*http.Response, error)
	requests int
	last     time.Time
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	w.last = time.Now()
	answer := w.answers[min(w.requests, len(w.answers)-1)]
	w.requests++
	return answer()
}

func (w *wire) carrier() *carrier.Carrier {
	return carrier.New(sms.New(sms.Options{
		Region: "us-east-1", HTTPClient: w,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	}), "")
}

func answer(status int, body string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		}, nil
	}
}

func broken(op string, err error) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		return nil, &url.Error{Op: "Post", URL: "https://sms-voice.us-east-1.amazonaws.com/", Err: &net.OpError{Op: op, Net: "tcp", Err: err}}
	}
}

var (
	taken     = answer(200, `{"MessageId":"aws-1"}`)
	internal  = answer(500, `{"__type":"InternalServerException","Message":"`+to+`"}`)
	throttled = answer(400, `{"__type":"ThrottlingException","Message":"Rate exceeded"}`)
	reset     = broken("read", syscall.ECONNRESET)
)

type answers = []func() (*http.Response, error)

// I2: SendTextMessage has no idempotency token. What may have been taken is offered once; only what was throttled or
// never got under way, and so was certainly not taken, is offered again. Time is virtual here.
func TestOnlyWhatWasCertainlyNotTakenIsTriedAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		answers  answers
		requests int
		want     string // reason of the rejection; "sent"; "unknown"
	}{
		"taken":                            {answers{taken}, 1, "sent"},
		"AWS broke":                        {answers{internal, taken}, 1, "unknown"},
		"AWS is down":                      {answers{answer(503, `{"__type":"ServiceUnavailable"}`), taken}, 1, "unknown"},
		"a gateway timed out":              {answers{answer(504, `<html>`), taken}, 1, "unknown"},
		"AWS grew tired of waiting":        {answers{answer(408, `{"__type":"RequestTimeout"}`), taken}, 1, "unknown"},
		"the connection was reset":         {answers{reset, taken}, 1, "unknown"},
		"the connection broke off writing": {answers{broken("write", syscall.EPIPE), taken}, 1, "unknown"},
		"the answer timed out":             {answers{broken("read", errTimeout{}), taken}, 1, "unknown"},
		"the answer is no JSON":            {answers{answer(200, `{"MessageId":`), taken}, 1, "unknown"},
		"no connection came about":         {answers{broken("dial", syscall.ECONNREFUSED), taken}, 2, "sent"},
		"no connection ever":               {answers{broken("dial", syscall.ECONNREFUSED)}, 4, "UNREACHABLE"},
		"no connection, then reset":        {answers{broken("dial", syscall.ECONNREFUSED), reset, taken}, 2, "unknown"},
		"throttled once":                   {answers{throttled, taken}, 2, "sent"},
		"throttled for good":               {answers{throttled}, 4, "THROTTLED"},
		"throttled, then AWS broke":        {answers{throttled, internal, taken}, 2, "unknown"},
		"throttled, then reset":            {answers{throttled, reset, taken}, 2, "unknown"},
		"opted out": {
			answers{answer(400, `{"__type":"ConflictException","Reason":"DESTINATION_PHONE_NUMBER_OPTED_OUT","Message":"`+to+`"}`), taken},
			1,
			"DESTINATION_PHONE_NUMBER_OPTED_OUT",
		},
		"credentials ran out":   {answers{answer(400, `{"__type":"ExpiredTokenException","Message":"The security token expired"}`), taken}, 1, "ExpiredTokenException"},
		"turned away by a wall": {answers{answer(403, `<html>`), taken}, 1, "HTTP 403"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answers: tc.answers}
				begun := time.Now()
				id, err := w.carrier().Send(t.Context(), text())
				if w.requests != tc.requests {
					t.Errorf("%d requests, want %d", w.requests, tc.requests)
				}
				got := "unknown"
				if r, ok := errors.AsType[*carrier.Rejection](err); ok {
					got = r.Reason
				} else if err == nil && id == "aws-1" {
					got = "sent"
				}
				if got != tc.want {
					t.Errorf("%s (%v), want %s", got, err, tc.want)
				}
				if err != nil {
					isPrivate(t, err)
				}
				// I1: nothing is offered later than a few seconds after its claim.
				if late := w.last.Sub(begun); late > 15*time.Second {
					t.Errorf("the last request came after %s", late)
				}
			})
		})
	}
}

// Credentials that ran out or a wrong clock must stop a campaign; left as unknown they would use up every person's
// text.
func TestWhatTurnsEverybodyAwayStopsTheCampaign(t *testing.T) {
	w := &wire{answers: answers{answer(400, `{"__type":"UnrecognizedClientException","Message":"The security token is invalid"}`)}}
	_, err := w.carrier().Send(t.Context(), text())
	if r, ok := errors.AsType[*carrier.Rejection](err); !ok || !r.Quota || r.OptedOut || r.Throttled {
		t.Errorf("Send = %v (%+v)", err, r)
	}
}

// The opt-out list is kept by the SDK's own retries: repeating is harmless there, and forgetting is not.
func TestOptOutIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answers: answers{internal, reset, answer(200, `{"OptedOutNumber":"`+to+`"}`)}}
		if err := w.carrier().OptOut(t.Context(), "Default", to); err != nil || w.requests != 3 {
			t.Errorf("after %d requests: %v", w.requests, err)
		}
	})
}

type errTimeout struct{}

func (errTimeout) Error() string   { return "i/o timeout" }
func (errTimeout) Timeout() bool   { return true }
func (errTimeout) Temporary() bool { return true }
