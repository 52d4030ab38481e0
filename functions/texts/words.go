package texts

import (
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/core/program"
)

// words is what a text says: a text or a template, and the values of its fields.
type words struct {
	text     string
	template string
	fields   map[string]string
}

// written returns the text, with its fields not filled in, for a person with that locale (BCP 47).
func (w *words) written(topic *program.Topic, locale string) (string, error) {
	switch {
	case w.template != "" && w.text != "":
		return "", wrong("template", "say text or template, not both")
	case w.template != "":
		return message.FromTemplate(topic, w.template, locale)
	case message.HasLink(w.text):
		return "", wrong("text", "{link:…} is for campaigns; write the address itself")
	}
	return w.text, nil
}

// assumed returns the text for a person with that locale, as if they had a stored value for each field without a
// given one.
func (w *words) assumed(topic *program.Topic, locale string) (string, error) {
	written, err := w.written(topic, locale)
	if err != nil {
		return "", err
	}
	return placeholder.Fill(written, w.fields, placeholder.Assumed(written))
}

// check returns why the text must not be sent to a person with that locale, whatever values they have. The error is a
// *phone.FieldError.
func (w *words) check(
	brand *program.Brand, prog *program.Program, topic *program.Topic, locale string, by message.Vouched,
) error {
	said, err := w.assumed(topic, locale)
	if err != nil {
		return err
	}
	return w.checkFilled(brand, prog, said, by)
}

// checkFilled returns why a text with its fields filled in must not be sent.
func (w *words) checkFilled(brand *program.Brand, prog *program.Program, said string, by message.Vouched) error {
	for _, p := range message.Check(brand, prog, said) {
		switch {
		case !p.Stops(by):
		case p.MayBeVouched():
			return wrong(w.field(), "%s: not_marketing", p.Text)
		default:
			return wrong(w.field(), "%s", p.Text)
		}
	}
	return nil
}

// field returns the field of a request that the text comes from.
func (w *words) field() string {
	if w.template != "" {
		return "fields"
	}
	return "text"
}
