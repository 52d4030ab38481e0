package message

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smsconsent/shared/core/placeholder"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

func TestCheck(t *testing.T) {
	const stop = " Reply STOP to cancel."
	for _, c := range []struct {
		name string
		body string
		want string // "severity rule" of each problem
		says string // in the text of one of them
	}{
		{"good", "Example Corp.: our sale starts tomorrow." + stop, "", ""},
		{"empty", " \n ", "error empty", ""},
		{"no UTF-8", "Sale \xff", "error characters", "character 6 is the byte 0xFF"},
		{"control character", "Sale é\x00", "error characters", "character 7 is U+0000"},
		{"byte order mark", "\ufeffExample Corp.: sale.", "error characters", "character 1 is U+FEFF"},
		{"reversed", "Example Corp.: \u202e50% off", "error characters", "character 16 is U+202E"},
		{"isolated", "Sale \u2066", "error characters", "U+2066"},
		{"mark of direction", "Sale \u200f", "error characters", "U+200F"},
		{"soft hyphen", "Sale ex\u00adample", "error characters", "character 8 is U+00AD"},
		{"line separator", "Sale\u2028today", "error characters", "character 5 is U+2028"},
		{"zero-width space", "Sale ex\u200bample.com", "error characters", "character 8 is U+200B"},
		{"family, Persian and Hindi", "Example Corp.: 👩\u200d👧 ❤\ufe0f می\u200cخواهم क्\u200dष" + stop, "", ""},
		{"line break", "Example Corp.: sale\ntomorrow." + stop, "", ""},
		{"no brand", "Sale!" + stop, "notice brand", `"Example Corp.: " was put in front`},
		{"no opt-out", "Example Corp.: sale", "warning opt-out", ""},
		{"as long as can be", "Example Corp.: " + strings.Repeat("x", wording.MaxCharacters-15-len(stop)) + stop, "warning parts", "11 parts (GSM-7)"},
		{"too long with the brand's name", strings.Repeat("x", wording.MaxCharacters-len(stop)) + stop, "notice brand, error length, warning parts", "1615 characters"},
		{"emoji count as AWS counts them", "Example Corp.: " + strings.Repeat("🎉", 790) + stop, "error length, warning parts, warning encoding", "1617 characters"},
		{"shortener", "Example Corp.: see https://bit.ly/3xYz." + stop, "warning links", "bit.ly is a public link shortener"},
		{"shortener in brackets", "Example Corp.: (WWW.TinyURL.com)" + stop, "warning links", "tinyurl.com"},
		{"not a shortener", "Example Corp.: see https://rabbit.ly/x and example.com/t.co" + stop, "", ""},
		{"shouting", "Example Corp.: BIG SALE TOMORROW, COME EARLY!" + stop, "warning capitals", ""},
		{"short shouting", "Example Corp.: BIG SALE at noon." + stop, "", ""},
		{"three parts", "Example Corp.: " + strings.Repeat("x", 459-15-len(stop)) + stop, "", ""},
		{"four parts", "Example Corp.: " + strings.Repeat("x", 460-15-len(stop)) + stop, "warning parts", "4 parts"},
		{"a curly apostrophe", "Example Corp.: it’s our sale, it’s tomorrow and it’s on us." + stop, "warning encoding", "'’' (U+2019) can't be sent as GSM-7, so the text is sent and billed as 2 parts instead of 1"},
		{"another alphabet", "Example Corp.: распродажа завтра." + stop, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := exampleCorp(t)
			p, _ := b.Program("alerts")
			var got []string
			said := c.says == ""
			for _, problem := range Check(b, p, c.body) {
				got = append(got, string(problem.Severity)+" "+problem.Rule)
				said = said || strings.Contains(problem.Text, c.says)
			}
			if g := strings.Join(got, ", "); g != c.want {
				t.Errorf("problems %q, want %q", g, c.want)
			}
			if !said {
				t.Errorf("no problem says %q", c.says)
			}
		})
	}
}

// What is no advertisement goes out as it is: the opt-out is not missing in an order's text, and who writes is only
// asked for. What is one needs another topic, or somebody who answers for it.
func TestCheckTransactional(t *testing.T) {
	b := exampleCorp(t)
	p, _ := b.Program("orders")
	for _, c := range []struct{ body, want, says string }{
		{"Example Corp: your order 17 is on its way.", "", ""},
		{"Your order 17 from EXAMPLE CORP. is on its way.", "", ""},
		{"Your order 17 is on its way.", "warning brand", `begin it with "Example Corp.: "`},
		{"Example Corp.: FLASH SALE: 50% OFF everything!", "error marketing", "somebody has to answer for it by name"},
		{"Example Corp.: hi {first_name|there}, order {order|48213} has shipped.", "notice fields", "has 1 part, with the longest values 3"},
		{"Example Corp.: hi {first_name}, it has shipped.", "error fields, notice fields", "write it as {first_name|there}"},
		{"Example Corp.: hi {{first_name}}, it has shipped.", "error fields", "{{first_name}}"},
		{"Example Corp.: hi %name%, it has shipped.", "error fields", "%name%"},
		{"Example Corp.: hi {name|there, it has shipped.", "error fields", "{name|there"},
		{"Example Corp.: hi [NOMBRE], it has shipped.", "error fields", "[NOMBRE]"},
	} {
		var got []string
		said := c.says == ""
		for _, problem := range Check(b, p, c.body) {
			got = append(got, string(problem.Severity)+" "+problem.Rule)
			said = said || strings.Contains(problem.Text, c.says)
			stops, vouched := problem.Stops(Vouched{}), problem.Stops(Vouched{NotMarketing: "Ana Perez"})
			if is := problem.Severity == Error; stops != is || vouched != (is && problem.Rule != "marketing") {
				t.Errorf("%q: %v stops: %v, vouched for: %v", c.body, problem, stops, vouched)
			}
		}
		if g := strings.Join(got, ", "); g != c.want || !said {
			t.Errorf("%q: problems %q, want %q and %q", c.body, g, c.want, c.says)
		}
	}
}

// No person gets a text of more parts than Check says it has with the longest values.
func TestMostParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.StringOfN(rapid.RuneFrom([]rune("abc €é🎉ж")), 0, 300, -1)
		text := plain.Draw(t, "before") + " {a|x} " + plain.Draw(t, "between") + " {b|🎉} " + plain.Draw(t, "after")
		value := rapid.StringOfN(rapid.RuneFrom([]rune("abc €é🎉ж")), 0, 60, -1)
		got := placeholder.For(text, map[string]string{"a": value.Draw(t, "a"), "b": value.Draw(t, "b")})
		if n, most := Segments(got).Parts, mostParts(placeholder.Longest(text)); n > most {
			t.Fatalf("%q has %d parts, more than %d", got, n, most)
		}
	})
}

func TestCheckVoucher(t *testing.T) {
	for name, ok := range map[string]bool{"Ana Perez": true, "": false, " Ana": false, "A\nB": false, strings.Repeat("x", 61): false} {
		if err := CheckVoucher(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestWithBrand(t *testing.T) {
	for _, c := range []struct{ brand, body, want string }{
		{"Example Corp.", "Sale!", "Example Corp.: Sale!"},
		{"Example Corp.", "  Sale!\n", "Example Corp.: Sale!"},
		{"Example Corp.", "Example Corp.: sale tomorrow", "Example Corp.: sale tomorrow"},
		{"Example Corp.", "EXAMPLE CORP - sale", "EXAMPLE CORP - sale"},
		{"Example Corp.", "Example Corp", "Example Corp"},
		{"Example Corp.", "Example  Corp.:\tsale", "Example  Corp.:\tsale"},
		{"Example Corp.", "Example Corporation sale", "Example Corp.: Example Corporation sale"},
		{"Example Corp.", "Example", "Example Corp.: Example"},
		{"Example Corp.", "At Example Corp.: sale", "Example Corp.: At Example Corp.: sale"},
		{"Café Zoë", "CAFÉ ZOË: sale", "CAFÉ ZOË: sale"},
		{"A", "A1 sale", "A: A1 sale"},
		{"Example Corp.", " ", ""},
	} {
		if got := WithBrand(&program.Brand{Name: c.brand}, c.body); got != c.want {
			t.Errorf("WithBrand(%q, %q) = %q, want %q", c.brand, c.body, got, c.want)
		}
	}
}

func TestWithoutBrand(t *testing.T) {
	for body, want := range map[string]string{
		"Example Corp.: sale tomorrow":      "sale tomorrow",
		"EXAMPLE  CORP -\nsale":             "sale",
		"Example Corporation:  sale":        "Example Corporation: sale",
		"Example Corp.":                     "Example Corp.",
		"Sale at Example Corp.":             "Sale at Example Corp.",
		" Example Corp. says: sale, today ": "says: sale, today",
	} {
		if got := WithoutBrand(&program.Brand{Name: "Example Corp."}, body); got != want {
			t.Errorf("%q without the brand is %q, want %q", body, got, want)
		}
	}
}

// Creating a campaign twice must not put the name in front twice.
func TestWithBrandIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := &program.Brand{Name: rapid.StringMatching(`[A-Za-zéß&]{1,8}( [A-Za-z]{1,8})?\.?`).Draw(t, "name")}
		once := WithBrand(b, rapid.OneOf(rapid.String(), rapid.Just(strings.ToUpper(b.Name)+" x")).Draw(t, "body"))
		if twice := WithBrand(b, once); twice != once {
			t.Fatalf("%q became %q", once, twice)
		}
	})
}

// The hash is stored for years, so it may never change; and it must say "the same" of what people read as the same.
func TestContentHash(t *testing.T) {
	const want = "2ViI5jswCCo"
	for _, body := range []string{"Example Corp.: sale tomorrow", "example corp.:  SALE\ntomorrow ", "\tExample Corp.:\u00a0sale tomorrow"} {
		if got := ContentHash(body); got != want {
			t.Errorf("ContentHash(%q) = %s, want %s", body, got, want)
		}
	}
	for _, body := range []string{"", "Example Corp.: sale today", "Example Corp.: sale to morrow", "Example Corp.: 10% sale tomorrow"} {
		if ContentHash(body) == want {
			t.Errorf("ContentHash(%q) is that of another text", body)
		}
	}
}

// It runs once for every person of a campaign.
func BenchmarkContentHash(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ContentHash("Example Corp.: our autumn sale starts tomorrow at nine, everything half off. Reply STOP to cancel.")
	}
}
