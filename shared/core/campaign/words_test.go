package campaign_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

func TestWords(t *testing.T) {
	ana := map[string]string{"first_name": "Ana"}
	c := campaign.Campaign{Text: "Hi {first_name|there}!", Texts: map[string]string{"es": "¡Hola, {first_name|amigo}!"}}
	us, mexican := &program.Topic{Locale: "en-US"}, &program.Topic{Locale: "es-MX"}
	for _, tc := range []struct {
		topic  *program.Topic
		locale string
		values map[string]string
		want   string
	}{
		{us, "", ana, "Hi Ana!"},
		{us, "", nil, "Hi there!"},
		{us, "es-US", ana, "¡Hola, Ana!"},
		{us, "fr", ana, "Hi Ana!"},
		{mexican, "", nil, "¡Hola, amigo!"},
		{us, "", map[string]string{"first_name": "evil.com"}, "Hi there!"},
		{us, "", map[string]string{"first_name": "tel:+19005550100"}, "Hi there!"},
	} {
		if got := c.Words(tc.topic, tc.locale, tc.values); got != tc.want {
			t.Errorf("%q of %v: %q, want %q", tc.locale, tc.values, got, tc.want)
		}
	}
	together := campaign.Campaign{Text: "{first_name|Shop}/{city|here} closed."}
	if got := together.Words(us, "", map[string]string{"first_name": "A", "city": "/3232235777"}); got != "Shop/here closed." {
		t.Errorf("two values make a link: %q", got)
	}
	if !c.HasFields() || (&campaign.Campaign{Text: "Hi {link:https://a.example}"}).HasFields() {
		t.Error("nobody can tell which text has fields")
	}
}

// A transactional text can't be made an advertisement by what is known of a person, unless somebody answers for it.
func TestValuesDoNotAdvertise(t *testing.T) {
	orders := &program.Topic{Locale: "en-US", Class: program.Transactional}
	offer := map[string]string{"what": "50% OFF everything"}
	c := campaign.Campaign{Text: "Example Corp.: {what|news} for you."}
	if got := c.Words(orders, "", offer); got != "Example Corp.: news for you." {
		t.Errorf("%q", got)
	}
	order := map[string]string{"order": "1 - Rabatt 50 % auf alles, jetzt kaufen"}
	shipped := campaign.Campaign{Text: "Example Corp.: order {order|of yours} has shipped."}
	if got := shipped.Words(orders, "", order); got != "Example Corp.: order of yours has shipped." {
		t.Errorf("%q", got)
	}
	plain := map[string]string{"order": "4711"}
	if got := shipped.Words(orders, "", plain); got != "Example Corp.: order 4711 has shipped." {
		t.Errorf("%q", got)
	}
	alerts := &program.Topic{Locale: "en-US", Class: program.Promotional}
	if got := c.Words(alerts, "", offer); got != "Example Corp.: 50% OFF everything for you." {
		t.Errorf("an offer to who asked for offers: %q", got)
	}
	c.Vouched.NotMarketing = "Ana Perez"
	if got := c.Words(orders, "", offer); got != "Example Corp.: 50% OFF everything for you." {
		t.Errorf("vouched for: %q", got)
	}
}

// I3: whatever a campaign said to a person is among what it may have said, as long as the same is known of them.
func TestAllWordsHoldTheWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"Hi.", "Hi {a|you}.", "50% off {a|all}", "{b|x} {a|y}", "¡{a|tú}!"})
		c := campaign.Campaign{
			Text: text.Draw(t, "text"), Texts: rapid.MapOf(rapid.SampledFrom([]string{"es", "fr"}), text).Draw(t, "texts"),
			Vouched: message.Vouched{NotMarketing: rapid.SampledFrom([]string{"", "Ana"}).Draw(t, "vouched")},
		}
		values := rapid.MapOf(rapid.SampledFrom([]string{"a", "b"}), rapid.SampledFrom([]string{"Ana", "evil.com", "", "FREE"})).Draw(t, "values")
		topic := &program.Topic{
			Locale: rapid.SampledFrom([]string{"en", "es"}).Draw(t, "topic"),
			Class:  rapid.SampledFrom([]program.Class{program.Promotional, program.Transactional}).Draw(t, "class"),
		}
		said := c.Words(topic, rapid.SampledFrom([]string{"", "es-MX", "de"}).Draw(t, "locale"), values)
		if all := c.AllWords(values); !slices.Contains(all, said) {
			t.Fatalf("%q is none of %q", said, all)
		}
	})
}
