package program

import (
	"reflect"
	"strings"
	"testing"
)

// withTemplates is a programs.yaml with one topic of each class.
func withTemplates(promotional, transactional string) string {
	const top = `brands:
  - id: example
    name: Example Corp.
    region: US
    programs:
`
	program := func(class, number, templates string) string {
		return "      - id: " + class + "\n        class: " + class + "\n        identity: {number: \"" + number + "\"}\n        opt_out_list: " + class +
			"\n        topics:\n          - id: " + class + "\n            name: news\n            frequency: 2 per month\n            help: {email: help@example.com}\n" + templates
	}
	return top + program("promotional", "+12065550100", promotional) + program("transactional", "+12065550101", transactional)
}

func TestTemplates(t *testing.T) {
	c, err := Load([]byte(withTemplates("", `            templates:
              shipped: "Your order #{order} of ${total} has shipped, {first_name|friend}."
              ready: {text: "Order {order} is ready.", es: "Su pedido {order} está listo."}
`)))
	if err != nil {
		t.Fatal(err)
	}
	_, topic, _ := c.Brands[0].Topic("transactional")
	want := map[string]Template{
		"shipped": {Text: "Your order #{order} of ${total} has shipped, {first_name|friend}."},
		"ready":   {Text: "Order {order} is ready.", In: map[string]string{"es": "Su pedido {order} está listo."}},
	}
	if !reflect.DeepEqual(topic.Templates, want) {
		t.Errorf("%v, want %v", topic.Templates, want)
	}
	for template, says := range map[string]string{
		`x: "FLASH SALE: 50% OFF everything!"`:                "makes it an advertisement",
		`x: "Hi {{first_name}}"`:                              "looks like a placeholder",
		`x: "Hi %name%"`:                                      "looks like a placeholder",
		`x: "Hi {first_name|}"`:                               "{first_name|there}",
		`x: "https://example.com/{order}"`:                    "part of a link",
		`x: "` + strings.Repeat("x", maxTemplateText+1) + `"`: "has 481 characters",
		`X: "Shipped."`:                                       "lower-case letters",
		`x: {es: "Enviado."}`:                                 "is missing",
		`x: {text: "Shipped.", xx: "?"}`:                      "is no language",
		`x: {text: "Shipped.", es: "{{a}}"}`:                  "looks like a placeholder",
		`x: `:                                                 "is empty",
	} {
		_, err := Load([]byte(withTemplates("", "            templates:\n              "+template+"\n")))
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "templates.") {
			t.Errorf("%s: %v, want %q", template, err, says)
		}
	}
	_, err = Load([]byte(withTemplates("            templates: {x: \"Shipped.\"}\n", "")))
	if err == nil || !strings.Contains(err.Error(), "only a transactional topic has templates") {
		t.Errorf("templates of a promotional topic: %v", err)
	}
}
