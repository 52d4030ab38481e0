package local

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"smsconsent/local/account"
	"smsconsent/local/lambda"
)

func TestClockTicksAndNeverGoesBack(t *testing.T) {
	real := begin
	c := &clock{real: func() time.Time { return real }}
	if got := c.now(); !got.Equal(begin) {
		t.Fatalf("starts at %v", got)
	}
	c.moveTo(begin.Add(time.Hour))
	real = real.Add(time.Second)
	if got, want := c.now(), begin.Add(time.Hour+time.Second); !got.Equal(want) {
		t.Errorf("after a move it ticks to %v, want %v", got, want)
	}
	c.moveTo(begin)
	real = real.Add(time.Second)
	if got, want := c.now(), begin.Add(time.Hour+2*time.Second); !got.Equal(want) {
		t.Errorf("a move to the past leaves it at %v, want %v", got, want)
	}
	real = real.Add(-time.Minute)
	if got, want := c.now(), begin.Add(time.Hour+2*time.Second); !got.Equal(want) {
		t.Errorf("went back to %v from %v", got, want)
	}
}

func TestPutClock(t *testing.T) {
	m := newMachine(t, lambda.Functions{"audit": (&calls{}).function})
	for _, c := range []struct {
		name, body string
		status     int
		field      string
	}{
		{"not JSON", `now`, 400, "body"},
		{"no time", `{}`, 400, "now"},
		{"malformed", `{"now":"tomorrow"}`, 400, "now"},
		{"no zone", `{"now":"2026-11-24T18:00:00"}`, 400, "now"},
		{"wrong type", `{"now":5}`, 400, "now"},
		{"mistyped year", `{"now":"20260-11-24T18:00:00Z"}`, 400, "now"},
		{"centuries ahead", `{"now":"2126-11-24T18:00:00Z"}`, 400, "now"},
		{"back in time", `{"now":"2026-11-23T17:59:59Z"}`, 409, "now"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantError(t, m.do(t, "PUT", "/clock", c.body, c.status), c.field)
			if !m.Now().Equal(begin) {
				t.Errorf("the clock moved to %v", m.Now())
			}
		})
	}
	got := m.do(t, "PUT", "/clock", `{"now":"2026-11-24T12:00:00-08:00"}`, 200)
	if want := `{"now":"2026-11-24T20:00:00Z"}` + "\n"; got != want {
		t.Errorf("answered %q, want %q", got, want)
	}
	if again := m.do(t, "GET", "/clock", "", 200); again != got {
		t.Errorf("GET /clock answers %q", again)
	}
}

// Everything due on the way happens at its own instant and in order, including what earlier steps cause.
func TestAdvanceStepsThroughWhatFallsDue(t *testing.T) {
	var happened []string
	var m *machine
	note := func(what string) { happened = append(happened, m.Now().Format("02T15:04:05 ")+what) }
	queue := func(name, body string, delay int32) {
		_, err := sqs.NewFromConfig(m.AWS()).SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: aws.String(account.QueueURL(name)), MessageBody: aws.String(body), DelaySeconds: delay,
		})
		if err != nil {
			t.Error(err)
		}
	}
	body := func(payload []byte) string {
		var e struct{ Records []struct{ Body string } }
		if err := json.Unmarshal(payload, &e); err != nil || len(e.Records) != 1 {
			t.Errorf("payload %s: %v", payload, err)
			return ""
		}
		return e.Records[0].Body
	}
	m = newMachine(t, lambda.Functions{
		"audit": func(_ context.Context, p []byte) ([]byte, error) {
			note("audit " + string(p))
			if strings.Contains(string(p), "remind") {
				return nil, nil
			}
			queue("jobs", "now", 0)
			queue("jobs", "later", 600)
			return nil, nil
		},
		"sendcheck": func(_ context.Context, p []byte) ([]byte, error) {
			note("job " + body(p))
			if body(p) == "now" {
				queue("receipts", "receipt", 0)
			}
			return nil, nil
		},
		"receipts": func(_ context.Context, p []byte) ([]byte, error) {
			note("receipt " + body(p))
			return nil, nil
		},
	})
	queue("jobs", "first", 60)
	m.advance(t, 48*time.Hour)

	want := []string{
		"23T18:01:00 job first",
		`24T14:00:00 audit {"audit":"start"}`, `24T14:00:00 audit {"audit":"remind"}`,
		"24T14:00:00 job now", "24T14:00:00 receipt receipt", "24T14:10:00 job later",
		`25T14:00:00 audit {"audit":"start"}`, `25T14:00:00 audit {"audit":"remind"}`,
		"25T14:00:00 job now", "25T14:00:00 receipt receipt", "25T14:10:00 job later",
	}
	if len(happened) != len(want) {
		t.Fatalf("happened %q, want %q", happened, want)
	}
	for i := range want {
		if happened[i] != want[i] {
			t.Errorf("step %d was %q, want %q", i, happened[i], want[i])
		}
	}
	if want := begin.Add(48 * time.Hour); !m.Now().Equal(want) {
		t.Errorf("ends at %v, want %v", m.Now(), want)
	}
}

func TestAdvanceStopsWhenTheCallerGoes(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	audits := 0
	m := newMachine(t, lambda.Functions{"audit": func(inner context.Context, _ []byte) ([]byte, error) {
		audits++
		cancel()
		return nil, inner.Err() // the running function is not disturbed
	}})
	if err := m.Advance(ctx, begin.Add(72*time.Hour)); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
	if want := time.Date(2026, 11, 24, 14, 0, 0, 0, time.UTC); audits != 1 || !m.Now().Equal(want) {
		t.Errorf("%d audits, stopped at %v, want one and %v", audits, m.Now(), want)
	}
}

// The loop in the background needs no mover: it looks at every tick and when something was queued.
func TestRunDoesWhatFallsDueAsTimePasses(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan string, 10)
	m := newMachine(t, lambda.Functions{"sendcheck": func(_ context.Context, p []byte) ([]byte, error) {
		var e struct{ Records []struct{ Body string } }
		_ = json.Unmarshal(p, &e)
		done <- e.Records[0].Body
		return nil, nil
	}})
	ticks := make(chan time.Time)
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		m.Run(ctx, ticks)
	}()
	m.queues.Send("jobs", "queued")
	if got := <-done; got != "queued" {
		t.Errorf("handled %q", got)
	}
	delayed := &sqs.SendMessageInput{QueueUrl: aws.String(account.QueueURL("jobs")), MessageBody: aws.String("delayed"), DelaySeconds: 60}
	if _, err := sqs.NewFromConfig(m.AWS()).SendMessage(ctx, delayed); err != nil {
		t.Fatal(err)
	}
	ticks <- begin
	ticks <- begin // taken only when the tick before it was dealt with
	select {
	case got := <-done:
		t.Errorf("%q was handled before its time", got)
	default:
	}
	m.clock.moveTo(begin.Add(time.Minute))
	ticks <- begin
	if got := <-done; got != "delayed" {
		t.Errorf("handled %q", got)
	}
	cancel()
	<-ran
}
