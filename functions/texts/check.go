package texts

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/strict"
	"smsconsent/shared/edge/outbox"
)

const (
	// aDay is how long a text without another limit may wait: it is about today.
	aDay = 24 * time.Hour

	// longest is the longest time a text may wait.
	longest = 30 * 24 * time.Hour

	// shortest is the least time a text must have; with less the gate sends nothing.
	shortest = time.Minute

	maxID     = 64 // bytes
	idLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-"
)

// request is what is posted, queued or sent on the bus.
type request struct {
	Brand    string            `json:"brand"`
	Topic    string            `json:"topic"`
	Phone    string            `json:"phone"` // as a person types it; without country code it is one of the brand's region
	Text     string            `json:"text"`  // this, or a template with its fields
	Template string            `json:"template"`
	Fields   map[string]string `json:"fields"`  // for those not given, what is kept of the person
	ID       string            `json:"id"`      // the caller's own, by which the same text is sent once
	Expires  string            `json:"expires"` // not at or after; a day from now where nothing is said
	Content  string            `json:"content"` // by which other channels name the same content

	// NotMarketing names who vouches that a transactional text with selling words is no advertisement.
	NotMarketing string `json:"not_marketing"`

	// Evidence proves, for a topic that needs no YES, when, where and in which words the person was told.
	Evidence map[string]string `json:"evidence"`
}

// order is one checked text to one person.
type order struct {
	key     consent.Key
	program *program.Program
	topic   string
	id      string
	telling consent.Request // the claim that the person was told of the topic; ToldAt is zero without one
	words   words           // what it says; a template depends on the person's language
	vouched message.Vouched // who vouches for it
	body    string          // the same, once it is known
	content string
	expires time.Time

	waited        *consent.Deferred // the deferred text it was; nil where it did not wait
	lost, because string            // for one that waited, the rule and reason why consent no longer covers it
}

// text returns the order as a text for the outbox.
func (o *order) text() outbox.Text {
	return outbox.Text{
		Kind: message.KindOf(o.program.Class), Program: o.program, Topic: o.topic, Ref: o.id, Shared: o.content,
		Body: o.body, Expires: o.expires, Due: o.stands, Vouched: o.vouched,
	}
}

// stands reports whether the consent under which a waiting text was requested still covers it, and keeps why not. A
// text that is being sent already is decided by its claim.
func (o *order) stands(c *consent.Contact) bool {
	if _, left := c.SingleClaim(o.id); o.waited != nil && !left {
		o.lost, o.because = o.waited.Lost(c)
	}
	return o.lost == ""
}

func wrong(field, format string, args ...any) *phone.FieldError {
	return &phone.FieldError{Field: field, Message: fmt.Sprintf(format, args...)}
}

// check reads a request of a caller. id is its ID where its caller gave none, and asked is when it was made. The
// error is a *phone.FieldError; nothing is claimed then.
func (h *Handler) check(body []byte, caller, id string, asked time.Time) (order, error) {
	in, err := strict.Decode[request](
		body, `{"brand":"…","topic":"orders","phone":"+12065550142","text":"Your order has shipped.","id":"order-4711"}`,
	)
	if err != nil {
		return order{}, err
	}
	brand, prog, topic, err := h.topic(in.Brand, in.Topic)
	if err != nil {
		return order{}, err
	}
	number, err := typed.Number(in.Phone, brand.Region)
	if err != nil {
		return order{}, err
	}
	o := order{
		key: consent.Key{Brand: brand.ID, Phone: number}, program: prog, topic: in.Topic,
		id: cmp.Or(in.ID, id), words: words{in.Text, in.Template, in.Fields}, content: in.Content,
	}
	if !isID(o.id) {
		return order{}, wrong("id", "write up to %d letters, digits, points, colons, hyphens and underscores, a letter or digit first", maxID)
	}
	if in.Content != "" {
		if err := message.CheckContentID(in.Content); err != nil {
			return order{}, wrong("content", "%s", err)
		}
	}
	if o.expires, err = expiry(in.Expires, asked); err != nil {
		return order{}, err
	}
	if o.vouched, err = vouched(prog, in.NotMarketing); err != nil {
		return order{}, err
	}
	// Fields are filled in the same way for everybody, so most mistakes are found before the person is read.
	if err = o.words.check(brand, prog, topic, topic.Locale, o.vouched); err == nil {
		o.telling, err = h.telling(&in, topic, caller)
	}
	return o, err
}

// say sets the words of the text, with its fields filled in.
func (o *order) say(brand *program.Brand, body string) error {
	if err := o.words.checkFilled(brand, o.program, body, o.vouched); err != nil {
		return err
	}
	if o.body = body; o.program.Class == program.Promotional {
		o.body = message.WithBrand(brand, body)
	}
	return nil
}

// vouched returns who vouches that a text of the program is no marketing, where anybody does.
func vouched(prog *program.Program, name string) (message.Vouched, error) {
	if name == "" {
		return message.Vouched{}, nil
	}
	if prog.Class == program.Promotional {
		return message.Vouched{}, wrong("not_marketing", "the topic is promotional, and may advertise; leave it out")
	}
	if err := message.CheckVoucher(name); err != nil {
		return message.Vouched{}, wrong("not_marketing", "%s", err)
	}
	return message.Vouched{NotMarketing: name}, nil
}

// expiry reads when a text must have been sent. Without a value that is a day after it was requested.
func expiry(text string, asked time.Time) (time.Time, error) {
	if text == "" {
		return asked.Add(aDay), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil:
		return time.Time{}, wrong("expires", "write until when it may go, such as %s", asked.Add(aDay).UTC().Format(time.RFC3339))
	case at.Before(asked.Add(shortest)):
		return time.Time{}, wrong("expires", "is past, or less than a minute ahead; write until when it may go")
	case at.After(asked.Add(longest)):
		return time.Time{}, wrong("expires", "is more than 30 days ahead; write an earlier time")
	}
	return at.UTC(), nil
}

// isID reports whether a text can have that ID. It begins with a letter or digit, so that a web address does not read
// it as a path such as "..".
func isID(id string) bool {
	return id != "" && len(id) <= maxID && strings.Trim(id, idLetters) == "" && !strings.ContainsAny(id[:1], "._:-")
}
