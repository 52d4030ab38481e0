package texts_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/testkit/dynamotest"
)

// A text goes out once by its ID, is on record in its own words and under that ID, and is answered with where it is.
func TestATextIsSentOnceByItsID(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		first := w.post(shipped())
		if first.Status != texts.Sent || first.ID != "order-4711" || first.Delivery != consent.Sent || first.Rule != "" || first.Until != nil {
			t.Fatalf("answered %+v", first)
		}
		for range 2 {
			again := w.post(shipped())
			want := texts.Answer{Status: texts.Duplicate, ID: "order-4711", First: texts.Sent, Message: first.Message, Delivery: consent.Sent}
			if again != want {
				t.Errorf("answered %+v, want %+v", again, want)
			}
		}
		if other := w.post(shipped().With("id", "order-4712")); other.Status != texts.Sent {
			t.Errorf("another text: %+v", other)
		}
		if n := len(w.Carrier.Sent); n != 2 {
			t.Errorf("I2: %d texts went out, want 2", n)
		}
		r := w.Proof(her)
		m := r.Messages[len(r.Messages)-2]
		if m.ID != first.Message || m.Ref != "order-4711" || m.Body != "Your order has shipped." || m.Status != consent.Sent {
			t.Errorf("I3: on record: %+v", m)
		}
	})
}

// Without an ID the function makes one and says it.
func TestATextWithoutAnIDGetsOne(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	first, second := w.post(shipped().With("id", nil)), w.post(shipped().With("id", nil))
	if first.Status != texts.Sent || second.Status != texts.Sent || first.ID == "" || first.ID == second.ID {
		t.Errorf("answered %+v and %+v", first, second)
	}
	if again := w.post(shipped().With("id", first.ID)); again.Status != texts.Duplicate {
		t.Errorf("by the ID it was given: %+v", again)
	}
}

// What is wrong with a request is said with its field, and nothing is claimed.
func TestWhatIsWrongIsSaid(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	before := w.Contact(her).Version
	for _, tc := range []struct {
		name, field string
		what        body
	}{
		{"no brand", "brand", shipped().With("brand", nil)},
		{"unknown brand", "brand", shipped().With("brand", "nobody")},
		{"unknown topic", "topic", shipped().With("topic", "weather")},
		{"no topic", "topic", shipped().With("topic", nil)},
		{"no phone", "phone", shipped().With("phone", nil)},
		{"no number", "phone", shipped().With("phone", "call me")},
		{"no text", "text", shipped().With("text", nil)},
		{"24 parts and more", "text", shipped().With("text", longText())},
		{"a field nobody fills", "fields.name", shipped().With("text", "Hi {name}, your order has shipped.")},
		{"another tool's field", "text", shipped().With("text", "Hi %NAME%, your order has shipped.")},
		{"marketing", "text", shipped().With("text", "FLASH SALE: 50% OFF everything!")},
		{"a template's field", "fields.order", shipped().With("text", nil).With("template", "shipped")},
		{"text and template", "template", shipped().With("template", "shipped")},
		{"unknown template", "template", shipped().With("text", nil).With("template", "nothing")},
		{"a field the text has not", "fields.name", shipped().With("fields", map[string]string{"name": "Ada"})},
		{"a campaign's link", "text", shipped().With("text", "See {link:https://example.com}.")},
		{"an ID with spaces", "id", shipped().With("id", "order 4711")},
		{"an ID that is a step of a path", "id", shipped().With("id", "..")},
		{"a long content", "content", shipped().With("content", longText()[:41])},
		{"a long ID", "id", shipped().With("id", longText()[:65])},
		{"expired", "expires", shipped().With("expires", "2026-12-01T19:59:00Z")},
		{"in a month and more", "expires", shipped().With("expires", "2027-01-01T20:00:01Z")},
		{"no time", "expires", shipped().With("expires", "tomorrow")},
		{"content", "content", shipped().With("content", "spring sale")},
		{"a name for a promotion", "not_marketing", news().With("not_marketing", "Ana Perez")},
		{"no name", "not_marketing", shipped().With("not_marketing", " ")},
		{"a misspelt field", "txet", shipped().With("txet", "Hello")},
		{"a number for a text", "text", shipped().With("text", 7)},
	} {
		code, said := w.call(http.MethodPost, "/texts", "", tc.what.String(), shop)
		var refusal struct {
			Error struct{ Field, Message string }
		}
		if err := json.Unmarshal([]byte(said), &refusal); err != nil || code != http.StatusBadRequest ||
			refusal.Error.Field != tc.field || refusal.Error.Message == "" {
			t.Errorf("%s: %d %s, want field %s", tc.name, code, said, tc.field)
		}
	}
	if code, said := w.call(http.MethodPost, "/texts", "", shipped().String(), ""); code != http.StatusForbidden {
		t.Errorf("unsigned: %d %s", code, said)
	}
	if n := len(w.Carrier.Sent); n != 0 || w.Contact(her).Version != before {
		t.Errorf("%d texts went out, or the contact was written", n)
	}
}

func longText() string {
	b := make([]byte, 1601)
	for i := range b {
		b[i] = 'a'
	}
	return string(b)
}
