package placeholder

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/wording"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		text string
		use  Use
		says string // empty where nothing is wrong
	}{
		{"Hi {first_name|there}, it is time.", ForMany, ""},
		{"Your order #{order} of ${total} has shipped.", ForOne, ""},
		{"Hi {first_name|there}! See {link:https://example.com/a}.", ForMany, ""},
		{"({first_name|dear customer})", ForMany, ""},
		{"Hi {first_name}", ForMany, "{first_name|there}"},
		{"Hi {first_name|}", ForMany, "{first_name|there}"},
		{"Hi {first_name|}", ForOne, "{first_name|there}"},
		{"Hi {first_name| there}", ForMany, "leave out the space"},
		{"Hi {first_name|see evil.com}", ForMany, "looks like a link"},
		{"Hi {{first_name}}", ForOne, "{{first_name}}"},
		{"Hi {{first_name|there}}", ForMany, "looks like a placeholder"},
		{"Hi {First_Name|there}", ForMany, "looks like a placeholder"},
		{"Hi %name% and {first_name|there}", ForMany, "%name%"},
		{"Hi {link|there}", ForMany, "looks like a placeholder"},
		{"Hi {a|x}{b|y}", ForMany, "leave a space"},
		{"Hi {a|x}s", ForMany, "leave a space"},
		{"Hi {a|x}.com", ForMany, "part of a link"},
		{"Hi evil.{a|x}", ForMany, "part of a link"},
		{"https://example.com/{order}", ForOne, "part of a link"},
		{"{a|x}@example.com", ForMany, "part of a link"},
		{"{a|x}.{b|x}", ForMany, "part of a link"},
		{"{a|x}.b", ForMany, "part of a link"},
		{"Hi {a|x}.", ForMany, ""},
		{strings.Repeat("{a|x} ", 11), ForMany, ""}, // the same one
		{"{a|x} {b|x} {c|x} {d|x} {e|x} {f|x} {g|x} {h|x} {i|x} {j|x} {k|x}", ForMany, "11 fields"},
	} {
		err := Check(c.text, c.use)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%q: %v, want %q", c.text, err, c.says)
		}
	}
}

func TestCheckValue(t *testing.T) {
	for _, value := range []string{
		"Ana", "Ana María", "O'Neil-Smith Jr.", "J. R. R. Tolkien", "48213", "A-12.5", "12:30", "李小龍", "Zoë 🎉", "$5.00", strings.Repeat("x", MaxValue),
	} {
		if err := CheckValue(Clean(value)); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
	for _, value := range []string{
		"", "https://evil.com", "evil.com", "EVIL.COM/x", "www.x", "//x", "ana@evil", "1.2.3.4", "evil。com", "ｅｖｉｌ．ｃｏｍ", "evil․com", "a\nb", "a\rb", "a\tb",
		"a\u2028b", "a\u202eb", "a\u200bb", "a\x00b", "{x}", "}", "undefined", "first_name", "%name%", "Reply STOP to cancel", "\xff", strings.Repeat("x", MaxValue+1),
		strings.Repeat("🎉", MaxValue/2+1),
	} {
		if CheckValue(Clean(value)) == nil {
			t.Errorf("%q passes", value)
		}
	}
}

func TestFill(t *testing.T) {
	values := map[string]string{"order": " 48213 "}
	kept := map[string]string{"first_name": "Ana", "order": "1", "shop": "evil.com", "city": "Paris"}
	for _, c := range []struct {
		text       string
		kept       map[string]string
		want, says string
	}{
		{"Order {order} for {first_name|you}.", nil, "Order 48213 for you.", ""},
		{"Order {order} for {first_name|you}.", kept, "Order 48213 for Ana.", ""},
		{"Order {order} for {first_name}.", kept, "Order 48213 for Ana.", ""},
		{"Order {order} from {shop|us}.", kept, "Order 48213 from us.", ""},
		{"Order {order} from {shop}.", kept, "", "fields.shop: is missing"},
		{"Order {order} from {shop}.", nil, "", "fields.shop: is missing"},
		{"Your order has shipped to {city}.", kept, "", "fields.order: has no place"},
	} {
		got, err := Fill(c.text, values, c.kept)
		if got != c.want || c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%q with %v: %q, %v", c.text, c.kept, got, err)
		}
	}
	if _, err := Fill("Order {order}.", map[string]string{"order": "evil.com"}, kept); err == nil {
		t.Error("a link passes as a value")
	}
	if len(kept) != 4 || len(values) != 1 {
		t.Errorf("what was given is now %v, %v", values, kept)
	}
}

// A text is looked at before anybody knows whom it is for: nothing is missing from it then, and of each person only
// what its sender does not say is read.
func TestAssumed(t *testing.T) {
	const text = "Order {order} of ${total} for {first_name|you}."
	if got, err := Fill(text, map[string]string{"order": "7"}, Assumed(text)); err != nil || got != "Order 7 of $1 for you." {
		t.Errorf("%q, %v", got, err)
	}
	all := map[string]string{"order": "7", "total": "5", "first_name": ""}
	if Lacks(text, all) || !Lacks(text, map[string]string{"order": "7", "total": "5"}) || Lacks("Hi.", nil) {
		t.Error("it is wrong what the text lacks")
	}
}

// A person whose values would bring something into the text reads the fallback.
func TestFor(t *testing.T) {
	for value, want := range map[string]string{
		"Ana": "Hi Ana!", "": "Hi there!", "evil.com": "Hi there!", "a\nb": "Hi there!", "{link:https://evil.example}": "Hi there!",
	} {
		if got := For("Hi {first_name|there}!", map[string]string{"first_name": value}); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

// linkLike is what phones make links of, in words of its own.
var linkLike = regexp.MustCompile(`(?i)\S*(://|www\.[\pL\pN]|@|[\pL\pN]\.\pL\pL|\d+\.\d+\.\d+\.\d+)\S*`)

// No value brings a link, a line break or a brace into a text that passed; and no text is longer than Longest says.
func TestValuesBringNothingIn(t *testing.T) {
	piece := rapid.OneOf(
		rapid.StringMatching(`[a-z.:/@{}|\n -]{0,6}`), rapid.SampledFrom([]string{
			"{a|x}", "{b|dear you}", "{c|1}", "evil", ".", "com", ".com", "http", "://", "/", "www", "@", "1.2", " ", "#", "{link:https://a.example}",
		}),
	)
	value := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z.:/@\n0-9。．-]{0,12}`), rapid.SampledFrom([]string{
		"evil.", ".", "com", ".com", "://evil", "/", "//", "www", "evil.c", "1.2.3", "ana@", "http:",
	}))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 2).Draw(t, "before"), "") + "{a|x}" +
			strings.Join(rapid.SliceOfN(piece, 0, 3).Draw(t, "behind"), "")
		if Check(text, ForMany) != nil {
			t.Skip("no text that goes out")
		}
		values := map[string]string{"a": value.Draw(t, "a"), "b": value.Draw(t, "b"), "c": value.Draw(t, "c")}
		got, plain := For(text, values), For(text, nil)
		if a, b := linkLike.FindAllString(got, -1), linkLike.FindAllString(plain, -1); len(a) != len(b) {
			t.Fatalf("%q holds links %q, without values %q", got, a, b)
		}
		for _, mark := range []string{"\n", "\r", "{", "}", "\u202e"} {
			if strings.Count(got, mark) != strings.Count(plain, mark) {
				t.Fatalf("%q holds another number of %q than %q", got, mark, plain)
			}
		}
		if wording.Characters(got) > wording.Characters(Longest(text)) {
			t.Fatalf("%q is longer than %q", got, Longest(text))
		}
	})
}

// What is cut out of a text put together again is the text, and nothing crashes.
func FuzzCut(f *testing.F) {
	for _, text := range []string{"Hi {first_name|there}", "{{a}}", "{link:https://a.example}{b|c}", "{", "}{", "{a|b|c}", "{a|{b}}", "\x00{a}\x00", "\xff{a|\xff}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if again := Replace(text, Mark.String); again != text {
			t.Fatalf("%q became %q", text, again)
		}
		for _, use := range []Use{ForMany, ForOne} {
			if Check(text, use) == nil && use == ForMany && HasAny(For(text, map[string]string{"a": "{a|b}"})) {
				t.Fatalf("%q still holds a field once filled in", text)
			}
		}
		if utf8.ValidString(text) && !utf8.ValidString(For(text, map[string]string{"a": text})) {
			t.Fatalf("%q filled in is no text", text)
		}
	})
}

// What is given is added to what is kept, replaces it by name, and is taken away without a value; nothing unfit stays.
func TestAdd(t *testing.T) {
	kept := map[string]string{"first_name": "Ana", "city": "Paris"}
	got, err := Add(kept, map[string]string{"first_name": " Zoë ", "city": " ", "size": "M", "none": ""})
	if want := map[string]string{"first_name": "Zoë", "size": "M"}; err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	if kept["first_name"] != "Ana" || len(kept) != 2 {
		t.Errorf("what was kept is now %v", kept)
	}
	many := map[string]string{}
	for i := range MaxFields {
		many[fmt.Sprintf("f%d", i)] = "x"
	}
	for _, c := range []struct {
		kept, given map[string]string
		field, says string
	}{
		{nil, map[string]string{"First Name": "Ana"}, "attributes.First Name", "such as first_name"},
		{nil, map[string]string{"First Name": ""}, "attributes.First Name", "such as first_name"},
		{nil, map[string]string{"a": "x", "b": "evil.com"}, "attributes.b", "looks like a link or an address; write up to 60"},
		{nil, map[string]string{"a": "x\ny"}, "attributes.a", "line break"},
		{kept, many, "attributes", "would be 12; a person has at most 10"},
	} {
		got, err := Add(c.kept, c.given)
		wrong, ok := errors.AsType[*phone.FieldError](err)
		if !ok || wrong.Field != c.field || !strings.Contains(wrong.Message, c.says) || got != nil {
			t.Errorf("%v: %v, %v", c.given, got, err)
		}
	}
	if got, err := Add(nil, many); err != nil || len(got) != MaxFields {
		t.Errorf("%v, %v", got, err)
	}
}
