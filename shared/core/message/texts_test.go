package message

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smsconsent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

var update = flag.Bool("update", false, "rewrite testdata/texts.txt; read what changed before you commit it")

// Every text of the shipped programs, in every language, as somebody read and approved it.
func TestTextsAreThoseThatWereRead(t *testing.T) {
	const file = "testdata/texts.txt"
	got := shippedTexts(t)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	is, was := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range is {
		if i >= len(was) || is[i] != was[i] {
			t.Fatalf("line %d of %s differs; if it is meant to, run this test with -update and read the file:\n%s", i+1, file, is[i])
		}
	}
	t.Fatalf("%s has more lines than there are texts", file)
}

const page = "https://sms.example.com/p/0123456789abcdefghijklmnopqrstuvwxyz"

// shippedTexts writes down each text with its number of parts.
func shippedTexts(t *testing.T) string {
	t.Helper()
	c, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i := range c.Brands {
		b := &c.Brands[i]
		for _, language := range Languages(b) {
			for j := range b.Programs {
				p := &b.Programs[j]
				fmt.Fprintf(&out, "== %s/%s in %s\n", b.ID, p.ID, language)
				write := func(name, text string) { fmt.Fprintf(&out, "%-24s %d  %s\n", name, Segments(text).Parts, text) }
				for _, a := range Answers() {
					write(string(a), Compose(b, p, a, nil, Wording{Language: language}))
				}
				write("stop, everything", Compose(b, p, AnswerStop, nil, Wording{Language: language, Everything: true}))
				write("help, linked", Compose(b, p, AnswerHelp, nil, Wording{Language: language, Link: page}))
				write("preferences, linked", Compose(b, p, AnswerPreferences, nil, Wording{Language: language, Link: page}))
				write("notice", OptOutNotice(b, language))
				for _, topic := range p.Topics {
					text, version := Disclosure(b, []string{topic.ID}, language)
					fmt.Fprintf(&out, "disclosure %s\n   %s\n", version, text)
				}
			}
		}
	}
	return out.String()
}

// told are the texts that say how to opt out; the gate counts on it.
func told(a Answer) bool { return a != AnswerStop && a != AnswerExpired }

func TestShippedTextsAreShortAndTellHowToStop(t *testing.T) {
	c, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Brands {
		b := &c.Brands[i]
		for _, language := range Languages(b) {
			if notice := OptOutNotice(b, language); !HasOptOut(notice) || !strings.HasPrefix(notice, " ") || Segments(notice).Encoding != GSM7 {
				t.Errorf("notice in %s: %q", language, notice)
			}
			for j := range b.Programs {
				for _, a := range Answers() {
					for _, w := range []Wording{{}, {Link: page}, {Everything: true}} {
						w.Language = language
						text := Compose(b, &b.Programs[j], a, nil, w)
						if s := Segments(text); s.Encoding != GSM7 || s.Units > 320 {
							t.Errorf("%s in %s travels as %+v: %s", a, language, s, text)
						}
						if HasOptOut(text) != told(a) {
							t.Errorf("%s in %s: HasOptOut is %t: %s", a, language, !told(a), text)
						}
					}
				}
				for _, topic := range b.Programs[j].Topics {
					if text, _ := Disclosure(b, []string{topic.ID}, language); !HasOptOut(text) || strings.ContainsAny(text, "{}[]") {
						t.Errorf("disclosure in %s: %s", language, text)
					}
				}
			}
		}
	}
}

// loaded draws a file with one brand and loads it; name draws the names in it, which must not be read as YAML.
func loaded(t *rapid.T, name func(label string, most int) string) (*program.Brand, *program.Program) {
	var file strings.Builder
	fmt.Fprintf(&file, "brands:\n  - id: b\n    name: %q\n    region: US\n    programs:\n      - id: p\n        class: transactional\n"+
		"        identity: {short_code: 12345}\n        opt_out_list: l\n        topics:\n", name("brand", 60))
	help := rapid.SampledFrom([]string{"{phone: " + strings.Repeat("5", 30) + "}", "{email: " + strings.Repeat("e", 64) + "@" + strings.Repeat("m", 31) + ".com}"}).Draw(t, "help")
	for i := range rapid.IntRange(1, 10).Draw(t, "topics") {
		fmt.Fprintf(&file, "          - {id: t%d, name: %q, help: %s", i, name("topic", 40), help)
		if n := rapid.IntRange(0, 100).Draw(t, "count"); n > 0 {
			fmt.Fprintf(&file, ", frequency: %d per %s", n, rapid.SampledFrom([]string{"day", "week", "month", "year"}).Draw(t, "period"))
		}
		file.WriteString("}\n")
	}
	c, err := program.Load([]byte(file.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, &file)
	}
	return &c.Brands[0], &c.Brands[0].Programs[0]
}

func drawn(t *rapid.T, b *program.Brand) Wording {
	return Wording{
		Language:   rapid.SampledFrom(append(Languages(b), "", "es-MX", "it")).Draw(t, "language"),
		Everything: rapid.Bool().Draw(t, "everything"),
		Link:       rapid.SampledFrom([]string{"", page}).Draw(t, "link"),
	}
}

// Whatever programs.yaml loads, each text of ours is one AWS takes, reads as sentences, and tells how to stop.
func TestComposedTextsAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, p := loaded(t, func(label string, most int) string {
			return rapid.StringMatching(fmt.Sprintf(`[A-Za-zé][A-Za-z.'é]{0,%d}`, most-1)).Draw(t, label)
		})
		w := drawn(t, b)
		for _, a := range Answers() {
			text := Compose(b, p, a, nil, w)
			if n := wording.Characters(text); n == 0 || n > wording.MaxCharacters {
				t.Fatalf("%s has %d characters: %s", a, n, text)
			}
			if strings.ContainsAny(text, "\n\t’{}[]") || strings.Contains(text, "  ") || strings.Contains(text, ". .") ||
				!strings.HasSuffix(text, ".") && !strings.HasSuffix(text, ": "+page) {
				t.Fatalf("%s does not read as sentences: %s", a, text)
			}
			if told(a) && !HasOptOut(text) {
				t.Fatalf("%s does not say how to opt out: %s", a, text)
			}
		}
	})
}

// A name stands in a text as it is written, whatever is in it: it is no template, and it takes nothing of the text
// away.
func TestNamesAreNoTemplates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.SampledFrom([]string{"{topics}", "{link}", "[", "]", "[ {link}]", "{", "}", "%s", "STOP", "STOP:", "Reply", "reply END", "$1", "\\", "..", " "})
		names := map[string]string{}
		named := func(label string, most int) string {
			plain := fmt.Sprintf("xq%dqx", len(names))
			names[plain] = "x" + strings.Join(rapid.SliceOfN(hostile, 1, (most-2)/9).Draw(t, label), "") + "x"
			return plain
		}
		b, p := loaded(t, named)
		w := drawn(t, b)
		bad := *b
		bad.Name = names[b.Name]
		badProgram := *p
		badProgram.Topics = nil
		for _, topic := range p.Topics {
			topic.Name = names[topic.Name]
			badProgram.Topics = append(badProgram.Topics, topic)
		}
		bad.Programs = []program.Program{badProgram}
		var pairs []string
		for plain, name := range names {
			pairs = append(pairs, plain, name)
		}
		for _, a := range Answers() {
			want := strings.NewReplacer(pairs...).Replace(Compose(b, p, a, nil, w))
			got := Compose(&bad, &badProgram, a, nil, w)
			if got != want {
				t.Fatalf("%s:\n got %s\nwant %s", a, got, want)
			}
			if told(a) && !HasOptOut(got) {
				t.Fatalf("%s does not say how to opt out: %s", a, got)
			}
		}
	})
}

// A claim's text is found again by composing in each language of the brand (outbox, Reconcile), so there must be no
// other wording.
func TestEveryWordingIsThatOfALanguage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, p := brandOf("Example Corp.", program.Topic{Name: "news", Locale: rapid.SampledFrom([]string{"", "en-US", "de", "it", "fr-CA"}).Draw(t, "locale")})
		if rapid.Bool().Draw(t, "own") {
			b.Texts = map[string]wording.Language{"de": {Texts: map[wording.Text]string{wording.Welcome: "Hallo {brand}, STOP=Ende"}}}
		}
		asked := rapid.OneOf(rapid.SampledFrom([]string{"", "de-DE", "ES", "fr-CA", "it", "zh-Hant"}), rapid.String()).Draw(t, "language")
		for _, a := range Answers() {
			text := Compose(b, p, a, nil, Wording{Language: asked})
			if !slices.ContainsFunc(Languages(b), func(l string) bool { return Compose(b, p, a, nil, Wording{Language: l}) == text }) {
				t.Fatalf("%s in %q is in none of the languages %v: %s", a, asked, Languages(b), text)
			}
		}
	})
}

// A text that asks for a word nobody here understands would leave people without an answer. Languages the classifier
// does not know yet are passed over.
func TestWhatIsAskedForIsUnderstood(t *testing.T) {
	b := exampleCorp(t)
	p, _ := b.Program("alerts")
	for language, ask := range map[string]struct{ yes, help string }{"en": {"YES", "HELP"}, "es": {"SI", "AYUDA"}, "fr": {"OUI", "AIDE"}} {
		text := Compose(b, p, AskConfirmation, nil, Wording{Language: language})
		for word, want := range map[string]keyword.Kind{ask.yes: keyword.Confirm, ask.help: keyword.Help, "STOP": keyword.OptOut} {
			if !strings.Contains(text, " "+word+" ") {
				t.Errorf("the confirmation request in %s does not ask for %s: %s", language, word, text)
			}
			if !slices.Contains(keyword.Languages(), language) {
				continue
			}
			if got := (keyword.Vocabulary{}).Classify(word); got.Kind != want {
				t.Errorf("%s means %s, want %s", word, got.Kind, want)
			}
		}
	}
}
