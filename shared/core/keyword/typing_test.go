package keyword

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// read shows how the words of a message are read: in the one form to which letters are brought.
func readAs(v Vocabulary, message string) []string {
	e := v.Explain(message)
	if len(e.Readings) == 0 {
		return nil
	}
	var all []string
	for _, w := range e.Readings[0].Words {
		all = append(all, w.Read)
	}
	return all
}

// What stands before an apostrophe is a word of its own where two were made one, and part of one word elsewhere.
func TestElidedWords(t *testing.T) {
	for message, want := range map[string]string{
		"j'en": "j|en", "l'adresse": "l|adresse", "m'envoyez": "m|envoyez", "n'envoyez": "n|envoyez", "s'arrête": "s|arrete",
		"t'envoie": "t|envoie", "c'est": "c|est", "d'autres": "d|autres", "qu'il": "qu|il", "dell'elenco": "dell|elenco",
		"all'elenco": "all|elenco", "dall'elenco": "dall|elenco", "nell'elenco": "nell|elenco", "un'altra": "un|altra",
		"don't": "dont", "they're": "theyre", "l'": "l", "rock 'n' roll": "rock|n|roll", "s' il": "s|il",
	} {
		if got := strings.Join(readAs(Vocabulary{}, message), "|"); got != want {
			t.Errorf("%q is read as %s, want %s", message, got, want)
		}
	}
}

// An address of a page or of mail is one word, whatever is in it, up to the next space; what only has a dot in it is
// two sentences.
func TestAddresses(t *testing.T) {
	for message, want := range map[string]string{
		"http://a.b/stop yes":    "@|yes",
		"HTTPS://a/?stop=1\tyes": "@|yes",
		"https://a\nyes":         "@|yes",
		"https://a\ryes":         "@|yes",
		"www.stop yes":           "@|yes",
		"WWW.stop.x/a,b;c yes":   "@|yes",
		"stop.com yes":           "@|yes",
		"stop.co.uk yes":         "@|yes",
		"my.stop-page.org. yes":  "@|yes",
		"picture.JPG stop":       "@|stop",
		"stop.now yes":           "stop|now|yes",
		"stop.common yes":        "stop|common|yes",
		"stop. com":              "stop|com",
		"http stop":              "http|stop",
		"httpx://stop":           "httpx|stop",
		"ok:stop":                "ok|stop",
		"stop.":                  "stop",
		"stop:":                  "stop",
		"x." + strings.Repeat("b", 10) + ".org yes": "@|yes",
	} {
		if got := strings.Join(readAs(Vocabulary{}, message), "|"); got != want {
			t.Errorf("%q is read as %s, want %s", message, got, want)
		}
	}
}

// Who sends back the address we sent, and STOP with it, has said STOP; an address with the word in it has said nothing.
func TestAnAddressHidesNoStop(t *testing.T) {
	for message, want := range map[string]Kind{
		"https://x.com/a STOP": OptOut, "STOP https://x.com/a": OptOut, "example.com/deals. Stop": OptOut, "joe@example.com stop": OptOut,
		"https://x.com/STOP": Other, "stop@example.com": Other, "https://x.com/yes": Other,
	} {
		if in := classify(message); in.Kind != want {
			t.Errorf("%q is %s (%s), want %s", message, in.Kind, in.Why, want)
		}
	}
}

// Letters that stand alone are one word where they spell a keyword of three or more.
func TestSpelledOutLetterByLetter(t *testing.T) {
	for message, want := range map[string]string{
		"s t o p": "stop", "S.T.O.P. now": "stop|now", "q-u-i-t": "quit", "h e l p": "help", "s t a r t": "start", "j o i n": "join",
		"e n d": "end", "u n s u b": "unsub", "s t o p s": "stop|s", "s t o p a l l": "stop|a|l|l", "s t o": "s|t|o", "T D": "t|d", "n o": "n|o", "a b c": "a|b|c",
		"y e s": "yes", "y e s s": "y|e|s|s", "s t o'p": "s|t|op",
	} {
		if got := strings.Join(readAs(Vocabulary{}, message), "|"); got != want {
			t.Errorf("%q is read as %s, want %s", message, got, want)
		}
	}
}

// What was written as one word is taken apart where all of it is words that go together, and left alone elsewhere.
func TestWordsWrittenAsOne(t *testing.T) {
	for message, want := range map[string]string{
		"pleasestop": "please|stop", "removeme": "remove|me", "stop2end": "stop|2end", "stoptextingme": "stop|texting|me",
		"stopmemememe": "stop|me|me|me|me", "stopmemememememe": "stopmemememememe", // no more than six
		"borrenme": "borren|me", "borrenmelos": "borren|melos", "enviarlos": "enviar|los",
		"bastamensajes": "basta|mensajes", "basuramensajes": "basuramensajes", "dejame": "deja|me", "nepiste": "ne|piste", "nonstop": "nonstop", "stopmotion": "stopmotion",
		strings.Repeat("ab", 21): strings.Repeat("ab", 21),
		"wrongperson":            "wrong|person", "leavemeplease": "leave|me|please", "mensajelo": "mensajelo", "cancelaciones": "cancelaciones",
		"停止": "停止", "请停止吧": "请|停止|吧",
		"stop停止": "stop|停止", "TD退订": "td|退订", "STOP谢谢你": "stop|谢谢你",
	} {
		if got := strings.Join(readAs(Vocabulary{}, message), "|"); got != want {
			t.Errorf("%q is read as %s, want %s", message, got, want)
		}
	}
}

// Behind a STOP it is written onto may stand whatever changes nothing about it, and what it is said of.
func TestWordsWrittenOntoAStop(t *testing.T) {
	for word := range strings.FieldsSeq("yes help start join prefs this my more spam hello now number contact send person remove crap unsubscribe cancel messages") {
		if got := strings.Join(readAs(Vocabulary{}, "stop"+word), "|"); got != "stop|"+word {
			t.Errorf("stop%s is read as %s", word, got)
		}
		if in := classify("stop" + word); word != "send" && word != "person" && word != "number" && in.Kind != OptOut {
			t.Errorf("stop%s is %+v", word, in)
		}
	}
}

// What somebody else wrote is not read: quotations, what stands below a line that begins one, signatures.
func TestWhatSomebodyElseWrote(t *testing.T) {
	for message, want := range map[string]string{
		"> stop\nyes": "yes", "yes\n > stop": "yes", "yes\n--\nstop": "yes", "yes\n-----Original Message-----\nstop": "yes", "yes\n_____\nstop": "yes",
		"--\nstop": "stop", "yes\n- stop": "yes|stop", "yes\n__\nstop": "yes|stop", "yes\n----\nstop": "yes|stop",
		"yes\nOn Monday Bob wrote:\nstop": "yes", "yes\nLe lundi Bob a écrit :\nstop": "yes", "yes\nLe lundi Bob a ecrit:\nstop": "yes",
		"yes\nAm Montag schrieb Bob:\nstop": "yes|am|montag|schrieb|bob|stop", "yes\nBob schrieb:\nstop": "yes", "yes\nBob escribió:\nstop": "yes",
		"yes\nBob escribio:\nstop": "yes", "yes\nBob ha scritto:\nstop": "yes", "Bob wrote:\nstop": "bob|wrote|stop", "yes\nnamely:\nstop": "yes|namely|stop",
	} {
		if got := strings.Join(readAs(Vocabulary{}, message), "|"); got != want {
			t.Errorf("%q is read as %s, want %s", message, got, want)
		}
	}
}

// Signs stand for letters and words, or for nothing.
func TestSignsInWords(t *testing.T) {
	for message, want := range map[string]Intent{
		"go away 12345":        {Kind: OptOut, Why: "phrase: go away", Confidence: likely, Language: "en"},
		"🅢🅣🅞🅟":                 {Kind: OptOut, Why: `keyword "stop"`, Confidence: certain},
		"🆂🆃🅾🅿":                 {Kind: OptOut, Why: `keyword "stop"`, Confidence: certain},
		"yes help":             {Kind: Other, Why: "two meanings at once", Confidence: torn, Nearly: true},
		"help start":           {Kind: Other, Why: "two meanings at once", Confidence: torn},
		"go away 1234":         {Kind: OptOut, Why: "phrase: go away", Confidence: likely, Language: "en"},
		"STOP\nby\nBob":        {Kind: OptOut, Why: "phrase: stop", Confidence: likely, Language: "en"},
		"UNSUBSCRIBE\nby\nBob": {Kind: OptOut, Why: "phrase: unsubscribe", Confidence: likely, Language: "en"},
		"s*top":                {Kind: OptOut, Why: `keyword "stop"`, Confidence: guessed},
		"STOP* please":         {Kind: OptOut, Why: `keyword "stop"`, Confidence: certain},
		"op. tout":             {Kind: Other, Why: "no rule", Confidence: blank},
		"ok Srop texting me":   {Kind: Other, Why: "no rule", Confidence: blank}, // somebody's name
		"stop$":                {Kind: OptOut, Why: `keyword "stop"`, Confidence: certain},
		"stop @ll":             {Kind: OptOut, Why: `keyword "stop"`, Confidence: certain, Scope: Everything},
		"$top":                 {Kind: OptOut, Why: `keyword "stop"`, Confidence: guessed},
		"s*t*o*p":              {Kind: OptOut, Why: `keyword "stop"`, Confidence: guessed},
		"ST0OOP":               {Kind: OptOut, Why: `keyword "stop"`, Confidence: guessed},
		"opt 0ut":              {Kind: OptOut, Why: `keyword "opt_out"`, Confidence: guessed, Language: ""},
		"take\u00a0me\u00a0off\u00a0your\u00a0list": {Kind: OptOut, Why: "phrase: take me off", Confidence: likely, Language: "en"},
		"YES ❤\ufe0f": {Kind: Confirm, Why: `keyword "yes"`, Confidence: certain, Language: "en"},
		"STOP! lol":   {Kind: OptOut, Why: "phrase: stop", Confidence: likely, Language: "en"},
		"OMG! You guys need to stop, too much 😂": joking(),
		"stop 1234": {Kind: OptOut, Why: `keyword "stop"`, Confidence: certain}, // the number we text from
		"STOP\x80":  {Kind: OptOut, Why: `keyword "stop"`, Confidence: certain}, // half a letter
	} {
		if in := classifyIn(message, nil); in != want {
			t.Errorf("%q is %+v, want %+v", message, in, want)
		}
	}
	for _, message := range []string{"yes ☎", "yes \u0336", "yes pléase", "Yes, Zo\u0308e Lopezz"} { // what nobody knows may take it back
		if in := classifyIn(message, nil); in.Kind == Confirm {
			t.Errorf("%q is a confirmation: %s", message, in.Why)
		}
	}
	for _, sign := range []string{"\n", "\x7f", "\x01", "\r"} { // also where letters have accents
		if in, want := classify("STOP"+sign+"the café is nice"), classify("STOP. the café is nice"); in != want {
			t.Errorf("%q ends no sentence: %+v, want %+v", sign, in, want)
		}
	}
	for _, sign := range []string{"(", ")", "[", "]", "/", "|", "☎", "🎈", " - "} { // part as a comma does
		for _, of := range []string{"I want to stop%s these texts", "please stop%s by the shop", "wrong%s number", "no more%s texts"} {
			if in, want := classify(strings.Replace(of, "%s", sign, 1)), classify(strings.Replace(of, "%s", ",", 1)); in != want {
				t.Errorf("%q with %q: %+v, want %+v", of, sign, in, want)
			}
		}
	}
	if in, want := classify("please ~ do not stop ~ the café"), classify("please - do not stop - the café"); in != want {
		t.Errorf("~ is %+v, want %+v", in, want)
	}
}

// A message of words that no language asked for knows is in none.
func TestALanguageThatIsNotAskedForIsNotRead(t *testing.T) {
	for _, c := range []struct {
		message   string
		languages []string
		language  string
		known     bool
	}{
		{"xyzzy", nil, "en", false},
		{"xyzzy", []string{"de"}, "", false},
		{"xyzzy", []string{"en", "de"}, "en", false},
		{"danke", []string{"de"}, "de", true},
		{"danke", []string{"fr"}, "", true},
		{"🛑", []string{"de"}, "", true},
		{"STOPALL", []string{}, "", true},
	} {
		e := (Vocabulary{Languages: c.languages}).Explain(c.message)
		if r := e.Readings[0]; r.Language != c.language || (r.Words[0].Known != "") != c.known {
			t.Errorf("%q in %v is read in %q as %+v", c.message, c.languages, r.Language, r.Words)
		}
	}
	for message, own := range map[string]string{"توقف": "ar", "desuscribirr": "es", "abmleden": "de", "basta": "it"} {
		if in := classifyIn(message, []string{own}); in.Kind != OptOut {
			t.Errorf("%s in %s is %+v", message, own, in)
		}
		if in := classifyIn(message, []string{"en", "ja"}); in.Kind != Other {
			t.Errorf("%s in English and Japanese is %+v", message, in)
		}
	}
}

// "Retire merci" in Texas is not the end it is in France, though as many of its words are French as English; nor is the
// person asked.
func TestAnEverydayWordWithForeignThanks(t *testing.T) {
	for _, c := range []struct {
		message string
		place   []string
		want    Intent
	}{
		{"Retire merci", nil, Intent{Kind: Other, Why: "innocent: an everyday word", Confidence: likely}},
		{"Retire merci", []string{"fr"}, Intent{Kind: OptOut, Why: `keyword "retire"`, Confidence: certain, Language: "fr"}},
	} {
		if in := (Vocabulary{Place: c.place}).Classify(c.message); in != c.want {
			t.Errorf("%q in %v is %+v, want %+v", c.message, c.place, in, c.want)
		}
	}
}

// Of two languages that know a message equally well the one counts that ends more; of what ends nothing, what we act on.
func TestWhatWeighsMore(t *testing.T) {
	ascending := []Intent{
		{Kind: Other, Why: "no rule"},
		{Kind: Other, Why: "question: who is this"},
		{Kind: Other, Nearly: true, Why: "nearly yes: okay"},
		{Kind: Confirm},
		{Kind: OptOut},
		{Kind: OptOut, Scope: Everything},
		{Kind: WrongNumber},
	}
	for i := range ascending[1:] {
		if rank(ascending[i]) >= rank(ascending[i+1]) {
			t.Errorf("%+v weighs as much as %+v", ascending[i], ascending[i+1])
		}
	}
	for _, alike := range [][2]Intent{
		{{Kind: Confirm}, {Kind: Help}}, {{Kind: OptOut, Scope: OneTopic}, {Kind: OptOut}}, {{Kind: Other, Unclear: true}, {Kind: Other, Nearly: true}},
	} {
		if rank(alike[0]) != rank(alike[1]) {
			t.Errorf("%+v does not weigh as much as %+v", alike[0], alike[1])
		}
	}
}

// A room in which messages are read is as large after many as after one.
func TestARoomDoesNotGrow(t *testing.T) {
	room := new(text)
	v := Vocabulary{Topics: topics()}
	room.classify(v, "please stop texting me")
	buf, words := len(room.buf), len(room.words)
	for range 10 {
		room.classify(v, "please stop texting me")
	}
	if len(room.buf) != buf || len(room.words) != words {
		t.Errorf("%d bytes and %d words, were %d and %d", len(room.buf), len(room.words), buf, words)
	}
}

// What is cut is said to be, and no word that a person wrote is lost from what is shown.
func TestExplainShowsWhatWasWritten(t *testing.T) {
	if long, short := (Vocabulary{}).Explain("stop "+strings.Repeat("please ", 300)), (Vocabulary{}).Explain("stop please"); !long.Cut || short.Cut {
		t.Errorf("what is long is cut: %v, what is short: %v", long.Cut, short.Cut)
	}
	for n, cut := range map[int]bool{MaxRunes: false, MaxRunes + 1: true} {
		if e := (Vocabulary{}).Explain(strings.Repeat("é", n)); e.Cut != cut {
			t.Errorf("what has %d characters is cut: %v", n, e.Cut)
		}
	}
	for message, want := range map[string][]string{
		"s t o p it": {"s t o p", "it"}, "opt out now": {"opt out", "now"}, "pleasestop": {"pleasestop", "pleasestop"}, "É\u0301té": {"Ete"},
	} {
		var got []string
		for _, w := range (Vocabulary{}).Explain(message).Readings[0].Words {
			got = append(got, w.Written)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is shown as %q, want %q", message, got, want)
		}
	}
	e := (Vocabulary{}).Explain("stop texting me please, stop it or I stop my texts")
	for _, s := range e.Readings[0].Sections {
		if slices.Sort(s.Tried); len(slices.Compact(slices.Clone(s.Tried))) != len(s.Tried) {
			t.Errorf("%s: a rule is shown as tried twice: %q", s.Name, s.Tried)
		}
	}
	if w := (Vocabulary{}).Explain("month").Readings[0].Words[0]; w.Classes == nil { // [] in JSON
		t.Errorf("%+v", w)
	}
}

// A letter of the Latin blocks is looked up as the letter it is made of, and what is no letter of theirs as itself.
func TestLatinLetters(t *testing.T) {
	for r := rune(0x80); r < 0x300; r++ {
		made, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(unicode.ToLower(r))))
		if got := fold(string(r)); unicode.IsLetter(r) && made < utf8.RuneSelf && got[0] != byte(made) {
			t.Errorf("%c is looked up as %s", r, got)
		}
	}
	for written, as := range map[string]string{"צ׳ק": "צק", "Ŋ": "ŋ", "Ʒ": "ʒ"} {
		if got := fold(written); got != as {
			t.Errorf("%s is looked up as %s, want %s", written, got, as)
		}
	}
}
