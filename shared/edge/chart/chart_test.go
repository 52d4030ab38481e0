package chart_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"smsconsent/shared/edge/chart"
)

// marks returns the attributes of each element of a name, and fails where the picture is no well-formed XML.
func marks(t *testing.T, html, name string) (all []map[string]string) {
	t.Helper()
	svg := html[strings.Index(html, "<svg") : strings.Index(html, "</svg>")+6]
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == name {
			mark := map[string]string{}
			for _, a := range e.Attr {
				mark[a.Name.Local] = a.Value
			}
			all = append(all, mark)
		}
	}
}

func float(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func two() chart.Chart {
	return chart.Chart{ID: "c", Title: "T", Desc: "D", Labels: []string{"a", "b"}, Series: []chart.Series{
		{Name: "up", Values: []float64{10, 20}, Tone: chart.Good}, {Name: "down", Values: []float64{-5, -10}, Tone: chart.Bad},
	}}
}

// A column twice as high stands for twice as many, and what is below zero hangs from where the other stands.
func TestColumnsAreTrueToScale(t *testing.T) {
	html, err := two().Columns()
	if err != nil {
		t.Fatal(err)
	}
	r := marks(t, string(html), "rect")
	if len(r) != 4 {
		t.Fatalf("%d columns", len(r))
	}
	high := func(i int) float64 { return float(t, r[i]["height"]) }
	if d := high(2) - 2*high(0); d > 0.02 || d < -0.02 || high(0) <= 0 {
		t.Errorf("10 is %g high and 20 is %g", high(0), high(2))
	}
	foot := float(t, r[2]["y"]) + high(2)
	if d := foot - float(t, r[3]["y"]); d > 0.02 || d < -0.02 {
		t.Errorf("one ends at %g, the other begins at %s", foot, r[3]["y"])
	}
}

// The parts of a bar lie one behind the other, and the longest bar takes all the room.
func TestBarsAreTrueToScale(t *testing.T) {
	c := two()
	c.Series[1].Values = []float64{10, 20}
	html, err := c.Bars()
	if err != nil {
		t.Fatal(err)
	}
	var bars []map[string]string
	for _, r := range marks(t, string(html), "rect") {
		if r["class"] != "tone-faint" {
			bars = append(bars, r)
		}
	}
	if len(bars) != 4 || bars[1]["x"] != bars[0]["width"] || float(t, bars[2]["width"]) != 2*float(t, bars[0]["width"]) {
		t.Errorf("bars %v", bars)
	}
	if all := float(t, bars[3]["x"]) + float(t, bars[3]["width"]); all != 380 {
		t.Errorf("the longest is %g", all)
	}
}

// A higher value is a higher point, and every number is in the table beside the picture.
func TestALineRises(t *testing.T) {
	c := two()
	c.Series, c.Unit = c.Series[:1], "%"
	html, err := c.Line()
	if err != nil {
		t.Fatal(err)
	}
	dots := marks(t, string(html), "circle")
	if len(dots) != 2 || float(t, dots[0]["cy"]) <= float(t, dots[1]["cy"]) || float(t, dots[0]["cx"]) >= float(t, dots[1]["cx"]) {
		t.Errorf("dots %v", dots)
	}
	for _, want := range []string{"<td>10 %</td>", "<td>20 %</td>", `role="img"`, `aria-labelledby="c-title c-desc"`, `<desc id="c-desc">D</desc>`} {
		if !strings.Contains(string(html), want) {
			t.Errorf("no %s in %s", want, html)
		}
	}
}

// Whatever stands in a name stays a name, and charts of nothing are charts.
func TestNamesAreEscaped(t *testing.T) {
	const evil = `</text><script>alert(1)</script>"onload="x`
	c := chart.Chart{
		ID: "c", Title: evil, Desc: evil, Labels: []string{evil}, Unit: evil,
		Series: []chart.Series{{Name: evil, Values: []float64{1}, Tone: chart.First}, {Name: evil, Values: []float64{0}, Tone: chart.First}},
	}
	for name, draw := range map[string]func() (string, error){
		"line":    func() (string, error) { h, err := c.Line(); return string(h), err },
		"columns": func() (string, error) { h, err := c.Columns(); return string(h), err },
		"bars":    func() (string, error) { h, err := c.Bars(); return string(h), err },
		"nothing": func() (string, error) { h, err := chart.Chart{ID: "n"}.Line(); return string(h), err },
		"no bars": func() (string, error) { h, err := chart.Chart{ID: "n"}.Bars(); return string(h), err },
	} {
		html, err := draw()
		if err != nil || strings.Contains(html, "<script") || strings.Contains(html, `"onload=`) {
			t.Errorf("%s: %v, %s", name, err, html)
		}
		marks(t, html, "svg")
	}
}

func TestNumbers(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 1234567: "1,234,567", 12.34: "12.3", -1000: "1,000", 999.96: "1,000"} {
		if got := (&chart.Chart{}).Number(x); got != want {
			t.Errorf("%g is %s, want %s", x, got, want)
		}
	}
}
