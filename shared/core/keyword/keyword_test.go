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

func TestOptIn(t *testing.T) {
	for _, c := range []struct {
		message, topic string
		restart        bool
	}{
		{"START", "", true},
		{"unstop, thanks", "", true},
		{"Strat", "", false}, // a guess is no evidence
		{"s t a r t", "", false},
		{"subscribe", "", false},
		{"JOIN", "alerts", false}, // the keyword of a topic
		{"ＪＯＩＮ", "alerts", false},
		{"“join”!", "alerts", false},
		{"JOIN?", "alerts", false},
		{"JOIN DEALS", "deals", false},
		{"join daily deals please", "deals", false},
		{"deals", "deals", false},
		{"DEALS thanks", "deals", false},
		{"START DEALS", "deals", false},
		{"été", "summer", false},
		{"E\u0301TE\u0301", "summer", false},
		{"ete", "summer", false},
		{"JOIN RECALLS", "recalls", false},
	} {
		in := classify(c.message)
		if in.Kind != OptIn || in.Topic != c.topic || in.Restart != c.restart {
			t.Errorf("%q is %s of %q, restart %v (%s), want an opt-in of %q, restart %v", c.message, in.Kind, in.Topic, in.Restart, in.Why, c.topic, c.restart)
		}
	}
	if in := classifyIn("JOIN", nil); in.Kind != OptIn || in.Topic != "" {
		t.Errorf("JOIN without topics is %+v", in)
	}
	for _, message := range []string{
		"start?", "start now", "START 12345", "starting", "start over", "joint", "recalls", "daily deals",
		"deals recalls", "yes deals", "deals now", "join us",
		"start " + strings.Repeat("please ", 400), "START\nand tell me about the weather in Ohio",
	} {
		if in := classify(message); in.Kind == OptIn {
			t.Errorf("%q is an opt-in of %q: %s", message, in.Topic, in.Why)
		}
	}
}

// A YES is the evidence that keeps the next texts legal, so nothing that had to be guessed at is one.
func TestConfirm(t *testing.T) {
	for _, message := range []string{
		"YES", "y", "Yes.", "“YES”", "Yes please", "yes, thank you", "please yes", "ＹＥＳ", "y\u200bes", "YES 👍🏽",
		"YES YES", "Ok yes", "Yes\n\nSent from my iPhone",
		"Sí", "si", "sí gracias", "oui merci", "ja bitte", "sì", "sim", "kyllä", "tak", "ano", "ναι", "da", "igen",
		"はい", "نعم", "כן", "yes, I agree", "I confirm",
		"Yea", "Yes sign me up", "Yes. Please sign me up!", "Yes I do", "yes, please text me", "YES - Maria Lopez",
		"Yes, this is Maria", "yes it's me", "Yes, my name is Maria Lopez", "Yes of course",
		"Yes I want to receive messages",
		"yes, I would like to get your texts", "Yes you can text me", "Y E S", "y e s please",
	} {
		if in := classify(message); in.Kind != Confirm {
			t.Errorf("%q is %s (%s), want a confirmation", message, in.Kind, in.Why)
		}
	}
	for _, message := range []string{
		"yes?", "Y?", "y ？", "yes¿", "no yes", "y/n", "yes/no", "y.e.s.", "Y-E-S", "y e s s", "y e s t o p", "y\u0336e\u0336s\u0336", "yés",
		"ÿ", "yes 🙄", "yes 12345", "yess", "yse", "YЕS", "хy", "y3s", "sure", "👍",
		"yes but not before noon", "I said yes to the other one", "yes stop by our shop", "Reply YES to confirm",
		"Liked “Reply YES to confirm”", "Loved 'YES'",
		"yes but who is this", "yes stop", "yes no", "Yes, this is Crazy", "Yes, this is not Maria",
		"Yes sign him up", "yes I do not",
		"Yes please text me later", "yes text me the address", "yes I want a refund", "Maria Lopez",
		"Yes sir, that's my baby", "can yes",
		"yes I would like to know who this is", "año", "Sign me up? Yes or no", "Yes Maria?",
		"yes please stop texting me",
		"yes help", "yes start", "yes to all", "yes " + strings.Repeat("please ", 1000),
		"yes" + strings.Repeat(" ", MaxRunes), "yes " + strings.Repeat("👍", MaxRunes-4),
	} {
		if in := classify(message); in.Kind == Confirm {
			t.Errorf("%q is a confirmation: %s", message, in.Why)
		}
	}
}

// Whoever says yes and repeats what they agree to has said yes, in any language; another object, or one word more that
// could take it back, makes it none.
func TestYesAndAWish(t *testing.T) {
	for language, messages := range map[string][]string{
		"en": {
			"yes subscribe", "Yes, join me", "Yes please enroll me", "yes I confirm my subscription", "I accept, yes", "Confirmed, thank you",
			"definitely yes", "yes please and thank you", "YES to subscribe", "Yes, I'd be glad to get the alerts",
			"yep I want your updates", "yes that was me", "yes sure, sign me up", "Reply YES", "100% YES",
		},
		"es": {"sí, acepto la suscripción", "si quiero recibir sus mensajes"}, "fr": {"Oui, j'accepte l'inscription"},
		"de": {"Ja, ich bestätige die Anmeldung"}, "nl": {"Ja ik bevestig mijn aanmelding"}, "it": {"sì accetto l'iscrizione"},
		"pt": {"sim, confirmo a inscrição"}, "pl": {"tak, zgadzam się"}, "ru": {"да, хочу подписаться"},
		"uk": {"так, згоден"}, "tr": {"evet, aboneliği onaylıyorum"}, "ar": {"نعم، أوافق"}, "he": {"כן, אני מסכימה"},
		"hi": {"हाँ मैं सहमत हूँ"}, "bn": {"হ্যাঁ, আমি নিশ্চিত করছি"}, "ja": {"はい、同意します"}, "zh": {"是的,我同意"},
		"ko": {"네, 가입 신청합니다"}, "vi": {"vâng, tôi đồng ý"}, "th": {"ใช่ ยืนยัน"}, "id": {"ya, saya mau daftar"},
		"tl": {"opo, confirm po"}, "sv": {"ja, jag bekräftar"}, "da": {"ja jeg bekræfter"}, "no": {"ja, jeg bekrefter"},
		"fi": {"kyllä, vahvistan"}, "cs": {"ano, souhlasím"}, "el": {"ναι, συμφωνώ"}, "ro": {"da, confirm"}, "hu": {"igen, megerősítem"},
	} {
		for _, message := range messages {
			if in := (Vocabulary{Place: []string{language}}).Classify(message); in.Kind != Confirm {
				t.Errorf("%s: %q is %s (%s), want confirm", language, message, in.Kind, in.Why)
			}
		}
	}
	for language, messages := range map[string][]string{
		"en": {
			"yes I confirm my appointment", "yes subscribe my husband", "yes join us", "yes to cancel", "yes that was me?",
			"absolutely yes?", "reply yes?", "yes I agree to nothing", "sure yes whatever", "yes subscribe me?", "I confirm my order",
			"Yes that was me but not now", "yes please and stop", "yes I want the texts to end", "happy to get your updates",
		},
		"es": {"sí confirmo la cita", "sí no confirmo", "sí quiero recibir mi pedido"}, "fr": {"oui je confirme le rendez-vous", "oui je confirme pas"},
		"de": {"ja ich bestätige den Termin", "ja ich bestätige nicht"}, "nl": {"ja, ik bevestig de afspraak", "ja ik bevestig niet"},
		"it": {"sì confermo l'appuntamento", "sì non confermo"}, "pt": {"sim confirmo a consulta", "sim não confirmo"},
		"pl": {"tak nie potwierdzam"}, "ru": {"да не подтверждаю"}, "zh": {"是我不确认", "是我要取消订阅"}, "ja": {"はい、登録しません"},
		"hi": {"हाँ मैं पुष्टि नहीं करता"}, "ko": {"네, 동의 안 합니다"}, "tr": {"evet, onaylamıyorum"}, "vi": {"có, tôi không đồng ý"},
	} {
		for _, message := range messages {
			if in := (Vocabulary{Place: []string{language}}).Classify(message); in.Kind == Confirm {
				t.Errorf("%s: %q is a confirmation: %s", language, message, in.Why)
			}
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

// What is nearly yes confirms nothing, and is marked: whoever was asked must not be left in silence.
func TestNearlyYes(t *testing.T) {
	for _, message := range []string{
		"Yes?", "yes but who is this", "Y?", "yess", "Yess 👍", "yse", "yés", "y3s", "sure", "Sure, why not", "ok",
		"OK thanks", "👍", "fine", "sounds good",
		"yes to all", "yes 12345", "Yes, this is Crazy", "yes start", "yes 🙄", "I do", "Yes, and when do you open?",
		"yes " + strings.Repeat("please ", 20),
	} {
		if in := classify(message); in.Kind != Other || !in.Nearly || in.Unclear {
			t.Errorf("%q is %+v, want nearly yes", message, in)
		}
	}
	for _, message := range []string{
		"YES", "no", "no thanks", "yes no", "Reply YES to confirm", "what time do you open", "STOP", "yes stop",
		"I said yes to the other one", "yes please stop by",
		"👎", "help", "", "Liked “Reply YES to confirm”", "not sure", "are you sure", "ok so when do you open",
	} {
		if in := classify(message); in.Nearly {
			t.Errorf("%q is %+v, want it not nearly yes", message, in)
		}
	}
}

// No to a question is nothing but no and courtesy, in every language: whoever is misread loses what they asked for.
func TestDecline(t *testing.T) {
	for message, languages := range map[string][]string{
		"no": nil, "NO": nil, "No.": nil, "No!": nil, "No thanks": nil, "no, thank you": nil, "ok no": nil, "no no no": nil,
		"no 🙏": nil, "nope": nil, "nah": nil, "N": nil,
		"no gracias": {"es"}, "non merci": {"fr"}, "Nein danke": {"de"}, "nee bedankt": {"nl"},
		"no grazie": {"it"}, "não": {"pt"}, "nao obrigado": {"pt"}, "нет, спасибо": {"ru"}, "ні": {"uk"}, "いいえ": {"ja"},
		"不": {"zh"}, "不用了，谢谢": {"zh"}, "아니요": {"ko"}, "لا شكرا": {"ar"}, "לא תודה": {"he"}, "όχι": {"el"},
		"hayır": {"tr"}, "không": {"vi"}, "ไม่": {"th"}, "nie dziękuję": {"pl"}, "nej tak": {"da"},
		"nej tack": {"sv"}, "nei takk": {"no"}, "ei kiitos": {"fi"}, "nem köszönöm": {"hu"}, "tidak": {"id"},
		"hindi po": {"tl"}, "नहीं": {"hi"}, "না": {"bn"},
	} {
		for _, place := range [][]string{nil, languages} { // at home and in the United States
			if in := (Vocabulary{Place: place}).Classify(message); in.Kind != Decline || in.Confidence != certain {
				t.Errorf("%q from %v is %+v, want decline", message, place, in)
			}
		}
	}
	for language, message := range map[string]string{"cs": "ne", "ro": "nu"} { // something else in English
		if in := (Vocabulary{Place: []string{language}}).Classify(message); in.Kind != Decline {
			t.Errorf("%q is %+v in %s, want decline", message, in, language)
		}
	}
	for _, message := range []string{
		"no problem", "no worries", "no one told me", "no?", "no way", "not now", "noo", "nooo", "noe", "n0", "N O", "non stop",
		"no yes", "yes no", "no lol", "no, Maria", "no but thanks for asking", "no I want the other one", "no 👎", "nö?", "nò",
	} {
		if in := classify(message); in.Kind != Other {
			t.Errorf("%q is %s (%s), want other", message, in.Kind, in.Why)
		}
	}
	for message, kind := range map[string]Kind{
		"no stop": OptOut, "no more": OptOut, "no thanks stop": OptOut, "no please stop": OptOut, "no texts": OptOut, "不要": OptOut,
		"no wrong number": WrongNumber, "no help": Help,
	} {
		if in := classify(message); in.Kind != kind {
			t.Errorf("%q is %s (%s), want %s", message, in.Kind, in.Why, kind)
		}
	}
	for language, message := range map[string]string{"fi": "no", "pl": "no", "cs": "no", "nl": "nu"} { // well, yeah, now
		if in := (Vocabulary{Place: []string{language}}).Classify(message); in.Kind == Decline {
			t.Errorf("%q is %s in %s", message, in.Kind, language)
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

func TestOnlyTheLanguagesAskedForAreUnderstood(t *testing.T) {
	for _, c := range []struct {
		message   string
		languages []string
		want      Kind
	}{
		{"ALTO", nil, OptOut},
		{"ALTO", []string{"es"}, OptOut},
		{"ALTO", []string{"en", "es"}, OptOut},
		{"ALTO", []string{"en"}, Other},
		{"STOP", []string{"de"}, OptOut},
		{"stop texting me", []string{"es"}, Other},
		{"ja", []string{"en"}, Other},
		{"ja", []string{"en", "de"}, Confirm},
		{"STOP", []string{}, OptOut}, // the international words are always there
		{"STOP", []string{"xx"}, OptOut},
	} {
		if in := classifyIn(c.message, c.languages); in.Kind != c.want {
			t.Errorf("%q in %v is %s (%s), want %s", c.message, c.languages, in.Kind, in.Why, c.want)
		}
	}
}

// A word that is everyday talk where the person lives is not the keyword of a language spoken elsewhere, nor a slip
// of one.
func TestAnEverydayWordIsNoKeywordOfAnotherLanguage(t *testing.T) {
	for _, c := range []struct {
		message string
		place   []string
		want    Kind
	}{
		{"Fine", nil, Other},
		{"Ok fine", nil, Other},
		{"Fine. Do you remember me", nil, Other},
		{"Finish", nil, Other},
		{"Tire", nil, Other},
		{"Retire", nil, Other},
		{"Framed", nil, Other},
		{"Fine", []string{"it"}, OptOut},
		{"Fine", []string{"en", "it"}, Other}, // nobody can tell
		{"Termine", []string{"de"}, Other},
		{"Termine", []string{"es"}, OptOut},
		{"haut", []string{"de"}, Other},
		{"haut", []string{"fr"}, Other},
		{"seis", []string{"es"}, Other},
		{"año", nil, Other},
		{"año", []string{"es"}, Other},
		{"ano", []string{"cs"}, Confirm},
		{"ano", []string{"pt"}, Other},
		{"si", []string{"fr"}, Other},
		{"si", []string{"es"}, Confirm},
		{"fin", []string{"sv"}, Other},
		{"Fint", []string{"da"}, Other},
		{"fin", []string{"no"}, Other},
		{"fin", []string{"es"}, OptOut},
		{"ALTO", nil, OptOut}, // no everyday word of English
		{"ALTO", []string{"en", "es"}, OptOut},
		{"HUY", []string{"vi"}, OptOut},
		{"HUY", nil, Other}, // a name
		{"RET", []string{"tr"}, OptOut},
		{"có", nil, Confirm},
		{"co", []string{"vi"}, Other}, // no mark, no yes
		{"ya", nil, Other},
		{"ya", []string{"id"}, Confirm},
		{"STOP", []string{"th"}, OptOut},
		{"Stars", nil, Other},
		{"Tart", nil, Other},
		{"pasta", nil, Other},
		{"stip", []string{"nl"}, Other},
		{"stip", []string{"en"}, OptOut},
	} {
		if in := (Vocabulary{Place: c.place}).Classify(c.message); in.Kind != c.want {
			t.Errorf("%q in a place of %v is %s (%s), want %s", c.message, c.place, in.Kind, in.Why, c.want)
		}
	}
	if in := (Vocabulary{Place: []string{"en", "it"}}).Classify("Fine"); !in.Unclear {
		t.Errorf("Fine where both are spoken is %+v, want unclear", in)
	}
}

// I9: a robot that answers with our own words is not a person who asked for something.
func TestOurOwnTextsAreNoKeywords(t *testing.T) {
	for _, body := range []string{
		"Text YES to join Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		"You're subscribed to Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		"HELP: Example Corp. alerts: email help@example.com or call XXX-555-0199. 2 msgs/month. Msg & data rates may apply. Reply STOP to cancel.",
		"20% off today! Stop by our shop. Reply STOP to cancel.", "20% off today! Stop2End",
		"20% off today! STOP to end",
		"Sorry, we did not understand. Reply STOP to unsubscribe, HELP for help.",
	} {
		for _, body := range []string{body, "Liked “" + body + "”", "Loved \"" + body + "\"", "👍 to “" + body + "”"} {
			if in := classify(body); in.Kind != Other {
				t.Errorf("%q is %s (%s), want other", body, in.Kind, in.Why)
			}
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
