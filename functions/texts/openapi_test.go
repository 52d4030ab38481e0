package texts_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smsconsent/functions/texts"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/testkit/schema"
)

// Each answer that docs/openapi.yaml tells of is given, and is as it says.
func TestEachDocumentedAnswerIsGiven(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.api = &schema.API{}
	m := w.may(whether(her))
	ask := func(method, path, body string, codes ...int) {
		t.Helper()
		for _, code := range codes {
			kind, as := "application/json", shop
			switch code {
			case http.StatusForbidden:
				as = ""
			case http.StatusUnsupportedMediaType:
				kind = "text/plain"
			case http.StatusRequestEntityTooLarge:
				body = strings.Repeat(" ", 16<<10) + body
			case http.StatusBadRequest:
				body = strings.Replace(body, "example", "nobody", 1)
			case http.StatusServiceUnavailable:
				broken := errors.New("broken")
				w.Table.Unreadable = map[string]error{"Contacts": broken, "ContactAndDeferred": broken}
			}
			if got, said := w.callAs(kind, method, path, "", body, as); got != code {
				t.Errorf("%s %s: %d %s, want %d", method, path, got, said, code)
			}
			w.Table.Unreadable = nil
		}
	}
	for path, what := range map[string]body{"/texts": shipped(), "/may": whether(her).With("explain", true).With("text", openToday)} {
		ask(http.MethodPost, path, what.String(), 200)
		for _, code := range []int{400, 403, 413, 415, 503} {
			ask(http.MethodPost, path, what.String(), code)
		}
	}
	w.may(whether(her).With("phone", nil).With("phones", []string{string(her), "none"}))
	w.call(http.MethodGet, "/may/"+m.Decision, "phone=%2B12065550142", "", shop)
	w.call(http.MethodGet, "/may/"+m.Decision, "phone=her", "", shop)
	ask(http.MethodGet, "/may/"+m.Decision, "", 403)
	ask(http.MethodGet, "/may/none", "", 404)
	w.GoTo(tonight)
	w.post(news())
	ask(http.MethodDelete, "/texts/news-1", "", 503, 403, 200)
	ask(http.MethodDelete, "/texts/news-2", "", 404)
	ask(http.MethodDelete, "/texts/no,ID", "", 400)
	w.call(http.MethodDelete, "/texts/order-4711", "brand=example&phone=%2B12065550142", "", shop)
	for _, path := range []string{"/texts", "/texts/{id}", "/may", "/may/{decision}"} {
		if unmet := w.api.Unmet(t, path); len(unmet) > 0 {
			t.Errorf("nobody is answered %q", unmet)
		}
	}
}

// What is documented of an answer is what there is, and a request's fields are those that are read.
func TestTheDocumentedFieldsAreThose(t *testing.T) {
	for name, answer := range map[string]any{
		"TextAnswer": texts.Answer{}, "MayAnswer": texts.May{}, "Decision": texts.Decided{}, "Problem": message.Problem{}, "RuleAnswer": gate.Line{},
	} {
		var fields []string
		for f := range reflect.TypeOf(answer).Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" {
				fields = append(fields, name)
			}
		}
		slices.Sort(fields)
		if diff := cmp.Diff(fields, api.Fields(t, name)); diff != "" {
			t.Errorf("%s (-there +documented):\n%s", name, diff)
		}
	}
	w := newWorld(t, stores.Memory(t))
	for path, documented := range map[string][]string{"/texts": schema.Fields(t, "send.json"), "/may": api.Fields(t, "MayRequest")} {
		_, said := w.call(http.MethodPost, path, "", `{"surplus":1}`, shop)
		_, list, _ := strings.Cut(strings.TrimSuffix(said, `"}}`), "there are ")
		read := strings.Split(list, ", ")
		slices.Sort(read)
		if diff := cmp.Diff(read, documented); diff != "" {
			t.Errorf("%s (-read +documented):\n%s", path, diff)
		}
	}
}

// What the schema of a text describes is what is taken, by each way it may come.
func TestTheSchemaIsOfWhatIsTaken(t *testing.T) {
	whole := shipped().With("expires", "2026-12-02T20:00:00Z").With("content", "c").With("fields", map[string]string{}).With("surplus", 1)
	template := shipped().With("text", nil).With("template", "shipped").With("fields", map[string]string{"order": "4711"})
	for field, value := range whole.With("template", "shipped") {
		for variant, what := range map[string]body{
			"without": shipped().With(field, nil), "with": shipped().With(field, value), "another": shipped().With(field, 7),
			"empty": shipped().With(field, ""), "template": template.With(field, nil),
		} {
			w := newWorld(t, stores.Memory(t))
			code, said := w.call(http.MethodPost, "/texts", "", what.String(), shop)
			err := schema.Check(t, "send.json", []byte(what.String()))
			unfilled := err == nil && strings.Contains(said, `"fields.`) // what a template needs no schema knows
			if (code == http.StatusOK) != (err == nil) && !unfilled {
				t.Errorf("%s %s: %d %s, the schema says %v", variant, field, code, said, err)
			}
		}
	}
	raw, err := os.ReadFile("../../events/texts-event.json")
	if err != nil {
		t.Fatal(err)
	}
	var sample struct{ Detail json.RawMessage }
	if err := json.Unmarshal(raw, &sample); err != nil {
		t.Fatal(err)
	}
	if err := schema.Check(t, "send.json", sample.Detail); err != nil {
		t.Errorf("the sample event: %v", err)
	}
}
