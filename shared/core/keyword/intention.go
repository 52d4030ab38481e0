package keyword

import (
	"cmp"
)

// understood is the rank of a message that is known to mean nothing we act on.
const understood = 1

// rank orders the meanings of a message in two languages. The higher one counts.
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

// meaningHere returns the meaning in the language in which the message has just been read.
func (t *text) meaningHere() Intent {
	machine := t.intentOfMachine()
	in := t.intentOfPerson()
	if machine.Kind == Automatic && !stopsOrVoids(in) {
		return machine
	}
	return in
}

// intentOfMachine returns what a phone, an office or a carrier says, or the zero Intent. It marks their words, so
// that what a person may have added is read without them.
func (t *text) intentOfMachine() Intent {
	number, other := t.take(mailbox), t.take(automatic)
	if r := cmp.Or(number, other); r != nil {
		in := t.intent(Automatic, r)
		in.NoTexts = number != nil
		return in
	}
	return Intent{}
}

// intentOfPerson returns what the rest of the message means.
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

// takenBack returns an opt-out, or an unclear Intent where the person also says that our texts are welcome ("stop the
// e-mails, the texts are fine"). Somebody who means STOP will say it again when asked.
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

// otherwise returns the meaning of a message that is neither an opt-out nor for somebody else.
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

// firstOf returns the first rule of a section that matches; nil for none.
func (t *text) firstOf(section int) *rule {
	r, from, to := t.find(section, 0)
	if t.trace != nil && r != nil {
		t.trace.fits(t, r.why, from, to)
	}
	return r
}

// take marks the words that rules of a section explain. It returns the first of those rules; nil for none.
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

// joking reports whether somebody is laughing about our text, or loves it ("omg stop, that puppy is too cute").
// Somebody who begins with a bare STOP in capitals is not joking.
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
