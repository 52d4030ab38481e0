// Package inbound is the function behind the two-way SMS topic: it reads what a person texted, changes their consent,
// and sends the one reply that is due (practice: respond appropriately).
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

// maxBody is the most characters of a text that are kept. AWS joins the parts of an inbound message up to this
// length.
const maxBody = 1600

// Outbox changes a contact and sends the reply, as outbox.Outbox.Change describes. It may be repeated for the same
// inbound message: then nothing is written or sent again.
type Outbox interface {
	Change(ctx context.Context, key consent.Key, decide func(consent.Contact) consent.Change) (outbox.Changed, error)
}

// DeadLetters is the queue of events that cannot be handled. An alarm rings while it is not empty. Put is durable
// when it returns nil, and may be repeated.
type DeadLetters interface {
	Put(ctx context.Context, letters ...any) error
}

// Records reads a person's record. For an unknown person the contact has version 0.
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

// Handler handles texts from people.
type Handler struct{ Config }

// New makes a Handler, and returns an error where the Config lacks anything.
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

// Handle handles every record of the event. A record that can never be handled goes to the dead letters, with the
// reason. Where a record fails, the others are still handled, and then the event fails as a whole. SNS sends it
// again, which changes nothing for records that succeeded.
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

// hear handles one record.
func (h *Handler) hear(ctx context.Context, r events.SNSEventRecord) error {
	m, err := decode(r.SNS)
	if err != nil {
		return h.setAside(ctx, r, err)
	}
	if err = h.answer(ctx, r, m); err != nil && stops(meaning(&program.Brand{}, &program.Program{}, m)) {
		// SNS sends it again. Each failure is counted, so that the alarm rings until the STOP is stored.
		h.Metrics.Count("StopFailed", 1)
	}
	return err
}

// answer handles a text after it was decoded.
func (h *Handler) answer(ctx context.Context, r events.SNSEventRecord, m message) error {
	brand, prog, ok := h.Catalog.ByDestination(m.To)
	if !ok {
		return h.unknownNumber(ctx, r, m)
	}
	return h.change(ctx, m, brand, prog, meaning(brand, prog, m))
}

// stops reports whether the person wants no more texts.
func stops(intent keyword.Intent) bool {
	return intent.Kind == keyword.OptOut || intent.Kind == keyword.WrongNumber
}

// change lets the outbox carry out what the text means. The meaning comes from the whole text; only the stored body
// is cut.
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
			toRead = ch.ToRead // also for a message that comes again, for which nothing is written
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

// decode reads the payload. Its time is SNS's timestamp: AWS does not deliver in order, and the payload has no time.
func decode(sns events.SNSEntity) (message, error) {
	var m message
	if err := json.Unmarshal([]byte(sns.Message), &m); err != nil {
		return message{}, errors.New("the SNS message is not a two-way SMS payload")
	}
	from, err := phone.Parse(m.From)
	if err != nil {
		// Short codes and names are mostly machines. Nobody can have consented for them.
		return message{}, fmt.Errorf("originationNumber: %w", err)
	}
	if m.ID == "" || sns.Timestamp.IsZero() {
		return message{}, errors.New("inboundMessageId and the SNS timestamp must be there: they tell a repeat and the order")
	}
	m.from, m.at = from, sns.Timestamp.UTC().Truncate(time.Millisecond)
	return m, nil
}

// meaning returns what the text means.
func meaning(b *program.Brand, texted *program.Program, m message) keyword.Intent {
	return vocabulary(b, texted, m.from).Classify(m.Body)
}

// vocabulary returns what is needed to understand a text: the languages and the legal opt-out words of the phone's
// country, the keywords of the program, and the names of all topics of the brand, which a STOP may name.
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

// cut returns at most maxBody characters.
func cut(body string) string {
	if r := []rune(body); len(r) > maxBody {
		return string(r[:maxBody])
	}
	return body
}
