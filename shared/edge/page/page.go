// Package page holds what our web pages have in common: style, a brand's colour, words in each language, files, and
// security headers.
package page

import (
	"bytes"
	_ "embed" // for the style sheet
	"fmt"

	"golang.org/x/text/language"

	"smsconsent/shared/core/program"
)

//go:embed base.css
var base []byte

// Style returns the style sheet of all pages, with what one adds and the colour of each brand, whose pages say
// data-brand="ID". It stands in a file because pages have no style of their own, which lets their policy forbid all of
// that kind.
func Style(own []byte, c *program.Catalog) []byte {
	return bytes.Join([][]byte{base, own, colors(c)}, []byte("\n"))
}

// colors uses each brand's colour as far as it can be used.
func colors(c *program.Catalog) []byte {
	var css bytes.Buffer
	for i := range c.Brands {
		b := &c.Brands[i]
		if b.Color == "" {
			continue
		}
		fmt.Fprintf(&css, "[data-brand=%q] { --brand: %s;", b.ID, b.Color)
		for _, on := range []struct{ scheme, paper string }{{"light", paperLight}, {"dark", paperDark}} {
			s := schemeOf(b.Color, on.paper)
			if s.Name != "" {
				fmt.Fprintf(&css, " --name-%s: %s;", on.scheme, s.Name)
			}
			if s.Button != "" {
				fmt.Fprintf(&css, " --act-%[1]s: %[2]s; --act-ink-%[1]s: %[3]s;", on.scheme, s.Button, s.Label)
			}
		}
		css.WriteString(" }\n")
	}
	return css.Bytes()
}

// maxLanguages is how many bytes of an Accept-Language header are looked at.
const maxLanguages = 256

// languages are those a page can be in. The first serves whoever asks for none of them.
type languages struct{ matcher language.Matcher }

// newLanguages makes them of BCP 47 tags.
func newLanguages(tags ...string) languages {
	known := make([]language.Tag, len(tags))
	for i, tag := range tags {
		known[i] = language.Make(tag)
	}
	return languages{language.NewMatcher(known)}
}

// best returns the place of the first language asked for that there is; found is false where there is none of them.
// Each wish is a language tag or a whole Accept-Language header; an empty one is passed over.
func (l languages) best(wishes ...string) (place int, found bool) {
	for _, wish := range wishes {
		tags, _, err := language.ParseAcceptLanguage(wish[:min(len(wish), maxLanguages)])
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, i, confidence := l.matcher.Match(tags...); confidence >= language.High {
			return i, true
		}
	}
	return 0, false
}
