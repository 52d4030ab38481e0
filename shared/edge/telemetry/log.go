// Package telemetry writes log lines and metrics for operators, without phone numbers and message bodies (I10).
package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// NewLogger writes one JSON object a line, named as Lambda's own lines are, with the request ID of the invocation. The
// least level is that of AWS_LAMBDA_LOG_LEVEL, INFO where it is not set.
//
// What a line may hold is limited here so that no caller has to think of it: attributes named after a phone number or a
// message body are dropped, numbers that look like a phone's are masked wherever they stand, and values that are not
// plain (structs, maps, bytes: an event, a contact) are reduced to the name of their type.
func NewLogger(w io.Writer) *slog.Logger {
	level := slog.LevelInfo
	if err := level.UnmarshalText([]byte(os.Getenv("AWS_LAMBDA_LOG_LEVEL"))); err != nil {
		level = slog.LevelInfo
	}
	return slog.New(handler{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: redact})})
}

// handler adds the request ID, by which all lines of an invocation are found.
type handler struct{ slog.Handler }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		r.AddAttrs(slog.String(requestID, lc.AwsRequestID))
	}
	return h.Handler.Handle(ctx, r)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }

const (
	requestID = "requestId"
	masked    = "[phone]"
)

// redact is applied to every attribute, those of groups and of LogValue included.
func redact(groups []string, a slog.Attr) slog.Attr {
	if private(a.Key) {
		return slog.Attr{}
	}
	for _, g := range groups {
		if private(g) {
			return slog.Attr{}
		}
	}
	a = lambdacontext.ReplaceAttr(groups, a)
	if a.Key == requestID {
		return a // a UUID, which may happen to hold ten digits in a row
	}
	a.Key = mask(a.Key)
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(plain(a.Value.String()))
	case slog.KindAny:
		a.Value = slog.AnyValue(reduce(a.Value.Any()))
	}
	return a
}

// private reports whether an attribute of that name holds a phone number or the words of a message. Case, "_", "-" and
// "." are ignored. "message" is private because only the line's own words may stand there.
func private(key string) bool {
	var buf [32]byte
	name := buf[:0]
	for _, c := range []byte(key) {
		switch {
		case c == '_' || c == '-' || c == '.':
		case len(name) == len(buf):
			return false
		case c >= 'A' && c <= 'Z':
			name = append(name, c+'a'-'A')
		default:
			name = append(name, c)
		}
	}
	switch string(name) {
	case "phone", "phonenumber", "msisdn", "mobile", "handset", "recipient", "e164",
		"originationnumber", "destinationnumber", "originationphonenumber", "destinationphonenumber", "optedoutnumber",
		"body", "messagebody", "message", "messagetext", "text", "rawbody", "payload":
		return true
	}
	return false
}

// reduce makes of any value one that can be logged: numbers and text as they are, of everything else no more than its
// type.
func reduce(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case error:
		return plain(v.Error())
	case []string:
		out := make([]string, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		if s, ok := v.(fmt.Stringer); ok {
			return plain(s.String())
		}
		return v
	case reflect.String:
		return plain(r.String())
	default:
		return fmt.Sprintf("[%T]", v)
	}
}

// plain masks phone numbers, and drops a text that holds an event as AWS delivers it, for that holds the message.
func plain(s string) string {
	if strings.Contains(s, "messageBody") || strings.Contains(s, "originationNumber") {
		return "[event]"
	}
	return mask(s)
}

// number finds phone numbers: after a plus sign (also URL-encoded) 7 digits or more, as in E.164, however they are
// grouped; 10 to 15 digits in a row; and the North American groupings of ten.
const number = `(?i)(?:\+|%2B)[ (]*\d(?:[ ().-]{0,2}\d){6,}|\b\d{10,15}\b|\(\d{3}\) ?\d{3}[ .-]?\d{4}\b|\b\d{3}[ .-]\d{3}[ .-]\d{4}\b`

// numbers is compiled for the first text that may hold one, not at each start.
//
//nolint:gochecknoglobals // a constant but for when it is made
var numbers = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(number) })

func mask(s string) string {
	if !mayHoldNumber(s) {
		return s
	}
	return numbers().ReplaceAllString(s, masked)
}

// mayHoldNumber reports whether a text has as many digits side by side as the shortest number. It spares most texts the
// search: of those of a start, hashes among them, all.
func mayHoldNumber(s string) bool {
	least := 10
	if strings.ContainsAny(s, "+%") {
		least = 7
	}
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if digits++; digits == least {
				return true
			}
		case strings.IndexByte(" ().-", c) < 0:
			digits = 0
		}
	}
	return false
}
