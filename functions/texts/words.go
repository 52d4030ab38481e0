package texts

import (
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/core/program"
)

// words is what a text says: its own words or those of a template, with what goes into their fields.
type words struct {
	text     string
	template string
	fields   map[string]string
}

// written returns what the text says to a person of that locale (BCP 47), with its fields.
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

// assumed returns what the text says to a person of that locale of whom all is kept that has a place in it.
func (w *words) assumed(topic *program.Topic, locale string) (string, error) {
	written, err := w.written(topic, locale)
	if err != nil {
		return "", err
	}
	return placeholder.Fill(written, w.fields, placeholder.Assumed(written))
}

// check says why nobody may send the text, as it is for a person of that locale of whom all is kept that has a place in
// it. The error is a *phone.FieldError.
func (w *words) check(
	brand *program.Brand, prog *program.Program, topic *program.Topic, locale string, by message.Vouched,
) error {
	said, err := w.assumed(topic, locale)
	if err != nil {
		return err
	}
	return w.checkSaid(brand, prog, said, by)
}

// checkSaid says what keeps from going out what the text says with its fields filled in.
func (w *words) checkSaid(brand *program.Brand, prog *program.Program, said string, by message.Vouched) error {
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

// field is which field of a request is to blame for what the text says.
func (w *words) field() string {
	if w.template != "" {
		return "fields"
	}
	return "text"
}
