package keyword

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// empty is a compiler that has read nothing.
func empty() *compiler {
	l := &compiler{lexicon: lexicon{codes: []string{"", "en"}, senses: []sense{{}}}, index: map[string]int{}, names: map[string]int{}}
	for i, name := range classNames {
		l.names[name], l.names[strings.ToUpper(name)] = i, i
	}
	return l
}

// A mistake in a file is told with its line.
func TestMistakesInAFile(t *testing.T) {
	for text, says := range map[string]string{
		"\n# all words\n[wrods]\n":                    "en.txt:3: no section [wrods]",
		"stop: stop\n":                                "en.txt:1: want NAME: WORDS under a section",
		"[words]\nstop\n":                             "en.txt:2: want NAME: WORDS under a section",
		"[words]\nstop: stop\n\nstopp: halt\n":        "en.txt:4: no class stopp",
		"[opt-out]\n\nstop it: STOP NOBODY\n":         "en.txt:3: no class NOBODY",
		"[words]\nstop: stop\nword: halt\nreal: holt": "",
	} {
		func() {
			defer func() {
				if said := fmt.Sprint(recover()); said != says && (said != "<nil>" || says != "") {
					t.Errorf("%q: %s, want %s", text, said, says)
				}
			}()
			empty().load("en.txt", text, 1)
		}()
	}
}

// rulesOf compiles one line of a file in an empty vocabulary that knows "opt out" and the word "stop".
func rulesOf(line string) (*compiler, error) {
	l := empty()
	l.add(l.entry("stop"), 1, stop, "stop")
	l.add(l.entry("opt_out"), 1, unsub, "opt_out")
	title, pattern, _ := strings.Cut(line, ": ")
	err := l.addRules(optOuts, 1, title, pattern)
	return l, err
}

// A mistake in a rule is one of ours: the program does not start with it.
func TestMistakesInRules(t *testing.T) {
	for line, says := range map[string]string{
		"no word: ^ $":                         "begins with a word",
		"nothing: ":                            "begins with a word",
		"may be missing: ^ !now please? STOP":  "begins with a word",
		"a gap first: ..2 STOP":                "begins with a word",
		"no number: STOP ..x ME":               "want a number",
		"no class: STOP NOBODY":                "no class NOBODY",
		"no class beside one: STOP ME+NOBODY":  "no class NOBODY",
		"half an alternative: STOP now| ME":    "is no word",
		"a sign for a word: STOP now|$ ME":     "is no word",
		"a run in the middle: STOP * ME":       "a * stands",
		"a run before a gap: STOP * ..2 ME":    "a * stands",
		"a run that ends nowhere: STOP ME *":   "a * stands",
		"in one of two: stop|knock_it_off ..x": "in one of two",
	} {
		if _, err := rulesOf(line); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %s", line, err, says)
		}
	}
	for _, line := range []string{"ends: ^ * STOP ME * $", "all ends: STOP * $$", "a sentence: STOP * $. now"} {
		if _, err := rulesOf(line); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// A line with alternatives of several words is as many rules, which are called the same; what is one word in the
// vocabulary stays one.
func TestALineIsSeveralRules(t *testing.T) {
	for line, want := range map[string][]int{ // the elements of each
		"one: STOP now":                         {2},
		"alternatives: stop|halt now":           {2},
		"two words: stop|knock_it_off now":      {4, 2},
		"one in the vocabulary: opt_out now":    {2},
		"perhaps: ^ please? STOP":               {2, 1},
		"perhaps, inside: STOP please? now":     {3},
		"perhaps a letter: ^ u? STOP":           {2, 1},
		"perhaps several: STOP thank_you? now":  {4, 2},
		"two at once: knock_it_off give_up now": {6},
		"any word: STOP _ now":                  {3},
		"of a question: STOP now ?":             {3},
	} {
		l, err := rulesOf(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		var got []int
		for _, r := range l.rules {
			got = append(got, len(r.elements))
			title, _, _ := strings.Cut(line, ": ")
			if r.why != "phrase: "+title || r.section != optOuts || r.lang != 1 {
				t.Errorf("%s: a rule is called %q", line, r.why)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: rules of %v elements, want %v", line, got, want)
		}
	}
}
