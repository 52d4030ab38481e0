package message

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smsconsent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
)

func exampleCorp(t testing.TB) *program.Brand {
	t.Helper()
	c, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	b, ok := c.Brand("example")
	if !ok {
		t.Fatal("programs.yaml has no brand example")
	}
	return b
}

// brandOf makes a brand with one program of these topics.
func brandOf(name string, topics ...program.Topic) (*program.Brand, *program.Program) {
	b := &program.Brand{ID: "b", Name: name, Programs: []program.Program{{ID: "p", Brand: "b", BrandName: name, Identity: program.Identity{ShortCode: "12345"}}}}
	for i, t := range topics {
		t.ID, t.Program = fmt.Sprintf("t%d", i), "p"
		b.Programs[0].Topics = append(b.Programs[0].Topics, t)
	}
	return b, &b.Programs[0]
}

// The examples of the practices "Obtain permission", "Audit your customer lists" and "Respond appropriately", letter by
// letter, and the welcome, which has none. Only the answer to STOP leaves out "Reply HELP": an hour later AWS refuses
// every text to the phone, and so the answer to HELP.
func TestComposeAsInThePractices(t *testing.T) {
	b := exampleCorp(t)
	p, ok := b.Program("alerts")
	if !ok {
		t.Fatal("no program alerts")
	}
	for answer, want := range map[Answer]string{
		AskConfirmation: "Text YES to join Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		RemindOfTopics:  "You're subscribed to Example Corp. alerts. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe.",
		AnswerHelp:      "HELP: Example Corp. alerts: email help@example.com or call XXX-555-0199. 2 msgs/month. Msg & data rates may apply. Reply STOP to cancel.",
		AnswerStop:      "STOP: You're unsubscribed from Example Corp. alerts. No more messages will be sent. For more info, email help@example.com or call XXX-555-0199.",
		AnswerWelcome:   "You're subscribed to Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe.",
	} {
		for _, topics := range [][]string{nil, {"alerts"}} {
			got := Compose(b, p, answer, topics, Wording{})
			if got != want {
				t.Errorf("%s:\n got %s\nwant %s", answer, got, want)
			}
		}
		if s := Segments(want); s.Encoding != GSM7 || s.Parts != 1 {
			t.Errorf("%s travels as %+v, want one part of GSM-7", answer, s)
		}
		if opt := HasOptOut(want); opt != (answer != AnswerStop) {
			t.Errorf("%s: HasOptOut is %t", answer, opt)
		}
	}
	if got := Compose(b, p, "unheard-of", nil, Wording{}); got != "" {
		t.Errorf("an answer that is none of ours reads %q", got)
	}
}

func TestCompose(t *testing.T) {
	month, week := program.Frequency{Count: 2, Period: program.Month}, program.Frequency{Count: 1, Period: program.Week}
	help := func(t program.Topic) program.Topic { t.HelpEmail = "help@example.com"; return t }
	es, fr := Wording{Language: "es-MX"}, Wording{Language: "fr"}
	for _, c := range []struct {
		name   string
		brand  string
		topics []program.Topic
		answer Answer
		about  []string
		words  Wording
		want   string
	}{
		{
			"no promise", "Example Cafe",
			[]program.Topic{{Name: "orders"}},
			AskConfirmation, nil,
			Wording{},
			"Text YES to join Example Cafe orders. Msg frequency varies. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		},
		{
			"no contacts, stop", "Example Cafe",
			[]program.Topic{{Name: "orders"}},
			AnswerStop, nil,
			Wording{},
			"STOP: You're unsubscribed from Example Cafe orders. No more messages will be sent.",
		},
		{
			"only e-mail", "Example Cafe",
			[]program.Topic{help(program.Topic{Name: "orders"})},
			AnswerStop, nil,
			Wording{},
			"STOP: You're unsubscribed from Example Cafe orders. No more messages will be sent. For more info, email help@example.com.",
		},
		{
			"only phone", "Example Cafe",
			[]program.Topic{{Name: "news", Frequency: week, HelpPhone: "XXX-555-0199"}},
			AnswerHelp, nil,
			Wording{},
			"HELP: Example Cafe news: call XXX-555-0199. 1 msg/week. Msg & data rates may apply. Reply STOP to cancel.",
		},
		{
			"help with a page", "Example Cafe",
			[]program.Topic{{Name: "news", Frequency: week, HelpPhone: "XXX-555-0199"}},
			AnswerHelp, nil,
			Wording{Link: "https://sms.example.com/p/1"},
			"HELP: Example Cafe news: call XXX-555-0199. 1 msg/week. Msg & data rates may apply. Reply STOP to cancel. Preferences: https://sms.example.com/p/1",
		},
		{
			"preferences", "Example Corp.",
			[]program.Topic{{Name: "news"}},
			AnswerPreferences, nil,
			Wording{Link: "https://sms.example.com/p/1"},
			"Example Corp.: choose at https://sms.example.com/p/1 what we text you; the link works for a day. Reply STOP to unsubscribe, HELP for help.",
		},
		{
			"preferences without a page", "Example Corp.",
			[]program.Topic{{Name: "news"}},
			AnswerPreferences, nil,
			Wording{},
			"Example Corp.: Reply STOP to unsubscribe, HELP for help.",
		},
		{
			"two topics, one promise", "Example Corp.",
			[]program.Topic{{Name: "alerts", Frequency: month}, {Name: "news", Frequency: month}},
			AskConfirmation, nil,
			Wording{},
			"Text YES to join Example Corp. alerts and news. 2 msgs/month each. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		},
		{
			"three topics, three promises", "Example Corp.",
			[]program.Topic{{Name: "alerts", Frequency: month}, {Name: "news", Frequency: week}, {Name: "tips"}},
			AnswerWelcome, nil,
			Wording{},
			"You're subscribed to Example Corp. alerts, news and tips. alerts 2 msgs/month, news 1 msg/week, tips varies. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe.",
		},
		{
			"one of two topics", "Example Corp.",
			[]program.Topic{{Name: "alerts", Frequency: month}, {Name: "news", Frequency: week}},
			AskConfirmation,
			[]string{"t1"},
			Wording{},
			"Text YES to join Example Corp. news. 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		},
		{
			"a name with a full stop", "Example",
			[]program.Topic{{Name: "news of St."}},
			RemindOfTopics, nil,
			Wording{},
			"You're subscribed to Example news of St. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe.",
		},
		{
			"a topic that is gone is not replaced by others", "Example Corp.",
			[]program.Topic{{Name: "alerts", Frequency: month}},
			AnswerStop,
			[]string{"gone"},
			Wording{},
			"STOP: You're unsubscribed from Example Corp. No more messages will be sent.",
		},
		{
			"nor by a space", "Example Corp.",
			[]program.Topic{{Name: "alerts", Frequency: month}},
			AnswerWelcome,
			[]string{"gone"},
			Wording{},
			"You're subscribed to Example Corp. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe.",
		},
		{
			"expired, by keyword", "Example Corp.",
			[]program.Topic{{Name: "alerts"}, {Name: "news", Keyword: "NEWS"}},
			AnswerExpired, nil,
			Wording{},
			"Your request to join Example Corp. alerts and news has expired. Text NEWS to ask again.",
		},
		{
			"expired, no keyword", "Example Corp.",
			[]program.Topic{{Name: "alerts"}},
			AnswerExpired, nil, es,
			"Tu solicitud para recibir Example Corp. alerts ha vencido. Responde START para hacerla de nuevo.",
		},
		{
			"Spanish lists", "Moda",
			[]program.Topic{{Name: "ofertas", Frequency: month, HelpEmail: "a@example.com", HelpPhone: "1"}, {Name: "tips"}, {Name: "ideas", Frequency: program.Frequency{Count: 1, Period: program.Day}}},
			AnswerHelp, nil, es,
			"AYUDA: Moda ofertas, tips e ideas: escribe a a@example.com o llama al 1. ofertas 2 msgs/mes, tips variable, ideas 1 msg/24 h. " +
				"Pueden aplicarse tarifas de msgs y datos. Responde STOP para cancelar.",
		},
		{
			"Spanish, two of one promise", "Moda",
			[]program.Topic{{Name: "agua", Frequency: month}, {Name: "hielo", Frequency: month}},
			AskConfirmation, nil, es,
			"Responde SI para recibir Moda agua y hielo. 2 msgs/mes cada uno. Pueden aplicarse tarifas de msgs y datos. Responde AYUDA para ayuda, STOP para cancelar.",
		},
		{
			"French lists", "Mode",
			[]program.Topic{{Name: "offres", Frequency: week, HelpEmail: "a@example.com", HelpPhone: "1"}, {Name: "astuces"}, {Name: "infos", Frequency: program.Frequency{Count: 3, Period: program.Year}}},
			AnswerHelp, nil, fr,
			"AIDE : Mode offres, astuces et infos : écrivez à a@example.com ou appelez le 1. offres 1 msg/semaine, astuces variable, infos 3 msgs/an. " +
				"Frais de msgs et données possibles. Répondez STOP pour annuler.",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, p := brandOf(c.brand, c.topics...)
			if got := Compose(b, p, c.answer, c.about, c.words); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// The person's language where there are texts in it, then that of the first topic, then English; the brand's own words
// before ours.
func TestLanguages(t *testing.T) {
	b, p := brandOf("Example Corp.", program.Topic{Name: "news", Locale: "fr-CA"}, program.Topic{Name: "alerts", Locale: "es"})
	b.Texts = map[string]wording.Language{
		"de": {Texts: map[wording.Text]string{wording.Expired: "Abgelaufen: {topics}.", wording.Notice: "STOP zum Abmelden."}, Words: map[wording.Word]string{wording.And: "und"}},
		"es": {Texts: map[wording.Text]string{wording.Expired: "Vencida: {topics}."}},
		"en": {Texts: map[wording.Text]string{wording.Clarify: "Pardon? {brand}."}},
	}
	const french = "Votre demande pour Example Corp. news et alerts a expiré. Répondez START pour la renouveler."
	for _, c := range []struct {
		language string
		answer   Answer
		topics   []string
		want     string
	}{
		{"de-AT", AnswerExpired, nil, "Abgelaufen: Example Corp. news und alerts."},
		{"de", AnswerClarify, nil, "Pardon? Example Corp."},
		{"de", RemindOfTopics, nil, "You're subscribed to Example Corp. news and alerts. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe."},
		{"ES-mx", AnswerExpired, nil, "Vencida: Example Corp. news y alerts."},
		{"es", AnswerPreferences, nil, "Example Corp.: Responde STOP para cancelar, AYUDA para ayuda."},
		{"es-419", AnswerExpired, []string{"t1"}, "Vencida: Example Corp. alerts."},
		{"fr", AnswerExpired, nil, french},
		{"", AnswerExpired, nil, french},
		{"", AnswerExpired, []string{"t1"}, "Vencida: Example Corp. alerts."},
		{"it-IT", AnswerExpired, nil, french},
		{"-", AnswerExpired, nil, french},
		{"", AnswerExpired, []string{"gone"}, "Your request to join Example Corp. has expired. Text START to ask again."},
	} {
		if got := Compose(b, p, c.answer, c.topics, Wording{Language: c.language}); got != c.want {
			t.Errorf("%s in %q about %v:\n got %s\nwant %s", c.answer, c.language, c.topics, got, c.want)
		}
	}
	if diff := cmp.Diff([]string{"de", "en", "es", "fr"}, Languages(b)); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
	for language, want := range map[string]string{
		"de": " STOP zum Abmelden.", "es-ES": " Responde STOP para cancelar.", "fr": " Répondez STOP pour vous désabonner.",
		"": " Reply STOP to unsubscribe.", "it": " Reply STOP to unsubscribe.",
	} {
		if got := OptOutNotice(b, language); got != want {
			t.Errorf("notice in %q is %q, want %q", language, got, want)
		}
	}
}

// 47 CFR 64.1200(a)(10): a STOP that reaches everything is answered as one that does.
func TestStopToEverything(t *testing.T) {
	b := exampleCorp(t)
	p, _ := b.Program("alerts")
	want := "STOP: You're unsubscribed from all Example Corp. messages. No more messages will be sent. For more info, email help@example.com or call XXX-555-0199."
	for _, left := range [][]string{{"alerts", "orders"}, {"orders"}} {
		if got := Compose(b, p, AnswerStop, left, Wording{Everything: true}); got != want {
			t.Errorf("STOP that ended %v:\n got %s\nwant %s", left, got, want)
		}
	}
}

// The longest file that loads makes the longest texts.
func TestTheLongestNamesFit(t *testing.T) {
	topics := make([]program.Topic, 10)
	for i := range topics {
		topics[i] = program.Topic{
			Name: strings.Repeat("x", 40), Frequency: program.Frequency{Count: 100 - i, Period: program.Week},
			HelpEmail: strings.Repeat("e", 100), HelpPhone: strings.Repeat("5", 30), Keyword: strings.Repeat("K", 30),
		}
	}
	b, p := brandOf(strings.Repeat("B", 60), topics...)
	for _, language := range Languages(b) {
		for _, a := range Answers() {
			if n := wording.Characters(Compose(b, p, a, nil, Wording{Language: language, Link: strings.Repeat("l", 200)})); n > wording.MaxCharacters {
				t.Errorf("%s in %s has %d characters, AWS takes %d", a, language, n, wording.MaxCharacters)
			}
		}
	}
}

// CTIA and 47 CFR 64.1200(f)(9): what a call to action must say.
func TestDisclosure(t *testing.T) {
	b := exampleCorp(t)
	got, version := Disclosure(b, []string{"alerts"}, "en")
	want := "By signing up, you agree to get texts from Example Corp. on the phone number you give: " +
		"alerts (recurring automated marketing texts, 2 msgs/month, from +12065550100). " +
		"First we send one text; unless you answer it with YES, no other follows. Consent is not a condition of any purchase. " +
		"Msg & data rates may apply. Reply HELP for help, STOP to cancel. Terms: https://example.com/terms Privacy: https://example.com/privacy"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if again, v := Disclosure(b, []string{"alerts"}, "en"); again != got || v != version {
		t.Error("the same topics are disclosed in two ways")
	}
	both, other := Disclosure(b, []string{"alerts", "orders"}, "en")
	if !strings.Contains(both, "from +12065550100); orders (automated service texts, msg frequency varies, from +12065550101). First") {
		t.Errorf("two topics: %s", both)
	}
	if version == other || len(version) != 11 {
		t.Errorf("versions %q and %q do not tell the texts apart", version, other)
	}

	pool, _ := brandOf("Example Cafe", program.Topic{Name: "news", Class: program.Promotional, Frequency: program.Frequency{Count: 1, Period: program.Day}})
	pool.Programs[0].Identity = program.Identity{Pool: "pool-1", Numbers: []phone.Number{"+12065550110", "+12065550111"}}
	if got, _ := Disclosure(pool, []string{"t0"}, ""); !strings.Contains(got, "1 msg/day, from +12065550110 or +12065550111)") || !strings.HasSuffix(got, "STOP to cancel.") {
		t.Errorf("pool without terms: %s", got)
	}
}
