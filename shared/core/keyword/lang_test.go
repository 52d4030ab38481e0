package keyword

import (
	"slices"
	"strings"
	"testing"
)

// sentence builds one that a rule should match, the nth of those it can think of.
func sentence(l *lexicon, r *rule, lang, nth int) (string, bool) {
	var said []string
	question := ""
	for i := range r.elements {
		switch e := &r.elements[i]; e.kind {
		case word:
			w, ok := wordFor(l, e, lang, nth*(2*i+1))
			if !ok {
				return "", false
			}
			said = append(said, w)
		case anyWord:
			said = append(said, "zzz")
		case asked:
			question = "?"
		case gap:
			if nth%2 == 1 {
				said = append(said, "zzz")
			}
		default:
		}
	}
	return strings.Join(said, " ") + question, true
}

// wordFor is a word that an element takes.
func wordFor(l *lexicon, e *element, lang, nth int) (string, bool) {
	var found []string
	for _, n := range e.literals {
		found = append(found, l.entries[n].spelling())
	}
	for n := range l.entries {
		if c := l.classesIn(n, lang); c&e.classes != 0 && c&e.every&^shouted == e.every&^shouted && len(found) < 40 && l.entries[n].sense > 0 {
			found = append(found, l.entries[n].spelling())
		}
	}
	switch {
	case e.classes&digits != 0:
		found = append(found, "5")
	case e.classes&unknown != 0:
		found = append(found, "zzz")
	case e.classes&gerund != 0:
		found = append(found, "zzzzing")
	}
	if len(found) == 0 {
		return "", false
	}
	w := strings.ReplaceAll(found[nth%len(found)], "_", " ")
	if e.every&shouted != 0 {
		w = strings.ToUpper(w) + " lower"
	}
	return w, true
}

// A rule whose words can never stand in a text as it looks for them, because two of them are one word of the
// vocabulary, is dead.
func TestEveryRuleCanMatch(t *testing.T) {
	l := vocabulary()
	for n := range l.rules {
		r := &l.rules[n]
		lang := r.lang
		if lang == international {
			lang = l.english
		}
		alive := false
		for nth := 0; nth < 60 && !alive; nth++ {
			body, ok := sentence(l, r, lang, nth)
			if !ok {
				break
			}
			m := &text{lexicon: l, langs: l.set(nil)}
			if !isASCII(body) {
				m.marked = true
				body = m.mark(body)
			}
			m.scan(body)
			m.merge()
			m.read(lang)
			for at := range m.words {
				alive = alive || m.match(r, at) >= 0
			}
		}
		if !alive {
			body, _ := sentence(l, r, lang, 0)
			t.Errorf("%s: rule %q of %s never matches, not even %q", l.codes[r.lang], r.why, sectionNames[r.section], body)
		}
	}
}

func TestLanguages(t *testing.T) {
	want := []string{
		"ar", "bn", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl",
		"no", "pl", "pt", "ro",
		"ru", "sv", "th", "tl", "tr", "uk", "vi", "zh",
	}
	if got := Languages(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	Languages()[0] = "xx"
	if Languages()[0] != "ar" {
		t.Error("what is returned can be changed")
	}
}

// Each language knows the words without which it would be of no use.
func TestEachLanguageHasTheKeywords(t *testing.T) {
	l := vocabulary()
	for lang, code := range l.codes {
		var have class
		for n := range l.entries {
			have |= l.classesIn(n, lang)
		}
		const need = stop | please
		if have&need != need || lang != international && have&(yes|help|neg|message|send) != yes|help|neg|message|send {
			t.Errorf("%q lacks the words of some class: it has %b", code, have)
		}
	}
}

func TestClassesHaveNames(t *testing.T) {
	if 1<<(len(classNames)-1) != topical {
		t.Fatalf("%d names for the classes", len(classNames))
	}
	for name, c := range map[string]class{
		"stop": stop, "message": message, "self": self, "if": conditional, "name": name, "yes": yes, "act": act,
		"unknown": unknown, "topic": topical,
	} {
		if i := slices.Index(classNames[:], name); class(1)<<i != c {
			t.Errorf("%s is the name of another class", name)
		}
	}
}
