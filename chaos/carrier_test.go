package chaos_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"time"
)

// How a text that was offered to the carrier fared, as its sender is told.
type outcome string

const (
	outcomeTaken   outcome = "taken"
	outcomeLost    outcome = "lost" // the sender is not told
	outcomeRefused outcome = "refused"
)

// text is one text offered to the carrier.
type text struct {
	order   int64 // its place among all that had effect
	at      time.Time
	to      string
	from    string
	body    string
	class   string
	context map[string]string
	by      *invocation
	outcome outcome
	reason  string // of a refusal
	taken   bool   // the carrier has it, whatever its sender was told
	claimed int64  // the invocation's last write about the person before it
	ttl     time.Duration
}

// id tells tries of one text from another text.
func (t *text) id() string {
	for _, k := range []string{"message", "id"} {
		if v := t.context[k]; v != "" {
			return v
		}
	}
	return ""
}

type sendText struct {
	DestinationPhoneNumber string
	OriginationIdentity    string
	MessageBody            string
	MessageType            string
	ConfigurationSetName   string
	TimeToLive             int
	Context                map[string]string
}

func (w *world) handed(c *call) *text {
	var in sendText
	if err := json.Unmarshal(c.body, &in); err != nil {
		w.broken("chaos: SendTextMessage cannot be read: %v", err)
	}
	t := &text{
		order: w.next(), at: w.now(), to: in.DestinationPhoneNumber, from: in.OriginationIdentity, body: in.MessageBody, class: in.MessageType,
		context: in.Context, by: c.by, ttl: time.Duration(in.TimeToLive) * time.Second,
	}
	if c.by != nil {
		t.claimed = c.by.wrote[t.to]
	}
	return t
}

func (w *world) send(c *call) *http.Response {
	t := w.handed(c)
	list, ok := w.listOf[t.from]
	if !ok {
		return w.refuse(t, http.StatusBadRequest, "ResourceNotFoundException", "ResourceType", "phone-number")
	}
	if _, on := w.lists[list][t.to]; on {
		return w.refuse(t, http.StatusConflict, "ConflictException", "Reason", "DESTINATION_PHONE_NUMBER_OPTED_OUT")
	}
	t.outcome, t.taken = outcomeTaken, true
	if c.lost {
		t.outcome = outcomeLost
	}
	w.model.text(t)
	w.texts = append(w.texts, t)
	return reply(http.StatusOK, map[string]string{"MessageId": fmt.Sprintf("aws-%06d", t.order)})
}

// refuse is AWS's certain no to a text.
func (w *world) refuse(t *text, status int, code, key, why string) *http.Response {
	t.outcome, t.reason = outcomeRefused, code
	more := map[string]string{}
	if key != "" {
		more[key] = why
		t.reason = why
	}
	w.model.text(t)
	return refusal(status, code, more)
}

// onceIn is how often AWS takes one number off a list.
const onceIn = 30 * 24 * time.Hour

func (w *world) list(c *call) *http.Response {
	var in struct {
		OptOutListName  string
		OptedOutNumber  string
		OptedOutNumbers []string
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		w.broken("chaos: %s cannot be read: %v", c.name, err)
	}
	name := path.Base(in.OptOutListName)
	list, ok := w.lists[name]
	if !ok {
		return refusal(http.StatusBadRequest, "ResourceNotFoundException", map[string]string{"ResourceType": "opt-out-list"})
	}
	now := w.now()
	answer := func(n string) map[string]any {
		return map[string]any{"OptOutListName": name, "OptedOutNumber": n, "OptedOutTimestamp": float64(list[n].UnixMilli()) / 1000}
	}
	_, on := list[in.OptedOutNumber]
	switch c.name {
	case "PutOptedOutNumber":
		if !on {
			list[in.OptedOutNumber] = now
			w.tell("  AWS's list %s: %s is put on it", name, who(in.OptedOutNumber))
		}
		return reply(http.StatusOK, answer(in.OptedOutNumber))
	case "DeleteOptedOutNumber":
		last, before := w.removed[name+in.OptedOutNumber]
		switch {
		case !on:
			return refusal(http.StatusBadRequest, "ResourceNotFoundException", map[string]string{"ResourceType": "opted-out-number"})
		case before && now.Sub(last) < onceIn:
			w.model.kept[in.OptedOutNumber] = true
			w.tell("  AWS's list %s: %s stays on it, for AWS takes a number off once in 30 days", name, who(in.OptedOutNumber))
			return refusal(http.StatusBadRequest, "ValidationException", map[string]string{"Reason": "PHONE_NUMBER_CANNOT_BE_OPTED_IN"})
		}
		out := answer(in.OptedOutNumber)
		delete(list, in.OptedOutNumber)
		w.removed[name+in.OptedOutNumber] = now
		w.tell("  AWS's list %s: %s is taken off it", name, who(in.OptedOutNumber))
		return reply(http.StatusOK, out)
	case "DescribeOptedOutNumbers":
		numbers := []map[string]any{}
		if len(in.OptedOutNumbers) == 0 {
			in.OptedOutNumbers = slices.Sorted(maps.Keys(list))
		}
		for _, n := range in.OptedOutNumbers {
			if _, on := list[n]; !on {
				return refusal(http.StatusBadRequest, "ResourceNotFoundException", map[string]string{"ResourceType": "opted-out-number"})
			}
			numbers = append(numbers, answer(n))
		}
		return reply(http.StatusOK, map[string]any{"OptOutListName": name, "OptedOutNumbers": numbers})
	default:
		w.broken("chaos: nobody answers %s", c.name)
		return refusal(http.StatusBadRequest, "UnknownOperationException", nil)
	}
}
