package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// HasOptOut reports whether a text says how to opt out of it: "Reply STOP to cancel", "STOP to end", "STOP para
// cancelar", "STOP=opt out", "Txt STOP2QUIT", "STOP au 36111", "Unsubscribe: example.com/u". The word alone is not
// enough ("Stop by on Sunday", "end to end"). In doubt it answers no: a reminder too many is a nuisance, a missing
// instruction breaks the law. It does not know languages that are written without spaces.
func HasOptOut(body string) bool {
	var s instruction
	for token := range strings.FieldsSeq(body) {
		if s.read(token) {
			return true
		}
	}
	return false
}

// instruction is the part of an opt-out instruction that has been read so far, word by word.
type instruction struct {
	asked      bool // a word such as "reply" or "text" came, followed only by words such as "with" and "the word"
	capitals   bool // that word was in capitals, so capitals after it do not stand out
	stop       bool // the last word was STOP
	stopSetOff bool // the last word was STOP, in capitals or quotes
	to         bool // the last words were "STOP to", "STOP pour vous" or "STOP ="
	at         bool // the last words were "STOP au", which a number may follow
	opt        bool // the last word was "opt"
	leave      int  // words within which STOP or an address completes "opt out: …"
}

// read takes the next word, and reports whether it completes an instruction.
func (s *instruction) read(token string) bool {
	plain := strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	loud := !strings.ContainsFunc(plain, unicode.IsLower)
	setOff := loud || strings.ContainsAny(token, `"'“”‘’«»`)
	strong := isOneOf(plain, strongWords)
	switch {
	case s.to && isOneOf(plain, outcomes),
		(s.at || s.stopSetOff) && isShortCode(plain),
		s.leave > 0 && (isAddress(plain) || strong && setOff),
		s.asked && setOff && (strong || !s.capitals && isOneOf(plain, weakWords)),
		isShorthand(plain):
		return true
	}

	next := instruction{leave: max(0, s.leave-1)}
	switch ends := strings.ContainsAny(token, ".!?"); {
	case strong && !ends:
		next.stop, next.stopSetOff = true, setOff
	case s.stop && (token == "=" || strings.EqualFold(plain, "to")):
		next.to = true
	case s.stopSetOff:
		next.at, next.to = isOneOf(plain, destinations), isOneOf(plain, purposes)
	case s.to:
		next.to = isOneOf(plain, pronouns)
	}
	switch {
	case isOneOf(plain, verbs):
		next.asked, next.capitals = true, loud
	case s.asked && isOneOf(plain, fillers):
		next.asked, next.capitals = true, s.capitals
	}
	next.opt = strings.EqualFold(plain, "opt")
	if isOneOf(plain, leaving) || s.opt && strings.EqualFold(plain, "out") {
		next.leave = 3
	}
	*s = next
	return false
}

// isShortCode reports whether a number can be a short code, by its length, which years and prices do not have.
func isShortCode(plain string) bool {
	return len(plain) >= 5 && len(plain) <= 8 && strings.Trim(plain, "0123456789") == ""
}

// isShorthand reports whether a word is of the form "STOP=end" or "STOP2END".
func isShorthand(plain string) bool {
	rest, ok := strings.CutPrefix(plain, "STOP")
	if !ok || len(rest) < 2 || rest[0] != '=' && rest[0] != '2' {
		return false
	}
	first, _ := utf8.DecodeRuneInString(rest[1:])
	return unicode.IsLetter(first)
}

// isAddress reports whether a word may be a web or e-mail address: it has a full stop between letters.
func isAddress(plain string) bool {
	dot := strings.LastIndexByte(plain, '.')
	return dot > 0 && dot+2 < len(plain) && unicode.IsLetter(rune(plain[dot+1]))
}

func isOneOf(word string, words []string) bool {
	for _, w := range words {
		if strings.EqualFold(word, w) {
			return true
		}
	}
	return false
}

// The words of opt-out instructions, in the languages of the countries of package jurisdiction.
var (
	// strongWords can only mean an opt-out in a text to customers. weakWords can mean other things, so they count only
	// after words such as "reply".
	strongWords = []string{
		"STOP", "STOPP", "STOPALL", "UNSUBSCRIBE", "OPTOUT", "OPT-OUT", "ARRET", "ARRÊT", "ABMELDEN", "AFMELDEN",
	}
	weakWords = []string{
		"END", "CANCEL", "QUIT", "REVOKE", "REMOVE", "BAJA", "ALTO", "PARAR", "CANCELAR", "SAIR", "SLUTA", "AVSLUTA",
		"STOPPEN",
	}

	verbs = []string{
		"reply", "replying", "text", "texting", "txt", "send", "sending", "answer", "respond",
		"répondez", "repondez", "envoyez", "antworte", "antworten", "sende", "senden", "responde", "responda", "envía",
		"envia", "envie",
		"rispondi", "invia", "antwoord", "svara", "svar",
	}
	fillers = []string{
		"with", "the", "word", "keyword", "back", "sie", "mit", "wort", "le", "mot", "con", "la", "palabra", "met", "med",
		"par",
	}
	purposes = []string{"para", "pour", "zum", "zur", "per", "om"}
	pronouns = []string{"vous", "te"}
	outcomes = []string{
		"cancel", "end", "stop", "quit", "opt", "opt-out", "optout", "unsubscribe", "unsub", "leave",
		"cancelar", "salir", "parar", "terminar", "darte", "darse", "dejar", "sair",
		"annuler", "arrêter", "arreter", "désabonner", "desabonner", "désinscrire", "desinscrire", "résilier", "ne",
		"abbestellen", "abmelden", "abmeldung", "beenden", "annullare", "stoppen",
	}
	destinations = []string{"au", "an", "al", "a", "para", "naar", "til", "till", "to"}
	leaving      = []string{"unsubscribe", "opt-out", "optout", "unsub", "désinscription", "abmelden", "abmeldung"}
)
