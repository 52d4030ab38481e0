package wording

import (
	"strings"
	"testing"
)

func TestLists(t *testing.T) {
	for _, c := range []struct {
		language  string
		list, and string
		or        string
	}{
		{"en", "", "", ""},
		{"en", "a", "a", "a"},
		{"en", "a b", "a and b", "a or b"},
		{"en", "a b c", "a, b and c", "a, b, or c"},
		{"es", "a b", "a y b", "a o b"},
		{"es", "a b c", "a, b y c", "a, b o c"},
		{"es", "ofertas ideas", "ofertas e ideas", "ofertas o ideas"},
		{"es", "madres Hijos", "madres e Hijos", "madres o Hijos"},
		{"es", "agua hielo", "agua y hielo", "agua o hielo"},
		{"es", "lunes ítems", "lunes e ítems", "lunes o ítems"},
		{"es", "a i", "a e i", "a o i"},
		{"es", "a h", "a y h", "a o h"},
		{"fr", "a b c", "a, b et c", "a, b ou c"},
	} {
		v := Choose(nil, Notice, c.language)
		list := strings.Fields(c.list)
		if got := v.And(list); got != c.and {
			t.Errorf("And(%v) in %s = %q, want %q", list, c.language, got, c.and)
		}
		if got := v.Or(list); got != c.or {
			t.Errorf("Or(%v) in %s = %q, want %q", list, c.language, got, c.or)
		}
	}
}

// A brand that wrote no more than it must: every topic is listed with its frequency, and addresses stand by themselves.
func TestALanguageOfTheBrand(t *testing.T) {
	german := map[string]Language{"de": {
		Texts: map[Text]string{Help: "{topics}: {contact}. {help}! {frequency} {rates} STOP=Ende", Stop: "Ende: {topics}."},
		Words: map[Word]string{
			And: "und", Or: "oder", All: "alles von {brand}", HelpWord: "HILFE", Rates: "Kosten laut Tarif", Varies: "nach Bedarf",
			Message: "SMS", Messages: "SMS", Day: "Tag", Week: "Woche", Month: "Monat", Year: "Jahr",
		},
	}}
	f := Facts{
		Brand: "B", Email: "a@example.com", Phone: "1",
		Topics: []Topic{{Name: "Angebote", Count: 2, Period: Month}, {Name: "Tipps", Count: 2, Period: Month}, {Name: "Notfälle"}},
	}
	for _, c := range []struct {
		text   Text
		change func(*Facts)
		want   string
	}{
		{Help, func(*Facts) {}, "B Angebote, Tipps und Notfälle: a@example.com oder 1. HILFE, a@example.com oder 1! " +
			"Angebote 2 SMS/Monat, Tipps 2 SMS/Monat, Notfälle nach Bedarf. Kosten laut Tarif. STOP=Ende"},
		{Help, func(f *Facts) { f.Topics = f.Topics[:2] }, "B Angebote und Tipps: a@example.com oder 1. HILFE, a@example.com oder 1! " +
			"Angebote 2 SMS/Monat, Tipps 2 SMS/Monat. Kosten laut Tarif. STOP=Ende"},
		{
			Help, func(f *Facts) { f.Topics, f.Phone = f.Topics[2:], "" },
			"B Notfälle: a@example.com. HILFE oder a@example.com! nach Bedarf. Kosten laut Tarif. STOP=Ende",
		},
		{Stop, func(f *Facts) { f.Everything = true }, "Ende: alles von B."},
	} {
		facts := f
		c.change(&facts)
		if got := Choose(german, c.text, "de-CH").Write(c.text, facts); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestIsLanguage(t *testing.T) {
	for code, want := range map[string]bool{
		"en": true, "zu": true, "aa": true, "no": true,
		"EN": false, "xx": false, "": false, "e": false, " e": false, "n ": false, "eng": false, "es-MX": false,
	} {
		if IsLanguage(code) != want {
			t.Errorf("IsLanguage(%q) = %t", code, !want)
		}
	}
	for _, code := range strings.Fields(iso639) {
		if !IsLanguage(code) {
			t.Errorf("%q is listed and is none", code)
		}
	}
	if n := len(strings.Fields(iso639)); n != 183 {
		t.Errorf("%d languages, ISO 639-1 has 183", n)
	}
}
