package page

import (
	"math"
	"strconv"
)

// color is sRGB, 0 to 255 each.
type color [3]uint8

// The colours of the paper that a brand's own has to stand on; base.css has the same.
const paperLight, paperDark = "#ffffff", "#181c22"

// readable and visible are the least contrast of a text, and of anything else, with what it stands on (WCAG 2.2, 1.4.3
// and 1.4.11, level AA).
const (
	readable = 4.5
	visible  = 3
)

// parseColor reads "#" and six hexadecimal digits.
func parseColor(text string) (color, bool) {
	if len(text) != 7 || text[0] != '#' {
		return color{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return color{}, false
	}
	return color{uint8(n >> 16), uint8(n >> 8), uint8(n)}, true //nolint:gosec // the digits are cut to their bytes
}

// luminance returns relative luminance, 0 to 1, as WCAG 2.2 defines it.
func (c color) luminance() float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// contrast returns the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it.
func contrast(a, b color) float64 {
	light, dark := a.luminance(), b.luminance()
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

// scheme is how a brand's colour is used on a paper: for its name where that can be read, for the button where that can
// be seen. A colour too near to the paper is left for the bar on top.
type scheme struct{ Name, Button, Label string } // empty for the page's own

// schemeOf uses a brand's colour, which may be none, on a paper.
func schemeOf(brand, paper string) (s scheme) {
	c, ok := parseColor(brand)
	p, _ := parseColor(paper)
	if !ok {
		return scheme{}
	}
	against := contrast(c, p)
	if against >= readable {
		s.Name = brand
	}
	if against >= visible {
		s.Button, s.Label = brand, "#ffffff"
		if contrast(c, color{255, 255, 255}) < readable {
			s.Label = "#000000"
		}
	}
	return s
}
