package chart

import (
	"html/template"
	"strings"
)

// Line draws each series as a line over the labels.
func (c Chart) Line() (template.HTML, error) {
	p := &picture{Chart: c, W: width, H: height}
	high, low := 0.0, 0.0
	for _, s := range c.Series {
		for _, v := range s.Values {
			high, low = max(high, v), min(low, v)
		}
	}
	axis := scaleOf(low, high)
	at := func(i int) float64 {
		if len(c.Labels) < 2 {
			return (left + width - right) / 2
		}
		return left + 8 + float64(i)*(width-left-right-16)/float64(len(c.Labels)-1)
	}
	p.axes(axis, at)
	for k := range c.Series {
		s := &c.Series[k]
		var d strings.Builder
		for i, v := range s.Values {
			d.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + short(at(i)) + " " + short(axis.y(v)))
			p.Dots = append(p.Dots, dot{at(i), axis.y(v), s.Tone, c.tip(s, i)})
		}
		if len(s.Values) == 0 {
			continue
		}
		area := ""
		if len(c.Series) == 1 {
			zero := " " + short(axis.y(0))
			area = d.String() + "L" + short(at(len(s.Values)-1)) + zero + "L" + short(at(0)) + zero + "Z"
		}
		p.Paths = append(p.Paths, path{d.String(), area, s.Tone})
	}
	return p.draw()
}

// Columns draws the series of each label as one column, one upon the other. What is below zero hangs down.
func (c Chart) Columns() (template.HTML, error) {
	p := &picture{Chart: c, W: width, H: height}
	high, low := 0.0, 0.0
	for i := range c.Labels {
		up, down := 0.0, 0.0
		for _, s := range c.Series {
			up, down = up+max(s.Values[i], 0), down+min(s.Values[i], 0)
		}
		high, low = max(high, up), min(low, down)
	}
	axis := scaleOf(low, high)
	room := (width - left - right) / float64(max(len(c.Labels), 1))
	wide := min(room*0.66, 34)
	at := func(i int) float64 { return left + room*(float64(i)+0.5) }
	p.axes(axis, at)
	for i := range c.Labels {
		up, down := 0.0, 0.0
		for k := range c.Series {
			s := &c.Series[k]
			v := s.Values[i]
			from := up
			if v < 0 {
				from = down
				down += v
			} else {
				up += v
			}
			if v != 0 {
				y1, y2 := axis.y(max(from, from+v)), axis.y(min(from, from+v))
				p.Rects = append(p.Rects, rect{at(i) - wide/2, y1, wide, y2 - y1, s.Tone, c.tip(s, i)})
			}
		}
	}
	p.Lines = append(p.Lines, line{left, axis.y(0), width - right, axis.y(0)})
	return p.draw()
}

// Bars draws one bar a label from left to right, the series one behind the other, with the label and the sum above it.
func (c Chart) Bars() (template.HTML, error) {
	p := &picture{Chart: c, W: width, H: row*float64(len(c.Labels)) + 4}
	sums := make([]float64, len(c.Labels))
	most := 0.0
	for i := range c.Labels {
		for _, s := range c.Series {
			sums[i] += s.Values[i]
		}
		most = max(most, sums[i])
	}
	for i, label := range c.Labels {
		y := row * float64(i)
		p.Texts = append(p.Texts,
			text{X: 0, Y: y + 13, Anchor: "start", Text: cut(label)},
			text{X: width, Y: y + 13, Anchor: "end", Text: c.Number(sums[i])})
		p.Rects = append(p.Rects, rect{0, y + 19, width, 12, Faint, ""})
		x := 0.0
		for k := range c.Series {
			s := &c.Series[k]
			if v := s.Values[i]; v > 0 && most > 0 {
				w := width * v / most
				p.Rects = append(p.Rects, rect{x, y + 19, w, 12, s.Tone, c.tip(s, i)})
				x += w
			}
		}
	}
	return p.draw()
}

// cut shortens a label to what fits beside its number.
func cut(label string) string {
	if r := []rune(label); len(r) > maxText {
		return string(r[:maxText-1]) + "…"
	}
	return label
}
