package keyword

import (
	"math/bits"
)

// The classes of rules differ in how sure they are.
const (
	certain = 1.0  // the whole message is a keyword and courtesy
	likely  = 0.9  // a phrase, or an innocent one that is understood
	guessed = 0.8  // a keyword after letters were guessed at
	blank   = 0.75 // nothing in the message has a meaning
	torn    = 0.5  // an opt-out word that was not understood
)

// read gives every word its classes in a language, and works out what the rules ask of its surroundings.
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
		// STOP 12345 repeats the number we text from; "stop 14" alone may too, beside other words it is a place.
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
			// A word that only an international rule names is not known for that.
			if l := t.lexicon.senses[s].lang; l == t.lang || l == international && t.lexicon.senses[s].classes != 0 {
				c |= t.lexicon.senses[s].classes
				known = true
			} else {
				courteous = courteous || t.langs.has(l) && t.lexicon.senses[s].classes&please != 0
			}
		}
	}
	if !known && courteous { // "baja please": courtesy knows no borders
		return c | please
	}
	if w.owner {
		c &^= name // "I'm not Maria's mother"
	}
	if known {
		return c
	}
	if w.capital && !w.owner && t.lang != t.lexicon.german { // where every noun begins with one
		c |= name
	}
	if word := t.buf[w.from:w.to]; t.lang == t.lexicon.english && len(word) > 4 && string(word[len(word)-3:]) == "ing" {
		return c | gerund
	}
	return c | unknown
}

// spokenIn is the set of the languages that know most of the words of the message, and that of those that know nearly
// as many. A message of words that none knows is read as English.
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
				if t.lexicon.senses[s].classes == please { // it is borrowed first, and says little about the language
					count[l]--
				}
				most = max(most, count[l])
			}
		}
	}
	for set := t.place; set != 0; set &= set - 1 { // where two know a message equally well, it is in that of the place
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

// meaning is what the message means as it stands; if that is nothing we act on, what it means once slips of the
// finger inside a phrase are mended.
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

// asItStands is what the message means in the language that knows it best, and only if that is nothing, in another.
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

// firstSentence is what the first of several sentences or lines means by itself, if it is a keyword: a STOP in one
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
	ends, innocent := 0, 0 // the languages that hear an opt-out, and those that hear something else
	var acting, everyday langSet
	var homely Intent // what the words are where the person lives, if that is nothing we act on
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
			homely = in
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
		if homely.Why == "no rule" {
			homely = Intent{Kind: Other, Why: "innocent: an everyday word", Confidence: likely}
		}
		return homely
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

// knowsAll tells whether the language in which the message is being read has every word of it that any language has.
func (t *text) knowsAll() bool {
	for at := range t.words {
		if w := &t.words[at]; w.entry >= 0 && w.class&(unknown|gerund) != 0 {
			return false
		}
	}
	return true
}

// atHome tells whether one of some languages has every word of the message that any language has.
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
