package keyword

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// resolve looks up the word that was just read, undoing what people and their phones do to words, and appends it to
// the words of the message. Two words that were written as one are appended as two.
func (t *text) resolve(w spoken, owner bool) {
	if t.lookUp(&w) || w.number {
		t.words = append(t.words, w)
		return
	}
	raw := t.buf[w.from:w.to]
	if t.isKeyword(raw) {
		t.words = append(t.words, w)
		return
	}
	if owner && len(raw) > 2 { // Dave's
		short := w
		short.to--
		if t.lookUp(&short) {
			short.owner = true
			t.words = append(t.words, short)
			return
		}
	}
	if t.isReal(raw, t.place) || !t.plainer(&w, raw) && !t.split(w, raw) {
		w.owner = owner
		t.words = append(t.words, w)
	}
}

// isKeyword reports whether a word is the keyword of a topic, whatever else it looks like.
func (t *text) isKeyword(word []byte) bool {
	for i := range t.topics {
		k := t.topics[i].Keyword
		if len(k) > longestName {
			continue
		}
		if !isASCII(k) {
			k = fold(k)
		}
		if len(k) == len(word) && strings.EqualFold(k, string(word)) {
			return true
		}
	}
	return false
}

// lookUp looks up a word as it stands in buf, in the selected languages.
func (t *text) lookUp(w *spoken) bool {
	e, ok := t.known(t.buf[w.from:w.to])
	if ok {
		w.entry = e
	}
	return ok
}

func (t *text) known(word []byte) (int, bool) {
	t.steps++
	e, ok := find(t.lexicon, word)
	if !ok {
		return -1, false
	}
	if t.lexicon.entries[e].begins || t.heard(e) { // the words after it decide whether a longer entry is there
		return e, true
	}
	return -1, false
}

// longestPlain is how many bytes a word may have to be tried in other spellings.
const longestPlain = 40

// plainer tries the spellings that a word may stand for, and takes the first that the vocabulary has.
func (t *text) plainer(w *spoken, raw []byte) bool {
	if len(raw) > longestPlain {
		return false
	}
	var room [longestPlain]byte
	for way := range ways {
		plain := respell(way, room[:0], raw)
		if plain == nil || bytes.Equal(plain, raw) {
			continue
		}
		e, ok := t.known(plain)
		if !ok {
			if again := single(plain[len(plain):], plain); again != nil {
				e, ok = t.known(again)
				plain = again
			}
		}
		if ok {
			w.entry, w.guessed = e, true
			t.buf = append(t.buf[:w.from], plain...)
			w.to = len(t.buf)
			t.words = append(t.words, *w)
			return true
		}
	}
	return false
}

// ways is how many ways respell has.
const ways = 6

func respell(way int, to, word []byte) []byte {
	switch way {
	case 0:
		return latin(to, word)
	case 1:
		return unstarred(to, word)
	case 2:
		return letters(to, word, 'i')
	case 3:
		return letters(to, word, 'l')
	case 4:
		return single(to, word)
	default:
		return double(to, word)
	}
}

// latin replaces letters that look like Latin ones.
func latin(to, word []byte) []byte {
	for len(word) > 0 {
		r, n := utf8.DecodeRune(word)
		word = word[n:]
		if r >= utf8.RuneSelf {
			twin := twinOf(r)
			if twin == 0 {
				return nil
			}
			r = rune(twin)
		}
		to = append(to, byte(r)) //nolint:gosec // below utf8.RuneSelf
	}
	return to
}

// unstarred removes asterisks.
func unstarred(to, word []byte) []byte {
	for _, c := range word {
		if c != '*' {
			to = append(to, c)
		}
	}
	return to
}

// letters replaces digits and signs that look like letters.
func letters(to, word []byte, one byte) []byte {
	const from, into = "034578$@", "oeastbsa"
	found := false
	for _, c := range word {
		if c == '1' {
			c = one
		} else if i := bytes.IndexByte([]byte(from), c); i >= 0 {
			c = into[i]
		}
		found = found || isLetter(c)
		to = append(to, c)
	}
	if !found {
		return nil
	}
	return to
}

// single shortens three or more of the same letter to one, and double to two.
func single(to, word []byte) []byte { return runs(to, word, 1) }

func double(to, word []byte) []byte { return runs(to, word, 2) }

func runs(to, word []byte, keep int) []byte {
	found := false
	for i := 0; i < len(word); {
		j := i
		for j < len(word) && word[j] == word[i] {
			j++
		}
		n := j - i
		if n > 2 && isLetter(word[i]) {
			n, found = keep, true
		}
		to = append(to, word[i:i+n]...)
		i = j
	}
	if !found {
		return nil
	}
	return to
}

// parts is into how many words one word is split at most.
const parts = 5

// split appends a word written without spaces as the words in it, and reports whether it is made of words.
func (t *text) split(w spoken, raw []byte) bool {
	if bytes.ContainsFunc(raw, unspaced) {
		t.segment(w)
		return true
	}
	if len(raw) > longestPlain {
		return false
	}
	return t.clitic(w, raw) || t.compound(w, raw)
}

// unspaced reports whether a letter belongs to a script without spaces between words. Such words may follow Latin
// ones: "stop谢谢".
func unspaced(r rune) bool {
	return r >= utf8.RuneSelf &&
		unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// segment appends the words of a text without spaces, taking the longest known word each time.
func (t *text) segment(w spoken) {
	const longest = 24 * 3 // bytes: two dozen characters, or the parts of ten Korean syllables
	part := w
	for from := w.from; from < w.to; {
		_, n := utf8.DecodeRune(t.buf[from:w.to])
		to, entry := from+n, -1
		for end := min(w.to, from+longest); end > from; end-- {
			if end < w.to && !startsSyllable(t.buf[end:w.to]) {
				continue
			}
			if e, ok := t.known(t.buf[from:end]); ok && t.lexicon.entries[e].sense > 0 {
				to, entry = end, e
				break
			}
		}
		if entry < 0 && part.entry < 0 && part.to == from {
			t.words[len(t.words)-1].to = to // one unknown word rather than many
			part.to = to
		} else {
			part.from, part.to, part.entry = from, to, entry
			t.words = append(t.words, part)
		}
		from = to
	}
}

// startsSyllable reports whether s begins with a character that may begin a word. A vowel or final of a Korean
// syllable, which Unicode decomposed, may not.
func startsSyllable(s []byte) bool {
	const firstVowel, lastFinal = '\u1160', '\u11ff'
	r, _ := utf8.DecodeRune(s)
	return utf8.RuneStart(s[0]) && (r < firstVowel || r > lastFinal)
}

// clitic splits the pronoun off a Romance verb ("borrenme", "cancellami"), and the negation off a Czech one
// ("nepiste").
func (t *text) clitic(w spoken, raw []byte) bool {
	const verbs = stop | unsub | cancel | remove | take | contact | send | call | bother | receive | want | leave | join
	try := func(stem []byte, langs langSet) (int, bool) {
		e, ok := t.known(stem)
		return e, ok && t.lexicon.everywhere(e, t.langs&langs)&verbs != 0
	}
	for _, ending := range [...]string{
		"melos", "melas", "melo", "mela", "menlo", "me", "nos", "mi", "ci", "lo", "la", "los", "las",
	} {
		stem, has := bytes.CutSuffix(raw, []byte(ending))
		if !has || len(stem) < 3 {
			continue
		}
		e, ok := try(stem, t.lexicon.romance)
		if !ok && len(stem) > 4 {
			var room [longestPlain + 1]byte
			e, ok = try(append(append(room[:0], stem...), 'e'), t.lexicon.romance)
		}
		if !ok {
			continue
		}
		object, _ := find(t.lexicon, ending[:2]) // each is a word
		verb, pronoun := w, w
		verb.to, verb.entry = w.from+len(stem), e
		pronoun.from, pronoun.entry, pronoun.gap = verb.to, object, joined
		t.words = append(t.words, verb, pronoun)
		return true
	}
	if stem, has := bytes.CutPrefix(raw, []byte("ne")); has && len(stem) > 3 {
		if e, ok := try(stem, t.lexicon.czech); ok {
			not, verb := w, w
			not.to = w.from + 2
			not.entry, _ = find(t.lexicon, "ne")
			verb.from, verb.entry, verb.gap = not.to, e, joined
			t.words = append(t.words, not, verb)
			return true
		}
	}
	return false
}

// compound splits "stoptexting" and "pleaseremoveme" into a word that begins a request, and words of the same
// language that may follow it. Many languages have words that end in what looks like a short word, so in those only
// longer words may follow.
func (t *text) compound(w spoken, raw []byte) bool {
	const (
		firsts   = stop | unsub | cancel | remove | leave | wrong | please | neg | no
		shortest = 4
	)
	for n := len(raw) - 2; n >= shortest; n-- {
		e, ok := t.known(raw[:n])
		if !ok || t.lexicon.everywhere(e, t.langs)&firsts == 0 {
			continue
		}
		first := w
		first.entry, first.to, first.guessed = e, w.from+n, true
		langs := t.lexicon.spokenBy(e) & t.langs
		if isDigit(raw[n]) { // "stop2end"
			rest := first
			rest.entry, rest.from, rest.to, rest.gap = -1, first.to, w.to, joined
			t.words = append(t.words, first, rest)
			return true
		}
		kept := len(t.words)
		t.words = append(t.words, first)
		if t.tail(first, w.to, langs) {
			return true
		}
		t.words = t.words[:kept]
	}
	return false
}

// tail appends the words in the rest of a word written without spaces, and reports whether all of it is words.
func (t *text) tail(before spoken, to int, langs langSet) bool {
	const (
		others   = closing | contact | send | person | away | remove
		elsewise = message | please | all
		shortest = 2
	)
	english := langSet(1<<t.lexicon.english | 1<<international)
	for from, left := before.to, parts; from < to; left-- {
		end := to
		for ; end >= from+shortest; end-- {
			e, ok := t.known(t.buf[from:end])
			if !ok {
				continue
			}
			if t.lexicon.everywhere(e, langs&english)&others != 0 || t.lexicon.everywhere(e, langs)&elsewise != 0 {
				part := before
				part.entry, part.from, part.to, part.gap = e, from, end, joined
				t.words = append(t.words, part)
				break
			}
		}
		if end < from+shortest || left == 0 {
			return false
		}
		from = end
	}
	return true
}
