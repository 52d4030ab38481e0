// Package page holds what our web pages have in common: style, a brand's color, words in each language, files, and
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

// Style returns the style sheet of all pages, followed by a page's own and by the color of each brand. Pages of a
// brand have data-brand="ID". Styles are in a file, so that the security policy can forbid styles in pages.
func Style(own []byte, c *program.Catalog) []byte {
	return bytes.Join([][]byte{base, own, colors(c)}, []byte("\n"))
}

// colors returns the style rules for each brand's color.
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

// maxLanguages is how many bytes of an Accept-Language header are read.
const maxLanguages = 256

// languages are the languages of a page. The first is for people who ask for none of them.
type languages struct{ matcher language.Matcher }

// newLanguages returns the languages with those BCP 47 tags.
func newLanguages(tags ...string) languages {
	known := make([]language.Tag, len(tags))
	for i, tag := range tags {
		known[i] = language.Make(tag)
	}
	return languages{language.NewMatcher(known)}
}

// best returns the index of the first requested language that exists; found is false where none does. Each wish is a
// language tag or a whole Accept-Language header. Empty ones are skipped.
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
