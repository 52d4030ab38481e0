package message

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"
)

// The table was made once with the npm package sms-segments-calculator 1.3.0, an implementation that is not ours.
func TestSegmentsAgreeWithAnIndependentCalculator(t *testing.T) {
	data, err := os.ReadFile("testdata/segments.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Body, Encoding string
		Units, Parts   int
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 200 {
		t.Fatalf("%d texts in the table, want at least 200", len(cases))
	}
	for _, c := range cases {
		want := Segmentation{Encoding: c.Encoding, Units: c.Units, Parts: c.Parts}
		if got := Segments(c.Body); got != want {
			t.Errorf("Segments(%q) = %+v, want %+v", c.Body, got, want)
		}
	}
}

func TestSegmentsAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		name string
		body string
		want Segmentation
	}{
		{"empty", "", Segmentation{GSM7, 0, 0}},
		{"fills one part", strings.Repeat("a", 160), Segmentation{GSM7, 160, 1}},
		{"one too many", strings.Repeat("a", 161), Segmentation{GSM7, 161, 2}},
		{"fills two parts", strings.Repeat("a", 306), Segmentation{GSM7, 306, 2}},
		{"needs a third", strings.Repeat("a", 307), Segmentation{GSM7, 307, 3}},
		{"euro counts two", "€", Segmentation{GSM7, 2, 1}},
		{"form feed counts two", "\f", Segmentation{GSM7, 2, 1}},
		{"a pair fits in the only part", strings.Repeat("a", 158) + "€", Segmentation{GSM7, 160, 1}},
		{"a pair would be cut at 153: it moves on", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), Segmentation{GSM7, 306, 3}},
		{"UCS-2 fills one part", strings.Repeat("я", 70), Segmentation{UCS2, 70, 1}},
		{"UCS-2 one too many", strings.Repeat("я", 71), Segmentation{UCS2, 71, 2}},
		{"UCS-2 fills two parts", strings.Repeat("я", 134), Segmentation{UCS2, 134, 2}},
		{"a surrogate pair would be cut at 67: it moves on", strings.Repeat("я", 66) + "😀" + strings.Repeat("я", 66), Segmentation{UCS2, 134, 3}},
		{"an extension character is one unit of UCS-2", "€ç", Segmentation{UCS2, 2, 1}},
		{"back-tick", "`", Segmentation{UCS2, 1, 1}},
		{"lower-case ç", "ç", Segmentation{UCS2, 1, 1}},
		{"upper-case Ç", "Ç", Segmentation{GSM7, 1, 1}},
		{"curly apostrophe", "You’re", Segmentation{UCS2, 6, 1}},
		{"straight apostrophe", "You're", Segmentation{GSM7, 6, 1}},
		{"tab", "\t", Segmentation{UCS2, 1, 1}},
		{"the escape character is no character", "\x1b", Segmentation{UCS2, 1, 1}},
		{"broken UTF-8 counts one unit a byte", "\xff\xfe", Segmentation{UCS2, 2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Segments(c.body); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// Whatever the text: the units add up, and the parts are as few as they can be without cutting a pair.
func TestSegmentsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringOfN(rapid.RuneFrom([]rune("aZ0 €|é`я日😀🛑")), 0, 400, -1).Draw(t, "body")
		got := Segments(body)
		single, part := 160, 153
		if got.Encoding == UCS2 {
			single, part = 70, 67
			if want := len(utf16.Encode([]rune(body))); got.Units != want {
				t.Fatalf("%d units, want %d", got.Units, want)
			}
		}
		switch {
		case got.Units <= single:
			if want := min(got.Units, 1); got.Parts != want {
				t.Fatalf("%+v: want %d parts", got, want)
			}
		case got.Parts < (got.Units+part-1)/part || got.Parts > got.Units/(part-1)+1:
			t.Fatalf("%+v: parts hold %d units and lose at most one of them to a pair", got, part)
		}
	})
}

func TestSegmentsDoesNotAllocate(t *testing.T) {
	body := strings.Repeat("Example Corp. alerts: €5 off today. ", 8) + "🎉"
	if n := testing.AllocsPerRun(100, func() { Segments(body) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

func BenchmarkSegments(b *testing.B) {
	body := "Example Corp. alerts: 20% off everything this weekend with code FALL. Reply STOP to cancel, HELP for help."
	b.ReportAllocs()
	for b.Loop() {
		Segments(body)
	}
}
