// Package chart draws charts as plain SVG on the server: without scripts, and fit for print, dark mode, phones and
// screen readers.
//
// A chart is as wide as what it stands in. Its colours are those of its style sheet, which a page carries once.
package chart

import (
	_ "embed" // for the style sheet and the pictures
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

//go:embed chart.css
var style string

// Style returns the style sheet of all charts.
func Style() template.CSS { return template.CSS(style) } //nolint:gosec // it is a file of this package

//go:embed chart.svg
var pictures string

// Tone is what a series' colour says.
type Tone string

// The tones. The first four tell series apart and nothing else.
const (
	First  Tone = "first"
	Second Tone = "second"
	Third  Tone = "third"
	Fourth Tone = "fourth"
	Good   Tone = "good"
	Bad    Tone = "bad"
	Wait   Tone = "wait"
	Faint  Tone = "faint"
)

// Series is one row of numbers, one for each label of the chart.
type Series struct {
	Name   string
	Values []float64
	Tone   Tone
}

// Chart is what is drawn.
type Chart struct {
	ID     string // of the element; unlike that of any other on the page
	Title  string
	Desc   string // what the chart shows, for who does not see it
	Labels []string
	Series []Series
	Unit   string // behind each number, such as "%"; may be empty
}

// The measures of a chart, in units of which a phone shows one about as a pixel.
const (
	width   = 380.0
	height  = 180.0
	left    = 38.0 // for the numbers of the axis
	right   = 10.0
	top     = 12.0
	bottom  = 22.0 // for the labels
	row     = 40.0 // of a bar with its label above it
	letter  = 7.3  // about the width of one, in the larger type of phones
	ticks   = 4
	maxText = 46 // letters of a label
)

type text struct {
	X, Y   float64
	Anchor string // "start", "middle" or "end"
	Text   string
	Soft   bool
}

type line struct{ X1, Y1, X2, Y2 float64 }

type rect struct {
	X, Y, W, H float64
	Tone       Tone
	Tip        string
}

type path struct {
	D    string
	Area string
	Tone Tone
}

type dot struct {
	X, Y float64
	Tone Tone
	Tip  string
}

// picture is a chart worked out.
type picture struct {
	Chart
	W, H  float64
	Lines []line
	Rects []rect
	Paths []path
	Dots  []dot
	Texts []text
	Key   bool // the series are named below
}

func (p *picture) draw() (template.HTML, error) {
	t, err := template.New("chart").Funcs(template.FuncMap{"n": short}).Parse(pictures)
	if err != nil {
		return "", fmt.Errorf("read the picture of charts: %w", err)
	}
	p.Key = len(p.Series) > 1
	var out strings.Builder
	if err := t.Execute(&out, p); err != nil {
		return "", fmt.Errorf("draw chart %s: %w", p.ID, err)
	}
	return template.HTML(out.String()), nil //nolint:gosec // the template has escaped what is in it
}

// short writes a coordinate to a hundredth.
func short(x float64) string { return strconv.FormatFloat(math.Round(100*x)/100, 'f', -1, 64) }

// Number writes a number of the chart: grouped, with a decimal only where it has one.
func (c *Chart) Number(x float64) string {
	s := strconv.FormatFloat(math.Abs(math.Round(10*x)/10), 'f', -1, 64)
	whole, decimal, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if decimal != "" {
		whole += "." + decimal
	}
	if c.Unit != "" {
		whole += " " + c.Unit
	}
	return whole
}

// Empty reports whether there is nothing to draw.
func (c *Chart) Empty() bool {
	for _, s := range c.Series {
		for _, v := range s.Values {
			if v != 0 {
				return false
			}
		}
	}
	return true
}

// scale is the axis of the numbers.
type scale struct{ low, high, step float64 }

// scaleOf returns an axis with round numbers from low to high, which holds zero.
func scaleOf(low, high float64) scale {
	low, high = min(low, 0), max(high, 0)
	if high == low {
		high = low + 1
	}
	raw := (high - low) / ticks
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * unit
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*unit >= raw {
			step = m * unit
			break
		}
	}
	return scale{math.Floor(low/step) * step, math.Ceil(high/step) * step, step}
}

func (s scale) y(v float64) float64 {
	return top + (height-top-bottom)*(s.high-v)/(s.high-s.low)
}

// axes draws the numbers' axis, and the labels below as far as there is room for them.
func (p *picture) axes(s scale, at func(i int) float64) {
	for v := s.low; v <= s.high+s.step/2; v += s.step {
		y := s.y(v)
		p.Lines = append(p.Lines, line{left, y, width - right, y})
		p.Texts = append(p.Texts, text{X: left - 5, Y: y + 4, Anchor: "end", Text: axisNumber(v), Soft: true})
	}
	every := 1
	if last := len(p.Labels) - 1; last > 0 {
		wide := longestOf(p.Labels) * letter
		back := max(0, at(last)+wide/2-width) // by so much the last label stands nearer to the one before
		for (at(1)-at(0))*float64(every) < wide+back+8 {
			every++
		}
	}
	for i, label := range p.Labels {
		// The last is the one people look for.
		if (len(p.Labels)-1-i)%every == 0 {
			anchor, x := "middle", at(i)
			if half := float64(len(label)) * letter / 2; x+half > width {
				anchor, x = "end", width
			}
			p.Texts = append(p.Texts, text{X: x, Y: height - 6, Anchor: anchor, Text: label, Soft: true})
		}
	}
}

func longestOf(labels []string) (n float64) {
	for _, l := range labels {
		n = max(n, float64(len([]rune(l))))
	}
	return n
}

// axisNumber writes a number of the axis so that it fits beside it.
func axisNumber(v float64) string {
	switch a := math.Abs(v); {
	case a >= 1e6:
		return short(v/1e6) + " M"
	case a >= 1e4:
		return short(v/1e3) + " k"
	default:
		return short(v)
	}
}

// tip is what a mark says of itself.
func (c *Chart) tip(s *Series, i int) string {
	return c.Labels[i] + ": " + c.Number(s.Values[i]) + " " + s.Name
}
