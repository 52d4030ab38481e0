package signup_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"smsconsent/shared/core/signup"
)

// The example people copy is a list that is good, and every column and field is explained.
func TestTheDocumentation(t *testing.T) {
	text, err := os.ReadFile("../../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```csv\n(.*?)```").FindSubmatch(text)
	if example == nil {
		t.Fatal("there is no example")
	}
	rows, problems, err := read(string(example[1]), terms(t))
	if err != nil || len(problems) != 0 || len(rows) != 3 || len(rows[0].Question.Attested.Missing()) != 0 {
		t.Errorf("%d rows, %v, %v", len(rows), problems, err)
	}
	for _, name := range signup.Columns() {
		if !regexp.MustCompile(`(?m)^\| [^|]*` + "`" + name + "`").Match(text) {
			t.Errorf("column %s is not explained", name)
		}
	}
	request := regexp.MustCompile(`(?s)-d '(\{.*?\})'`).FindSubmatch(text)
	if request == nil {
		t.Fatal("there is no example of a request")
	}
	r, err := signup.Decode(request[1])
	if err != nil {
		t.Fatal(err)
	}
	late := terms(t)
	q, err := r.Check(late.Catalog, late.Gate, late.Now.AddDate(0, 1, 0))
	if err != nil || len(q.Attested.Missing()) != 0 {
		t.Errorf("%v of %+v", err, q)
	}
	for _, status := range []signup.Status{signup.Asked, signup.Waiting, signup.Told, signup.Subscribed, signup.Stopped, signup.Limited, signup.Unconfirmed, signup.NotSent, signup.Later} {
		if !strings.Contains(string(text), "| `"+string(status)+"` |") {
			t.Errorf("status %s is not explained", status)
		}
	}
}
