// Package sns imitates Amazon SNS where functions publish to a topic. The console shows what was published.
package sns

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/faults"
)

// maxMessage is how many bytes a message may have (Amazon SNS API Reference, Publish).
const maxMessage = 256 << 10

// maxKept is how many publications are kept. The oldest are dropped first.
const maxKept = 1000

// Publication is a message published to a topic.
type Publication struct {
	At      time.Time `json:"at"`
	Topic   string    `json:"topic"` // ARN
	Message string    `json:"message"`
}

// Topics keeps what is published. It is safe for concurrent use.
type Topics struct {
	Faults *faults.Account // nil for none

	now     func() time.Time
	changed func()

	mu        sync.Mutex
	published []Publication
}

// New returns topics without publications. changed is called after each publication.
func New(now func() time.Time, changed func()) *Topics { return &Topics{now: now, changed: changed} }

// IsCall reports whether a request is a call in the query protocol, which SNS has: a form posted to the root.
func IsCall(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == "/"
}

type publishAnswer struct {
	XMLName   xml.Name `xml:"http://sns.amazonaws.com/doc/2010-03-31/ PublishResponse"`
	MessageID string   `xml:"PublishResult>MessageId"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

type errorAnswer struct {
	XMLName   xml.Name `xml:"http://sns.amazonaws.com/doc/2010-03-31/ ErrorResponse"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

type subscription struct {
	TopicARN string `xml:"TopicArn"`
	Protocol string
	ARN      string `xml:"SubscriptionArn"`
	Owner    string
	Endpoint string
}

type subscriptionsAnswer struct {
	XMLName       xml.Name       `xml:"http://sns.amazonaws.com/doc/2010-03-31/ ListSubscriptionsByTopicResponse"`
	Subscriptions []subscription `xml:"ListSubscriptionsByTopicResult>Subscriptions>member"`
	RequestID     string         `xml:"ResponseMetadata>RequestId"`
}

// subscriptions answers ListSubscriptionsByTopic for the topics of inbound texts, of delivery events and of alarms.
func (t *Topics) subscriptions(w http.ResponseWriter, topic string) {
	out := subscriptionsAnswer{RequestID: awsjson.NewID()}
	endpoints := map[string]subscription{
		account.TopicARN("smsconsent-inbound"):  {Protocol: "lambda", Endpoint: account.FunctionARN("inbound") + ":live"},
		account.TopicARN("smsconsent-delivery"): {Protocol: "sqs", Endpoint: account.ARN("sqs", "smsconsent-receipts")},
		account.TopicARN("smsconsent-alarms"):   {Protocol: "email", Endpoint: "you@example.com"},
	}
	name := topic[strings.LastIndexByte(topic, ':')+1:]
	if s, ok := endpoints[topic]; ok && !slices.Contains(t.Faults.Now().Lost, name) {
		s.TopicARN, s.Owner, s.ARN = topic, account.Account, topic+":00000000-0000-4000-8000-000000000000"
		out.Subscriptions = []subscription{s}
	}
	answer(w, http.StatusOK, out)
}

// ServeHTTP answers Publish and ListSubscriptionsByTopic.
func (t *Topics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4*maxMessage)
	if err := r.ParseForm(); err != nil {
		refuse(w, "InvalidParameter", "the body is not the form of this call")
		return
	}
	action, topic, message := r.PostForm.Get("Action"), r.PostForm.Get("TopicArn"), r.PostForm.Get("Message")
	switch {
	case t.Faults.Denied(action):
		refuse(w, "AuthorizationError", "User is not authorized to perform this operation (simulated).")
		return
	case action == "ListSubscriptionsByTopic" && topic != "":
		t.subscriptions(w, topic)
		return
	case action != "Publish":
		refuse(w, "InvalidAction", "this stack's SNS knows Publish and ListSubscriptionsByTopic only")
		return
	case topic == "":
		refuse(w, "InvalidParameter", "TopicArn is missing")
		return
	case message == "" || len(message) > maxMessage:
		refuse(w, "InvalidParameter", "Message must have 1 to 262144 bytes")
		return
	}
	t.mu.Lock()
	t.published = append(t.published, Publication{At: t.now(), Topic: topic, Message: message})
	t.published = t.published[max(0, len(t.published)-maxKept):]
	t.mu.Unlock()
	t.changed()
	answer(w, http.StatusOK, publishAnswer{MessageID: awsjson.NewID(), RequestID: awsjson.NewID()})
}

// Published returns what was published, oldest first.
func (t *Topics) Published() []Publication {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Publication{}, t.published...)
}

// Restore sets the publications to what Published returned in an earlier run.
func (t *Topics) Restore(letters []Publication) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.published = slices.Clone(letters)
}

func refuse(w http.ResponseWriter, code, message string) {
	answer(w, http.StatusBadRequest, errorAnswer{Type: "Sender", Code: code, Message: message, RequestID: awsjson.NewID()})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(body)
}
