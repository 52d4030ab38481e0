package keyword

import (
	"strings"
	"testing"
)

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
