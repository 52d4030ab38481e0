package keyword

import (
	"cmp"
	"math/bits"
)

// The classes of rules differ in how sure they are.
const (
	certain = 1.0  // the whole message is a keyword and courtesy
	likely  = 0.9  // a phrase, or an innocent one that is understood
	guessed = 0.8  // a keyword after letters were guessed at
	blank   = 0.75 // nothing in the message has a meaning
	thin    = 0.7  // STOP and words that are not known
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
		for s := t.lexicon.entries[w.entry].sense; s >= 0; s = t.lexicon.senses[s].next {
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
		for s := t.lexicon.entries[t.words[at].entry].sense; s >= 0; s = t.lexicon.senses[s].next {
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

// understood is the rank of what means nothing we act on, and is known to.
const understood = 1

// rank orders what a message may mean in two languages.
func rank(in Intent) int {
	switch {
	case in.Kind == WrongNumber:
		return 6
	case in.Kind == OptOut && in.Scope == Everything:
		return 5
	case in.Kind == OptOut:
		return 4
	case in.Kind != Other:
		return 3
	case in.Unclear, in.Nearly:
		return 2
	case in.Why != "no rule":
		return understood
	default:
		return 0
	}
}

// meaningHere is what the message means in the language it has just been read in.
func (t *text) meaningHere() Intent {
	machine := t.intentOfMachine()
	in := t.intentOfPerson()
	if machine.Kind == Automatic && !stopsOrVoids(in) {
		return machine
	}
	return in
}

// intentOfMachine is what a phone, an office or a carrier tells, or nothing. Its words are accounted for then: what a
// person may have added is read without them.
func (t *text) intentOfMachine() Intent {
	number, other := t.take(mailbox), t.take(automatic)
	if r := cmp.Or(number, other); r != nil {
		in := t.intent(Automatic, r)
		in.NoTexts = number != nil
		return in
	}
	return Intent{}
}

// intentOfPerson is what the rest of the message means.
func (t *text) intentOfPerson() Intent {
	innocently := t.take(collocations)
	if t.trace != nil {
		t.trace.asks("keywords")
	}
	if in, ok := t.keywords(); ok && !t.mended {
		if t.trace != nil {
			t.trace.fits(t, in.Why, 0, len(t.words))
		}
		return in
	}
	certainly := t.firstOf(sure)
	if certainly == nil {
		innocently = cmp.Or(innocently, t.take(denied))
		certainly = t.firstOf(explicit)
	}
	if certainly == nil {
		innocently = cmp.Or(innocently, t.take(innocent))
	}
	if r := t.firstOf(wrongNumbers); r != nil {
		return t.intent(WrongNumber, r)
	}
	if r := t.firstOf(everything); r != nil {
		in := t.intent(OptOut, r)
		in.Scope = Everything
		return in
	}
	if r := cmp.Or(certainly, t.firstOf(optOuts)); r != nil {
		return t.takenBack(t.narrowed(t.intent(OptOut, r)))
	}
	if r := t.firstOf(bare); r != nil && !t.mended {
		if t.joking() {
			return joking()
		}
		return t.takenBack(t.narrowed(t.intent(OptOut, r)))
	}
	return t.otherwise(innocently)
}

// takenBack is an opt-out, or nothing clear if the person also says that our texts are welcome ("stop the e-mails,
// the texts are fine"): whoever means a STOP says it again when asked.
func (t *text) takenBack(in Intent) Intent {
	for at := range t.words {
		t.words[at].taken = false
	}
	if r := t.firstOf(wanted); r != nil {
		in = t.intent(Other, r)
		in.Confidence, in.Unclear = torn, true
	}
	return in
}

// otherwise is what a message means that neither stops nor was meant for somebody else.
func (t *text) otherwise(innocently *rule) Intent {
	for _, s := range [...]struct {
		section int
		kind    Kind
	}{{preferences, Preferences}, {confirms, Confirm}, {optIns, OptIn}, {helps, Help}} {
		if r := t.firstOf(s.section); r != nil && !t.cut && (s.kind != Confirm || !t.guesses()) {
			return t.intent(s.kind, r)
		}
	}
	if r := t.firstOf(unclear); r != nil {
		in := t.intent(Other, r)
		in.Confidence, in.Unclear = torn, true
		return in
	}
	for at := range t.words {
		if w := &t.words[at]; w.class&(stop|unsub) != 0 && !w.taken {
			return Intent{Kind: Other, Why: "unclear: an opt-out word among others", Confidence: torn, Unclear: true}
		}
	}
	if r := t.firstOf(nearly); r != nil && !t.says(no|stop|unsub) && !t.cut {
		in := t.intent(Other, r)
		in.Confidence, in.Nearly = torn, true
		return in
	}
	if innocently != nil {
		return t.intent(Other, innocently)
	}
	if r := t.firstOf(questions); r != nil {
		return t.intent(Other, r)
	}
	return Intent{Kind: Other, Why: "no rule", Confidence: blank}
}

// firstOf is the first rule of a section that matches, or nil.
func (t *text) firstOf(section int) *rule {
	r, from, to := t.find(section, 0)
	if t.trace != nil && r != nil {
		t.trace.fits(t, r.why, from, to)
	}
	return r
}

// take marks the words that rules of a section account for, and returns the first of the rules, or nil.
func (t *text) take(section int) *rule {
	var first *rule
	for at := 0; ; {
		r, from, to := t.find(section, at)
		if r == nil {
			return first
		}
		if t.trace != nil {
			t.trace.fits(t, r.why, from, to)
		}
		if first == nil {
			first = r
		}
		for n := from; n < to; n++ {
			t.words[n].taken = true
		}
		at = from
	}
}

func (t *text) intent(kind Kind, r *rule) Intent {
	in := Intent{Kind: kind, Why: r.why, Confidence: likely, Language: t.lexicon.codes[r.lang]}
	if r.lang == international {
		in.Language = t.lexicon.codes[t.lang]
	}
	return in
}

// joking tells whether somebody is laughing or in love with what we wrote ("omg stop, that puppy is too cute"). Who
// begins with a bare STOP in capitals is not.
func (t *text) joking() bool {
	if first := &t.words[0]; first.class&stop != 0 && first.shouted && (len(t.words) == 1 || t.words[1].gap == ended) {
		return false
	}
	for at := range t.words {
		if t.words[at].class&joy != 0 {
			return true
		}
	}
	return false
}
