package local

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// handsets are simulated phones. Every number has one; it comes to be with its first text.
type handsets struct {
	changed func()

	mu     sync.Mutex
	phones map[phone.Number][]entry
}

// entry is one text of a phone's conversation, seen from the phone.
type entry struct {
	At        time.Time    `json:"at"`
	Direction string       `json:"direction"` // "in": the phone shows it; "out": its owner wrote it
	From      string       `json:"from"`
	To        string       `json:"to"`
	Body      string       `json:"body"`
	id        string       // AWS message ID of what was sent to the phone
	phone     phone.Number // whose phone
}

func newHandsets(changed func()) *handsets {
	return &handsets{changed: changed, phones: map[phone.Number][]entry{}}
}

func (h *handsets) add(e entry) {
	h.mu.Lock()
	h.phones[e.phone] = append(h.phones[e.phone], e)
	h.mu.Unlock()
	h.changed()
}

// show puts a text on the phone's screen.
func (h *handsets) show(t text) {
	h.add(entry{At: t.at, Direction: "in", From: t.from, To: string(t.to), Body: t.body, id: t.id, phone: t.to})
}

func (h *handsets) conversation(n phone.Number) []entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]entry{}, h.phones[n]...)
}

// numbers lists the phones that have a conversation, in order.
func (h *handsets) numbers() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	numbers := make([]string, 0, len(h.phones))
	for n := range h.phones {
		numbers = append(numbers, string(n))
	}
	slices.Sort(numbers)
	return numbers
}

// answered is the ID of the last text the phone got from the number it now texts to.
func (h *handsets) answered(n phone.Number, to string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range slices.Backward(h.phones[n]) {
		if e.From == to {
			return e.id
		}
	}
	return ""
}

func (s *Stack) handsetRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /handsets", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, s.handsets.numbers())
	})
	mux.HandleFunc("GET /handsets/{phone}", func(w http.ResponseWriter, r *http.Request) {
		n, bad := handsetNumber(r)
		if bad != nil {
			bad.write(w)
			return
		}
		answer(w, http.StatusOK, s.handsets.conversation(n))
	})
	mux.HandleFunc("POST /handsets/{phone}", func(w http.ResponseWriter, r *http.Request) {
		n, bad := handsetNumber(r)
		if bad != nil {
			bad.write(w)
			return
		}
		var in struct {
			To   string `json:"to"`
			Body string `json:"body"`
		}
		if bad := decode(w, r, &in); bad != nil {
			bad.write(w)
			return
		}
		if bad := s.text(r.Context(), n, in.To, in.Body); bad != nil {
			bad.write(w)
			return
		}
		answer(w, http.StatusOK, map[string]string{"status": "handled"})
	})
}

// handsetNumber reads the phone from the path, where the plus sign may come as it is or as %2B.
func handsetNumber(r *http.Request) (phone.Number, *problem) {
	n, err := phone.Parse(r.PathValue("phone"))
	if err != nil {
		return "", badRequest("phone", err.Error())
	}
	return n, nil
}

// text is the phone's owner texting a number. It returns when the inbound function and what it caused are done.
func (s *Stack) text(ctx context.Context, from phone.Number, to, body string) *problem {
	_, prog, known := s.catalog.ByDestination(to)
	switch {
	case to == "":
		return badRequest("to", "say which number is texted, one of "+strings.Join(s.destinations(), ", "))
	case !known:
		return &problem{
			http.StatusNotFound,
			"to",
			"nobody answers that number; try one of " + strings.Join(s.destinations(), ", "),
		}
	case body == "":
		return badRequest("body", "say what the text is, such as YES")
	case utf8.RuneCountInString(body) > maxBody:
		return badRequest("body", "a text has at most 1600 characters")
	}
	now := s.Now()
	event := inboundEvent(from, to, body, keyword(prog), s.handsets.answered(from, to), now)
	s.handsets.add(entry{At: now, Direction: "out", From: string(from), To: to, Body: body, phone: from})
	err := s.invokeEvent(ctx, "inbound", event)
	s.drain(ctx, s.queues.receipts)
	if err != nil {
		return &problem{
			http.StatusBadGateway,
			"",
			"the inbound function failed; its error is in the log and the event in the queue events-dead",
		}
	}
	return nil
}

// destinations are the numbers people can text.
func (s *Stack) destinations() []string {
	var numbers []string
	for _, b := range s.catalog.Brands {
		for _, p := range b.Programs {
			numbers = append(numbers, identityNumbers(p.Identity)...)
		}
	}
	return numbers
}

// keyword is the registered keyword of a program's number, which AWS sends along whatever the person wrote.
func keyword(p *program.Program) string {
	for _, t := range p.Topics {
		if t.Keyword != "" {
			return t.Keyword
		}
	}
	return "KEYWORD_" + Account
}

// inboundEvent is a two-way text as SNS brings it to the inbound function (AWS End User Messaging SMS User Guide,
// "Two-way SMS message payload").
func inboundEvent(from phone.Number, to, body, keyword, previous string, now time.Time) []byte {
	payload := map[string]string{
		"originationNumber": string(
			from,
		),
		"destinationNumber": to,
		"messageKeyword":    keyword,
		"messageBody":       body,
		"inboundMessageId":  newID(),
	}
	if previous != "" {
		payload["previousPublishedMessageId"] = previous
	}
	published, _ := json.Marshal(payload) // strings always encode
	subscription := topicARN("smsconsent-inbound") + ":" + newID()
	event, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{
		"EventVersion": "1.0", "EventSubscriptionArn": subscription, "EventSource": "aws:sns",
		"Sns": map[string]any{
			"SignatureVersion":  "1",
			"Timestamp":         now.Format(snsTime),
			"Signature":         "EXAMPLE==",
			"SigningCertUrl":    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem",
			"MessageId":         newID(),
			"Message":           string(published),
			"MessageAttributes": map[string]any{},
			"Type":              "Notification",
			"UnsubscribeUrl":    "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=" + subscription,
			"TopicArn":          topicARN("smsconsent-inbound"),
			"Subject":           nil,
		},
	}}})
	return event
}
