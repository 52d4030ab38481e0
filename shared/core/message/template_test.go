package message

import (
	"strings"
	"testing"

	"smsconsent/shared/core/program"
)

func TestFromTemplate(t *testing.T) {
	topic := &program.Topic{ID: "orders", Locale: "en-US", Templates: map[string]program.Template{
		"shipped": {Text: "Order {order} has shipped, {first_name|friend}.", In: map[string]string{"es": "Pedido {order} enviado."}},
	}}
	for _, c := range []struct{ name, locale, want, says string }{
		{"shipped", "", "Order {order} has shipped, {first_name|friend}.", ""},
		{"shipped", "es-MX", "Pedido {order} enviado.", ""},
		{"shipped", "fr", "Order {order} has shipped, {first_name|friend}.", ""},
		{"lost", "", "", "template: there is no such template in programs.yaml; topic orders has shipped"},
	} {
		got, err := FromTemplate(topic, c.name, c.locale)
		if got != c.want || c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s in %q: %q, %v", c.name, c.locale, got, err)
		}
	}
	topic.Locale = "es"
	if got, _ := FromTemplate(topic, "shipped", ""); got != "Pedido {order} enviado." {
		t.Errorf("in the topic's language: %q", got)
	}
}
