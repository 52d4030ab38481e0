package wording

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFill(t *testing.T) {
	values := map[string]string{"brand": "Example Corp.", "topics": "Example Corp. alerts", "keyword": "{brand}", "question": "Ready?"}
	for _, c := range []struct{ template, want string }{
		{"", ""},
		{"No placeholder.", "No placeholder."},
		{"{brand}: sale.", "Example Corp.: sale."},
		{"Join {topics}.", "Join Example Corp. alerts."},
		{"Join {brand}. {topics}.", "Join Example Corp. Example Corp. alerts."},
		{"{question}. Yes...", "Ready? Yes..."},
		{"{frequency} Text {topics}.", "Text Example Corp. alerts."},
		{"Text it. {frequency}", "Text it."},
		{"Text[ {brand}]!", "Text Example Corp.!"},
		{"Text[ at {link} to {brand}].", "Text."},
		{"[{brand} ]Text", "Example Corp. Text"},
		{"Text {keyword}", "Text {brand}"},
		{"Text[ {keyword}]", "Text {brand}"},
		{"[{brand}].", "Example Corp."},
		{"open {brand", "open {brand"},
	} {
		if got := Fill(c.template, func(p string) string { return values[p] }); got != c.want {
			t.Errorf("Fill(%q) = %q, want %q", c.template, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	const stop = " STOP to end."
	for _, c := range []struct {
		text     Text
		template string
		want     string // in the error; empty: it is good
	}{
		{Confirmation, "Text YES to join {topics}." + stop, ""},
		{Confirmation, "{brand}: Antworte JA. {frequency} {rates} HILFE fuer Hilfe, STOP zum Abbestellen.", ""},
		{Confirmation, "Text YES to join." + stop, "does not hold {topics} or {brand}"},
		{Confirmation, "Text YES to join[ {topics}{link}]." + stop, "does not hold {topics} or {brand}"},
		{Confirmation, "Text YES to join {topics}.", "does not say how to opt out"},
		{Confirmation, "Text YES to join {topics}.[ See {link}." + stop + "]", "does not say how to opt out"},
		{Confirmation, "Text YES to join {topics}. STOP {brand} to end", "does not say how to opt out"},
		{Confirmation, "STOP={topics}", "does not say how to opt out"},
		{Confirmation, "{topics} STOP to end.[ {link}]{topics}", "does not say how to opt out"},
		{Confirmation, "opt out of {topics} STOP", "does not say how to opt out"},
		{Welcome, "Welcome to {topic}." + stop, "{topic} is no placeholder; write {brand}, {topics}, {frequency}"},
		{Welcome, "Welcome to {topics." + stop, "write braces only around"},
		{Welcome, "Welcome to topics}." + stop, "write braces only around"},
		{Welcome, "Welcome to {topics} [today." + stop, "write braces only around"},
		{Welcome, "Welcome to {topics} [today]." + stop, `"[today]": write square brackets around words with a placeholder`},
		{Welcome, "Welcome to {topics} [{link} [{link}]]." + stop, "write braces only around"},
		{Welcome, "Welcome to {} {topics}." + stop, "{} is no placeholder"},
		{Welcome, "Welcome to {topics} {link}" + stop, "put {link} and the words that go with it in square brackets"},
		{Welcome, "Welcome to {topics}." + strings.Repeat("x", 320), "has 340 characters; write at most 320"},
		{Reminder, "{brand}." + stop, ""},
		{Renewal, "Still? Reply YES." + stop, "does not hold {topics} or {brand}"},
		{Renewal, "Still {topics}? Reply YES.", "does not say how to opt out"},
		{Clarify, "Pardon?" + stop, "does not hold {topics} or {brand}"},
		{Help, "{contact}." + stop, ""},
		{Help, "Answer {help}." + stop, ""},
		{Help, "{brand}." + stop, "does not hold {contact} or {help}"},
		{Help, "{contact}.", "does not say how to opt out"},
		{Stop, "Bye. {topics} is over.", ""},
		{Stop, "Bye from {brand}.", "does not hold {topics}"},
		{Expired, "Too late. Text {keyword}.", ""},
		{Expired, "Too late.", "does not hold {keyword}"},
		{Preferences, "{brand}[: {link}]", ""},
		{Preferences, "{brand}", "does not hold {link}"},
		{Preferences, "[Choose at {link}] STOP to end.", ""},
		{Preferences, "{brand}: {link}", "put {link} and the words"},
		{Preferences, "[{link}]", "says nothing where there is no page"},
		{Notice, "STOP to end.", ""},
		{Notice, "Stop it.", "does not say how to opt out"},
	} {
		err := Check(c.text, c.template)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("Check(%s, %q): %v, want %q", c.text, c.template, err, c.want)
		}
	}
}

func TestCheckWord(t *testing.T) {
	for _, c := range []struct {
		word Word
		text string
		want string
	}{
		{And, "und", ""},
		{And, "{brand}", "is a word without placeholders"},
		{And, "[und]", "write square brackets around"},
		{And, "und}", "write braces only around"},
		{Rates, strings.Repeat("x", 101), "has 101 characters; write at most 100"},
		{All, "alles von {brand}", ""},
		{All, "alles", `write all that a brand sends with {brand} for its name`},
		{All, "alles von {brand} {brand}", "write all that"},
		{All, "alles[ von {brand}]", "is a word without"},
	} {
		err := CheckWord(c.word, c.text)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("CheckWord(%s, %q): %v, want %q", c.word, c.text, err, c.want)
		}
	}
}

// What we ask of a brand's words holds of ours, and no language lacks a text or a word.
func TestOurTextsPass(t *testing.T) {
	for code, l := range ours {
		if len(l.Texts) != len(Texts())+3 {
			t.Errorf("%s has %d texts", code, len(l.Texts))
		}
		for _, text := range Texts() {
			if err := Check(text, l.Texts[text]); err != nil {
				t.Errorf("%s, %s: %v", code, text, err)
			}
		}
		for _, text := range []Text{Disclosure, Marketing, Service} {
			if l.Texts[text] == "" {
				t.Errorf("%s has no %s", code, text)
			}
		}
		for _, w := range append(Words(), MoreWords()...) {
			if err := CheckWord(w, l.Words[w]); err != nil || l.Words[w] == "" {
				t.Errorf("%s, %s %q: %v", code, w, l.Words[w], err)
			}
		}
	}
}

// Whatever a brand writes: what passes tells how to stop with any name in it, and leaves no sign of a template.
func TestWhatPassesIsSound(t *testing.T) {
	passed := 0
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{
			"{topics}", "{brand}", "{frequency}", "{contact}", "{help}", "{rates}", "{keyword}", "[ {link}]", "[", "]", "{", "}", "{link}", "{x}",
			" ", ". ", ": ", "Reply", "STOP", " to ", "cancel", "HELP", " STOP to end.", "Antworte ", "=", "end", "opt out", "[at {link} ", "x",
		})
		pieces := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "") })
		needed := rapid.SampledFrom([]string{"{topics}{contact}{keyword}[ {link}]", "{topics} {help}", ""}).Draw(t, "needed")
		template := pieces.Draw(t, "before") + needed + pieces.Draw(t, "after") + rapid.SampledFrom([]string{"", " STOP to end."}).Draw(t, "end")
		text := rapid.SampledFrom(Texts()).Draw(t, "text")
		if Check(text, template) != nil {
			return
		}
		passed++
		name := rapid.SampledFrom([]string{"x", "Reply", "STOP", "Example Corp.", "to", "HELP", "a b", "?"})
		values := map[string]string{}
		for _, p := range placeholders {
			values[p] = name.Draw(t, p)
		}
		for _, p := range []string{"link", "frequency"} { // there may be no page, and no topics any more
			if rapid.Bool().Draw(t, "no "+p) {
				values[p] = ""
			}
		}
		got := Fill(template, func(p string) string { return values[p] })
		if strings.ContainsAny(got, "{}[]") {
			t.Fatalf("%q leaves %q", template, got)
		}
		if tellsHowToStop(text) && !HasOptOut(got) {
			t.Fatalf("%s %q does not say how to opt out: %q", text, template, got)
		}
	})
	if passed < 5 && !testing.Short() {
		t.Errorf("%d templates passed, so little was tested", passed)
	}
}

// Templates come from a file somebody edits: no panic, and what passes is filled without a trace.
func FuzzCheck(f *testing.F) {
	for _, l := range ours {
		for _, template := range l.Texts {
			f.Add(template)
		}
	}
	f.Add("[{a}[")
	f.Add("]{")
	f.Fuzz(func(t *testing.T, template string) {
		for _, text := range Texts() {
			if Check(text, template) != nil {
				continue
			}
			if got := Fill(template, func(string) string { return "x" }); strings.ContainsAny(got, "{}[]") {
				t.Fatalf("%q leaves %q", template, got)
			}
		}
	})
}
