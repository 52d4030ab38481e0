package texts

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/strict"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/table"
)

// maxAsked is how many phones one question may be about. DynamoDB reads that many in one call.
const maxAsked = 100

// The rules of an answer that are not the gate's.
const (
	wordsRule    = "words"    // the text itself must not be sent to anybody
	readableRule = "readable" // what is stored about the person cannot be read
)

// question is what is posted to /may.
type question struct {
	Brand   string   `json:"brand"`
	Topic   string   `json:"topic"`
	Phone   string   `json:"phone"` // as a person types it; this, or phones
	Phones  []string `json:"phones"`
	Text    *string  `json:"text"` // null where the words are not known yet
	Explain bool     `json:"explain"`

	Template string            `json:"template"` // instead of the text
	Fields   map[string]string `json:"fields"`   // for others, every person is assumed to have a stored value

	NotMarketing string `json:"not_marketing"` // who vouches for the text, as in POST /texts
}

// asked is a valid question, and the instant for which it is answered.
type asked struct {
	brand    *program.Brand
	topic    *program.Topic
	about    gate.Text
	words    words
	text     string // as it would be sent, but without the opt-out notice; empty where the words are not known
	vouched  message.Vouched
	problems []message.Problem // of the text
	refusal  string            // why the text must not be sent to anybody; empty where it may
	people   []someone
	many     bool // the question is about a list of phones
	explain  bool
	at       time.Time // UTC, to the millisecond
}

// someone is a phone in a question, and the person's key or what is wrong with the phone.
type someone struct {
	typed string
	key   consent.Key
	wrong *phone.FieldError
}

// May is the answer about one phone. It permits nothing by itself: whoever sends asks the gate again.
type May struct {
	Phone    phone.Number      `json:"phone"`
	Verdict  string            `json:"verdict"`            // allow, defer or refuse
	Until    *time.Time        `json:"until"`              // when to ask again; null for never, and where it may go
	Rule     string            `json:"rule"`               // the rule that decided; empty where it may go
	Because  string            `json:"because"`            // in words a person can check; empty where it may go
	Citation string            `json:"citation,omitempty"` // of the rule
	At       time.Time         `json:"at"`                 // the instant it is the answer for
	Decision string            `json:"decision"`           // ID of the answer, which GET /may/{id} reads back
	Problems []message.Problem `json:"problems,omitempty"` // of the text that was given
	Rules    []gate.Line       `json:"rules,omitempty"`    // every rule's answer, where the question asks for them
}

// mistake is the answer about a text in a list that is not a phone number.
type mistake struct {
	Phone string          `json:"phone"` // as it was given
	Error gateway.Refusal `json:"error"`
}

// may answers whether people may be texted now. It claims and writes nothing. The log has who asked, but not about
// whom (I10).
func (h *Handler) may(w http.ResponseWriter, r *http.Request) {
	q, err := h.readQuestion(w, r)
	var answers []any
	if err == nil {
		answers, err = h.answer(r, q)
	}
	switch {
	case err != nil:
		h.writeError(w, err)
	case q.many:
		gateway.WriteJSON(w, http.StatusOK, map[string]any{"answers": answers})
	default:
		gateway.WriteJSON(w, http.StatusOK, answers[0])
	}
}

// readQuestion reads and checks a posted question.
func (h *Handler) readQuestion(w http.ResponseWriter, r *http.Request) (asked, error) {
	if _, unsigned := gateway.Signed(r.Context()); unsigned != nil {
		return asked{}, unsigned
	}
	body, _, err := gateway.ReadBody(w, r, maxBytes, gateway.JSONType)
	if err != nil {
		return asked{}, err
	}
	return h.checkQuestion(body, h.Now().UTC().Truncate(time.Millisecond))
}

// checkQuestion parses a question. The error is a *phone.FieldError. A wrong phone in a list is no error, but part of
// the answer.
func (h *Handler) checkQuestion(body []byte, now time.Time) (asked, error) {
	in, err := strict.Decode[question](body, `{"brand":"…","topic":"orders","phone":"+12065550142"}`)
	if err != nil {
		return asked{}, err
	}
	brand, prog, topic, err := h.topic(in.Brand, in.Topic)
	if err != nil {
		return asked{}, err
	}
	q := asked{
		brand: brand, topic: topic, many: in.Phones != nil, explain: in.Explain, at: now,
		about: gate.Text{Kind: message.KindOf(prog.Class), Program: prog, Topics: []string{in.Topic}},
	}
	if err := q.read(&in); err != nil {
		return asked{}, err
	}
	switch n := len(in.Phones); {
	case q.many && in.Phone != "":
		return asked{}, wrong("phones", "say phone or phones, not both")
	case q.many && (n == 0 || n > maxAsked):
		return asked{}, wrong("phones", "ask about 1 to %d at once, not %d", maxAsked, n)
	case q.many:
		for _, text := range in.Phones {
			q.people = append(q.people, whose(brand, text))
		}
		return q, nil
	}
	q.people = []someone{whose(brand, in.Phone)}
	if bad := q.people[0].wrong; bad != nil {
		return asked{}, bad
	}
	return q, nil
}

// read reads the words that a question is about. Mistakes in a given text are part of the answer. A template and its
// fields must be right, because we fill them in.
func (q *asked) read(in *question) error {
	if in.Text != nil {
		q.words.text = *in.Text
	}
	q.words.template, q.words.fields = in.Template, in.Fields
	var err error
	if q.vouched, err = vouched(q.about.Program, in.NotMarketing); err != nil {
		return err
	}
	if in.Template == "" && len(in.Fields) == 0 {
		if in.Text != nil {
			q.say(*in.Text, q.topic.Locale)
		}
		return nil
	}
	said, err := q.words.assumed(q.topic, q.topic.Locale)
	if err == nil {
		q.say(said, q.topic.Locale)
	}
	return err
}

// say makes the question one about a text to a person with that locale.
func (q *asked) say(text, locale string) {
	q.problems, q.refusal = message.Check(q.brand, q.about.Program, text), ""
	err := q.words.check(q.brand, q.about.Program, q.topic, locale, q.vouched)
	if bad, ok := errors.AsType[*phone.FieldError](err); ok {
		q.refusal = bad.Message
	}
	for _, p := range q.problems {
		if q.refusal == "" && p.Stops(q.vouched) {
			q.refusal = p.Text
		}
	}
	if q.text = text; q.about.Program.Class == program.Promotional {
		q.text = message.WithBrand(q.brand, text)
	}
}

// to returns the question for a person with that locale; empty for the topic's. A template may have a text in their
// language.
func (q asked) to(locale string) asked {
	if q.words.template != "" {
		said, err := q.words.assumed(q.topic, locale)
		if bad, ok := errors.AsType[*phone.FieldError](err); ok { // the text in their language lacks a given field
			q.refusal = bad.Message
			return q
		}
		q.say(said, locale)
	}
	return q
}

// topic returns the brand, program and topic that a request names.
func (h *Handler) topic(brandID, topicID string) (*program.Brand, *program.Program, *program.Topic, error) {
	brand, ok := h.Catalog.Brand(brandID)
	if !ok {
		return nil, nil, nil, h.noBrand(brandID)
	}
	prog, topic, ok := brand.Topic(topicID)
	if !ok {
		var there []string
		for i := range brand.Programs {
			for j := range brand.Programs[i].Topics {
				there = append(there, brand.Programs[i].Topics[j].ID)
			}
		}
		return nil, nil, nil, wrong(
			"topic", "brand %s has no topic %.40q; it has %s", brand.ID, topicID, strings.Join(there, ", "),
		)
	}
	return brand, prog, topic, nil
}

// noBrand returns an error that lists the brands.
func (h *Handler) noBrand(id string) error {
	var there []string
	for i := range h.Catalog.Brands {
		there = append(there, h.Catalog.Brands[i].ID)
	}
	return wrong("brand", "there is no brand %.40q in programs.yaml; there are %s", id, strings.Join(there, ", "))
}

// whose parses a phone as a person types it. Without a country code it is one of the brand's region.
func whose(brand *program.Brand, text string) someone {
	number, err := typed.Number(text, brand.Region)
	bad, _ := errors.AsType[*phone.FieldError](err) // every error of package typed is one
	return someone{typed: text, key: consent.Key{Brand: brand.ID, Phone: number}, wrong: bad}
}

// answer reads all contacts in one call, and answers in the order of the question.
func (h *Handler) answer(r *http.Request, q asked) ([]any, error) {
	contacts, unreadable, err := h.Table.Contacts(r.Context(), q.keys())
	if err != nil {
		h.Log.ErrorContext(r.Context(), "whether texts may go cannot be answered", "brand", q.brand.ID, "error", err)
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	decided := make(map[phone.Number]*May, len(contacts)+len(unreadable))
	for i := range contacts {
		decided[contacts[i].Phone] = h.judge(&contacts[i], q)
	}
	for _, u := range unreadable {
		h.Log.ErrorContext(r.Context(), "a contact cannot be understood", "brand", u.Key.Brand, "fault", u.Fault)
		decided[u.Key.Phone] = h.cannotRead(u, q)
	}
	answers := make([]any, len(q.people))
	counts := map[string]int{}
	for i, p := range q.people {
		if p.wrong != nil {
			answers[i] = mistake{p.typed, gateway.Refusal{Field: p.wrong.Field, Message: p.wrong.Message}}
			counts["mistake"]++
			continue
		}
		answers[i] = decided[p.key.Phone]
		counts[decided[p.key.Phone].Verdict]++
	}
	for result, n := range counts {
		h.Metrics.Count("MayAsked", n, "result", result)
	}
	h.Log.InfoContext(r.Context(), "asked whether texts may go", "caller", gateway.CallerName(r.Context()),
		"brand", q.brand.ID, "topic", q.about.Topics[0], "phones", len(q.people), "allowed", counts[gate.Allow.String()])
	return answers, nil
}

// keys returns the keys of the people in the question, each once.
func (q *asked) keys() []consent.Key {
	keys := make([]consent.Key, 0, len(q.people))
	for i := range q.people {
		if q.people[i].wrong == nil {
			keys = append(keys, q.people[i].key)
		}
	}
	slices.SortFunc(keys, func(a, b consent.Key) int { return cmp.Compare(a.Phone, b.Phone) })
	return slices.Compact(keys)
}

// judge asks the gate about one person.
func (h *Handler) judge(c *consent.Contact, q asked) *May {
	q = q.to(c.Locale)
	p, d := h.Gate.Would(c, q.about, q.text, q.at)
	if q.refusal != "" && d.Verdict != gate.Refuse {
		d.Verdict, d.Until, d.Rule, d.Because = gate.Refuse, time.Time{}, wordsRule, q.refusal
	}
	m := h.say(c.Key, c.Version, d, q)
	if q.explain {
		m.Rules = d.Lines(p, q.about.Kind, q.at)
	}
	return m
}

// cannotRead is the answer about somebody whose contact cannot be read, so that nobody knows what they agreed to.
func (h *Handler) cannotRead(u table.Unreadable, q asked) *May {
	return h.say(u.Key, 0, gate.Decision{
		Verdict: gate.Refuse, Rule: readableRule, Because: "what is stored about this phone cannot be understood", Policy: h.Gate.Policy(),
	}, q)
}

// say makes a decision an answer, with its ID.
func (h *Handler) say(key consent.Key, version int64, d gate.Decision, q asked) *May {
	m := &May{
		Phone: key.Phone, Verdict: d.Verdict.String(), Rule: d.Rule, Because: d.Because, Citation: gate.Citation(d.Rule),
		At: q.at, Problems: q.problems,
	}
	if !d.Until.IsZero() {
		until := d.Until.UTC()
		m.Until = &until
	}
	m.Decision = h.seal(decision{
		Brand: key.Brand, Topic: q.about.Topics[0], Person: h.Ledger.Person(key), Version: version, Content: q.content(),
		Policy: d.Policy, Verdict: m.Verdict, Rule: d.Rule, At: q.at, Until: d.Until,
	})
	return m
}

// content returns a hash of the given text; empty where none was given.
func (q *asked) content() string {
	if q.text == "" {
		return ""
	}
	return message.ContentHash(q.text)
}
