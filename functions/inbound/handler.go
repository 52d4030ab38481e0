// Package inbound is the function behind the two-way SMS topic: it hears what a person texted, changes what they
// agreed to, and sends the one answer that calls for (practice: respond appropriately).
package inbound

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// longest is the most a text can hold: AWS joins the parts of an inbound message up to this length.
const longest = 1600

// Outbox is what the handler needs of the outbox.
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (outbox.Changed, error)
}

// DeadLetters keeps what cannot be handled for a person to look at; an alarm goes off where there is any.
type DeadLetters interface {
	Put(ctx context.Context, letters ...any) error
}

// Records reads what is stored about a person; of somebody unknown, a contact of version 0.
type Records interface {
	Person(ctx context.Context, key consent.Key) (consent.Record, error)
}

// Config is what a Handler works with.
type Config struct {
	Catalog     *program.Catalog
	Outbox      Outbox
	Records     Records
	DeadLetters DeadLetters
	Desk        Desk

	// Newer reports whether newer programs are in force than Catalog.
	Newer func(ctx context.Context) bool `wiring:"optional"`

	Log     *slog.Logger
	Metrics *telemetry.Metrics `wiring:"optional"`
}

// Handler answers inbound messages.
type Handler struct{ Config }

// New makes a handler. It fails where the Config lacks anything.
func New(c Config) (*Handler, error) { return &Handler{c}, wiring.Complete(c) }

// message is AWS's two-way SMS payload (docs.aws.amazon.com, "Two-way SMS message payload").
type message struct {
	From string `json:"originationNumber"`
	To   string `json:"destinationNumber"`
	Body string `json:"messageBody"`
	ID   string `json:"inboundMessageId"`

	from phone.Number
	at   time.Time // UTC, to the millisecond
}

// Handle hears every record of the event. A record that never can be handled is kept as a dead letter, with the reason.
// One that fails does not keep the others from being heard; the event then fails as a whole and comes again, which is
// harmless to those that succeeded.
func (h *Handler) Handle(ctx context.Context, e events.SNSEvent) error {
	var failed error
	for i, r := range e.Records {
		if err := h.hear(ctx, r); err != nil {
			failed = errors.Join(
				failed,
				fmt.Errorf("record %d of %d (SNS message %s): %w", i+1, len(e.Records), r.SNS.MessageID, err),
			)
		}
	}
	return failed
}

func (h *Handler) hear(ctx context.Context, r events.SNSEventRecord) error {
	m, err := decode(r.SNS)
	if err != nil {
		return h.setAside(ctx, r, err)
	}
	if err = h.answer(ctx, r, m); err != nil && stops(meaning(&program.Brand{}, &program.Program{}, m)) {
		// It comes again, and is told of each time: nothing that failed before may hide it.
		h.Metrics.Count("StopFailed", 1)
	}
	return err
}

// answer hears a text that could be read.
func (h *Handler) answer(ctx context.Context, r events.SNSEventRecord, m message) error {
	brand, prog, ok := h.Catalog.ByDestination(m.To)
	if !ok {
		return h.astray(ctx, r, m)
	}
	return h.change(ctx, m, brand, prog, meaning(brand, prog, m))
}

// stops reports whether somebody wants no more texts.
func stops(intent keyword.Intent) bool {
	return intent.Kind == keyword.OptOut || intent.Kind == keyword.WrongNumber
}

// change hands what was said to the outbox. What is understood is the whole message; only what is kept is cut.
func (h *Handler) change(
	ctx context.Context,
	m message,
	brand *program.Brand,
	prog *program.Program,
	intent keyword.Intent,
) error {
	h.Metrics.Count("Heard", 1, "kind", string(intent.Kind))
	in := consent.Inbound{
		ID: m.ID, At: m.at, Brand: brand, Program: prog, Terms: h.Catalog.SignUp, Intent: intent, Body: cut(m.Body), To: m.To,
		StopAll: h.Catalog.RevokeAll.Reaches(m.from.Country(), m.at),
	}
	newer, toRead := false, ""
	done, err := h.Outbox.Change(
		ctx,
		consent.Key{Brand: brand.ID, Phone: m.from},
		func(c consent.Contact) consent.Change {
			if newer = h.Newer != nil && c.AnswersUnknown(&in) && h.Newer(ctx); newer {
				return consent.Change{Next: c}
			}
			ch := c.Hear(in)
			toRead = ch.ToRead // of a message that comes again too, of which nothing is written
			return ch
		},
	)
	if err != nil {
		return err
	}
	if newer {
		return errNewer
	}
	return h.putToRead(ctx, m, brand, prog, intent, toRead, done)
}

// decode reads the payload. The order of things is SNS's timestamp, because AWS does not promise the order of delivery
// and the payload itself has no time.
func decode(sns events.SNSEntity) (message, error) {
	var m message
	if err := json.Unmarshal([]byte(sns.Message), &m); err != nil {
		return message{}, errors.New("the SNS message is not a two-way SMS payload")
	}
	from, err := phone.Parse(m.From)
	if err != nil {
		// Short codes and names text too, mostly by machine; nobody behind them can have consented.
		return message{}, fmt.Errorf("originationNumber: %w", err)
	}
	if m.ID == "" || sns.Timestamp.IsZero() {
		return message{}, errors.New("inboundMessageId and the SNS timestamp must be there: they tell a repeat and the order")
	}
	m.from, m.at = from, sns.Timestamp.UTC().Truncate(time.Millisecond)
	return m, nil
}

// meaning reads the text.
func meaning(b *program.Brand, texted *program.Program, m message) keyword.Intent {
	return vocabulary(b, texted, m.from).Classify(m.Body)
}

// vocabulary is every language, what is spoken and what the law takes for an opt-out where the phone is, the keywords
// of the program, and the names of all the brand's topics, which a STOP may name.
func vocabulary(b *program.Brand, texted *program.Program, from phone.Number) keyword.Vocabulary {
	country := from.Country()
	v := keyword.Vocabulary{Place: keyword.SpokenIn(country), OptOut: jurisdiction.OptOutWords(country)}
	for _, p := range b.Programs {
		for _, t := range p.Topics {
			known := keyword.Topic{ID: t.ID, Name: t.Name}
			if p.ID == texted.ID {
				known.Keyword = t.Keyword
			}
			v.Topics = append(v.Topics, known)
		}
	}
	return v
}

func cut(body string) string {
	if r := []rune(body); len(r) > longest {
		return string(r[:longest])
	}
	return body
}
