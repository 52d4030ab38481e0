package keyword

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// dictionaries are the word lists of Debian, by the language of whoever sends one of their words.
var dictionaries = map[string]string{
	"en": "american-english", "es": "spanish", "fr": "french", "de": "ngerman", "it": "italian", "pt": "portuguese", "nl": "dutch",
}

// acted are the kinds of message that change what a person gets.
var acted = []Kind{OptOut, WrongNumber, Confirm, OptIn, Decline}

// Of all the words of a language, those that by themselves stop, start or confirm texts stand in
// testdata/dictionaries.tsv, each with the reason, reviewed by a person: no everyday word may do so because it is a
// keyword in another language or looks like one.
func TestEveryWordOfTheDictionaries(t *testing.T) {
	if testing.Short() {
		t.Skip("1.8 million words take some seconds")
	}
	for lang, file := range dictionaries {
		t.Run(lang, func(t *testing.T) {
			words := dictionary(t, file)
			reviewed := reviews(t, lang)
			v := Vocabulary{Place: []string{lang}}
			for _, word := range words {
				in := v.Classify(word)
				want, listed := reviewed[word]
				switch acts := slices.Contains(acted, in.Kind); {
				case acts && !listed:
					t.Errorf("%s: %q is %s (%s) and is not in testdata/dictionaries.tsv", lang, word, in.Kind, in.Why)
				case listed && in.Kind != want:
					t.Errorf("%s: %q is %s (%s), the review has %s", lang, word, in.Kind, in.Why, want)
				}
				delete(reviewed, word)
			}
			for word := range reviewed {
				t.Errorf("%s: %q is reviewed, and is no word of the dictionary", lang, word)
			}
		})
	}
}

// dictionary reads a word list, without possessives.
func dictionary(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open("/usr/share/dict/" + file)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("the word list %s is not installed: apt-get install wamerican wspanish wfrench wngerman witalian wportuguese wdutch", file)
	}
	defer f.Close()
	var all []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if word := lines.Text(); !strings.HasSuffix(word, "'s") && strings.ContainsFunc(word, unicode.IsLetter) {
			all = append(all, word)
		}
	}
	const least = 50_000
	if len(all) < least {
		t.Fatalf("%s has %d words: it is not the list that was reviewed", file, len(all))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// reviews are the words of a language that may act, and how. Lines are: language, tab, kind, tab, reason, tab, words.
func reviews(t *testing.T, lang string) map[string]Kind {
	t.Helper()
	all := map[string]Kind{}
	for _, r := range replies(t, filepath.Join("testdata", "dictionaries.tsv"), 4) {
		if r[0] != lang {
			continue
		}
		if strings.TrimSpace(r[2]) == "" {
			t.Errorf("%s: a line has no reason", r[3])
		}
		for word := range strings.FieldsSeq(r[3]) {
			if _, twice := all[word]; twice {
				t.Errorf("%s: %q is reviewed twice", lang, word)
			}
			all[word] = Kind(r[1])
		}
	}
	return all
}
