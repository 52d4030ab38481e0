package keyword

import "strings"

// mend corrects typos of the main keywords in a message of one or two words: a letter too many, missing or wrong, or
// two letters swapped. A word that some language knows is no typo.
func (t *text) mend() {
	const most = 2
	content, strange := [most]int{}, 0
	n := 0
	for at := range t.words {
		w := &t.words[at]
		if w.entry >= 0 && t.lexicon.everywhere(w.entry, t.langs)&(please|hello) != 0 || w.number {
			continue
		}
		if n == most {
			return
		}
		content[n] = at
		n++
		if w.entry < 0 {
			strange++
		}
	}
	if content[1] == content[0]+1 && t.words[content[1]].gap == joined && t.joinTwo(content[0]) ||
		strange == 0 {
		return
	}
	for _, at := range content[:n] {
		w := &t.words[at]
		if w.entry >= 0 || t.isReal(t.buf[w.from:w.to], t.place) {
			continue
		}
		if k := slipOf(t.buf[w.from:w.to], t.lexicon.typos, t.langs); k != nil {
			w.entry, w.typo, w.guessed = k.entry, k.why, true
		}
	}
}

// isReal reports whether the dictionary of one of the languages has a word.
func (t *text) isReal(word []byte, langs langSet) bool {
	e, found := find(t.lexicon, word)
	return found && t.lexicon.entries[e].real&langs != 0
}

// mendInside corrects typos in the words of a longer message that no language and no dictionary knows, and reports
// whether there were any. A corrected word counts only as part of a phrase, where the words around it leave no other
// reading.
func (t *text) mendInside() bool {
	const shortest = 3
	found := false
	for at := range t.words {
		w := &t.words[at]
		word := t.buf[w.from:w.to]
		if w.entry >= 0 || w.number || w.topic > 0 || w.capital || len(word) < shortest ||
			t.isReal(word, t.place|1<<t.lexicon.english) {
			continue
		}
		if k := slipOf(word, t.lexicon.slips, t.langs); k != nil {
			w.entry, w.guessed = k.entry, true
			found = true
		}
	}
	t.mended = found
	return found
}

// joinTwo joins two words to one keyword ("op tout", "s top").
func (t *text) joinTwo(at int) bool {
	a, b := &t.words[at], t.words[at+1]
	var room [longestPlain]byte
	if a.to-a.from+b.to-b.from > len(room) {
		return false
	}
	both := append(append(room[:0], t.buf[a.from:a.to]...), t.buf[b.from:b.to]...)
	if t.isReal(both, t.place) {
		return false
	}
	var k *typo
	for n := range t.lexicon.typos {
		if k = &t.lexicon.typos[n]; t.langs.has(k.lang) && string(both) == k.word {
			break
		}
		k = nil
	}
	if k == nil && len(both) > 5 {
		k = slipOf(both, t.lexicon.typos, t.langs)
	}
	if k == nil {
		return false
	}
	a.entry, a.typo, a.guessed, a.to = k.entry, k.why, true, b.to
	t.words = append(t.words[:at+1], t.words[at+2:]...)
	return true
}

// slipOf returns the keyword of which a word is a typo; nil for none.
func slipOf(word []byte, typos []typo, langs langSet) *typo {
	if len(word) < 3 {
		return nil
	}
	var second *typo
	for n := range typos {
		k := &typos[n]
		if !langs.has(k.lang) {
			continue
		}
		if slipped(word, k.word) {
			return k
		}
		// Few other words are close to a long one.
		if second == nil && len(k.word) > 8 && string(word[:2]) == k.word[:2] &&
			distance(word, k.word) <= min(2, len(k.word)/5) {
			second = k
		}
	}
	return second
}

// slipped reports whether one slip of a finger makes a word of another: a letter left out or typed twice, two letters
// swapped, or a neighbor on the keyboard typed instead or as well. "shop" and "slop" are not such slips for "stop". A
// sign after a word may come out as a digit, and the space bar as a letter above it.
func slipped(word []byte, meant string) bool {
	at := 0
	for at < len(word) && at < len(meant) && word[at] == meant[at] {
		at++
	}
	w, m := word[at:], meant[at:]
	switch len(word) - len(meant) {
	case -1: // a letter was left out
		return string(w) == m[1:]
	case 0:
		return len(w) > 0 && (beside(w[0], m[0]) && string(w[1:]) == m[1:] ||
			len(w) > 1 && w[0] == m[1] && w[1] == m[0] && string(w[2:]) == m[2:])
	case 1:
		if string(w[1:]) != m {
			return false
		}
		near := func(i int) bool { return i >= 0 && i < len(meant) && (beside(w[0], meant[i]) || w[0] == meant[i]) }
		return near(at-1) || near(at) || m == "" && (isDigit(w[0]) || strings.IndexByte("cvbnm", w[0]) >= 0)
	}
	return false
}

// distance returns how many letters were added, left out, changed or swapped; 3 for more than 2.
func distance(a []byte, b string) int {
	const most = 24
	if len(a) > most || len(b) > most {
		return 3
	}
	var before, last, row [most + 1]int
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if j > 1 && i > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1) //nolint:gosec // j > 1
			}
		}
		before, last = last, row
	}
	return min(last[len(b)], 3)
}

func beside(a, b byte) bool {
	ax, ay := key(a)
	bx, by := key(b)
	if ay < 0 || by < 0 {
		return false
	}
	switch ay - by {
	case 0:
		return ax-bx == 1 || bx-ax == 1
	case 1: // a is in the row below b
		return bx == ax || bx == ax+1
	case -1:
		return ax == bx || ax == bx+1
	}
	return false
}

// key returns where a letter lies on the keyboard. y is negative for other signs.
func key(c byte) (x, y int) {
	for y, row := range [...]string{"qwertyuiop", "asdfghjkl", "zxcvbnm"} {
		if x := strings.IndexByte(row, c); x >= 0 {
			return x, y
		}
	}
	return 0, -1
}
