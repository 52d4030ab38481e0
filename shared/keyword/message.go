package keyword

// message is what has been understood so far.
type message struct {
	topics []string

	heard   [join + 1]bool // by meaning; none: two topic keywords
	topic   string         // the topic keyword heard
	asides  int            // words that only go with STOP and HELP
	unknown int            // words without a meaning, in the clauses before this one
	at      int            // number of the word being read, from 0
	front   int            // number of the first word that is no courtesy
	clause  clause
}

// clause is what has been understood of the words since the last sign.
type clause struct {
	recent  [longestPhrase - 1]spoken // the words before this one, the last of them last
	unknown int                       // words without a meaning
	stop    bool                      // a STOP word was among them
	refused int                       // 1 + number of the word that stops whatever else is said; 0: none
}

// spoken is a word that was taken: who it was, and as what it was counted.
type spoken struct {
	id      wordID
	meaning meaning
}

// take reads one word. The word is not kept.
func (m *message) take(text []byte) {
	word := vocabulary.words[string(text)]
	meaning, start := word.meaning, m.at
	if p, ok := word.ends(&m.clause.recent); ok {
		meaning, start = p.meaning, m.at-p.before
		m.takeBack(p.before)
		if meaning == other && word.meaning == stop {
			word.id = 0 // "don't stop sending" holds no "stop sending"
		}
	} else if meaning <= none {
		meaning = m.unlisted(text, meaning)
	}
	m.hear(meaning, start)

	recent := &m.clause.recent
	copy(recent[:], recent[1:])
	recent[len(recent)-1] = spoken{word.id, meaning}
	m.at++
}

// unlisted is the meaning of a word that may have one without standing in the vocabulary as a keyword.
func (m *message) unlisted(text []byte, listed meaning) meaning {
	// A clause that is not understood can't become a join, nor a STOP by the topic in it.
	if m.clause.unknown == 0 {
		for _, k := range m.topics {
			if matches(text, k) {
				m.heard[none] = m.heard[none] || m.heard[join] && m.topic != k
				m.topic = k
				return join
			}
		}
	}
	switch {
	case listed != none:
		return listed
	case isNumber(text):
		return aside
	case m.at == m.front && isShorthand(text):
		return stop
	default:
		return none
	}
}

// takeBack forgets how the last n words were counted: they are part of a phrase, and count for nothing by themselves.
func (m *message) takeBack(n int) {
	recent := &m.clause.recent
	for i := len(recent) - n; i < len(recent); i++ {
		switch recent[i].meaning {
		case none, other:
			m.clause.unknown--
		case aside, greeting:
			m.asides--
		default:
		}
		recent[i].meaning = courtesy // not to be taken back again by a longer phrase
	}
}

// hear counts a word or phrase that starts with word number start and ends with this one.
func (m *message) hear(meaning meaning, start int) {
	c := &m.clause
	atFront := start <= m.front // all words before front are courtesy
	switch meaning {
	case none:
		c.unknown++
	case other:
		c.unknown++
		if c.refused > start {
			c.refused = 0
		}
	case refusal:
		m.refuse()
	case weakStop:
		m.heard[stop] = true
	case stop:
		m.heard[stop] = true
		c.stop = true
		if atFront {
			m.refuse()
		}
	case aside:
		m.asides++
	case courtesy:
	case greeting:
		m.asides++
	default:
		m.heard[meaning] = true
	}
	if atFront && (meaning == courtesy || meaning == greeting || meaning == yes) {
		m.front = m.at + 1
	}
}

func (m *message) refuse() {
	if m.clause.refused == 0 {
		m.clause.refused = m.at + 1
	}
}

// endClause reports whether the message stops, whatever comes after what has been read.
func (m *message) endClause() bool {
	c := m.clause
	m.clause = clause{}
	understood := c.unknown == 0 && (c.stop || m.unknown == 0 && m.heard[stop])
	m.unknown += c.unknown
	return understood || c.refused > 0
}

// intent is what the message means if it does not stop.
func (m *message) intent(doubt bool) (meaning, string) {
	if m.unknown > 0 || m.heard[none] {
		return none, ""
	}
	found := none
	for i, heard := range m.heard {
		if !heard {
			continue
		}
		if found != none {
			return none, ""
		}
		found = meaning(i)
	}
	starts := found == yes || found == start
	if m.asides > 0 && found != help || doubt && starts {
		return none, ""
	}
	return found, m.topic
}

// isShorthand recognises "stop2end" and what else is STOP with a digit to it.
func isShorthand(word []byte) bool {
	return len(word) > 4 && string(word[:4]) == "stop" && word[4] >= '0' && word[4] <= '9'
}
