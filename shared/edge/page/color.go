package page

import (
	"math"
	"strconv"
)

// color is an sRGB color, 0 to 255 each.
type color [3]uint8

// The page's background colors in the light and in the dark scheme. base.css has the same.
const paperLight, paperDark = "#ffffff", "#181c22"

// readable and visible are the least contrast of a text, and of anything else, with what it stands on (WCAG 2.2, 1.4.3
// and 1.4.11, level AA).
const (
	// readable and visible are the smallest contrast to its background of a text, and of anything else (WCAG 2.2,
	// 1.4.3 and 1.4.11, level AA).
	readable = 4.5
	visible  = 3
)

// parseColor parses "#" and six hexadecimal digits.
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

// luminance returns the relative luminance, 0 to 1, as WCAG 2.2 defines it.
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

// contrast returns the contrast ratio of two colors, 1 to 21, as WCAG 2.2 defines it.
func contrast(a, b color) float64 {
	light, dark := a.luminance(), b.luminance()
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

// scheme is the use of a brand's color on a background: for the brand's name where that is readable, and for buttons
// where they are visible. A color too close to the background is only used for the bar at the top.
type scheme struct{ Name, Button, Label string } // empty for the page's own

// schemeOf returns how to use a brand's color on a background. The color may be empty.
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
