package local

import (
	"context"
	"encoding/json"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// What SendTextMessage allows (AWS End User Messaging SMS API reference).
const (
	maxBody         = 1600
	maxContext      = 5
	maxContextKey   = 100
	maxContextValue = 800
	minTimeToLive   = 5
	maxTimeToLive   = 259200
)

var destinationNumber = regexp.MustCompile(`^\+?[1-9][0-9]{1,18}$`)

// sms is AWS End User Messaging SMS with the identities, the opt-out lists and one configuration set of the stack.
type sms struct {
	stack   *Stack
	created time.Time

	mu      sync.Mutex
	lists   map[string]*optOutList
	sets    map[string]time.Time // configuration sets by name
	faults  map[phone.Number]fault
	anyFail fault // for phones without a fault of their own
}

func newSMS(s *Stack) *sms {
	now := s.Now()
	m := &sms{
		stack:   s,
		created: now,
		lists:   map[string]*optOutList{"Default": newOptOutList(now)},
		sets:    map[string]time.Time{ConfigurationSet: now},
		faults:  map[phone.Number]fault{},
	}
	for _, b := range s.catalog.Brands {
		for _, p := range b.Programs {
			m.lists[p.OptOutList] = newOptOutList(now)
		}
	}
	return m
}

// serveSMS answers the calls of pinpoint-sms-voice-v2 that the functions and an operator make.
func (s *Stack) serveSMS(w http.ResponseWriter, r *http.Request, operation string) {
	m := s.sms
	switch operation {
	case "SendTextMessage":
		call(w, r, func(in sendText) (map[string]string, *awsError) {
			id, err := m.send(r.Context(), in)
			return map[string]string{"MessageId": id}, err
		})
	case "PutOptedOutNumber":
		call(w, r, m.putOptedOut)
	case "DeleteOptedOutNumber":
		call(w, r, m.deleteOptedOut)
	case "DescribeOptedOutNumbers":
		call(w, r, m.describeOptedOut)
	case "CreateOptOutList":
		call(w, r, m.createList)
	case "DescribeOptOutLists":
		call(w, r, m.describeLists)
	case "DescribePhoneNumbers":
		call(w, r, m.describeNumbers)
	case "CreateConfigurationSet":
		call(w, r, m.createSet)
	default:
		unknownOperation(w, "pinpoint-sms-voice-v2 "+operation)
	}
}

type sendText struct {
	DestinationPhoneNumber string
	OriginationIdentity    string
	MessageBody            string
	MessageType            string
	ConfigurationSetName   string
	TimeToLive             *int
	Context                map[string]string
	DryRun                 bool
}

// check is AWS's validation of what can be judged without knowing the account.
func (in *sendText) check() *awsError {
	switch {
	case !destinationNumber.MatchString(in.DestinationPhoneNumber):
		return invalid("DestinationPhoneNumber must be an E.164 phone number")
	case strings.TrimSpace(in.MessageBody) == "" || utf8.RuneCountInString(in.MessageBody) > maxBody:
		return invalid("MessageBody must have 1 to 1600 characters, not only white space")
	case in.MessageType != "" && in.MessageType != "TRANSACTIONAL" && in.MessageType != "PROMOTIONAL":
		return invalid("MessageType must be TRANSACTIONAL or PROMOTIONAL")
	case in.TimeToLive != nil && (*in.TimeToLive < minTimeToLive || *in.TimeToLive > maxTimeToLive):
		return invalid("TimeToLive must be between 5 and 259200 seconds")
	case len(in.Context) > maxContext:
		return invalid("Context must have at most 5 pairs")
	}
	for k, v := range in.Context {
		if k == "" || len(k) > maxContextKey || strings.ContainsAny(k, " \t\n") || v == "" || len(v) > maxContextValue {
			return invalid("Context must have keys of 1 to 100 characters without spaces, and values of 1 to 800")
		}
	}
	return nil
}

// send does what SendTextMessage does and returns the message ID.
func (m *sms) send(ctx context.Context, in sendText) (string, *awsError) {
	if err := in.check(); err != nil {
		return "", err
	}
	to := e164(in.DestinationPhoneNumber)
	from, err := m.identity(in)
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	list := m.lists[from.OptOutList]
	_, optedOut := list.numbers[to]
	_, set := m.sets[path.Base(in.ConfigurationSetName)]
	trouble, special := m.faults[to]
	if !special {
		trouble = m.anyFail
	}
	m.mu.Unlock()
	switch {
	case in.ConfigurationSetName != "" && !set:
		return "", &awsError{
			Code: "ResourceNotFoundException",
			Type: "configuration-set",
			Text: "The configuration set does not exist.",
		}
	case optedOut:
		return "", &awsError{
			Code:   "ConflictException",
			Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
			Type:   "opted-out-number",
			Text:   "The destination phone number is opted out.",
		}
	case in.DryRun:
		return newID(), nil
	case trouble == throttle:
		return "", &awsError{Code: "ThrottlingException", Text: "Too many messages (simulated)."}
	case trouble == internal:
		return "", &awsError{
			Status: http.StatusInternalServerError,
			Code:   "InternalServerException",
			Text:   "Internal error (simulated).",
		}
	}
	t := text{
		id: newID(), at: m.stack.Now(), from: number(from.Identity), to: to, body: in.MessageBody,
		messageType: in.MessageType, context: in.Context, outcome: outcomes[trouble],
	}
	if t.outcome.shown {
		m.stack.handsets.show(t)
	}
	if in.ConfigurationSetName != "" {
		afterInvocation(ctx, func() { m.stack.queues.send(m.stack.queues.receipts, deliveryEvent(t, m.stack.Now()), nil, 0) })
	}
	if trouble == unknown {
		// The text is out and the caller never learns it: the connection breaks before the answer.
		panic(http.ErrAbortHandler)
	}
	return t.id, nil
}

// identity finds the program that sends from the identity asked for. Without one AWS chooses by message type.
func (m *sms) identity(in sendText) (*program.Program, *awsError) {
	wanted := path.Base(in.OriginationIdentity)
	for i := range m.stack.catalog.Brands {
		programs := m.stack.catalog.Brands[i].Programs
		for j := range programs {
			p := &programs[j]
			if p.Identity.Answers(wanted) ||
				(in.OriginationIdentity == "" && strings.EqualFold(in.MessageType, string(p.Class))) {
				return p, nil
			}
		}
	}
	return nil, &awsError{
		Code: "ResourceNotFoundException",
		Type: "phone-number",
		Text: "The origination identity does not exist.",
	}
}

// number is what a phone shows as the sender.
func number(i program.Identity) string {
	switch {
	case len(i.Numbers) > 0:
		return string(i.Numbers[0])
	case i.Pool != "":
		return i.Pool
	default:
		return i.String()
	}
}

func e164(s string) phone.Number { return phone.Number("+" + strings.TrimPrefix(s, "+")) }

// outcome is what becomes of a text that AWS took.
type outcome struct {
	event  string // AWS event type without TEXT_
	detail string
	shown  bool // the phone shows it
}

// fault is a trouble the carrier can be put in, for demonstrations and tests.
type fault string

const (
	none     fault = "none"
	throttle fault = "throttle" // AWS refuses for want of capacity
	internal fault = "internal" // AWS fails, and nothing was sent
	unknown  fault = "unknown"  // the text is sent, and the answer is lost
	badPhone fault = "invalid"  // the carrier says there is no such phone
	spam     fault = "spam"     // the carrier calls the text spam
)

var (
	delivered = outcome{event: "DELIVERED", detail: "Message has been accepted by phone", shown: true}
	outcomes  = map[fault]outcome{
		"":       delivered,
		none:     delivered,
		unknown:  delivered,
		badPhone: {event: "INVALID", detail: "The destination phone number is invalid"},
		spam:     {event: "SPAM", detail: "The carrier considers the message spam"},
	}
)

// setFault puts the carrier in trouble for one phone, or with an empty number for all others.
func (m *sms) setFault(n phone.Number, f fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case n == "":
		m.anyFail = f
	case f == none:
		delete(m.faults, n)
	default:
		m.faults[n] = f
	}
}

// text is one text AWS took.
type text struct {
	id          string
	at          time.Time
	from        string
	to          phone.Number
	body        string
	messageType string
	context     map[string]string
	outcome     outcome
}

// deliveryEvent is a delivery event as the SNS destination of a configuration set publishes it and SQS receives it
// (AWS End User Messaging SMS User Guide, "Event types for SMS, MMS and voice").
func deliveryEvent(t text, now time.Time) string {
	segments := message.Segments(t.body)
	encoding := "GSM"
	if segments.Encoding == message.UCS2 {
		encoding = "Unicode"
	}
	event := map[string]any{
		"eventType": "TEXT_" + t.outcome.event, "eventVersion": "1.0", "eventTimestamp": now.UnixMilli(), "isFinal": true,
		"originationPhoneNumber": t.from, "destinationPhoneNumber": string(t.to),
		"messageId": t.id, "messageRequestTimestamp": t.at.UnixMilli(), "messageEncoding": encoding,
		"messageType": t.messageType, "messageStatus": t.outcome.event, "messageStatusDescription": t.outcome.detail,
		"context": t.context, "totalMessageParts": segments.Parts, "totalMessagePrice": 0, "totalCarrierFee": 0,
	}
	return notification("smsconsent-delivery", event, now)
}

// notification wraps what is published to an SNS topic the way a subscribed queue gets it.
func notification(topic string, published any, now time.Time) string {
	body, _ := json.Marshal(published) // maps of strings and numbers always encode
	envelope, _ := json.Marshal(map[string]string{
		"Type": "Notification", "MessageId": newID(), "TopicArn": topicARN(topic), "Message": string(body),
		"Timestamp": now.Format(snsTime), "SignatureVersion": "1", "Signature": "EXAMPLE==",
		"SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem",
		"UnsubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
	})
	return string(envelope)
}

// snsTime is how SNS writes times: UTC, in milliseconds.
const snsTime = "2006-01-02T15:04:05.000Z"

func topicARN(name string) string { return "arn:aws:sns:" + Region + ":" + Account + ":" + name }
