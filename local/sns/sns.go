// Package sns stands in for Amazon SNS where functions publish to a topic. What is published can be read on the
// console.
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

// maxMessage is the most bytes SNS takes (Amazon SNS API Reference, Publish).
const maxMessage = 256 << 10

// most is how many letters are kept; the oldest go first.
const most = 1000

// Letter is what was published.
type Letter struct {
	At      time.Time `json:"at"`
	Topic   string    `json:"topic"` // ARN
	Message string    `json:"message"`
}

// Topics takes what is published. It is safe for concurrent use.
type Topics struct {
	Faults *faults.Account // nil for none

	now     func() time.Time
	changed func()

	mu      sync.Mutex
	letters []Letter
}

// New makes the topics. changed is called after each publication.
func New(now func() time.Time, changed func()) *Topics { return &Topics{now: now, changed: changed} }

// Asked reports whether a call is one of the query protocol, which SNS speaks: a form posted to the root.
func Asked(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == "/"
}

type published struct {
	XMLName   xml.Name `xml:"http://sns.amazonaws.com/doc/2010-03-31/ PublishResponse"`
	MessageID string   `xml:"PublishResult>MessageId"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

type refused struct {
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

type subscribed struct {
	XMLName       xml.Name       `xml:"http://sns.amazonaws.com/doc/2010-03-31/ ListSubscriptionsByTopicResponse"`
	Subscriptions []subscription `xml:"ListSubscriptionsByTopicResult>Subscriptions>member"`
	RequestID     string         `xml:"ResponseMetadata>RequestId"`
}

// subscriptions answers ListSubscriptionsByTopic: who hears what people text, what becomes of texts, and alarms.
func (t *Topics) subscriptions(w http.ResponseWriter, topic string) {
	out := subscribed{RequestID: awsjson.NewID()}
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
	t.letters = append(t.letters, Letter{At: t.now(), Topic: topic, Message: message})
	t.letters = t.letters[max(0, len(t.letters)-most):]
	t.mu.Unlock()
	t.changed()
	answer(w, http.StatusOK, published{MessageID: awsjson.NewID(), RequestID: awsjson.NewID()})
}

// Letters returns what was published, oldest first.
func (t *Topics) Letters() []Letter {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Letter{}, t.letters...)
}

// Restore takes up what Letters returned in an earlier run.
func (t *Topics) Restore(letters []Letter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.letters = slices.Clone(letters)
}

func refuse(w http.ResponseWriter, code, message string) {
	answer(w, http.StatusBadRequest, refused{Type: "Sender", Code: code, Message: message, RequestID: awsjson.NewID()})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(body)
}
