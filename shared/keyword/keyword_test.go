package keyword

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
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
			"yes, stop it already", "STOP yes I mean it", "join\nstop", "yes, wrong number", "yes don't text me",
			// It comes first, whatever follows.
			"Stop texting this number", "STOP it", "Stop. Wrong number", "stop sending texts to this phone", "STOP\nSent from my iPhone",
			"stop, who is this?", "STOP I never signed up", "STOP and never write again", "stop whoever you are", "unsubscribe my phone",
			"UNSUB this thing", "Quit it already", "revoke my consent", "Arrêt svp", "optout of everything", "Opt out of everything",
			"opt-out, I moved", "hey, just stop it", "Ok please stop this nonsense", "no stop", "and stop bugging people", "sotp it", "STOPALL of it",
			"thank you stop writing", "Hello! Stop. Who is this", "stop at once", "Stop at once, you fools", "stop to text me", "🛑 enough",
			"Stop2End", "STOP2QUIT", "stop2", "please stop2end", "stop1", "Opting out of this", "S.T.O.P. I never signed up", "s t o p I moved",
			"s-t-o-p a b", "STOP: You're unsubscribed",
			// Behind a sign it is no "stop by".
			"Stop. By the way, who is this?", "Stop, by the way", "stop\nby the way", "stop - by the way", "stop — by the way", "stop- by the way", "stop。by",
			"stop… by the way", "stop 😡 by the way", "stop\u2028by the way", "stop\u2029by the way", "stop\u0085by the way", "stop\vby", "stop by\nstop",
			"stop texting me or I will stop by", "stop or I will stop by", "stop it or please stop by", "yes stop whatever this is",
			// A clause of its own.
			"Who is this? STOP", "who is this\nstop\nBob", "I never asked for this, stop", "wrong guy - STOP", "I moved. Stop these texts. Bob", "Bob moved. Stop all deals",
			"Bob here; unsubscribe", "Re: stop", "I moved 😡 STOP", "Who is this? Opt out.", "Bob here. No more texts",
			// CANCEL, END, REMOVE and TD with words that point at the texts, or by themselves before others.
			"please cancel my subscription", "cancel my subscription", "end this", "End it now", "remove me from your list", "remove my number",
			"cancel these texts asap", "cancel, please", "END ALERTS thanks", "cancel all sms from your number", "remove this phone", "td please",
			"Cancel. I moved to Ohio", "CANCEL\nSent from my iPhone", "end, who is this", "Remove! Wrong guy", "td. bye",
			// Said of nothing but texts, anywhere.
			"do not text me", "don't text me", "dont text", "Don’t text me again", "who is this? don't text again", "do not contact me", "dont contact me",
			"please take me off", "take me off your list", "Take my number off", "Who is this and take us off now", "get me off this list",
			"no more texts", "No more messages!", "no more texting people", "leave me alone", "would you leave me alone", "not interested",
			"I'm not interested in that", "Sorry, we are not interested", "no longer interested", "wrong number", "You have the wrong number",
			"this is the wrong person", "unsubscribe me", "I asked you to unsubscribe me", "opt me out", "will you opt me out",
			"opt this number out", "lose my number", "quit texting me", "would you quit texting people", "can you stop sending so early",
			"If you don't stop texting me I will sue", "if you don't stop I will sue", "why don't you stop texting me", "you will not stop, will you",
			"can you stop", "could you please stop it", "I said stop", "I told you to stop", "you need to stop", "I already opted out", "I opted out last week",
			"I already unsubscribed", "I want to unsubscribe", "how to opt out? I want to opt out", "how do I unsubscribe", "can I opt out",
			"I do not wish to receive these", "I no longer wish to receive them", "I don't want any texts", "this is on the do not call list",
			"I never signed up for this", "I want to cancel my subscription", "I asked to end these texts", "never text me again", "please don't send me this", "do not send me this again",
			"please delete my number", "How do I stop these", "I no longer want these messages", "I do not want messages", "Can you please unsubscribe",
			"I would like to be removed", "Please be advised I revoke my consent", "they must withdraw any consent", "I hereby revoke it", "no more", "No more please", "go away!",
			"stopit you", "wrong number of the day: wrong number", "next time please stop the nonsense",
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
			"Stop by our shop?", "please stop by", "STOP IN on Sunday", "stop at the shop", "stop over on Sunday", "stop and shop", "stop n shop", "Stop sign is down",
			"stop light", "stop watch", "yes stop by", "can you stop by", "could you stop at my house", "I told you to stop by",
			"I said stop in", "please stop and shop", "stop\tby our shop", "stop‐by our shop", "nonstop, non‐stop", "No, I don't. Text me tomorrow", "don't stop sending them", "please do not stop texting", "never stop sending these", "hey, don't stop",
			"I love these, don't stop sending them", "cancel my order", "Please cancel order 12345", "I moved. Please cancel", "remove the blue one", "end of the week",
			"TD Bank", "at the end", "Bob, end", "I quit", "Bob quit smoking", "who is this stop", "this is the stop2end", "20% off! Stop2End",
			"see example.com/stop", "opt", "opt in please", "I opt out of breakfast", "there are no more messages", "if not interested, wait", "Reply STOP to opt out", "nonstop2",
			"I got the wrong number of shirts", "wrong number of shirts", "no more than 5 people?", "go away Bob", "don't", "no thanks", "No.", "thank", "do not", "you",
			"helpful", "can you help with my order", "starting", "start over", "joint", "join us", "eyes", "yesss", "may", "by",
			// Reserved for reading by a person: more than a keyword.
			"yes but not before noon", "I said yes to the other one", "yes stop by our shop", "Reply STOP to cancel", "reply yes",
			"Liked “Reply YES to confirm”", "Loved 'YES'",
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
		"20% off today! Stop by our shop. Reply STOP to cancel.",
		"20% off today! Stop2End",
		"20% off today! STOP to end",
	} {
		for _, body := range []string{body, "Liked “" + body + "”", "Loved \"" + body + "\"", "👍 to “" + body + "”"} {
			if got, _ := Classify(body, topics()); got != None {
				t.Errorf("Classify(%q) = %v, want none", body, got)
			}
		}
	}
	// What confirms a STOP begins with it. Who sends it back has stopped, and no second STOP is answered.
	const confirmation = "STOP: You're unsubscribed from Example Corp. alerts. No more messages will be sent. Reply HELP, email help@example.com, or call XXX-555-0199 for more info."
	if got, _ := Classify(confirmation, topics()); got != Stop {
		t.Errorf("Classify(%q) = %v, want stop", confirmation, got)
	}
	if got, _ := Classify("Liked “"+confirmation+"”", topics()); got != None {
		t.Errorf("a reaction to it is %v, want none", got)
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
		"NO", "no", "OK", "DONT", "NOT", "WRONG", "CANCEL", "REVOKE", "UNSUB",
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
		for _, words := range in.words {
			for word := range strings.FieldsSeq(words) {
				if seen[word] {
					t.Errorf("%q has two meanings", word)
				}
				seen[word] = true
			}
		}
		for _, lines := range in.phrases {
			for _, line := range lines {
				for _, words := range spellOut(line) {
					if phrase := strings.Join(words, " "); seen[phrase] || len(words) < 2 || len(words) > longestPhrase {
						t.Errorf("%q has two meanings, is said twice, or is not 2 to %d words", phrase, longestPhrase)
					} else {
						seen[phrase] = true
					}
				}
			}
		}
	}
	for _, k := range awsKeywords {
		if got, _ := Classify(k, nil); got != Stop && k != "help" {
			t.Errorf("AWS opts out on %q, we read %v", k, got)
		}
	}
}

// pieces draws messages near the edges of the rule: keywords, courtesy, negations, signs, look-alikes, phrases and their halves.
func pieces() *rapid.Generator[string] {
	var phrases []string
	for _, meaning := range slices.Sorted(maps.Keys(english.phrases)) {
		for _, line := range english.phrases[meaning] {
			for _, words := range spellOut(line) {
				phrases = append(phrases, strings.Join(words, " "))
			}
		}
	}
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{
			"yes", "Y", "stop", "STOP", "help", "START", "join", "please", "thank", "you", "opt", "out", "me", "texting", "don't", "not", "no",
			"12", "s", "t", "🛑", "👍", "🙄", "?", "!", "'", "’", "\u200b", "\u0336", "ê", "ＳＴＯＰ", "İ", "deals",
		}),
		rapid.SampledFrom([]string{".", ",", "\n", "-", "and", "shop", "by", "cancel", "my", "order", "do", "wrong", "number", "stop2end", "take", "off", "never"}),
		rapid.SampledFrom(slices.Sorted(maps.Keys(vocabulary.words))),
		rapid.SampledFrom(phrases),
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
		plain := strings.TrimSpace(sign.ReplaceAllString(strings.ToLower(strings.NewReplacer("'", "", "’", "", "\u200b", "").Replace(norm.NFKC.String(body))), " "))
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

// Each phrase of the vocabulary does what it says, wherever it is said to.
func TestPhrases(t *testing.T) {
	for meaning, lines := range english.phrases {
		for _, line := range lines {
			for _, words := range spellOut(line) {
				phrase := strings.Join(words, " ")
				bodies := map[string]Intent{}
				switch meaning {
				case refusal:
					bodies["Bob says "+phrase+" Bob"], bodies["Bob. "+strings.ToUpper(phrase)+"!"] = Stop, Stop
				case Stop:
					bodies[phrase+" Bob"], bodies["hey "+phrase+" Bob"], bodies["Bob. "+phrase] = Stop, Stop, Stop
				case weakStop:
					bodies[phrase], bodies["please "+phrase+"."], bodies[phrase+" Bob"], bodies["Bob. "+phrase] = Stop, Stop, None, None
				case other:
					bodies[phrase], bodies["please "+phrase+" Bob"], bodies[phrase+"?"], bodies["yes "+phrase] = None, None, None, None
				case courtesy:
					bodies["yes "+phrase], bodies[phrase+" stop Bob"], bodies[phrase] = Yes, Stop, None
				default:
					t.Errorf("%q: no test for meaning %d", phrase, meaning)
				}
				for body, want := range bodies {
					if got, _ := Classify(body, topics()); got != want {
						t.Errorf("Classify(%q) = %v, want %v", body, got, want)
					}
				}
			}
		}
	}
}

// spell draws a STOP word in any case, with any signs around it that do not make it part of something else.
func spell() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		word := rapid.SampledFrom([]string{
			"stop", "stopall", "stop all", "quit", "end", "revoke", "opt out", "opt-out", "optout", "cancel", "unsubscribe", "unsub", "arret", "arrêt", "remove", "td",
			"s t o p", "s.t.o.p", "🛑", "ｓｔｏｐ", "sotp", "please stop",
		}).Draw(t, "word")
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

// 47 CFR 64.1200(a)(10): who said STOP has said it, whatever they go on to say.
func TestAFirstSentenceThatIsStopStops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.SampledFrom([]string{".", "!", "?", "...", "!!!", ". ", "\n", "\r\n", "\n\n", "…", "。", "！", "\u2028", ",", ";", " - ", " — "}).Draw(t, "end")
		rest := rapid.OneOf(pieces(), rapid.String(), rapid.SampledFrom([]string{"by our shop", "and shop", "my order", "a b c", "yes", "JOIN", "don't stop"})).Draw(t, "rest")
		body := spell().Draw(t, "stop") + end + rest
		if got, _ := Classify(body, topics()); got != Stop {
			t.Fatalf("Classify(%q) = %v, want stop", body, got)
		}
	})
}

// Words behind a STOP may make it "stop by", never a request for texts.
func TestNoWordsTurnAStopIntoARequestForTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.OneOf(spell(), pieces()).Draw(t, "body")
		if got, _ := Classify(body, topics()); got != Stop {
			return
		}
		more := rapid.OneOf(pieces(), rapid.SampledFrom([]string{"yes", "y", "start", "join", "by", "by yes", "order. yes"})).Draw(t, "more")
		body += rapid.SampledFrom([]string{" ", "\n", ". ", ", ", "! "}).Draw(t, "sign") + more
		if got, _ := Classify(body, topics()); got != Stop && got != None {
			t.Fatalf("Classify(%q) = %v, want stop or none", body, got)
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
	for _, body := range []string{
		"STOP", "Yes please", "s t o p", "join", "Stop texting me 12345. Thank you!", "what time do you open on Sunday?", strings.Repeat("a", 1600),
		"Who is this? You have the wrong number", "can you stop by our shop", "thank you, no more texts",
	} {
		if n := testing.AllocsPerRun(100, func() { Classify(body, known) }); n != 0 {
			t.Errorf("%q: %v allocations, want none", body, n)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	known := topics()[:2]
	for name, body := range map[string]string{
		"stop": "STOP", "yes": "Yes please", "join": "JOIN", "long": "Hi, what time do you open on Sunday? I would like to bring my dog and two children.",
		"sentence": "Please stop texting me, thank you!", "emoji": "🛑", "refusal": "Who is this? You have the wrong number",
		"most": strings.Repeat("you me your number texts sending ", 50),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Classify(body, known)
			}
		})
	}
}
