// Package sms imitates AWS End User Messaging SMS: it accepts texts, keeps opt-out lists and publishes delivery
// events.
package sms

import (
	"encoding/json"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/faults"
	"smsconsent/local/lambda"
	"smsconsent/shared/core/carriercode"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// The limits of SendTextMessage (AWS End User Messaging SMS API reference), in characters and in seconds.
const (
	MaxBody         = 1600
	maxContext      = 5
	maxContextKey   = 100
	maxContextValue = 800
	minTimeToLive   = 5
	maxTimeToLive   = 259200
)

var destinationNumber = regexp.MustCompile(`^\+?[1-9][0-9]{1,18}$`)

// SMS is AWS End User Messaging SMS with the identities of programs.yaml, their opt-out lists and one configuration
// set. It is safe for concurrent use.
type SMS struct {
	Options
	created time.Time

	mu      sync.Mutex
	lists   map[string]*optOutList
	sets    map[string]*configurationSet // by name
	numbers []*numberInformation
	pools   []*poolInformation
	faults  map[phone.Number]Fault
	anyFail Fault // for phones without a fault of their own
}

// Options configures an SMS.
type Options struct {
	Catalog func() *program.Catalog // the programs in force
	Faults  *faults.Account         // nil for none
	Now     func() time.Time
	Changed func()             // called after each change of an opt-out list or a setting
	Show    func(t Text)       // shows a text on its phone
	Carried func(t Text)       // called with each accepted text, whatever becomes of it
	Publish func(event string) // sends a delivery event to the queue of the configuration set
}

// New returns an SMS with an empty opt-out list for each program.
func New(o Options) *SMS {
	now := o.Now()
	m := &SMS{
		Options: o,
		created: now,
		lists:   map[string]*optOutList{"Default": newOptOutList(now)},
		sets:    map[string]*configurationSet{account.ConfigurationSet: stackSet(now)},
		faults:  map[phone.Number]Fault{},
	}
	m.AddIdentities(o.Catalog())
	return m
}

// AddIdentities adds the identities and opt-out lists of programs to the account.
func (m *SMS) AddIdentities(c *program.Catalog) {
	m.mu.Lock()
	defer m.mu.Unlock()
	numbers, pools := identities(c, m.Now())
	for _, n := range numbers {
		if !slices.ContainsFunc(m.numbers, func(has *numberInformation) bool { return has.PhoneNumber == n.PhoneNumber }) {
			m.numbers = append(m.numbers, n)
		}
	}
	for _, p := range pools {
		if !slices.ContainsFunc(m.pools, func(has *poolInformation) bool { return has.PoolID == p.PoolID }) {
			m.pools = append(m.pools, p)
		}
	}
	for _, b := range c.Brands {
		for _, p := range b.Programs {
			if name := path.Base(p.OptOutList); m.lists[name] == nil {
				m.lists[name] = newOptOutList(m.Now())
			}
		}
	}
}

// ServeHTTP answers the calls of pinpoint-sms-voice-v2 that the functions and an operator make.
func (m *SMS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.Faults.Guard(awsjson.Operations{
		"SendTextMessage":                       awsjson.Operation(m.send),
		"PutOptedOutNumber":                     awsjson.Operation(m.putOptedOut),
		"DeleteOptedOutNumber":                  awsjson.Operation(m.deleteOptedOut),
		"DescribeOptedOutNumbers":               awsjson.Operation(m.describeOptedOut),
		"CreateOptOutList":                      awsjson.Operation(m.createList),
		"DeleteOptOutList":                      awsjson.Operation(m.deleteList),
		"DescribeOptOutLists":                   awsjson.Operation(m.describeLists),
		"DescribePhoneNumbers":                  awsjson.Operation(m.describeNumbers),
		"UpdatePhoneNumber":                     awsjson.Operation(m.updateNumber),
		"DescribePools":                         awsjson.Operation(m.describePools),
		"UpdatePool":                            awsjson.Operation(m.updatePool),
		"ListPoolOriginationIdentities":         awsjson.Operation(m.listMembers),
		"CreateConfigurationSet":                awsjson.Operation(m.createSet),
		"DeleteConfigurationSet":                awsjson.Operation(m.dropSet),
		"DescribeConfigurationSets":             awsjson.Operation(m.describeSets),
		"CreateEventDestination":                awsjson.Operation(m.createDestination),
		"UpdateEventDestination":                awsjson.Operation(m.updateDestination),
		"DeleteEventDestination":                awsjson.Operation(m.dropDestination),
		"DescribeProtectConfigurations":         awsjson.Operation(m.describeProtections),
		"GetProtectConfigurationCountryRuleSet": awsjson.Operation(m.countryRules),
		"DescribeSpendLimits":                   awsjson.Operation(m.describeSpending),
		"DescribeAccountAttributes":             awsjson.Operation(m.describeAttributes),
		"DescribeAccountLimits":                 awsjson.Operation(m.describeQuotas),
	}).Serve(w, r)
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

// check validates as AWS does what needs no knowledge of the account.
func (in *sendText) check() *awsjson.Error {
	switch {
	case !destinationNumber.MatchString(in.DestinationPhoneNumber):
		return awsjson.Invalid("DestinationPhoneNumber must be an E.164 phone number")
	case strings.TrimSpace(in.MessageBody) == "" || utf8.RuneCountInString(in.MessageBody) > MaxBody:
		return awsjson.Invalid("MessageBody must have 1 to 1600 characters, not only white space")
	case in.MessageType != "" && in.MessageType != "TRANSACTIONAL" && in.MessageType != "PROMOTIONAL":
		return awsjson.Invalid("MessageType must be TRANSACTIONAL or PROMOTIONAL")
	case in.TimeToLive != nil && (*in.TimeToLive < minTimeToLive || *in.TimeToLive > maxTimeToLive):
		return awsjson.Invalid("TimeToLive must be between 5 and 259200 seconds")
	case len(in.Context) > maxContext:
		return awsjson.Invalid("Context must have at most 5 pairs")
	}
	for k, v := range in.Context {
		if k == "" || len(k) > maxContextKey || strings.ContainsAny(k, " \t\n") || v == "" || len(v) > maxContextValue {
			return awsjson.Invalid("Context must have keys of 1 to 100 characters without spaces, and values of 1 to 800")
		}
	}
	return nil
}

type sentText struct {
	MessageID string `json:"MessageId"`
}

// send answers SendTextMessage.
func (m *SMS) send(r *http.Request, in sendText) (sentText, *awsjson.Error) {
	if err := in.check(); err != nil {
		return sentText{}, err
	}
	to := e164(in.DestinationPhoneNumber)
	from, err := m.identity(in)
	if err != nil {
		return sentText{}, err
	}
	m.mu.Lock()
	list := m.lists[path.Base(from.OptOutList)]
	status := m.status(from.Identity)
	optedOut := false
	if list != nil {
		_, optedOut = list.numbers[to]
	}
	_, set := m.sets[path.Base(in.ConfigurationSetName)]
	trouble, special := m.faults[to]
	if !special {
		trouble = m.anyFail
	}
	m.mu.Unlock()
	switch {
	case in.ConfigurationSetName != "" && !set:
		return sentText{}, &awsjson.Error{
			Code: "ResourceNotFoundException",
			Type: "configuration-set",
			Text: "The configuration set does not exist.",
		}
	case status != "ACTIVE":
		return sentText{}, &awsjson.Error{
			Code: "ConflictException", Reason: "RESOURCE_NOT_ACTIVE", Type: "phone-number",
			Text: "The number is " + status + ".",
		}
	case optedOut:
		return sentText{}, &awsjson.Error{
			Code:   "ConflictException",
			Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
			Type:   "opted-out-number",
			Text:   "The destination phone number is opted out.",
		}
	case in.DryRun:
		return sentText{awsjson.NewID()}, nil
	case trouble == throttle:
		return sentText{}, &awsjson.Error{Code: "ThrottlingException", Text: "Too many messages (simulated)."}
	case trouble == internal:
		return sentText{}, &awsjson.Error{
			Status: http.StatusInternalServerError,
			Code:   "InternalServerException",
			Text:   "Internal error (simulated).",
		}
	}
	t := Text{
		ID: awsjson.NewID(), At: m.Now(), From: number(from.Identity), To: to, Body: in.MessageBody,
		messageType: in.MessageType, context: in.Context, outcome: trouble.outcome(),
	}
	if t.outcome.Text == carriercode.Delivered {
		m.Show(t)
	}
	m.Carried(t)
	if in.ConfigurationSetName != "" {
		lambda.AfterInvocation(r.Context(), func() { m.Publish(deliveryEvent(t, m.Now())) })
	}
	if trouble == unknown {
		// The text is sent, but the caller does not learn it: the connection breaks before the answer.
		panic(http.ErrAbortHandler)
	}
	return sentText{t.ID}, nil
}

// status returns the status of the number that an identity sends from. The caller holds mu.
func (m *SMS) status(i program.Identity) string {
	from := number(i)
	for _, n := range m.numbers {
		if n.PhoneNumber == from {
			return m.faulty(*n).Status
		}
	}
	return "ACTIVE"
}

// identity returns the program whose identity a call names. Where it names none, AWS chooses by message type.
func (m *SMS) identity(in sendText) (*program.Program, *awsjson.Error) {
	wanted := path.Base(in.OriginationIdentity)
	brands := m.Catalog().Brands
	for i := range brands {
		programs := brands[i].Programs
		for j := range programs {
			p := &programs[j]
			if p.Identity.Answers(wanted) ||
				(in.OriginationIdentity == "" && strings.EqualFold(in.MessageType, string(p.Class))) {
				return p, nil
			}
		}
	}
	return nil, &awsjson.Error{
		Code: "ResourceNotFoundException",
		Type: "phone-number",
		Text: "The origination identity does not exist.",
	}
}

// number returns the sender that a phone shows.
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

// setFault sets the fault of one phone, or of all phones without one of their own where n is empty.
func (m *SMS) setFault(n phone.Number, f Fault) {
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

// Text is a text that AWS accepted.
type Text struct {
	ID          string
	At          time.Time
	From        string // the number or name that the phone shows
	To          phone.Number
	Body        string
	messageType string
	context     map[string]string
	outcome     carriercode.Code
}

// Event returns AWS's eventType for what became of the text.
func (t Text) Event() string { return t.outcome.Code }

// deliveryEvent returns a delivery event as it arrives in SQS from the SNS destination of a configuration set (AWS
// End User Messaging SMS User Guide, "Event types for SMS, MMS and voice").
func deliveryEvent(t Text, now time.Time) string {
	segments := message.Segments(t.Body)
	encoding := "GSM"
	if segments.Encoding == message.UCS2 {
		encoding = "Unicode"
	}
	event := map[string]any{
		"eventType": t.outcome.Code, "messageStatus": strings.TrimPrefix(t.outcome.Code, "TEXT_"),
		"messageStatusDescription": t.outcome.Means, "isFinal": t.outcome.Text != carriercode.UnderWay,
		"eventVersion": "1.0", "eventTimestamp": now.UnixMilli(),
		"originationPhoneNumber": t.From, "destinationPhoneNumber": string(t.To),
		"messageId": t.ID, "messageRequestTimestamp": t.At.UnixMilli(), "messageEncoding": encoding,
		"messageType": t.messageType, "context": t.context,
		"totalMessageParts": segments.Parts, "totalMessagePrice": 0, "totalCarrierFee": 0,
	}
	return notification("smsconsent-delivery", event, now)
}

// notification wraps a message as SNS does for a subscribed queue.
func notification(topic string, published any, now time.Time) string {
	body, _ := json.Marshal(published) // maps of strings and numbers always encode
	envelope, _ := json.Marshal(map[string]string{
		"Type": "Notification", "MessageId": awsjson.NewID(), "TopicArn": account.TopicARN(topic), "Message": string(body),
		"Timestamp": now.Format(account.TopicTime), "SignatureVersion": "1", "Signature": "EXAMPLE==",
		"SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem",
		"UnsubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
	})
	return string(envelope)
}
