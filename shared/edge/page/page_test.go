package page

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smsconsent/shared/core/program"
)

// Whatever a brand's colour: where it is used, what stands on it or what it stands on can be read and seen (WCAG 2.2,
// 1.4.3, 1.4.11).
func TestABrandsColourIsUsedWhereItCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		brand := rapid.StringMatching(`#[0-9a-f]{6}`).Draw(t, "colour")
		for _, paper := range []string{paperLight, paperDark} {
			s, p := schemeOf(brand, paper), must(paper)
			if s.Name != "" && contrast(must(s.Name), p) < readable {
				t.Fatalf("a name in %s on %s", s.Name, paper)
			}
			if s.Button != "" && (contrast(must(s.Button), p) < visible || contrast(must(s.Label), must(s.Button)) < readable) {
				t.Fatalf("a button in %s with %s on %s", s.Button, s.Label, paper)
			}
			if (s.Name == "") != (contrast(must(brand), p) < readable) {
				t.Fatalf("%s on %s is used for the name: %v", brand, paper, s.Name != "")
			}
		}
	})
}

func must(text string) color {
	c, ok := parseColor(text)
	if !ok {
		panic(text)
	}
	return c
}

func TestContrast(t *testing.T) {
	// The examples of WCAG's own techniques (G18): black on white, and a grey that just passes.
	for _, tc := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#ffffff", "#ffffff", 1}, {"#767676", "#ffffff", 4.54}, {"#0000ff", "#ffffff", 8.59}} {
		if got := contrast(must(tc.a), must(tc.b)); math.Abs(got-tc.want) > 0.01 || got != contrast(must(tc.b), must(tc.a)) {
			t.Errorf("%s on %s: %.2f, want %.2f", tc.a, tc.b, got, tc.want)
		}
	}
	for _, bad := range []string{"", "#fff", "0b5fff0", "#gggggg", "#0b5ff", "#0b5fff0"} {
		if c, ok := parseColor(bad); ok {
			t.Errorf("%q is read as %v", bad, c)
		}
	}
}

// The colours the rules are made for are those of the sheet.
func TestTheSheetHasThePapers(t *testing.T) {
	papers := regexp.MustCompile(`--paper: (#[0-9a-f]{6})`).FindAllStringSubmatch(string(base), -1)
	if len(papers) != 2 || papers[0][1] != paperLight || papers[1][1] != paperDark {
		t.Errorf("the papers are %v, want %s and %s", papers, paperLight, paperDark)
	}
}

func TestStyle(t *testing.T) {
	c := &program.Catalog{Brands: []program.Brand{{ID: "blue", Color: "#0b5fff"}, {ID: "white", Color: "#ffffff"}, {ID: "plain"}}}
	css := string(Style([]byte("p { margin: 1px; }"), c))
	for _, want := range []string{
		"--paper: #ffffff", "p { margin: 1px; }",
		`[data-brand="blue"] { --brand: #0b5fff; --name-light: #0b5fff; --act-light: #0b5fff; --act-ink-light: #ffffff; --act-dark: #0b5fff; --act-ink-dark: #ffffff; }`,
		`[data-brand="white"] { --brand: #ffffff; --name-dark: #ffffff; --act-dark: #ffffff; --act-ink-dark: #000000; }`,
	} {
		if !strings.Contains(css, want) {
			t.Errorf("the sheet lacks %s: %s", want, css[len(css)-400:])
		}
	}
	if strings.Contains(css, "plain") || strings.Index(css, "margin: 1px") < strings.Index(css, "--paper") {
		t.Error("a brand without a colour is in it, or a page's own rules come before those of all")
	}
}

func TestBestLanguage(t *testing.T) {
	l := newLanguages("en", "es", "fr")
	for _, tc := range []struct {
		wishes []string
		want   int // -1 where there is none of them, for which the first stands in
	}{
		{nil, -1},
		{[]string{""}, -1},
		{[]string{"es", "fr"}, 1},
		{[]string{"es-MX", ""}, 1},
		{[]string{"fr-CA", "en-US"}, 2},
		{[]string{"en-US", "es"}, 0},
		{[]string{"de-DE", "fr-FR,fr;q=0.9,en;q=0.8"}, 2},
		{[]string{"", "de;q=1, es;q=0.5"}, 1},
		{[]string{"", "en;q=0.1, fr;q=0.9"}, 2},
		{[]string{"", "*"}, -1},
		{[]string{"not a tag", "es"}, 1},
		{[]string{"", strings.Repeat("-", 5000)}, -1},
		{[]string{"", strings.Repeat("xx,", 5000) + "es"}, -1},
		{[]string{"", "\xff\xfe"}, -1},
	} {
		if got, found := l.best(tc.wishes...); got != max(tc.want, 0) || found != (tc.want >= 0) {
			t.Errorf("%.60q: %d, want %d", tc.wishes, got, tc.want)
		}
	}
}
