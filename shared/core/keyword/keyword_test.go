package keyword

import (
	"strings"
	"testing"
)

// topics are those of a program in the tests.
func topics() []Topic {
	return []Topic{
		{ID: "alerts", Keyword: "JOIN", Name: "alerts"},
		{ID: "deals", Keyword: "Deals", Name: "daily deals"},
		{ID: "summer", Keyword: "ÉTÉ", Name: "Été à la plage"},
		{ID: "recalls", Name: "Recalls"},
	}
}

// classify reads a message with the topics of the tests.
func classify(message string) Intent { return Vocabulary{Topics: topics()}.Classify(message) }

// classifyIn reads a message in some languages, nil for all, without topics.
func classifyIn(message string, languages []string) Intent {
	return Vocabulary{Languages: languages}.Classify(message)
}

// What the law, carriers and AWS name must work however it is typed, alone and with courtesy.
func TestKeywordsOfLawAndCarriers(t *testing.T) {
	for _, word := range []string{
		"stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe", // 47 CFR 64.1200(a)(10)
		"ARRET", "CANCEL", "END", "OPT-OUT", "OPTOUT", "QUIT", "REMOVE", "STOP", "TD", "UNSUBSCRIBE", // AWS, required opt-out keywords
		"STOPALL", "STOP ALL", "REVOKE", "please opt me out", // carriers, CTIA
		"sToP", "TSOP", "STOP 12345", // GOF guidelines, Belgium
		"ARRÊT", "ARRETER", "DESINSCRIPTION", "DESABONNER", "STOPP", "ABMELDEN", "ABBESTELLEN", "AUSTRAGEN",
		"KEINE WERBUNG", "BAJA", "ALTO", "PARAR",
		"CANCELAR", "NO MAS", "CANCELLA", "BASTA", "DISISCRIVI", "RIMUOVI", "AFMELDEN", "UIT", "STOPPEN", "SAIR",
		"REMOVER", "PARE", "SLUTA",
		"AVSLUTA", "AVREGISTRERA", "AVSLUTT", "AFMELD", "FRAMELD", "LOPETA", "POISTU", "PERUUTA", "REZYGNUJE",
		"WYPISZ", "KONIEC", "ODHLASIT", "KONEC",
		"ΔΙΑΓΡΑΦΗ", "ΤΕΛΟΣ", "DEZABONARE", "OPRESTE", "RENUNT", "LEIRATKOZAS", "LEALL", "TILTAS", "停止", "配信停止", "解除",
		"退会", "不要", "ストップ",
		"إلغاء", "توقف", "UNSUB",
	} {
		for _, message := range []string{word, strings.ToLower(word), word + "!", " “" + word + "”\n", word + " 🙏", word + "\n\nSent from my iPhone"} {
			if in := classify(message); in.Kind != OptOut {
				t.Errorf("%q is %s (%s), want an opt-out", message, in.Kind, in.Why)
			}
		}
	}
	for word, want := range map[string]Kind{
		"HELP": Help, "INFO": Help, "AIDE": Help, "AYUDA": Help, "START": OptIn, "UNSTOP": OptIn, "YES": Confirm,
		"Y": Confirm,
	} {
		if in := classify(word); in.Kind != want {
			t.Errorf("%q is %s (%s), want %s", word, in.Kind, in.Why, want)
		}
	}
}

func TestAStopHoweverItIsTyped(t *testing.T) {
	for _, message := range []string{
		"S.T.O.P.", "s-t-o-p", "please s t o p", "ＳＴＯＰ", "𝐒𝐓𝐎𝐏", "🅂🅃🄾🄿", "ᴄᴀɴᴄᴇʟ", "st\u200bop", "\u200eSTOP\u200f",
		"s̶t̶o̶p̶", "ЅТОР", "🛑\ufe0f", "🛑🛑", "ST0P", "5top", "$top",
		"STOOOOP", "stahp", "sotp", "stpo", "sto", "s top", "op tout", "unsubscirbe", "stoptexting", "pleasestop",
		"removeme", "Stop2End", "s*t*o*p",
		"stop\u00a0please", "stop—now", "<b>STOP</b>", "stop<br>", "<stop>", "> Reply STOP to unsubscribe\n\nSTOP",
		"NO\nMORE\nTEXTS", "STOP.Thank you", "Stop\r\nBob", "стоп", "🖕",
	} {
		if in := classify(message); in.Kind != OptOut {
			t.Errorf("%q is %s (%s), want an opt-out", message, in.Kind, in.Why)
		}
	}
	// What only looks like one.
	for _, message := range []string{
		"shop", "step", "top", "spot", "stoop", "slop", "ship", "start", "stat", "hello", "yesterday", "outdoor",
		"weekend", "restart", "joe@stop.com",
		"https://example.com/stop", "www.stop.example", "see example.com/stop", "20% off! Stop2End",
		"S O S? no, S T A R", "stopwatch", "nonstop",
	} {
		if in := classify(message); in.Kind == OptOut {
			t.Errorf("%q is an opt-out: %s", message, in.Why)
		}
	}
}

// How far an opt-out reaches, and the rule that is named.
func TestScope(t *testing.T) {
	for _, c := range []struct {
		message string
		scope   Scope
		topic   string
	}{
		{"STOP", Program, ""},
		{"Please stop texting me", Program, ""},
		{"STOP ALL", Everything, ""},
		{"stopall", Everything, ""},
		{"🛑 all", Everything, ""},
		{"Unsubscribe from all", Everything, ""},
		{"stop all messages please", Everything, ""},
		{"BAJA TODO", Everything, ""},
		{"I will sue you", Everything, ""},
		{"You'll hear from my lawyer", Everything, ""},
		{"This is a TCPA violation", Everything, ""},
		{"Text me again and I'm reporting you to the FCC", Everything, ""},
		{"los voy a denunciar", Everything, ""},
		{"Je vais saisir la CNIL", Everything, ""},
		{"ich schalte meinen Anwalt ein", Everything, ""},
		{"I'm on the do not call list", Everything, ""},
		{"STOP DEALS", OneTopic, "deals"},
		{"stop deals please", OneTopic, "deals"},
		{"Please stop the daily deals!", OneTopic, "deals"},
		{"unsubscribe me from Daily Deals thanks", OneTopic, "deals"},
		{"cancel recalls", OneTopic, "recalls"},
		{"no more deals", OneTopic, "deals"},
		{"STOP ÉTÉ", OneTopic, "summer"},
		{"stop été à la plage", OneTopic, "summer"},
		{"stop alerts", OneTopic, "alerts"},
		{"STOP JOIN", OneTopic, "alerts"},
		{"STOP ALL DEALS", Everything, ""},      // ALL says more than the name
		{"stop deals and recalls", Program, ""}, // two topics are more than one
		{"stop coupons", Program, ""},           // names no topic
		{"STOP Susan", Program, ""},
		{"Deals are great but stop texting me", Program, ""}, // not about the topic alone
	} {
		in := classify(c.message)
		if in.Kind != OptOut || in.Scope != c.scope || in.Topic != c.topic {
			t.Errorf("%q is %s of %q %q (%s), want an opt-out of %q %q", c.message, in.Kind, in.Scope, in.Topic, in.Why, c.scope, c.topic)
		}
	}
}

// The other kinds in words, and what sounds like them and is none.
func TestOtherKindsInWords(t *testing.T) {
	for kind, messages := range map[Kind][]string{
		OptIn: {
			"please resubscribe me", "Switch my texts back on", "turn the messages on again please", "can you turn my texts back on",
			"restart my messages", "start the alerts again",
		},
		WrongNumber: {
			"Brenda doesn't work here anymore", "he no longer works here", "I'm not the one you're after",
			"You must be looking for the person who had this phone before me", "I guess you meant to text somebody else",
			"she changed her number last year", "This isn't him",
		},
		Preferences: {
			"can you send these on weekends only", "only text me if it is urgent", "I only want alerts about outages",
			"Please move me to news only", "4 a day is way too many", "snooze these until spring", "send only the weekly deals",
			"solo un mensaje al mes por favor", "pas de sms le soir merci", "少發點",
		},
		Automatic: {
			"Mensaje automático: estoy en una reunión", "Réponse automatique : je suis absent", "Abwesenheitsnotiz: bin im Urlaub",
			"Risposta automatica: sono in ferie", "Automatisch antwoord: ik ben er niet", "Automatiskt svar: jag är bortrest",
			"Wiadomość automatyczna: oddzwonię", "Автовідповідач: зателефоную пізніше", "自動返信:会議中です", "自動回覆:我在開會",
			"자동응답: 회의 중입니다", "Tin nhắn tự động: tôi đang lái xe", "Balasan otomatis: saya sedang rapat", "Otomatik yanıt: toplantıdayım",
			"You've been unsubscribed. Text START to resubscribe.", "Text messaging is not supported on this plan.",
			"Your message was delivered to a landline.", "We did not recognize that keyword.", "This is a no-reply number.",
			"Sleep focus is turned on", "We have received your message and will be in touch",
		},
		OptOut: {
			"don't subscribe me", "turn the alerts off", "You've been unsubscribed, you said. Stop texting me!",
			"Réponse automatique ? STOP", "i don't want to be on this", "please remove me, your text was sent to a landline",
			"मेरा नंबर सूची से हटा दें",
		},
		Other: {
			"did you resubscribe me", "don't turn my alerts back on", "put them on the porch", "text messages are not allowed at work",
			"she switched her phone off", "this is her", "he doesn't work there", "did you mean to text someone else",
			"it says you have been unsubscribed, why", "hold this for me until 5", "it was 5 miles a day is a lot",
			"only call me when it's ready", "just text me when a table opens", "dont want onions on that",
			"I'll be out of the office tomorrow so call my cell", "I got your message", "I'm not getting notifications on my phone",
		},
	} {
		for _, message := range messages {
			if in := classify(message); in.Kind != kind {
				t.Errorf("%q is %s (%s), want %s", message, in.Kind, in.Why, kind)
			}
		}
	}
}

// What a phone, an office or a carrier says is never answered; what a person adds counts.
func TestAutomatic(t *testing.T) {
	for message, noTexts := range map[string]bool{
		"I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get where I'm going.":                        false,
		"I’m driving with Driving Focus turned on. I’ll see your message when I get there.":                                                 false,
		"(I'm not receiving notifications. If this is urgent, reply \"urgent\" to send a notification through with your original message.)": false,
		"Auto-reply: on the road, back at noon": false,
		"I cannot reply to text":                false,
		"Thanks for contacting Hill Dental! We are closed now and will get back to you soon.": false,
		"This is an automated response. Our office hours are 9 to 5.":                         false,
		"I am out of the office until Monday":                                                 false,
		"This mailbox does not accept text messages":                                          true,
		"The number you have texted is a landline":                                            true,
		"This line is unable to receive text messages.":                                       true,
		"Message Blocking is active.":                                                         true,
		"Your message could not be delivered":                                                 true,
		"This inbox is not monitored. For help call the front desk.":                          true,
	} {
		if in := classify(message); in.Kind != Automatic || in.NoTexts != noTexts {
			t.Errorf("%q is %+v, want automatic, no texts %v", message, in, noTexts)
		}
	}
	for message, want := range map[string]Kind{
		"This is a landline, stop texting it":                                 OptOut,
		"This number does not accept texts. Please remove it from your list.": OptOut,
		"Stop sending me automated messages":                                  OptOut,
		"If this is an automated message please stop":                         OptOut,
		"You have the wrong number, this is a landline":                       WrongNumber,
		"Is this an automated message?":                                       Other,
		"My message did not go through":                                       Other,
		"I'll be out for a walk, call the office":                             Other,
	} {
		if in := classify(message); in.Kind != want {
			t.Errorf("%q is %s (%s), want %s", message, in.Kind, in.Why, want)
		}
	}
}

// One slip of the finger in a phrase is mended where the rest of the phrase leaves no other reading, and only there.
func TestOneSlipInAPhrase(t *testing.T) {
	for _, message := range []string{
		"srop texting me", "remive me from your list", "tke me off your list pls stop textng",
		"please dlete my number", "dont txet me anymore", "remove my nmber",
		"unsubscirbe me please thank you so much", "no more mesaages please", "plese srop textinng me",
		"take me off your lisst", "I am not intreested in this",
	} {
		if in := classify(message); in.Kind != OptOut || in.Confidence >= certain {
			t.Errorf("%q is %+v, want an opt-out that is not certain", message, in)
		}
	}
	for _, message := range []string{
		"She doesn't need any test", "I lost my number", "the shop texted me", "we are testing the new menu",
		"stip the wire and call", "remotes for my tv",
	} {
		if in := classify(message); in.Kind == OptOut {
			t.Errorf("%q is an opt-out: %s", message, in.Why)
		}
	}
}

// A rule reaches from a verb to what is ours: the texts, the list, the number. What people do and say otherwise lies
// in between.
func TestWhatOnlySoundsLikeAnEnd(t *testing.T) {
	for _, message := range []string{
		"I don't understand your message.", "You are not bothering me", "No message..no response, what happened?",
		"Just quit my job",
		"send it through your email", "Think no need, thanks", "Take us out shopping",
		"I don't want to talk about the texts he sent", "no need to tell my sister",
		"nobody can give you that", "I'm tired of him moving stuff around", "I slept through your texts",
		"I won't call or disturb you", "I'd rather not get a dog",
		"I was hoping not to have to send you this message", "do we need consent forms for the trip",
		"the rain will stop soon", "I told you it will stop by itself",
		"waiting for the rain to stop", "if not, text me", "get me to jump off the swing",
		"did you finish your homework",
	} {
		if in := classify(message); stops(in) || in.Kind == Preferences {
			t.Errorf("%q is %s (%s)", message, in.Kind, in.Why)
		}
	}
	for _, message := range []string{
		"please stop this service", "I'd like my contact info removed", "I would like my number taken off please",
		"can my name be removed from this",
		"my number should be deleted from your system",
	} {
		if in := classify(message); in.Kind != OptOut {
			t.Errorf("%q is %s (%s), want an opt-out", message, in.Kind, in.Why)
		}
	}
}

// Who ends something and says that our texts are welcome is asked what they mean; a STOP that is nothing but STOP is
// not asked about.
func TestWanted(t *testing.T) {
	for message, unclear := range map[string]bool{
		"Please stop the junk mail, texts are fine":  true,
		"Oops my kid sent you stop, ignore that":     true,
		"Take me off the list? No, keep them coming": true,
		"stop texting me about the loan":             false,
		"STOP. Texts are fine with me otherwise":     false,
		"your texts are fine but stop texting me":    false,
		"I'm not kidding, take me off your list":     false,
	} {
		in := classify(message)
		if in.Unclear != unclear || (in.Kind == OptOut) == unclear {
			t.Errorf("%q is %s (%s), unclear %v, want unclear %v", message, in.Kind, in.Why, in.Unclear, unclear)
		}
	}
}

func TestOtherKindsOfMessage(t *testing.T) {
	for kind, messages := range map[Kind][]string{
		Help: {
			"help!", "Help?", "help me", "please help me", "HELP HELP", "help 😊", "h e l p", "I need help", "hlep",
			"hilfe bitte", "ayúdenme",
			"I need some help", "how do I get help", "can someone help me", "SUPPORT", "could you help me please",
		},
		WrongNumber: {
			"wrong number", "Wrong number, stop texting", "you have the wrong person", "this isn't Maria",
			"THIS IS NOT MARIA", "I'm not John", "who is this? this is not Bob's phone",
			"I'm the new owner of this number", "There is no Keisha at this number", "se equivocó de número",
			"no soy Carlos", "mauvais numéro", "je ne suis pas Sophie",
			"falsche Nummer", "ich bin nicht Thomas", "numero sbagliato", "verkeerd nummer", "fel nummer",
			"番号が間違っています", "she moved away years ago, this is my phone now", "this number belongs to me now",
		},
		Preferences: {
			"prefs", "Preferences please", "SETTINGS", "too many texts, maybe one a week?", "text me less",
			"please send them in Spanish",
		},
		Other: {
			"", " ", "\n", "!!!", "?", "'", "12345", "🎉", "please", "thank you", "ok", "who is this?",
			"help join", "start help", "can you help with my order", "helpful",
			"wrong number of items", "is this the wrong number to call for returns?", "I'm not sure",
			"I'm not Maria's mom, I'm her aunt", "👎",
		},
	} {
		for _, message := range messages {
			if in := classify(message); in.Kind != kind {
				t.Errorf("%q is %s (%s), want %s", message, in.Kind, in.Why, kind)
			}
		}
	}
}

// STOP beside any other keyword is STOP; two others cancel each other out.
func TestTwoMeanings(t *testing.T) {
	for _, message := range []string{
		"yes stop", "STOP YES", "Stop help", "start stop", "JOIN? STOP", "🛑 yes", "join\nstop", "stop thank you yes",
		"yes, don't text me",
	} {
		if in := classify(message); in.Kind != OptOut {
			t.Errorf("%q is %s (%s), want an opt-out", message, in.Kind, in.Why)
		}
	}
	for _, message := range []string{"yes help", "yes start", "help start", "yes no", "help\nyes", "prefs help"} {
		if in := classify(message); in.Kind != Other {
			t.Errorf("%q is %s (%s), want other", message, in.Kind, in.Why)
		}
	}
}

// Why names the rule, and whether a clarification would help is told only of what was not understood.
func TestWhy(t *testing.T) {
	for message, want := range map[string]Intent{
		"Stop, please":                         {Kind: OptOut, Why: `keyword "stop"`, Confidence: certain},
		"STOOOP":                               {Kind: OptOut, Why: `keyword "stop"`, Confidence: guessed},
		"STPO":                                 {Kind: OptOut, Why: `keyword "stpo"`, Confidence: certain, Language: "en"},
		"srop":                                 {Kind: OptOut, Why: `typo of "stop"`, Confidence: guessed},
		"Baja por favor":                       {Kind: OptOut, Why: `keyword "baja"`, Confidence: certain, Language: "es"},
		"stop texting me Bob":                  {Kind: OptOut, Why: "phrase: stop texting me", Confidence: likely, Language: "en"},
		"dejen de escribirme ya":               {Kind: OptOut, Why: "phrase: deje de mandar", Confidence: likely, Language: "es"},
		"can I stop by at 5":                   {Kind: Other, Why: "innocent: stop by", Confidence: likely, Language: "en"},
		"please don't stop":                    {Kind: Other, Why: "innocent: don't stop", Confidence: likely, Language: "en"},
		"":                                     {Kind: Other, Why: "empty", Confidence: certain, Wordless: true},
		"what time do you open":                {Kind: Other, Why: "no rule", Confidence: blank},
		"who is this":                          {Kind: Other, Why: "question: who is this", Confidence: likely, Language: "en"},
		"Loved “STOP to end”":                  {Kind: Other, Why: "reaction to a text of ours", Confidence: likely, Wordless: true},
		"my stop watches went in the blue bin": {Kind: Other, Why: "innocent: a stop", Confidence: likely, Language: "en"},
	} {
		if in := classify(message); in != want {
			t.Errorf("%q is %+v, want %+v", message, in, want)
		}
	}
	for message, want := range map[string]bool{
		"I need the stop thing you showed Bob yesterday": true, "can i cancel": true, "omg stop 😂 so cute": true,
		"can I stop by": false, "What time do you open?": false, "cancel my order": false, "end of the week": false, "STOP": false,
	} {
		if in := classify(message); in.Unclear != want {
			t.Errorf("%q is %+v, want unclear %v", message, in, want)
		}
	}
}

func TestALongMessageIsCut(t *testing.T) {
	for _, c := range []struct {
		name string
		body string
		want Kind
	}{
		{"stops", "stop " + strings.Repeat("please ", 1000), OptOut},
		{"stops in the middle of a word", strings.Repeat("stop ", 399) + "stopping and more", OptOut},
		{"stops, not ASCII", "🛑 " + strings.Repeat("plz ", 1000), OptOut},
		{"does not start", "start " + strings.Repeat("please ", 1000), Other},
		{"what is cut is not read", strings.Repeat("x ", MaxRunes) + "stop texting me", Other},
		{"one endless word", strings.Repeat("stop", 100_000), Other},
		{"one endless word, not ASCII", strings.Repeat("é", 100_000), Other},
	} {
		if in := classify(c.body); in.Kind != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, in.Kind, in.Why, c.want)
		}
	}
}

func TestReserved(t *testing.T) {
	for _, word := range []string{
		"", " ", "STOP", "stop", "Yes", "Y", "HELP", "info", "AIDE", "START", "UNSTOP", "TD", "🛑", "please", "Thanks",
		"ARRÊT", "ＳＴＯＰ", "SI", "OUI", "ALTO", "BAJA",
		"NO", "no", "OK", "DONT", "NOT", "WRONG", "CANCEL", "REVOKE", "UNSUB", "PREFS", "ST0P", "5TOP", "SOTP",
		"UNSUBSCRIB", "STOOOP",
		"JOIN NOW", "JOIN-US", " JOIN", "JOIN ", "A", "É", "12345", "STOPWATCH", "ENDURO", "helpers",
		strings.Repeat("J", 31), "!!!", "A'00", "½", "J\xff",
	} {
		if !Reserved(word) {
			t.Errorf("Reserved(%q) = false, want true", word)
		}
	}
	for _, word := range []string{
		"JOIN", "Deals", "ÉTÉ", "ALERTS", "NOW", "VIP2026", "24K", "YESTERYEAR", "参加する", "SHOP", "SALE",
		strings.Repeat("J", 30),
	} {
		if Reserved(word) {
			t.Errorf("Reserved(%q) = true, want false", word)
		}
		v := Vocabulary{Topics: []Topic{{ID: "t", Keyword: word}}}
		if in := v.Classify(word); in.Kind != OptIn || in.Topic != "t" {
			t.Errorf("%q with that topic is %+v: an unreserved keyword must work", word, in)
		}
		if in := v.Classify("stop " + word); in.Kind != OptOut {
			t.Errorf("%q is %+v: STOP wins over every topic keyword", "stop "+word, in)
		}
	}
}

func TestClassifyDoesNotAllocateForASCII(t *testing.T) {
	v := Vocabulary{Topics: topics()[:2]}
	for _, body := range []string{
		"STOP", "Yes please", "s t o p", "join", "Stop texting me 12345. Thank you!",
		"what time do you open on Sunday?", strings.Repeat("a", 1600),
		"Who is this? You have the wrong number", "can you stop by our shop", "thank you, no more texts",
		"unsubscirbe", "St0p", "pleasestop",
	} {
		// The pool forgets rooms when it likes, above all under the race detector.
		room := new(text)
		if n := testing.AllocsPerRun(100, func() { room.classify(v, body) }); n != 0 {
			t.Errorf("%.40q: %v allocations, want none", body, n)
		}
	}
}
