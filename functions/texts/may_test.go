package texts_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent"
	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/world"
)

const openToday = "Example Corp.: open today."

func whether(number phone.Number) body {
	return body{"brand": "example", "topic": "alerts", "phone": string(number)}
}

// may asks a question that is right, and returns its answer.
func (w *fixture) may(what body) texts.May {
	w.T.Helper()
	code, said := w.call(http.MethodPost, "/may", "", what.String(), shop)
	var m texts.May
	if err := json.Unmarshal([]byte(said), &m); err != nil || code != http.StatusOK {
		w.T.Fatalf("%s: %d %s", what, code, said)
	}
	return m
}

// sends has the outbox decide about the same text at the same instant, and send it where it may go.
func (w *fixture) sends(n phone.Number, topic, text string) gate.Decision {
	w.T.Helper()
	p, _ := w.Topic(topic)
	if brand, _ := w.Catalog.Brand("example"); p.Class == program.Promotional {
		text = message.WithBrand(brand, text)
	}
	out, err := w.Outbox.Send(w.T.Context(), w.Contact(n), outbox.Text{
		Kind: message.KindOf(p.Class), Program: p, Topic: topic, Body: text,
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return out.Decision
}

func same(m texts.May, d gate.Decision) bool {
	until := m.Until == nil && d.Until.IsZero() || m.Until != nil && m.Until.Equal(d.Until)
	return until && m.Verdict == d.Verdict.String() && m.Rule == d.Rule && m.Because == d.Because
}

func claimed(at time.Time, kind message.Kind, topic string, n int) []consent.Claim {
	var all []consent.Claim
	for i := range n {
		all = append(all, consent.Claim{ID: fmt.Sprintf("01KA000000000000000000000%d", i), At: at, Kind: kind, Program: "alerts", Topics: []string{topic}})
	}
	return all
}

func alerts(change func(*consent.Subscription)) func(*consent.Contact) {
	return func(c *consent.Contact) {
		s := c.Subs["alerts"]
		change(&s)
		c.Subs["alerts"] = s
	}
}

// elsewhere are the rules no question can meet: the text's origination identity is that of its topic, it belongs to no
// campaign, has no caller's ID, and whoever sends it puts the brand's name and the opt-out notice in.
var elsewhere = []string{
	"origination-identity", "campaign-window", "campaign-once", "single-limit", "brand-name", "opt-out-instruction",
}

// Each rule of the gate answers as it does when the text is sent.
func TestMayAnswersByEachRule(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorldUnder(t, store, world.Abroad(string(smsconsent.Programs())))
		w.StandStill()
		met := slices.Clone(elsewhere)
		for i, tc := range []struct {
			rule    string
			verdict string
			until   time.Duration // after now
			number  phone.Number  // where it matters
			change  func(*consent.Contact)
			text    string
		}{
			{"", "allow", 0, "", nil, ""},
			{"", "allow", 0, "", nil, "Open today."},
			{"opted-out", "refuse", 0, "", func(c *consent.Contact) { c.Stopped = map[string]time.Time{consent.Everything: noon} }, ""},
			{"topic-consent", "refuse", 0, "", func(c *consent.Contact) { clear(c.Subs) }, ""},
			{"topic-consent", "refuse", 0, "", alerts(func(s *consent.Subscription) { s.State = consent.Unsubscribed }), ""},
			{"evidence", "refuse", 0, "", alerts(func(s *consent.Subscription) { s.Proof = 0 }), ""},
			{"deliverable", "refuse", 0, "", func(c *consent.Contact) { c.Health.Undeliverable = true }, ""},
			{"place-served", "refuse", 0, "+38761234567", nil, ""},
			{"paused", "defer", 72 * time.Hour, "", func(c *consent.Contact) { c.Paused = noon.Add(72 * time.Hour) }, ""},
			{"promised-frequency", "defer", 30 * 24 * time.Hour, "", func(c *consent.Contact) {
				c.Claims = claimed(noon.Add(-24*time.Hour), message.Promotional, "alerts", 2)
			}, ""},
			{"legal-cap", "defer", 23*time.Hour + time.Minute, "+13055550142", func(c *consent.Contact) {
				c.Claims = claimed(noon.Add(-time.Hour), message.Promotional, "another", 3)
			}, ""},
			{"least-gap", "defer", 3 * time.Hour, "", func(c *consent.Contact) {
				c.Claims = claimed(noon.Add(-time.Hour), message.Promotional, "alerts", 1)
			}, ""},
			{"engagement-tier", "refuse", 0, "", alerts(func(s *consent.Subscription) { s.Tier, s.Moved = consent.Asked, noon.Add(-time.Hour) }), ""},
			{"cross-channel", "defer", 23 * time.Hour, "", func(c *consent.Contact) {
				c.Touches = []consent.Touch{{At: noon.Add(-time.Hour), Channel: "email", Content: message.ContentHash(openToday)}}
			}, "open today."},
			{"permitted-hours", "defer", 11 * time.Hour, "+33612345678", nil, ""},
		} {
			n := tc.number
			if n == "" {
				n = phone.Number(fmt.Sprintf("+120655502%02d", i))
			}
			w.MakeUp(n, noon.Add(-48*time.Hour), tc.change)
			question := whether(n)
			if tc.text != "" {
				question["text"] = tc.text
			}
			m := w.may(question)
			if m.Rule != tc.rule || m.Verdict != tc.verdict || (m.Because == "") != (tc.rule == "") || m.Citation != gate.Citation(tc.rule) {
				t.Errorf("%s: answered %+v", tc.rule, m)
			}
			if (m.Until == nil) != (tc.until == 0) || m.Until != nil && !m.Until.Equal(noon.Add(tc.until)) {
				t.Errorf("%s: until %v, want %s after %s", tc.rule, m.Until, tc.until, noon)
			}
			text := tc.text
			if text == "" {
				text = "whatever it says"
			}
			if d := w.sends(n, "alerts", text); !same(m, d) {
				t.Errorf("%s: %+v is answered, and the outbox decides %s by %s until %s", tc.rule, m, d.Verdict, d.Rule, d.Until)
			}
			met = append(met, tc.rule)
		}
		for _, e := range new(gate.Decision).Explain(message.Promotional) {
			if e.Applies && !slices.Contains(met, e.Rule.Name) {
				t.Errorf("nobody asks by rule %s", e.Rule.Name)
			}
		}
	})
}

// What is answered is what the outbox decides at that instant, whoever is asked about, when, and whatever the text.
func TestMayIsWhatTheOutboxDecides(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.StandStill()
	asked := 0
	rapid.Check(t, func(rt *rapid.T) {
		asked++
		area := rapid.SampledFrom([]string{"206", "305", "808", "212", "604", "907"}).Draw(rt, "area")
		n := phone.Number(fmt.Sprintf("+1%s555%04d", area, asked%10000))
		w.SetClock(noon.Add(time.Duration(rapid.IntRange(0, 14*24*60).Draw(rt, "minutes")) * time.Minute))
		now := w.Clock()
		state := rapid.SampledFrom([]consent.State{consent.Subscribed, consent.Subscribed, consent.Subscribed, consent.Unsubscribed}).Draw(rt, "state")
		w.MakeUp(n, now.Add(-90*24*time.Hour), func(c *consent.Contact) {
			alerts(func(s *consent.Subscription) {
				s.State = state
				s.Tier = rapid.SampledFrom([]consent.Tier{consent.Regular, consent.Regular, consent.Digest, consent.Asked}).Draw(rt, "tier")
			})(c)
			orders := c.Subs["alerts"]
			orders.Program, orders.Class, orders.Tier = "orders", program.Transactional, consent.Regular
			if rapid.Bool().Draw(rt, "only told") {
				orders.Proof = orders.Request
			} else {
				orders.Proof = 2
			}
			c.Subs["orders"] = orders
			c.Locale = rapid.SampledFrom([]string{"", "es"}).Draw(rt, "locale")
			ago := func(label string) time.Time {
				return now.Add(-time.Duration(rapid.IntRange(1, 60*24).Draw(rt, label)) * time.Hour)
			}
			c.Claims = claimed(ago("claimed"), message.Promotional, "alerts", rapid.IntRange(0, 3).Draw(rt, "claims"))
			for i := range c.Claims {
				c.Claims[i].OptOut = rapid.Bool().Draw(rt, "told to stop")
			}
			if rapid.IntRange(0, 5).Draw(rt, "stop") == 0 {
				c.Stopped = map[string]time.Time{rapid.SampledFrom([]string{"alerts", "orders", consent.Everything}).Draw(rt, "scope"): ago("stopped")}
			}
			if rapid.IntRange(0, 5).Draw(rt, "pause") == 0 {
				c.Paused = now.Add(72 * time.Hour)
			}
		})
		topic := rapid.SampledFrom([]string{"alerts", "orders"}).Draw(rt, "topic")
		text := rapid.SampledFrom([]string{"", "Open today.", openToday, "Example Corp.: open. Reply STOP to cancel."}).Draw(rt, "text")
		question := whether(n).With("topic", topic)
		if text != "" {
			question["text"] = text
		} else {
			text = "Your order has shipped."
		}
		m := w.may(question)
		if d := w.sends(n, topic, text); !same(m, d) {
			rt.Errorf("%+v is answered, and the outbox decides %s by %s until %s", m, d.Verdict, d.Rule, d.Until)
		}
	})
}

// Asking is one read of one call, however many are asked about, and claims and writes nothing.
func TestAskingWritesNothing(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		before := w.Contact(her)
		many := world.Numbers("206", 1, 100)
		w.Bill.Take()
		for range 3 {
			w.may(whether(her))
		}
		w.call(http.MethodPost, "/may", "", whether(her).With("phone", nil).With("phones", many).String(), shop)
		calls, units := w.Bill.Take()
		if want := map[string]int{"BatchGetItem": 4}; !maps.Equal(calls, want) {
			t.Errorf("asked DynamoDB for %v, want %v", calls, want)
		}
		if !store.InMemory && units != 3 { // of whoever is not stored DynamoDB Local charges nothing
			t.Errorf("%v units, want one each time", units)
		}
		if diff := cmp.Diff(before, w.Contact(her)); diff != "" || len(w.Carrier.Sent) > 0 {
			t.Errorf("%d texts went out; the contact changed: %s", len(w.Carrier.Sent), diff)
		}
	})
}

// Of a list each phone is answered in its place: one that comes twice twice, one that is none with what is wrong.
func TestMayOfAList(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.StandStill()
	unclear := phone.Number("+12065550144")
	w.MakeUp(unclear, noon.Add(-48*time.Hour), nil)
	w.Spoil(unclear)
	given := []string{string(her), "call me", "(206) 555-0142", string(him), "", string(unclear), string(her)}
	for len(given) < 100 {
		given = append(given, fmt.Sprintf("+1206555%04d", 1000+len(given)))
	}
	w.Bill.Take()
	code, said := w.call(http.MethodPost, "/may", "", body{"brand": "example", "topic": "alerts", "phones": given}.String(), shop)
	var all struct {
		Answers []struct {
			Phone, Verdict, Rule, Decision string
			Error                          *gateway.Refusal
		}
	}
	if err := json.Unmarshal([]byte(said), &all); err != nil || code != http.StatusOK || len(all.Answers) != len(given) {
		t.Fatalf("%d %s", code, said)
	}
	if calls, _ := w.Bill.Take(); calls["BatchGetItem"] != 1 {
		t.Errorf("asked DynamoDB for %v", calls)
	}
	got := all.Answers
	for i, want := range map[int]string{0: "allow", 2: "allow", 3: "refuse", 5: "refuse", 6: "allow", 7: "refuse", 99: "refuse"} {
		if got[i].Verdict != want || got[i].Error != nil || got[i].Decision == "" {
			t.Errorf("%s: %+v, want %s", given[i], got[i], want)
		}
	}
	if got[0] != got[2] || got[0] != got[6] || got[0].Phone != string(her) {
		t.Errorf("the same phone, spelt otherwise: %+v, %+v, %+v", got[0], got[2], got[6])
	}
	if got[3].Rule != "topic-consent" || got[5].Rule != "readable" {
		t.Errorf("a stranger: %+v; one whose contact cannot be understood: %+v", got[3], got[5])
	}
	for _, i := range []int{1, 4} {
		if got[i].Error == nil || got[i].Error.Field != "phone" || got[i].Error.Message == "" || got[i].Verdict != "" || got[i].Phone != given[i] {
			t.Errorf("%q: %+v", given[i], got[i])
		}
	}
	if !strings.Contains(w.Logged.String(), "a contact cannot be understood") {
		t.Error("nobody is told of the contact that cannot be understood")
	}
	if m := w.may(whether(unclear)); m.Verdict != "refuse" || m.Rule != "readable" {
		t.Errorf("asked alone: %+v", m)
	}
	for _, n := range given {
		if len(n) > 6 && strings.Contains(w.Logged.String()+w.Counted.String(), n[len(n)-7:]) {
			t.Errorf("I10: %s is in the log or the metrics", n)
		}
	}
}

// A contact that somebody else has altered gets nothing, and the answer says so: it takes the ledger's key to see it.
func TestMayOfAnAlteredContact(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	m := w.Item(her, "CONTACT")
	m["loc"] = &types.AttributeValueMemberS{Value: "fr"}
	w.PutBack(m)
	if m := w.may(whether(her)); m.Verdict != "refuse" || m.Rule != "evidence" {
		t.Errorf("answered %+v", m)
	}
}

// Every rule's answer comes where it is asked for, in the shape smsconsent explain has.
func TestMayExplains(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	if m := w.may(whether(her)); m.Rules != nil {
		t.Errorf("nobody asked for %+v", m.Rules)
	}
	m := w.may(whether(him).With("explain", true))
	said := map[string]string{}
	for _, l := range m.Rules {
		said[l.Name] = l.Answer
	}
	for _, e := range new(gate.Decision).Explain(message.Promotional) {
		if _, is := said[e.Rule.Name]; is != e.Applies {
			t.Errorf("%s: told %t, applies %t", e.Rule.Name, is, e.Applies)
		}
	}
	if said["topic-consent"] != "refuse" || said["deliverable"] != "allow" || len(m.Rules) < len(said) {
		t.Errorf("told %v", said)
	}
	toll := w.may(whether("+18885550142").With("explain", true)) // may be anywhere
	if text, err := json.Marshal(toll); err != nil || 100*len(text) > 5<<20 {
		t.Errorf("%d bytes for one phone: a hundred of them are more than Lambda answers with", len(text))
	}
}

// What is wrong with a text is told; one that nobody sends may not go, whoever it is for.
func TestMayLooksAtTheText(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	sale := whether(her).With("topic", "orders").With("text", "FLASH SALE: 50% OFF everything!")
	if m := w.may(sale); m.Verdict != "refuse" || m.Rule != "words" || !strings.Contains(fmt.Sprint(m.Problems), "marketing") {
		t.Errorf("marketing that passes as transactional: %+v", m)
	}
	for _, tc := range []struct{ text, verdict, rule, problem string }{
		{"Hi {first_name}, open today.", "refuse", "words", "fields"},
		{openToday + " Reply STOP to cancel.", "allow", "", ""},
		{"Open today.", "allow", "", "brand"},
		{"Open\x07 today.", "refuse", "words", "characters"},
		{"", "refuse", "words", "empty"},
		{"See {link:https://example.com}.", "refuse", "words", "links"},
	} {
		m := w.may(whether(her).With("text", tc.text))
		found := tc.problem == "" && len(m.Problems) == 0
		for _, p := range m.Problems {
			found = found || p.Rule == tc.problem && p.Text != ""
		}
		if m.Verdict != tc.verdict || m.Rule != tc.rule || !found {
			t.Errorf("%q: %+v", tc.text, m)
		}
		if m := w.may(whether(him).With("text", tc.text)); m.Verdict != "refuse" || m.Rule != "topic-consent" {
			t.Errorf("%q to a stranger: %+v", tc.text, m)
		}
	}
}

// What is wrong with a question is said with its field, and nobody's contact is read for it.
func TestWhatIsWrongWithAQuestion(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.Bill.Take()
	list := func(n int) body {
		return whether(her).With("phone", nil).With("phones", slices.Repeat([]string{string(her)}, n))
	}
	for _, tc := range []struct {
		name, field string
		what        body
	}{
		{"no brand", "brand", whether(her).With("brand", nil)},
		{"unknown brand", "brand", whether(her).With("brand", "nobody")},
		{"unknown topic", "topic", whether(her).With("topic", "weather")},
		{"another brand's topic", "topic", whether(her).With("brand", "examplecafe")},
		{"no phone", "phone", whether(her).With("phone", nil)},
		{"no number", "phone", whether("call me")},
		{"phone and phones", "phones", list(1).With("phone", string(her))},
		{"no phones", "phones", list(0)},
		{"too many phones", "phones", list(101)},
		{"a misspelt field", "fone", whether(her).With("fone", "x")},
		{"a number for a text", "text", whether(her).With("text", 7)},
	} {
		code, said := w.call(http.MethodPost, "/may", "", tc.what.String(), shop)
		var refusal gateway.RefusalBody
		if err := json.Unmarshal([]byte(said), &refusal); err != nil || code != http.StatusBadRequest ||
			refusal.Error.Field != tc.field || refusal.Error.Message == "" {
			t.Errorf("%s: %d %s, want field %s", tc.name, code, said, tc.field)
		}
	}
	if code, said := w.call(http.MethodPost, "/may", "", whether(her).String(), ""); code != http.StatusForbidden {
		t.Errorf("unsigned: %d %s", code, said)
	}
	if calls, _ := w.Bill.Take(); len(calls) > 0 {
		t.Errorf("asked DynamoDB for %v", calls)
	}
}
