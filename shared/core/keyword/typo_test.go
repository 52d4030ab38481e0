package keyword

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// neighbours are the keys that a finger can hit for another on a keyboard of English letters: those beside it in its
// row, and those it touches in the rows above and below.
var neighbours = map[byte]string{
	'q': "wa", 'w': "qeas", 'e': "wrsd", 'r': "etdf", 't': "ryfg", 'y': "tugh", 'u': "yihj", 'i': "uojk", 'o': "ipkl", 'p': "ol",
	'a': "qwsz", 's': "adwezx", 'd': "sferxc", 'f': "dgrtcv", 'g': "fhtyvb", 'h': "gjyubn", 'j': "hkuinm", 'k': "jliom", 'l': "kop",
	'z': "asx", 'x': "zcsd", 'c': "xvdf", 'v': "cbfg", 'b': "vngh", 'n': "bmhj", 'm': "njk",
}

func TestNeighboursOnTheKeyboard(t *testing.T) {
	const signs = "abcdefghijklmnopqrstuvwxyz0123456789*' "
	for i := range len(signs) {
		for j := range len(signs) {
			a, b := signs[i], signs[j]
			if got, want := beside(a, b), strings.IndexByte(neighbours[a], b) >= 0; got != want {
				t.Errorf("%c is beside %c: %v", a, b, got)
			}
		}
	}
}

// slips lists what one slip of a finger makes of a word, each kind by itself.
func slips(meant string) []string {
	var all []string
	for i := range len(meant) {
		all = append(all, meant[:i]+meant[i+1:], meant[:i+1]+meant[i:]) // left out, typed twice
		if i+1 < len(meant) && meant[i] != meant[i+1] {
			all = append(all, meant[:i]+meant[i+1:i+2]+meant[i:i+1]+meant[i+2:]) // changed about
		}
		for _, c := range neighbours[meant[i]] {
			all = append(all,
				meant[:i]+string(c)+meant[i+1:],   // typed in its place
				meant[:i]+string(c)+meant[i:],     // along with it, before
				meant[:i+1]+string(c)+meant[i+1:]) // and behind
		}
	}
	for _, c := range "0123456789cvbnm" { // a sign behind the word, or the space bar missed
		all = append(all, meant+string(c))
	}
	return all
}

// One slip of a finger makes of a word what is listed, and nothing else does: not another letter, not two slips.
func TestSlipsOfAFinger(t *testing.T) {
	for _, meant := range []string{"stop", "help", "unsubscribe", "opt"} {
		listed := slips(meant)
		for _, word := range listed {
			if !slipped([]byte(word), meant) {
				t.Errorf("%q is no slip of %q", word, meant)
			}
		}
		near := func(word string) {
			if got, want := slipped([]byte(word), meant), slices.Contains(listed, word); got != want && word != meant {
				t.Errorf("%q is a slip of %q: %v", word, meant, got)
			}
		}
		for i := range len(meant) + 1 {
			for c := byte('a'); c <= 'z'; c++ {
				near(meant[:i] + string(c) + meant[i:])
				if i < len(meant) {
					near(meant[:i] + string(c) + meant[i+1:])
				}
				near(meant[:i] + string(c) + "z" + meant[i:])
			}
			for j := i + 1; j < len(meant); j++ {
				near(meant[:i] + meant[i+1:j] + meant[j+1:])
				near(meant[:i] + meant[j:j+1] + meant[i+1:j] + meant[i:i+1] + meant[j+1:])
			}
		}
	}
}

// The distance of two words is that of the definition: the least number of letters added, left out, changed or changed
// about; 3 for more than 2, and for words that are longer than any it is asked about.
func TestDistanceOfWords(t *testing.T) {
	var by func(a, b string) int
	by = func(a, b string) int {
		if a == "" || b == "" {
			return len(a) + len(b)
		}
		least := min(by(a[1:], b), by(a, b[1:])) + 1
		if a[0] == b[0] {
			least = min(least, by(a[1:], b[1:]))
		} else {
			least = min(least, by(a[1:], b[1:])+1)
		}
		if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
			least = min(least, by(a[2:], b[2:])+1)
		}
		return least
	}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[ab]{0,6}|[a-c]{3,5}`)
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if got, want := distance([]byte(a), b), min(by(a, b), 3); got != want {
			t.Fatalf("from %q to %q it is %d, want %d", a, b, got, want)
		}
	})
	for two, want := range map[[2]string]int{{"ab", "ba"}: 1, {"opt", "pot"}: 1, {"stop", "sotp"}: 1, {"stop", "stpo"}: 1, {"abc", "cab"}: 2, {"", "ab"}: 2} {
		if got := distance([]byte(two[0]), two[1]); got != want {
			t.Errorf("from %q to %q it is %d, want %d", two[0], two[1], got, want)
		}
	}
	for n, want := range map[int]int{23: 0, 24: 0, 25: 3} {
		if word := strings.Repeat("ab", n)[:n]; distance([]byte(word), word) != want {
			t.Errorf("from %d letters to the same it is %d, want %d", n, distance([]byte(word), word), want)
		}
	}
}

// Only a long word is meant by one that is further from it, and only where it begins alike.
func TestFurtherFromALongWord(t *testing.T) {
	typos := []typo{{word: "stop"}, {word: "unsubscribe"}, {word: "desinscription"}, {word: "messaging"}}
	for word, want := range map[string]string{
		"unsubscibbe":     "unsubscribe",    // two letters
		"unsubscriptions": "",               // more
		"umsubscirbe":     "",               // begins otherwise
		"desinscripsoin":  "desinscription", // two
		"sotpp":           "",               // two of a short one
		"mezzaging":       "",               // two of nine letters
		"mezsaging":       "messaging",
		"st":              "",
		"sop":             "stop",
		"top":             "stop",
	} {
		got := ""
		if k := slipOf([]byte(word), typos, ^langSet(0)); k != nil {
			got = k.word
		}
		if got != want {
			t.Errorf("%q is a slip of %q, want %q", word, got, want)
		}
	}
}
