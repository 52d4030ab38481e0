// Package handset simulates phones: what each shows, and what its owner texts.
package handset

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/reply"
	"smsconsent/local/sms"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// Handsets are simulated phones. There is one for every number. They are safe for concurrent use.
type Handsets struct {
	Options

	mu     sync.Mutex
	phones map[phone.Number][]Entry
}

// Options configures Handsets.
type Options struct {
	Catalog func() *program.Catalog // the programs in force, whose numbers can be texted
	Now     func() time.Time
	Changed func() // called after each text

	// Deliver brings a text to the inbound function. It returns when that and everything it caused are done.
	Deliver func(ctx context.Context, event []byte) error
}

// Entry is one text of a phone's conversation, as the phone shows it.
type Entry struct {
	At        time.Time    `json:"at"`
	Direction string       `json:"direction"` // "in": the phone shows it; "out": its owner wrote it
	From      string       `json:"from"`
	To        string       `json:"to"`
	Body      string       `json:"body"`
	id        string       // AWS message ID of what was sent to the phone
	phone     phone.Number // the phone's own number
}

// New returns phones without conversations.
func New(o Options) *Handsets { return &Handsets{Options: o, phones: map[phone.Number][]Entry{}} }

func (h *Handsets) add(e Entry) {
	h.mu.Lock()
	h.phones[e.phone] = append(h.phones[e.phone], e)
	h.mu.Unlock()
	h.Changed()
}

// Show adds a text to the conversation of its phone.
func (h *Handsets) Show(t sms.Text) {
	h.add(Entry{At: t.At, Direction: "in", From: t.From, To: string(t.To), Body: t.Body, id: t.ID, phone: t.To})
}

// Conversation returns the texts of a phone, oldest first.
func (h *Handsets) Conversation(n phone.Number) []Entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Entry{}, h.phones[n]...)
}

// Numbers returns the phones with a conversation, in order.
func (h *Handsets) Numbers() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	numbers := make([]string, 0, len(h.phones))
	for n := range h.phones {
		numbers = append(numbers, string(n))
	}
	slices.Sort(numbers)
	return numbers
}

// Summary is a phone with a conversation.
type Summary struct {
	Phone string
	Texts int
	Last  Entry
}

// Latest returns the phones with the latest texts, newest first, but at most that many.
func (h *Handsets) Latest(most int) []Summary {
	h.mu.Lock()
	all := make([]Summary, 0, len(h.phones))
	for n, talk := range h.phones {
		all = append(all, Summary{string(n), len(talk), talk[len(talk)-1]})
	}
	h.mu.Unlock()
	slices.SortFunc(all, func(a, b Summary) int {
		return cmp.Or(b.Last.At.Compare(a.Last.At), strings.Compare(a.Phone, b.Phone))
	})
	return all[:min(most, len(all))]
}

// lastFrom returns the AWS message ID of the last text that the phone got from a number; empty where it got none.
func (h *Handsets) lastFrom(n phone.Number, to string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range slices.Backward(h.phones[n]) {
		if e.From == to {
			return e.id
		}
	}
	return ""
}

// Routes adds the calls that show a phone, and text from it.
func (h *Handsets) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /handsets", func(w http.ResponseWriter, _ *http.Request) {
		reply.JSON(w, http.StatusOK, h.Numbers())
	})
	mux.HandleFunc("GET /handsets/{phone}", func(w http.ResponseWriter, r *http.Request) {
		n, bad := Number(r)
		if bad != nil {
			bad.Write(w)
			return
		}
		reply.JSON(w, http.StatusOK, h.Conversation(n))
	})
	mux.HandleFunc("POST /handsets/{phone}", func(w http.ResponseWriter, r *http.Request) {
		n, bad := Number(r)
		if bad != nil {
			bad.Write(w)
			return
		}
		var in struct {
			To   string `json:"to"`
			Body string `json:"body"`
		}
		if bad := reply.Decode(w, r, &in); bad != nil {
			bad.Write(w)
			return
		}
		if bad := h.text(r.Context(), n, in.To, in.Body); bad != nil {
			bad.Write(w)
			return
		}
		reply.JSON(w, http.StatusOK, map[string]string{"status": "handled"})
	})
}

// Number returns the phone in the request's path. The plus sign may be encoded as %2B.
func Number(r *http.Request) (phone.Number, *reply.Problem) {
	n, err := phone.Parse(r.PathValue("phone"))
	if err != nil {
		return "", reply.BadRequest("phone", err.Error())
	}
	return n, nil
}

// text sends a text from a phone to a number. It returns when the inbound function and everything it caused are done.
func (h *Handsets) text(ctx context.Context, from phone.Number, to, body string) *reply.Problem {
	_, prog, known := h.Catalog().ByDestination(to)
	switch {
	case to == "":
		return reply.BadRequest("to", "say which number is texted, one of "+strings.Join(h.destinations(), ", "))
	case !known:
		return &reply.Problem{
			Status:  http.StatusNotFound,
			Field:   "to",
			Message: "nobody answers that number; try one of " + strings.Join(h.destinations(), ", "),
		}
	case body == "":
		return reply.BadRequest("body", "say what the text is, such as YES")
	case utf8.RuneCountInString(body) > sms.MaxBody:
		return reply.BadRequest("body", "a text has at most 1600 characters")
	}
	now := h.Now()
	event := inboundEvent(from, to, body, keyword(prog), h.lastFrom(from, to), now)
	h.add(Entry{At: now, Direction: "out", From: string(from), To: to, Body: body, phone: from})
	if err := h.Deliver(ctx, event); err != nil {
		return &reply.Problem{
			Status:  http.StatusBadGateway,
			Message: "the inbound function failed; its error is in the log and the event in the queue failed-events",
		}
	}
	return nil
}

// destinations returns the numbers that people can text.
func (h *Handsets) destinations() []string {
	var numbers []string
	for _, b := range h.Catalog().Brands {
		for _, p := range b.Programs {
			numbers = append(numbers, sms.Numbers(p.Identity)...)
		}
	}
	return numbers
}

// keyword returns the registered keyword of a program's number. AWS sends it with every text, whatever the person
// wrote.
func keyword(p *program.Program) string {
	for _, t := range p.Topics {
		if t.Keyword != "" {
			return t.Keyword
		}
	}
	return "KEYWORD_" + account.Account
}

// inboundEvent returns a text to a program as SNS brings it to the inbound function (AWS End User Messaging SMS User
// Guide, "Two-way SMS message payload").
func inboundEvent(from phone.Number, to, body, keyword, previous string, now time.Time) []byte {
	payload := map[string]string{
		"originationNumber": string(from),
		"destinationNumber": to,
		"messageKeyword":    keyword,
		"messageBody":       body,
		"inboundMessageId":  awsjson.NewID(),
	}
	if previous != "" {
		payload["previousPublishedMessageId"] = previous
	}
	published, _ := json.Marshal(payload) // strings always encode
	subscription := account.TopicARN("smsconsent-inbound") + ":" + awsjson.NewID()
	event, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{
		"EventVersion": "1.0", "EventSubscriptionArn": subscription, "EventSource": "aws:sns",
		"Sns": map[string]any{
			"SignatureVersion":  "1",
			"Timestamp":         now.Format(account.TopicTime),
			"Signature":         "EXAMPLE==",
			"SigningCertUrl":    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem",
			"MessageId":         awsjson.NewID(),
			"Message":           string(published),
			"MessageAttributes": map[string]any{},
			"Type":              "Notification",
			"UnsubscribeUrl":    "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=" + subscription,
			"TopicArn":          account.TopicARN("smsconsent-inbound"),
			"Subject":           nil,
		},
	}}})
	return event
}
