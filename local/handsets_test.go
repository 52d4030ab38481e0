package local

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent/local/lambda"
	"smsconsent/local/sms"
)

type twoWay struct {
	OriginationNumber, DestinationNumber, MessageKeyword, MessageBody, InboundMessageID, PreviousPublishedMessageID string
}

// A phone's text reaches the inbound function as SNS brings it, and the call answers when that and what it caused
// are done.
func TestAHandsetTexts(t *testing.T) {
	var got []twoWay
	receipts := &calls{}
	var m *machine
	m = newMachine(t, lambda.Functions{
		"receipts": receipts.function,
		"inbound": func(ctx context.Context, p []byte) ([]byte, error) {
			var e events.SNSEvent
			if err := json.Unmarshal(p, &e); err != nil || len(e.Records) != 1 {
				t.Fatalf("payload %s: %v", p, err)
			}
			r := e.Records[0]
			if r.EventSource != "aws:sns" || r.SNS.Type != "Notification" || !r.SNS.Timestamp.Equal(m.Now()) || r.SNS.MessageID == "" {
				t.Errorf("record %+v is not what SNS gives a function", r)
			}
			var in twoWay
			if err := json.Unmarshal([]byte(r.SNS.Message), &in); err != nil {
				t.Error(err)
			}
			got = append(got, in)
			reply := newText()
			reply.MessageBody = aws.String("You said " + in.MessageBody)
			_, err := m.client().SendTextMessage(ctx, reply)
			return nil, err
		},
	})
	if answer := m.do(t, "POST", "/handsets/"+person, `{"to":"`+alertsNumber+`","body":"JOIN"}`, 200); answer != `{"status":"handled"}`+"\n" {
		t.Errorf("answered %q", answer)
	}
	m.clock.moveTo(begin.Add(time.Minute))
	m.do(t, "POST", "/handsets/%2B12065550142", `{"to":"`+alertsNumber+`","body":"YES"}`, 200)
	if len(got) != 2 || got[0].OriginationNumber != person || got[0].DestinationNumber != alertsNumber || got[0].MessageBody != "JOIN" ||
		got[0].InboundMessageID == "" || got[0].InboundMessageID == got[1].InboundMessageID || got[0].MessageKeyword != "JOIN" {
		t.Fatalf("the function got %+v", got)
	}
	if got[0].PreviousPublishedMessageID != "" || got[1].PreviousPublishedMessageID == "" {
		t.Errorf("previous messages %q and %q, want none and the reply's", got[0].PreviousPublishedMessageID, got[1].PreviousPublishedMessageID)
	}
	if receipts.count() != 2 {
		t.Errorf("%d receipts were handled when the calls had answered, want 2", receipts.count())
	}
	want := `[{"at":"2026-11-23T18:00:00Z","direction":"out","from":"+12065550142","to":"+12065550100","body":"JOIN"},` +
		`{"at":"2026-11-23T18:00:00Z","direction":"in","from":"+12065550100","to":"+12065550142","body":"You said JOIN"},` +
		`{"at":"2026-11-23T18:01:00Z","direction":"out","from":"+12065550142","to":"+12065550100","body":"YES"},` +
		`{"at":"2026-11-23T18:01:00Z","direction":"in","from":"+12065550100","to":"+12065550142","body":"You said YES"}]` + "\n"
	for _, path := range []string{"/handsets/+12065550142", "/handsets/%2B12065550142"} {
		if talk := m.do(t, "GET", path, "", 200); talk != want {
			t.Errorf("%s shows %s, want %s", path, talk, want)
		}
	}
	if list := m.do(t, "GET", "/handsets", "", 200); list != `["+12065550142"]`+"\n" {
		t.Errorf("phones: %s", list)
	}
}

func TestHandsetErrors(t *testing.T) {
	inbound := &calls{}
	m := newMachine(t, lambda.Functions{"inbound": inbound.function})
	long := strings.Repeat("x", sms.MaxBody+1)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		field                    string
	}{
		{"no E.164 to read", "GET", "/handsets/2065550142", "", 400, "phone"},
		{"no E.164 to text from", "POST", "/handsets/Anna", `{"to":"+12065550100","body":"YES"}`, 400, "phone"},
		{"not JSON", "POST", "/handsets/" + person, `to=me`, 400, "body"},
		{"no to", "POST", "/handsets/" + person, `{"body":"YES"}`, 400, "to"},
		{"unknown to", "POST", "/handsets/" + person, `{"to":"+12065550199","body":"YES"}`, 404, "to"},
		{"no body", "POST", "/handsets/" + person, `{"to":"+12065550100"}`, 400, "body"},
		{"long body", "POST", "/handsets/" + person, `{"to":"+12065550100","body":"` + long + `"}`, 400, "body"},
		{"huge", "POST", "/handsets/" + person, `{"to":"` + strings.Repeat(long, 100) + `"}`, 413, "body"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := m.do(t, c.method, c.path, c.body, c.status)
			wantError(t, answer, c.field)
			if c.status == 404 {
				for _, n := range []string{alertsNumber, ordersNumber, shortCode, "+12065550110", "+12065550111"} {
					if !strings.Contains(answer, n) {
						t.Errorf("%s does not name %s", answer, n)
					}
				}
			}
		})
	}
	if inbound.count() != 0 {
		t.Errorf("the function was called %d times", inbound.count())
	}
	if got := m.do(t, "GET", "/handsets/"+person, "", 200); got != "[]\n" {
		t.Errorf("a phone without texts shows %q", got)
	}
}

func TestAFailedTextIsTriedThreeTimesAndBuried(t *testing.T) {
	inbound := &calls{answer: func(int, []byte) ([]byte, error) { return nil, errors.New("table of +12065550142 is gone") }}
	m := newMachine(t, lambda.Functions{"inbound": inbound.function})
	wantError(t, m.do(t, "POST", "/handsets/"+person, `{"to":"`+alertsNumber+`","body":"STOP"}`, 502), "")
	if inbound.count() != 3 || inbound.payloads[0] != inbound.payloads[2] || m.depthOf("failed-events") != 1 {
		t.Errorf("%d attempts, %d dead; want the same event three times and one dead letter", inbound.count(), m.depthOf("failed-events"))
	}
	if log := m.log.String(); strings.Contains(log, "2065550142") || strings.Contains(log, "STOP") {
		t.Errorf("the log tells a phone number or a text (I10): %s", log)
	}
}

// Somebody who says STOP is heard while the clock is being moved and a campaign is at work.
func TestAHandsetTextsWhileTheClockMoves(t *testing.T) {
	atWork, heard := make(chan struct{}), make(chan struct{})
	m := newMachine(t, lambda.Functions{
		"audit": func(context.Context, []byte) ([]byte, error) {
			close(atWork)
			<-heard
			return nil, nil
		},
		"inbound": (&calls{}).function,
	})
	moved := make(chan error, 1)
	go func() { moved <- m.Advance(t.Context(), begin.Add(24*time.Hour)) }()
	<-atWork
	m.do(t, "POST", "/handsets/"+person, `{"to":"`+alertsNumber+`","body":"STOP"}`, 200)
	close(heard)
	if err := <-moved; err != nil {
		t.Error(err)
	}
}

func TestThePhoneShowsWhatAnybodySends(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	for _, n := range []string{"+4915112345678", person} {
		in := newText()
		in.DestinationPhoneNumber = aws.String(n)
		if _, err := m.client().SendTextMessage(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if list := m.do(t, "GET", "/handsets", "", 200); list != `["+12065550142","+4915112345678"]`+"\n" {
		t.Errorf("phones: %s", list)
	}
}
