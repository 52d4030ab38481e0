package program

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/wording"
)

// german are all the words a language needs.
const german = "words: {and: und, or: oder, all: 'allem von {brand}', help: HILFE, rates: Kosten laut Tarif, varies: nach Bedarf, " +
	"message: SMS, messages: SMS, day: Tag, week: Woche, month: Monat, year: Jahr}"

func TestTexts(t *testing.T) {
	const at = "    region: US\n"
	for _, c := range []struct {
		name, texts string
		want        []string
	}{
		{"one of ours", "es: {welcome: 'Hola, {topics}. STOP para cancelar.'}", nil},
		{"words of ours", "es: {words: {message: msj, messages: msjs}}", nil},
		{"a language", "de: {welcome: 'Hallo {topics}. STOP zum Abmelden.', " + german + "}", nil},
		{"a language and words it may do without", "de: {" + strings.Replace(german, "and:", "each: je, variable: mal so, email: Mail, call: Tel., and:", 1) + "}", nil},
		{"no language", "xx: {welcome: Hi}", []string{`:8: brands[0].texts.xx: "xx" is no language; write its two letters (ISO 639-1), such as es`}},
		{"a tag", "es-MX: {welcome: Hi}", []string{`:8: brands[0].texts.es-MX: "es-MX" is no language`}},
		{"no answer", "es: {greeting: Hi}", []string{`:8: brands[0].texts.es.greeting: unknown field; the fields here are confirmation, welcome, help, stop, expired, nearly, clarify, preferences, reminder, renewal, notice, words`}},
		{"the disclosure is ours", "es: {disclosure: Hi}", []string{`:8: brands[0].texts.es.disclosure: unknown field`}},
		{"no text", "es:", []string{":8: brands[0].texts.es: is empty"}},
		{"no words", "es: hola", []string{":8: brands[0].texts.es: write fields"}},
		{"placeholder", "es: {welcome: 'Hola {topic}. STOP para cancelar.'}", []string{`:8: brands[0].texts.es.welcome: {topic} is no placeholder; write {brand}, {topics}, {frequency}, {contact}, {help}, {rates}, {keyword}, {link}`}},
		{"braces without quotes", "es: {welcome: {topics}}", []string{":8: brands[0].texts.es.welcome: write one plain value"}},
		{"names nothing", "es: {reminder: 'Hola. STOP para cancelar.'}", []string{":8: brands[0].texts.es.reminder: does not hold {topics} or {brand}"}},
		{"help without contact", "es: {help: 'Ayuda de {brand}. STOP para cancelar.'}", []string{":8: brands[0].texts.es.help: does not hold {contact} or {help}"}},
		{"preferences without link", "es: {preferences: 'Elige.'}", []string{":8: brands[0].texts.es.preferences: does not hold {link}"}},
		{"preferences with a link that dangles", "es: {preferences: 'Elige en {link}.'}", []string{":8: brands[0].texts.es.preferences: put {link} and the words that go with it in square brackets"}},
		{"no opt-out", "es: {clarify: '{brand}: ?'}", []string{`:8: brands[0].texts.es.clarify: does not say how to opt out in words we recognise; add for example "Reply STOP to cancel."`}},
		{"no opt-out in the notice", "es: {notice: 'Adios.'}", []string{":8: brands[0].texts.es.notice: does not say how to opt out"}},
		{"too long", "es: {stop: '{topics}" + strings.Repeat("x", 320) + "'}", []string{":8: brands[0].texts.es.stop: has 328 characters; write at most 320"}},
		{"two lines", `es: {stop: "{topics}\n"}`, []string{":8: brands[0].texts.es.stop: "}},
		{"a language without words", "de: {welcome: 'Hallo {topics}. STOP zum Abmelden.'}", []string{`:8: brands[0].texts.de.words: is missing; write for example {and: "and", …}; a language we have no words in needs and, or, all, help, rates, varies, message`}},
		{"a language that lacks words", "de: {" + strings.NewReplacer("and: und, or: oder, ", "", "rates: Kosten laut Tarif, ", "").Replace(german) + "}", []string{
			`:8: brands[0].texts.de.words.and: is missing; write for example "and", in that language`,
			`brands[0].texts.de.words.or: is missing; write for example "or", in that language`,
			`brands[0].texts.de.words.rates: is missing; write for example "Msg & data rates may apply.", in that language`,
		}},
		{"an empty word", "de: {" + strings.Replace(german, "und", "''", 1) + "}", []string{"brands[0].texts.de.words.and: is empty"}},
		{"an unknown word", "es: {words: {nor: ni}}", []string{"brands[0].texts.es.words.nor: unknown field; the fields here are and, or, all"}},
		{"a word with a placeholder", "es: {words: {and: '{brand}'}}", []string{"brands[0].texts.es.words.and: is a word without placeholders"}},
		{"all without the brand", "es: {words: {all: todo}}", []string{"brands[0].texts.es.words.all: write all that a brand sends with {brand} for its name"}},
		{"a word too long", "es: {words: {rates: " + strings.Repeat("x", 101) + "}}", []string{"brands[0].texts.es.words.rates: has 101 characters"}},
		{"words for fields", "es: {words: si}", []string{"brands[0].texts.es.words: write fields"}},
		{"several at once", "es: {welcome: Hola, stop: Adios}", []string{"brands[0].texts.es.welcome: does not hold", "brands[0].texts.es.stop: does not hold"}},
	} {
		t.Run(c.name, func(t *testing.T) { edited(t, at, at+"    texts:\n      "+c.texts+"\n", c.want) })
	}
	b := edited(t, at, at+"    texts:\n      de: {welcome: 'Hallo {topics}. STOP zum Abmelden.', words: {"+german[len("words: {"):]+"}\n      en: {words: {email: write to}}\n", nil).Brands[0]
	want := map[string]wording.Language{
		"de": {Texts: map[wording.Text]string{wording.Welcome: "Hallo {topics}. STOP zum Abmelden."}, Words: map[wording.Word]string{
			"and": "und", "or": "oder", "all": "allem von {brand}", "help": "HILFE", "rates": "Kosten laut Tarif", "varies": "nach Bedarf",
			"message": "SMS", "messages": "SMS", "day": "Tag", "week": "Woche", "month": "Monat", "year": "Jahr",
		}},
		"en": {Texts: map[wording.Text]string{}, Words: map[wording.Word]string{"email": "write to"}},
	}
	if diff := cmp.Diff(want, b.Texts); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
}

// AWS refuses what is too long, at the moment a person waits for an answer.
func TestTextsFitWithTheLongestNames(t *testing.T) {
	const at = "          - id: t\n            name: news\n"
	topics := ""
	for i := range 9 {
		topics += fmt.Sprintf("          - {id: t%d, name: %s, frequency: %d per month, help: {email: help@example.com}}\n", i, strings.Repeat("x", 40), i+10)
	}
	text := strings.Replace(base, at, topics+at, 1)
	for _, c := range []struct{ texts, want string }{
		{"en: {welcome: '{topics} {frequency} STOP to end.'}", ""},
		{"en: {welcome: '{topics} {topics} {topics} {topics} {topics} STOP to end.'}", `:8: brands[0].texts.en.welcome: makes welcome a text of 1`},
		{"en: {words: {month: " + strings.Repeat("m", 100) + "}}", `:8: brands[0].texts.en.words: makes confirmation a text of `},
	} {
		_, err := Load([]byte(strings.Replace(text, "    region: US\n", "    region: US\n    texts:\n      "+c.texts+"\n", 1)))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.texts, err, c.want)
		}
	}
}

func TestFacts(t *testing.T) {
	b := edited(t, "            name: orders\n", "            name: orders\n            locale: es\n            keyword: ORDERS\n", nil).Brands[0]
	p, q := &b.Programs[0], &b.Programs[1]
	news := wording.Topic{Name: "news", Count: 2, Period: wording.Month}
	orders := wording.Topic{Name: "orders"}
	for _, c := range []struct {
		program *Program
		topics  []string
		want    wording.Facts
	}{
		{p, nil, wording.Facts{Brand: "A", Topics: []wording.Topic{news}, Locale: "en-US", Email: "help@example.com", Keyword: "JOIN"}},
		{q, []string{"u"}, wording.Facts{Brand: "A", Topics: []wording.Topic{orders}, Locale: "es", Phone: "XXX-555-0199", Keyword: "ORDERS"}},
		{q, []string{"t", "gone", "u"}, wording.Facts{Brand: "A", Topics: []wording.Topic{news, orders}, Locale: "en-US", Phone: "XXX-555-0199", Keyword: "JOIN"}},
		{q, []string{"gone"}, wording.Facts{Brand: "A", Phone: "XXX-555-0199", Keyword: "START"}},
	} {
		if diff := cmp.Diff(c.want, b.Facts(c.program, c.topics)); diff != "" {
			t.Errorf("%s, %v (-want +got):\n%s", c.program.ID, c.topics, diff)
		}
	}
}
