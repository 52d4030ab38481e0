// Package failed reads events that a function failed to handle, in each form in which AWS and the functions keep them
// in queues, and says how to run them again. It reads no queue itself: "smsconsent failed" does. To begin, read Read.
package failed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
)

// Message is a message in a queue of failed events.
type Message struct {
	ID         string
	Queue      string // such as "failed-events"
	Body       string
	Attributes map[string]string // attributes of the message, set by its sender
	Sent       time.Time         // UTC
}

// Event is a failed event.
type Event struct {
	ID       string
	Queue    string
	Function string // such as "inbound"; empty where that is unknown
	Reason   string // may hold a phone number: mask it before it is shown
	At       time.Time
	Phone    phone.Number // who sent it, where it is a text from a person
	Stop     bool         // that text is or may be an opt-out

	// How to run it again: by Payload or by Back. Where both are empty it cannot be, and Why says why.
	Payload []byte // invoke the function with it
	Back    string // put the body back into this queue, such as "jobs"
	Why     string
}

// Runs reports whether the event can be handled again.
func (e *Event) Runs() bool { return e.Payload != nil || e.Back != "" }

// Queues returns the queues of failed events, by their names without the stack's.
func Queues() []string {
	return []string{
		"failed-events", "jobs-dead-letters", "texts-dead-letters", "audit-dead-letters", "receipts-dead-letters",
	}
}

// sourceOf returns the queue that a dead-letter queue belongs to, and the function that reads that queue.
func sourceOf(dead string) (queue, function string) {
	queue = strings.TrimSuffix(dead, "-dead-letters")
	if queue == "jobs" {
		return queue, "sendcheck"
	}
	return queue, queue
}

// envelope is the form in which Lambda keeps an event that a function failed on (AWS Lambda Developer Guide,
// "Capturing records of Lambda asynchronous invocations"), and in which inbound keeps an event it can never handle.
// Events from the table's stream have only their position in the stream.
type envelope struct {
	Timestamp time.Time `json:"timestamp"`
	Context   struct {
		Function  string `json:"functionArn"`
		Condition string `json:"condition"`
	} `json:"requestContext"`
	Payload  json.RawMessage `json:"requestPayload"`
	Response struct {
		Message string `json:"errorMessage"`
	} `json:"responsePayload"`
	Stream json.RawMessage `json:"DDBStreamBatchInfo"`
}

// Read returns the event in a message.
func Read(m *Message) Event {
	e := Event{ID: m.ID, Queue: m.Queue, At: m.Sent}
	if m.Queue != "failed-events" {
		e.Back, e.Function = sourceOf(m.Queue)
		e.Reason = "the function failed five times on it"
		return e
	}
	body := []byte(m.Body)
	var kept envelope
	var note struct{ Type, TopicArn string }
	var record struct {
		ID     string          `json:"eventID"`
		Change json.RawMessage `json:"dynamodb"`
	}
	switch {
	case m.Attributes["TARGET_ARN"] != "": // EventBridge, by a rule or a schedule
		e.Function, e.Payload = functionOf(m.Attributes["TARGET_ARN"]), body
		e.Reason = strings.TrimSpace(m.Attributes["ERROR_CODE"] + " " + m.Attributes["ERROR_MESSAGE"])
	case json.Unmarshal(body, &kept) == nil && kept.Context.Function != "":
		e.Function, e.Payload = functionOf(kept.Context.Function), kept.Payload
		e.Reason = cmp.Or(kept.Response.Message, kept.Context.Condition)
		if !kept.Timestamp.IsZero() {
			e.At = kept.Timestamp
		}
		if len(kept.Payload) == 0 || bytes.Equal(kept.Payload, []byte("null")) {
			e.Payload, e.Why = nil, "the event itself was not kept; the function's log tells of it"
			if len(kept.Stream) > 0 {
				e.Why = "only its place in the table's stream is kept; look there, or have the audit verify everybody"
			}
		}
	case json.Unmarshal(body, &note) == nil && note.Type == "Notification" && strings.HasSuffix(note.TopicArn, "-inbound"):
		e.Function, e.Reason, e.Payload = "inbound", "SNS could not deliver it", snsEvent(body)
	case note.Type == "Notification" && strings.HasSuffix(note.TopicArn, "-delivery"):
		e.Function, e.Reason, e.Back = "receipts", "SNS could not deliver it", "receipts"
	case json.Unmarshal(body, &record) == nil && record.ID != "" && record.Change != nil:
		e.Function, e.Reason = "stream", "the record could not be understood, or told"
		e.Payload, _ = json.Marshal(map[string][]json.RawMessage{"Records": {body}}) // valid JSON always encodes
	default:
		e.Reason, e.Why = "of no form that is known", "nobody knows which function it is of; read it in the queue"
	}
	if e.Function == "inbound" {
		e.Phone, e.Stop = textIn(e.Payload)
	}
	return e
}

// functionOf returns the name of a function without the stack's: "inbound" for
// arn:aws:lambda:us-east-1:123456789012:function:shop-inbound:live. Names of functions have no hyphen.
func functionOf(arn string) string {
	_, name, _ := strings.Cut(arn, ":function:")
	name, _, _ = strings.Cut(name, ":")
	return name[strings.LastIndexByte(name, '-')+1:]
}

// snsEvent wraps an SNS notification in the event that Lambda makes of it.
func snsEvent(note []byte) []byte {
	event, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{ // valid JSON always encodes
		"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": json.RawMessage(note),
	}}})
	return event
}

// textIn returns who sent the texts in an event of inbound, and whether one of them is an opt-out in any language. A
// text that cannot be read counts as one.
func textIn(payload []byte) (who phone.Number, stop bool) {
	var event struct {
		Records []struct{ Sns struct{ Message string } }
	}
	if json.Unmarshal(payload, &event) != nil {
		return "", true
	}
	for i := range event.Records {
		var m struct {
			From string `json:"originationNumber"`
			Body string `json:"messageBody"`
		}
		if json.Unmarshal([]byte(event.Records[i].Sns.Message), &m) != nil {
			return who, true
		}
		who = phone.Number(m.From)
		country := who.Country()
		v := keyword.Vocabulary{Place: keyword.SpokenIn(country), OptOut: jurisdiction.OptOutWords(country)}
		stop = stop || slices.Contains([]keyword.Kind{keyword.OptOut, keyword.WrongNumber}, v.Classify(m.Body).Kind)
	}
	return who, stop
}
