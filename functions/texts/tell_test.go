package texts_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent"
	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

// whereOrdersAreTold is a world in which the topic orders begins with a telling.
func whereOrdersAreTold(t *testing.T, store dynamotest.Store) *fixture {
	t.Helper()
	return newWorldUnder(t, store, strings.Replace(string(smsconsent.Programs()), "# consent: told\n", "consent: told\n", 1))
}

// toldHim is a text to him with the evidence that he was told at the checkout.
func (w *fixture) toldHim() body {
	return shipped().With("phone", string(him)).With("evidence", map[string]string{
		"at": w.Clock().Format(time.RFC3339), "source": "checkout", "disclosure": "We text you when your order ships. Reply STOP to cancel.",
	})
}

// I5: a text that comes with the evidence of a telling subscribes the person without a YES, once, and then goes; on
// record is the telling in its own words, with who vouched for it, and the text after it.
func TestATellingComesWithItsText(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := whereOrdersAreTold(t, store)
		if a := w.post(shipped().With("phone", string(him))); a.Status != texts.Refused || a.Rule != "topic-consent" {
			t.Fatalf("without evidence: %+v", a)
		}
		if a := w.post(w.toldHim()); a.Status != texts.Sent {
			t.Fatalf("answered %+v", a)
		}
		if a := w.post(w.toldHim()); a.Status != texts.Duplicate || a.First != texts.Sent {
			t.Errorf("again: %+v", a)
		}
		if a := w.post(w.toldHim().With("id", "order-4712")); a.Status != texts.Sent {
			t.Errorf("the next text: %+v", a)
		}
		r := w.Proof(him)
		if len(r.Events) != 1 || r.Events[0].Type != consent.Told || r.Events[0].Evidence["source"] != "checkout" || r.Events[0].Evidence["caller"] != shop {
			t.Errorf("events: %+v", r.Events)
		}
		if n := len(w.Carrier.Sent); n != 2 || len(r.Messages) != 2 || !strings.Contains(w.Carrier.Sent[0].Body, "STOP") {
			t.Errorf("%d texts went out, the first says %q", n, w.Carrier.Sent[0].Body)
		}
	})
}

// I8: no telling that comes with a text undoes a STOP. One that is not whole, is about another topic or comes with a
// text that may not be sent puts nothing on record.
func TestATellingThatDoesNotCount(t *testing.T) {
	w := whereOrdersAreTold(t, stores.Memory(t))
	for field, what := range map[string]body{
		"evidence": w.toldHim().With("topic", "alerts").With("text", "Open today."),
		"text":     w.toldHim().With("text", "FLASH SALE: 50% OFF everything!"),
		"phone":    w.toldHim().With("phone", "call me"),
	} {
		if code, said := w.call(http.MethodPost, "/texts", "", what.String(), shop); code != http.StatusBadRequest || !strings.Contains(said, `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, code, said)
		}
	}
	for field, says := range map[string]map[string]string{
		"evidence.at":         {},
		"evidence.source":     {"at": "2026-12-01", "source": "\u200b.", "disclosure": "We text you when your order ships."},
		"evidence.disclosure": {"at": "2026-12-01", "source": "checkout", "disclosure": ".\u200b"},
	} {
		what := w.toldHim().With("evidence", says)
		if code, said := w.call(http.MethodPost, "/texts", "", what.String(), shop); code != http.StatusBadRequest || !strings.Contains(said, `"`+field+`"`) {
			t.Errorf("%s: %d %s", field, code, said)
		}
	}
	for _, field := range consent.TellingEvidence() {
		evidence := maps.Clone(w.toldHim()["evidence"].(map[string]string))
		delete(evidence, field)
		code, said := w.call(http.MethodPost, "/texts", "", w.toldHim().With("evidence", evidence).String(), shop)
		if code != http.StatusBadRequest || !strings.Contains(said, `"evidence.`+field+`"`) {
			t.Errorf("without %s: %d %s", field, code, said)
		}
	}
	if n := len(w.Proof(him).Events); n != 0 {
		t.Errorf("%d events on record", n)
	}
	w.post(w.toldHim())
	w.Pass(time.Minute)
	w.Says(him, "orders", keyword.OptOut)
	w.Pass(time.Minute)
	events, sent := len(w.Proof(him).Events), len(w.Carrier.Sent)
	if a := w.post(w.toldHim().With("id", "order-4712")); a.Status != texts.Refused || a.Rule != "opted-out" {
		t.Errorf("I8: after STOP: %+v", a)
	}
	if len(w.Proof(him).Events) != events || len(w.Carrier.Sent) != sent {
		t.Error("I8: a telling after STOP is on record, or a text went out")
	}
}

// A field that a template lacks in their language keeps their text back: /may says so as /texts does, and finds nothing
// wrong with what is written in the topic's.
func TestMayAnswersForATranslationThatLacksAField(t *testing.T) {
	w := newWorldUnder(t, stores.Memory(t), strings.Replace(string(smsconsent.Programs()), "su pedido #{order} está", "su pedido está", 1))
	w.Alter(her, func(c *consent.Contact) { c.Locale = "es-US" })
	what := shipped().With("text", nil).With("template", "shipped").With("fields", map[string]string{"order": "4711"})
	m := w.may(what.With("id", nil))
	code, said := w.call(http.MethodPost, "/texts", "", what.String(), shop)
	if m.Verdict != "refuse" || m.Rule != "words" || m.Problems != nil || code != http.StatusBadRequest || !strings.Contains(said, m.Because) {
		t.Errorf("/may %+v, /texts %d %s", m, code, said)
	}
}

// /may answers for a template in the person's language as /texts sends it, and takes no field that has no place.
func TestMayAnswersForATemplate(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	asked := body{"brand": "example", "topic": "orders", "phone": string(her), "template": "shipped", "fields": map[string]string{"order": "4711"}}
	english := w.may(asked)
	if english.Verdict != "allow" || english.Problems != nil {
		t.Errorf("answered %+v", english)
	}
	w.Alter(her, func(c *consent.Contact) { c.Locale = "es-US" })
	spanish := w.may(asked)
	contents := map[string]string{}
	for language, decision := range map[string]string{"en": english.Decision, "es": spanish.Decision} {
		_, d, _ := w.lookUp(decision, "")
		contents[language] = d.Content
	}
	plain := func(text string) string {
		_, d, _ := w.lookUp(w.may(asked.With("template", nil).With("fields", nil).With("text", text)).Decision, "")
		return d.Content
	}
	if contents["en"] != plain("Example Corp.: your order #4711 has shipped.") || contents["es"] != plain("Example Corp.: su pedido #4711 está en camino.") {
		t.Errorf("it answered for %v", contents)
	}
	filled := asked.With("template", nil).With("text", "Example Corp.: order {order} has shipped.")
	m := w.may(filled)
	if _, d, _ := w.lookUp(m.Decision, ""); m.Verdict != "allow" || d.Content != plain("Example Corp.: order 4711 has shipped.") {
		t.Errorf("a text with fields: %+v, %+v", m, d)
	}
	if m := w.may(filled.With("fields", map[string]string{"order": "4711: 50% OFF everything"})); m.Verdict != "refuse" || m.Rule != "words" || len(m.Problems) == 0 {
		t.Errorf("a text whose field sells: %+v", m)
	}
	for field, what := range map[string]body{
		"template": asked.With("text", "Hello"), "fields.colour": asked.With("fields", map[string]string{"colour": "red"}),
	} {
		if code, said := w.call(http.MethodPost, "/may", "", what.String(), shop); code != http.StatusBadRequest || !strings.Contains(said, `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, code, said)
		}
	}
}

// Whom a text with a telling has reached, and whose topic was set aside since, is not put on the list again by the same
// text, which its caller may post again for whatever reason.
func TestATellingCountsOnce(t *testing.T) {
	w := whereOrdersAreTold(t, stores.Memory(t))
	w.StandStill()
	w.SetClock(noon.Add(time.Millisecond))
	w.post(w.toldHim())
	if at := w.Proof(him).Events[0].At; !at.Equal(noon.Add(time.Millisecond)) {
		t.Errorf("told at %s", at)
	}
	w.Pass(time.Minute)
	w.Change(him, func(c consent.Contact) consent.Change {
		return c.Suspend("orders", w.Clock(), "nobody can show the telling")
	})
	before := w.Proof(him)
	w.Pass(time.Minute)
	if a := w.post(w.toldHim()); a.Status != texts.Duplicate {
		t.Errorf("again: %+v", a)
	}
	if diff := cmp.Diff(before, w.Proof(him)); diff != "" {
		t.Errorf("on record since (-want +got):\n%s", diff)
	}
}

// A telling that cannot be put on record sends nothing; its caller hears that it went wrong, and the log says what.
func TestATellingThatIsNotKept(t *testing.T) {
	w := whereOrdersAreTold(t, stores.Memory(t))
	w.Table.Fault = world.Failing("Commit", 1000, errors.New("broken"))
	if code, said := w.call(http.MethodPost, "/texts", "", w.toldHim().String(), shop); code != http.StatusServiceUnavailable || w.Carrier.Calls > 0 {
		t.Errorf("%d %s, %d texts", code, said, w.Carrier.Calls)
	}
	if !strings.Contains(w.Logged.String(), "put on record that the person was told") {
		t.Errorf("%s", &w.Logged)
	}
}

// Somebody is looked at and, where nothing is to be put on record of them, not looked at again: neither of whom nothing
// is told, nor of whom all is known.
func TestWhatATellingCosts(t *testing.T) {
	w := whereOrdersAreTold(t, stores.Memory(t))
	w.post(w.toldHim())
	for name, what := range map[string]body{
		"told already": w.toldHim().With("id", "order-4712"), "nothing is told": shipped().With("id", "order-4713"),
	} {
		w.Bill.Take()
		w.post(what)
		if calls, _ := w.Bill.Take(); calls["BatchGetItem"] != 1 || calls["GetItem"] > 0 {
			t.Errorf("%s: asked DynamoDB for %v", name, calls)
		}
	}
	w.Bill.Take()
	w.post(shipped().With("phone", "+12065550144"))
	if calls, _ := w.Bill.Take(); !maps.Equal(calls, map[string]int{"BatchGetItem": 1}) {
		t.Errorf("a stranger of whom nothing is told: %v", calls)
	}
}
