package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"pgregory.net/rapid"
)

const (
	aPhone = "+12065550142"
	aBody  = "yes my dear, tell me more"
)

// line logs one line and returns it.
func line(t *testing.T, write func(*slog.Logger)) (map[string]any, string) {
	t.Helper()
	var out bytes.Buffer
	write(NewLogger(&out))
	if out.Len() == 0 {
		return nil, ""
	}
	var fields map[string]any
	if err := json.Unmarshal(out.Bytes(), &fields); err != nil {
		t.Fatalf("%s: %v", out.String(), err)
	}
	return fields, out.String()
}

type contact struct{ Phone, Body string }

type secretly struct{ contact }

func (s secretly) LogValue() slog.Value {
	return slog.GroupValue(slog.String("phone", s.Phone), slog.String("state", "pending"), slog.Any("all", s.contact))
}

type kind string

type grade int

func (grade) String() string { return "grade " + aPhone }

// I10: no phone number or message body in a log line, whatever the caller hands over.
func TestNoPhoneNumberAndNoBodyInALogLine(t *testing.T) {
	event := fmt.Sprintf(`{"originationNumber":"%s","messageBody":"%s"}`, aPhone, aBody)
	for name, write := range map[string]func(*slog.Logger){
		"key phone":           func(l *slog.Logger) { l.Info("x", "phone", aPhone) },
		"key phone, a number": func(l *slog.Logger) { l.Info("x", "phoneNumber", 12065550142) },
		"key body":            func(l *slog.Logger) { l.Info("x", "body", aBody) },
		"key message":         func(l *slog.Logger) { l.Info("x", "message", aBody) },
		"keys of AWS events": func(l *slog.Logger) {
			l.Info("x", "messageBody", aBody, "originationNumber", aPhone, "destinationNumber", aPhone)
		},
		"keys of receipts": func(l *slog.Logger) { l.Info("x", "destinationPhoneNumber", aPhone) },
		"group body":       func(l *slog.Logger) { l.Info("x", slog.Group("body", "first", aBody)) },
		"WithGroup":        func(l *slog.Logger) { l.WithGroup("sms").Info("x", "body", aBody, "who", aPhone) },
		"WithGroup body":   func(l *slog.Logger) { l.WithGroup("body").Info("x", "first", aBody) },
		"With":             func(l *slog.Logger) { l.With("body", aBody, "who", aPhone).Info("x") },
		"the line's words": func(l *slog.Logger) { l.Error("claim " + aPhone) },
		"a value":          func(l *slog.Logger) { l.Info("x", "who", aPhone) },
		"in a key":         func(l *slog.Logger) { l.Info("x", "CONTACT#example#"+aPhone, 1) },
		"without a key":    func(l *slog.Logger) { l.Info("x", []any{aPhone}...) },
		"an error": func(l *slog.Logger) {
			l.Error("x", "error", fmt.Errorf("claim CONTACT#example#%s: %w", aPhone, io.EOF))
		},
		"joined errors":        func(l *slog.Logger) { l.Error("x", "error", errors.Join(io.EOF, errors.New(aPhone))) },
		"a struct":             func(l *slog.Logger) { l.Info("x", "who", contact{aPhone, aBody}) },
		"a pointer":            func(l *slog.Logger) { l.Info("x", "who", &contact{aPhone, aBody}) },
		"a map":                func(l *slog.Logger) { l.Info("x", "who", map[string]string{"a": aPhone, "b": aBody}) },
		"bytes":                func(l *slog.Logger) { l.Info("x", "who", []byte(aBody), "raw", json.RawMessage(event)) },
		"a slice of structs":   func(l *slog.Logger) { l.Info("x", "who", []contact{{aPhone, aBody}}) },
		"a slice of strings":   func(l *slog.Logger) { l.Info("x", "who", []string{aPhone, aPhone}) },
		"a LogValue":           func(l *slog.Logger) { l.Info("x", "who", secretly{contact{aPhone, aBody}}) },
		"a string of its own":  func(l *slog.Logger) { l.Info("x", "who", kind(aPhone)) },
		"a Stringer":           func(l *slog.Logger) { l.Info("x", "who", grade(1)) },
		"an event as text":     func(l *slog.Logger) { l.Info("x", "event", event) },
		"an SNS event as text": func(l *slog.Logger) { l.Info("x", "event", fmt.Sprintf(`{"Message":%q}`, event)) },
	} {
		t.Run(name, func(t *testing.T) {
			_, text := line(t, write)
			if text == "" {
				t.Fatal("nothing was logged")
			}
			for _, secret := range []string{"2065550142", "my dear"} {
				if strings.Contains(text, secret) {
					t.Errorf("%q is in %s", secret, text)
				}
			}
		})
	}
}

func TestPrivateKeysAreKnownHoweverTheyAreWritten(t *testing.T) {
	for _, key := range []string{"phone", "PHONE", "phoneNumber", "phone_number", "Phone-Number", "message_body", "OptedOutNumber"} {
		if !private(key) {
			t.Errorf("private(%q) = false, want true", key)
		}
	}
	for _, key := range []string{"", "brand", "messageId", "phones", "context", strings.Repeat("body", 20)} {
		if private(key) {
			t.Errorf("private(%q) = true, want false", key)
		}
	}
}

func TestPhonesAreMaskedHoweverTheyAreWritten(t *testing.T) {
	for text, want := range map[string]string{
		"+12065550142":                            "[phone]",
		"12065550142":                             "[phone]",
		"2065550142":                              "[phone]",
		"to +12065550142, +442079460123.":         "to [phone], [phone].",
		"+1 (206) 555-0142":                       "[phone]",
		"+44 20 7946 0123 called":                 "[phone] called",
		"(206) 555-0142":                          "[phone]",
		"206-555-0142":                            "[phone]",
		"206.555.0142":                            "[phone]",
		"phone=%2B12065550142&x=1":                "phone=[phone]&x=1",
		"tel:12065550142":                         "tel:[phone]",
		"CONTACT#example#+12065550142":            "CONTACT#example#[phone]",
		"+4912345":                                "[phone]", // the shortest E.164 number
		"+1234567890123456789":                    "[phone]",
		"2026-11-23T20:00:00.123456789Z":          "2026-11-23T20:00:00.123456789Z",
		"2026-11-23 20:00:00 +0000 UTC":           "2026-11-23 20:00:00 +0000 UTC",
		"01JDCXN3Z5T8Q0V9W2E4R6Y8U1":              "01JDCXN3Z5T8Q0V9W2E4R6Y8U1",
		"cae173d2-66b9-564c-8309-21f858e9fb84":    "cae173d2-66b9-564c-8309-21f858e9fb84",
		"https response error StatusCode: 400":    "https response error StatusCode: 400",
		"sent 123456789 of 987654321":             "sent 123456789 of 987654321",
		"10.0.12.255, 192.168.100.200":            "10.0.12.255, 192.168.100.200",
		"hash 9f86d081884c7d659a2feaa0c55ad015a3": "hash 9f86d081884c7d659a2feaa0c55ad015a3",
		"": "",
	} {
		if got := mask(text); got != want {
			t.Errorf("mask(%q) = %q, want %q", text, got, want)
		}
	}
}

// Whatever surrounds it, an E.164 number with its plus sign never comes through.
func TestNoE164NumberComesThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[1-9]\d{6,14}`).Draw(t, "digits")
		text := rapid.String().Draw(t, "before") + "+" + digits + rapid.String().Draw(t, "after")
		if got := mask(text); strings.Contains(got, digits) && !strings.Contains(strings.ReplaceAll(text, "+"+digits, ""), digits) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func TestALineSaysWhatItShould(t *testing.T) {
	ctx := lambdacontext.NewContext(context.Background(), &lambdacontext.LambdaContext{AwsRequestID: "8476a536-e9f4-11e8-9739-012345678901"})
	fields, text := line(t, func(l *slog.Logger) {
		l.With("brand", "example").WarnContext(ctx, "text refused", "rule", kind("quiet hours"), "n", 3, "ok", true, "error", io.EOF,
			"topics", []string{"alerts"}, "none", nil, "who", secretly{contact{aPhone, aBody}})
	})
	for key, want := range map[string]any{
		"level": "WARN", "message": "text refused", "brand": "example", "rule": "quiet hours", "n": 3.0, "ok": true, "error": "EOF",
		"none": nil, "requestId": "8476a536-e9f4-11e8-9739-012345678901",
	} {
		if got, ok := fields[key]; !ok || got != want {
			t.Errorf("%s is %v, want %v: %s", key, got, want, text)
		}
	}
	if got := fmt.Sprint(fields["topics"], fields["who"]); got != "[alerts] map[all:[telemetry.contact] state:pending]" {
		t.Errorf("%s", got)
	}
	if _, ok := fields["timestamp"]; !ok {
		t.Errorf("no timestamp: %s", text)
	}
	if strings.Count(text, "\n") != 1 {
		t.Errorf("more than one line: %q", text)
	}
}

func TestLevel(t *testing.T) {
	for env, want := range map[string]bool{"": false, "INFO": false, "DEBUG": true, "nonsense": false} {
		t.Setenv("AWS_LAMBDA_LOG_LEVEL", env)
		if _, text := line(t, func(l *slog.Logger) { l.Debug("x") }); (text != "") != want {
			t.Errorf("level %q: a debug line was written: %v, want %v", env, text != "", want)
		}
		if _, text := line(t, func(l *slog.Logger) { l.Info("x") }); text == "" {
			t.Errorf("level %q: an info line is missing", env)
		}
	}
	t.Setenv("AWS_LAMBDA_LOG_LEVEL", "ERROR")
	if _, text := line(t, func(l *slog.Logger) { l.Warn("x") }); text != "" {
		t.Errorf("level ERROR: %s", text)
	}
}

func BenchmarkLog(b *testing.B) {
	l := NewLogger(io.Discard)
	b.ReportAllocs()
	for b.Loop() {
		l.Info("campaign job done", "campaign", "01JDCXN3Z5T8Q0V9W2E4R6Y8U1", "shard", 3, "sent", 120, "error", io.EOF)
	}
}
