package keyword

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func topics() []string { return []string{"JOIN", "Deals", "ÉTÉ"} }

func TestClassify(t *testing.T) {
	for intent, bodies := range map[Intent][]string{
		Stop: {
			// 47 CFR 64.1200(a)(10).
			"stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe",
			// AWS, required opt-out keywords.
			"ARRET", "CANCEL", "END", "OPT-OUT", "OPTOUT", "QUIT", "REMOVE", "STOP", "TD", "UNSUBSCRIBE",
			"STOPALL", "STOP ALL", "OPT OUT", "REVOKE", "🛑", "🛑🛑🛑",
			// However it is typed.
			"Stop", "sToP", "STOP!!!", "stop.", " stop\n", "\tSTOP\r\n", "'STOP'", "\"STOP\"", "“Stop”", "«stop»", "(stop)", "*STOP*",
			"s t o p", "S T O P", "S.T.O.P.", "s-t-o-p", "please s t o p", "ＳＴＯＰ", "𝐒𝐓𝐎𝐏", "st\u200bop", "\u200eSTOP\u200f", "stop\ufe0f",
			"🛑\ufe0f", "ARRÊT", "ARRE\u0302T", "QUİT", "unsubscrıbe", "STOP 😡", "STOP?", "sotp", "stpo", "TSOP",
			// With courtesy, or saying only what to stop.
			"Stop. Thank you", "please stop", "STOP PLEASE", "Stop pls", "STOP 12345", "12345 stop", "Stop, thank u", "stop now",
			"stop texting me", "Stop texting me!!", "STOP all messages", "stop sending me texts", "Stop these texts please", "quit texting me",
			"please opt me out", "opt-out now", "Please remove me from your list", "remove me", "unsubscribe me please", "cancel all texts",
			"end messages", "No. Stop.", "stop stop stop", "STOP 🙏", "STOP ALERTS", "stop\u00a0please", "hey stop",
			// STOP wins over whatever else has a meaning (I8).
			"yes stop", "STOP YES", "Stop help", "start stop", "stop JOIN", "JOIN? STOP", "opt stop", "stop thank, thank you", "Y STOP", "🛑 yes",
		},
		Yes: {
			"YES", "yes", "Yes", "Y", "y", "YES!", "Yes.", " yes ", "“YES”", "'yes'", "Yes please", "yes, thanks", "Yes thank you", "Y pls", "please yes",
			"ＹＥＳ", "y\u200bes", "YES 👍", "Yes 👍🏽", "yes 🙏\ufe0f", "YES YES", "thank you, yes",
		},
		Help:  {"HELP", "help!", "Help?", "INFO", "info please", "AIDE", "help me", "please help me", "help thank", "HELP HELP", "help 😊", "h e l p"},
		Start: {"START", "UNSTOP", "start please", "Start!", "unstop, thanks"},
		Join:  {"JOIN", "join", "Join!", "JOIN please", "ＪＯＩＮ", "“join”", "deals", "DEALS thanks", "été", "ete\u0301", "E\u0301TÉ", "join?"},
		None: {
			"", " ", "\n", "!!!", "?", "'", "12345", "🎉", "please", "thank you", "ok", "no", "me", "thank", "yes thank", "yes opt", "opt thank you yes", "thank yes you", "thank thank you yes", "opt", "out", "opt in", "opt please",
			// Keywords inside words and sentences.
			"yesterday", "outdoor", "weekend", "restart", "we have got to STOP this terrible bill", "don't stop", "dont stop", "don’t stop",
			"Stop & Shop", "stop by", "stop by our shop", "please cancel my order", "I quit smoking", "end of the week?", "can't stop", "never stop",
			"stopping", "nonstop", "non-stop", "send", "spend", "ending", "cancellation", "quite", "unstoppable", "bus stop", "the end is near",
			"helpful", "can you help with my order", "starting", "start over", "joint", "join us", "eyes", "yesss", "may", "by",
			// Reserved for reading by a person: more than a keyword.
			"yes but not before noon", "I said yes to the other one", "yes stop by our shop", "Reply STOP to cancel", "reply yes",
			"Liked “Reply YES to confirm”", "Loved 'YES'", "who is this? don't text again",
			// A YES that is none, or might be none.
			"yes?", "Y?", "y ？", "yes¿", "no yes", "yes no", "y/n", "Y/N", "yes/no", "Y E S", "y.e.s.", "y\u0336e\u0336s\u0336", "yés", "ÿ", "yes 🙄", "yes 12345", "Y 2",
			"ok yes", "yep", "yeah", "yup", "sure", "ok", "si", "oui", "👍", "yes to all", "YES texting", "хy", "YЕS",
			// Two answers at once.
			"yes help", "yes join", "yes start", "join deals", "start help", "help join",
			// Nothing is started on a guess.
			"start?", "s t a r t", "start now", "START 12345", "join 5", "join now", "star\u0336t",
		},
	} {
		for _, body := range bodies {
			if got, _ := Classify(body, topics()); got != intent {
				t.Errorf("Classify(%q) = %v, want %v", body, got, intent)
			}
		}
	}
}

func TestClassifyReturnsTheTopicKeywordAsWritten(t *testing.T) {
	for body, want := range map[string]string{"join": "JOIN", "DEALS!": "Deals", "été": "ÉTÉ", "ETE\u0301": "ÉTÉ", "join join": "JOIN"} {
		if got, topic := Classify(body, topics()); got != Join || topic != want {
			t.Errorf("Classify(%q) = %v %q, want join %q", body, got, topic, want)
		}
	}
	for _, body := range []string{"stop join", "yes", "help", "join deals", "join?!stop"} {
		if got, topic := Classify(body, topics()); topic != "" {
			t.Errorf("Classify(%q) = %v %q, want no topic", body, got, topic)
		}
	}
}

// I9: a robot that answers with our own words is not a person who asked for something.
func TestOurOwnTextsAreNoKeywords(t *testing.T) {
	for _, body := range []string{
		"Text YES to join Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		"You're subscribed to Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		"HELP: Example Corp. alerts: email help@example.com or call XXX-555-0199. 2 msgs/month. Msg & data rates may apply. Reply STOP to cancel.",
		"STOP: You're unsubscribed from Example Corp. alerts. No more messages will be sent. Reply HELP, email help@example.com, or call XXX-555-0199 for more info.",
	} {
		if got, _ := Classify(body, topics()); got != None {
			t.Errorf("Classify(%q) = %v, want none", body, got)
		}
	}
}

func TestALongMessageIsCut(t *testing.T) {
	for _, c := range []struct {
		name string
		body string
		want Intent
	}{
		{"stops", "stop " + strings.Repeat("please ", 1000), Stop},
		{"stops in the middle of a word", strings.Repeat("stop ", 399) + "stopping and more", Stop},
		{"stops, not ASCII", "🛑 " + strings.Repeat("plz ", 1000), Stop},
		{"does not start", "yes " + strings.Repeat("please ", 1000), None},
		{"as long as may be", "yes" + strings.Repeat(" ", MaxRunes-3), Yes},
		{"one more", "yes" + strings.Repeat(" ", MaxRunes-2), None},
		{"many bytes, few characters", "yes " + strings.Repeat("👍", MaxRunes-4), Yes},
		{"one endless word", strings.Repeat("stop", 100_000), None},
		{"one endless word, not ASCII", strings.Repeat("é", 100_000), None},
	} {
		if got, _ := Classify(c.body, nil); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestReserved(t *testing.T) {
	for _, word := range []string{
		"", " ", "STOP", "stop", "Yes", "Y", "HELP", "info", "AIDE", "START", "UNSTOP", "TD", "🛑", "please", "Thanks", "opt", "thank", "ARRÊT", "ＳＴＯＰ",
		"JOIN NOW", "JOIN-US", " JOIN", "JOIN ", "A", "É", "12345", "STOPWATCH", "ENDURO", "helpers", strings.Repeat("J", 31), "!!!", "A'00", "½",
	} {
		if !Reserved(word) {
			t.Errorf("Reserved(%q) = false, want true", word)
		}
	}
	for _, word := range []string{"JOIN", "Deals", "ÉTÉ", "ALERTS", "NOW", "VIP2026", "24K", "YESTERYEAR", "INFOS", "参加する", strings.Repeat("J", 30)} {
		if Reserved(word) {
			t.Errorf("Reserved(%q) = true, want false", word)
		}
		if got, topic := Classify(word, []string{word}); got != Join || topic != word {
			t.Errorf("Classify(%q) with that topic = %v %q: an unreserved keyword must work", word, got, topic)
		}
		if got, _ := Classify("stop "+word, []string{word}); got != Stop {
			t.Errorf("Classify(%q) = %v: STOP wins over every topic keyword", "stop "+word, got)
		}
	}
}

// The vocabulary is looked up with folded words, so an entry that folding would change could never be found.
func TestVocabularyIsWrittenFoldedAndHasOneMeaningAWord(t *testing.T) {
	for word := range vocabulary.words {
		if got, guessed := fold(word); strings.TrimSpace(got) != word || guessed {
			t.Errorf("%q is folded to %q", word, got)
		}
	}
	for _, in := range []language{english} {
		seen := map[string]bool{}
		for _, set := range []string{in.yes, in.stop, in.help, in.start, in.courtesy, in.aside} {
			for word := range strings.FieldsSeq(set) {
				if seen[word] {
					t.Errorf("%q has two meanings", word)
				}
				seen[word] = true
			}
		}
		for _, p := range in.phrases {
			if seen[p.first] {
				t.Errorf("%q opens a phrase and has a meaning of its own", p.first)
			}
		}
	}
	for _, k := range awsKeywords {
		if got, _ := Classify(k, nil); got != Stop && k != "help" {
			t.Errorf("AWS opts out on %q, we read %v", k, got)
		}
	}
}

// pieces draws messages near the edges of the rule: keywords, courtesy, negations, signs, look-alikes.
func pieces() *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{
			"yes", "Y", "stop", "STOP", "help", "START", "join", "please", "thank", "you", "opt", "out", "me", "texting", "don't", "not", "no",
			"12", "s", "t", "🛑", "👍", "🙄", "?", "!", "'", "’", "\u200b", "\u0336", "ê", "ＳＴＯＰ", "İ", "deals",
		}),
		rapid.StringN(0, 3, -1),
	), 0, 8), func(parts []string) string { return strings.Join(parts, " ") })
}

// A YES is nothing but yes and courtesy. The check is written without any of the package's own code.
func TestYesIsNothingButYes(t *testing.T) {
	onlyYes := regexp.MustCompile(`^(yes|y)?((please|pls|plz|thanks|thx|ty|thank ?(you|u)|👍|🙏|🙂|😊) ?)*(yes|y)( ?(yes|y|please|pls|plz|thanks|thx|ty|thank ?(you|u)|👍|🙏|🙂|😊))*$`)
	sign := regexp.MustCompile(`[^a-z👍🙏🙂😊]+`)
	rapid.Check(t, func(t *rapid.T) {
		body := pieces().Draw(t, "body")
		if got, _ := Classify(body, topics()); got != Yes {
			return
		}
		plain := strings.TrimSpace(sign.ReplaceAllString(strings.ToLower(strings.NewReplacer("'", "", "’", "", "\u200b", "").Replace(body)), " "))
		if !onlyYes.MatchString(plain) || strings.Contains(body, "?") {
			t.Fatalf("%q was read as YES", body)
		}
	})
}

// STOP is STOP whatever topics there are, whatever case it is in, and whatever courtesy goes with it.
func TestStopIsRobust(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := pieces().Draw(t, "body")
		if got, _ := Classify(body, nil); got != Stop {
			return
		}
		for _, other := range []string{strings.ToUpper(body), strings.ToLower(body), "please " + body + ", thank you!", body + " 12345", "  " + body + "\n", body + " yes", body + " join"} {
			if got, _ := Classify(other, topics()); got != Stop {
				t.Fatalf("%q stops, %q is %v", body, other, got)
			}
		}
	})
}

func FuzzClassify(f *testing.F) {
	for _, body := range []string{"", "STOP", "yes 👍🏽", "s t o p", "\xff\xfe", "e\u0301te", strings.Repeat("a", 200), strings.Repeat("s ", 900), "\ufdfa"} {
		f.Add(body, "JOIN")
	}
	f.Fuzz(func(t *testing.T, body, topic string) {
		got, matched := Classify(body, []string{topic})
		if again, _ := Classify(body, []string{topic}); again != got {
			t.Errorf("%q: first %v, then %v", body, got, again)
		}
		if (got == Join) != (matched != "") || matched != "" && matched != topic {
			t.Errorf("%q: %v with topic keyword %q", body, got, matched)
		}
		if !Reserved(topic) && utf8.ValidString(topic) {
			if got, _ := Classify(topic, []string{topic}); got != Join {
				t.Errorf("%q is not reserved, but is read as %v", topic, got)
			}
		}
	})
}

func TestClassifyDoesNotAllocateForASCII(t *testing.T) {
	known := topics()[:2]
	for _, body := range []string{"STOP", "Yes please", "s t o p", "join", "Stop texting me 12345. Thank you!", "what time do you open on Sunday?", strings.Repeat("a", 1600)} {
		if n := testing.AllocsPerRun(100, func() { Classify(body, known) }); n != 0 {
			t.Errorf("%q: %v allocations, want none", body, n)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	known := topics()[:2]
	for name, body := range map[string]string{
		"stop": "STOP", "yes": "Yes please", "join": "JOIN", "long": "Hi, what time do you open on Sunday? I would like to bring my dog and two children.",
		"sentence": "Please stop texting me, thank you!", "emoji": "🛑",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Classify(body, known)
			}
		})
	}
}
