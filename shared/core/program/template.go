package program

import (
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/core/wording"
)

// Template is a text of a transactional topic that was checked before anybody sends it. Only the values of its fields
// differ from one sending to the next.
type Template struct {
	Text string            // in the topic's language
	In   map[string]string // in other languages, by ISO 639-1 code
}

const (
	maxTemplates    = 50  // of one topic
	maxTemplateText = 480 // characters: three message parts without values
)

// templates reads the texts of a transactional topic, by name.
func (d *decoder) templates(f field, class Class) map[string]Template {
	if f.node == nil {
		return nil
	}
	if class == Promotional {
		d.fail(f, "only a transactional topic has templates; what sells is written for each campaign")
		return nil
	}
	all := map[string]Template{}
	o := d.open(f)
	if len(o.fields) > maxTemplates {
		d.fail(f, "has %d templates; write at most %d", len(o.fields), maxTemplates)
	}
	for _, name := range o.keys() {
		at := o.get(name)
		if !consistsOf(name, letters+digits+"-_", 1, maxID) {
			d.fail(at, "%q: name it with 1 to %d lower-case letters, digits, hyphens and underscores", name, maxID)
		}
		all[name] = d.template(at)
	}
	return all
}

// template reads a text in the topic's language, or in several languages, with "text" for the topic's.
func (d *decoder) template(f field) Template {
	if _, several := f.node.(*ast.MappingNode); !several {
		return Template{Text: d.templateText(f)}
	}
	o := d.open(f)
	t := Template{In: map[string]string{}}
	if o.get("text").node == nil {
		d.missing(o.get("text"), `"Your order {order} has shipped.", in the topic's language`)
	}
	for _, code := range o.keys() {
		at := o.get(code)
		switch {
		case code == "text":
			t.Text = d.templateText(at)
		case wording.IsLanguage(code):
			t.In[code] = d.templateText(at)
		default:
			d.fail(at, "%q is no language; write text, or the two letters of a language (ISO 639-1), such as es", code)
		}
	}
	return t
}

func (d *decoder) templateText(f field) string {
	text := d.text(f)
	if text == "" {
		return ""
	}
	if n := utf8.RuneCountInString(text); n > maxTemplateText {
		d.fail(f, "has %d characters; write at most %d", n, maxTemplateText)
	}
	if n := wording.Characters(placeholder.Longest(text)); n > wording.MaxCharacters {
		d.fail(f, "has %d characters with the longest fields; AWS takes %d at most", n, wording.MaxCharacters)
	}
	if err := placeholder.Check(text, placeholder.ForOne); err != nil {
		d.fail(f, "%v", err)
	}
	if words := wording.Advertises(placeholder.For(text, nil)); words != "" {
		d.fail(f, "%q makes it an advertisement; leave it out, or write to a promotional topic", words)
	}
	return text
}
