package message

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLinks(t *testing.T) {
	long := "https://example.com/" + strings.Repeat("x", maxTarget-len("https://example.com/"))
	for _, c := range []struct {
		body string
		want []string
		says string // of the error
	}{
		{"no link", nil, ""},
		{"{brand} {x} {", nil, ""},
		{"See {link:https://example.com/sale?a=1&b=%20#top}.", []string{"https://example.com/sale?a=1&b=%20#top"}, ""},
		{"{link:https://a.example}{link:https://b.example:8443/}", []string{"https://a.example", "https://b.example:8443/"}, ""},
		{"{link:" + long + "}", []string{long}, ""},
		{"{link:" + long + "x}", nil, "2001 characters; write an address of at most 2000"},
		{"{link:http://example.com}", nil, "does not begin with https://"},
		{"{link:HTTPS://example.com}", nil, "does not begin with https://"},
		{"{link:javascript:alert(1)}", nil, "does not begin with https://"},
		{"{link:data:text/html,x}", nil, "does not begin with https://"},
		{"{link://example.com}", nil, "does not begin with https://"},
		{"{link:example.com}", nil, "does not begin with https://"},
		{"{link:}", nil, "does not begin with https://"},
		{"{link: https://example.com}", nil, "does not begin with https://"},
		{"{link:https://}", nil, "no web address"},
		{"{link:https:///path}", nil, "no web address"},
		{"{link:https://:443/}", nil, "no web address"},
		{"{link:https://example.com:port/}", nil, "no web address"},
		{"{link:https://example.com/%zz}", nil, "no web address"},
		{"{link:https://bank.example@evil.example/}", nil, "leave out what stands before the @"},
		{"{link:https://@evil.example/}", nil, "leave out what stands before the @"},
		{"{link:https://example.com\\@evil.example/}", nil, "percent-encoded"},
		{"{link:https://example.com/a b}", nil, "percent-encoded"},
		{"{link:https://example.com/\r\nSet-Cookie: a=b}", nil, "percent-encoded"},
		{"{link:https://example.com/\x00}", nil, "percent-encoded"},
		{"{link:https://exämple.com/}", nil, "percent-encoded"},
		{"{link:https://example.com/\u202e}", nil, "percent-encoded"},
		{"{link:https://example.com/{x}", nil, "percent-encoded"},
		{"{link:https://example.com", nil, "not whole"},
		{"{link}", nil, "not whole"},
		{"{Link:https://example.com}", nil, "not whole"},
		{"{link https://example.com}", nil, "not whole"},
		{strings.Repeat("{link:https://a.example}", maxLinks+1), nil, "11 links; write at most 10"},
	} {
		got, err := Links(c.body)
		if c.says == "" && (err != nil || !slices.Equal(got, c.want)) {
			t.Errorf("%.80q: %v, %v", c.body, got, err)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || got != nil) {
			t.Errorf("%.80q: %v, %v, want an error that says %q", c.body, got, err, c.says)
		}
		if HasLink(c.body) != (strings.Contains(c.body, "{link:") && strings.Contains(c.body, "}")) {
			t.Errorf("%.80q has a link: %v", c.body, HasLink(c.body))
		}
	}
}

// Whatever stands about them, links come out in their order and nothing else of the text changes.
func TestWithLinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var body, want strings.Builder
		n := rapid.IntRange(0, 4).Draw(t, "links")
		for i := range n {
			words := rapid.StringMatching(`[a-z{ äß.:]{0,6}`).Draw(t, "words")
			fmt.Fprintf(&body, "%s{link:https://example.com/%d}", words, i)
			fmt.Fprintf(&want, "%s<%d>", words, i)
		}
		end := rapid.StringMatching(`[a-z} ]{0,6}`).Draw(t, "end")
		if got := WithLinks(body.String()+end, func(i int) string { return fmt.Sprintf("<%d>", i) }); got != want.String()+end {
			t.Fatalf("%q became %q", body.String()+end, got)
		}
		if targets, err := Links(body.String() + end); err != nil || len(targets) != n {
			t.Fatalf("%q has the links %v, %v", body.String()+end, targets, err)
		}
	})
}

// A text is as long as it goes out: neither an address that is named nor the marks about it count, but what stands in
// their place.
func TestCheckMeasuresLinksAsTheyGoOut(t *testing.T) {
	const stop = " Reply STOP to cancel."
	b := exampleCorp(t).LinkingAt("https://go.example.com")
	p, _ := b.Program("alerts")
	short := len("https://go.example.com/l/") + LinkIDLen
	fits := "Example Corp.: " + strings.Repeat("x", 160-len("Example Corp.: ")-len(stop)-short)
	for _, c := range []struct{ name, body, want, says string }{
		{"fits one part", fits + "{link:https://example.com/" + strings.Repeat("y", 200) + "}" + stop, "notice links", "1 part (GSM-7)"},
		{"one character more", fits + "x{link:https://example.com/}" + stop, "notice links", "2 parts (GSM-7)"},
		{"of capitals", "Example Corp.: see {link:https://example.com/SALE-SALE-SALE-SALE-SALE-SALE}" + stop, "notice links", "https://go.example.com/l/ and 31 more"},
		{"to a shortener", "Example Corp.: {link:https://bit.ly/3xYz}" + stop, "notice links, warning links", "bit.ly is a public link shortener"},
		{"not to be followed", "Example Corp.: {link:http://example.com}" + stop, "error links", "does not begin with https://"},
		{"too long with them", "Example Corp.: " + strings.Repeat("x", 1600-15-short-len(stop)+1) + "{link:https://a.example}" + stop, "notice links, error length, warning parts", "1601 characters"},
	} {
		var got []string
		said := false
		for _, problem := range Check(b, p, c.body) {
			got = append(got, string(problem.Severity)+" "+problem.Rule)
			said = said || strings.Contains(problem.Text, c.says)
		}
		if g := strings.Join(got, ", "); g != c.want || !said {
			t.Errorf("%s: problems %q, want %q; one says %q: %v", c.name, g, c.want, c.says, said)
		}
	}
}
