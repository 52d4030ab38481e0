package keyword

// keywords reads a message of nothing but keywords and words that may stand beside them, and reports whether it is
// one.
//
// STOP beside anything else is STOP. Two other keywords cancel each other out.
func (t *text) keywords() (Intent, bool) {
	const ends, kinds = stop | unsub | cancel | remove, yes | help | start | join | prefs
	if in, ok := t.topicKeyword(); ok {
		return in, true
	}
	if in, ok := t.declined(); ok {
		return in, true
	}
	var heard class
	var first, ending *spoken
	asides := false
	for at := range t.words {
		w := &t.words[at]
		switch {
		case w.taken:
			return Intent{}, false
		case w.class&ends != 0:
			if t.lexicon.isEveryday(w.entry, t.lang) {
				return Intent{}, false
			}
			if ending == nil || w.class&stop != 0 && ending.class&stop == 0 {
				ending = w
			}
		case w.class&kinds != 0:
			if first == nil {
				first = w
			}
			heard |= w.class & kinds
			continue
		case w.class&please != 0:
			continue
		case !w.closes && !w.number:
			return Intent{}, false
		}
		asides = true
	}
	switch {
	case ending != nil && ending.class&(stop|unsub|cancel) == 0 && t.says(message|digits):
		return Intent{}, false // "delete my message" is about one message
	case ending != nil:
		in := t.keyword(OptOut, ending, ends)
		if t.says(all) {
			in.Scope = Everything
		}
		return t.narrowed(in), true
	case first == nil:
		return Intent{}, false
	}
	var in Intent
	switch heard {
	case yes:
		in = t.keyword(Confirm, first, yes)
		return in, !asides && !t.guesses()
	case start:
		in = t.keyword(OptIn, first, start)
		in.Restart = !t.guesses()
		return in, !asides && !t.cut && !t.question
	case join:
		return t.keyword(OptIn, first, join), !asides && !t.cut && t.asSpelt(first)
	case help:
		return t.keyword(Help, first, help), true
	case prefs:
		return t.keyword(Preferences, first, prefs), true
	default: // two keywords at once
	}
	if !asides {
		in = twoMeanings()
		in.Nearly = heard&yes != 0
		return in, heard != yes|join // "yes subscribe" may be a phrase that means yes
	}
	return Intent{}, false
}

// declined reads a message of nothing but no and courtesy. As with a yes, nothing in it may have been guessed at:
// somebody whose message is misread would lose what they asked for.
func (t *text) declined() (Intent, bool) {
	var first *spoken
	for at := range t.words {
		w := &t.words[at]
		switch {
		case w.entry >= 0 && t.lexicon.entries[w.entry].declines.has(t.lang):
			if first == nil {
				first = w
			}
		case w.class&please == 0:
			return Intent{}, false
		}
	}
	if first == nil || t.guesses() || !t.asSpelt(first) {
		return Intent{}, false
	}
	return t.keyword(Decline, first, 0), true
}

// keyword returns the intent of a message whose keyword is w.
func (t *text) keyword(kind Kind, w *spoken, of class) Intent {
	in := Intent{Kind: kind, Why: t.lexicon.entries[w.entry].why, Confidence: certain}
	if w.guessed {
		in.Confidence = guessed
	}
	if w.typo != "" {
		in.Why = w.typo
	}
	if t.lexicon.everywhere(w.entry, 1<<international)&of == 0 {
		in.Language = t.lexicon.codes[t.lang]
	}
	return in
}

// guesses reports whether the message may not mean what it seems to: letters were guessed at, a question was asked,
// the message was cut, or it says more than an answer needs. It is then no evidence of consent.
func (t *text) guesses() bool {
	const most = 8
	if t.doubt || t.cut || t.question || len(t.words) > most {
		return true
	}
	named, known := false, false
	for at := range t.words {
		w := &t.words[at]
		if w.class&name != 0 {
			named, known = true, known || w.entry >= 0
		}
		if w.guessed || w.accented && (w.entry < 0 || !t.lexicon.spelt(w.entry, t.lang, true)) {
			return true
		}
		if w.class&yes != 0 && !t.asSpelt(w) {
			return true
		}
	}
	return named && !known // a capital alone does not make "Nonsense" a name in "Yes, this is Nonsense"
}

// asSpelt reports whether a word has the accents that it has in the vocabulary: "co" is not the Vietnamese "có",
// "año" not the Czech "ano".
func (t *text) asSpelt(w *spoken) bool { return t.lexicon.spelt(w.entry, t.lang, w.accented) }

func (t *text) says(c class) bool {
	for at := range t.words {
		if t.words[at].class&c != 0 {
			return true
		}
	}
	return false
}

// longestName is how many bytes the keyword or name of a topic may have to be recognised.
const longestName = 240

// name marks the words that name a topic.
func (t *text) name() {
	for n := range t.topics {
		for which, called := range [...]string{t.topics[n].Keyword, t.topics[n].ID, t.topics[n].Name} {
			if called == "" || len(called) > longestName {
				continue
			}
			if !isASCII(called) {
				called = fold(called)
			}
			for at := range t.words {
				to := t.called(at, called)
				for ; at < to; at++ {
					if w := &t.words[at]; w.topic == 0 {
						w.topic, w.key = n+1, which == 0
					}
				}
			}
		}
	}
}

// called returns the number of the word after a name that begins at a word; 0 where it does not begin there.
func (t *text) called(at int, name string) int {
	for i := 0; i < len(name); at++ {
		if at == len(t.words) {
			return 0
		}
		for _, c := range t.buf[t.words[at].from:t.words[at].to] {
			t.steps++
			if i == len(name) || lower(name[i]) != c {
				return 0
			}
			i++
		}
		if i < len(name) {
			c, apart := name[i], at+1 < len(t.words) && t.words[at+1].from > t.words[at].to
			if spaced := c == ' ' || c == '-' || c == '_'; spaced != apart {
				return 0 // "a b" is not "ab", but one word may have been read as two
			} else if spaced {
				i++
			}
		}
	}
	return at
}

// topicKeyword reads JOIN DEALS, DEALS and DEALS PLEASE.
func (t *text) topicKeyword() (Intent, bool) {
	var found *spoken
	joins, names := false, false
	for at := range t.words {
		w := &t.words[at]
		switch {
		case w.topic > 0 && w.class&join != 0 && found == nil:
			found, joins = w, true // a topic whose keyword is JOIN
		case w.topic > 0:
			if found != nil && found.topic != w.topic && found.class&join == 0 {
				return Intent{}, false
			}
			found, names = w, names || !w.key
		case w.class&(join|start) != 0:
			joins = true
		case w.class&please == 0:
			return Intent{}, false
		}
	}
	if found == nil || names && !joins || t.cut {
		return Intent{}, false
	}
	why := "keyword of a topic"
	if names {
		why = "name of a topic"
	}
	return Intent{Kind: OptIn, Why: why, Confidence: certain, Topic: t.topics[found.topic-1].ID}, true
}

// narrowed limits an opt-out to the one topic that it names, where nothing else is said ("STOP DEALS", "no more deals
// please").
func (t *text) narrowed(in Intent) Intent {
	var topic int
	for at := range t.words {
		w := &t.words[at]
		switch {
		case w.topic > 0 && w.class&(please|hello|filler|this|all|more|me|my) == 0:
			if topic != 0 && topic != w.topic {
				return in
			}
			topic = w.topic
		case !w.closes && !w.number && w.class&(det|no|send|contact) == 0:
			return in
		}
	}
	if topic != 0 && in.Scope == Program {
		in.Scope, in.Topic = OneTopic, t.topics[topic-1].ID
	}
	return in
}
