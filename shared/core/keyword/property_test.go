package keyword

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// pieces draws messages near the edges of the rules: words of the vocabulary, signs, look-alikes, halves of phrases.
func pieces() *rapid.Generator[string] {
	l := vocabulary()
	known := make([]string, len(l.entries))
	for i := range l.entries {
		known[i] = strings.ReplaceAll(l.entries[i].word, "_", " ")
	}
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{
			"yes", "Y", "stop", "STOP", "help", "START", "join", "please", "thank", "you", "opt", "out", "me",
			"texting", "don't", "not", "no",
			"12", "s", "t", "🛑", "👍", "🙄", "?", "!", "'", "’", "\u200b", "\u0336", "ê", "ＳＴＯＰ", "İ", "deals", "\n",
			"\n>", "--\n", "“", "@", "$top",
		}),
		rapid.SampledFrom([]string{".", ",", "\n", "-", "and", "shop", "by", "cancel", "my", "order", "do", "wrong", "number", "stop2end", "take", "off", "never"}),
		rapid.SampledFrom(known),
		rapid.SampledFrom(known),
		rapid.StringN(0, 3, -1),
	), 0, 9), func(parts []string) string { return strings.Join(parts, " ") })
}

// A YES is nothing but yes and courtesy. The check is written without any of the package's own code.
func TestYesIsNothingButYes(t *testing.T) {
	onlyYes := regexp.MustCompile(`^(yes|y|yep|yeah|yup|ok|okay|please|pls|plz|thanks|thx|ty|thank you|[👍🙏🙂😊✅✔☑🎉❤]| )+$`)
	spelt := regexp.MustCompile(`\b[yY] [eE] [sS]\b`)
	hasYes := regexp.MustCompile(`(^|[^a-z])(yes|y|yep|yeah|yup|✅|✔|☑)([^a-z]|$)`)
	sign := regexp.MustCompile(`[^a-z👍🙏🙂😊✅✔☑🎉❤]+`)
	words := []string{
		"yes", "Y", "yep", "please", "thanks", "no", "not", "stop", "me", "to", "but", "?", "!", ".", ",", "👍", "🙄",
		"y e s", "yés", "yess", "Yes", "\n", "🙏", "help", "12", "\u0336",
	}
	rapid.Check(t, func(t *rapid.T) {
		body := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 5).Draw(t, "words"), rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "space"))
		if in := classifyIn(body, []string{"en"}); in.Kind != Confirm {
			return
		}
		body = spelt.ReplaceAllString(body, "yes") // "Y E S": so spelt, it is yes
		plain := strings.TrimSpace(sign.ReplaceAllString(strings.ToLower(norm.NFKC.String(body)), " "))
		if !onlyYes.MatchString(plain) || !hasYes.MatchString(plain) || strings.ContainsAny(body, "?\u0336") {
			t.Fatalf("%q was read as YES", body)
		}
	})
}

// Whoever says yes and up to three words more, any of those said with it, has confirmed only if none of them takes it back.
func TestYesAndMoreTakesNothingBack(t *testing.T) {
	words := strings.Fields("i do am sign me up text send want it this is my name Maria Lopez would like to get your texts please " +
		"not no don't but stop who later him what if maybe ? , -")
	takesBack := map[string]bool{}
	for word := range strings.FieldsSeq("not no don't but stop who later him what if maybe ?") {
		takesBack[word] = true
	}
	check := func(said ...string) {
		body := strings.Join(append([]string{"Yes"}, said...), " ")
		if in := classify(body); in.Kind == Confirm && slices.ContainsFunc(said, func(word string) bool { return takesBack[word] }) {
			t.Errorf("%q was read as YES: %s", body, in.Why)
		}
	}
	for _, first := range words {
		check(first)
		for _, second := range words {
			check(first, second)
			for _, third := range words {
				check(first, second, third)
			}
		}
	}
}

// STOP is STOP whatever topics there are, whatever case it is in, and whatever courtesy goes with it.
func TestAKeywordOfStopIsRobust(t *testing.T) {
	english := []string{"en"}
	rapid.Check(t, func(t *rapid.T) {
		body := pieces().Draw(t, "body")
		in := classifyIn(body, english) // English courtesy says nothing of what other languages make of it
		if in.Kind != OptOut || in.Confidence < certain || !isASCII(body) || strings.ContainsAny(body, ".!?;:\n\r") {
			return
		}
		for _, other := range []string{strings.ToUpper(body), strings.ToLower(body), "please " + body, body + " thank you!", "  " + body + "\n", body + " please"} {
			if got := classifyIn(other, english); !stops(got) {
				t.Fatalf("%q stops, %q is %s (%s)", body, other, got.Kind, got.Why)
			}
		}
	})
}

// spell draws a STOP word in any case, with any signs around it that do not make it part of something else.
func spell() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		word := rapid.SampledFrom([]string{"stop", "stop", "stopall", "quit", "unsubscribe", "opt out", "opt-out", "optout", "s t o p", "s.t.o.p", "🛑", "ｓｔｏｐ", "sotp", "please stop"}).Draw(t, "word")
		spelt := []rune(word)
		for i, r := range spelt {
			if rapid.Bool().Draw(t, "capital") {
				spelt[i] = unicode.ToUpper(r)
			}
		}
		before := rapid.SampledFrom([]string{"", " ", "\n", "\"", "“", "*", "(", "... ", "\u200b", "\t", "¡"}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", " ", "\"", "”", "*", ")", "\u200b", "  "}).Draw(t, "after")
		return before + string(spelt) + after
	})
}

// 47 CFR 64.1200(a)(10): who said STOP has said it, whatever they go on to say. Only laughter takes it back.
func TestAFirstLineThatIsStopStops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := spell().Draw(t, "stop")
		body := first + rapid.SampledFrom([]string{"\n", "\r\n", "\n\n", "!\n", ". ", "!!! "}).Draw(t, "end") + rapid.OneOf(pieces(), rapid.String()).Draw(t, "rest")
		if in := classify(body); !stops(in) && !strings.Contains(in.Why, "joking") {
			t.Fatalf("%q is %s (%s), want an opt-out", body, in.Kind, in.Why)
		}
	})
}

// Words behind a STOP may make it "stop by", never a request for texts.
func TestNoWordsTurnAStopIntoARequestForTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.OneOf(spell(), pieces()).Draw(t, "body")
		if in := classify(body); !stops(in) {
			return
		}
		more := rapid.OneOf(pieces(), rapid.SampledFrom([]string{"yes", "y", "start", "join", "by", "by yes", "order. yes"})).Draw(t, "more")
		body += rapid.SampledFrom([]string{" ", "\n", ". ", ", ", "! "}).Draw(t, "sign") + more
		if in := classify(body); in.Kind == Confirm || in.Kind == OptIn && in.Restart {
			t.Fatalf("%q is %s (%s)", body, in.Kind, in.Why)
		}
	})
}

func FuzzClassify(f *testing.F) {
	for _, body := range []string{
		"", "STOP", "yes 👍🏽", "s t o p", "\xff\xfe", "e\u0301te", strings.Repeat("a", 200), strings.Repeat("s ", 900),
		"\ufdfa", "> a\n> b\nc", "配信停止してください",
		"stop by\nstop", "borrenme nepiste j'en dell'elenco", "https://a.b.com/c?d", "\"\"\"", "🏳️‍🌈", "א\u05bc",
		"لاإإ",
	} {
		f.Add(body, "JOIN")
	}
	f.Fuzz(func(t *testing.T, body, topic string) {
		v := Vocabulary{Topics: []Topic{{ID: "t", Keyword: topic, Name: body}, {ID: "u", Name: "u"}}}
		in := v.Classify(body)
		if again := v.Classify(body); again != in {
			t.Errorf("%q: first %+v, then %+v", body, in, again)
		}
		switch {
		case in.Why == "" || in.Confidence <= 0 || in.Confidence > 1:
			t.Errorf("%q: %+v lacks a reason or a confidence", body, in)
		case in.Scope != Program && in.Kind != OptOut, (in.Scope == OneTopic) != (in.Kind == OptOut && in.Topic != ""):
			t.Errorf("%q: %+v has a scope that is none", body, in)
		case in.Topic != "" && in.Kind != OptIn && in.Kind != OptOut, in.Restart && in.Kind != OptIn, in.Unclear && in.Kind != Other:
			t.Errorf("%q: %+v says more than its kind can", body, in)
		case in.Nearly && (in.Kind != Other || in.Unclear), in.NoTexts && in.Kind != Automatic:
			t.Errorf("%q: %+v is marked as what its kind can't be", body, in)
		case in.Kind == Confirm && utf8.RuneCountInString(strings.TrimSpace(body)) > 200 && !strings.Contains(body, "\n"):
			t.Errorf("%q: a confirmation that long", body)
		}
		if utf8.ValidString(topic) && !Reserved(topic) {
			if in := v.Classify(topic); in.Kind != OptIn || in.Topic == "" {
				t.Errorf("%q is not reserved, but is read as %+v", topic, in)
			}
		}
	})
}
