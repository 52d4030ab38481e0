package operator

import (
	"strings"
	"testing"
	"time"
)

// One text goes to one person, once by its ID; at night it waits and goes by itself; after STOP it is refused.
func TestText(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	type answer struct {
		Status, ID, Rule, Because, Citation, First, Message, Delivery string
		Until                                                         *time.Time
	}
	ask := func(more ...string) answer {
		t.Helper()
		out, _ := execute(t, 0, append([]string{"text", her, "--topic", "alerts", "--text", "Open today.", "--json"}, more...)...)
		return strictly[answer](t, out)
	}
	before := w.got(her, "")
	if a := ask("--id", "news-1"); a.Status != "sent" || a.ID != "news-1" {
		t.Errorf("answered %+v", a)
	}
	if a := ask("--id", "news-1"); a.Status != "duplicate" || a.First != "sent" {
		t.Errorf("asked again: %+v", a)
	}
	if n := w.got(her, "") - before; n != 1 {
		t.Errorf("%d texts came", n)
	}
	w.goTo(tuesday.Add(12 * time.Hour)) // 22:00 in Seattle
	if a := ask("--id", "news-2"); a.Status != "deferred" || a.Until == nil || a.Rule != "permitted-hours" {
		t.Errorf("at night: %+v", a)
	}
	w.goTo(tuesday.Add(24 * time.Hour))
	if n := w.got(her, "") - before; n != 2 {
		t.Errorf("%d texts came by the morning", n)
	}
	w.says(her, "STOP")
	if a := ask(); a.Status != "refused" || a.Rule != "opted-out" || a.Because == "" {
		t.Errorf("after STOP: %+v", a)
	}
	out, _ := execute(t, 0, "text", "(206) 555-0142", "--topic", "alerts", "--text", "Open today.")
	if !strings.HasPrefix(out, "refused, as ") || !strings.Contains(out, "By rule opted-out: ") {
		t.Errorf("for people: %s", out)
	}
}

func TestTextMistakes(t *testing.T) {
	newWorld(t)
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no phone":      {[]string{"text", "--topic", "alerts", "--text", "Hi."}, "PHONE is required"},
		"no topic":      {[]string{"text", her, "--text", "Hi."}, "--topic"},
		"no text":       {[]string{"text", her, "--topic", "alerts"}, "--text: "},
		"no such phone": {[]string{"text", "12", "--topic", "alerts", "--text", "Hi."}, "PHONE: "},
		"no value":      {[]string{"text", her, "--topic", "alerts", "--text", "Hi {first_name}."}, "--field first_name: is missing"},
		"no template":   {[]string{"text", her, "--topic", "alerts", "--template", "none"}, "--template: "},
		"sells":         {[]string{"text", her, "--topic", "orders", "--text", "FLASH SALE: 50% OFF!"}, "by name: --not-marketing --says NAME"},
		"no name":       {[]string{"text", her, "--topic", "orders", "--text", "Hi.", "--not-marketing"}, "--says: write"},
		"bad name":      {[]string{"text", her, "--topic", "orders", "--text", "Hi.", "--not-marketing", "--says", " "}, "--says: write the name"},
		"unfilled":      {[]string{"text", her, "--topic", "alerts", "--text", "Hi %NAME%."}, "--text: "},
		"past":          {[]string{"text", her, "--topic", "alerts", "--text", "Hi.", "--expires", "2020-01-01T00:00:00Z"}, "--expires: "},
	} {
		if _, stderr := execute(t, 2, c.args...); !strings.Contains(stderr, c.says) {
			t.Errorf("%s: %s", name, stderr)
		}
	}
}
