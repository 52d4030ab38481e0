package message

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smsconsent"
	"smsconsent/shared/phone"
	"smsconsent/shared/program"
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

// The examples of the practices "Obtain permission", "Audit your customer lists" and "Respond appropriately", letter by letter, and the
// welcome, which has none.
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
		AnswerStop:      "STOP: You're unsubscribed from Example Corp. alerts. No more messages will be sent. Reply HELP, email help@example.com, or call XXX-555-0199 for more info.",
		AnswerWelcome:   "You're subscribed to Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe.",
	} {
		for _, topics := range [][]string{nil, {"alerts"}} {
			got := Compose(b, p, answer, topics)
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
	if got := Compose(b, p, "unheard-of", nil); got != "" {
		t.Errorf("an answer that is none of ours reads %q", got)
	}
}

func TestCompose(t *testing.T) {
	month, week := program.Frequency{Count: 2, Period: program.Month}, program.Frequency{Count: 1, Period: program.Week}
	help := func(t program.Topic) program.Topic { t.HelpEmail = "help@example.com"; return t }
	for _, c := range []struct {
		name   string
		brand  string
		topics []program.Topic
		answer Answer
		about  []string
		want   string
	}{
		{
			"no promise", "Example Cafe",
			[]program.Topic{{Name: "orders"}},
			AskConfirmation, nil,
			"Text YES to join Example Cafe orders. Msg frequency varies. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		},
		{
			"no contacts", "Example Cafe",
			[]program.Topic{{Name: "orders"}},
			AnswerHelp, nil,
			"HELP: Example Cafe orders. Msg frequency varies. Msg & data rates may apply. Reply STOP to cancel.",
		},
		{
			"no contacts, stop", "Example Cafe",
			[]program.Topic{{Name: "orders"}},
			AnswerStop, nil,
			"STOP: You're unsubscribed from Example Cafe orders. No more messages will be sent. Reply HELP for more info.",
		},
		{
			"only e-mail", "Example Cafe",
			[]program.Topic{help(program.Topic{Name: "orders"})},
			AnswerStop, nil,
			"STOP: You're unsubscribed from Example Cafe orders. No more messages will be sent. Reply HELP or email help@example.com for more info.",
		},
		{
			"only phone", "Example Cafe",
			[]program.Topic{{Name: "news", Frequency: week, HelpPhone: "XXX-555-0199"}},
			AnswerHelp, nil,
			"HELP: Example Cafe news: call XXX-555-0199. 1 msg/week. Msg & data rates may apply. Reply STOP to cancel.",
		},
		{
			"two topics, one promise", "Example Corp.",
			[]program.Topic{{Name: "alerts", Frequency: month}, {Name: "news", Frequency: month}},
			AskConfirmation, nil,
			"Text YES to join Example Corp. alerts and news. 2 msgs/month each. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		},
		{
			"three topics, three promises", "Example Corp.",
			[]program.Topic{{Name: "alerts", Frequency: month}, {Name: "news", Frequency: week}, {Name: "tips"}},
			AnswerWelcome, nil,
			"You're subscribed to Example Corp. alerts, news and tips. alerts 2 msgs/month, news 1 msg/week, tips varies. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe.",
		},
		{
			"one of two topics", "Example Corp.",
			[]program.Topic{{Name: "alerts", Frequency: month}, {Name: "news", Frequency: week}},
			AskConfirmation,
			[]string{"t1"},
			"Text YES to join Example Corp. news. 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		},
		{
			"a name with a full stop", "Example",
			[]program.Topic{{Name: "news of St."}},
			RemindOfTopics, nil,
			"You're subscribed to Example news of St. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe.",
		},
		{
			"a topic that is gone is not replaced by others", "Example Corp.",
			[]program.Topic{{Name: "alerts", Frequency: month}},
			AnswerStop,
			[]string{"gone"},
			"STOP: You're unsubscribed from Example Corp. No more messages will be sent. Reply HELP for more info.",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, p := brandOf(c.brand, c.topics...)
			if got := Compose(b, p, c.answer, c.about); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// 47 CFR 64.1200(a)(10): a STOP that reaches everything is answered as one that does.
func TestStopToEverything(t *testing.T) {
	b := exampleCorp(t)
	p, _ := b.Program("alerts")
	want := "STOP: You're unsubscribed from all Example Corp. messages. No more messages will be sent. Reply HELP, email help@example.com, or call XXX-555-0199 for more info."
	for _, left := range [][]string{{"alerts", "orders"}, {"orders"}} {
		if got := Compose(b, p, AnswerStop, left); got != want {
			t.Errorf("STOP that ended %v:\n got %s\nwant %s", left, got, want)
		}
	}
}

// Whatever programs.yaml loads, each text of ours is one AWS takes, reads as sentences, and tells how to stop.
func TestComposedTextsAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var file strings.Builder
		name := func(label string, most int) string {
			return rapid.StringMatching(fmt.Sprintf(`[A-Za-zé][A-Za-z.'é]{0,%d}`, most-1)).Draw(t, label)
		}
		fmt.Fprintf(&file, "brands:\n  - id: b\n    name: %q\n    region: US\n    programs:\n      - id: p\n        class: transactional\n"+
			"        identity: {short_code: 12345}\n        opt_out_list: l\n        topics:\n", name("brand", 60))
		help := rapid.SampledFrom([]string{"{phone: " + strings.Repeat("5", 30) + "}", "{email: " + strings.Repeat("e", 64) + "@" + strings.Repeat("m", 31) + ".com}"}).Draw(t, "help")
		for i := range rapid.IntRange(1, 10).Draw(t, "topics") {
			fmt.Fprintf(&file, "          - {id: t%d, name: %q, help: %s", i, name("topic", 40), help)
			if n := rapid.IntRange(0, 100).Draw(t, "count"); n > 0 {
				fmt.Fprintf(&file, ", frequency: %d per month", n)
			}
			file.WriteString("}\n")
		}
		c, err := program.Load([]byte(file.String()))
		if err != nil {
			t.Fatalf("%v\n%s", err, &file)
		}
		b := &c.Brands[0]
		for _, a := range []Answer{AskConfirmation, AnswerWelcome, AnswerHelp, AnswerStop, RemindOfTopics} {
			text := Compose(b, &b.Programs[0], a, nil)
			if n := characters(text); n == 0 || n > MaxCharacters {
				t.Fatalf("%s has %d characters: %s", a, n, text)
			}
			if strings.ContainsAny(text, "\n\t’") || strings.Contains(text, "  ") || strings.Contains(text, ". .") || !strings.HasSuffix(text, ".") {
				t.Fatalf("%s does not read as sentences: %s", a, text)
			}
			if a != AnswerStop && !HasOptOut(text) {
				t.Fatalf("%s does not say how to opt out: %s", a, text)
			}
		}
	})
}

// The longest file that loads makes the longest texts.
func TestTheLongestNamesFit(t *testing.T) {
	topics := make([]program.Topic, 10)
	for i := range topics {
		topics[i] = program.Topic{
			Name: strings.Repeat("x", 40), Frequency: program.Frequency{Count: 100 - i, Period: program.Month},
			HelpEmail: strings.Repeat("e", 100), HelpPhone: strings.Repeat("5", 30),
		}
	}
	b, p := brandOf(strings.Repeat("B", 60), topics...)
	for _, a := range []Answer{AskConfirmation, AnswerWelcome, AnswerHelp, AnswerStop, RemindOfTopics} {
		if n := characters(Compose(b, p, a, nil)); n > MaxCharacters {
			t.Errorf("%s has %d characters, AWS takes %d", a, n, MaxCharacters)
		}
	}
}

// CTIA and 47 CFR 64.1200(f)(9): what a call to action must say.
func TestDisclosure(t *testing.T) {
	b := exampleCorp(t)
	got, version := Disclosure(b, []string{"alerts"})
	want := "By signing up, you agree to get texts from Example Corp. on the phone number you give: " +
		"alerts (recurring automated marketing texts, 2 msgs/month, from +12065550100). " +
		"First we send one text; unless you answer it with YES, no other follows. Consent is not a condition of any purchase. " +
		"Msg & data rates may apply. Reply HELP for help, STOP to cancel. Terms: https://example.com/terms Privacy: https://example.com/privacy"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if again, v := Disclosure(b, []string{"alerts"}); again != got || v != version {
		t.Error("the same topics are disclosed in two ways")
	}
	both, other := Disclosure(b, []string{"alerts", "orders"})
	if !strings.Contains(both, "from +12065550100); orders (automated service texts, msg frequency varies, from +12065550101). First") {
		t.Errorf("two topics: %s", both)
	}
	if version == other || len(version) != 11 {
		t.Errorf("versions %q and %q do not tell the texts apart", version, other)
	}

	pool, _ := brandOf("Example Cafe", program.Topic{Name: "news", Class: program.Promotional, Frequency: program.Frequency{Count: 1, Period: program.Day}})
	pool.Programs[0].Identity = program.Identity{Pool: "pool-1", Numbers: []phone.Number{"+12065550110", "+12065550111"}}
	if got, _ := Disclosure(pool, []string{"t0"}); !strings.Contains(got, "1 msg/day, from +12065550110 or +12065550111)") || !strings.HasSuffix(got, "STOP to cancel.") {
		t.Errorf("pool without terms: %s", got)
	}
}
