package texts_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

// Each rule of the gate that can keep back what somebody writes is met by HTTP, and the answer names it, says why and
// cites it. Three cannot be met: the identity follows from the topic, and the brand's name and the opt-out notice are
// put there.
func TestEachRuleAnswersByHTTP(t *testing.T) {
	abroad, err := typed.Number(typed.Example("CU"), "CU")
	if err != nil {
		t.Fatal(err)
	}
	texted := func(n int, age time.Duration) func(*consent.Contact) {
		return func(c *consent.Contact) {
			for range n {
				*c = c.WithClaim(consent.Claim{
					ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VQ", At: noon.Add(-age), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"},
				}, 365*24*time.Hour)
			}
		}
	}
	sub := func(change func(*consent.Subscription)) func(*consent.Contact) {
		return func(c *consent.Contact) {
			s := c.Subs["alerts"]
			change(&s)
			c.Subs["alerts"] = s
		}
	}
	for _, tc := range []struct {
		rule   string
		status texts.Status
		change func(*consent.Contact)
		what   body
	}{
		{"opted-out", texts.Refused, func(c *consent.Contact) { c.Stopped = map[string]time.Time{"alerts": noon} }, news()},
		{"topic-consent", texts.Refused, func(c *consent.Contact) { delete(c.Subs, "alerts") }, news()},
		{"evidence", texts.Refused, sub(func(s *consent.Subscription) { s.Proof = 0 }), news()},
		{"deliverable", texts.Refused, func(c *consent.Contact) { c.Health.Undeliverable = true }, news()},
		{"place-served", texts.Refused, nil, news().With("phone", string(abroad))},
		{"paused", texts.Deferred, func(c *consent.Contact) { c.Paused = noon.Add(time.Hour) }, news()},
		{"promised-frequency", texts.Refused, texted(2, 25*time.Hour), news()}, // for weeks, and the text is good for a day
		{"promised-frequency", texts.Deferred, texted(2, 25*time.Hour), news().With("expires", "2026-12-31T20:00:00Z")},
		{"legal-cap", texts.Deferred, func(c *consent.Contact) {
			c.Claims = claimed(noon.Add(-time.Hour), message.Promotional, "another", 3) // in Florida, which allows three in 24 hours
		}, news().With("phone", "+13055550142").With("expires", "2026-12-03T20:00:00Z")},
		{"engagement-tier", texts.Refused, sub(func(s *consent.Subscription) { s.Tier = consent.Asked }), news()},
		{"cross-channel", texts.Deferred, func(c *consent.Contact) {
			c.Touches = []consent.Touch{{At: noon.Add(-time.Hour), Channel: "email", Content: "spring-sale"}}
		}, news().With("content", "spring-sale")},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			stores.Each(t, func(t *testing.T, store dynamotest.Store) {
				w := newWorld(t, store)
				w.StandStill()
				if n := tc.what["phone"].(string); n != shipped()["phone"] {
					w.MakeUp(phone.Number(n), noon.Add(-time.Hour), tc.change)
				} else {
					w.Alter(her, tc.change)
				}
				a := w.post(tc.what)
				if a.Status != tc.status || a.Rule != tc.rule || a.Because == "" || a.Citation != gate.Citation(tc.rule) || a.Citation == "" {
					t.Errorf("answered %+v, want %s by %s", a, tc.status, tc.rule)
				}
				if (a.Until == nil) != (tc.status == texts.Refused && tc.rule != "promised-frequency") || len(w.Carrier.Sent) != 0 {
					t.Errorf("until %v, %d texts went out", a.Until, len(w.Carrier.Sent))
				}
			})
		})
	}
}

// A promotional text says who writes and, where she has not been told for a month, how to stop.
func TestAPromotionalTextSaysWhatItMust(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.GoTo(noon.Add(40 * 24 * time.Hour))
	w.post(news())
	if n := len(w.Carrier.Sent); n != 1 || !strings.HasPrefix(w.Carrier.Sent[0].Body, "Example Corp.: Open today until nine.") ||
		!strings.Contains(w.Carrier.Sent[0].Body, "STOP") {
		t.Errorf("sent %+v", w.Carrier.Sent)
	}
	m := w.Proof(her).Messages
	if last := m[len(m)-1]; last.Body != w.Carrier.Sent[0].Body {
		t.Errorf("I3: on record %q", last.Body)
	}
}

// I7: single texts count for what the topic promised, two in 30 days, as long as a campaign's would.
func TestSingleTextsCountForThePromise(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for _, tc := range []struct {
		day  int
		want texts.Status
	}{{0, texts.Sent}, {1, texts.Sent}, {16, texts.Refused}, {32, texts.Sent}} {
		w.GoTo(noon.Add(time.Duration(tc.day) * 24 * time.Hour))
		w.post(shipped().With("id", fmt.Sprintf("order-%d", tc.day))) // a write, which prunes what no rule needs
		a := w.post(news().With("id", fmt.Sprintf("news-%d", tc.day)).With("text", "Open today. Reply STOP to cancel."))
		if a.Status != tc.want || a.Status == texts.Refused && a.Rule != gate.PromisedFrequency {
			t.Errorf("day %d: %+v, want %s", tc.day, a, tc.want)
		}
	}
}

// A template is filled in the person's language, with what its sender gives.
func TestATemplateSpeaksTheirLanguage(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	template := shipped().With("text", nil).With("template", "shipped").With("fields", map[string]string{"order": "4711"})
	w.post(template)
	w.Alter(her, func(c *consent.Contact) { c.Locale = "es-US" })
	w.post(template.With("id", "order-2"))
	want := []string{"Example Corp.: your order #4711 has shipped.", "Example Corp.: su pedido #4711 está en camino."}
	for i, words := range want {
		if got := w.Carrier.Sent[i].Body; got != words {
			t.Errorf("sent %q, want %q", got, words)
		}
	}
}

// What a sender does not say stands as it is kept of the person, in a text and in a template; what it says goes first.
// Where neither is known the words after the | stand, and without such words nothing goes out.
func TestFieldsAreFilledFromWhatIsKept(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		w.Subscribe(him, noon.Add(-48*time.Hour), "orders")
		ana := map[string]string{"first_name": "Ana", "order": "12"}
		if _, err := w.Table.SetAttributes(t.Context(), consent.Key{Brand: "example", Phone: her}, ana); err != nil {
			t.Fatal(err)
		}
		w.Carrier.Sent = nil
		hi := shipped().With("text", "Hi {first_name|there}, order {order|of yours} has shipped.")
		for i, c := range []struct {
			what body
			want string
		}{
			{hi, "Hi Ana, order 12 has shipped."},
			{hi.With("fields", map[string]string{"order": "4711"}), "Hi Ana, order 4711 has shipped."},
			{hi.With("phone", string(him)), "Hi there, order of yours has shipped."},
			{shipped().With("text", nil).With("template", "shipped"), "Example Corp.: your order #12 has shipped."},
		} {
			w.post(c.what.With("id", fmt.Sprintf("text-%d", i)))
			if n := len(w.Carrier.Sent); n != i+1 || w.Carrier.Sent[i].Body != c.want {
				t.Fatalf("sent %d, want %q: %+v", n, c.want, w.Carrier.Sent)
			}
		}
		must := shipped().With("text", "Hi {first_name}, your order has shipped.").With("phone", string(him))
		code, said := w.call(http.MethodPost, "/texts", "", must.String(), shop)
		if code != http.StatusBadRequest || !strings.Contains(said, `"fields.first_name"`) || len(w.Carrier.Sent) != 4 {
			t.Errorf("with nothing known: %d %s", code, said)
		}
		w.Proof(her)
	})
}

// Words that sell go on a transactional topic only where somebody answers for them by name, which stays on record with
// the text: of one that goes at once, of one that waits, and of one whose record was lost.
func TestSomebodyAnswersForWordsThatSell(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		sells := shipped().With("text", "Example Corp.: your 50% off code was applied.")
		code, said := w.call(http.MethodPost, "/texts", "", sells.String(), shop)
		if code != http.StatusBadRequest || !strings.Contains(said, `"field":"text"`) || !strings.Contains(said, ": not_marketing") || strings.Contains(said, "--") {
			t.Errorf("nobody answers for it: %d %s", code, said)
		}
		sells = sells.With("not_marketing", "Ana Perez")
		w.post(sells)
		w.pauses(w.Clock().Add(time.Hour))
		if a := w.post(sells.With("id", "later")); a.Status != texts.Deferred {
			t.Errorf("paused: %+v", a)
		}
		w.RunOut()
		w.Table.Fault = func(op string, _ bool) error {
			if op == "Record" {
				panic(world.Killed{})
			}
			return nil
		}
		survive(func() { w.post(sells.With("id", "lost")) })
		w.Table.Fault = nil
		w.Pass(outbox.LostAfter)
		if err := w.Outbox.Reconcile(t.Context(), w.Contact(her)); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"order-4711", "later", "lost"} {
			found := false
			for _, m := range w.Proof(her).Messages {
				found = found || m.Ref == id && m.Vouched.NotMarketing == "Ana Perez"
			}
			if !found {
				t.Errorf("%s: nobody answers for it on record", id)
			}
		}
	})
}

// What is not there is answered with what there is.
func TestTheWrongNameIsAnsweredWithTheRightOnes(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for _, tc := range []struct {
		what  body
		names string
	}{
		{shipped().With("brand", "exampel"), "there are example, examplecafe"},
		{shipped().With("topic", "order"), "it has alerts, orders"},
	} {
		if _, said := w.call(http.MethodPost, "/texts", "", tc.what.String(), shop); !strings.Contains(said, tc.names) {
			t.Errorf("%s", said)
		}
	}
}

// Whatever POST /texts does not take as it is, /may does not allow, and for the same reason; and what somebody answers
// for goes by both.
func TestMayTakesTheTextsThatGo(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for i, text := range []string{
		"Your order has shipped.", "FLASH SALE: 50% OFF everything!", "See {link:https://example.com}.", "${a|b}, it shipped.", "Hi %NAME%.",
		"{a|b}, it shipped.", "Hi <<name>>.", "Hi\x00.", longText(), " ",
	} {
		for _, says := range []string{"", "Ana Perez"} {
			it := whether(her).With("topic", "orders").With("text", text).With("not_marketing", says)
			m := w.may(it)
			code, said := w.call(http.MethodPost, "/texts", "", it.With("id", fmt.Sprintf("m-%d-%s", i, says[:min(3, len(says))])).String(), shop)
			if (m.Verdict == "allow") != (code == http.StatusOK) || (code != http.StatusOK) != (m.Rule == "words") {
				t.Errorf("%.40q, says %q: /may %+v, /texts %d %s", text, says, m, code, said)
			}
			var refused gateway.RefusalBody
			if err := json.Unmarshal([]byte(said), &refused); err != nil || m.Rule == "words" && m.Because != refused.Error.Message {
				t.Errorf("%.40q, says %q: /may because %q, /texts because %q, %v", text, says, m.Because, refused.Error.Message, err)
			}
		}
	}
}
