package operator

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"smsconsent/local/conversation"
)

// The demonstration shows what the stack answered, by day and by night.
func TestDemo(t *testing.T) {
	for name, at := range map[string]time.Time{"by day": tuesday, "by night": tuesday.Add(15 * time.Hour)} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.goTo(at)
			out, _ := execute(t, 0, "demo", "--url", w.url)
			rows := strings.Split(out, "\n")
			for _, c := range conversation.All() {
				row := ""
				for _, r := range rows {
					if strings.Contains(r, c.Phone) {
						row = r
					}
				}
				var talk []struct{ Direction, Body string }
				w.call(http.MethodGet, "/handsets/"+c.Phone, nil, &talk)
				back := nothing
				if last := talk[len(talk)-1]; last.Direction == "in" {
					back = last.Body
				}
				if !strings.Contains(row, c.Case) || !strings.Contains(row, cutTo(back, 60)) {
					t.Errorf("%s, answered %q at last, is listed as %s", c.Case, back, row)
				}
			}
			_, says := execute(t, exitFailed, "demo", "--url", w.url)
			if !strings.Contains(says, "has had texts already") {
				t.Errorf("a second time it says %s", says)
			}
		})
	}
}

// A stack that answers otherwise is found out, and the answer it gave is shown.
func TestDemoOnAStackThatAnswersOtherwise(t *testing.T) {
	w := newWorld(t)
	const phone = "+12065550299"
	played := []conversation.Conversation{{Case: "means it", Phone: phone, Lines: []conversation.Line{
		{To: "+12065550100", Says: "HELP", Answer: "HELP: Another Corp."},
		{To: "+12065550100", Says: "HELP"},
		{To: "+12065550100", Says: "YES", Answer: "You're subscribed"},
		{To: "+12065550100", Says: "I'll stop by on Sunday"},
	}}}
	var out bytes.Buffer
	err := stage{w.url, http.DefaultClient}.play(t.Context(), &out, played)
	if err == nil {
		t.Fatal("it passed")
	}
	for _, want := range []string{
		phone + `: "HELP" was answered "HELP: Example Corp. alerts`, `", not "HELP: Another Corp."`, `", not (nothing)`,
		phone + `: "YES" was answered (nothing), not "You're subscribed"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("it does not say %s: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "Sunday") || !strings.Contains(out.String(), nothing) {
		t.Errorf("the last line was answered as it should: %v\n%s", err, &out)
	}
}

func TestDemoWithoutAStack(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	for url, want := range map[string]string{
		server.URL: "Start one with: make run", "localhost": "--url", "https://example.com": "--url",
	} {
		var out, complaints bytes.Buffer
		code := Run(t.Context(), []string{"demo", "--url", url}, &out, &complaints)
		if code == 0 || !strings.Contains(complaints.String(), want) {
			t.Errorf("%s: exit %d, %s", url, code, &complaints)
		}
	}
}
