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
	fields := map[string]string{"order": "48213"}
	for _, c := range []struct{ name, locale, want, says string }{
		{"shipped", "", "Order 48213 has shipped, friend.", ""},
		{"shipped", "es-MX", "Pedido 48213 enviado.", ""},
		{"shipped", "fr", "Order 48213 has shipped, friend.", ""},
		{"lost", "", "", "template: there is no such template in programs.yaml; topic orders has shipped"},
	} {
		got, err := FromTemplate(topic, c.name, c.locale, fields)
		if got != c.want || c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s in %q: %q, %v", c.name, c.locale, got, err)
		}
	}
	if _, err := FromTemplate(topic, "shipped", "", nil); err == nil || !strings.Contains(err.Error(), "fields.order: is missing") {
		t.Errorf("without the order's number: %v", err)
	}
	topic.Locale = "es"
	if got, _ := FromTemplate(topic, "shipped", "", fields); got != "Pedido 48213 enviado." {
		t.Errorf("in the topic's language: %q", got)
	}
}
