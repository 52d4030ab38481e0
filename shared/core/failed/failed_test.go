package failed_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/failed"
)

// texted is the event of inbound for a text, as Lambda gets it.
func texted(t *testing.T, body string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "events", "inbound-stop.json"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(strings.TrimSpace(string(raw)), `\"messageBody\": \"STOP\"`, `\"messageBody\": \"`+body+`\"`, 1)
}

// noteOf is what SNS itself keeps of it.
func noteOf(t *testing.T, event string) string {
	t.Helper()
	var e struct {
		Records []struct{ Sns json.RawMessage }
	}
	if err := json.Unmarshal([]byte(event), &e); err != nil {
		t.Fatal(err)
	}
	return string(e.Records[0].Sns)
}

const function = "arn:aws:lambda:us-east-1:123456789012:function:my-shop-"

func envelope(name, payload string) string {
	return fmt.Sprintf(`{"version":"1.0","timestamp":"2026-11-23T18:01:00.000Z","requestContext":{"requestId":"r","functionArn":"%s%s:live",
		"condition":"RetriesExhausted"},"requestPayload":%s,"responsePayload":{"errorMessage":"the table is away"}}`, function, name, payload)
}

// Whoever kept an event, it is known whose it is, why it failed and what has it handled again; and a STOP is named.
func TestReadKnowsEveryForm(t *testing.T) {
	stop, hello := texted(t, "STOP"), texted(t, "Hello")
	target := map[string]string{"TARGET_ARN": function + "sendcheck", "ERROR_CODE": "SDK_CLIENT_ERROR", "ERROR_MESSAGE": "Rate exceeded"}
	record := `{"eventID":"e1","eventName":"INSERT","dynamodb":{"SequenceNumber":"1","NewImage":{}}}`
	for _, c := range []struct {
		name, queue, body string
		attributes        map[string]string
		function, reason  string
		payload, back     string
		stop              bool
		phone             string
	}{
		{"a function failed", "failed-events", envelope("inbound", stop), nil, "inbound", "the table is away", stop, "", true, "+12065550142"},
		{"on other words", "failed-events", envelope("inbound", hello), nil, "inbound", "the table is away", hello, "", false, "+12065550142"},
		{
			"a wrong number", "failed-events", envelope("inbound", texted(t, "Wrong number")), nil, "inbound", "the table is away",
			texted(t, "Wrong number"), "", true, "+12065550142",
		},
		{"a word in Spanish", "failed-events", envelope("inbound", texted(t, "CANCELAR")), nil, "inbound", "the table is away", texted(t, "CANCELAR"), "", true, "+12065550142"},
		{"SNS could not deliver", "failed-events", noteOf(t, stop), nil, "inbound", "SNS could not deliver it", "", "", true, "+12065550142"},
		{
			"a receipt SNS could not deliver", "failed-events",
			`{"Type":"Notification","TopicArn":"arn:aws:sns:us-east-1:123456789012:my-shop-delivery","Message":"{}"}`, nil,
			"receipts", "SNS could not deliver it", "", "receipts", false, "",
		},
		{"a schedule", "failed-events", `{"campaign":"c"}`, target, "sendcheck", "SDK_CLIENT_ERROR Rate exceeded", `{"campaign":"c"}`, "", false, ""},
		{
			"a record of the stream", "failed-events", record, nil, "stream", "the record could not be understood, or told",
			`{"Records":[` + record + `]}`, "", false, "",
		},
		{
			"a place in the stream", "failed-events",
			`{"requestContext":{"functionArn":"` + function + `stream","condition":"RecordAgeExceeded"},"DDBStreamBatchInfo":{"shardId":"s"}}`, nil,
			"stream", "RecordAgeExceeded", "", "", false, "",
		},
		{"who knows", "failed-events", `hello`, nil, "", "of no form that is known", "", "", false, ""},
		{"an empty event", "failed-events", envelope("inbound", "null"), nil, "inbound", "the table is away", "", "", true, ""},
		{
			"something else of the topic", "failed-events", `{"Type":"Other","TopicArn":"arn:aws:sns:us-east-1:123456789012:my-shop-inbound"}`, nil,
			"", "of no form that is known", "", "", false, "",
		},
		{
			"a note of another topic", "failed-events", `{"Type":"Notification","TopicArn":"arn:aws:sns:us-east-1:123456789012:my-shop-reports"}`, nil,
			"", "of no form that is known", "", "", false, "",
		},
		{"an event without a change", "failed-events", `{"eventID":"e1"}`, nil, "", "of no form that is known", "", "", false, ""},
		{"a change without an event", "failed-events", `{"dynamodb":{}}`, nil, "", "of no form that is known", "", "", false, ""},
		{"a job", "jobs-dead-letters", `{"shard":1}`, nil, "sendcheck", "the function failed five times on it", "", "jobs", false, ""},
		{"an audit", "audit-dead-letters", `{"shard":1}`, nil, "audit", "the function failed five times on it", "", "audit", false, ""},
		{"a receipt", "receipts-dead-letters", `{}`, nil, "receipts", "the function failed five times on it", "", "receipts", false, ""},
		{"a text", "texts-dead-letters", `{}`, nil, "texts", "the function failed five times on it", "", "texts", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			sent := time.Date(2026, 11, 23, 18, 1, 0, 0, time.UTC)
			queued := sent
			if strings.Contains(c.body, `"timestamp"`) {
				queued = sent.Add(time.Hour) // the envelope says when it was
			}
			e := failed.Read(&failed.Message{ID: "m", Queue: c.queue, Body: c.body, Attributes: c.attributes, Sent: queued})
			if e.ID != "m" || e.Queue != c.queue || e.Function != c.function || e.Reason != c.reason || e.Back != c.back || e.Stop != c.stop || string(e.Phone) != c.phone || !e.At.Equal(sent) {
				t.Errorf("%+v", e)
			}
			if c.payload != "" && string(e.Payload) != c.payload {
				t.Errorf("the function would get %s", e.Payload)
			}
			if runs := c.payload != "" || c.back != "" || c.name == "SNS could not deliver"; e.Runs() != runs || (e.Why == "") != runs {
				t.Errorf("it can be handled again: %t, %q", e.Runs(), e.Why)
			}
		})
	}
}

// What SNS kept comes to inbound as Lambda would bring it.
func TestWhatSNSKeptComesAsAnEvent(t *testing.T) {
	e := failed.Read(&failed.Message{Queue: "failed-events", Body: noteOf(t, texted(t, "STOP"))})
	var event struct {
		Records []struct {
			EventSource, EventVersion string

			Sns struct{ TopicArn, Timestamp, Message string }
		}
	}
	if err := json.Unmarshal(e.Payload, &event); err != nil || len(event.Records) != 1 || event.Records[0].EventSource != "aws:sns" ||
		event.Records[0].EventVersion != "1.0" ||
		!strings.Contains(event.Records[0].Sns.Message, "STOP") || event.Records[0].Sns.Timestamp == "" {
		t.Errorf("%v: %s", err, e.Payload)
	}
}

// A word that is an opt-out by the law of the place is one here as well.
func TestAStopIsReadAsWhereThePhoneIs(t *testing.T) {
	for from, stop := range map[string]bool{"+64211234567": true, "+12065550142": false} {
		body := envelope("inbound", strings.ReplaceAll(texted(t, "REM"), "+12065550142", from))
		if e := failed.Read(&failed.Message{Queue: "failed-events", Body: body}); e.Stop != stop {
			t.Errorf("REM of %s is a STOP: %t", from, e.Stop)
		}
	}
}

// What cannot be read might be a STOP, and is treated as one.
func TestWhatCannotBeReadMayBeAStop(t *testing.T) {
	for _, payload := range []string{`"text"`, `{"Records":[{"Sns":{"Message":"no JSON"}}]}`} {
		if e := failed.Read(&failed.Message{Queue: "failed-events", Body: envelope("inbound", payload)}); !e.Stop {
			t.Errorf("%s is no STOP", payload)
		}
	}
}

// What was not kept is told of as what it was: of the stream its place is kept, of anything else nothing.
func TestReadSaysWhatWasNotKept(t *testing.T) {
	for body, why := range map[string]string{
		`{"requestContext":{"functionArn":"` + function + `inbound:live"}}`:                                             "the event itself was not kept",
		`{"requestContext":{"functionArn":"` + function + `stream:live"},"DDBStreamBatchInfo":{"shardId":"shardId-1"}}`: "only its place in the table's stream",
	} {
		e := failed.Read(&failed.Message{ID: "m", Queue: "failed-events", Body: body})
		if e.Runs() || !strings.HasPrefix(e.Why, why) {
			t.Errorf("%s: %+v", body, e)
		}
	}
}
