package keyword

import (
	"cmp"
)

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
