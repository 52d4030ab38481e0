package keyword

import (
	"math/bits"
)

// How sure each kind of rule is.
const (
	certain = 1.0  // the whole message is a keyword and courtesy
	likely  = 0.9  // a phrase, for an opt-out or an innocent one
	guessed = 0.8  // a keyword after letters were guessed at
	blank   = 0.75 // no rule fits
	torn    = 0.5  // an opt-out word that was not understood
)

// read gives every word its classes in a language, and computes what the rules ask about the words around it.
func (t *text) read(lang int) {
	t.lang, t.classes, t.entries, t.sections = lang, unknown|digits, 0, 0
	n := len(t.words)
	open, openWhole := true, true
	for at := range t.words {
		w := &t.words[at]
		w.class, w.taken = t.classOf(w), false
		t.classes |= w.class
		if w.entry >= 0 {
			t.entries |= traceOf(w.entry)
			w.sections = t.lexicon.entries[w.entry].sections
			t.sections |= w.sections
		}
		// STOP 12345 repeats the number we text from. So may "stop 14" alone, but beside other words it is a place.
		w.closes = w.class&closing != 0 || w.number && w.to-w.from > 3
		if w.gap > joined {
			open = true
		}
		w.open, w.openWhole = open, openWhole
		open, openWhole = open && w.closes, openWhole && (w.closes || w.number)
	}
	end, closedEnd, closedWhole := n, true, true
	for at := n - 1; at >= 0; at-- {
		w := &t.words[at]
		w.end = end
		closedEnd, closedWhole = closedEnd && w.closes, closedWhole && (w.closes || w.number)
		w.closedEnd, w.closedWhole = closedEnd, closedWhole
		if w.gap > joined {
			end, closedEnd = at, true
		}
	}
}

func (t *text) classOf(w *spoken) class {
	var c class
	if w.topic > 0 {
		c = topical
	}
	if t.small && w.shouted {
		c |= shouted
	}
	if w.number {
		return c | digits
	}
	known, courteous := false, false
	if w.entry >= 0 {
		for s := t.lexicon.entries[w.entry].sense; s > 0; s = t.lexicon.senses[s].next {
			// A word that only an international rule mentions does not count as known.
			if l := t.lexicon.senses[s].lang; l == t.lang || l == international && t.lexicon.senses[s].classes != 0 {
				c |= t.lexicon.senses[s].classes
				known = true
			} else {
				courteous = courteous || t.langs.has(l) && t.lexicon.senses[s].classes&please != 0
			}
		}
	}
	if !known && courteous { // "baja please": courtesy may be in another language
		return c | please
	}
	if w.owner {
		c &^= name // "I'm not Maria's mother"
	}
	if known {
		return c
	}
	if w.capital && !w.owner && t.lang != t.lexicon.german { // in German every noun begins with a capital
		c |= name
	}
	if word := t.buf[w.from:w.to]; t.lang == t.lexicon.english && len(word) > 4 && string(word[len(word)-3:]) == "ing" {
		return c | gerund
	}
	return c | unknown
}

// spokenIn returns the set of the languages that know most of the words of the message, and of those that know nearly
// as many. A message with no known word is read as English.
func (t *text) spokenIn() (best, good langSet) {
	var count [languages]int16
	var known langSet // those with a count
	most := int16(0)
	for at := range t.words {
		if t.words[at].entry < 0 {
			continue
		}
		for s := t.lexicon.entries[t.words[at].entry].sense; s > 0; s = t.lexicon.senses[s].next {
			if l := t.lexicon.senses[s].lang; l != international && t.langs.has(l) {
				known |= 1 << l
				count[l] += 2
				if t.lexicon.senses[s].classes == please { // often borrowed, so it says little about the language
					count[l]--
				}
				most = max(most, count[l])
			}
		}
	}
	for set := t.place; set != 0; set &= set - 1 { // of two that know a message equally well, that of the place counts
		if l := bits.TrailingZeros32(uint32(set)); count[l] > 0 {
			count[l]++
			most = max(most, count[l])
		}
	}
	if most == 0 {
		if t.langs.has(t.lexicon.english) {
			return 1 << t.lexicon.english, 0
		}
		return 1 << international, 0
	}
	for set := known; set != 0; set &= set - 1 {
		l := bits.TrailingZeros32(uint32(set))
		switch {
		case count[l] == most:
			best |= 1 << l
		case count[l]*3 >= most*2:
			good |= 1 << l
		}
	}
	return best, good
}

// meaning returns what the message means as it stands. Where that is nothing we act on, it corrects typos inside
// phrases, and returns what the message means then.
func (t *text) meaning() Intent {
	in := t.asItStands()
	if in.Kind == Other && in.Why != joke && t.mendInside() {
		if again := t.asItStands(); stopsOrVoids(again) {
			again.Confidence = guessed
			return again
		}
	}
	return in
}

func stopsOrVoids(in Intent) bool { return in.Kind == OptOut || in.Kind == WrongNumber }

// asItStands returns the meaning in the language that knows the message best or, where that is nothing, in another.
func (t *text) asItStands() Intent {
	best, good := t.spokenIn()
	if t.trace != nil {
		t.trace.speaks(t, best)
	}
	in := t.meaningIn(best)
	if rank(in) == 0 && good != 0 && !t.atHome(best&t.place) {
		in = t.meaningIn(good)
	}
	if !stopsOrVoids(in) && in.Why != joke && !t.mended {
		if first := t.firstSentence(); first.Kind != "" {
			return first
		}
	}
	return in
}

// firstSentence returns the meaning of the first of several sentences or lines, where it is a keyword. A STOP in one
// language may stand before a story in another.
func (t *text) firstSentence() Intent {
	const longest = 3
	for at := 1; at < len(t.words) && at <= longest && !t.words[at-1].number; at++ {
		if t.words[at].gap < ended {
			continue
		}
		all := t.words
		t.words = all[:at]
		best, _ := t.spokenIn()
		in := t.meaningIn(best)
		t.words = all
		switch {
		case in.Kind != OptOut || in.Confidence != certain && in.Confidence != guessed:
			return Intent{}
		case t.joking():
			return joking()
		default:
			return in
		}
	}
	return Intent{}
}

func (t *text) meaningIn(set langSet) Intent {
	best, torn := Intent{Kind: Other, Why: "no rule", Confidence: blank}, false
	ends, innocent := 0, 0 // the number of languages with an opt-out, and with something understood
	var acting, everyday langSet
	var local Intent // the meaning in a language of the place, where it is nothing we act on
	for ; set != 0; set &= set - 1 {
		lang := bits.TrailingZeros32(uint32(set))
		t.read(lang)
		if t.trace != nil {
			t.trace.reads(t)
		}
		in := t.meaningHere()
		if t.trace != nil {
			t.trace.means(in)
		}
		switch {
		case in.Kind == OptOut:
			ends++
		case rank(in) == understood:
			innocent++
		}
		if in.Kind == Other && !in.Unclear && t.place.has(lang) && t.knowsAll() {
			everyday |= 1 << lang
			local = in
		}
		if in.Kind != Other {
			acting |= 1 << lang
		}
		if rank(in) > rank(best) {
			best, torn = in, false
		} else if in.Kind != best.Kind && rank(in) == rank(best) {
			torn = true
		}
	}
	switch {
	case everyday != 0 && acting&t.place == 0 && acting != 0:
		if local.Why == "no rule" {
			local = Intent{Kind: Other, Why: "innocent: an everyday word", Confidence: likely}
		}
		return local
	case everyday != 0 && best.Kind == OptOut && acting != 0:
		in := twoMeanings()
		in.Unclear = true
		return in
	case torn:
		return twoMeanings()
	case best.Kind == OptOut && innocent >= ends:
		in := twoMeanings()
		in.Unclear = true
		return in
	}
	return best
}

// knowsAll reports whether the current language knows every word of the message that any language knows.
func (t *text) knowsAll() bool {
	for at := range t.words {
		if w := &t.words[at]; w.entry >= 0 && w.class&(unknown|gerund) != 0 {
			return false
		}
	}
	return true
}

// atHome reports whether one of the languages knows every word of the message that any language knows.
func (t *text) atHome(set langSet) bool {
	for ; set != 0; set &= set - 1 {
		if t.read(bits.TrailingZeros32(uint32(set))); t.knowsAll() {
			return true
		}
	}
	return false
}

func twoMeanings() Intent { return Intent{Kind: Other, Why: "two meanings at once", Confidence: torn} }

const joke = "innocent: joking"

func joking() Intent { return Intent{Kind: Other, Why: joke, Confidence: torn, Unclear: true} }
