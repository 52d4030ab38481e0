package placeholder

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
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
		{"{a|x}:{b|y}", ForMany, "part of a link"},
		{"tel:{a|x}", ForMany, "part of a link"},
		{"{a|x}/{b|y}", ForMany, ""},
		{"Call {a|206} {b|555-0142}", ForMany, "can't make a link"},
		{"Hi ${a|b}", ForMany, "another tool"},
		{"Hi %{a|b}%", ForMany, "another tool"},
		{"Hi %{a}", ForOne, "another tool"},
		{"It costs ${total|5}, {percent|10}% less", ForMany, ""},
		{"Hi {first_name|there, we open", ForMany, "looks like a placeholder"},
		{"See {link:https://example.com", ForOne, "looks like a placeholder"},
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
		"4711-2026-000123", "9005550100", "01.02.2026", "2026-11-29", "12:30-14:00", "112-1234567-1234567", "Polka dot top", "Hotel: Plaza", "punto de recogida", "A:1", "订单：5", "+5", "Note: x",
	} {
		if err := CheckValue(Clean(value)); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
	for _, value := range []string{
		"", "https://evil.com", "evil.com", "EVIL.COM/x", "www.x", "//x", "ana@evil", "1.2.3.4", "evil。com", "ｅｖｉｌ．ｃｏｍ", "evil․com", "a\nb", "a\rb", "a\tb",
		"a\u2028b", "a\u202eb", "a\u200bb", "a\x00b", "{x}", "}", "undefined", "first_name", "%name%", "Reply STOP to cancel", "\xff", strings.Repeat("x", MaxValue+1),
		strings.Repeat("🎉", MaxValue/2+1),
		"tel:+19005550100", "TEL:5", "sms:5", "mailto:a", "http:", "javascript:x", "ｔｅｌ：５", "call +1 900 555 0100", "+19005550100", "1-900-555-0100",
		"(900) 555-0100", "900.555.0100", "06 12 34 56 78", "evil[.]com", "evil(dot)com", "evil [.] com", "evil dot com", "Evil DOT com now",
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
	if _, err := Fill("Hi ${a}.", map[string]string{"a": "Ana"}, nil); err == nil {
		t.Error("$Ana passes")
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

// Values that are harmless alone make no link together: in a campaign all fallbacks stand; to one person what is kept
// of them gives way, and what the sender gives is an error.
func TestLinksOfSeveralFields(t *testing.T) {
	for _, c := range []struct {
		text          string
		values        map[string]string
		many, one, on string // to many; to one, with the values kept; and what is said where they are given
	}{
		{"{a|x}/{b|y} closed.", map[string]string{"a": "J.", "b": "/3232235777"}, "x/y closed.", "x/y closed.", `fields: make "J.//3232235777"`},
		{"{a|x}/{b|y}", map[string]string{"a": "ht", "b": "x"}, "ht/x", "ht/x", ""},
		{"{a|x}-{b|y}", map[string]string{"a": "+1900", "b": "5550100"}, "x-y", "x-y", `fields: make "+1900-5550100"`},
		{"Call {a|us} {b|now}", map[string]string{"a": "900", "b": "555-0100"}, "Call us now", "Call us now", "fields: make"},
		{"{a|x}: {b|y}", map[string]string{"a": "Hotel", "b": "Plaza"}, "Hotel: Plaza", "Hotel: Plaza", ""},
		{"Call 206-555-0142. {a|x}", map[string]string{"a": "7"}, "Call 206-555-0142. 7", "Call 206-555-0142. 7", ""},
		{"{a|x} dot {b|y}", map[string]string{"a": "evil", "b": "com"}, "x dot y", "x dot y", "fields: make"},
	} {
		if got := For(c.text, c.values); got != c.many {
			t.Errorf("%q to many: %q, want %q", c.text, got, c.many)
		}
		if got, err := Fill(c.text, nil, c.values); got != c.one || err != nil {
			t.Errorf("%q to one: %q, %v, want %q", c.text, got, err, c.one)
		}
		_, err := Fill(c.text, c.values, nil)
		if c.on != "" && (err == nil || !strings.HasPrefix(err.Error(), c.on)) {
			t.Errorf("%q with the values given: %v", c.text, err)
		}
	}
}

// Whatever the values, and whatever stands between them, the links of the filled text are those of the text.
func TestFieldsMakeNoLinkTogether(t *testing.T) {
	value := rapid.OneOf(rapid.StringMatching(`[a-z0-9.:/+@ ()-]{0,9}`), rapid.SampledFrom([]string{
		"http:", "/x", "//x", "tel", "tel:", "+1900", "+", "900", "555", "0100", "555-0100", "evil", "com", "[.]", "www", "：", "／", "1.2", "3.4",
	}))
	between := rapid.SampledFrom([]string{"", " ", "/", ":", "-", ".", "+", " (", ") ", ", ", "//", "\n", "：", ":/", " dot ", "&"})
	rapid.Check(t, func(t *rapid.T) {
		text := "See https://example.com or 206-555-0142 " + between.Draw(t, "1") + "{a|x}" + between.Draw(t, "2") + "{b|y}" +
			between.Draw(t, "3") + "{c|z}" + between.Draw(t, "4")
		if Check(text, ForMany) != nil {
			return
		}
		values := map[string]string{"a": value.Draw(t, "a"), "b": value.Draw(t, "b"), "c": value.Draw(t, "c")}
		before := linkLike.FindAllString(norm.NFKC.String(For(text, nil)), -1)
		all := []string{For(text, values)}
		for _, given := range []map[string]string{nil, values} {
			if filled, err := Fill(text, given, values); err == nil {
				all = append(all, filled)
			}
		}
		for _, filled := range all {
			for _, link := range linkLike.FindAllString(norm.NFKC.String(filled), -1) {
				if !slices.Contains(before, link) {
					t.Fatalf("%q holds %q, which %q does not", filled, link, text)
				}
			}
		}
	})
}

// linkLike is what phones make links of, in words of its own.
var linkLike = regexp.MustCompile(`(?i)\S*(//|www\.[\pL\pN]|@|[\pL\pN]\.\pL\pL|\d+\.\d+\.\d+\.\d+|[a-z]{2}:\S)\S*|` +
	`\+\d[ -]?\d\d\d[ -]?\d\d\d[ -]?\d\d\d\d|\b\d\d\d[ -]\d\d\d-\d\d\d\d`)

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
		{nil, map[string]string{"a": "x", "b": "evil.com"}, "attributes.b", "looks like a link, an address or a phone number; write up to 60"},
		{nil, map[string]string{"first_name": "50% OFF everything"}, "attributes.first_name", "holds words of an advertisement (% off)"},
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
